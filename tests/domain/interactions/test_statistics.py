"""Statistics of the log (segments.md 9 and its scenario 47, R-C01, R-P02)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from domain.errors import RuleViolation
from domain.interactions.filters import EntryFilters
from domain.interactions.periods import Period, chosen_range, moved, period_of, periods_of
from domain.interactions.queries import count_entries
from domain.interactions.statistics import SUBJECTS, statistics_by_period, statistics_by_subject
from domain.interactions.totals import InteractionFigures
from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_contact
from tests.factories.drafts import make_draft
from tests.factories.interaction_templates import make_group, make_template
from tests.factories.interactions import make_entry, make_logged_segment
from tests.factories.setup import make_salesperson

DAY = dt.date
NOVEMBER, DECEMBER = Period(DAY(2026, 11, 1), DAY(2026, 11, 30)), Period(DAY(2026, 12, 1), DAY(2026, 12, 31))
SUNDAY = 6
CODES = {"contact": "no", "campaign": "no", "segment": "entry_no"}


@pytest.mark.parametrize(
    ("unit", "begins", "first", "last"),
    [
        ("day", 0, DAY(2026, 11, 29), DAY(2026, 11, 29)),
        ("week", 0, DAY(2026, 11, 23), DAY(2026, 11, 29)),
        ("week", SUNDAY, DAY(2026, 11, 29), DAY(2026, 12, 5)),
        ("month", 0, DAY(2026, 11, 1), DAY(2026, 11, 30)),
        ("quarter", 0, DAY(2026, 10, 1), DAY(2026, 12, 31)),
        ("year", SUNDAY, DAY(2026, 1, 1), DAY(2026, 12, 31)),
    ],
)
def test_the_period_of_a_day_depends_on_where_weeks_begin(unit, begins, first, last):
    assert period_of(DAY(2026, 11, 29), unit, week_begins=begins) == Period(first, last)


def test_without_dates_the_usual_number_of_periods_up_to_the_current_one_is_shown():
    dates = chosen_range("month", first=None, last=None, today=DAY(2026, 11, 24))
    assert dates == Period(DAY(2025, 12, 1), DAY(2026, 11, 30))
    assert len(periods_of(dates, "month")) == 12
    late = chosen_range("year", first=DAY(2030, 5, 5), last=None, today=DAY(2026, 11, 24))
    assert late == Period(DAY(2030, 5, 5), DAY(2030, 12, 31))


def test_the_outer_periods_end_where_the_dates_do():
    dates = chosen_range("month", first=DAY(2026, 1, 15), last=DAY(2026, 3, 10), today=DAY(2026, 11, 24))
    assert periods_of(dates, "month") == [
        Period(DAY(2026, 1, 15), DAY(2026, 1, 31)),
        Period(DAY(2026, 2, 1), DAY(2026, 2, 28)),
        Period(DAY(2026, 3, 1), DAY(2026, 3, 10)),
    ]
    assert moved(dates, "month", -1) == Period(DAY(2025, 10, 1), DAY(2025, 12, 31))
    assert moved(dates, "month", 1) == Period(DAY(2026, 4, 1), DAY(2026, 6, 30))
    assert moved(Period(DAY(1900, 1, 1), DAY(1900, 12, 31)), "year", -1) is None
    assert moved(Period(DAY(2199, 1, 1), DAY(2199, 12, 31)), "year", 1) is None


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (DAY(2026, 2, 1), DAY(2026, 1, 1), "to"),
        (DAY(1, 1, 1), None, "from"),
        (None, DAY(9999, 12, 31), "to"),
    ],
)
def test_dates_no_log_has_are_refused(first, last, field):
    with pytest.raises(RuleViolation) as refusal:
        chosen_range("month", first=first, last=last, today=DAY(2026, 11, 24))
    assert refusal.value.field == field


def test_too_many_periods_are_refused():
    with pytest.raises(RuleViolation) as refusal:
        periods_of(Period(DAY(2020, 1, 1), DAY(2026, 1, 1)), "day")
    assert refusal.value.field == "from"


def test_cancelled_and_postponed_ones_do_not_count_and_dates_are_respected(session):
    """Scenario 47, R-P02."""
    anna = make_contact(session)
    make_entry(session, anna, date=DAY(2026, 11, 1), cost=1000, duration=10)
    make_entry(session, anna, date=DAY(2026, 11, 30), cost=501, duration=5)
    make_entry(session, anna, date=DAY(2026, 12, 1), cost=7)
    make_entry(session, anna, date=DAY(2026, 10, 31), cost=9)
    make_entry(session, anna, date=DAY(2026, 11, 5), cost=90, canceled=True)
    make_draft(session, anna, date=DAY(2026, 11, 5))
    asked = EntryFilters(company_id=anna.id, canceled=True, from_date=DAY(2000, 1, 1))
    november, december = statistics_by_period(session, asked, [NOVEMBER, DECEMBER])
    assert november == InteractionFigures(2, 1501, 15)
    assert (november.average_cost, november.average_duration) == (751, 8)
    assert december == InteractionFigures(1, 7, 0)
    assert statistics_by_period(session, EntryFilters(company_id=-1), [NOVEMBER]) == [InteractionFigures()]


def test_targets_and_responses_are_entries_not_contacts(session):
    """R-C01."""
    campaign, anna = make_campaign(session), make_contact(session)
    for target, response in ((True, False), (True, True), (True, False), (False, False)):
        make_entry(
            session,
            anna,
            date=DAY(2026, 11, 2),
            campaign_id=campaign.id,
            campaign_target=target,
            campaign_response=response,
            cost=100,
        )
    (figures,) = statistics_by_period(session, EntryFilters(campaign_id=campaign.id), [NOVEMBER])
    assert (figures.targets_contacted, figures.responded, figures.response_rate) == (3, 1, Decimal("33.3"))
    assert (figures.cost_per_response, figures.duration_per_response) == (400, 0)


@pytest.fixture
def owners(session):
    """One thing of every kind."""
    return {
        "group": make_group(session),
        "template": make_template(session),
        "salesperson": make_salesperson(session),
        "campaign": make_campaign(session),
        "contact": make_contact(session),
        "segment": make_logged_segment(session),
    }


@pytest.mark.parametrize("kind", SUBJECTS)
def test_what_interactions_belong_to_is_listed_with_most_first(session, owners, kind):
    owner = owners[kind]
    columns = {"contact": "company_id", "segment": "logged_segment_id"}
    mine = {columns.get(kind, f"{kind}_id"): owner.id}
    for day in (DAY(2026, 11, 2), DAY(2026, 12, 2), DAY(2026, 12, 3)):
        make_entry(session, date=day, cost=100, **mine)
    make_entry(session, date=DAY(2026, 12, 2), cost=900, canceled=True, **mine)
    make_entry(session, date=DAY(2026, 12, 5), cost=5)
    found = statistics_by_subject(session, EntryFilters(), [NOVEMBER, DECEMBER], kind, each_period=True)
    first, blank = found.rows
    assert first.code == str(getattr(owner, CODES.get(kind, "code")))
    assert first.figures == InteractionFigures(3, 300)
    assert first.by_period == (InteractionFigures(1, 100), InteractionFigures(2, 200))
    assert first.is_company == (kind == "contact")
    assert (blank.code, blank.by_period) == ("", (InteractionFigures(), InteractionFigures(1, 5)))
    assert (found.total, found.more) == (InteractionFigures(4, 305), False)
    assert found.total.interactions == count_entries(session, EntryFilters(canceled=False))


def test_of_very_many_the_first_are_shown_and_all_are_counted(session):
    for contacts in (1, 2, 3):
        contact = make_contact(session)
        for _ in range(contacts):
            make_entry(session, contact, date=DAY(2026, 11, 2))
    found = statistics_by_subject(session, EntryFilters(), [NOVEMBER], "contact", limit=2)
    assert [row.figures.interactions for row in found.rows] == [3, 2]
    assert (found.total.interactions, found.more) == (6, True)


def test_a_person_without_company_stands_for_itself(session):
    company = make_contact(session)
    person, alone = make_contact(session, company=company), make_contact(session, type="person")
    for contact in (company, person, alone):
        make_entry(session, contact, date=DAY(2026, 11, 2))
    rows = statistics_by_subject(session, EntryFilters(), [NOVEMBER], "contact").rows
    assert [(row.code, row.is_company, row.figures.interactions) for row in rows] == [
        (company.no, True, 2),
        (alone.no, False, 1),
    ]
