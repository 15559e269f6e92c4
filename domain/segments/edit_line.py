"""Editing one line: own values, back to inherited (A1, R-L10…R-L24)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.errors import RuleViolation
from domain.messages import say
from domain.segments.editing import begin_change, is_changed
from domain.segments.interactions import find_or_copy
from domain.segments.line_fields import (
    LINE_FIELDS,
    PLAIN_FIELDS,
    TEMPLATE_DEPENDENT,
    LineField,
    columns_of,
    inherited,
    shown_values,
    stored_values,
)
from domain.segments.lines import get_line
from domain.segments.models import Segment, SegmentInteraction, SegmentLine
from domain.segments.undo import keep_for_undo


@dataclass(frozen=True)
class EditedLine:
    """The line, which columns changed, and the token to undo it ('' when nothing changed)."""

    line: SegmentLine
    changed: tuple[str, ...]
    undo: str


def edit_line(
    session: Session, line: SegmentLine, changes: dict[str, Any], *, was: dict[str, Any] | None = None, by: Actor
) -> EditedLine:
    """Writes fields of a line: keys of `LINE_FIELDS` and `PLAIN_FIELDS`.

    For inherited fields None is *back to inherited*, '' is deliberately blank where that can be an own value (text,
    correspondence type, flow, initiated by, campaign, alternative address, document). References may be ids, objects or
    typed text. `was` holds what the fields were shown with: own values, None where inherited (B26).

    Another template (R-L10) needs a contact (E-S01), clears the line's own template-dependent values unless the same
    call gives them, and is not stored when it is the header's. A language needs a template (E-S02). Raises
    `Conflict`, `NotFound` when the line is gone, and `RuleViolation` naming the field.
    """
    segment, line_no = _segment_of(session, line), line.line_no
    begin_change(session, segment, by=by)
    line = get_line(session, segment, line_no)
    who = segment.modified_by
    columns: dict[str, Any] = {}
    for name, field in LINE_FIELDS.items():
        if name == "template" or name not in changes:
            continue
        mine = stored_values(session, field, changes[name], line.contact_id)
        stored = {column: getattr(line, column) for column in mine}
        if is_changed(name, mine, stored, was, _reader(session, field, line, list(mine)), who=who):
            columns |= mine
    for name, read in PLAIN_FIELDS.items():
        if name not in changes:
            continue
        mine_plain = read(session, name, changes[name])

        def shown(given: Any, name: str = name) -> Any:
            return PLAIN_FIELDS[name](session, name, given)

        if is_changed(name, mine_plain, getattr(line, name), was, shown, who=who):
            columns[name] = mine_plain
    if "template" in changes:
        columns = _with_template(session, segment, line, changes["template"], was) | columns
    if columns.get("language_id") is not None:
        _refuse_without_template(session, segment, columns.get("interaction_id", line.interaction_id))
    return _write(session, segment, line, columns, by=by)


def back_to_inherited(session: Session, line: SegmentLine, names: list[str] | None = None, *, by: Actor) -> EditedLine:
    """Own values become inherited again: the named fields, or all of them (A1). The comment stays: it is no own value.

    Giving the template back clears the template-dependent values too (R-L11). Raises `NotFound` when the line is gone.
    """
    segment, line_no = _segment_of(session, line), line.line_no
    begin_change(session, segment, by=by)
    line = get_line(session, segment, line_no)
    if names is not None and "template" in names and line.interaction_id is not None:
        names = [*names, *TEMPLATE_DEPENDENT]
    return _write(session, segment, line, inherited(names), by=by)


def own_interaction(session: Session, segment: Segment, template_id: int | None) -> int | None:
    """The interaction a line with this template points to: None (inherited) for no template and for the header's."""
    if template_id is None or template_id == segment.interaction.template_id:
        return None
    return find_or_copy(session, segment, template_id)[0].id


def _segment_of(session: Session, line: SegmentLine) -> Segment:
    return session.get_one(Segment, line.segment_id)


def _reader(session: Session, field: LineField, line: SegmentLine, names: list[str]) -> Any:
    def read(given: Any) -> dict[str, Any]:
        values = shown_values(session, field, given, line.contact_id)
        return {name: values.get(name, False) for name in names}

    return read


def _with_template(
    session: Session, segment: Segment, line: SegmentLine, given: Any, was: dict[str, Any] | None
) -> dict[str, Any]:
    """The columns that choosing a template writes: the interaction, and everything that depends on it cleared."""
    field = LINE_FIELDS["template"]

    def read(value: Any) -> int | None:
        template: int | None = stored_values(session, field, value, None)[field.column]
        return None if template == segment.interaction.template_id else template

    stored = session.get_one(SegmentInteraction, line.interaction_id).template_id if line.interaction_id else None
    mine = read(given)
    if not is_changed("template", mine, stored, was, read, who=segment.modified_by):
        return {}
    if mine is not None and line.contact_id is None:
        raise RuleViolation(say("Choose a contact first."), field="template")
    chosen = own_interaction(session, segment, mine)
    return inherited(TEMPLATE_DEPENDENT) | {"interaction_id": chosen}


def _refuse_without_template(session: Session, segment: Segment, interaction_id: int | None) -> None:
    interaction = session.get_one(SegmentInteraction, interaction_id or segment.interaction_id)
    if interaction.template_id is None:
        raise RuleViolation(say("Choose an interaction template first."), field="language")


def _write(session: Session, segment: Segment, line: SegmentLine, columns: dict[str, Any], *, by: Actor) -> EditedLine:
    pairs = {
        column: (getattr(line, column), value) for column, value in columns.items() if getattr(line, column) != value
    }
    for column, (_, value) in pairs.items():
        setattr(line, column, value)
    session.flush()
    token = keep_for_undo(session, segment, {line.id: pairs}, by=by) if pairs else ""
    return EditedLine(line, tuple(pairs), token)


def own_fields(line: Any) -> list[str]:
    """The names of the fields in which a line (or a row with its columns) differs from its header."""
    return [
        name
        for name, field in LINE_FIELDS.items()
        if getattr(line, field.column) is not None or any(getattr(line, one) for one in columns_of(field)[1:])
    ]
