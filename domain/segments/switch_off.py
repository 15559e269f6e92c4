"""The list without one of its steps (A3): the step's lines go, what it removed comes back, its consequences too."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, and_, exists, func, insert, literal, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session, aliased

from domain.accounts.actor import Actor
from domain.errors import RuleViolation
from domain.messages import say
from domain.segments.add_contacts import LINE_COLUMNS
from domain.segments.criteria import criteria_from_json
from domain.segments.editing import SILENTLY, begin_change
from domain.segments.lines import LINE_STEP, take_line_nos
from domain.segments.models import Segment, SegmentLine
from domain.segments.pin_queries import end_pins, pinned_contacts
from domain.segments.reduce import leaves
from domain.segments.step_models import SegmentPin, SegmentStep, SegmentStepLine, SegmentStepSkip
from domain.segments.steps import get_step, mark_removed, record_step, switched_off

_other = aliased(SegmentLine, name="other_line")
_later = aliased(SegmentStep, name="later_step")
_skip = aliased(SegmentStepSkip, name="skip")
REMOVING_KINDS = ("reduce", "refine")


@dataclass(frozen=True)
class SwitchedOff:
    """The step that says it, lines that went, came back, and came in because a later step had passed them over."""

    step: SegmentStep
    went: int
    returned: int
    came_in: int


def switch_off(session: Session, segment: Segment, seq: int, *, by: Actor) -> SwitchedOff:
    """Shows the list as it would be without step `seq`; a step of its own, so that Go back undoes it (A3).

    * Lines the step added go. Lines it removed come back, unless their contact has been added again since.
    * Contacts that a later step passed over because of a line of this one come in, in the name of the later step.
    * Lines that came back meet the later Reduce and Refine steps; one that leaves by such a step is marked as removed
      by it. A contact that comes in shares the fate of the line it was passed over for.
    * A pin of the step ends.

    Raises `NotFound`, and `RuleViolation` when the step is switched off already or is itself a switching off.
    """
    begin_change(session, segment, by=by)
    off = get_switchable(session, segment, seq)
    step = record_step(session, segment, "without", source="criteria", options={"step": seq}, by=by)
    came_in = _bring_in(session, segment, off, step)
    went = mark_removed(session, step, SegmentLine.added_step_id == off.id)
    returned = _bring_back(session, segment, off, step, by=by)
    end_pins(session, step, segment, "in", _pinned_by(off, "in"))
    end_pins(session, step, segment, "out", _pinned_by(off, "out"))
    step.found = went + returned + came_in
    step.changed = step.found
    session.flush()
    session.expire_all()
    return SwitchedOff(step, went, returned, came_in)


def get_switchable(session: Session, segment: Segment, seq: int) -> SegmentStep:
    """A step that can be switched off. Raises as `switch_off`."""
    off = get_step(session, segment, seq)
    if off.kind in ("without", "bring_back"):
        raise RuleViolation(say("Step %(seq)s can only be taken back with Go back.", seq=seq))
    if seq in switched_off(session, segment):
        raise RuleViolation(say("Step %(seq)s is switched off already.", seq=seq))
    return off


def _pinned_by(off: SegmentStep, kind: str) -> Select[Any]:
    return select(SegmentPin.contact_id).where(SegmentPin.step_id == off.id, SegmentPin.kind == kind)


def coming_in(session: Session, segment: Segment, off: SegmentStep) -> Select[Any]:
    """The contacts that later steps passed over because the switched-off step had put them on the list: contact id, the
    step that gets the line, the step that has removed it since.

    The first later step that met the contact gets the line; it is marked as removed if the former line was. Not when
    another line of the contact was on the list at that time.
    """
    mine = aliased(SegmentLine, name="mine")
    first = (
        select(_skip.contact_id, func.min(_later.seq).label("seq"))
        .join(_later, _later.id == _skip.step_id)
        .where(
            _later.segment_id == segment.id,
            _later.undone.is_(False),
            _later.seq > off.seq,
            _later.seq.not_in(set(switched_off(session, segment)) or {0}),
            _skip.reason == "present",
            _skip.contact_id.in_(select(mine.contact_id).where(mine.added_step_id == off.id)),
            ~exists(
                select(_other.id).where(
                    _other.segment_id == segment.id,
                    _other.contact_id == _skip.contact_id,
                    _other.added_step_id.is_distinct_from(off.id),
                    seq_of(_other.added_step_id) < _later.seq,
                    or_(_other.removed_step_id.is_(None), seq_of(_other.removed_step_id) > _later.seq),
                )
            ),
        )
        .group_by(_skip.contact_id)
        .subquery()
    )
    # the fate of the former line: on the list still, or removed by a step after the one that passed it over
    former = (
        select(mine.contact_id, func.max(mine.line_no).label("line_no"))
        .where(mine.added_step_id == off.id)
        .group_by(mine.contact_id)
        .subquery()
    )
    return (
        select(first.c.contact_id, _later.id.label("step_id"), mine.removed_step_id)
        .join(_later, and_(_later.segment_id == segment.id, _later.undone.is_(False), _later.seq == first.c.seq))
        .join(former, former.c.contact_id == first.c.contact_id)
        .join(mine, and_(mine.segment_id == segment.id, mine.line_no == former.c.line_no))
        .where(or_(mine.removed_step_id.is_(None), seq_of(mine.removed_step_id) > first.c.seq))
    )


def order_in(found: Any) -> tuple[Any, ...]:
    """The order in which `coming_in` (as a subquery) gets lines: by step, then contact."""
    return seq_of(found.c.step_id), found.c.contact_id


def _bring_in(session: Session, segment: Segment, off: SegmentStep, step: SegmentStep) -> int:
    """Writes the lines of `coming_in`. Returns how many come in on the list."""
    found = coming_in(session, segment, off).subquery()
    n = session.scalar(select(func.count()).select_from(found)) or 0
    if not n:
        return 0
    start = take_line_nos(session, segment, n)
    position = func.row_number().over(order_by=order_in(found)) - 1
    session.execute(
        insert(SegmentLine).from_select(
            [*LINE_COLUMNS, "removed_step_id"],
            select(
                literal(segment.id),
                literal(start) + position * LINE_STEP,
                found.c.contact_id,
                found.c.step_id,
                found.c.removed_step_id,
            ),
        )
    )
    new = and_(SegmentLine.segment_id == segment.id, SegmentLine.line_no >= start)
    _remember(session, step, new, literal(step.id))
    return session.scalar(select(func.count()).where(new, SegmentLine.removed_step_id.is_(None))) or 0


def coming_back(segment: Segment, off: SegmentStep) -> ColumnElement[bool]:
    """The lines the switched-off step removed, unless their contact has been added again since."""
    again = exists(
        select(_other.id).where(
            _other.segment_id == segment.id,
            _other.contact_id == SegmentLine.contact_id,
            _other.removed_step_id.is_(None),
            seq_of(_other.added_step_id) > off.seq,
        )
    )
    return and_(SegmentLine.segment_id == segment.id, SegmentLine.removed_step_id == off.id, ~again)


def leaving_again(
    session: Session, segment: Segment, off: SegmentStep, *, by: Actor
) -> list[tuple[SegmentStep, ColumnElement[bool]]]:
    """The later Reduce and Refine steps that count, and which of the lines that come back leave by each of them.

    A step that named its contacts instead of asking for criteria takes those whose lines it removed.
    """
    held = pinned_contacts(segment, "in")
    free = or_(SegmentLine.contact_id.is_(None), SegmentLine.contact_id.not_in(held))
    found = []
    for later in _later_removals(session, segment, off):
        options, filters = json.loads(later.options), json.loads(later.filters)
        if "criteria" in filters:
            leaving = leaves(
                session,
                later.kind,
                criteria_from_json(filters["criteria"]),
                entire_companies=options.get("entire_companies", False),
                by=by,
            )
        else:
            leaving = SegmentLine.contact_id.in_(select(_other.contact_id).where(_other.removed_step_id == later.id))
        found.append((later, and_(leaving, free)))
    return found


def _bring_back(session: Session, segment: Segment, off: SegmentStep, step: SegmentStep, *, by: Actor) -> int:
    """Lines that the switched-off step removed, as far as later steps leave them. Returns how many are on the list."""
    coming = coming_back(segment, off)
    n = _remember(session, step, coming, SegmentLine.removed_step_id)
    if not n:
        return 0
    session.execute(
        update(SegmentLine).where(coming).values(removed_step_id=None, version=SegmentLine.version + 1),
        execution_options=SILENTLY,
    )
    back = select(SegmentStepLine.line_id).where(
        SegmentStepLine.step_id == step.id, SegmentStepLine.removed_step_id == off.id
    )
    for later, leaving in leaving_again(session, segment, off, by=by):
        n -= mark_removed(session, later, SegmentLine.id.in_(back), leaving)
    return n


def _later_removals(session: Session, segment: Segment, off: SegmentStep) -> list[SegmentStep]:
    """Reduce and Refine steps after the switched-off one that count."""
    steps = session.scalars(
        select(SegmentStep)
        .where(
            SegmentStep.segment_id == segment.id,
            SegmentStep.undone.is_(False),
            SegmentStep.seq > off.seq,
            SegmentStep.kind.in_(REMOVING_KINDS),
        )
        .order_by(SegmentStep.seq)
    )
    gone = switched_off(session, segment)
    return [one for one in steps if one.seq not in gone]


def _remember(session: Session, step: SegmentStep, lines: ColumnElement[bool], before: Any) -> int:
    """Keeps which lines a step brings in, and what had removed them before. Returns how many."""
    kept = session.execute(
        insert(SegmentStepLine).from_select(
            ["step_id", "line_id", "removed_step_id"],
            select(literal(step.id), SegmentLine.id, before).where(lines),
        ),
        execution_options={"preserve_rowcount": True},
    )
    return cast("CursorResult[Any]", kept).rowcount


def seq_of(step_id: Any) -> ColumnElement[int]:
    """The number of a step, given its id."""
    of = aliased(SegmentStep)
    return select(of.seq).where(of.id == step_id).scalar_subquery()
