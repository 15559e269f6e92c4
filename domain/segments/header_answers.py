"""The two answers to a header change (A2): lines keep what they had, or own values are replaced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Update, and_, func, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.errors import RuleViolation
from domain.messages import say
from domain.segments.editing import SILENTLY, begin_change
from domain.segments.effective import contact_row, effective, line
from domain.segments.header import following_lines, reaches_every_line, unpacked
from domain.segments.header_fields import HEADER_FIELDS, HeaderField, put_header_value
from domain.segments.line_fields import LINE_FIELDS, has_own_values, inherited, is_own
from domain.segments.models import Segment, SegmentHeaderChange, SegmentInteraction, SegmentLine

_VALUE_NAMES = {"salesperson": "salesperson_id", "campaign": "campaign_id", "language": "language_id"}


@dataclass(frozen=True)
class Kept:
    """How many lines keep their former value, and how many follow because they had none (salesperson, language)."""

    kept: int
    without_value: int


def keep_lines(session: Session, segment: Segment, token: str, *, by: Actor) -> Kept:
    """*Lines keep the value they had*: the former effective value of each line that followed becomes its own.

    For the template the lines point to the segment's former interaction; nothing is copied. Where the former value was
    none and none cannot be an own value the line goes on following and is counted. Lines added since are left alone.
    Raises `RuleViolation` when the field has changed again.
    """
    begin_change(session, segment, by=by)
    change = get_change(session, segment, token)
    before, after = unpacked(change.before), unpacked(change.after)
    if change.field == "template":
        if session.get(SegmentInteraction, before) is None:
            raise RuleViolation(
                say("The interaction template has been deleted meanwhile. The lines were left as they are.")
            )
        followed = and_(*_listed_then(SegmentLine, segment, change), SegmentLine.interaction_id.is_(None))
        return Kept(_write(session, update(SegmentLine).where(followed), interaction_id=before), 0)
    field = HEADER_FIELDS[change.field]
    everywhere = reaches_every_line(segment.interaction, field, before, after)
    if not field.fixed or field.name == "campaign":
        return _keep_effective(session, segment, change, field, everywhere)
    followed = and_(*_listed_then(SegmentLine, segment, change), *_followed(SegmentLine, field, everywhere))
    some = following_lines(segment, field)
    if some is not None:
        followed = and_(followed, SegmentLine.id.in_(some))
    column = LINE_FIELDS[field.line_field].column
    return Kept(_write(session, update(SegmentLine).where(followed), **{column: before}), 0)


def replace_lines(session: Session, segment: Segment, token: str, *, by: Actor) -> int:
    """*Replace the n own values*: they become inherited again. Returns how many.

    For the template the lines with another template take the header's; own documents survive. For other fields lines
    with another template are not touched, unless the field reaches them too. Raises `RuleViolation` when the field has
    changed again.
    """
    begin_change(session, segment, by=by)
    change = get_change(session, segment, token)
    name, scope = "template", [has_own_values(SegmentLine), *_listed(SegmentLine, segment)]
    if change.field != "template":
        field = HEADER_FIELDS[change.field]
        name = field.line_field
        before, after = unpacked(change.before), unpacked(change.after)
        if not reaches_every_line(segment.interaction, field, before, after):
            scope.append(SegmentLine.interaction_id.is_(None))
    return _write(
        session, update(SegmentLine).where(*scope, is_own(LINE_FIELDS[name], SegmentLine)), **inherited([name])
    )


def get_change(session: Session, segment: Segment, token: str) -> SegmentHeaderChange:
    """The change a token belongs to. Raises `RuleViolation` when the field has changed again."""
    change = session.scalar(
        select(SegmentHeaderChange).where(
            SegmentHeaderChange.token == token, SegmentHeaderChange.segment_id == segment.id
        )
    )
    if change is None:
        raise RuleViolation(say("This field has been changed again meanwhile. The lines were left as they are."))
    return change


def _listed(of: Any, segment: Segment) -> list[ColumnElement[bool]]:
    return [of.segment_id == segment.id, of.removed_step_id.is_(None)]


def _listed_then(of: Any, segment: Segment, change: SegmentHeaderChange) -> list[ColumnElement[bool]]:
    """The lines that were on the list when the header changed."""
    return [*_listed(of, segment), or_(of.added_step_id.is_(None), of.added_step_id <= change.last_step_id)]


def _followed(of: Any, field: HeaderField, everywhere: bool) -> list[ColumnElement[bool]]:
    """Lines without own value that the field reaches."""
    inherits = ~is_own(LINE_FIELDS[field.line_field], of)
    return [inherits] if everywhere else [inherits, of.interaction_id.is_(None)]


def _keep_effective(
    session: Session, segment: Segment, change: SegmentHeaderChange, field: HeaderField, everywhere: bool
) -> Kept:
    """Each line's own former value: the header is put back, the effective select read, the header set again."""
    name = _VALUE_NAMES.get(field.line_field, field.line_field)
    column = LINE_FIELDS[field.line_field].column
    before, after = unpacked(change.before), unpacked(change.after)
    conditions = [*_listed_then(line, segment, change), *_followed(line, field, everywhere)]
    using: tuple[str, ...] = ()
    if field.name == "language":  # the others speak their contact's language
        conditions.append(contact_row.id.is_(None))
        using = ("contact_row",)
    put_header_value(session, segment, field, before)
    former = effective(name, using=using).add_columns(line.id).where(*conditions).subquery("former")
    had = former.c[name]
    writing = update(SegmentLine).where(SegmentLine.id == former.c.id)
    without_value = 0
    if field.name == "campaign":
        kept = _write(session, writing, campaign_id=had, no_campaign=had.is_(None))
    else:
        without_value = session.scalar(select(func.count()).select_from(former).where(had.is_(None))) or 0
        kept = _write(session, writing.where(had.is_not(None)), **{column: had})
    put_header_value(session, segment, field, after)
    return Kept(kept, without_value)


def _write(session: Session, statement: Update, **columns: Any) -> int:
    """Writes to lines; says how many."""
    written = session.execute(statement.values(**columns, version=SegmentLine.version + 1), execution_options=SILENTLY)
    session.expire_all()
    return int(cast("CursorResult[Any]", written).rowcount)
