"""Filters by expression in a real browser: typed, added, explained, told back; by keyboard and without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from domain.setup.start import create_office
from tests.browser.conftest import Visit
from tests.factories.accounts import make_user_with_password
from tests.factories.contacts import make_contact
from tests.factories.interactions import make_entry
from tests.factories.setup import make_actor, make_salesperson


@pytest.fixture(scope="module")
def office(server):
    """Two contacts, one with an interaction, and users of two languages."""
    with server.session() as session:
        create_office(session, name="Nordlys AS", currency="CHF", time_zone="Europe/Zurich", by=make_actor())
        seller = make_salesperson(session, "HR", name="Helga Roth")
        nordlys = make_contact(session, "C1", name="Nordlys AS", post_code="7500", salesperson_id=seller.id)
        make_contact(session, "C2", name="Café du Lac", post_code="1200", city="Genève")
        make_entry(session, nordlys, description="Spring letter", evaluation="positive")
        make_user_with_password(session, "anna")
        make_user_with_password(session, "anne", locale="fr_CH")
        session.commit()


def test_a_filter_is_typed_explained_and_told_back_by_keyboard(visit, office):
    page = visit.sign_in("/contacts/")
    page.locator("#filters > summary").press("Enter")
    page.locator("#typed-filters button").first.press("Enter")
    expect(page.locator("#filter-help")).to_be_visible()
    visit.picture("filter-help")
    visit.axe()
    page.keyboard.press("Escape")
    expect(page.locator("#filter-help")).to_be_hidden()
    page.fill("#typed-post-code", "75*")
    page.locator("#typed-add").select_option("salesperson")
    page.locator("#typed-post-code").press("Enter")
    expect(page.locator("#typed-salesperson")).to_be_focused()
    page.keyboard.type("HR|BC")
    page.keyboard.press("Enter")
    expect(page.locator("#filter-told")).to_have_text("Postcode starts with 75, salesperson is HR or BC")
    expect(page.locator("#contacts tbody tr")).to_have_count(1)
    visit.picture("filters")
    visit.axe()
    page.fill("#typed-name", "'Nord")
    page.keyboard.press("Enter")
    expect(page.locator("#typed-name-error")).to_contain_text("this quotation mark is not closed")
    visit.picture("filters-refused")
    visit.axe()


def test_a_filter_of_the_log_without_javascript_on_a_phone_in_french(chromium, server, office):
    visit = Visit(
        chromium, server, java_script_enabled=False, viewport={"width": 390, "height": 800}, color_scheme="dark"
    )
    page = visit.sign_in("/contacts/", login="anne")
    page.goto("/interaction-log/?add=evaluation")
    page.fill("#typed-evaluation", "Positif|très positif")
    page.fill("#typed-date", "..a")
    page.locator("#filter-form button.primary").click()
    expect(page.locator("#filter-told")).to_contain_text("évaluation est positif ou très positif")
    expect(page.locator("#entries tbody tr")).to_have_count(1)
    visit.picture("log-filters-phone")
    page.locator("#typed-filters button").first.click()
    expect(page.locator("#filter-help")).to_be_visible()
    visit.picture("filter-help-phone")
    visit.close()
