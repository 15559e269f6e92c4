"""Filters as SQL with bound parameters: the same answers as `is_matched`, on SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    String,
    and_,
    exists,
    false,
    literal,
    not_,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement, GenericFunction

from domain.database import folded
from domain.filters.conditions import Blank, Condition, Is, Like, Not, Span, comparable_condition, is_matched
from domain.filters.fields import FilterTable, Kind
from domain.filters.read import Filter, TypedFilters
from domain.filters.tree import AllOf, AnyOf, Wildcard
from domain.types import Moment

_LAST = "\U0010ffff"
_ESCAPE = "\\"


IdsOf = Callable[[Select[Any]], list[Any] | None]
"""Answers a select of ids beforehand, or None when there are too many: known ids give the planner something to go by."""


class by_code_point(GenericFunction[str]):  # noqa: N801  (an SQL function is spelled as one)
    """Text that compares by code point (decisions B24); SQLite does so by itself."""

    inherit_cache = True
    name = "by_code_point"


@compiles(by_code_point)
def _as_it_is(element: by_code_point, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)})"


@compiles(by_code_point, "postgresql")
def _on_postgresql(element: by_code_point, compiler: Any, **options: Any) -> str:
    return f'({compiler.process(element.clauses, **options)} COLLATE "C")'


class folded_like(FunctionElement[bool]):  # noqa: N801  (an SQL function is spelled as one)
    """Whether a text, folded, fits a folded pattern (`\\` escapes).

    SQLite asks Python to fold; what holds only ASCII letters needs no folding, its own LIKE ignores their case.
    """

    type = Boolean()
    inherit_cache = True
    name = "folded_like"

    def self_group(self, against: Any = None) -> Any:
        """A condition by itself, not compared with 1."""
        return self


@compiles(folded_like)
def _folded_like(element: folded_like, compiler: Any, **options: Any) -> str:
    column, pattern = (compiler.process(clause, **options) for clause in element.clauses)
    fits = f"LIKE {pattern} ESCAPE '{_ESCAPE}'"
    plain = f"length({column}) = length(CAST({column} AS BLOB))"
    return f"(CASE WHEN {plain} THEN {column} {fits} ELSE fold({column}) {fits} END)"


@compiles(folded_like, "postgresql")
def _folded_like_on_postgresql(element: folded_like, compiler: Any, **options: Any) -> str:
    column, pattern = element.clauses
    fits = by_code_point(folded(column)).like(pattern, escape=_ESCAPE)
    return f"({compiler.process(fits, **options)})"


def condition_of(one: Filter, ids_of: IdsOf | None = None) -> ColumnElement[bool]:
    """The filter as a condition on the rows of its table; a missing value counts as blank.

    Where a code is missing it may be NULL instead of false: to turn it round, ask whether it is not true. `ids_of` answers which rows of another table a code means, if that is better known beforehand.
    """
    field, condition = one.field, comparable_condition(one.condition, one.field)
    blank_passes = is_matched(one.condition, None, field)
    if field.kind in (Kind.OPTION, Kind.BOOLEAN):
        stored: list[Any] = [False, True] if field.kind is Kind.BOOLEAN else list(field.options or {})
        passing = [value for value in stored if is_matched(one.condition, value, field)]
        found: ColumnElement[bool] = field.column.in_(passing) if passing else false()
    elif field.reference is not None:
        rows = select(field.reference.key).where(_compiled(condition, one, field.reference.code)).correlate(None)
        ids = ids_of(rows) if ids_of is not None else None
        found = field.column.in_(rows if ids is None else ids)
    else:
        found = _compiled(condition, one, _comparable(one))
    if not field.is_nullable:
        return found
    missing: ColumnElement[bool] = field.column.is_(None)
    if blank_passes:
        return or_(missing, found)
    return found if field.reference is not None else and_(not_(missing), found)


def conditions_of(filters: Iterable[Filter], ids_of: IdsOf | None = None) -> list[ColumnElement[bool]]:
    """The filters as conditions, all of which must hold."""
    return [condition_of(one, ids_of) for one in filters]


def typed_conditions(typed: TypedFilters) -> list[ColumnElement[bool]]:
    """What was typed as conditions. What is not understood finds nothing rather than everything."""
    return [false()] if typed.refused else conditions_of(typed.filters)


def contacts_with(
    table: FilterTable, filters: Iterable[Filter], ids_of: IdsOf | None = None
) -> Select[*tuple[Any, ...]]:
    """A select of the ids of contacts that have one row in `table` passing every filter (contacts.md 3.1).

    It never gives NULL: `Contact.id.in_(…)` finds who has such a row, `not_in` who has none.
    """
    where = conditions_of(filters, ids_of)
    parts = [select(link).where(link.is_not(None), *where) for link in table.contact_ids]
    if len(parts) == 1:
        return parts[0]
    both = union(*parts).subquery()
    return select(both.c[0])


def has_row(
    table: FilterTable, filters: Iterable[Filter], contact_id: Any, ids_of: IdsOf | None = None
) -> ColumnElement[bool]:
    """Whether the contact whose id `contact_id` is, a column of the question around it, has a row in `table` passing
    every filter. As `contacts_with`, contact by contact: how to ask who has none."""
    theirs = or_(*(link == contact_id for link in table.contact_ids))
    return exists(select(table.row_id).where(theirs, *conditions_of(filters, ids_of)))


def _comparable(one: Filter) -> Any:
    if one.field.kind is Kind.TEXT:
        return by_code_point(folded(one.field.column))
    return one.field.column


def _compiled(condition: Condition, one: Filter, column: Any) -> ColumnElement[bool]:
    if isinstance(condition, AnyOf):
        return or_(*(_compiled(part, one, column) for part in condition.parts))
    if isinstance(condition, AllOf):
        return and_(*(_compiled(part, one, column) for part in condition.parts))
    if isinstance(condition, Not):
        return not_(_compiled(condition.test, one, column))
    if isinstance(condition, Blank):
        blank: ColumnElement[bool] = column == literal("", String()) if _is_text(one) else column.is_(None)
        return blank
    if isinstance(condition, Like):
        return _like(condition, one, column)
    if one.field.kind is Kind.MOMENT:
        span = Span(condition.value, condition.value) if isinstance(condition, Is) else condition
        return _moments(span, column, ZoneInfo(one.time_zone))
    if isinstance(condition, Is):
        equal: ColumnElement[bool] = column == _bound(condition.value, one)
        return equal
    return _within(condition, one, column)


def _is_text(one: Filter) -> bool:
    return one.field.kind in (Kind.TEXT, Kind.CODE)


def _bound(value: Any, one: Filter) -> Any:
    """A parameter. Texts go as they are: the type of a code would trim patterns."""
    return literal(value, String()) if _is_text(one) else literal(value)


def _within(span: Span, one: Filter, column: Any) -> ColumnElement[bool]:
    ends: list[ColumnElement[bool]] = []
    if span.low is not None:
        low = _bound(span.low, one)
        ends.append(column >= low if span.with_low else column > low)
    if span.high is not None:
        high = _bound(span.high, one)
        ends.append(column <= high if span.with_high else column < high)
    return and_(true(), *ends)


def _like(like: Like, one: Filter, column: Any) -> ColumnElement[bool]:
    pieces = like.pieces
    if pieces == (Wildcard.ANY,):
        return true()
    signs = {Wildcard.ANY: "%", Wildcard.ONE: "_"}
    pattern = literal("".join(signs[p] if isinstance(p, Wildcard) else _escaped(p) for p in pieces), String())
    if one.field.kind is Kind.CODE:
        fits: ColumnElement[bool] = column.like(pattern, escape=_ESCAPE)
    else:
        fits = folded_like(one.field.column, pattern)
    conditions = [fits]
    if isinstance(pieces[0], str):  # an index knows where these are
        conditions = [column >= _bound(pieces[0], one), column < _bound(pieces[0] + _LAST, one), fits]
    elif one.field.occurring is not None:
        literals = [piece for piece in pieces if isinstance(piece, str)]
        if (narrowed := one.field.occurring(literals)) is not None:
            conditions = [narrowed, fits]
    return and_(*conditions)


def _escaped(text: str) -> str:
    for sign in (_ESCAPE, "%", "_"):
        text = text.replace(sign, _ESCAPE + sign)
    return text


def _moments(span: Span, column: Any, zone: ZoneInfo) -> ColumnElement[bool]:
    """Days at the office as moments: from the beginning of the first to the beginning of the day after the last."""
    ends: list[ColumnElement[bool]] = []
    if span.low is not None:
        first = _beginning(span.low, 0 if span.with_low else 1, zone)
        if first is not None:
            ends.append(column >= literal(first, Moment()))
        elif span.low.year > 9000:
            return false()
    if span.high is not None:
        after = _beginning(span.high, 1 if span.with_high else 0, zone)
        if after is not None:
            ends.append(column < literal(after, Moment()))
        elif span.high.year < 1000:
            return false()
    return and_(true(), *ends)


def _beginning(day: dt.date, days: int, zone: ZoneInfo) -> dt.datetime | None:
    """The moment a day begins; None beyond the calendar."""
    try:
        later = day + dt.timedelta(days=days)
        return dt.datetime.combine(later, dt.time(), zone).astimezone(dt.UTC)
    except OverflowError:
        return None
