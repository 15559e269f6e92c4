"""The reply desk in a real browser: thirty answers with the keyboard alone, accessible on every screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect
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
        first, second, third = (
            make_logged_segment(session, no, description="Autumn letter") for no in ("S1", "S2", "S3")
        )
        for n in range(40):
            person = make_contact(session, f"P{n:02}", name=f"Nordlys {n:02}")
            make_entry(session, person, logged_segment=first)
            make_entry(session, person, logged_segment=third)
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


FAST = "/logged-segments/S3/reply-desk/"


class Held:
    """Requests that wait until they are let go: a slow line."""

    def __init__(self, page: Page, pattern: str) -> None:
        self.waiting: list[Route] | None = []
        page.route(pattern, self.come)

    def come(self, route: Route) -> None:
        """A request has been made."""
        if self.waiting is None:
            route.continue_()
        else:
            self.waiting.append(route)

    def let_go(self) -> None:
        """From now on nothing waits."""
        waiting, self.waiting = self.waiting or [], None
        for route in waiting:
            route.continue_()


def type_keys(page, text):
    """Types text; ⏎ is Enter."""
    for key in text:
        page.keyboard.press("Enter" if key == "⏎" else "Space" if key == " " else key)


def test_enter_before_the_list_has_come_means_what_was_typed(visit, server, office):
    page = visit.sign_in(FAST)
    said, field = page.locator(".desk-said"), page.locator("#reply-contact")
    held = Held(page, "**/look-up?*")
    type_keys(page, "p12⏎")
    expect(radio(page, "very_positive")).to_be_focused()
    type_keys(page, "3⏎")
    expect(said).to_have_text("Nordlys 12: Neutral.")
    type_keys(page, "p13⏎")
    held.let_go()
    expect(field).to_have_value("P13 · Nordlys 13")
    expect(radio(page, "very_positive")).to_be_focused()
    type_keys(page, "6⏎")
    expect(said).to_have_text("Nordlys 13: Responded.")


def test_a_list_about_less_than_was_typed_is_not_chosen_from(visit, server, office):
    page = visit.sign_in(FAST)
    type_keys(page, "p2")
    expect(page.locator("#lookup-list [aria-selected=true]")).to_contain_text("Nordlys 20")
    held = Held(page, "**/look-up?*")
    type_keys(page, "7⏎7⏎")
    expect(page.locator(".desk-said")).to_have_text("Nordlys 27: Moved.")
    held.let_go()


def test_what_fits_several_people_shows_them_and_keeps_the_outcome(visit, server, office):
    page = visit.sign_in(FAST)
    held = Held(page, "**/look-up?*")
    type_keys(page, "nordlys 3⏎4⏎")
    held.let_go()
    expect(page.locator("#reply-contact-error")).to_contain_text("fits several people")
    options = page.locator("#lookup-list [role=option]")
    expect(options.first).to_contain_text("Nordlys 30")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(page.locator("#reply-contact")).to_be_focused()
    visit.axe()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(radio(page, "negative")).to_be_focused()
    expect(radio(page, "negative")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator(".desk-said")).to_have_text("Nordlys 31: Negative.")


def test_whoever_types_faster_than_the_line_loses_nothing(visit, server, office):
    page = visit.sign_in(FAST)
    held = Held(page, "**/reply-desk/")
    type_keys(page, "p05⏎1⏎p06⏎2⏎p07⏎8⏎p0")
    held.let_go()
    expect(page.locator(".desk-said")).to_have_text("Nordlys 07: Call back.")
    expect(page.locator("#reply-contact")).to_have_value("p0")
    expect(page.locator("#lookup-list [role=option]").first).to_be_visible()
    with server.session() as session:
        stored = session.execute(
            select(InteractionLogEntry.contact_no, Reply.outcome)
            .join(Reply, Reply.entry_id == InteractionLogEntry.id)
            .where(InteractionLogEntry.segment_no == "S3", InteractionLogEntry.contact_no.in_(("P05", "P06", "P07")))
            .order_by(Reply.id)
        ).all()
    assert [tuple(row) for row in stored] == [("P05", "very_positive"), ("P06", "positive"), ("P07", "call_back")]


def test_what_was_typed_behind_a_refused_answer_is_shown(visit, server, office):
    page = visit.sign_in(FAST)
    held = Held(page, "**/reply-desk/")
    type_keys(page, "xyzzy⏎1⏎p08⏎2⏎")
    held.let_go()
    expect(page.locator("#reply-contact-error")).to_contain_text("Nobody on segment S3")
    expect(page.locator("#toasts")).to_contain_text("Not taken, because the answer before was not stored: p08 ⏎ 2 ⏎")
    expect(page.locator("#reply-contact")).to_have_value("xyzzy")
    expect(page.locator("#answers")).not_to_contain_text("Nordlys 08")


def test_a_pasted_column_is_undone_with_one_button(visit, server, office):
    page = visit.sign_in(FAST)
    page.get_by_role("link", name="Paste answers…").click()
    page.fill("#reply-pasted", "p14\nnordlys 15\nP16")
    page.get_by_role("button", name="Look them up").click()
    expect(page.locator("#dialog")).to_contain_text("P15 · Nordlys 15")
    page.select_option("#reply-paste-outcome", "moved")
    page.get_by_role("button", name="Mark 3").click()
    expect(page.locator("#toasts")).to_contain_text("3 answers were stored: Moved.")
    expect(page.locator(".pasted")).to_contain_text("3 answers: Moved")
    visit.axe()
    page.get_by_role("button", name="Undo 3 answers").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".desk-said")).to_have_text("3 pasted answers were undone: Moved.")
    expect(page.locator(".pasted")).to_have_count(0)
    expect(page.locator("#answers")).not_to_contain_text("Nordlys 15")
    expect(page.locator("#reply-contact")).to_be_focused()
