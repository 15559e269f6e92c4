"""Interactions outside segments in a real browser: call → postponed → resumed → finished, with the keyboard and without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from domain.contacts.starting_salutations import create_salutations
from domain.demo.start import create_start_templates
from domain.interactions.draft_models import InteractionDraft
from domain.interactions.models import InteractionLogEntry
from domain.setup.start import create_office
from tests.browser.conftest import Visit
from tests.domain.segments.ready import make_ready_segment
from tests.factories.accounts import PASSWORD, make_user_with_password
from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_contact
from tests.factories.drafts import make_draft
from tests.factories.setup import make_actor, make_salesperson

PAGES = (
    "/interactions/new", "/interactions/new?contact=P1", "/interactions/new?campaign=SPRING", "/interactions/call/contacts/P1",
    "/interactions/call/segments/S1/lines/10000", "/postponed-interactions/?whose=all", "/postponed-interactions/delete/ask?sel=1",
    "/postponed-interactions/1", "/setup/interaction-templates/", "/setup/salespeople/AB/", "/contacts/P1/", "/contacts/quick-log/?sel=P1",
)  # fmt: skip


@pytest.fixture(scope="module")
def office(server):
    """An office with templates, a company, a person with several numbers, and a postponed interaction."""
    with server.session() as session:
        create_office(session, name="Nordlys AS", currency="CHF", time_zone="Europe/Zurich", by=make_actor())
        create_salutations(session, by=make_actor())
        create_start_templates(session, by=make_actor())
        anna = make_salesperson(session, "AB", name="Anna Berg")
        user = make_user_with_password(session, "anna", salesperson_id=anna.id)
        company = make_contact(session, "C1", name="Café du Lac", phone="+41 21 100")
        luc = make_contact(session, "P1", name="Luc Morel", company=company, phone="+41 21 200", mobile="079 2")
        make_contact(session, "P2", name="Mireille Vadnais", company=company, phone="+41 21 300")
        make_campaign(session, "SPRING")
        make_draft(session, company, by=make_actor(user), comment="Ask about paper")
        make_ready_segment(session, "S1", luc, description="Autumn", salesperson_id=anna.id)
        session.commit()


def entries(server, contact_no):
    with server.session() as session:
        found = select(InteractionLogEntry).where(InteractionLogEntry.contact_no == contact_no)
        return list(session.scalars(found.order_by(InteractionLogEntry.entry_no)))


def drafts(server):
    with server.session() as session:
        return list(session.scalars(select(InteractionDraft).order_by(InteractionDraft.entry_no)))


@pytest.mark.parametrize(
    "options",
    [{}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 844}}],
    ids=["light", "dark", "phone"],
)
def test_every_page_is_accessible_and_fits_the_window(chromium, server, office, options):
    visit = Visit(chromium, server, **options)
    page = visit.sign_in()
    for url in PAGES:
        page.goto(url)
        visit.axe()
        width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0, f"{url} is wider than the window"
    visit.close()


def test_a_call_is_postponed_resumed_and_finished(visit, server, office):
    page = visit.sign_in()
    page.goto("/contacts/P2/")
    page.get_by_role("link", name="Make phone call").click()
    expect(page.locator("h1")).to_have_text("Make phone call")
    assert page.get_by_role("link", name="Call +41 21 300").get_attribute("href") == "tel:+4121300"
    page.get_by_label("Another number", exact=True).last.fill("+41 79 9")
    expect(page.locator("#number-other")).to_be_checked()
    page.fill("#comment", "Engaged, call again at four.")
    page.locator("#finish-bar summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    visit.axe()
    page.keyboard.press("Enter")
    page.wait_for_url("**/contacts/P2/")
    expect(page.locator("#toasts")).to_contain_text("was postponed")
    assert entries(server, "P2") == []
    page.goto("/")
    page.locator("#my-postponed").get_by_role("link", name="Mireille Vadnais").click()
    expect(page.locator("h1")).to_contain_text("Postponed interaction")
    expect(page.locator("#comment")).to_have_value("Engaged, call again at four.")
    expect(page.locator("#other-number")).to_have_value("+41 79 9")
    page.select_option("#evaluation", "positive")
    page.keyboard.press("F9")
    page.wait_for_url("**/postponed-interactions/")
    expect(page.locator("#toasts")).to_contain_text("with Mireille Vadnais was logged.")
    (entry,) = entries(server, "P2")
    assert (entry.contact_via, entry.evaluation, entry.delivery_status) == ("+41 79 9", "positive", "none")
    page.goto("/contacts/P2/")
    expect(page.locator("#history-list")).to_contain_text("Outgoing phone call")


def test_with_the_keyboard_alone_and_the_form_follows_the_template(visit, server, office):
    page = visit.sign_in()
    page.keyboard.press("Alt+i")
    expect(page.locator("h1")).to_have_text("Create interaction")
    page.locator("#contact").focus()
    page.keyboard.type("luc mor")
    expect(page.locator("#lookup-list [role=option]")).to_contain_text("Luc Morel")
    page.keyboard.press("Enter")
    expect(page.locator("#contact-field")).to_contain_text("P1 · Café du Lac")
    page.locator("#template").focus()
    page.keyboard.type("outgo")
    expect(page.locator("#lookup-list [role=option]")).to_contain_text("OUTGOING")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("Typed at once")
    expect(page.locator("#duration")).to_have_attribute("placeholder", "15")
    expect(page.locator("#description")).to_have_value("Typed at once")
    page.fill("#cost", "7.50")
    page.locator("#template").fill("INCOME")
    page.keyboard.press("Tab")
    expect(page.locator("#description")).to_have_attribute("placeholder", "Incoming phone call")
    expect(page.locator("#cost")).to_have_value("")
    page.keyboard.press("F9")
    expect(page.locator("h1")).to_have_text("Home")
    (entry,) = entries(server, "P1")
    assert (entry.description, entry.cost, entry.information_flow) == ("Incoming phone call", 0, "inbound")


def test_leaving_the_page_by_accident_keeps_what_was_typed(visit, server, office):
    page = visit.sign_in()
    before = len(drafts(server))
    page.goto("/interactions/new?contact=C1")
    page.goto("/contacts/")  # nothing was typed
    assert len(drafts(server)) == before
    page.goto("/interactions/new?contact=C1")
    page.fill("#comment", "They want")
    page.goto("/contacts/")
    page.goto("/postponed-interactions/")
    while "Page was left" not in page.locator("#postponed-table").inner_text():  # the answer comes when it comes
        page.reload()
    kept = drafts(server)[-1]
    assert (len(drafts(server)), kept.comment, kept.kept) == (before + 1, "They want", True)
    page.goto(f"/postponed-interactions/{kept.entry_no}")
    page.fill("#comment", "Nothing of this")
    page.locator("#finish-bar summary").click()
    page.get_by_role("button", name="Discard the changes").click()
    page.wait_for_url("**/postponed-interactions/")
    assert drafts(server)[-1].comment == "They want"


def test_without_javascript(chromium, server, office):
    visit = Visit(chromium, server, java_script_enabled=False)
    page = visit.page
    page.goto("/sign-in")
    page.fill("#login", "anna")
    page.fill("#password", PASSWORD)
    page.click("text=Sign in >> nth=-1")
    expect(page.locator("h1")).to_have_text("Home")
    page.goto("/interactions/new?contact=C1&back=/contacts/C1/")
    page.fill("#template", "BUS")
    page.fill("#date", "t+1Y")
    page.locator("#description").press("Enter")
    expect(page.locator("#date-error")).to_contain_text("far in the future")
    expect(page.locator("#description")).to_have_attribute("placeholder", "Business letter")
    page.fill("#date", "t")
    page.locator("#finish-bar summary").click()
    expect(page.get_by_role("button", name="Finish later")).to_be_visible()
    page.locator("#finish-bar .primary").click()
    page.wait_for_url("**/contacts/C1/")
    (entry,) = entries(server, "C1")
    assert (entry.description, entry.correspondence_type, entry.delivery_status) == (
        "Business letter", "hard_copy", "to_print",
    )  # fmt: skip
    visit.close()


def test_the_cursor_stands_in_what_has_to_be_chosen_first(server, chromium, office):
    visit = Visit(chromium, server)
    page = visit.sign_in()
    for address, field in (("/interactions/new", "contact"), ("/interactions/new?contact=P1", "template")):
        page.goto(f"{server.url}{address}")
        expect(page.locator(f"#{field}")).to_be_focused()
    page.goto(server.url)
    page.keyboard.press("Alt+i")
    expect(page.locator("#contact")).to_be_focused()
    page.keyboard.type("P2")
    expect(page.locator("#contact")).to_have_value("P2")
    visit.close()
