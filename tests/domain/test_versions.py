"""Rows that people edit notice at the moment of writing that somebody else has changed them (architecture 3, B26)."""

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.orm.exc import StaleDataError

from domain.accounts.models import User
from domain.campaigns.models import Campaign
from domain.contacts.models import AltAddress, AltAddressRange, Contact, Salutation, SalutationFormula
from domain.interaction_templates.models import InteractionGroup, InteractionTemplate, InteractionTemplateLanguage
from domain.segments.models import Segment, SegmentInteractionLanguage, SegmentLine
from domain.setup.models import (
    CompanyInformation,
    Country,
    Language,
    MarketingSetup,
    NumberSeries,
    NumberSeriesLine,
    Salesperson,
)
from tests.factories.setup import make_number_series, make_salesperson

EDITED = (
    AltAddress,
    AltAddressRange,
    Campaign,
    CompanyInformation,
    Contact,
    Country,
    InteractionGroup,
    InteractionTemplate,
    InteractionTemplateLanguage,
    Language,
    MarketingSetup,
    NumberSeries,
    NumberSeriesLine,
    Salesperson,
    Salutation,
    SalutationFormula,
    Segment,
    SegmentInteractionLanguage,
    SegmentLine,
    User,
)


@pytest.mark.parametrize("table", EDITED)
def test_a_row_that_people_edit_has_a_version(table):
    assert table.__mapper__.version_id_col is not None


def _country(session):
    session.execute(insert(Country).values(code="XX", name="Somewhere"))
    return session.scalars(select(Country).where(Country.code == "XX")).one()


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (_country, "name"),
        (lambda session: make_salesperson(session, "AB"), "name"),
        (lambda session: make_number_series(session, "X", "X001"), "description"),
    ],
)
def test_a_row_changed_by_somebody_else_since_it_was_read_is_not_written_over(session, make, field):
    row = make(session)
    table = type(row)
    session.execute(
        update(table).where(table.id == row.id).values(version=row.version + 1),
        execution_options={"synchronize_session": False},
    )
    setattr(row, field, "mine")
    with pytest.raises(StaleDataError):
        session.flush()
