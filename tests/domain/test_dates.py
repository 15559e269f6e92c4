"""What people type into a date field (glossary section 6)."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.dates import read_date
from domain.errors import RuleViolation

WORK = dt.date(2026, 11, 25)  # a Wednesday in ISO week 48
TODAY = dt.date(2026, 11, 24)


def read(text, locale="en_GB", **more):
    return read_date(text, locale=locale, work_date=WORK, today=TODAY, **more)


@pytest.mark.parametrize(
    ("locale", "text", "expected"),
    [
        ("en_GB", "t", TODAY),
        ("en_GB", "TOD", TODAY),
        ("en_GB", "w", WORK),
        ("en_GB", "work date", WORK),
        ("en_GB", "tu", dt.date(2026, 11, 24)),
        ("en_GB", "we", dt.date(2026, 11, 25)),
        ("en_GB", "mo25", dt.date(2026, 6, 15)),
        ("en_GB", "Sunday", dt.date(2026, 11, 29)),
        ("en_GB", "14", dt.date(2026, 11, 14)),
        ("en_GB", "1412", dt.date(2026, 12, 14)),
        ("en_GB", "14.12", dt.date(2026, 12, 14)),
        ("en_GB", "141227", dt.date(2027, 12, 14)),
        ("en_GB", "14122027", dt.date(2027, 12, 14)),
        ("en_GB", "14/12/49", dt.date(2049, 12, 14)),
        ("en_GB", "14/12/50", dt.date(1950, 12, 14)),
        ("en_GB", "2026-12-14", dt.date(2026, 12, 14)),
        ("en_GB", "+7", dt.date(2026, 12, 2)),
        ("en_GB", "-7", dt.date(2026, 11, 18)),
        ("en_GB", "10D", dt.date(2026, 12, 5)),
        ("en_GB", "cw+1", dt.date(2026, 11, 30)),
        ("en_GB", "-cm", dt.date(2026, 11, 1)),
        ("en_GB", "cq", dt.date(2026, 12, 31)),
        ("en_GB", "-1M", dt.date(2026, 10, 25)),
        ("en_GB", "t+1w", dt.date(2026, 12, 1)),
        ("en_GB", "-1y+1d", dt.date(2025, 11, 26)),
        ("fr_CH", "a", TODAY),
        ("fr_CH", "Aujourd’hui", TODAY),
        ("fr_CH", "t", WORK),
        ("fr_CH", "ma", dt.date(2026, 11, 24)),
        ("fr_CH", "14.12.2026", dt.date(2026, 12, 14)),
        ("fr_CH", "10J", dt.date(2026, 12, 5)),
        ("fr_CH", "SC+1J", dt.date(2026, 11, 30)),
        ("fr_CH", "CS+1J", dt.date(2026, 11, 30)),
        ("fr_CA", "1214", dt.date(2026, 12, 14)),
        ("fr_CA", "261214", dt.date(2026, 12, 14)),
        ("fr_CA", "14-12-2026", dt.date(2026, 12, 14)),
        ("sv_SE", "d", TODAY),
        ("sv_SE", "idag", TODAY),
        ("sv_SE", "a", WORK),
        ("sv_SE", "må", dt.date(2026, 11, 23)),
        ("sv_SE", "ma48", dt.date(2026, 11, 23)),
        ("sv_SE", "20261214", dt.date(2026, 12, 14)),
        ("sv_SE", "LV+1D", dt.date(2026, 11, 30)),
        ("sv_SE", "1Å", dt.date(2027, 11, 25)),
    ],
)
def test_shorthand_follows_the_language(locale, text, expected):
    assert read(text, locale) == expected


@pytest.mark.parametrize("text", ["", "   "])
def test_blank_is_no_date(text):
    assert read(text) is None


def test_plus_counts_from_the_date_of_the_field():
    assert read("+7", base=dt.date(2026, 1, 1)) == dt.date(2026, 1, 8)


def test_the_end_of_a_month_is_kept_inside_the_month():
    assert read("1M", base=dt.date(2026, 1, 31)) == dt.date(2026, 2, 28)


@pytest.mark.parametrize("text", ["31.02.2026", "99", "xyz", "1.2.3.4", "+9999y", "12345", "mo99", "t7", "0", "today!"])
def test_what_is_no_date_is_named(text):
    with pytest.raises(RuleViolation, match="is not a date"):
        read(text, field="date")


@given(some.text(max_size=12), some.sampled_from(["en_GB", "fr_CA", "fr_CH", "sv_SE"]))
def test_nothing_typed_breaks_it(text, locale):
    try:
        found = read(text, locale)
    except RuleViolation:
        return
    assert found is None or isinstance(found, dt.date)
