"""The real customer file: unquoted commas, NULL, country names, accents, and importing it again."""

import json

import pytest
from sqlalchemy import func, select

from domain.contacts.imports.columns import guess_surplus_column
from domain.contacts.imports.run import change_settings, dry_run, run_import
from domain.contacts.imports.settings import ImportSettings
from domain.contacts.imports.undo import undo_import
from domain.contacts.models import COMPANY, PERSON, Contact


@pytest.fixture
def northwind(shared):
    return (shared / "data" / "northwind-customers.csv").read_bytes()


def counts(session):
    rows = session.execute(select(Contact.type, func.count()).group_by(Contact.type)).all()
    return dict(list(map(tuple, rows)))


def joined(session, started, by):
    settings = ImportSettings.from_json(started.settings)
    settings.surplus = guess_surplus_column(settings.columns)
    change_settings(session, started, settings, by=by)


def test_the_columns_are_guessed(session, started, northwind):
    columns = ImportSettings.from_json(started(northwind).settings).columns
    assert columns == [
        "external_id", "company_name", "person_name", "job_title", "address", "city",
        "county", "post_code", "country", "phone", "fax",
    ]  # fmt: skip


def test_the_dry_run_names_24_rows_with_a_cell_too_many_and_guesses_the_address(session, started, northwind):
    plan = dry_run(session, started(northwind))
    assert plan.surplus_rows == len(plan.failed_rows) == 24
    assert str(plan.problems[0].message) == "The row has 12 cells for 11 headings: 1 too many."
    assert plan.counts["created"] == {COMPANY: 67, PERSON: 67}
    assert plan.sheet.headings[guess_surplus_column(plan.settings.columns)] == "address"


def test_without_joining_67_companies_and_67_persons_come_in(session, started, northwind, by):
    begun = started(northwind)
    run_import(session, begun, by=by)
    assert counts(session) == {COMPANY: 67, PERSON: 67}
    assert json.loads(begun.counts)["failed"] == 24


def test_with_joining_all_91_come_in_with_accents_and_addresses_intact(session, started, northwind, by):
    begun = started(northwind)
    joined(session, begun, by)
    run_import(session, begun, by=by)
    assert counts(session) == {COMPANY: 91, PERSON: 91}
    blondel = session.scalar(select(Contact).where(Contact.name == "Blondesddsl père et fils"))
    assert (blondel.address, blondel.city, blondel.country.code, blondel.county) == (
        "24, place Kléber",
        "Strasbourg",
        "FR",
        "",
    )
    person = session.scalar(select(Contact).where(Contact.name == "Frédérique Citeaux"))
    assert (person.company_id, person.company_name, person.address) == (blondel.id, blondel.name, blondel.address)
    assert (person.job_title, person.first_name, person.surname) == ("Marketing Manager", "Frédérique", "Citeaux")
    assert person.phone == blondel.phone == "88.60.15.31"
    assert not list(session.scalars(select(Contact).where(Contact.country_id.is_(None))))


def test_the_same_file_again_creates_nothing_twice(session, started, northwind, by):
    for _ in range(2):
        begun = started(northwind)
        joined(session, begun, by)
        plan = dry_run(session, begun)
        run_import(session, begun, by=by)
    assert plan.counts == {
        "created": {COMPANY: 0, PERSON: 0},
        "updated": {COMPANY: 0, PERSON: 0},
        "unchanged": {COMPANY: 91, PERSON: 91},
    }
    assert counts(session) == {COMPANY: 91, PERSON: 91}


def test_undo_removes_what_came_in(session, started, northwind, by):
    begun = started(northwind)
    joined(session, begun, by)
    run_import(session, begun, by=by)
    undone = undo_import(session, begun, by=by)
    assert (undone.removed, undone.kept) == (182, 0)
    assert counts(session) == {}
