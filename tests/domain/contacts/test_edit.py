"""Editing contacts: names, number, country, type, company (contacts.md 1.1, 2.3, 2.4, 2.10)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.contacts.edit import edit_contact
from domain.contacts.models import Contact
from domain.contacts.queries import look_up
from domain.errors import Forbidden, RuleViolation
from domain.setup.models import NumberSeries
from tests.domain.contacts.worksheet import put_on_segment
from tests.factories.contacts import make_contact, make_country, make_salutation, make_setup
from tests.factories.interactions import make_entry
from tests.factories.setup import make_actor, make_salesperson


@pytest.fixture(autouse=True)
def setup(session):
    return make_setup(session)


def edit(session, contact, *, along=False, by=None, **changes):
    return edit_contact(session, contact, changes, by=by or make_actor(), along=along)


def test_only_what_differs_counts_as_a_change(session):
    contact = make_contact(session, city="Oslo")
    version = contact.version
    assert edit(session, contact, city="Oslo").fields == frozenset()
    assert contact.version == version
    assert edit(session, contact, city=" Bergen ").fields == {"city"}
    assert (contact.city, contact.modified_by) == ("Bergen", "Tester")


def test_the_search_name_follows_the_name_until_it_is_changed(session):
    contact = make_contact(session, name="Acme")
    edit(session, contact, name="Beta")
    assert contact.search_name == "BETA"
    edit(session, contact, search_name="mine")
    edit(session, contact, name="Gamma")
    assert contact.search_name == "MINE"


def test_a_new_name_of_a_person_is_split_and_its_parts_build_the_name(session):
    """SAL-006, SAL-007."""
    person = make_contact(session, type="person", name="Anna Berg")
    edit(session, person, name="Anna Maria Berg")
    assert (person.first_name, person.middle_name, person.surname) == ("Anna", "Maria", "Berg")
    edit(session, person, middle_name="")
    assert person.name == "Anna Berg"
    edit(session, person, surname="von Berg")
    assert (person.name, person.surname) == ("Anna von Berg", "von Berg")


def test_a_contact_is_found_by_its_new_name(session):
    contact = make_contact(session, name="Acme")
    edit(session, contact, name="Nordlys")
    assert [row.id for row in look_up(session, "nordl").rows] == [contact.id]
    assert look_up(session, "acme").rows == []


def test_a_contact_keeps_a_name(session):
    with pytest.raises(RuleViolation, match="A contact needs a name"):
        edit(session, make_contact(session), name="")


def test_another_country_clears_postcode_city_and_county(session):
    sweden, norway = make_country(session, "SE"), make_country(session, "NO")
    contact = make_contact(
        session, country_id=sweden.id, post_code="1", city="Stockholm", county="Sth", address="Storgatan"
    )
    assert edit(session, contact, country_id=norway.id).fields == {"country_id", "post_code", "city", "county"}
    assert (contact.post_code, contact.city, contact.county, contact.address) == ("", "", "", "Storgatan")


def test_a_first_country_clears_nothing(session):
    contact = make_contact(session, city="Oslo")
    edit(session, contact, country_id=make_country(session, "NO").id)
    assert contact.city == "Oslo"


def test_another_country_with_its_city_keeps_the_city(session):
    contact = make_contact(session, country_id=make_country(session, "SE").id, city="Stockholm", post_code="1")
    edit(session, contact, country_id=make_country(session, "NO").id, city="Oslo")
    assert (contact.city, contact.post_code) == ("Oslo", "")


def test_a_contact_is_renumbered_where_the_series_allows_typed_numbers(session, setup):
    """2.10."""
    company = make_contact(session, no="C1", name="Acme")
    person = make_contact(session, no="P1", name="Anna", company=company)
    edit(session, company, no="x9")
    assert company.no == "X9"
    session.refresh(person)
    assert person.company_id == company.id
    assert person.list_key.split("\x1f")[1] == "X9"
    with pytest.raises(RuleViolation, match="P1 is already in use"):
        edit(session, company, no="P1")


def test_a_series_without_typed_numbers_refuses_a_new_number(session, setup):
    session.get_one(NumberSeries, setup.contact_series_id).manual = False
    with pytest.raises(RuleViolation, match="does not allow typed numbers"):
        edit(session, make_contact(session), no="X9")


def test_what_only_the_other_type_has_is_refused(session):
    with pytest.raises(RuleViolation, match="Only companies have this"):
        edit(session, make_contact(session, type="person"), vat_no="SE1")
    with pytest.raises(RuleViolation, match="Only persons have this"):
        edit(session, make_contact(session), job_title="Boss")


def test_a_company_becomes_a_person(session, setup):
    """2.3."""
    setup.default_person_salutation_id = make_salutation(session, "UNISEX").id
    contact = make_contact(session, name="Anna Maria Berg", registration_no="R1")
    edit(session, contact, type="person")
    assert (contact.company_id, contact.company_name, contact.registration_no) == (None, "", "")
    assert (contact.first_name, contact.surname) == ("Anna", "Berg")
    assert contact.salutation_id == setup.default_person_salutation_id


def test_a_person_becomes_a_company(session, setup):
    """2.3."""
    setup.default_company_salutation_id = make_salutation(session, "COMPANY").id
    person = make_contact(session, name="Anna Berg", company=make_contact(session), job_title="Boss")
    edit(session, person, type="company")
    assert (person.company_id, person.company_name) == (person.id, "Anna Berg")
    assert (person.first_name, person.surname, person.job_title) == ("", "", "")
    assert person.salutation_id == setup.default_company_salutation_id


@pytest.mark.parametrize(("type", "other"), [("company", "person"), ("person", "company")])
def test_a_contact_with_interactions_keeps_its_type(session, type, other):
    """CON-D05."""
    contact = make_contact(session, type=type)
    make_entry(session, contact)
    with pytest.raises(RuleViolation, match="has 1 interaction or task, so the type cannot change") as refused:
        edit(session, contact, type=other)
    assert refused.value.field == "type"


def test_a_company_with_persons_or_a_vat_number_stays_one(session):
    company = make_contact(session, vat_no="SE1")
    person = make_contact(session, company=company)
    with pytest.raises(RuleViolation, match="has 1 person"):
        edit(session, company, type="person")
    edit(session, person, company_id=None)
    with pytest.raises(RuleViolation, match="has a VAT registration No"):
        edit(session, company, type="person")
    edit(session, company, vat_no="")
    edit(session, company, type="person")
    assert company.type == "person"


def test_a_person_gets_a_company_and_its_data(session):
    """2.1 A, CON-004, CON-016."""
    salesperson = make_salesperson(session)
    company = make_contact(
        session,
        name="Acme",
        address="Main Road",
        address_2="B",
        city="Oslo",
        post_code="1",
        salesperson_id=salesperson.id,
    )
    person = make_contact(session, type="person", salesperson_id=make_salesperson(session).id)
    change = edit(session, person, company_id=company.id)
    assert (person.company_id, person.company_name) == (company.id, "Acme")
    assert (person.address, person.address_2, person.city, person.post_code) == ("Main Road", "B", "Oslo", "1")
    assert person.salesperson_id == salesperson.id
    assert {"company_id", "address", "salesperson_id"} <= change.fields
    assert person.list_key.startswith("acme\x1f")


def test_a_person_changes_company_address_and_phone_only_where_they_were_the_old_ones(session):
    """2.1 A."""
    old = make_contact(session, address="Old Road", city="Oslo", post_code="1", county="X", phone="1", email="a@old.no")
    new = make_contact(
        session, address="New Road", city="Bergen", post_code="2", county="Y", phone="2", email="a@new.no"
    )
    same = make_contact(
        session, company=old, address="Old Road", city="Oslo", post_code="1", phone="1", email="me@old.no"
    )
    other = make_contact(
        session, company=old, address="Old Road", city="Hamar", post_code="1", phone="9", email="a@old.no"
    )
    edit(session, same, company_id=new.id)
    edit(session, other, company_id=new.id)
    assert (same.address, same.city, same.county, same.phone, same.email) == (
        "New Road",
        "Bergen",
        "Y",
        "2",
        "me@old.no",
    )
    assert (other.address, other.city, other.county, other.phone, other.email) == (
        "Old Road",
        "Hamar",
        "",
        "9",
        "a@new.no",
    )


def test_a_person_on_an_open_segment_keeps_its_company(session):
    """2.4."""
    person = make_contact(session, company=make_contact(session), name="Anna")
    line = put_on_segment(session, person)
    with pytest.raises(RuleViolation, match="The contact Anna is on an open segment"):
        edit(session, person, company_id=None)
    session.delete(line)
    put_on_segment(session, person, logged=True)
    put_on_segment(session, person, removed=True)
    edit(session, person, company_id=None)
    assert (person.company_id, person.company_name) == (None, "")


def test_the_history_of_a_person_stays_with_the_old_company(session):
    """2.4."""
    old, new = make_contact(session), make_contact(session)
    person = make_contact(session, company=old)
    entry = make_entry(session, person)
    assert edit(session, person, company_id=new.id).history == 1
    session.refresh(entry)
    assert (entry.contact_id, entry.company_id, entry.contact_no) == (old.id, old.id, person.no)


def test_the_history_may_be_taken_along(session):
    """2.4, the improvement."""
    old, new = make_contact(session), make_contact(session)
    person = make_contact(session, company=old)
    entry = make_entry(session, person)
    assert edit(session, person, company_id=new.id, along=True).history == 1
    session.refresh(entry)
    assert (entry.contact_id, entry.company_id) == (person.id, new.id)


def test_the_history_of_a_person_without_company_goes_to_the_first_one(session):
    """2.4; NAV leaves the company of the entry blank."""
    company, person = make_contact(session), make_contact(session, type="person")
    entry = make_entry(session, person)
    edit(session, person, company_id=company.id)
    session.refresh(entry)
    assert (entry.contact_id, entry.company_id) == (company.id, company.id)


def test_a_company_belongs_to_itself(session):
    with pytest.raises(RuleViolation, match="A company belongs to itself"):
        edit(session, make_contact(session), company_id=make_contact(session).id)


def test_the_e_mail_rows_follow(session):
    contact = make_contact(session, email="old@example.com")
    edit(session, contact, email="new@example.com; two@example.com")
    assert [row.id for row in look_up(session, "two@example").rows] == [contact.id]


def test_nothing_is_half_done_when_a_later_field_is_refused(session):
    contact = make_contact(session, city="Oslo")
    with pytest.raises(RuleViolation):
        edit(session, contact, city="Bergen", phone="abc")
    assert contact.city == "Oslo"


def test_read_only_changes_nothing(session):
    with pytest.raises(Forbidden):
        edit(session, make_contact(session), city="Oslo", by=make_actor(role="read_only"))


def test_an_unknown_field_is_a_mistake_of_ours(session):
    with pytest.raises(KeyError):
        edit(session, make_contact(session), colour="red")


def test_the_last_change_is_known(session):
    contact = make_contact(session)
    edit(session, contact, city="Oslo", by=make_actor(user_name="Åsa"))
    assert session.scalar(select(Contact.modified_by).where(Contact.id == contact.id)) == "Åsa"
