"""Classifying a contact in a real browser: keyboard only, accessible, on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from domain.setup.start import create_office
from tests.browser.conftest import Visit
from tests.factories.accounts import make_user_with_password
from tests.factories.classification import make_code, make_questionnaire
from tests.factories.contacts import make_contact
from tests.factories.setup import make_actor


@pytest.fixture(scope="module")
def office(server):
    """An office with a company, mailing groups and a questionnaire."""
    with server.session() as session:
        create_office(session, name="Nordlys AS", currency="CHF", time_zone="Europe/Zurich", by=make_actor())
        make_user_with_password(session, "anna")
        make_contact(session, "C1", name="Acme")
        for code in ("CARDS", "EVENTS"):
            make_code(session, "mailing_group", code, description=f"For {code.lower()}")
        make_questionnaire(session)
        session.commit()


def test_a_contact_is_classified_without_leaving_the_keyboard(visit, office):
    page = visit.sign_in("/contacts/C1/")
    page.locator("#codes-mailing_group").press("Enter")
    first = page.get_by_role("checkbox", name="CARDS")
    expect(first).to_be_focused()
    visit.axe()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("#count-mailing_group")).to_have_text("2")
    expect(page.locator("#codes-mailing_group")).to_be_focused()
    page.locator("#answer-1").press("Enter")
    expect(page.locator("#q-10000-20000")).to_be_focused()
    visit.axe()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#profile-1")).to_contain_text("Many")
    visit.axe()


def test_the_pages_are_accessible_and_fit_a_phone(chromium, server, office):
    visit = Visit(chromium, server, viewport={"width": 390, "height": 800}, color_scheme="dark")
    page = visit.sign_in("/contacts/C1/")
    for url in (
        "/contacts/C1/",
        "/contacts/C1/codes/mailing_group/",
        "/contacts/C1/profile/SIZE/",
        "/setup/mailing-groups/",
        "/setup/questionnaires/",
        "/setup/questionnaires/SIZE/",
    ):
        page.goto(url)
        visit.axe()
        visit.picture("classification" + url.replace("/", "-"))
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, url
    visit.close()
