"""What a filter means for one field: a tree whose leaves compare with values. Decides for plain Python values.

Values by kind: text as typed (folded when it is compared), codes in upper case, whole numbers, minor units, dates (also for moments: the day at the
office), the place of an option in its list, True and False.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from domain.filters.fields import Field, Kind
from domain.filters.tree import AllOf, AnyOf, Piece, Wildcard
from domain.types import fold


@dataclass(frozen=True)
class Is:
    """Equal to a value."""

    value: Any


@dataclass(frozen=True)
class Blank:
    """Holds nothing: '' in texts and codes, no date."""


@dataclass(frozen=True)
class Span:
    """Between two values; None for an open side. The ends belong to it unless said otherwise."""

    low: Any = None
    high: Any = None
    with_low: bool = True
    with_high: bool = True


@dataclass(frozen=True)
class Like:
    """Text that fits a pattern."""

    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Not:
    """Everything but."""

    test: Is | Blank | Span | Like


Condition = Is | Blank | Span | Like | Not | AnyOf["Condition"] | AllOf["Condition"]


def is_matched(condition: Condition, value: Any, field: Field, *, time_zone: str = "UTC") -> bool:
    """Whether a stored value of the field passes: what the SQL decides, in plain Python."""
    return _holds(comparable_condition(condition, field), _comparable(value, field, time_zone), field)


def comparable_condition(condition: Condition, field: Field) -> Condition:
    """The condition as it is compared: texts folded (decisions B24)."""
    return _folded(condition) if field.kind is Kind.TEXT else condition


def _folded(condition: Condition) -> Condition:
    if isinstance(condition, AnyOf | AllOf):
        return type(condition)(tuple(_folded(part) for part in condition.parts))
    if isinstance(condition, Not):
        test = _folded(condition.test)
        assert isinstance(test, Is | Blank | Span | Like)
        return Not(test)
    if isinstance(condition, Is):
        return Is(fold(condition.value))
    if isinstance(condition, Span):
        low, high = (None if end is None else fold(end) for end in (condition.low, condition.high))
        return Span(low, high, condition.with_low, condition.with_high)
    if isinstance(condition, Like):
        return Like(tuple(piece if isinstance(piece, Wildcard) else fold(piece) for piece in condition.pieces))
    return condition


def _comparable(value: Any, field: Field, time_zone: str) -> Any:
    if field.kind is Kind.TEXT:
        return fold(value)
    if field.kind is Kind.CODE:
        return value or ""
    if field.kind in (Kind.NUMBER, Kind.AMOUNT):
        return value or 0
    if field.kind is Kind.MOMENT:
        return value.astimezone(ZoneInfo(time_zone)).date() if isinstance(value, dt.datetime) else None
    if field.kind is Kind.OPTION:
        options = list(field.options or {})
        stored = value or field.blank
        return options.index(stored) if stored in options else None
    if field.kind is Kind.BOOLEAN:
        return bool(value)
    return value


def _holds(condition: Condition, value: Any, field: Field) -> bool:
    if isinstance(condition, AnyOf):
        return any(_holds(part, value, field) for part in condition.parts)
    if isinstance(condition, AllOf):
        return all(_holds(part, value, field) for part in condition.parts)
    if isinstance(condition, Not):
        return not _holds(condition.test, value, field)
    if isinstance(condition, Blank):
        return value is None or value == ""
    if isinstance(condition, Is):
        return bool(value == condition.value)
    if isinstance(condition, Like):
        return is_like(value, condition.pieces)
    return value is not None and _is_within(value, condition)


def _is_within(value: Any, span: Span) -> bool:
    if span.low is not None and not (value >= span.low if span.with_low else value > span.low):
        return False
    return span.high is None or bool(value <= span.high if span.with_high else value < span.high)


def is_like(text: str, pieces: Sequence[Piece]) -> bool:
    """Whether a text fits a pattern; the time grows with text and pattern, never with their combinations."""
    signs: list[str | Wildcard] = []
    for piece in pieces:
        signs.extend((piece,) if isinstance(piece, Wildcard) else piece)
    at = place = 0
    star, resume = -1, 0
    while at < len(text):
        sign = signs[place] if place < len(signs) else None
        if sign is Wildcard.ANY:
            star, resume = place, at
            place += 1
        elif sign is Wildcard.ONE or sign == text[at]:
            place += 1
            at += 1
        elif star >= 0:
            resume += 1
            at, place = resume, star + 1
        else:
            return False
    return all(sign is Wildcard.ANY for sign in signs[place:])
