"""Days, weeks, months, quarters and years that statistics are shown by."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from domain.dates import edge_of
from domain.errors import RuleViolation
from domain.messages import say

UNITS = ("day", "week", "month", "quarter", "year")
USUAL = {"day": 14, "week": 13, "month": 12, "quarter": 8, "year": 5}
"""How many periods are shown when no dates are asked for."""
MOST = 62
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """From one day to another, both included."""

    first: dt.date
    last: dt.date


def period_of(day: dt.date, unit: str, *, week_begins: int = 0) -> Period:
    """The period a day belongs to. `week_begins`: 0 for weeks from Monday … 6 for weeks from Sunday."""
    if unit == "week":
        first = day - dt.timedelta(days=(day.weekday() - week_begins) % 7)
        return Period(first, first + 6 * _DAY)
    number = UNITS.index(unit)
    return Period(edge_of(day, number, last=False), edge_of(day, number, last=True))


def chosen_range(
    unit: str, *, first: dt.date | None, last: dt.date | None, today: dt.date, week_begins: int = 0
) -> Period:
    """The dates to look at; what is not given is found from the unit: the usual number of periods up to the current one.

    Raises `RuleViolation` (field "to" or "from") for an end before the start and for dates no log has.
    """
    for field, day in (("from", first), ("to", last)):
        if day is not None and not EARLIEST <= day <= LATEST:
            raise RuleViolation(say("Enter a date between 1900 and 2199."), field=field)
    if last is None:
        last = period_of(max(today, first or today), unit, week_begins=week_begins).last
    if first is None:
        first = period_of(last, unit, week_begins=week_begins).first
        for _ in range(USUAL[unit] - 1):
            first = period_of(first - _DAY, unit, week_begins=week_begins).first
    if last < first:
        raise RuleViolation(say("This date is before the first one."), field="to")
    return Period(first, last)


def periods_of(dates: Period, unit: str, *, week_begins: int = 0) -> list[Period]:
    """The periods of a unit between two dates; the outer ones end where the dates do.

    Raises `RuleViolation` (field "from") when they are too many to look at.
    """
    found: list[Period] = []
    first = dates.first
    while first <= dates.last:
        last = min(period_of(first, unit, week_begins=week_begins).last, dates.last)
        found.append(Period(first, last))
        if len(found) > MOST:
            text = say("There are more than %(limit)s periods between these dates. Choose longer periods.", limit=MOST)
            raise RuleViolation(text, field="from")
        first = last + _DAY
    return found


def moved(dates: Period, unit: str, steps: int, *, week_begins: int = 0) -> Period | None:
    """As many whole periods as `dates` has, `steps` (-1 or 1) times before or after it; None where no log is."""
    number = len(periods_of(dates, unit, week_begins=week_begins))
    first = last = dates.first if steps < 0 else dates.last
    for _ in range(number):
        if steps < 0:
            edge = period_of(first, unit, week_begins=week_begins).first - _DAY
            last = edge if last == dates.first else last
            first = period_of(edge, unit, week_begins=week_begins).first
        else:
            edge = period_of(last, unit, week_begins=week_begins).last + _DAY
            first = edge if first == dates.last else first
            last = period_of(edge, unit, week_begins=week_begins).last
    return Period(first, last) if first >= EARLIEST and last <= LATEST else None
