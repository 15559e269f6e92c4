"""Which alternative address counts on a day (R-L05, contacts.md 2.16 a)."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import literal, select

from domain.contacts.alt_addresses import active_alt_address
from domain.contacts.models import AltAddress, Contact
from tests.factories.contacts import make_alt_address, make_contact


def code_on(session, contact, day):
    active = active_alt_address(Contact.id, literal(day))
    question = select(AltAddress.code).join(Contact, AltAddress.id == active).where(Contact.id == contact.id)
    return session.scalar(question) or ""


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (dt.date(2025, 12, 31), ""),
        (dt.date(2026, 1, 1), "HOME"),
        (dt.date(2026, 5, 31), "HOME"),
        (dt.date(2026, 6, 1), "SUMMER"),
        (dt.date(2026, 7, 10), "SUMMER"),
        (dt.date(2026, 8, 31), "SUMMER"),
        (dt.date(2026, 9, 1), "HOME"),
    ],
)
def test_among_overlapping_ranges_the_latest_start_counts(session, day, code):
    contact = make_contact(session)
    make_alt_address(session, contact, "HOME", ranges=[(dt.date(2026, 1, 1), None)])
    make_alt_address(session, contact, "SUMMER", ranges=[(dt.date(2026, 6, 1), dt.date(2026, 8, 31))])
    assert code_on(session, contact, day) == code


def test_the_ranges_of_another_contact_do_not_count(session):
    make_alt_address(session, make_contact(session), "HOME", ranges=[(dt.date(2026, 1, 1), None)])
    assert code_on(session, make_contact(session), dt.date(2026, 7, 1)) == ""
