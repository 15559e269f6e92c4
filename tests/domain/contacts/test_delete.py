"""Deleting contacts (contacts.md 2.5, B16)."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from domain.contacts.delete import delete_contact, deletion_consequences
from domain.contacts.models import AltAddress, AltAddressRange, Contact, ContactEmail
from domain.contacts.queries import look_up
from domain.errors import Forbidden, RuleViolation
from domain.references import delete_row
from tests.domain.contacts.worksheet import put_on_segment
from tests.factories.contacts import make_alt_address, make_contact
from tests.factories.interactions import make_entry
from tests.factories.setup import make_actor


def delete(session, contact, by=None):
    delete_contact(session, contact, by=by or make_actor())


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def test_a_contact_goes_with_its_addresses(session):
    contact = make_contact(session, name="Nordlys", email="a@example.com")
    make_alt_address(session, contact, ranges=[(dt.date(2026, 1, 1), None)])
    delete(session, contact)
    assert [count(session, table) for table in (Contact, ContactEmail, AltAddress, AltAddressRange)] == [0, 0, 0, 0]
    assert look_up(session, "nordlys").rows == []


def test_the_interactions_of_a_person_go_to_its_company(session):
    company = make_contact(session)
    person = make_contact(session, company=company, name="Anna")
    entry = make_entry(session, person)
    assert deletion_consequences(session, person).history == 1
    delete(session, person)
    session.refresh(entry)
    assert (entry.contact_id, entry.company_id, entry.contact_name) == (company.id, company.id, "")


def test_the_interactions_of_a_person_without_company_stay_without_contact(session):
    person = make_contact(session, type="person")
    entry = make_entry(session, person)
    delete(session, person)
    session.refresh(entry)
    assert (entry.contact_id, entry.company_id) == (None, None)


def test_a_company_goes_with_its_persons_and_the_log_stays(session):
    company, other = make_contact(session), make_contact(session)
    person = make_contact(session, company=company)
    entries = [make_entry(session, company), make_entry(session, person)]
    consequences = deletion_consequences(session, company)
    assert (consequences.persons, consequences.history, consequences.refusal) == (1, 1, None)
    delete(session, company)
    assert list(session.scalars(select(Contact.id))) == [other.id]
    for entry in entries:
        session.refresh(entry)
        assert (entry.contact_id, entry.company_id) == (None, None)


def test_a_contact_on_an_open_segment_is_not_deleted(session):
    contact = make_contact(session, name="Nordlys")
    put_on_segment(session, contact)
    with pytest.raises(RuleViolation, match=r"The contact Nordlys is on an open segment\. Remove it there first\."):
        delete(session, contact)
    assert str(deletion_consequences(session, contact).refusal).startswith("The contact Nordlys is on an open segment")


def test_a_person_on_an_open_segment_keeps_its_company_from_going(session):
    company = make_contact(session, name="Nordlys")
    make_contact(session, company=company, name="Free")
    put_on_segment(session, make_contact(session, company=company, name="Anna"))
    with pytest.raises(RuleViolation, match="The contact Anna is on an open segment"):
        delete(session, company)
    assert count(session, Contact) == 3


def test_removed_and_frozen_lines_lose_the_contact(session):
    contact = make_contact(session)
    lines = [put_on_segment(session, contact, logged=True), put_on_segment(session, contact, removed=True)]
    delete(session, contact)
    for line in lines:
        session.refresh(line)
        assert line.contact_id is None


@pytest.mark.parametrize(("role", "may"), [("read_only", False), ("salesperson", False), ("marketing", True)])
def test_who_may_delete(session, role, may):
    contact = make_contact(session)
    if may:
        delete(session, contact, by=make_actor(role=role))
        assert count(session, Contact) == 0
    else:
        with pytest.raises(Forbidden):
            delete(session, contact, by=make_actor(role=role))


def test_when_the_last_write_fails_nothing_is_gone(session, monkeypatch):
    company = make_contact(session)
    entry = make_entry(session, make_contact(session, company=company))

    def partly(*values, **options):
        delete_row(*values, **options)
        raise RuntimeError("the last write fails")

    monkeypatch.setattr("domain.contacts.delete.delete_row", partly)
    with pytest.raises(RuntimeError), session.begin_nested():
        delete(session, company)
    session.expire_all()
    assert count(session, Contact) == 2
    assert session.get(type(entry), entry.id).contact_id is not None
