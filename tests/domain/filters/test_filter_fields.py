"""Every field of contacts and of the log can be filtered on this database; contacts with and without a row."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from domain.contacts.filter_fields import CONTACT_FILTERS
from domain.contacts.models import Contact
from domain.filters.fields import Kind
from domain.filters.read import read_filter, read_filters
from domain.filters.reader import reader_of
from domain.filters.sql import condition_of, conditions_of, contacts_with
from domain.interactions.filter_fields import CONTACT_FILTERS_WITH_LOG, ENTRY_FILTERS
from domain.types import Code
from tests.domain.filters.table import reader
from tests.factories.contacts import make_contact
from tests.factories.interactions import make_entry
from tests.factories.setup import make_actor, make_office, make_salesperson

EXAMPLES = {
    Kind.TEXT: "a*|<>b",
    Kind.CODE: "a*|b|''",
    Kind.NUMBER: "1..5|>7",
    Kind.AMOUNT: "1.50..|<>0",
    Kind.DATE: "-1M..t|''",
    Kind.MOMENT: "week|<>t",
    Kind.OPTION: "<>''",
    Kind.BOOLEAN: "<>yes",
}


@pytest.mark.parametrize("table", [CONTACT_FILTERS_WITH_LOG, ENTRY_FILTERS], ids=lambda table: table.key)
def test_every_field_can_be_filtered(session, table):
    for field in table:
        one = read_filter(field, EXAMPLES[field.kind], reader())
        assert session.scalars(select(table.row_id).where(condition_of(one))).all() == [], field.key
    assert set(table.shown) <= set(table.fields)


def test_codes_are_columns_that_compare_by_code_point():
    for table in (CONTACT_FILTERS_WITH_LOG, ENTRY_FILTERS):
        for field in table:
            if field.kind is Kind.CODE:
                column = field.reference.code if field.reference else field.column
                assert isinstance(column.type, Code), field.key


def nos(session, table, **texts):
    typed = read_filters(table, texts, reader())
    assert not typed.refused
    return set(session.scalars(select(Contact.no).where(*conditions_of(typed.filters))))


def test_contacts_by_what_is_known_of_them(session):
    person = make_salesperson(session, "HR")
    company = make_contact(session, "C1", name="Åsa Konsult", post_code="75001", salesperson_id=person.id)
    make_contact(session, "C2", name="Beta", post_code="1200", privacy_blocked=True)
    make_contact(session, "P1", name="Pia Ek", company=company, post_code="7500")
    make_entry(session, company, date=dt.date(2026, 1, 10))
    make_entry(session, company, date=dt.date(2026, 1, 12), canceled=True)
    table = CONTACT_FILTERS_WITH_LOG
    assert nos(session, table, name="å*") == {"C1"}
    assert nos(session, table, post_code="75*", salesperson="HR|BC") == {"C1"}
    assert nos(session, table, salesperson="''") == {"C2", "P1"}
    assert nos(session, table, type="person|company", privacy_blocked="no") == {"C1", "P1"}
    assert nos(session, table, company_no="c1") == {"C1", "P1"}
    assert nos(session, table, last_interaction="10.1.2026") == {"C1"}
    assert nos(session, table, last_interaction="..t-1Y|''") == {"C2", "P1"}
    assert nos(session, table, interactions="0") == {"C2", "P1"}
    assert nos(session, table, interactions="1..") == {"C1"}


def test_a_row_of_the_log_counts_for_the_person_and_the_company(session):
    company = make_contact(session, "C1")
    pia = make_contact(session, "P1", company=company)
    make_contact(session, "C2")
    make_entry(session, pia, date=dt.date(2026, 1, 10), evaluation="positive")
    make_entry(session, None, date=dt.date(2026, 1, 10), evaluation="positive")
    typed = read_filters(ENTRY_FILTERS, {"date": "month", "evaluation": "Positive|Very positive"}, reader())
    found = contacts_with(ENTRY_FILTERS, typed.filters)
    assert set(session.scalars(select(Contact.no).where(Contact.id.in_(found)))) == {"C1", "P1"}
    assert set(session.scalars(select(Contact.no).where(Contact.id.not_in(found)))) == {"C2"}
    by_contact = contacts_with(CONTACT_FILTERS, read_filters(CONTACT_FILTERS, {"no": "P*"}, reader()).filters)
    assert set(session.scalars(by_contact)) == {pia.id}


def test_the_reader_of_a_user_has_the_office_and_the_salesperson(session):
    office = make_office(session)
    office.currency, office.time_zone = "JPY", "Asia/Tokyo"
    person = make_salesperson(session, "HR")
    one = reader_of(session, make_actor(salesperson_id=person.id))
    assert (one.currency_digits, one.time_zone, one.salesperson) == (0, "Asia/Tokyo", "HR")
