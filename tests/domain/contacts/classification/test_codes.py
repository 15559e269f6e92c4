"""Codes contacts are classified by (contacts.md 1.2): guards, who may have what, reading through the company."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.contacts.classification.assign import change_codes, codes_of, contacts_with_code
from domain.contacts.classification.codes import contact_counts, create_code, delete_code, edit_code
from domain.contacts.classification.kinds import ASSIGNED, BY_KEY, KINDS, MAILING_GROUPS
from domain.contacts.classification.models import ContactMailingGroup, MailingGroup
from domain.contacts.create import create_contact
from domain.contacts.delete import delete_contact
from domain.contacts.edit import edit_contact
from domain.contacts.listing import ContactFilters, matching_ids
from domain.contacts.models import Contact
from domain.errors import Forbidden, RuleViolation
from tests.factories.classification import give_codes, make_code, make_questionnaire
from tests.factories.contacts import make_contact, make_setup
from tests.factories.setup import NOW, make_actor

BY = make_actor()
LATER = make_actor(now=NOW.replace(hour=23))


def holders(session, key, code):
    found = session.scalars(select(Contact.no).where(Contact.id.in_(contacts_with_code(BY_KEY[key], code))))
    return sorted(found)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_a_code_in_use_is_not_deleted_and_the_refusal_says_how_many_contacts_have_it(session, kind):
    """1.2: a mailing group cannot be deleted while a contact is in it; the same guard for the other lists."""
    code = make_code(session, kind.key, "X")
    for number in range(2):
        contact = make_contact(session, f"C{number}", type=kind.only or "company")
        if kind.link is None:
            edit_contact(session, contact, {kind.field: code.id}, by=BY)
        else:
            change_codes(session, contact, kind, add=["x"], by=BY)
    assert contact_counts(session, kind) == {code.id: 2}
    with pytest.raises(RuleViolation, match="The code X is used by 2 contacts"):
        delete_code(session, code, kind=kind, by=BY)
    for number in range(2):
        contact = session.scalars(select(Contact).where(Contact.no == f"C{number}")).one()
        if kind.link is None:
            edit_contact(session, contact, {kind.field: None}, by=BY)
        else:
            change_codes(session, contact, kind, remove=["X"], by=BY)
    delete_code(session, code, kind=kind, by=BY)
    assert session.scalar(select(kind.model)) is None


def test_a_relation_of_a_questionnaire_is_not_deleted(session):
    relation = make_code(session, "business_relation", "CUST")
    make_questionnaire(session, business_relation_id=relation.id)
    with pytest.raises(RuleViolation, match="used by 1 questionnaire\\."):
        delete_code(session, relation, kind=BY_KEY["business_relation"], by=BY)


@pytest.mark.parametrize(
    ("code", "words"), [("", "Enter a code"), ("x" * 11, "up to 10"), (" cards ", "already a code")]
)
def test_a_wrong_code_is_refused_on_its_field(session, code, words):
    make_code(session, "mailing_group", "CARDS")
    with pytest.raises(RuleViolation, match=words) as refusal:
        create_code(session, MAILING_GROUPS, code=code, by=BY)
    assert refusal.value.field == "code"


def test_contacts_keep_a_renamed_code(session):
    contact = make_contact(session)
    give_codes(session, contact, "mailing_group", "OLD")
    edit_code(session, session.scalars(select(MailingGroup)).one(), kind=MAILING_GROUPS, changes={"code": "new"}, by=BY)
    assert [one.code for one in codes_of(session, contact)["mailing_group"]] == ["NEW"]


@pytest.mark.parametrize(
    ("role", "codes", "contacts"),
    [("read_only", False, False), ("salesperson", False, True), ("marketing", True, True)],
)
def test_marketing_keeps_the_lists_and_salespeople_assign(session, role, codes, contacts):
    """contacts.md 7."""
    contact, by = make_contact(session), make_actor(role=role)
    make_code(session, "mailing_group", "A")
    for allowed, attempt in (
        (codes, lambda: create_code(session, MAILING_GROUPS, code="B", by=by)),
        (contacts, lambda: change_codes(session, contact, MAILING_GROUPS, add=["A"], by=by)),
    ):
        if allowed:
            attempt()
        else:
            with pytest.raises(Forbidden):
                attempt()


def test_a_change_of_codes_is_a_change_of_the_contact_and_what_is_there_already_is_none(session):
    """1.1: Last modified is set by any change of the groups."""
    contact = make_contact(session)
    give_codes(session, contact, "mailing_group", "A")
    change_codes(session, contact, MAILING_GROUPS, add=["A"], remove=["NONE"], by=LATER)
    assert contact.modified_at == NOW
    change_codes(session, contact, MAILING_GROUPS, remove=["A"], by=LATER)
    assert contact.modified_at == LATER.now


def test_an_unknown_code_is_refused(session):
    with pytest.raises(RuleViolation, match="no code NOWHERE"):
        change_codes(session, make_contact(session), MAILING_GROUPS, add=["nowhere"], by=BY)


@pytest.mark.parametrize(
    ("key", "type"), [("industry_group", "person"), ("business_relation", "person"), ("job_responsibility", "company")]
)
def test_industry_groups_and_relations_are_companies_responsibilities_are_persons(session, key, type):
    """1.2: who may have what."""
    make_code(session, key, "X")
    with pytest.raises(RuleViolation, match=r"Only (companies|persons)"):
        change_codes(session, make_contact(session, type=type), BY_KEY[key], add=["X"], by=BY)


def test_persons_have_the_industry_groups_and_relations_of_their_company_by_reading_only(session):
    """1.2: mailing groups and job responsibilities are never inherited."""
    company = make_contact(session, "C1")
    person = make_contact(session, "P1", company=company)
    alone = make_contact(session, "P2", type="person")
    for key in ("mailing_group", "industry_group", "business_relation"):
        give_codes(session, company, key, "X")
    codes = codes_of(session, person)
    assert [key for key, found in codes.items() if found] == ["industry_group", "business_relation"]
    assert not any(codes_of(session, alone).values())
    assert holders(session, "industry_group", "X") == holders(session, "business_relation", "X") == ["C1", "P1"]
    assert holders(session, "mailing_group", "X") == ["C1"]
    assert holders(session, "mailing_group", "Y\x00") == []


@pytest.mark.parametrize("key", [kind.key for kind in ASSIGNED])
def test_the_list_of_contacts_is_filtered_by_codes_and_by_having_none(session, key):
    kind = BY_KEY[key]
    contact = make_contact(session, "HAS", type=kind.only or "company")
    make_contact(session, "NOT", type=kind.only or "company")
    give_codes(session, contact, key, "X")
    for value, expected in (("X", ["HAS"]), ("-", ["NOT"]), ("Z", [])):
        found = matching_ids(session, ContactFilters(**{key: value}))
        assert list(session.scalars(select(Contact.no).where(Contact.id.in_(found)))) == expected


@pytest.mark.parametrize(
    ("type", "key"),
    [
        ("company", "industry_group"),
        ("company", "business_relation"),
        ("person", "job_responsibility"),
        ("person", "organizational_level"),
    ],
)
def test_the_type_changes_only_without_what_the_other_type_cannot_have(session, type, key):
    """2.3."""
    make_setup(session)
    contact, kind = make_contact(session, type=type), BY_KEY[key]
    code = make_code(session, key, "X")
    if kind.link is None:
        edit_contact(session, contact, {kind.field: code.id}, by=BY)
    else:
        give_codes(session, contact, key, "X")
    give_codes(session, contact, "mailing_group", "STAYS")
    other = "person" if type == "company" else "company"
    with pytest.raises(RuleViolation, match="Remove them first") as refusal:
        edit_contact(session, contact, {"type": other}, by=BY)
    assert refusal.value.field == "type"
    if kind.link is None:
        edit_contact(session, contact, {kind.field: None}, by=BY)
    else:
        change_codes(session, contact, kind, remove=["X"], by=BY)
    edit_contact(session, contact, {"type": other}, by=BY)
    assert [one.code for one in codes_of(session, contact)["mailing_group"]] == ["STAYS"]


def test_deleting_a_contact_takes_its_codes_along(session):
    """2.5."""
    contact = make_contact(session)
    give_codes(session, contact, "mailing_group", "A")
    delete_contact(session, contact, by=BY)
    assert session.scalar(select(ContactMailingGroup)) is None


def test_a_person_takes_over_the_territory_of_its_company_and_new_contacts_get_the_default(session):
    """2.1 A, B, C."""
    north, south = make_code(session, "territory", "NORTH"), make_code(session, "territory", "SOUTH")
    setup = make_setup(session, default_territory_id=north.id)
    company = create_contact(session, values={"type": "company", "name": "Acme"}, by=BY)
    assert company.territory_id == north.id
    person = create_contact(session, values={"type": "person", "name": "Ann", "company_id": company.id}, by=BY)
    edit_contact(session, company, {"territory_id": south.id}, by=BY)
    session.refresh(person)
    assert person.territory_id == south.id
    setup.inherit_territory = False
    edit_contact(session, company, {"territory_id": north.id}, by=BY)
    session.refresh(person)
    assert person.territory_id == south.id
