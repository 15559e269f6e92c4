"""The segments that use an interaction template or an interaction group, and how many of their lines do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from domain.interaction_templates.models import InteractionGroup, InteractionTemplate
from domain.segments.models import Segment, SegmentInteraction, SegmentLine


@dataclass(frozen=True)
class SegmentUse:
    """A segment, open or logged, and how many lines on its list have the interaction."""

    no: str
    description: str
    lines: int
    logged: bool


def segments_with_template(
    session: Session, template: InteractionTemplate, *, limit: int
) -> tuple[list[SegmentUse], int]:
    """The first segments by number whose header or lines have this template, and how many there are."""
    return _segments(session, SegmentInteraction.template_id == template.id, limit)


def segments_with_group(session: Session, group: InteractionGroup, *, limit: int) -> tuple[list[SegmentUse], int]:
    """The first segments by number with interactions of this group, and how many there are."""
    return _segments(session, SegmentInteraction.group_id == group.id, limit)


def _segments(session: Session, asked: ColumnElement[bool], limit: int) -> tuple[list[SegmentUse], int]:
    theirs = select(SegmentInteraction.id).where(asked)
    on_a_line = exists().where(SegmentLine.segment_id == Segment.id, SegmentLine.interaction_id.in_(theirs))
    used = (
        Segment.id.in_(select(SegmentInteraction.segment_id).where(asked)),
        or_(Segment.interaction_id.in_(theirs), on_a_line),
    )
    lines: Select[Any] = select(func.count()).where(
        SegmentLine.segment_id == Segment.id,
        SegmentLine.removed_step_id.is_(None),
        func.coalesce(SegmentLine.interaction_id, Segment.interaction_id).in_(theirs),
    )
    found = session.execute(
        select(
            Segment.no,
            Segment.description,
            lines.correlate(Segment).scalar_subquery(),
            Segment.logged_segment_id.is_not(None),
        )
        .where(*used)
        .order_by(Segment.no)
        .limit(limit)
    )
    number = session.scalar(select(func.count()).select_from(Segment).where(*used)) or 0
    return [SegmentUse(no, description, count, bool(logged)) for no, description, count, logged in found], number
