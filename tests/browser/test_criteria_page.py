"""The page Criteria in a real browser: with the keyboard, in French, on a phone, accessible."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from domain.segments.add_contacts import add_by_criteria
from domain.segments.criteria import GroupFilter, criteria_of
from domain.segments.reduce import reduce_contacts
from domain.setup.start import create_office
from tests.browser.conftest import Visit
from tests.factories.accounts import make_user_with_password
from tests.factories.contacts import make_contact
from tests.factories.segments import make_segment
from tests.factories.setup import make_actor


@pytest.fixture(scope="module")
def office(server):
    """A segment of three people from Bern and Chur, those of Chur reduced."""
    with server.session() as session:
        create_office(session, name="Nordlys AS", currency="CHF", time_zone="Europe/Zurich", by=make_actor())
        by = make_actor(make_user_with_password(session, "anna"))
        make_user_with_password(session, "claire", locale="fr_CH")
        for no, name, city in (("C1", "Ada", "Bern"), ("C2", "Ben", "Chur"), ("C3", "Cleo", "Bern")):
            make_contact(session, no, name=name, type="person", city=city)
        segment = make_segment(session, "S1", description="Spring letter")
        for verb, cities in ((add_by_criteria, "Bern|Chur"), (reduce_contacts, "Chur")):
            asked = criteria_of([[GroupFilter("contact", (("city", cities),))]], locale="en_GB")
            verb(session, segment, asked, by=by)
        session.commit()


def test_why_pin_and_switching_off_with_the_keyboard(visit, office):
    page = visit.sign_in()
    page.goto("/segments/S1")
    expect(page.locator("#steps-pane")).to_contain_text("Reduce contacts −1")
    visit.axe()
    page.goto("/segments/S1/steps/")
    page.locator("#why-contact").focus()
    page.keyboard.insert_text("ben")  # at once: one question, none under way when a choice is made
    expect(page.locator("#lookup-list [role=option]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    answer = page.locator("#why-answer")
    expect(answer).to_contain_text("is not on the list.")
    expect(answer).to_contain_text("Step 2, Reduce contacts: removed")
    visit.axe()
    answer.get_by_role("link", name="Pin to the list…").press("Enter")
    expect(page.locator("#pin-reason")).to_be_focused()
    visit.axe()
    page.keyboard.type("Asked for it")
    page.keyboard.press("Enter")
    expect(page.locator("#pins")).to_contain_text("Pinned to the list: Asked for it")
    page.locator("#step-2 .step-acts a").press("Enter")
    expect(page.locator("#off-form")).to_contain_text("The list stays as it is.")
    page.keyboard.press("Escape")
    page.locator("#step-1 .step-acts a").press("Enter")
    expect(page.locator("#off-form")).to_contain_text("2 lines go")
    visit.axe()
    page.get_by_role("button", name="Switch off step 1").press("Enter")
    expect(page.locator("#step-1")).to_contain_text("switched off by step 4")
    visit.axe()
    page.locator("#step-4").get_by_role("button", name="Go back").press("Enter")
    expect(page.locator("#step-4")).to_have_count(0)
    page.goto("/segments/S1")
    expect(page.locator(".pin-sign")).to_have_count(1)


def test_the_pages_fit_a_phone_in_french(chromium, server, office):
    visit = Visit(chromium, server, viewport={"width": 390, "height": 844}, color_scheme="dark")
    page = visit.sign_in(login="claire")
    for url in (
        "steps/",
        "steps/1/added",
        "steps/1/off",
        "steps/1/skipped",
        "why/?contact=C2",
        "pins/new/out?contact=C1",
    ):
        page.goto(f"/segments/S1/{url}")
        visit.axe()
        visit.picture("criteria-phone-" + url.split("?")[0].replace("/", "-"))
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, url
    visit.close()
