"""What is wrong with a line, as conditions of the effective select, for the warnings of the worksheet (B1-B4).

line_ids(segment.id, problem("no_email"), using=needs_of("no_email"))
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from domain.segments.effective import (
    contact,
    interaction,
    interaction_has_languages,
    line,
    value,
)
from domain.segments.models import SegmentLine

_other = aliased(SegmentLine, name="other_line")

_PROBLEMS: dict[str, tuple[ColumnElement[bool], tuple[str, ...]]] = {
    "no_contact": (line.contact_id.is_(None), ()),
    "blocked": (and_(line.contact_id.is_not(None), contact.privacy_blocked), ("contact",)),
    "no_template": (interaction.template_id.is_(None), ("interaction",)),
    "no_salesperson": (value("salesperson_id").is_(None), ("salesperson_id",)),
    "no_email": (
        and_(value("correspondence_type") == "email", value("mail_to") == "", line.contact_id.is_not(None)),
        ("correspondence_type", "mail_to"),
    ),
    # a row without file, or a language without row (B12); an interaction without languages has no letter at all
    "no_document": (
        and_(
            value("correspondence_type") != "",
            line.no_document.is_(False),
            value("document_id").is_(None),
            or_(line.language_id.is_not(None), interaction_has_languages),
        ),
        ("correspondence_type", "document_id", "interaction"),
    ),
    "excluded": (and_(line.contact_id.is_not(None), contact.exclude_from_segment), ("contact",)),
    "duplicate": (
        exists(
            select(_other.id)
            .where(
                _other.contact_id == line.contact_id,
                # + 0 keeps the databases from reading whole segments once per line: few lines share a contact
                _other.segment_id + 0 == line.segment_id,
                (_other.removed_step_id + 0).is_(None),
                _other.id != line.id,
            )
            .correlate_except(_other)
        ),
        (),
    ),
}

PROBLEMS = tuple(_PROBLEMS)
"""The codes, most serious first."""


def problem(code: str) -> ColumnElement[bool]:
    """The condition that a line has this problem; the statement must be made with `using=needs_of(code)`."""
    return _PROBLEMS[code][0]


def needs_of(*codes: str) -> tuple[str, ...]:
    """The values and joins that the conditions of these problems refer to."""
    return tuple(dict.fromkeys(name for code in codes for name in _PROBLEMS[code][1]))


def any_problem(codes: Iterable[str] = PROBLEMS) -> ColumnElement[bool]:
    """The condition that a line has at least one of these problems."""
    return or_(*(problem(code) for code in codes))


def problem_columns() -> list[ColumnElement[bool]]:
    """One labelled column per problem, `problem_no_email` and so on."""
    return [condition.label(f"problem_{code}") for code, (condition, _) in _PROBLEMS.items()]


def problems_of(row: Any) -> list[str]:
    """The codes of the problems of a row that was selected with `problem_columns()`."""
    return [code for code in PROBLEMS if getattr(row, f"problem_{code}")]
