"""Create interaction when something goes wrong: nothing that was typed is lost, nothing is logged twice."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from domain.contacts.models import Contact
from domain.demo.start import create_start_templates
from domain.interactions.draft_models import InteractionDraft
from domain.interactions.finish import finish_interaction
from domain.interactions.models import InteractionLogEntry
from domain.interactions.postpone import get_draft
from domain.setup.start import create_office
from tests.browser.conftest import Visit
from tests.factories.accounts import PASSWORD, make_user_with_password
from tests.factories.contacts import make_contact
from tests.factories.drafts import make_draft
from tests.factories.setup import make_actor, make_salesperson

LANGUAGES = {"anna": "en_GB", "lucie": "fr_CH", "sven": "sv_SE"}


@pytest.fixture(scope="module")
def office(server):
    """An office with templates, a user for each language, and a contact with two numbers for each journey."""
    with server.session() as session:
        create_office(session, name="Nordlys AS", currency="CHF", time_zone="Europe/Zurich", by=make_actor())
        create_start_templates(session, by=make_actor())
        anna = make_salesperson(session, "AB", name="Anna Berg")
        for login, locale in LANGUAGES.items():
            make_user_with_password(session, login, salesperson_id=anna.id, locale=locale)
        for n in range(1, 10):
            make_contact(session, f"C{n}", name=f"Company {n}", phone="+41 21 100", mobile="+41 79 200")
        session.commit()


@pytest.fixture
def page(visit, office):
    """The window of somebody signed in; refusals are what these tests are about."""
    yield visit.sign_in()
    refusals = re.compile(r"status of (401|400|413)|ERR_INTERNET_DISCONNECTED|^htmx:(afterRequest|sendError)")
    visit.complaints[:] = [text for text in visit.complaints if not refusals.search(text)]


def entries(server, contact_no):
    with server.session() as session:
        found = select(InteractionLogEntry).where(InteractionLogEntry.contact_no == contact_no)
        return list(session.scalars(found.order_by(InteractionLogEntry.entry_no)))


def drafts(server, contact_no):
    with server.session() as session:
        found = select(InteractionDraft).join(InteractionDraft.contact).where(Contact.no == contact_no)
        return list(session.scalars(found.order_by(InteractionDraft.entry_no)))


def left_for(page, no):
    """Waits for the card of a contact."""
    page.wait_for_url(re.compile(f"//[^/]+/contacts/{no}/$"))


def begin(page, no, comment="They want paper"):
    page.goto(f"/interactions/new?contact={no}&back=/contacts/{no}/")
    page.fill("#template", "OUTGOING")
    page.press("#template", "Tab")
    expect(page.locator("#description")).to_have_attribute("placeholder", "Outgoing phone call")
    expect(page.locator("#interaction-form.htmx-request")).to_have_count(0)
    page.fill("#comment", comment)


def postponed(server, no, **typed):
    with server.session() as session:
        contact = make_contact(session, no, name=f"Company {no}")
        draft = make_draft(session, contact, "OUTGOING", by=make_actor(), salesperson="AB", **typed)
        session.commit()
        return draft.entry_no


def test_everything_missing_is_named_at_once_and_the_first_has_the_focus(visit, page, server):
    page.goto("/interactions/new?back=/contacts/")
    page.fill("#salesperson", "")
    page.fill("#date", "")
    page.fill("#cost", "12x")
    page.fill("#comment", "Keep this")
    page.keyboard.press("F9")
    for field in ("contact", "template", "description", "date", "cost"):
        expect(page.locator(f"#{field}-error")).to_be_visible()
    expect(page.locator("#contact")).to_be_focused()
    visit.axe()
    expect(page.locator("#comment")).to_have_value("Keep this")
    expect(page.locator("#cost")).to_have_value("12x")
    page.fill("#contact", "C1")
    page.press("#contact", "Tab")
    expect(page.locator("#contact-error")).to_have_count(0)
    expect(page.locator("#template-error")).to_be_visible()
    page.fill("#template", "OUTGOING")
    page.fill("#salesperson", "AB")
    page.fill("#date", "t")
    page.fill("#cost", "12")
    page.keyboard.press("F9")
    expect(page.locator("h1")).to_have_text("Contacts")
    (entry,) = entries(server, "C1")
    assert entry.cost == 1200
    assert drafts(server, "C1") == []


def test_the_session_ends_while_somebody_types(visit, page, server):
    begin(page, "C2")
    visit.context.clear_cookies()
    page.keyboard.press("F9")
    expect(page.locator("#session-toast")).to_contain_text("Your session has ended.")
    expect(page.locator("#comment")).to_have_value("They want paper")
    with page.expect_popup() as opened:
        page.locator("#session-toast").get_by_role("link", name="Sign in").click()
    opened.value.fill("#login", "anna")
    opened.value.fill("#password", PASSWORD)
    opened.value.keyboard.press("Enter")
    expect(opened.value.locator("h1")).to_have_text("You are signed in again")
    opened.value.close()
    page.locator("#finish").click()
    left_for(page, "C2")
    assert len(entries(server, "C2")) == 1
    assert drafts(server, "C2") == []


def test_without_a_connection_it_stays_and_is_finished_once(visit, page, server):
    begin(page, "C3")
    visit.context.set_offline(True)
    page.keyboard.press("F9")
    expect(page.locator("#toasts .toast")).to_be_visible()
    expect(page.locator("#comment")).to_have_value("They want paper")
    visit.context.set_offline(False)
    page.locator("#finish").dblclick()
    left_for(page, "C3")
    expect(page.locator("#toasts")).to_contain_text("was logged.")
    assert len(entries(server, "C3")) == 1


def test_a_file_that_is_far_too_large_costs_nothing_that_was_typed(visit, page, server):
    begin(page, "C4")
    for megabytes, said in ((50, "The file is larger than 10 MB."), (65, "The file is too large.")):
        large = server.folder / f"{megabytes}.pdf"
        large.write_bytes(b"%PDF-" + b"x" * megabytes * 1024 * 1024)
        page.set_input_files("#document", large)
        page.keyboard.press("F9")
        expect(page.locator("#document-error, #toasts p").get_by_text(said)).to_be_visible()
        expect(page.locator("#comment")).to_have_value("They want paper")
        expect(page.locator("#document")).to_have_value("")
        large.unlink()
    assert entries(server, "C4") == []
    page.keyboard.press("F9")
    left_for(page, "C4")
    assert len(entries(server, "C4")) == 1


def test_what_somebody_else_has_finished_is_told_and_what_was_typed_stays(visit, page, server):
    no = postponed(server, "D1")
    page.goto(f"/postponed-interactions/{no}")
    page.fill("#comment", "My ten lines")
    with server.session() as session:
        draft = get_draft(session, no, by=make_actor())
        finish_interaction(session, draft, by=make_actor(user_name="Bea"))
        session.commit()
    page.keyboard.press("F9")
    expect(page.locator("#toasts")).to_contain_text(f"The interaction {no} has been finished meanwhile by Bea.")
    expect(page.locator("#comment")).to_have_value("My ten lines")
    assert len(entries(server, "D1")) == 1


def test_two_tabs_on_one_postponed_interaction(visit, page, server):
    no = postponed(server, "D2", comment="So far")
    other = visit.context.new_page()
    for tab in (page, other):
        tab.goto(f"/postponed-interactions/{no}")
    other.fill("#comment", "From the other tab")
    other.locator("#finish-bar summary").click()
    other.get_by_role("button", name="Finish later").click()
    other.wait_for_url("**/postponed-interactions/")
    page.fill("#comment", "From this tab")
    page.fill("#template", "INCOME")
    page.press("#template", "Tab")
    expect(page.locator("#description")).to_have_attribute("placeholder", "Incoming phone call")
    page.keyboard.press("F9")
    expect(page.locator("#conflict")).to_be_in_viewport()
    expect(page.locator("#comment")).to_have_value("From this tab")
    assert [one.comment for one in drafts(server, "D2")] == ["From the other tab"]
    page.keyboard.press("F9")
    page.wait_for_url("**/postponed-interactions/")
    assert len(entries(server, "D2")) == 1


def test_discarded_is_gone_and_back_never_logs_again(visit, page, server):
    begin(page, "C5", "Nothing of this")
    page.locator("#finish-bar summary").click()
    page.get_by_role("button", name="Discard").click()
    left_for(page, "C5")
    page.goto("/postponed-interactions/")
    assert drafts(server, "C5") == []
    begin(page, "C5", "Once")
    page.keyboard.press("F9")
    left_for(page, "C5")
    page.go_back()
    expect(page.locator("#comment")).to_have_value("")
    page.go_forward()
    left_for(page, "C5")
    assert len(entries(server, "C5")) == 1
    assert drafts(server, "C5") == []


def test_a_number_that_is_typed_can_be_called(visit, page, server):
    page.goto("/interactions/call/contacts/C6")
    link = page.get_by_role("link", name="Call the other number")
    expect(link).to_be_hidden()
    page.fill("#other-number", "+41 (0)31 311 00 00 ext")
    expect(link).to_have_attribute("href", "tel:+41313110000")
    expect(page.locator("#number-other")).to_be_checked()
    visit.axe()
    page.fill("#other-number", "nobody")
    expect(link).to_be_hidden()


@pytest.mark.parametrize("login", LANGUAGES)
def test_on_a_telephone_no_label_and_no_inherited_value_is_cut(chromium, server, office, login):
    agent = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36"
    visit = Visit(chromium, server, viewport={"width": 360, "height": 780}, user_agent=agent)
    page = visit.sign_in(login=login)
    for url in ("/interactions/new?contact=C7", "/interactions/call/contacts/C7"):
        page.goto(url)
        cut = page.evaluate(
            "() => [...document.querySelectorAll('#interaction-form .f-label')].filter(x => x.scrollWidth > x.clientWidth).map(x => x.textContent)"
        )
        assert cut == []
        narrow = page.evaluate(
            "() => [...document.querySelectorAll('#interaction-form select')].filter(x => x.offsetWidth < 280).map(x => x.id)"
        )
        assert narrow == []
    expect(page.locator("[name=contact_via]:checked")).to_have_value("+41 79 200")
    visit.axe()
    visit.close()
