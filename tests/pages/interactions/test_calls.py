"""Make phone call: from a contact and a line; the setup of its template."""

from __future__ import annotations

import pytest

from domain.interaction_templates.template_setup import edit_template_setup, template_setup
from domain.segments.models import SegmentLine
from tests.domain.segments.ready import make_ready_segment
from tests.factories.contacts import make_contact
from tests.factories.documents import make_letter
from tests.factories.interaction_templates import make_template
from tests.factories.setup import make_actor
from tests.pages.interactions.test_create_interaction import FORM, drafts, entries, errors, send

SETUP = "/setup/interaction-templates/"


@pytest.fixture
def template(session):
    return make_template(session, "OUT", description="Outgoing call", unit_duration=15)


@pytest.fixture
def calls(session, template):
    edit_template_setup(session, {"outgoing_calls_id": template.id}, by=make_actor())
    return template


@pytest.fixture
def luc(session):
    company = make_contact(session, "C1", name="Café du Lac", phone="+41 21 100")
    return make_contact(session, "P1", name="Luc Morel", company=company, phone="+41 21 200", mobile="079 2")


@pytest.fixture
def anna_in(session, anna, signed_in):
    return signed_in("salesperson", salesperson_id=anna.id)


def call_link(page):
    return page.one("//a[contains(., 'Make phone call')]").get("href")


def test_from_a_contact_to_the_log(session, anna_in, luc, calls):
    page = anna_in.get(call_link(anna_in.get("/contacts/P1/")))
    assert page.text("//h1") == "Make phone call"
    links = page.tree.xpath("//fieldset[@id='contact_via-field']//a[not(@hidden)]/@href")
    assert links == ["tel:+4121200", "tel:0792", "tel:+4121100"]
    assert "+41 21 100 Phone (Café du Lac)" in page.text("#contact_via-field")
    assert page.form(FORM)["contact_via"] == "+41 21 200"
    assert not page.has("//*[@name='document']")
    answer = send(anna_in, page, contact_via="079 2", evaluation="positive", attempt_failed="1")
    assert answer.location == "/contacts/P1/"
    (entry,) = entries(session)
    assert (entry.contact_via, entry.description, entry.duration) == ("079 2", "Outgoing call", 15)
    assert (entry.evaluation, entry.attempt_failed, entry.delivery_status) == ("positive", True, "none")


def test_on_a_telephone_the_mobile_number_is_chosen(session, anna_in, luc, calls):
    phone = {"User-Agent": "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36"}
    page = anna_in.get("/interactions/call/contacts/P1", headers=phone)
    assert page.form(FORM)["contact_via"] == "079 2"


def test_another_number_is_typed_and_no_number_is_told(session, anna_in, luc, calls):
    page = anna_in.get("/interactions/call/contacts/P1")
    answer = send(anna_in, page, contact_via="", comment="Keep this")
    assert errors(answer) == {"contact_via": "Choose or type the phone number."}
    assert answer.one("#comment").text.strip() == "Keep this"
    assert answer.one("#call-other").get("hidden") is not None
    assert send(anna_in, answer, contact_via="", other_number="+44 1").location
    assert entries(session)[0].contact_via == "+44 1"


def test_it_is_postponed_with_its_number_and_resumed(session, anna_in, luc, calls):
    page = anna_in.get("/interactions/call/contacts/P1")
    send(anna_in, page, "/interactions/postpone", contact_via="", other_number="+44 1", comment="Busy")
    no = drafts(session)[0].entry_no
    page = anna_in.get(f"/postponed-interactions/{no}")
    assert (page.form(FORM)["contact_via"], page.form(FORM)["other_number"]) == ("", "+44 1")
    assert page.one("#comment").text.strip() == "Busy"
    other = page.one("#call-other")
    assert (other.get("href"), other.get("hidden")) == ("tel:+441", None)
    assert send(anna_in, page).location
    assert [(one.entry_no, one.contact_via) for one in entries(session)] == [(no, "+44 1")]


def test_e_p01_without_a_template_for_calls_a_sentence_says_where_to_choose_one(session, anna_in, luc):
    answer = anna_in.get("/interactions/call/contacts/P1")
    assert answer.status == 422
    assert "Choose one in Interaction template setup." in answer.plain()


def test_from_a_line_of_a_segment(session, signed_in, anna, luc, calls):
    segment = make_ready_segment(session, "S1", luc, description="Autumn", salesperson_id=anna.id)
    visitor = signed_in("marketing")
    dialog = visitor.get("/segments/S1/lines/10000/")
    pane = visitor.get("/segments/S1/lines/10000/factbox", fragment=True)
    assert call_link(dialog) == call_link(pane)
    page = visitor.get(call_link(dialog))
    assert "AB · Anna Berg" in page.one("#salesperson").get("value")
    answer = send(visitor, page)
    assert answer.location == "/segments/S1#line-10000"
    (entry,) = entries(session)
    assert (entry.segment_no, entry.contact_via, entry.contact_no) == ("S1", "+41 21 200", "P1")
    assert session.query(SegmentLine).filter_by(segment_id=segment.id).one().contact_via == "+41 21 200"
    assert "last called: +41 21 200" in visitor.get("/segments/S1/lines/10000/").text("#line-call")


def test_the_template_for_calls_is_chosen_in_the_setup(session, signed_in, template):
    make_template(session, "BUS", languages={"ENG": make_letter(session)})
    visitor = signed_in("marketing")
    assert visitor.get("/setup/").has(f"//a[@href='{SETUP}']")
    page = visitor.get(SETUP)
    offered = page.tree.xpath("//select[@id='outgoing_calls_id']/option/@value")
    assert offered == ["", str(template.id)]
    answer = visitor.submit(page, "#template-setup-form", outgoing_calls_id=str(template.id))
    assert answer.location == SETUP
    session.expire_all()
    assert template_setup(session).outgoing_calls_id == template.id
    taken = visitor.submit(page, "#template-setup-form", emails_id="999")
    assert taken.status == 422


def test_who_may_not_edit_templates_only_looks(session, signed_in, calls):
    visitor = signed_in("salesperson")
    page = visitor.get(SETUP)
    assert page.has("//fieldset[@disabled]")
    assert visitor.post(SETUP, page.form("#template-setup-form")).status == 403
