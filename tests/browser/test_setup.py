"""Setup and campaigns in a real browser: accessible pages, search while typing, the preview of a salutation."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from domain.contacts.starting_salutations import create_salutations
from domain.setup.start import create_office
from tests.browser.conftest import Visit
from tests.factories.accounts import make_user_with_password
from tests.factories.campaigns import make_campaign
from tests.factories.interactions import make_campaign_entry
from tests.factories.setup import make_actor, make_salesperson

PAGES = (
    "/setup/", "/setup/salespeople/", "/setup/salespeople/AB/", "/setup/salespeople/new", "/setup/languages/",
    "/setup/countries/", "/setup/number-series/", "/setup/number-series/SEGM/", "/setup/salutations/F/",
    "/setup/marketing/", "/setup/company/", "/campaigns/", "/campaigns/new", "/campaigns/CP1/",
    "/campaigns/CP1/entries/", "/campaigns/CP1/delete",
)  # fmt: skip
SOME = ("/setup/", "/setup/salespeople/", "/setup/salutations/F/", "/setup/marketing/", "/campaigns/CP1/",
        "/campaigns/CP1/entries/", "/campaigns/CP1/delete")  # fmt: skip


@pytest.fixture(scope="module")
def office(server):
    """An office with an administrator."""
    with server.session() as session:
        create_office(session, name="Nordlys AS", currency="CHF", time_zone="Europe/Zurich", by=make_actor())
        create_salutations(session, by=make_actor())
        make_salesperson(session, "AB", name="Anna Berg", email="anna@example.org", blocked=True)
        make_user_with_password(session, "anna")
        make_campaign_entry(session, make_campaign(session, "CP1"), description="Spring letter", canceled=True)
        session.commit()


@pytest.mark.parametrize(
    ("pages", "options"),
    [(PAGES, {}), (SOME, {"color_scheme": "dark"}), (SOME, {"viewport": {"width": 390, "height": 800}})],
    ids=["light", "dark", "phone"],
)
def test_every_page_is_accessible_and_fits_the_window(chromium, server, office, pages, options):
    visit = Visit(chromium, server, **options)
    page = visit.sign_in("/setup/")
    for url in pages:
        page.goto(url)
        visit.axe()
        width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0, f"{url} is wider than the window"
    visit.close()


def test_a_salutation_is_previewed_while_it_is_typed(visit, office):
    page = visit.sign_in("/setup/")
    page.goto("/setup/salutations/F/")
    page.get_by_role("link", name="New formula").press("Enter")
    page.select_option("#language_id", label="DAN Danish")
    page.fill("#text", "Kære %1,")
    expect(page.locator("#formula-preview")).to_contain_text("Kære Anna,")
    page.select_option("#name_1", "surname")
    expect(page.locator("#formula-preview")).to_contain_text("Kære Berg,")
    visit.axe()
    page.locator("#text").press("Enter")
    row = page.locator("#formulas tr", has_text="Kære")
    expect(row).to_contain_text("Kære Berg,")
    page.fill("#sample_surname", "Lund")
    expect(row).to_contain_text("Kære Lund,")
    row.get_by_role("link", name="Remove formula DAN, Formal").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(row).to_have_count(0)


def test_countries_are_found_while_typing_and_opened_by_keyboard(visit, office):
    page = visit.sign_in("/setup/")
    page.goto("/setup/countries/")
    page.keyboard.press("F3")
    page.keyboard.type("suède")
    link = page.locator("#list .row-link")
    expect(link).to_have_count(1)
    expect(link).to_have_text("SE")
    assert "q=su%C3%A8de" in page.url
    link.press("Enter")
    expect(page.locator("h1")).to_have_text("SE Sweden")


def test_a_campaign_is_made_without_leaving_the_keyboard(visit, office):
    page = visit.sign_in("/setup/")
    page.goto("/campaigns/")
    page.keyboard.press("Alt+N")
    expect(page.locator("#description")).to_be_focused()
    page.keyboard.type("Summer")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("CP0001 Summer")
