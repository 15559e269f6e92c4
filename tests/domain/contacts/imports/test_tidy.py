"""What imports keep of people goes when nobody needs it any more (decision 0021)."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from sqlalchemy import select

from domain.contacts.delete import delete_contact
from domain.contacts.imports.run import begin_import, dry_run, run_import
from domain.contacts.imports.tidy import tidy_imports
from domain.contacts.imports.undo import undo_import
from domain.contacts.models import Contact, ContactImport, ContactImportRow
from domain.errors import RuleViolation
from tests.factories.contacts import make_contact
from tests.factories.setup import NOW

FILE = b"No.;Type;Name;City\nA;company;Acme;Oslo\nB;company;;Bergen\n"


@pytest.fixture(autouse=True)
def _office(office):
    """The imports stand in an office."""


@pytest.fixture
def done(session, by):
    make_contact(session, "A", name="Acme", city="Turku")
    started = begin_import(session, FILE, file_name="customers.csv", by=by)
    run_import(session, started, by=by)
    session.commit()
    return started


def after(days):
    return NOW + dt.timedelta(days=days)


def test_an_import_that_was_never_run_goes_after_thirty_days(session, by):
    begin_import(session, FILE, file_name="customers.csv", by=by)
    assert tidy_imports(session, now=after(29)) == (0, 0)
    assert tidy_imports(session, now=after(31)) == (1, 0)
    assert session.scalars(select(ContactImport)).all() == []


def test_file_former_values_and_problems_go_after_ninety_days(session, done, by):
    row = session.scalars(select(ContactImportRow)).one()
    assert json.loads(row.before)["city"] == "Turku"
    assert "problems" in json.loads(done.counts)
    assert tidy_imports(session, now=after(89)) == (0, 0)
    assert tidy_imports(session, now=after(91)) == (0, 1)
    session.expire_all()
    assert (done.document_id, row.before) == (None, "")
    counts = json.loads(done.counts)
    assert "problems" not in counts
    assert sum(counts["updated"].values()) == 1
    assert tidy_imports(session, now=after(92)) == (0, 0)


def test_after_that_it_cannot_be_undone_or_read(session, done, by):
    tidy_imports(session, now=after(91))
    with pytest.raises(RuleViolation, match="90 days"):
        undo_import(session, done, by=by)
    with pytest.raises(RuleViolation, match="deleted after 90 days"):
        dry_run(session, done)


def test_b16_former_values_go_with_their_contact(session, done, by):
    """B16: a deleted contact leaves nothing of its own behind, in no import either."""
    row = session.scalars(select(ContactImportRow)).one()
    contact = session.get_one(Contact, row.contact_id)
    assert json.loads(row.before)["city"] == "Turku"
    delete_contact(session, contact, by=by)
    session.expire_all()
    assert (row.contact_id, row.before) == (None, "")
    assert undo_import(session, done, by=by).restored == 0
