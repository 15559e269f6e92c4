"""Verbs of the setup that write several tables: when the last write fails, nothing remains."""

from __future__ import annotations

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from domain.campaigns.campaigns import create_campaign
from domain.campaigns.models import Campaign
from domain.contacts.models import Salutation, SalutationFormula
from domain.contacts.starting_salutations import create_salutations
from domain.database import writing
from domain.setup.models import CompanyInformation, Counter, Country, Language, MarketingSetup, NumberSeries
from domain.setup.queries import get_number_series
from domain.setup.start import create_office
from tests.databases import empty_tables
from tests.factories.setup import make_actor, make_office

BY = make_actor()


class Broken(Exception):
    """What the failing database says."""


@pytest.fixture
def failing(engine):
    """`failing("INTO campaign ")`: statements with this text fail from now on."""
    listeners = []

    def fail(part):
        def listener(connection, cursor, statement, *more):
            if part in statement:
                raise Broken

        event.listen(engine, "before_cursor_execute", listener)
        listeners.append(listener)

    yield fail
    for listener in listeners:
        event.remove(engine, "before_cursor_execute", listener)
    empty_tables(engine)


def count(engine, *tables):
    with Session(engine) as session:
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def test_a_new_office(engine, failing):
    failing("INTO marketing_setup ")
    with Session(engine) as session, pytest.raises(Broken), writing(session):
        create_office(session, name="A", currency="EUR", time_zone="UTC", by=BY)
    tables = (CompanyInformation, MarketingSetup, NumberSeries, Language, Country, Counter)
    assert count(engine, *tables) == [0] * len(tables)


def test_its_salutations(engine, failing):
    with Session(engine) as session, writing(session):
        create_office(session, name="A", currency="EUR", time_zone="UTC", by=BY)
    failing("UPDATE marketing_setup ")
    with Session(engine) as session, pytest.raises(Broken), writing(session):
        create_salutations(session, by=BY)
    assert count(engine, Salutation, SalutationFormula) == [0, 0]


def test_a_campaign_and_its_number(engine, failing):
    with Session(engine) as session, writing(session):
        make_office(session)
    failing("INTO campaign ")
    with Session(engine) as session, pytest.raises(Broken), writing(session):
        create_campaign(session, by=BY)
    assert count(engine, Campaign) == [0]
    with Session(engine) as session:
        assert get_number_series(session, "CAMP").lines[0].last_no == ""
