"""Add contacts by criteria in a real browser: by keyboard alone, without JavaScript, on a phone in the dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from domain.setup.start import create_office
from tests.browser.conftest import Visit
from tests.factories.accounts import make_user_with_password
from tests.factories.classification import give_codes, make_code
from tests.factories.contacts import make_contact
from tests.factories.segments import make_segment
from tests.factories.setup import make_actor


@pytest.fixture(scope="module")
def office(server):
    """Three contacts in Bern, one of them in a mailing group, one in Chur, and two segments."""
    with server.session() as session:
        create_office(session, name="Nordlys AS", currency="CHF", time_zone="Europe/Zurich", by=make_actor())
        make_user_with_password(session, "anna")
        ada = make_contact(session, no="C1", name="Ada AG", city="Bern")
        make_contact(session, no="C2", name="Ben AG", city="Bern")
        make_contact(session, no="C3", name="Cut AG", city="Bern", exclude_from_segment=True)
        make_contact(session, no="C4", name="Dan AG", city="Chur")
        give_codes(session, ada, "mailing_group", "VIP")
        make_code(session, "mailing_group", "PRESS")
        for no in ("S1", "S2", "S3"):
            make_segment(session, no=no)
        session.commit()


def settled(page):
    """Waits until HTMX listens to what it has put on the page; a person types later than a program."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)


def test_two_groups_and_an_alternative_by_keyboard_alone(visit, office):
    page = visit.sign_in("/segments/S1")
    preview = page.locator("#criteria-preview")
    page.locator("#actions a", has_text="Add contacts…").press("Enter")
    expect(page.locator("#criteria-form")).to_be_visible()
    page.locator("#a1-contact-more").press("c")
    page.locator("#a1-contact-more").select_option("city")
    page.locator("button[value='add-field:a1-contact']").press("Enter")
    expect(page.locator("#a1-contact-city")).to_be_focused()
    settled(page)
    page.keyboard.type("Bern")
    expect(preview).to_contain_text("+2 new, 1 excluded")
    page.locator("#criteria-form summary", has_text="Mailing group").press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#a1-mailing_group-code")).to_be_focused()
    page.keyboard.type("VIP")
    expect(preview).to_contain_text("City is Bern; Mailing group is VIP")
    expect(preview).to_contain_text("+1 new")
    page.keyboard.press("Enter")  # shows the preview; adds nobody
    expect(page.locator("#a1-mailing_group-code")).to_have_value("VIP")
    page.locator("button[value='add-alternative']").press("Enter")
    expect(page.locator("#a2-contact-no")).to_be_focused()
    settled(page)
    page.keyboard.type("C3|C4|C9")
    expect(preview).to_contain_text("– or – No. is C3, C4 or C9")
    expect(preview).to_contain_text("+2 new, 1 excluded")
    visit.axe()
    visit.picture("criteria")
    page.locator("#criteria-form footer").get_by_role("button", name="Add contacts").press("Enter")
    report = page.locator("#criteria-report")
    expect(report).to_contain_text("3 found, 2 added, 1 skipped.")
    expect(report).to_contain_text("Excluded from segments")
    visit.axe()
    report.get_by_text("Done").press("Enter")
    expect(page.locator("#lines-body")).to_contain_text("C4")


def test_choices_complete_the_last_code_too(visit, office):
    """After “VIP|” the list offers VIP|PRESS; quoted signs separate nothing."""
    page = visit.sign_in("/segments/S3/criteria/add/")
    page.locator("#criteria-form summary", has_text="Mailing group").press("Enter")
    field = page.locator("#a1-mailing_group-code")

    def offered():
        return page.evaluate("[...document.getElementById('choices-mailing_group-code').options].map(o => o.value)")

    field.click()
    assert offered() == ["PRESS", "VIP"]
    for typed, before in (
        ("VIP|", "VIP|"),
        ("VIP| pr", "VIP| "),
        ("<>VIP&<>", "<>VIP&<>"),
        ("(VIP", "("),
        ("A..", "A.."),
        ("'J | V", ""),
        ("", ""),
    ):
        field.fill(typed)
        assert offered() == [before + "PRESS", before + "VIP"]


def test_without_javascript(chromium, server, office):
    visit = Visit(chromium, server, java_script_enabled=False)
    page = visit.sign_in("/segments/S2")
    page.locator("#actions a", has_text="Add contacts…").click()
    page.locator("#a1-contact-no").fill("(C1")
    page.get_by_role("button", name="Preview").last.click()
    expect(page.locator("#a1-contact-no-said")).to_contain_text("At position")
    page.locator("#a1-contact-no").fill("C1")
    page.get_by_role("button", name="Add alternative").click()
    page.locator("#a2-contact-no").fill("C4")
    page.get_by_role("button", name="Preview").last.click()
    expect(page.locator("#criteria-preview")).to_contain_text("+2 new")
    page.locator("#criteria-form footer").get_by_role("button", name="Add contacts").click()
    expect(page.locator("#lines-body")).to_contain_text("C1")
    visit.close()


def test_it_fits_a_phone_in_the_dark(chromium, server, office):
    visit = Visit(chromium, server, viewport={"width": 390, "height": 800}, color_scheme="dark")
    page = visit.sign_in("/segments/S3/criteria/add/?a1-contact-no=C*")
    expect(page.locator("#criteria-preview")).to_contain_text("+3 new, 1 excluded")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visit.axe()
    visit.close()
