"""Deleting an open segment (R-H03): header, lines, steps, interactions. Documents are cleaned up elsewhere."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.references import blank_references
from domain.segments.editing import SILENTLY, begin_change
from domain.segments.models import (
    Segment,
    SegmentHeaderChange,
    SegmentInteraction,
    SegmentInteractionLanguage,
    SegmentLine,
    Undo,
)
from domain.segments.step_models import SegmentStep, SegmentStepLine, SegmentStepSkip


def delete_segment(session: Session, segment: Segment, *, by: Actor) -> None:
    """Deletes an open segment with everything that hangs on it; nothing is asked about its steps (R-H03).

    Raises `Forbidden`, and `RuleViolation` when the segment has been logged.
    """
    begin_change(session, segment, by=by)
    segment_id = segment.id
    session.expunge(segment)
    steps = select(SegmentStep.id).where(SegmentStep.segment_id == segment_id)
    lines = select(SegmentLine.id).where(SegmentLine.segment_id == segment_id)
    interactions = select(SegmentInteraction.id).where(SegmentInteraction.segment_id == segment_id)
    tables = Segment.metadata.tables
    blank_references(session, tables["segment_line"], lines)
    blank_references(session, tables["segment"], select(Segment.id).where(Segment.id == segment_id))
    for statement in (
        delete(Undo).where(Undo.segment_id == segment_id),
        delete(SegmentHeaderChange).where(SegmentHeaderChange.segment_id == segment_id),
        delete(SegmentStepLine).where(SegmentStepLine.step_id.in_(steps)),
        delete(SegmentStepSkip).where(SegmentStepSkip.step_id.in_(steps)),
        delete(SegmentLine).where(SegmentLine.segment_id == segment_id),
        delete(SegmentStep).where(SegmentStep.segment_id == segment_id),
        delete(SegmentInteractionLanguage).where(SegmentInteractionLanguage.interaction_id.in_(interactions)),
        delete(SegmentInteraction).where(SegmentInteraction.segment_id == segment_id),
        delete(Segment).where(Segment.id == segment_id),
    ):
        _do(session, statement)
    session.expire_all()


def _do(session: Session, statement: Any) -> None:
    session.execute(statement, execution_options=SILENTLY)
