"""Which lines are meant: ticked ones, or, as an explicit choice, all that match the chip and the search."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_

from domain.database import folded
from domain.segments.effective import LIVE, contact, effective, line, value
from domain.segments.line_fields import has_own_values
from domain.segments.models import Segment
from domain.segments.problems import PROBLEMS, any_problem, needs_of, problem
from domain.types import find_key, fold

CHIPS = ("all", "overrides", "warnings")


@dataclass(frozen=True)
class LineFilter:
    """Lines of a segment: `chip` all, overrides or warnings; `search` in contact, description and subject.

    `problem` is one kind of warning; `line_nos` only these (None: all that match). `lines` is a select of ids, such as
    the lines of a problem of the check (`lines_with`); then `problem` is only its name.
    """

    chip: str = "all"
    search: str = ""
    problem: str = ""
    line_nos: Collection[int] | None = None
    lines: Select[int] | None = None

    @property
    def is_everything(self) -> bool:
        """Whether every line is meant."""
        everywhere = self.chip in ("", "all") and not self.search.strip() and not self.problem
        return everywhere and self.line_nos is None and self.lines is None


def filtered_lines(segment: Segment, which: LineFilter, *, using: tuple[str, ...] = ()) -> Select[Any]:
    """A select from the effective lines of a segment that meet the filter; add columns, and name what these need."""
    needs = set(using)
    conditions: list[ColumnElement[bool]] = [line.segment_id == segment.id, LIVE]
    if which.chip == "overrides":
        conditions.append(has_own_values(line))
    elif which.chip == "warnings":
        needs.update(needs_of(*PROBLEMS))
        conditions.append(any_problem())
    if which.lines is not None:
        conditions.append(line.id.in_(which.lines))
    elif which.problem in PROBLEMS:
        needs.update(needs_of(which.problem))
        conditions.append(problem(which.problem))
    if which.line_nos is not None:
        conditions.append(line.line_no.in_(which.line_nos))
    if words := which.search.replace("\x00", "").strip():
        needs.update(("description", "subject", "contact"))
        conditions.append(_found(words))
    return effective(using=needs).where(*conditions)


def _found(words: str) -> ColumnElement[bool]:
    """The contact has every word (accents and case ignored), or description or subject contains the text."""
    keys = find_key(words).split() or [find_key(words)]
    in_contact = and_(line.contact_id.is_not(None), *(contact.find_key.contains(key, autoescape=True) for key in keys))
    texts = [folded(value(name)).contains(fold(words), autoescape=True) for name in ("description", "subject")]
    return or_(in_contact, *texts)


def chosen_ids(segment: Segment, which: LineFilter) -> Select[Any]:
    """The ids of the lines that are meant, as a sub-select for set-based statements."""
    return filtered_lines(segment, which).add_columns(line.id)


def contacts_of_lines(segment: Segment, which: LineFilter) -> Select[Any]:
    """The contacts of the lines that are meant."""
    return filtered_lines(segment, which).add_columns(line.contact_id).where(line.contact_id.is_not(None))
