"""Editing many lines at once: one UPDATE, whatever their number (B27)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.errors import NotFound, RuleViolation
from domain.messages import say, say_n
from domain.segments.edit_line import own_interaction
from domain.segments.editing import SILENTLY, begin_change
from domain.segments.effective import interaction, line_ids
from domain.segments.header import count_lines
from domain.segments.line_fields import (
    LINE_FIELDS,
    PLAIN_FIELDS,
    TEMPLATE_DEPENDENT,
    inherited,
    stored_values,
)
from domain.segments.models import Segment, SegmentLine
from domain.segments.selection import LineFilter, chosen_ids
from domain.segments.undo import MOST_LINES, Before, keep_for_undo


@dataclass(frozen=True)
class EditedLines:
    """How many lines were meant, how many changed, and the token to undo it ('' above 5,000 lines or for none)."""

    lines: int
    changed: int
    undo: str


def edit_lines(
    session: Session, segment: Segment, which: LineFilter, changes: dict[str, Any], *, by: Actor
) -> EditedLines:
    """Writes the same fields to all the lines that are meant; values as for `edit_line`.

    Up to 5,000 lines it can be undone (`undo_edit`). The same rules hold as for one line: another template needs a
    contact and clears the template-dependent values where it really changes, a language needs a template. Raises
    `NotFound` when no line is meant, `RuleViolation` naming the field.
    """
    begin_change(session, segment, by=by)
    columns = _columns(session, segment, changes)
    clearing: dict[str, Any] = {}
    if "template" in changes:
        template = stored_values(session, LINE_FIELDS["template"], changes["template"], None)["interaction_id"]
        chosen = own_interaction(session, segment, template)
        if chosen is not None:
            _refuse_without_contact(session, segment, which)
        columns["interaction_id"] = chosen
        clearing = {name: value for name, value in inherited(TEMPLATE_DEPENDENT).items() if name not in columns}
    if columns.get("language_id") is not None:
        _refuse_without_template(session, segment, which, columns)
    return _write(session, segment, which, columns, clearing, by=by)


def all_back_to_inherited(
    session: Session, segment: Segment, which: LineFilter, names: list[str] | None = None, *, by: Actor
) -> EditedLines:
    """Own values of many lines become inherited again: the named fields, or all of them (A1). Comments stay."""
    begin_change(session, segment, by=by)
    clearing = inherited(TEMPLATE_DEPENDENT) if names is not None and "template" in names else {}
    columns = inherited(names)
    return _write(session, segment, which, columns, {k: v for k, v in clearing.items() if k not in columns}, by=by)


def count_chosen(session: Session, segment: Segment, which: LineFilter) -> int:
    """How many lines are meant ("Edit n lines"); above 5,000 the edit cannot be undone."""
    if which.is_everything:
        return count_lines(session, segment)
    return session.scalar(select(func.count()).select_from(chosen_ids(segment, which).subquery())) or 0


def _columns(session: Session, segment: Segment, changes: dict[str, Any]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name, given in changes.items():
        if name in PLAIN_FIELDS:
            columns[name] = PLAIN_FIELDS[name](session, name, given)
        elif name == "alt_address" and given not in (None, ""):
            raise RuleViolation(
                say("An alternative address belongs to one contact. Choose it on the line."), field="alt_address"
            )
        elif name != "template":
            columns |= stored_values(session, LINE_FIELDS[name], given, None)
    return columns


def _write(
    session: Session,
    segment: Segment,
    which: LineFilter,
    columns: dict[str, Any],
    clearing: dict[str, Any],
    *,
    by: Actor,
) -> EditedLines:
    """`columns` are written to every line; `clearing` to those whose interaction becomes another one."""
    lines = count_chosen(session, segment, which)
    if not lines:
        raise NotFound(say("These lines have been removed meanwhile."))
    if not columns:
        raise RuleViolation(say("Choose what to change."))
    chosen = true() if which.is_everything else SegmentLine.id.in_(chosen_ids(segment, which))
    listed = and_(SegmentLine.segment_id == segment.id, SegmentLine.removed_step_id.is_(None), chosen)
    differs = [getattr(SegmentLine, name).is_distinct_from(value) for name, value in columns.items()]
    token = ""
    if lines <= MOST_LINES:
        edits = _before(session, segment, and_(listed, or_(*differs)), columns, clearing)
        if not edits:
            return EditedLines(lines, 0, "")
        token = keep_for_undo(session, segment, edits, by=by)
    moved = SegmentLine.interaction_id.is_distinct_from(columns.get("interaction_id"))
    cleared = {name: case((moved, value), else_=getattr(SegmentLine, name)) for name, value in clearing.items()}
    written = session.execute(
        update(SegmentLine).where(listed, or_(*differs)).values(**columns, **cleared, version=SegmentLine.version + 1),
        execution_options=SILENTLY,
    )
    session.expire_all()
    return EditedLines(lines, cast("CursorResult[Any]", written).rowcount, token)


def _before(
    session: Session,
    segment: Segment,
    conditions: ColumnElement[bool],
    columns: dict[str, Any],
    clearing: dict[str, Any],
) -> Before:
    names = [*columns, *clearing]
    rows = session.execute(select(SegmentLine.id, *(getattr(SegmentLine, name) for name in names)).where(conditions))
    edits: Before = {}
    for row in rows:
        written = dict(columns)
        if "interaction_id" in columns and row.interaction_id != columns["interaction_id"]:
            written |= clearing
        pairs = {name: (getattr(row, name), value) for name, value in written.items() if getattr(row, name) != value}
        edits[row.id] = pairs
    return edits


def _refuse_without_contact(session: Session, segment: Segment, which: LineFilter) -> None:
    bare = count_chosen_with(session, segment, which, SegmentLine.contact_id.is_(None))
    if bare:
        raise RuleViolation(
            say_n(
                "%(num)s of these lines has no contact. Choose it first.",
                "%(num)s of these lines have no contact. Choose them first.",
                bare,
            ),
            field="template",
        )


def _refuse_without_template(session: Session, segment: Segment, which: LineFilter, columns: dict[str, Any]) -> None:
    if columns.get("interaction_id") is not None:
        return
    bare = SegmentLine.id.in_(line_ids(segment.id, interaction.template_id.is_(None), using=("interaction",)))
    if segment.interaction.template_id is not None and "interaction_id" in columns:
        return
    if count_chosen_with(session, segment, which, bare):
        raise RuleViolation(say("Choose an interaction template first."), field="language")


def count_chosen_with(session: Session, segment: Segment, which: LineFilter, condition: ColumnElement[bool]) -> int:
    """How many of the lines that are meant meet a condition on `SegmentLine`."""
    counted = select(func.count()).where(
        SegmentLine.segment_id == segment.id,
        SegmentLine.removed_step_id.is_(None),
        SegmentLine.id.in_(chosen_ids(segment, which)),
        condition,
    )
    return session.scalar(counted) or 0
