"""Changing the header: the change is made at once and the lines follow (A1, A2; R-H10…R-H33)."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, false, func, select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.segments.editing import SILENTLY, begin_change, is_changed
from domain.segments.effective import contact_row, interaction, line, line_ids, value
from domain.segments.header_fields import (
    HEADER_FIELDS,
    INTERACTION,
    SUBJECT,
    HeaderField,
    header_value,
    put_header_value,
    read_header_value,
    refuse_unless_enabled,
    refuse_without_row,
)
from domain.segments.line_fields import LINE_FIELDS, has_own_values, is_own
from domain.segments.models import Segment, SegmentHeaderChange, SegmentInteraction, SegmentLine
from domain.segments.step_models import SegmentStep


@dataclass(frozen=True)
class HeaderChange:
    """What a change of one field means for the lines, for the notice of A2.

    `follow` lines take the new value; `own` keep a value of their own; `other` have another template and are not
    touched. With `token` the two answers can be given until the field changes again (`keep_lines`, `replace_lines`).
    For the template `own` are the lines with another template, and `taken_up_again` says that the segment had this
    interaction before and it came back with its edits.
    """

    field: str
    before: Any
    after: Any
    follow: int
    own: int
    other: int
    token: str
    taken_up_again: bool = False


def edit_header(
    session: Session, segment: Segment, changes: dict[str, Any], *, was: dict[str, Any] | None = None, by: Actor
) -> list[HeaderChange]:
    """Writes fields of the header (keys of `HEADER_FIELDS`) and says for each changed one what the lines do.

    References may be ids, objects or typed text; None or '' blanks salesperson, campaign and language. `was` holds what
    the fields were shown with (B26). Unchanged fields are passed over. The template is chosen with
    `domain.segments.interactions.choose_template`. Blanking the campaign clears Campaign target and Campaign response
    (R-H11). Raises `Conflict`, and `RuleViolation` naming the field.
    """
    begin_change(session, segment, by=by)
    wanted: list[tuple[HeaderField, Any]] = []
    for name, field in HEADER_FIELDS.items():
        if name not in changes:
            continue
        mine = read_header_value(session, field, changes[name])
        stored = header_value(session, segment, field)

        def shown(given: Any, field: HeaderField = field) -> Any:
            return read_header_value(session, field, given, as_shown=True)

        if is_changed(name, mine, stored, was, shown, who=segment.modified_by):
            wanted.append((field, mine))
    made = []
    for field, mine in wanted:
        before = header_value(session, segment, field)
        if mine == before:
            continue
        refuse_unless_enabled(session, segment, field)
        if field.name == "language":
            refuse_without_row(session, segment, mine)
        put_header_value(session, segment, field, mine)
        if field.name == "campaign" and mine is None:
            for name in ("campaign_target", "campaign_response"):
                put_header_value(session, segment, HEADER_FIELDS[name], False)
                forget_changes(session, segment, [name])
        made.append(remember_change(session, segment, field.name, before, mine, by=by))
    return made


def remember_change(
    session: Session, segment: Segment, name: str, before: Any, after: Any, *, by: Actor, taken_up_again: bool = False
) -> HeaderChange:
    """Keeps the former value of a field for the two answers of A2 and counts the lines."""
    forget_changes(session, segment, [name])
    last_step = session.scalar(select(func.max(SegmentStep.id)).where(SegmentStep.segment_id == segment.id))
    change = SegmentHeaderChange(
        token=uuid4().hex,
        segment_id=segment.id,
        field=name,
        before=_packed(before),
        after=_packed(after),
        last_step_id=last_step or 0,
        user_name=by.user_name,
        at=by.now,
    )
    session.add(change)
    session.flush()
    return describe_change(session, segment, change, taken_up_again=taken_up_again)


def describe_change(
    session: Session, segment: Segment, change: SegmentHeaderChange, *, taken_up_again: bool = False
) -> HeaderChange:
    """The notice of a change as the lines stand now."""
    before, after = unpacked(change.before), unpacked(change.after)
    if change.field == "template":
        total, with_another = count_lines(session, segment), _count_own(session, segment, "template")
        follow, own, other = total - with_another, with_another, 0
    else:
        follow, own, other = _effects(session, segment, HEADER_FIELDS[change.field], before, after)
    return HeaderChange(change.field, before, after, follow, own, other, change.token, taken_up_again)


def find_header_change(session: Session, segment: Segment, token: str) -> HeaderChange | None:
    """The notice that belongs to a token, or None when the field has changed again."""
    change = session.scalar(
        select(SegmentHeaderChange).where(
            SegmentHeaderChange.token == token, SegmentHeaderChange.segment_id == segment.id
        )
    )
    return describe_change(session, segment, change) if change is not None else None


def forget_changes(session: Session, segment: Segment, names: list[str] | None = None) -> None:
    """Takes the two answers away: for some fields, or for all that belong to the interaction and the template."""
    if names is None:
        names = ["template", *(name for name, field in HEADER_FIELDS.items() if field.place in (INTERACTION, SUBJECT))]
    session.execute(
        delete(SegmentHeaderChange).where(
            SegmentHeaderChange.segment_id == segment.id, SegmentHeaderChange.field.in_(names)
        ),
        execution_options=SILENTLY,
    )


def count_lines(session: Session, segment: Segment) -> int:
    """How many lines are on the list (from an index alone)."""
    counted = select(func.count()).where(SegmentLine.segment_id == segment.id, SegmentLine.removed_step_id.is_(None))
    return session.scalar(counted) or 0


def reaches_every_line(segment_interaction: SegmentInteraction, field: HeaderField, before: Any, after: Any) -> bool:
    """Whether the field counts for lines with another template too (B17: a default that ignores contacts' types)."""
    if not field.template_dependent:
        return True
    if field.line_field != "correspondence_type":
        return False
    kinds = {segment_interaction.correspondence_type}
    if field.name == "correspondence_type":
        kinds |= {before, after}
    return any(kinds)


def _effects(session: Session, segment: Segment, field: HeaderField, before: Any, after: Any) -> tuple[int, int, int]:
    """How many lines follow, have an own value, have another template."""
    own_field = LINE_FIELDS[field.line_field]
    everywhere = reaches_every_line(segment.interaction, field, before, after)
    with_another = false() if everywhere else SegmentLine.interaction_id.is_not(None)
    with_own = is_own(own_field) if everywhere else is_own(own_field) & SegmentLine.interaction_id.is_(None)
    own, other = session.execute(
        select(func.count().filter(with_own), func.count().filter(with_another)).where(
            SegmentLine.segment_id == segment.id, SegmentLine.removed_step_id.is_(None), has_own_values(SegmentLine)
        )
    ).one()
    following = following_lines(segment, field)
    if following is None:
        follow = count_lines(session, segment) - own - other
    else:
        follow = session.scalar(select(func.count()).select_from(following.subquery())) or 0
    return follow, own, other


def following_lines(segment: Segment, field: HeaderField) -> Any:
    """The ids of the lines that take a new default language or subject; None where all without own value do."""
    inherits = LINE_FIELDS[field.line_field]
    open_ones = (line.interaction_id.is_(None), ~is_own(inherits, line))
    if field.name == "language":
        return line_ids(segment.id, *open_ones, contact_row.id.is_(None), using=("contact_row",))
    if field.name == "subject":
        default = value("language_id") == interaction.language_id
        return line_ids(segment.id, *open_ones, default, using=("language_id",))
    return None


def _count_own(session: Session, segment: Segment, name: str) -> int:
    counted = select(func.count()).where(
        SegmentLine.segment_id == segment.id,
        SegmentLine.removed_step_id.is_(None),
        has_own_values(SegmentLine),
        is_own(LINE_FIELDS[name]),
    )
    return session.scalar(counted) or 0


def _packed(value: Any) -> str:
    return json.dumps({"date": value.isoformat()} if isinstance(value, dt.date) else value)


def unpacked(text: str) -> Any:
    """A value of `SegmentHeaderChange`."""
    value = json.loads(text)
    return dt.date.fromisoformat(value["date"]) if isinstance(value, dict) else value
