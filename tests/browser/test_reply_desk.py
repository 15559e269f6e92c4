"""The reply desk in a real browser: thirty answers with the keyboard alone, accessible on every screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from domain.contacts.starting_salutations import create_salutations
from domain.interactions.models import InteractionLogEntry
from domain.interactions.replies import record_replies
from domain.interactions.reply_models import OUTCOMES, Reply
from domain.setup.start import create_office
from tests.browser.conftest import Visit
from tests.factories.accounts import make_user_with_password
from tests.factories.contacts import make_contact
from tests.factories.interactions import make_entry, make_logged_segment
from tests.factories.setup import make_actor, make_salesperson

DESK = "/logged-segments/S1/reply-desk/"
TYPED = 30


@pytest.fixture(scope="module")
def office(server):
    """A logged segment with 40 people, and another with answers."""
    with server.session() as session:
        create_office(session, name="Nordlys AS", currency="CHF", time_zone="Europe/Zurich", by=make_actor())
        create_salutations(session, by=make_actor())
        by = make_actor(
            make_user_with_password(
                session, "anna", salesperson_id=make_salesperson(session, "AB", name="Anna Berg").id
            )
        )
        first, second = (make_logged_segment(session, no, description="Autumn letter") for no in ("S1", "S2"))
        for n in range(40):
            person = make_contact(session, f"P{n:02}", name=f"Nordlys {n:02}")
            make_entry(session, person, logged_segment=first)
            entry = make_entry(session, person, logged_segment=second)
            if n < 12:
                record_replies(session, second, [entry.id], OUTCOMES[n % 5], by=by)
        record_replies(session, second, [entry.id], "moved", by=by)
        record_replies(session, second, [entry.id], "call_back", by=by)
        session.commit()


def radio(page, outcome):
    return page.locator(f"#reply-form input[value={outcome}]")


@pytest.mark.parametrize(
    "options",
    [{}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 844}}],
    ids=["light", "dark", "phone"],
)
def test_the_desk_is_accessible_and_fits_the_window(chromium, server, office, options):
    visit = Visit(chromium, server, **options)
    page = visit.sign_in()
    for url in ("/logged-segments/S2/reply-desk/", "/logged-segments/S2/reply-desk/?outcome=positive", f"{DESK}paste/"):
        page.goto(url)
        visit.axe()
        width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0, f"{url} is wider than the window"
        visit.picture(f"desk-{len(url)}-{'-'.join(options) or 'light'}")
    visit.close()


def test_thirty_answers_with_the_keyboard_alone(visit, server, office):
    page = visit.sign_in(DESK)
    said = page.locator(".desk-said")
    options = page.locator("#lookup-list [role=option]")
    field = page.locator("#reply-contact")
    for n in range(TYPED):
        expect(field).to_be_focused()
        outcome = n % len(OUTCOMES)
        if n % 3:
            page.keyboard.type(f"p{n:02}")
        else:  # by name, from the list
            page.keyboard.type(f"nordlys {n:02}")
            expect(options).to_have_count(1)
            expect(options.first).to_contain_text(f"Nordlys {n:02}")
        page.keyboard.press("Enter")
        expect(radio(page, "very_positive")).to_be_focused()
        page.keyboard.press(str(outcome + 1))
        expect(radio(page, OUTCOMES[outcome])).to_be_checked()
        page.keyboard.press("Enter")
        expect(said).to_contain_text(f"Nordlys {n:02}:")
    expect(page.locator("#desk")).to_contain_text("30 of 40 have answered.")
    visit.axe()
    with server.session() as session:
        found = dict(
            session.execute(
                select(Reply.outcome, func.count())
                .join(InteractionLogEntry, InteractionLogEntry.id == Reply.entry_id)
                .where(InteractionLogEntry.segment_no == "S1")
                .group_by(Reply.outcome)
            ).all()
        )
    assert found == {outcome: len(range(place, TYPED, len(OUTCOMES))) for place, outcome in enumerate(OUTCOMES)}


def test_a_slip_is_said_and_undone_with_the_keyboard(visit, office):
    page = visit.sign_in(DESK)
    page.keyboard.type("nobody at all")
    page.keyboard.press("Enter")
    expect(radio(page, "very_positive")).to_be_focused()
    page.keyboard.press("6")
    page.keyboard.press("Enter")
    expect(page.locator("#reply-contact-error")).to_contain_text("Nobody on segment S1")
    expect(page.locator("#reply-contact")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("p39")
    page.keyboard.press("Enter")
    expect(radio(page, "responded")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".desk-said")).to_contain_text("Nordlys 39: Responded.")
    undo = page.get_by_role("button", name="Undo the answer of Nordlys 39")
    undo.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".desk-said")).to_contain_text("was undone")
    expect(page.locator("#reply-contact")).to_be_focused()
    expect(undo).to_have_count(0)
