"""Phone calls: which numbers there are, what a call begins with, what finishing writes (segments.md 6.5, 1.16)."""

from __future__ import annotations

import pytest

from domain.errors import Forbidden, RuleViolation
from domain.interaction_templates.languages import set_document
from domain.interaction_templates.template_setup import (
    edit_template_setup,
    outgoing_calls,
    template_setup,
    without_documents,
)
from domain.interaction_templates.templates import delete_template
from domain.interactions.calls import begin_call, numbers_of, prefer_mobile, tel_link
from domain.interactions.draft_models import CALL
from domain.interactions.finish import NotComplete, finish_interaction
from domain.interactions.postpone import postpone
from tests.factories.contacts import make_alt_address, make_contact
from tests.factories.documents import make_letter
from tests.factories.drafts import begin, form_key
from tests.factories.interaction_templates import make_template
from tests.factories.setup import TODAY, make_actor, make_language, make_office, make_salesperson


@pytest.fixture
def by(session):
    make_office(session)
    return make_actor(salesperson_id=make_salesperson(session, "AB").id)


@pytest.fixture
def template(session):
    return make_template(
        session, "OUT", description="Outgoing call", unit_cost=100, unit_duration=15, initiated_by="us",
        correspondence_type="hard_copy", ignore_contact_type=True,
    )  # fmt: skip


@pytest.fixture
def calls(session, template):
    edit_template_setup(session, {"outgoing_calls_id": template.id}, by=make_actor())
    return template


@pytest.fixture
def luc(session):
    company = make_contact(session, "C1", name="Café du Lac", phone="+41 21 100", mobile="+41 79 1")
    return make_contact(session, "P1", name="Luc", company=company, phone="+41 (0)21 200", mobile="079 2")


@pytest.mark.parametrize(
    ("number", "link"),
    [
        ("+41 (0)31 311 00 00", "tel:+41313110000"), ("031/311 00 00", "tel:0313110000"), ("(0) 31", "tel:031"),
        ("0041 (0)31", "tel:004131"), ("1+2", "tel:12"), ("*21#", "tel:*21#"), ("", ""), ("ext.", ""), ("+", ""),
    ],
)  # fmt: skip
def test_what_a_telephone_dials(number, link):
    assert tel_link(number) == link


def test_r_pc02_the_numbers_of_contact_alternative_address_and_company_each_once(session, luc):
    make_alt_address(session, luc, "HOLIDAY", phone="+46 1", mobile="+41 21 200")
    assert [(one.number, str(one.label)) for one in numbers_of(session, luc)] == [
        ("+41 (0)21 200", "Phone"),
        ("079 2", "Mobile phone"),
        ("+46 1", "Phone (HOLIDAY)"),
        ("+41 21 100", "Phone (Café du Lac)"),
        ("+41 79 1", "Mobile phone (Café du Lac)"),
    ]
    assert numbers_of(session, make_contact(session)) == []


def test_e_p01_without_a_template_for_calls_there_is_no_call(session, by, luc):
    with pytest.raises(RuleViolation, match="Choose one in Interaction template setup"):
        begin_call(session, luc, form_key=form_key(), by=by)


def test_r_pc01_what_a_call_begins_with(session, by, luc, calls):
    call = begin_call(session, luc, form_key=form_key(), by=make_actor(work_date=TODAY.replace(day=1)))
    assert (call.kind, call.template_id, call.contact_via, call.date) == (CALL, calls.id, "+41 (0)21 200", TODAY)
    assert (call.is_fixed("contact"), call.attempt_failed) == (True, False)
    with pytest.raises(Forbidden):
        begin_call(session, luc, form_key=form_key(), by=make_actor(role="read_only"))
    luc.privacy_blocked = True
    with pytest.raises(RuleViolation, match="blocked for privacy"):
        begin_call(session, luc, form_key=form_key(), by=by)


def test_r_pc01_on_a_telephone_the_mobile_number_comes_first(session, by, luc, calls):
    call = begin_call(session, luc, form_key=form_key(), by=by)
    assert prefer_mobile(session, call).contact_via == "079 2"
    luc.mobile = ""
    assert prefer_mobile(session, begin_call(session, luc, form_key=form_key(), by=by)).contact_via == "+41 (0)21 200"
    letter = begin(session, make_contact(session, mobile="079 3"), by=by)
    assert prefer_mobile(session, letter).contact_via == ""


def test_r_pc03_a_call_is_logged_with_its_number_and_never_delivered(session, by, luc, calls):
    call = begin_call(session, luc, form_key=form_key(), by=by)
    entry = finish_interaction(session, call, by=by)
    session.refresh(entry)
    assert (entry.contact_via, entry.description, entry.cost, entry.duration) == (
        "+41 (0)21 200", "Outgoing call", 100, 15,
    )  # fmt: skip
    assert (entry.correspondence_type, entry.delivery_status, entry.document_id) == ("", "none", None)


def test_e_p02_a_call_needs_a_number(session, by, luc, calls):
    call = begin_call(session, luc, form_key=form_key(), by=by)
    call.contact_via = ""
    with pytest.raises(NotComplete) as refused:
        finish_interaction(session, call, by=by)
    assert set(refused.value.problems) == {"contact_via"}


def test_a_call_can_be_postponed(session, by, luc, calls):
    call = postpone(session, begin_call(session, luc, form_key=form_key(), by=by), by=by)
    no = call.entry_no
    assert (call.kind, call.contact_via) == (CALL, "+41 (0)21 200")
    assert finish_interaction(session, call, by=by).entry_no == no


@pytest.mark.parametrize("field", ["emails_id", "cover_sheets_id", "outgoing_calls_id"])
def test_1_16_every_field_holds_a_template_without_document_only(session, template, field):
    letter = make_template(session, "BUS", languages={"ENG": make_letter(session)})
    with pytest.raises(RuleViolation, match="BUS has a document") as refused:
        edit_template_setup(session, {field: letter.id}, by=make_actor())
    assert refused.value.field == field
    edit_template_setup(session, {field: template.id}, by=make_actor())
    assert getattr(template_setup(session), field) == template.id
    edit_template_setup(session, {field: None}, by=make_actor())
    assert getattr(template_setup(session), field) is None


@pytest.mark.parametrize("field", ["emails_id", "cover_sheets_id", "outgoing_calls_id"])
def test_1_16_a_template_that_is_chosen_gets_no_document(session, template, field):
    edit_template_setup(session, {field: template.id}, by=make_actor())
    english = make_language(session, "ENG")
    with pytest.raises(RuleViolation, match="is chosen in Interaction template setup") as refused:
        set_document(session, template, english, make_letter(session), by=make_actor())
    assert refused.value.field == "document"
    assert template.languages == []
    edit_template_setup(session, {field: None}, by=make_actor())
    assert set_document(session, template, english, make_letter(session), by=make_actor()).document is not None


def test_1_16_what_is_no_choice_is_refused(session, template):
    letter = make_template(session, "BUS", languages={"ENG": make_letter(session)})
    assert without_documents([template, letter]) == [template]
    with pytest.raises(RuleViolation, match="deleted meanwhile"):
        edit_template_setup(session, {"emails_id": 999_999}, by=make_actor())
    with pytest.raises(KeyError):
        edit_template_setup(session, {"shoes_id": template.id}, by=make_actor())
    with pytest.raises(Forbidden):
        edit_template_setup(session, {"emails_id": template.id}, by=make_actor(role="salesperson"))
    assert template_setup(session).outgoing_calls_id is None


def test_a_chosen_template_is_not_deleted(session, calls):
    assert outgoing_calls(session) is calls
    with pytest.raises(RuleViolation, match="OUT is chosen in Interaction template setup"):
        delete_template(session, calls, by=make_actor())
    edit_template_setup(session, {"outgoing_calls_id": None}, by=make_actor())
    delete_template(session, calls, by=make_actor())
