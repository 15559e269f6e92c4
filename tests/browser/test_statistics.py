"""Statistics in a real browser: accessible in light, dark and on a phone, moved through with HTMX, and without JavaScript."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from domain.setup.start import create_office
from tests.browser.conftest import Visit
from tests.factories.accounts import PASSWORD, make_user_with_password
from tests.factories.contacts import make_contact
from tests.factories.interaction_templates import make_group, make_template
from tests.factories.interactions import make_entry
from tests.factories.setup import TODAY, make_actor

STATISTICS = "/interaction-log/statistics/"
DATES = "from=2026-01-01&to=2026-12-31"
PAGES = (
    f"{STATISTICS}?{DATES}", f"{STATISTICS}?{DATES}&figure=cost", f"{STATISTICS}?{DATES}&by=template",
    f"{STATISTICS}?{DATES}&columns=periods", f"{STATISTICS}?{DATES}&by=group&columns=periods",
    f"{STATISTICS}?period=week&{DATES}&figure=duration", f"{STATISTICS}?from=nonsense", f"{STATISTICS}?from=2001-01-01&to=2001-12-31",
)  # fmt: skip


@pytest.fixture(scope="module")
def office(server):
    """An office with interactions of a year."""
    with server.session() as session:
        create_office(session, name="Nordlys AS", currency="CHF", time_zone="Europe/Zurich", by=make_actor())
        make_user_with_password(session, "anna")
        contact = make_contact(session, name="Nordlys")
        letters = make_group(session, "LETTERS", description="Letters")
        templates = [make_template(session, code, group="LETTERS") for code in ("BUS", "GOLF", "INVITE")]
        for number in range(160):
            template = templates[number % 7 % 3]
            make_entry(
                session,
                contact,
                date=dt.date(2026, 1, 1) + dt.timedelta(days=number * number % 331),
                template_id=template.id,
                group_id=letters.id,
                cost=240 + number * 37 % 1900,
                duration=5 + number % 25,
                campaign_target=number % 2 == 0,
                campaign_response=number % 9 == 0,
            )
        make_entry(session, contact, date=TODAY, canceled=True)
        session.commit()


@pytest.mark.parametrize(
    "options",
    [{}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 844}}],
    ids=["light", "dark", "phone"],
)
def test_every_page_is_accessible_and_fits_the_window(chromium, server, office, options):
    visit = Visit(chromium, server, **options)
    page = visit.sign_in()
    for number, url in enumerate(PAGES):
        page.goto(url)
        visit.axe()
        width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0, f"{url} is wider than the window"
        visit.picture(f"statistics-{number}-{'-'.join(options) or 'light'}")
    visit.close()


def test_dates_and_rows_are_chosen_and_a_number_shows_its_entries(visit, office):
    page = visit.sign_in()
    page.goto(f"{STATISTICS}?{DATES}")
    expect(page.locator("#figures-table tbody tr")).to_have_count(12)
    page.locator("#units").get_by_role("link", name="Quarter").click()
    expect(page.locator("#figures-table tbody tr")).to_have_count(4)
    page.locator("#statistics-by").select_option("template")
    expect(page.locator("#figures-table tbody tr")).to_have_count(3)
    expect(page).to_have_url(re.compile("period=quarter.*by=template|by=template.*period=quarter"))
    row = page.locator("#figures-table tbody tr", has_text="GOLF")
    number = row.get_by_role("link").first.inner_text()
    row.get_by_role("link").first.click()
    expect(page.locator("#log-title .count")).to_have_text(number)
    page.go_back()
    page.get_by_role("link", name="Previous dates").click()
    expect(page.locator("#dates")).to_have_text("01/01/2025 – 31/12/2025")
    expect(page.locator("#statistics")).to_contain_text("No interaction between these dates.")
    visit.axe()


def test_without_javascript_a_button_shows_what_was_chosen(chromium, server, office):
    visit = Visit(chromium, server, java_script_enabled=False)
    page = visit.page
    page.goto(f"/sign-in?next={STATISTICS}?{DATES.replace('&', '%26')}")
    page.fill("#login", "anna")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.locator("#statistics-by").select_option("group")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#figures-table tbody tr")).to_have_count(1)
    expect(page.locator("#figures-table tbody")).to_contain_text("LETTERS")
    visit.close()
