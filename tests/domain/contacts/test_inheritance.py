"""What persons take over when their company changes (contacts.md 2.1 B)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.contacts.edit import edit_contact
from domain.contacts.models import ContactEmail
from domain.contacts.queries import find_contact, look_up
from tests.factories.contacts import make_contact, make_country, make_setup
from tests.factories.setup import make_actor, make_language, make_salesperson


@pytest.fixture(autouse=True)
def setup(session):
    return make_setup(session)


def edit(session, contact, **changes):
    return edit_contact(session, contact, changes, by=make_actor())


def test_the_worked_example(session):
    """Company in Oslo, salesperson A; P1 holds the same, P2 another city and salesperson B. The company moves to
    Bergen and gets salesperson X: P1 gets Bergen and X, P2 keeps its own; P1's county follows, its country by its
    own switch."""
    a, b, x = (make_salesperson(session, code).id for code in "ABX")
    norway, sweden = make_country(session, "NO").id, make_country(session, "SE").id
    street = {"address": "Storgata 1", "post_code": "0155"}
    company = make_contact(session, **street, city="Oslo", county="Oslo county", country_id=norway, salesperson_id=a)
    p1 = make_contact(
        session, company=company, **street, city="Oslo", county="mine", country_id=norway, salesperson_id=a
    )
    p2 = make_contact(session, company=company, **street, city="Hamar", country_id=sweden, salesperson_id=b)
    change = edit(session, company, city="Bergen", county="Vestland", salesperson_id=x)
    assert change.persons == 1
    assert (p1.city, p1.county, p1.salesperson_id, p1.country_id) == ("Bergen", "Vestland", x, norway)
    assert (p1.address, p1.post_code) == ("Storgata 1", "0155")
    assert (p2.city, p2.county, p2.salesperson_id, p2.country_id) == ("Hamar", "", b, sweden)


def test_the_country_follows_by_its_own_switch(session, setup):
    norway, sweden, finland = (make_country(session, code).id for code in ("NO", "SE", "FI"))
    company = make_contact(session, country_id=norway, city="Oslo", post_code="1")
    same = make_contact(session, company=company, country_id=norway, city="Oslo", post_code="1")
    own = make_contact(session, company=company, country_id=finland, city="Turku")
    edit(session, company, country_id=sweden)
    assert (same.country_id, same.city, same.post_code) == (sweden, "", "")
    assert (own.country_id, own.city) == (finland, "Turku")
    setup.inherit_country = False
    edit(session, company, country_id=norway)
    assert same.country_id == sweden


def test_a_deliberate_language_survives(session):
    eng, sve, deu = (make_language(session, code).id for code in ("ENG", "SVE", "DEU"))
    company = make_contact(session, language="ENG")
    same, own = (
        make_contact(session, company=company, language="ENG"),
        make_contact(session, company=company, language="DEU"),
    )
    blank = make_contact(session, company=company, language=None)
    edit(session, company, language_id=sve)
    assert (same.language_id, own.language_id, blank.language_id) == (sve, deu, None)
    assert eng != sve


def test_a_blank_that_is_filled_is_passed_on_to_persons_who_had_none(session):
    company = make_contact(session, language=None)
    blank, own = (
        make_contact(session, company=company, language=None),
        make_contact(session, company=company, language="DEU"),
    )
    sve = make_language(session, "SVE").id
    edit(session, company, language_id=sve, phone="12")
    assert (blank.language_id, blank.phone) == (sve, "12")
    assert own.language_id != sve


@pytest.mark.parametrize("field", ["phone", "mobile", "fax", "home_page"])
def test_each_way_to_reach_somebody_follows_alone(session, field):
    company = make_contact(session, **{field: "1"})
    same, own = (
        make_contact(session, company=company, **{field: "1"}),
        make_contact(session, company=company, **{field: "9"}),
    )
    edit(session, company, **{field: "2"})
    assert (getattr(same, field), getattr(own, field)) == ("2", "9")


def test_the_correspondence_type_is_not_passed_on(session):
    company = make_contact(session, correspondence_type="email")
    person = make_contact(session, company=company, correspondence_type="email")
    assert edit(session, company, correspondence_type="hard_copy").persons == 0
    assert person.correspondence_type == "email"


def test_the_e_mail_address_follows_and_can_be_found(session):
    company = make_contact(session, email="a@old.no")
    person = make_contact(session, company=company, email="a@old.no")
    edit(session, company, email="a@new.no;b@new.no")
    assert person.email == "a@new.no;b@new.no"
    keys = session.scalars(select(ContactEmail.address_key).where(ContactEmail.contact_id == person.id))
    assert set(keys) == {"a@new.no", "b@new.no"}


def test_the_company_name_always_follows(session, setup):
    setup.inherit_address = setup.inherit_communication = False
    company = make_contact(session, name="Acme")
    person = make_contact(session, company=company, name="Anna Berg")
    other = make_contact(session, company=make_contact(session, name="Other"))
    assert edit(session, company, name="Zeta").persons == 1
    assert (company.company_name, person.company_name, other.company_name) == ("Zeta", "Zeta", "Other")
    assert person.list_key.startswith("zeta\x1f")
    assert [row.id for row in look_up(session, "zeta anna").rows] == [person.id]
    assert look_up(session, "acme").rows == []
    assert find_contact(session, "zeta") is company


def test_the_address_follows_only_where_it_is_switched_on(session, setup):
    setup.inherit_address = False
    company = make_contact(session, city="Oslo")
    person = make_contact(session, company=company, city="Oslo")
    edit(session, company, city="Bergen")
    assert person.city == "Oslo"


def test_a_company_with_many_persons_is_renamed_in_few_statements(session, statements):
    company = make_contact(session, name="Acme", city="Oslo")
    for _ in range(200):
        make_contact(session, company=company, city="Oslo")
    with statements() as asked:
        assert edit(session, company, name="Zeta", city="Bergen").persons == 200
    assert len([s for s in asked if "SAVEPOINT" not in s]) <= 10


def test_the_version_of_a_person_who_follows_grows(session):
    company = make_contact(session, city="Oslo")
    person = make_contact(session, company=company, city="Oslo")
    version = person.version
    edit(session, company, city="Bergen")
    assert person.version == version + 1
