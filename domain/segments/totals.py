"""What a segment is made of, from the effective values of all its lines, in one pass (section E, performance.md 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, case, func, select
from sqlalchemy.orm import Session

from domain.contacts.models import CORRESPONDENCE_TYPES
from domain.database import read_rows
from domain.segments.effective import LIVE, effective, language, line, value
from domain.segments.models import Segment
from domain.segments.problems import PROBLEMS, any_problem, needs_of
from domain.setup.models import Language


@dataclass(frozen=True)
class Totals:
    """Lines by correspondence type and language code, sums of cost and duration, lines with a warning."""

    types: dict[str, int]
    languages: dict[str, int]
    cost: int
    duration: int
    warnings: int


def totals(session: Session, segment: Segment, *, codes: str | None = None) -> Totals:
    """Totals of the effective values. One column per type and language: groups would make SQLite sort all lines.

    `codes`: what `language_codes()` gave, when that has been asked already.
    """
    known = codes if codes is not None else session.scalar(select(language_codes()))
    every = ("", *sorted(known.split("\n") if known else ()))
    row: Any = read_rows(session, _sums(every), {"segment": segment.id})[0]
    after_types = len(CORRESPONDENCE_TYPES)
    cost, duration, warnings = row[-3:]
    return Totals(
        types=_present(sorted(CORRESPONDENCE_TYPES), row[:after_types]),
        languages=_present(every, row[after_types:-3]),
        cost=int(cost or 0),
        duration=int(duration or 0),
        warnings=int(warnings or 0),
    )


def language_codes() -> ScalarSelect[Any]:
    """The codes of all languages, one a line, in no order."""
    return select(func.aggregate_strings(Language.code, "\n")).scalar_subquery()


@lru_cache(maxsize=20)
def _sums(codes: Sequence[str]) -> Select[Any]:
    needed = ("correspondence_type", "language", "cost", "duration", *needs_of(*PROBLEMS))
    of_language = func.coalesce(language.code, "")
    return (
        effective(using=needed)
        .add_columns(
            *(_lines(value("correspondence_type") == kind) for kind in sorted(CORRESPONDENCE_TYPES)),
            *(_lines(of_language == code) for code in codes),
            func.sum(value("cost")),
            func.sum(value("duration")),
            _lines(any_problem()),
        )
        .where(line.segment_id == bindparam("segment"), LIVE)
    )


def _lines(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((condition, 1), else_=0))


def _present(names: Sequence[str], numbers: Sequence[int | None]) -> dict[str, int]:
    return {name: int(n) for name, n in zip(names, numbers, strict=True) if n}
