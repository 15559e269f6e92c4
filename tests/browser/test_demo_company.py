"""The demo company in a real browser: every page accessible in light, dark and on a phone; without JavaScript; by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from domain.contacts.models import COMPANY, PERSON, Contact
from domain.contacts.starting_salutations import create_salutations
from domain.demo.company import create_demo_company
from domain.demo.start import create_start_templates
from domain.interactions.models import InteractionLogEntry, LoggedSegment
from domain.segments.models import Segment, SegmentLine
from domain.setup.start import create_office
from tests.browser.conftest import Visit
from tests.factories.accounts import make_user_with_password
from tests.factories.setup import make_actor, make_salesperson

# rows half under the sticky head or the sticky line to add a contact: what shows of them is smaller than a target
HALF_COVERED = frozenset({"target-size"})


@pytest.fixture(scope="module")
def places(server):
    """The demo company, a user for each language, and the addresses of things in it."""
    with server.session() as session:
        create_office(session, name="Northline", currency="GBP", time_zone="Europe/London", by=make_actor())
        create_salutations(session, by=make_actor())
        create_start_templates(session, by=make_actor())
        create_demo_company(session, by=make_actor())
        helen = make_salesperson(session, "HRX", name="Helen Reed")
        for login, locale in (("helen", "en_GB"), ("sven", "sv_SE"), ("lucie", "fr_CH"), ("chloe", "fr_CA")):
            make_user_with_password(session, login, locale=locale, salesperson_id=helen.id)
        session.commit()
        open_segment = session.scalar(
            select(Segment.no)
            .join(SegmentLine, SegmentLine.segment_id == Segment.id)
            .where(Segment.logged_segment_id.is_(None))
            .limit(1)
        )
        return {
            "company": session.scalar(select(Contact.no).where(Contact.type == COMPANY).limit(1)),
            "person": session.scalar(select(Contact.no).where(Contact.type == PERSON).limit(1)),
            "segment": open_segment,
            "line": session.scalar(
                select(SegmentLine.line_no)
                .join(Segment)
                .where(Segment.no == open_segment, SegmentLine.removed_step_id.is_(None))
                .limit(1)
            ),
            "logged": session.scalar(select(LoggedSegment.segment_no).limit(1)),
            "entry": session.scalar(select(InteractionLogEntry.entry_no).limit(1)),
        }


def signed_in(chromium, server, login="helen", **options):
    visit = Visit(chromium, server, **options)
    visit.sign_in(login=login)
    return visit


def addresses(places):
    segment, logged = f"/segments/{places['segment']}", f"/logged-segments/{places['logged']}"
    return [
        "/", "/search?q=an", "/me/", "/jobs/",
        "/contacts/", "/contacts/new", f"/contacts/{places['company']}/", f"/contacts/{places['person']}/",
        "/contacts/imports/", "/contacts/imports/new",
        "/interaction-templates/", "/interaction-templates/BUS/", "/interaction-templates/fields",
        "/segments/", segment, f"{segment}/steps/", f"{segment}/paste/", f"{segment}/languages/",
        f"{segment}/lines/{places['line']}/", f"{segment}/log/", f"{segment}/delete",
        "/logged-segments/", logged, f"{logged}/follow-up", f"{logged}/take-back",
        "/interaction-log/", f"/interaction-log/{places['entry']}", "/campaigns/", "/no-such-page",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "options",
    [{}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 844}}],
    ids=["light", "dark", "phone"],
)
def test_every_page_is_accessible_and_fits_the_window(chromium, server, places, options):
    visit = signed_in(chromium, server, **options)
    for address in addresses(places):
        visit.page.goto(address)
        if address == "/no-such-page":
            visit.complaints = [one for one in visit.complaints if "404" not in one]
        visit.axe(allow=HALF_COVERED if re.fullmatch(r"/segments/[^/]+|/contacts/", address) else frozenset())
        width = visit.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if width > 0:
            visit.complaints.append(f"{address} is {width} px wider than the window")
    visit.close()


@pytest.mark.parametrize(
    ("login", "word", "lang"),
    [
        ("sven", "Loggade segment", "sv-SE"),
        ("lucie", "Segments journalisés", "fr-CH"),
        ("chloe", "Segments journalisés", "fr-CA"),
    ],
)
def test_the_interface_speaks_the_users_language(chromium, server, places, login, word, lang):
    visit = signed_in(chromium, server, login)
    for address in ("/", f"/segments/{places['segment']}", f"/segments/{places['segment']}/log/", "/contacts/"):
        visit.page.goto(address)
        assert visit.page.locator("html").get_attribute("lang") == lang
        expect(visit.page.locator("#nav")).to_contain_text(word)
        visit.axe(allow=HALF_COVERED)
        width = visit.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0
    visit.close()


def test_the_job_is_done_without_javascript(chromium, server, places):
    visit = signed_in(chromium, server, java_script_enabled=False)
    page = visit.page
    page.goto("/segments/")
    page.locator("#actions").get_by_role("button", name="New segment").click()
    expect(page.locator("h1")).to_have_text(re.compile("SM"))
    page.fill("#header-description", "By hand")
    page.fill("#header-template", "BUS")
    page.locator("#header").get_by_role("button", name="Save").click()
    expect(page.locator("h1")).to_have_text("By hand")
    for name in (places["company"], places["person"]):
        page.fill("#new-contact", name)
        page.locator("#newline").get_by_role("button", name="Add").click()
    expect(page.locator("#lines-body tr.line")).to_have_count(2)
    page.fill("#line-10000-description", "Own words")
    page.locator("#line-10000").get_by_role("button", name="Save").first.click()
    expect(page.locator("#line-10000-description")).to_have_value("Own words")
    page.locator("#line-20000").get_by_role("button", name=re.compile("Remove")).click()
    expect(page.locator("#lines-body tr.line")).to_have_count(1)
    page.locator("#actions").get_by_role("button", name="Go back").first.click()
    expect(page.locator("#lines-body tr.line")).to_have_count(2)
    page.locator("#actions").get_by_role("link", name="Log…").click()
    page.locator("#log-form .primary").click()
    expect(page).to_have_url(re.compile("/logged-segments/"))
    assert page.locator("h1").inner_text() == "By hand"
    visit.context.close()


def test_the_lines_are_worked_by_keyboard(chromium, server, places):
    visit = signed_in(chromium, server)
    page = visit.page
    page.goto(f"/segments/{places['segment']}")
    page.keyboard.press("Alt+n")
    expect(page.locator("#new-contact")).to_be_focused()
    page.keyboard.type(places["person"])
    expect(page.locator("#lookup-list [role=option]").first).to_be_visible()
    before = page.locator("#lines-body tr.line").count()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#lines-body tr.line")).to_have_count(before + 1)
    first = page.locator("#lines-body .line [name=description]").first
    first.select_text()  # Ctrl+A would mark every line when the whole cell is selected already
    page.keyboard.type("By keyboard")
    page.keyboard.press("ArrowDown")
    second = page.locator("#lines-body .line [name=description]").nth(1)
    expect(second).to_be_focused()
    page.keyboard.press("F8")
    expect(second).to_have_value("By keyboard")
    page.keyboard.press("F3")
    expect(page.locator("#line-search")).to_be_focused()
    page.keyboard.press("Alt+q")
    expect(page.locator("#goto")).to_be_focused()
    page.keyboard.press("Control+/")
    expect(page.locator("#dialog")).to_contain_text("Keyboard shortcuts")
    page.keyboard.press("Escape")
    expect(page.locator("#dialog")).not_to_be_visible()
    page.keyboard.press("F9")
    expect(page).to_have_url(re.compile("/log/"))
    visit.close()
