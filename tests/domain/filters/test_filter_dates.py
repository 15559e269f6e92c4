"""Dates in filters (contacts.md 3.3); the reference day is Wednesday 14 January 2026."""

from __future__ import annotations

import datetime as dt

import pytest

from domain.filters.conditions import Is, Span
from domain.filters.dates import read_days
from domain.filters.read import read_filter
from tests.domain.filters.table import FIELDS, reader


def d(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("locale", "text", "first", "last"),
    [
        ("en_GB", "t", "2026-01-14", None),
        ("en_GB", "TO", "2026-01-14", None),
        ("en_GB", "tom", "2026-01-15", None),
        ("en_GB", "y", "2026-01-13", None),
        ("en_GB", "n", "2026-01-14", None),
        ("en_GB", "%today", "2026-01-14", None),
        ("en_GB", "w", "2026-03-02", None),
        ("en_GB", "WORKDATE+CQ-34D", "2026-02-25", None),
        ("en_GB", "we", "2026-01-12", "2026-01-18"),
        ("en_GB", "WEEK - 7D", "2026-01-05", "2026-01-11"),
        ("en_GB", "m", "2026-01-01", "2026-01-31"),
        ("en_GB", "month-1M", "2025-12-01", "2025-12-31"),
        ("en_GB", "month+1M", "2026-02-01", "2026-02-28"),
        ("en_GB", "q", "2026-01-01", "2026-03-31"),
        ("en_GB", "q-1q", "2025-10-01", "2025-12-31"),
        ("en_GB", "year", "2026-01-01", "2026-12-31"),
        ("en_GB", "TODAY-15D", "2025-12-30", None),
        ("en_GB", "t-1Y+1D", "2025-01-15", None),
        ("en_GB", "10D", "2026-01-24", None),
        ("en_GB", "-1W", "2026-01-07", None),
        ("en_GB", "CM", "2026-01-31", None),
        ("en_GB", "-CM", "2026-01-01", None),
        ("en_GB", "CM+10D", "2026-02-10", None),
        ("en_GB", "-1Y+1D", "2025-01-15", None),
        ("en_GB", "D10", "2026-02-10", None),
        ("en_GB", "-D10", "2026-01-10", None),
        ("en_GB", "D31", "2026-01-31", None),
        ("en_GB", "WD5", "2026-01-16", None),
        ("en_GB", "WD3", "2026-01-21", None),
        ("en_GB", "-WD3", "2026-01-07", None),
        ("en_GB", "CW", "2026-01-18", None),
        ("en_GB", "-CW", "2026-01-12", None),
        ("en_GB", "+7", "2026-01-21", None),
        ("en_GB", "31.12.2026", "2026-12-31", None),
        ("en_GB", "31122026", "2026-12-31", None),
        ("en_GB", "14", "2026-03-14", None),
        ("en_GB", "1412", "2026-12-14", None),
        ("en_GB", "2026-11-22", "2026-11-22", None),
        ("en_GB", "2026-11-22-1M", "2026-10-22", None),
        ("en_GB", "tuesday", "2026-03-03", None),
        ("en_GB", "tu23", "2026-06-02", None),
        ("fr_CH", "a", "2026-01-14", None),
        ("fr_CH", "aujourd’hui-1S", "2026-01-07", None),
        ("fr_CH", "t", "2026-03-02", None),
        ("fr_CH", "m", "2026-01-01", "2026-01-31"),
        ("fr_CH", "mois-1M", "2025-12-01", "2025-12-31"),
        ("fr_CH", "trimestre", "2026-01-01", "2026-03-31"),
        ("fr_CH", "-1A", "2025-01-14", None),
        ("fr_CH", "-1Y", "2025-01-14", None),
        ("fr_CH", "lu", "2026-03-02", None),
        ("fr_CH", "today", "2026-01-14", None),
        ("fr_CA", "20261231", "2026-12-31", None),
        ("sv_SE", "d", "2026-01-14", None),
        ("sv_SE", "a", "2026-03-02", None),
        ("sv_SE", "igår", "2026-01-13", None),
        ("sv_SE", "vecka-1V", "2026-01-05", "2026-01-11"),
        ("sv_SE", "år", "2026-01-01", "2026-12-31"),
        ("sv_SE", "må25", "2026-06-15", None),
        ("sv_SE", "LM", "2026-01-31", None),
    ],
)
def test_dates_and_periods_of_3_3(locale, text, first, last):
    found = read_days(text, reader(locale, work_date=dt.date(2026, 3, 2)))
    assert found == (d(first), d(last or first))


@pytest.mark.parametrize("text", ["x", "32.13.2026", "-", "99999D", "t+9999Y", "P1", "C311226", "2026-13-01", "1D2D"])
def test_what_is_no_date(text):
    assert read_days(text, reader()) is None


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("week..month", Span(d("2026-01-12"), d("2026-01-31"))),
        ("..t-1Y", Span(None, d("2025-01-14"))),
        ("-1M..", Span(d("2025-12-14"), None)),
        ("-CM..CM", Span(d("2026-01-01"), d("2026-01-31"))),
        ("week", Span(d("2026-01-12"), d("2026-01-18"))),
        (">week", Span(d("2026-01-18"), None, with_low=False)),
        (">=week", Span(d("2026-01-12"), None)),
        ("<week", Span(None, d("2026-01-12"), with_high=False)),
        ("<=week", Span(None, d("2026-01-18"))),
        ("t", Is(d("2026-01-14"))),
    ],
)
def test_a_period_stands_for_its_first_or_last_day(text, condition):
    assert read_filter(FIELDS.fields["day"], text, reader()).condition == condition


def test_relative_dates_are_kept_as_typed_and_move_with_the_day():
    field = FIELDS.fields["day"]
    first = read_filter(field, "t-1Y..", reader())
    later = read_filter(field, first.text, reader(today=dt.date(2027, 5, 3)))
    assert (first.text, first.condition.low, later.condition.low) == ("t-1Y..", d("2025-01-14"), d("2026-05-03"))
