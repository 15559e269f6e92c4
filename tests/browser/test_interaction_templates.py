"""Interaction templates in a real browser: accessible pages, upload in the dialog, unknown fields, the demo's button."""

from __future__ import annotations

import io
import re

import pytest
from docx import Document as WordDocument
from playwright.sync_api import expect

from domain.contacts.starting_salutations import create_salutations
from domain.demo.start import create_start_templates
from domain.setup.start import create_office
from tests.browser.conftest import Visit
from tests.factories.accounts import make_user_with_password
from tests.factories.documents import make_document, word_file
from tests.factories.interaction_templates import make_template
from tests.factories.setup import make_actor

PAGES = (
    "/interaction-templates/", "/interaction-templates/new", "/interaction-templates/BUS/",
    "/interaction-templates/OUTGOING/", "/interaction-templates/fields", "/interaction-groups/",
    "/interaction-templates/BUS/languages/ENG/document/", "/interaction-templates/BUS/languages/new",
    "/interaction-templates/BUS/delete", "/interaction-templates/EXTRA/", "/setup/demo/",
)  # fmt: skip


@pytest.fixture(scope="module")
def office(server):
    """A new office with its start templates, and one with a file that is no letter."""
    with server.session() as session:
        by = make_actor()
        create_office(session, name="Nordlys AS", currency="CHF", time_zone="Europe/Zurich", by=by)
        create_salutations(session, by=by)
        create_start_templates(session, by=by)
        leaflet = make_document(session, b"%PDF-1.7 leaflet", file_name="leaflet.pdf")
        make_template(session, "EXTRA", languages={"ENG": leaflet, "SVE": None})
        make_user_with_password(session, "anna")
        session.commit()


def upload(page, data, name="letter.docx"):
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    page.set_input_files("input[type=file]", {"name": name, "mimeType": kind, "buffer": data})


@pytest.mark.parametrize(
    "options",
    [{}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 800}}],
    ids=["light", "dark", "phone"],
)
def test_every_page_is_accessible_and_fits_the_window(chromium, server, office, options):
    visit = Visit(chromium, server, **options)
    page = visit.sign_in("/interaction-templates/")
    for url in PAGES:
        page.goto(url)
        visit.axe()
        width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0, f"{url} is wider than the window"
    visit.close()


def test_a_language_gets_its_letter_in_the_dialog(visit, office):
    page = visit.sign_in("/interaction-templates/INCOME/")
    page.get_by_role("link", name="Add a language").click()
    visit.axe()
    page.select_option("#new-language", label="SVE Swedish")
    page.fill("#new-subject", "Tack för samtalet")
    upload(page, b"no Word file")
    page.locator("dialog").get_by_role("button", name="Add").click()
    expect(page.locator("#new-document-error")).to_contain_text("The file is not a Word document")
    expect(page.locator("#new-subject")).to_have_value("Tack för samtalet")
    upload(page, word_file("Hej {{ contact.name }}, {{ contact.nme }}"))
    page.locator("dialog").get_by_role("button", name="Add").click()
    expect(page.locator("#unknown-notice")).to_contain_text("1 name is no merge field.")
    expect(page.locator("#mapping")).to_contain_text("Did you mean {{ contact.name }}?")
    visit.axe()
    page.get_by_role("link", name="Replace").click()
    upload(page, word_file("Hej {{ contact.name }}"))
    page.locator("dialog").get_by_role("button", name="Upload").click()
    expect(page.locator("#ready-notice")).to_contain_text("The document uses 1 merge field.")
    with page.expect_download() as download:
        page.get_by_role("link", name="Preview as Word file").click()
    text = WordDocument(io.BytesIO(download.value.path().read_bytes())).paragraphs[0].text
    assert text == "Hej Åsa Björklund"


def test_a_group_is_made_and_changed_by_keyboard(visit, office):
    page = visit.sign_in("/interaction-groups/")
    page.keyboard.press("Alt+n")
    expect(page.locator("#group-code")).to_be_focused()
    page.keyboard.type("event")
    page.keyboard.press("Tab")
    page.keyboard.type("Events")
    page.keyboard.press("Enter")
    row = page.locator("#groups tr", has_text="EVENT")
    expect(row).to_contain_text("Events")
    row.get_by_role("link", name="EVENT", exact=True).press("Enter")
    page.fill("#group-description", "Fairs and events")
    page.keyboard.press("Enter")
    expect(row).to_contain_text("Fairs and events")
    row.get_by_role("link", name="Delete EVENT").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(row).to_have_count(0)


def test_a_dialog_opened_as_a_page_of_its_own_leads_back_to_the_list(visit, office):
    page = visit.sign_in("/interaction-groups/new")
    page.fill("#group-code", "window")
    page.keyboard.press("Enter")
    row = page.locator("#groups tr", has_text="WINDOW")
    expect(row).to_be_visible()
    page.goto("/interaction-groups/WINDOW/edit")
    page.fill("#group-code", "")
    page.keyboard.press("Enter")
    expect(page.locator("#group-code")).to_have_attribute("aria-invalid", "true")
    page.fill("#group-code", "window")
    page.fill("#group-description", "Opened in a window of its own")
    page.keyboard.press("Enter")
    expect(row).to_contain_text("Opened in a window of its own")
    expect(page).to_have_url(re.compile("/interaction-groups/$"))


def test_a_card_that_was_not_saved_warns_and_keeps_what_was_typed(visit, office):
    page = visit.sign_in("/interaction-templates/MEMO/")
    page.fill("#unit_cost", "much")
    page.fill("#description", "Memo, changed")
    page.locator("#template-form").get_by_role("button", name="Save").click()
    expect(page.locator("#unit_cost-error")).to_be_visible()
    expect(page.locator("#description")).to_have_value("Memo, changed")
    page.fill("#unit_cost", "7.50")
    page.locator("#template-form").get_by_role("button", name="Save").click()
    expect(page.locator(".page .sub").first).to_have_text("Memo, changed")
    expect(page.locator("#unit_cost")).to_have_value("7.50")


def test_the_demo_comes_and_goes_with_one_button_each(visit, office):
    page = visit.sign_in("/setup/demo/")
    page.get_by_role("button", name="Create the demo company").click()
    expect(page.locator("h1")).to_have_text("The demo company is ready", timeout=30_000)
    expect(page.locator("tbody code")).to_have_count(4)
    visit.axe()
    page.goto("/setup/demo/")
    visit.axe()
    page.get_by_role("button", name="Remove the demo company").click()
    expect(page.locator("#toasts")).to_contain_text("The demo company was removed.", timeout=30_000)
