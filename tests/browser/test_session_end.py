"""A session that ends while somebody types: rows, cards and dialogs keep it, and save it after signing in beside them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from domain.contacts.starting_salutations import create_salutations
from domain.segments.models import Segment, SegmentLine
from domain.setup.start import create_office
from tests.factories.accounts import PASSWORD, make_user_with_password
from tests.factories.contacts import make_contact
from tests.factories.segments import make_segment
from tests.factories.setup import make_actor


@pytest.fixture(scope="module")
def office(server):
    """An office with a segment of two lines and two users."""
    with server.session() as session:
        create_office(session, name="Nordlys AS", currency="CHF", time_zone="Europe/Zurich", by=make_actor())
        create_salutations(session, by=make_actor())
        make_segment(
            session, "S1", contacts=[make_contact(session, type="person", name=name) for name in ("Anna Ek", "Bo Lind")]
        )
        for login in ("helen", "lucie"):
            make_user_with_password(session, login)
        session.commit()


def sign_in(page, login="helen"):
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")


@pytest.fixture
def page(visit, office):
    """The window of somebody signed in; refused saves are what these tests are about."""
    visit.page.goto("/sign-in")
    sign_in(visit.page)
    expect(visit.page.locator("header.top")).to_be_visible()
    yield visit.page
    refusals = ("status of 401", "status of 400")
    visit.complaints[:] = [text for text in visit.complaints if not any(part in text for part in refusals)]


def sign_in_beside(page, login="helen"):
    """Signs in again in the tab that the notice opens, and comes back."""
    with page.expect_popup() as opened:
        page.locator("#session-toast").get_by_role("link", name="Sign in").click()
    beside = opened.value
    sign_in(beside, login)
    expect(beside.locator("h1")).to_have_text("You are signed in again")
    button = beside.get_by_role("button", name="Close this tab")
    expect(button).to_be_visible()
    with beside.expect_event("close"):  # pressed a moment later, for a click cannot report from a tab that is gone
        button.evaluate("button => setTimeout(() => button.click(), 50)")


def open_segment(page):
    """The worksheet with all that it fetches by itself: the session ends only afterwards."""
    page.goto("/segments/S1", wait_until="networkidle")


def test_a_row_and_a_card_keep_what_was_typed_and_save_it_after_signing_in_beside(visit, page, server):
    open_segment(page)
    visit.context.clear_cookies()
    cell = page.locator("[name=description].cell").first
    cell.fill("Thank you for coming")
    cell.press("Enter")
    toast = page.locator("#session-toast")
    expect(toast).to_contain_text("Your session has ended.")
    visit.axe()
    page.fill("#header-description", "Autumn fair")
    page.press("#header-description", "Enter")
    expect(page.locator("#saved")).to_contain_text("Not saved")
    page.get_by_role("button", name="Try again").click()  # still nobody is signed in
    expect(toast).to_have_count(1)
    sign_in_beside(page)
    page.evaluate("dispatchEvent(new Event('focus'))")  # what coming back to the tab does
    expect(toast).to_have_count(0)
    expect(page.locator("#saved")).to_contain_text("All changes saved")
    expect(page.locator("h1")).to_contain_text("Autumn fair")
    with server.session() as session:
        assert session.scalar(select(Segment.description).where(Segment.no == "S1")) == "Autumn fair"
        line = session.scalars(select(SegmentLine).order_by(SegmentLine.line_no)).first()
        assert line.description == "Thank you for coming"


def test_a_contact_typed_into_the_last_row_is_added_after_signing_in_beside(visit, page):
    open_segment(page)
    visit.context.clear_cookies()
    page.locator("#new-contact").evaluate(
        "field => { field.value = 'Bo Lind'; field.dispatchEvent(new Event('change', {bubbles: true})); }"
    )
    sign_in_beside(page)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#lines-body [data-line]")).to_have_count(3)


def test_a_dialog_keeps_what_was_typed_and_its_button_works_after_signing_in_beside(visit, page):
    page.goto("/interaction-groups/")
    page.keyboard.press("Alt+n")
    expect(page.locator("#group-code")).to_be_focused()
    visit.context.clear_cookies()
    page.fill("#group-code", "fair")
    page.fill("#group-description", "Fairs")
    page.locator("#dialog").get_by_role("button", name="Create").click()
    sign_in_beside(page)  # the notice stands above the dialog and can be used
    expect(page.locator("#group-description")).to_have_value("Fairs")
    page.locator("#dialog").get_by_role("button", name="Create").click()
    expect(page.locator("#groups tr", has_text="FAIR")).to_contain_text("Fairs")
    expect(page.locator("#session-toast")).to_have_count(0)


def test_nothing_is_saved_in_the_name_of_somebody_else(visit, page, server):
    open_segment(page)
    visit.context.clear_cookies()
    page.fill("#header-description", "Written by Helen")
    page.press("#header-description", "Enter")
    sign_in_beside(page, "lucie")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#toasts")).to_contain_text("Somebody else is signed in in this browser now.")
    expect(page.locator("#header-description")).to_have_value("Written by Helen")
    with server.session() as session:
        assert session.scalar(select(Segment.description).where(Segment.no == "S1")) != "Written by Helen"
    page.fill("#header-description", page.locator("#header-description").get_attribute("value") or "")


def test_a_page_on_which_nothing_was_typed_leads_to_the_sign_in_page_and_back(visit, page):
    open_segment(page)
    visit.context.clear_cookies()
    page.locator("#chips a").first.click()
    expect(page.locator("#login")).to_be_visible()
    sign_in(page)
    expect(page).to_have_url(f"{visit.server.url}/segments/S1")
