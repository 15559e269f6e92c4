"""Log n, keep m: the lines that stay behind move to a new segment (A8)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, case, func, insert, literal, null, or_, select, update
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.segments.check import lines_with
from domain.segments.create import create_segment
from domain.segments.interaction_copies import copy_interactions
from domain.segments.models import Segment, SegmentLine
from domain.segments.steps import record_step

KEPT_BACK, KEPT_FROM = "kept_back", "kept_from"
SOURCE = "log"
_HEADER = ("date", "salesperson_id", "campaign_id", "send_as_attachment", "last_line_no", "is_demo")
_NOT_COPIED = frozenset({"id", "segment_id", "added_step_id", "removed_step_id", "interaction_id", "version"})


def keep_back(
    session: Session, segment: Segment, *, problems: Collection[str], lines: Sequence[int], by: Actor
) -> tuple[Segment | None, int]:
    """Moves lines with own values, comments and documents to a new segment. Returns it and how many moved.

    `problems` are codes of the check, `lines` ids of lines. The new segment has the next number, the same header and
    one step that names the old one; it counts as untouched while its `list_version` is 1. On the old one they leave
    by a last step "kept back". No line meant: nothing happens.
    """
    chosen = _chosen(session, segment, problems, lines)
    number = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    if not number:
        return None, 0
    kept = create_segment(session, description=segment.description, by=by)
    for name in _HEADER:
        setattr(kept, name, getattr(segment, name))
    session.flush()
    copies = copy_interactions(session, segment, kept)
    counts: dict[str, Any] = {"source": SOURCE, "found": number, "changed": number, "by": by}
    left = record_step(session, segment, KEPT_BACK, options={"segment": kept.no}, **counts)
    session.execute(
        update(SegmentLine)
        .where(SegmentLine.id.in_(chosen))
        .values(removed_step_id=left.id, version=SegmentLine.version + 1),
        execution_options={"synchronize_session": False},
    )
    arrived = record_step(session, kept, KEPT_FROM, options={"segment": segment.no}, **counts)
    _copy_lines(session, left_by=left.id, to=kept, added_by=arrived.id, interactions=copies)
    session.expire_all()
    return kept, number


def _chosen(session: Session, segment: Segment, problems: Collection[str], lines: Sequence[int]) -> Select[int]:
    meant = []
    if problems:
        meant.append(SegmentLine.id.in_(lines_with(session, segment, problems)))
    if lines:
        meant.append(SegmentLine.id.in_(lines))
    return select(SegmentLine.id).where(
        SegmentLine.segment_id == segment.id,
        SegmentLine.removed_step_id.is_(None),
        SegmentLine.contact_id.is_not(None),
        or_(*meant),
    )


def _copy_lines(session: Session, *, left_by: int, to: Segment, added_by: int, interactions: dict[int, int]) -> None:
    names = [column.name for column in SegmentLine.__table__.columns if column.name not in _NOT_COPIED]
    own_interaction: Any = case(interactions, value=SegmentLine.interaction_id, else_=null())
    rows = (
        select(
            literal(to.id),
            literal(added_by),
            own_interaction,
            literal(1),
            *(getattr(SegmentLine, name) for name in names),
        )
        .where(SegmentLine.removed_step_id == left_by)
        .order_by(SegmentLine.line_no)
    )
    session.execute(
        insert(SegmentLine).from_select(["segment_id", "added_step_id", "interaction_id", "version", *names], rows)
    )
