"""Giving a new segment the interactions of another one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.segments.models import Segment, SegmentInteraction, SegmentInteractionLanguage

_NOT_COPIED = frozenset({"id", "segment_id", "interaction_id"})


def copy_interactions(session: Session, source: Segment, target: Segment) -> dict[int, int]:
    """Gives `target` the interactions of `source` with their language documents (A1). Returns old id → new id.

    The header of `target` points to the copy of the header's interaction; the blank one it was made with goes.
    """
    copies: dict[int, int] = {}
    blank_id = target.interaction_id
    for interaction in session.scalars(
        select(SegmentInteraction).where(SegmentInteraction.segment_id == source.id).order_by(SegmentInteraction.id)
    ).all():
        copy = SegmentInteraction(segment_id=target.id, **_columns(interaction))
        copy.languages = [SegmentInteractionLanguage(**_columns(row)) for row in interaction.languages]
        session.add(copy)
        session.flush()
        copies[interaction.id] = copy.id
    target.interaction_id = copies[source.interaction_id]
    session.flush()
    session.delete(session.get_one(SegmentInteraction, blank_id))
    session.flush()
    return copies


def _columns(row: Any) -> dict[str, Any]:
    return {
        column.name: getattr(row, column.name) for column in row.__table__.columns if column.name not in _NOT_COPIED
    }
