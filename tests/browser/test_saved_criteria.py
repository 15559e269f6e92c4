"""Saving and reusing criteria in a real browser: keyboard only, accessible, on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from domain.segments.add_contacts import add_by_criteria
from domain.segments.criteria import Criteria, GroupFilter
from domain.setup.start import create_office
from tests.browser.conftest import Visit
from tests.factories.accounts import make_user_with_password
from tests.factories.classification import make_code
from tests.factories.contacts import make_contact
from tests.factories.interaction_templates import make_template
from tests.factories.interactions import make_entry
from tests.factories.segments import make_segment
from tests.factories.setup import make_actor


@pytest.fixture(scope="module")
def office(server):
    """An office with a segment that has one step, an empty one, and a letter that was sent."""
    with server.session() as session:
        create_office(session, name="Nordlys AS", currency="CHF", time_zone="Europe/Zurich", by=make_actor())
        make_user_with_password(session, "anna")
        ada = make_contact(session, "P1", type="person", name="Ada", city="Bern")
        make_entry(session, ada, template=make_template(session, "BUS"))
        make_code(session, "mailing_group", "CARDS")
        criteria = Criteria(((GroupFilter("contact", (("city", "Bern"),)),),), "en")
        add_by_criteria(session, make_segment(session, no="S1"), criteria, by=make_actor())
        make_segment(session, no="S2", contacts=[ada])
        make_segment(session, no="S3")
        session.commit()


def test_criteria_are_saved_and_reused_without_leaving_the_keyboard(visit, office):
    page = visit.sign_in("/segments/S1")
    page.locator("#actions details.menu > summary", has_text="Criteria").press("Enter")
    page.get_by_role("link", name="Save criteria…").first.press("Enter")
    expect(page.locator("#criteria-code")).to_be_focused()
    visit.axe()
    page.keyboard.type("bern")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("BERN")
    page.goto("/segments/S3")
    page.locator("#actions details.menu > summary", has_text="Criteria").press("Enter")
    page.get_by_role("link", name="Reuse criteria…").first.press("Enter")
    expect(page.locator("#reuse-key")).to_be_focused()
    page.keyboard.type("ber")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#lookup-list [role=option]").first).to_be_visible()
    visit.axe()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("#steps")).to_contain_text("Add contacts")


def test_the_pages_are_accessible_and_fit_a_phone(chromium, server, office):
    visit = Visit(chromium, server, viewport={"width": 390, "height": 800}, color_scheme="dark")
    page = visit.sign_in("/segments/S2/overlap/")
    for url in (
        "/segments/S2/overlap/",
        "/segments/S2/export/",
        "/segments/S2/mailing-group/",
        "/segments/S2/reuse/logged",
        "/segments/S1/reuse/result?first=1&last=1",
        "/criteria/",
    ):
        page.goto(url)
        visit.axe()
        visit.picture("criteria" + url.split("?")[0].replace("/", "-"))
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, url
    visit.close()
