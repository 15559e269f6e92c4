"""Home, search, interaction log and logged segments in a real browser: accessible, and done with the keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from domain.contacts.starting_salutations import create_salutations
from domain.interactions.entries import add_comment, evaluate
from domain.interactions.models import InteractionLogEntry
from domain.setup.models import Salesperson
from domain.setup.start import create_office
from tests.browser.conftest import Visit
from tests.domain.segments.ready import log, make_ready_segment
from tests.factories.accounts import PASSWORD, make_user_with_password
from tests.factories.contacts import make_contact
from tests.factories.segments import make_segment
from tests.factories.setup import make_actor, make_salesperson

PAGES = (
    "/", "/search/", "/search/?q=nordlys", "/search/?q=xyzzy", "/interaction-log/", "/interaction-log/?contact=nobody&canceled=no",
    "/interaction-log/1", "/interaction-log/canceled/ask?sel=1", "/interaction-log/canceled/delete", "/interaction-log/views/", "/interaction-log/views/columns", "/logged-segments/",
    "/logged-segments/S1", "/logged-segments/S1/follow-up", "/logged-segments/S1/take-back", "/logged-segments/S2/take-back",
    "/logged-segments/canceled/ask?sel=S1",
)  # fmt: skip


@pytest.fixture(scope="module")
def office(server):
    """An office with two logged segments, letters and e-mails; the first can no longer be taken back."""
    with server.session() as session:
        create_office(session, name="Nordlys AS", currency="CHF", time_zone="Europe/Zurich", by=make_actor())
        create_salutations(session, by=make_actor())
        person = session.scalar(select(Salesperson)) or make_salesperson(session, "AB", name="Anna Berg")
        user = make_user_with_password(session, "anna", salesperson_id=person.id)
        by = make_actor(user)
        people = [make_contact(session, f"C{n}", name=f"Nordlys {n}", email=f"{n}@example.org") for n in range(3)]
        for no, kind in (("S1", "hard_copy"), ("S2", "email")):
            segment = make_ready_segment(
                session, no, *people, correspondence_type=kind, description=f"Logged {no}", salesperson_id=person.id
            )
            log(session, segment, by=by)
        first = session.scalars(select(InteractionLogEntry).order_by(InteractionLogEntry.entry_no)).first()
        evaluate(session, [first.id], "positive", by=by)
        add_comment(session, first, "They called back.", by=by)
        make_segment(session, "S3", description="Spring in Lund", contacts=people)
        session.commit()


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


def test_going_somewhere_with_the_keyboard(visit, office):
    page = visit.sign_in()
    page.keyboard.press("Alt+q")
    page.keyboard.type("lund")
    options = page.locator("#lookup-list [role=option]")
    expect(options).to_have_count(1)
    expect(options.first).to_contain_text("Spring in Lund")
    visit.axe()
    page.keyboard.press("Enter")
    page.wait_for_url("**/segments/S3")
    page.keyboard.press("Alt+q")
    page.keyboard.type("my sett")
    expect(options.first).to_contain_text("My settings")
    page.keyboard.press("Enter")
    page.wait_for_url("**/me/")


def test_without_choosing_the_results_are_a_page(chromium, server, office):
    visit = Visit(chromium, server, java_script_enabled=False)
    page = visit.page
    page.goto("/sign-in")
    page.fill("#login", "anna")
    page.fill("#password", PASSWORD)
    page.click("text=Sign in >> nth=-1")
    page.fill("#goto", "nordlys")
    page.locator("#goto").press("Enter")
    expect(page.locator("h1")).to_have_text("Search or go to")
    page.get_by_role("link", name="Nordlys 1").click()
    page.wait_for_url("**/contacts/C1/")
    visit.close()


def test_interactions_are_cancelled_in_the_dialog_and_evaluated_from_the_bar(visit, office):
    page = visit.sign_in()
    page.goto("/interaction-log/?logged=S2")
    rows = page.locator("#entries tbody tr")
    expect(rows).to_have_count(3)
    rows.nth(0).get_by_role("checkbox").check()
    page.get_by_role("button", name="Switch Cancelled…").click()
    dialog = page.locator("#dialog")
    expect(dialog).to_contain_text("Cancel 1 interaction?")
    visit.axe()
    dialog.get_by_role("button", name="Cancel the interactions").click()
    expect(rows.nth(0)).to_contain_text("Cancelled")
    assert page.url.endswith("/interaction-log/?logged=S2")
    page.locator("[data-select-all]").check()
    page.select_option("#bulk-evaluation", "neutral")
    page.get_by_role("button", name="Evaluate", exact=True).click()
    expect(page.get_by_role("cell", name="Neutral")).to_have_count(3)
    rows.nth(0).get_by_role("checkbox").check()
    page.get_by_role("button", name="Switch Cancelled…").click()
    expect(dialog).to_contain_text("Remove the mark Cancelled from 1 interaction?")
    dialog.get_by_role("button", name="Remove the mark").click()
    expect(rows.nth(0)).not_to_contain_text("Cancelled")


def test_a_refused_follow_up_stays_in_the_dialog(visit, office):
    page = visit.sign_in()
    page.goto("/logged-segments/S1")
    page.get_by_role("link", name="Create follow-up segment").click()
    page.select_option("#dialog select", "responded")
    page.locator("#dialog").get_by_role("button", name="Create follow-up segment").click()
    expect(page.locator("#outcome-error")).to_contain_text("No contact of segment S1 is left for a follow-up.")
    visit.axe()
    page.select_option("#dialog select", "evaluation:positive")
    page.locator("#dialog").get_by_role("button", name="Create follow-up segment").click()
    page.wait_for_url("**/segments/SM00001")


def test_columns_are_moved_with_the_keyboard_alone(visit, office):
    page = visit.sign_in()
    page.goto("/interaction-log/")
    page.get_by_role("link", name="Columns…").focus()
    page.keyboard.press("Enter")
    shown = page.locator("#dialog #shown-columns label")
    expect(shown.nth(0)).to_have_text("Entry No.")
    move = page.get_by_role("button", name="Move Entry No. right")
    move.focus()
    page.keyboard.press("Enter")
    expect(shown.nth(1)).to_have_text("Entry No.")
    expect(move).to_be_focused()
    visit.axe()
    page.keyboard.press("Enter")
    expect(shown.nth(2)).to_have_text("Entry No.")
    expect(move).to_be_focused()
    page.locator("#column-evaluation").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    headings = page.locator("#entries th[role=columnheader]:not(.c-sel)")
    expect(headings.nth(2)).to_have_text("Entry No.")
    expect(headings.nth(0)).to_have_text("Date")
    expect(page.locator("#entries thead")).not_to_contain_text("Evaluation")
    page.reload()
    expect(headings.nth(2)).to_have_text("Entry No.")
    page.get_by_role("link", name="Columns…").click()
    page.get_by_role("button", name="Usual columns").click()
    expect(headings.nth(0)).to_have_text("Entry No.")
