"""Steps: every change of the list, what each skipped, and Go back (A3, R-K01…R-K04, R-B01…R-B04).

Lines are never deleted by a step: they are marked with the step that removed them. Going back over a step that added
lines marks them as removed by that same step, and the step as undone; it is then no longer counted or listed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, delete, func, insert, literal, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.models import Contact
from domain.errors import NotFound, RuleViolation
from domain.messages import say
from domain.segments.editing import SILENTLY, begin_change
from domain.segments.header import count_lines
from domain.segments.models import Segment, SegmentLine
from domain.segments.step_models import SegmentPin, SegmentStep, SegmentStepLine, SegmentStepSkip

MOST_SKIPS = 10_000
REMOVING = ("remove", "reduce", "refine", "kept_back")


def record_step(
    session: Session,
    segment: Segment,
    kind: str,
    *,
    source: str = "",
    filters: dict[str, Any] | None = None,
    options: dict[str, Any] | None = None,
    found: int = 0,
    changed: int = 0,
    skipped: int = 0,
    by: Actor,
) -> SegmentStep:
    """Adds the next step. A step that changes nothing is still a step (A3). Call it within a change of the segment."""
    step = SegmentStep(
        segment_id=segment.id,
        seq=step_count(session, segment) + 1,
        kind=kind,
        source=source,
        filters=json.dumps(filters or {}),
        options=json.dumps(options or {}),
        user_id=by.user_id,
        user_name=by.user_name,
        at=by.now,
        found=found,
        changed=changed,
        skipped=skipped,
    )
    session.add(step)
    session.flush()
    return step


def record_skips(session: Session, step: SegmentStep, skipped: Select[*tuple[Any, ...]]) -> None:
    """Keeps which contacts a step passed over; `skipped` selects contact id and reason.

    Above 10,000 the rest is counted only.
    """
    first = skipped.limit(MOST_SKIPS).subquery("skipped")
    reason, contact_id = first.c[1], first.c[0]
    rows = select(literal(step.id), contact_id, reason)
    session.execute(insert(SegmentStepSkip).from_select(["step_id", "contact_id", "reason"], rows))


def _counted(segment: Segment) -> ColumnElement[bool]:
    return (SegmentStep.segment_id == segment.id) & SegmentStep.undone.is_(False)


def step_count(session: Session, segment: Segment) -> int:
    """No. of criteria actions: the number of the last step (A3)."""
    return session.scalar(select(func.max(SegmentStep.seq)).where(_counted(segment))) or 0


def step_list(segment: Segment) -> Select[SegmentStep]:
    """The steps in order."""
    return select(SegmentStep).where(_counted(segment)).order_by(SegmentStep.seq)


def steps_between(session: Session, segment: Segment, first: int, last: int) -> list[SegmentStep]:
    """The steps with numbers from `first` to `last`, in order."""
    return list(session.scalars(step_list(segment).where(SegmentStep.seq >= first, SegmentStep.seq <= last)))


def last_step(session: Session, segment: Segment) -> SegmentStep | None:
    """The step that Go back would undo."""
    return session.scalar(select(SegmentStep).where(_counted(segment)).order_by(SegmentStep.seq.desc()).limit(1))


def get_step(session: Session, segment: Segment, seq: int) -> SegmentStep:
    """The step with this number. Raises `NotFound`."""
    step = session.scalar(select(SegmentStep).where(_counted(segment), SegmentStep.seq == seq))
    if step is None:
        raise NotFound(say("This segment has no step %(seq)s any more.", seq=seq))
    return step


@dataclass(frozen=True)
class SkipPage:
    """A page of the contacts a step passed over; `next` goes on behind it. `kept`: how many are kept by name."""

    rows: list[Any]
    next: int | None
    kept: int


def skip_page(session: Session, step: SegmentStep, *, after: int = 0, size: int = 100) -> SkipPage:
    """The contacts a step passed over and why, `size` at a time (A3)."""
    found = list(session.execute(skipped_contacts(step).where(SegmentStepSkip.id > after).limit(size + 1)))
    kept = select(func.count()).select_from(SegmentStepSkip).where(SegmentStepSkip.step_id == step.id)
    following = found[size - 1].id if len(found) > size else None
    return SkipPage(found[:size], following, session.scalar(kept) or 0)


def skipped_contacts(step: SegmentStep) -> Select[*tuple[Any, ...]]:
    """Contacts a step passed over, with the reason (blocked, excluded, present, pinned_in, pinned_out)."""
    return (
        select(SegmentStepSkip.id, Contact.no, Contact.name, Contact.company_name, SegmentStepSkip.reason)
        .join(Contact, Contact.id == SegmentStepSkip.contact_id)
        .where(SegmentStepSkip.step_id == step.id)
        .order_by(SegmentStepSkip.id)
    )


def switched_off(session: Session, segment: Segment) -> dict[int, int]:
    """Numbers of the steps that a later step switched off, with the number of that later one (A3)."""
    stored = select(SegmentStep.seq, SegmentStep.options).where(_counted(segment), SegmentStep.kind == "without")
    return {json.loads(row.options)["step"]: row.seq for row in session.execute(stored)}


@dataclass(frozen=True)
class WentBack:
    """What Go back did: the step it undid, the lines that returned, the lines that went."""

    kind: str
    seq: int
    returned: int
    removed: int


def go_back(session: Session, segment: Segment, *, seq: int | None = None, by: Actor) -> WentBack:
    """Undoes the last step, losing nothing: removed lines return with own values, comment, document (A3).

    Never asks about resetting (R-B04). `seq` is the step the user saw as the last one. Raises `RuleViolation` when
    there is no step, or another one has become the last.
    """
    begin_change(session, segment, by=by)
    step = last_step(session, segment)
    if step is None:
        raise RuleViolation(say("There is no step to go back to."))
    if seq is not None and step.seq != seq:
        raise RuleViolation(say("Someone else has changed the list meanwhile. Look at the steps again."))
    returned = _mark(session, None, SegmentLine.removed_step_id == step.id)
    brought = select(SegmentStepLine.line_id).where(SegmentStepLine.step_id == step.id)
    before = (
        select(SegmentStepLine.removed_step_id)
        .where(SegmentStepLine.step_id == step.id, SegmentStepLine.line_id == SegmentLine.id)
        .scalar_subquery()
    )
    removed = _mark(session, before, SegmentLine.id.in_(brought))
    removed += _mark(session, step.id, SegmentLine.added_step_id == step.id)
    for gone in (
        delete(SegmentStepSkip).where(SegmentStepSkip.step_id == step.id),
        delete(SegmentStepLine).where(SegmentStepLine.step_id == step.id),
    ):
        session.execute(gone, execution_options=SILENTLY)
    undone = WentBack(step.kind, step.seq, returned, removed)
    step.undone = True
    session.flush()
    session.expire_all()
    return undone


def bring_back(session: Session, segment: Segment, step: SegmentStep, *, by: Actor) -> WentBack:
    """Brings back the lines a step removed (B27): Go back while it is the last step, else a step of its own.

    Raises `RuleViolation` when the step removed nothing that could come back.
    """
    begin_change(session, segment, by=by)
    step = get_step(session, segment, step.seq)
    last = last_step(session, segment)
    if last is not None and last.id == step.id and step.kind in REMOVING:
        return go_back(session, segment, by=by)
    gone = select(SegmentLine.id).where(SegmentLine.removed_step_id == step.id)
    if session.scalar(gone.limit(1)) is None:
        raise RuleViolation(say("These lines are back already."))
    again = record_step(session, segment, "bring_back", source="list", options={"step": step.seq}, by=by)
    session.execute(
        insert(SegmentStepLine).from_select(
            ["step_id", "line_id", "removed_step_id"],
            select(literal(again.id), SegmentLine.id, SegmentLine.removed_step_id).where(
                SegmentLine.removed_step_id == step.id
            ),
        )
    )
    returned = _mark(session, None, SegmentLine.removed_step_id == step.id)
    again.found = again.changed = returned
    session.flush()
    session.expire_all()
    return WentBack(step.kind, step.seq, returned, 0)


def may_reset(session: Session, segment: Segment) -> bool:
    """Whether emptying the segment asks about resetting it (Q-05): no line is left, and there were two steps or more."""
    return step_count(session, segment) > 1 and count_lines(session, segment) == 0


def reset_steps(session: Session, segment: Segment, *, by: Actor) -> None:
    """Steps and removed lines of an empty segment go for good (Q-05). Raises `RuleViolation` when it has lines."""
    begin_change(session, segment, by=by)
    if count_lines(session, segment):
        raise RuleViolation(say("Only an empty segment can be reset. Remove its lines first."))
    steps = select(SegmentStep.id).where(SegmentStep.segment_id == segment.id)
    for gone in (
        delete(SegmentStepLine).where(SegmentStepLine.step_id.in_(steps)),
        delete(SegmentStepSkip).where(SegmentStepSkip.step_id.in_(steps)),
        delete(SegmentPin).where(SegmentPin.step_id.in_(steps)),
        delete(SegmentLine).where(SegmentLine.segment_id == segment.id),
        delete(SegmentStep).where(SegmentStep.segment_id == segment.id),
    ):
        session.execute(gone, execution_options=SILENTLY)
    session.expire_all()


def mark_removed(session: Session, step: SegmentStep, *conditions: ColumnElement[bool]) -> int:
    """Marks lines on the list as removed by a step. Returns how many."""
    return _mark(
        session,
        step.id,
        SegmentLine.segment_id == step.segment_id,
        SegmentLine.removed_step_id.is_(None),
        *conditions,
    )


def _mark(session: Session, removed_by: Any, *conditions: ColumnElement[bool]) -> int:
    session.flush()
    marked = session.execute(
        update(SegmentLine).where(*conditions).values(removed_step_id=removed_by, version=SegmentLine.version + 1),
        execution_options=SILENTLY,
    )
    return cast("CursorResult[Any]", marked).rowcount
