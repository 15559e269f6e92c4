"""Drawing numbers from the series named in Marketing setup (segments.md 1.22, contacts.md 2.10).

Call these inside a writing transaction: on PostgreSQL the row of the series is locked, on SQLite the writer is alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.errors import RuleViolation
from domain.messages import Message, say
from domain.setup.models import Counter, NumberSeries, NumberSeriesLine
from domain.setup.number_format import LENGTH, is_at_or_past, numbers_of_range
from domain.setup.queries import marketing_setup
from domain.types import code

PURPOSES = ("contact", "segment", "campaign", "task")
IsUsed = Callable[[str], bool]

_NO_SERIES = {
    "contact": say("No number series for contacts is chosen. Type a number, or choose a series in Marketing setup."),
    "segment": say("No number series for segments is chosen. Type a number, or choose a series in Marketing setup."),
    "campaign": say("No number series for campaigns is chosen. Type a number, or choose a series in Marketing setup."),
    "task": say("No number series for tasks is chosen. Type a number, or choose a series in Marketing setup."),
}


def take_number(
    session: Session,
    purpose: str,
    *,
    typed: str = "",
    by: Actor,
    is_used: IsUsed | None = None,
    used: Select[Any] | None = None,
) -> tuple[str, int | None]:
    """The number of a new thing, and the id of the series it was drawn from (None for a typed number; R-H01, R-H02).

    `purpose` is one of `PURPOSES`. A typed number needs a series that allows it, or no series at all. A drawn number is
    the next one on `by.work_date` that is not in use: `is_used` answers for one number, `used` selects all in use.
    Raises `RuleViolation` on the field "no".
    """
    series = _series(session, purpose)
    if typed := code(typed):
        _refuse_typed(series, typed)
        if (is_used and is_used(typed)) or (used is not None and _used_among(session, used, [typed])):
            raise RuleViolation(say("The number %(no)s is already in use.", no=typed), field="no")
        return typed, None
    series = _series_that_gives(series, purpose)
    if used is not None:
        return _draw(session, series, 1, used=used, by=by)[0], series.id
    for no, line in _numbers_left(_lines_on(session, series, by.work_date)):
        if is_used is None or not is_used(no):
            _remember(session, line, no, by=by)
            return no, series.id
    raise RuleViolation(_used_up(series), field="no")


def take_numbers(
    session: Session, purpose: str, n: int, *, by: Actor, used: Select[Any] | None = None
) -> tuple[list[str], int]:
    """`n` numbers in order, none of them among `used` (a select of one column), and the id of their series.

    A handful of statements whatever `n` is. Raises `RuleViolation` on the field "no" when the series gives fewer.
    """
    series = _series_that_gives(_series(session, purpose), purpose)
    return _draw(session, series, n, used=used, by=by), series.id


def next_entry_nos(session: Session, counter_name: str, n: int = 1) -> int:
    """The first of `n` consecutive numbers of a log ("interaction", "logged_segment", "campaign_entry").

    One statement; a counter that is not there yet begins at 1.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(Counter)
        .values(name=counter_name, last=n)
        .on_conflict_do_update(index_elements=[Counter.name], set_={"last": Counter.last + n})
        .returning(Counter.last)
    )
    return int(session.scalars(statement).one()) - n + 1


def number_warning(session: Session, series_id: int | None, no: str) -> Message | None:
    """A sentence when `no`, drawn from the series, is at or past its warning number; it is given all the same."""
    series = session.get(NumberSeries, series_id) if series_id else None
    for line in series.lines if series else []:
        if line.last_no == no and line.warning_no and is_at_or_past(no, line.warning_no):
            return say(
                "The number series %(series)s is running out: %(no)s was given, %(ending_no)s is the last one. "
                "Add a line to it under Number series.",
                series=series.code if series else "",
                no=no,
                ending_no=line.ending_no or line.warning_no,
            )
    return None


def _series(session: Session, purpose: str) -> NumberSeries | None:
    """The series of Marketing setup, read anew and locked for others until the transaction ends."""
    series_id = getattr(marketing_setup(session), f"{purpose}_series_id")
    if series_id is None:
        return None
    session.flush()
    statement = select(NumberSeries).where(NumberSeries.id == series_id).with_for_update()
    return session.scalars(statement, execution_options={"populate_existing": True}).one()


def _refuse_typed(series: NumberSeries | None, typed: str) -> None:
    if len(typed) > LENGTH:
        raise RuleViolation(say("A number can have up to %(length)s characters.", length=LENGTH), field="no")
    if series is not None and not series.manual:
        raise RuleViolation(
            say(
                "The number series %(series)s does not allow typed numbers. Leave the number empty, "
                "or allow typed numbers under Number series.",
                series=series.code,
            ),
            field="no",
        )


def _series_that_gives(series: NumberSeries | None, purpose: str) -> NumberSeries:
    if series is None:
        raise RuleViolation(_NO_SERIES[purpose], field="no")
    if not series.automatic:
        raise RuleViolation(
            say(
                "The number series %(series)s does not give numbers by itself. Type a number, "
                "or switch on automatic numbers under Number series.",
                series=series.code,
            ),
            field="no",
        )
    return series


def _lines_on(session: Session, series: NumberSeries, day: dt.date) -> list[NumberSeriesLine]:
    """The lines that count on a day: those with the latest starting date up to it (blank = always)."""
    statement = select(NumberSeriesLine).where(NumberSeriesLine.series_id == series.id).order_by(NumberSeriesLine.id)
    lines = session.scalars(statement, execution_options={"populate_existing": True}).all()
    begun = [line for line in lines if line.starting_date is None or line.starting_date <= day]
    if not lines:
        raise RuleViolation(
            say("The number series %(series)s has no lines. Add one under Number series.", series=series.code),
            field="no",
        )
    if not begun:
        raise RuleViolation(
            say(
                "The number series %(series)s has no line that begins on or before your work date. "
                "Add one under Number series.",
                series=series.code,
            ),
            field="no",
        )
    latest = max(line.starting_date or dt.date.min for line in begun)
    return [line for line in begun if (line.starting_date or dt.date.min) == latest]


def _numbers_left(lines: list[NumberSeriesLine]) -> Iterator[tuple[str, NumberSeriesLine]]:
    return chain.from_iterable(
        (
            (no, line)
            for no in numbers_of_range(
                starting_no=line.starting_no, ending_no=line.ending_no, last_no=line.last_no, increment=line.increment
            )
        )
        for line in lines
    )


def _draw(session: Session, series: NumberSeries, n: int, *, used: Select[Any] | None, by: Actor) -> list[str]:
    left = _numbers_left(_lines_on(session, series, by.work_date))
    drawn: list[tuple[str, NumberSeriesLine]] = []
    look_ahead = max(n, 50)
    while len(drawn) < n:
        wanted = n - len(drawn)
        window = list(islice(left, look_ahead if used is not None else wanted))
        if not window:
            raise RuleViolation(_used_up(series), field="no")
        taken = _used_among(session, used, [no for no, _ in window]) if used is not None else set()
        drawn += [(no, line) for no, line in window if no not in taken][:wanted]
        look_ahead *= 2
    for line in dict.fromkeys(line for _, line in drawn):
        _remember(session, line, next(no for no, of in reversed(drawn) if of is line), by=by)
    return [no for no, _ in drawn]


def _used_among(session: Session, used: Select[Any], numbers: list[str]) -> set[str]:
    """Which of these numbers are in use: one range per length instead of a list, so that any count will do."""
    column = used.selected_columns[0]
    lengths: dict[int, list[str]] = {}
    for no in numbers:
        lengths.setdefault(len(no), []).append(no)
    ranges = [
        (func.length(column) == length) & column.between(min(same), max(same)) for length, same in lengths.items()
    ]
    wanted = set(numbers)
    return {no for no in session.scalars(used.where(or_(*ranges))) if no in wanted}


def _remember(session: Session, line: NumberSeriesLine, no: str, *, by: Actor) -> None:
    line.last_no = no
    line.last_date = by.work_date
    session.flush()


def _used_up(series: NumberSeries) -> Message:
    return say(
        "The number series %(series)s is used up. Add a line to it, or raise its ending number, under Number series.",
        series=series.code,
    )
