"""Statistics in a real browser: accessible in light, dark and on a phone, moved through with HTMX, and without JavaScript."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from domain.setup.start import create_office
from tests.browser.conftest import Visit
from tests.factories.accounts import PASSWORD, make_user_with_password
from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_contact
from tests.factories.interaction_templates import make_group, make_template
from tests.factories.interactions import make_entry
from tests.factories.segments import make_segment
from tests.factories.setup import TODAY, make_actor

STATISTICS = "/interaction-log/statistics/"
DATES = "from=2026-01-01&to=2026-12-31"
PAGES = (
    f"{STATISTICS}?{DATES}", f"{STATISTICS}?{DATES}&figure=cost", f"{STATISTICS}?{DATES}&by=template",
    f"{STATISTICS}?{DATES}&columns=periods", f"{STATISTICS}?{DATES}&by=group&columns=periods",
    "/interaction-templates/BUS/", "/interaction-templates/BUS/delete", "/campaigns/CP1/", "/setup/interaction-templates/",
    f"{STATISTICS}?campaign=CP1&from=2027-01-01", f"{STATISTICS}?period=week&{DATES}&figure=duration", f"{STATISTICS}?from=nonsense", f"{STATISTICS}?from=2001-01-01&to=2001-12-31",
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
        campaign = make_campaign(
            session, "CP1", description="A campaign with a rather long description, to be seen whole"
        )
        large = {"campaign_id": campaign.id, "campaign_target": True, "cost": 123_456_789_012, "duration": 98_765}
        for day in (1, 40, 200):
            make_entry(session, contact, date=dt.date(2027, 1, 1) + dt.timedelta(days=day), **large)
        make_segment(session, "S1", template=templates[0], contacts=[contact])
        for login, locale in (("lucie", "fr_CH"), ("sven", "sv_SE")):
            make_user_with_password(session, login, locale=locale)
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


OVERLAPS = """
() => {
  const texts = [...document.querySelectorAll(".chart text")].filter(one => one.textContent.trim() && one.checkVisibility());
  const card = document.querySelector(".chart").closest(".card").getBoundingClientRect();
  const boxes = texts.map(one => [one.textContent, one.getBoundingClientRect()]).filter(([, box]) => box.width);
  const found = boxes.filter(([, box]) => box.left < card.left || box.right > card.right).map(([text]) => text + " leaves the card");
  for (const [i, [text, a]] of boxes.entries()) {
    for (const [other, b] of boxes.slice(i + 1)) {
      if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3) found.push(text + " / " + other);
    }
  }
  return boxes.length ? found : ["no text"];
}
"""
CHARTS = (
    f"{STATISTICS}?{DATES}", f"{STATISTICS}?{DATES}&figure=cost", f"{STATISTICS}?campaign=CP1&from=2027-01-01&to=2027-12-31&figure=cost",
    f"{STATISTICS}?campaign=CP1&period=year&from=2027-01-01&to=2027-12-31&figure=cost",
    f"{STATISTICS}?period=day&from=2025-12-30&to=2026-02-28", f"{STATISTICS}?period=day&from=2025-12-30&to=2026-02-28&figure=average_cost",
    f"{STATISTICS}?period=week&{DATES}&figure=response_rate", f"{STATISTICS}?period=quarter&from=2025-01-01&to=2026-12-31&figure=cost",
    f"{STATISTICS}?{DATES}&by=template&figure=cost",
)  # fmt: skip


@pytest.mark.parametrize("width", [1280, 900, 760, 390])
@pytest.mark.parametrize("login", ["anna", "lucie", "sven"])
def test_nothing_in_a_chart_stands_in_something_else(chromium, server, office, width, login):
    """Many periods and one, very large numbers, every language and width."""
    visit = Visit(chromium, server, viewport={"width": width, "height": 900})
    page = visit.sign_in(login=login)
    for url in CHARTS:
        page.goto(url)
        assert page.evaluate(OVERLAPS) == [], url
    visit.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_year_is_printed_on_two_pages_in_black_and_white(chromium, server, office, scheme):
    visit = Visit(chromium, server, color_scheme=scheme)
    page = visit.sign_in()
    page.goto(f"{STATISTICS}?{DATES}&figure=cost")
    page.emulate_media(media="print")
    expect(page.locator("#statistics-form")).to_be_hidden()
    expect(page.locator("#chart-h")).to_have_text("Chart: Cost")
    expect(page.locator("#chart-columns")).to_be_visible()
    ink = page.locator("#figures-table tbody td").first.evaluate("cell => getComputedStyle(cell).color")
    assert max(int(part) for part in re.findall(r"\d+", ink)[:3]) < 80
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 2
    page.goto(f"{STATISTICS}?{DATES}&period=week&by=template&columns=periods")
    page.emulate_media(media="print")
    width = page.locator("#figures-table").evaluate("table => table.scrollWidth - table.parentElement.clientWidth")
    assert width <= 0, "columns are cut off"
    visit.close()


def test_with_the_keyboard_alone_the_focus_stays_where_it_was(visit, office):
    page = visit.sign_in()
    page.goto(f"{STATISTICS}?{DATES}")
    page.locator("#units").get_by_role("link", name="Quarter").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#figures-table tbody tr")).to_have_count(4)
    expect(page.locator("#units").get_by_role("link", name="Quarter")).to_be_focused()
    page.locator("#statistics-by").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#figures-table tbody")).to_contain_text("LETTERS")
    expect(page.locator("#statistics-by")).to_be_focused()
    page.locator("#figures").get_by_role("link", name="Average cost", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#figures [aria-current]")).to_have_text("Average cost")
    expect(page.locator("#figures [aria-current]")).to_be_focused()


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


def test_a_template_in_use_says_where_in_the_dialog_and_leads_there_by_keyboard(visit, office):
    page = visit.sign_in()
    page.goto("/interaction-templates/BUS/")
    page.get_by_role("link", name="Delete").filter(visible=True).focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("The interaction template BUS cannot be deleted")
    expect(dialog.get_by_role("button", name="Delete")).to_have_count(0)
    visit.axe()
    dialog.get_by_role("link", name="Segment S1").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/segments/S1$"))
    page.go_back()
    card = page.locator("#language-statistics")
    number = card.get_by_role("link").first.inner_text()
    card.get_by_role("link", name=number, exact=True).first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#log-title .count")).to_have_text(number)
