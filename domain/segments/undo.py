"""Undoing cell and bulk edits (B27): what was replaced is kept for 15 minutes, for up to 5,000 lines."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.errors import RuleViolation
from domain.messages import say
from domain.segments.editing import SILENTLY, begin_change
from domain.segments.models import Segment, SegmentInteraction, SegmentLine, Undo

MOST_LINES = 5_000
KEPT_FOR = dt.timedelta(minutes=15)

Before = dict[int, dict[str, tuple[Any, Any]]]
"""Line id → column → value before and after."""


def keep_for_undo(session: Session, segment: Segment, edits: Before, *, by: Actor) -> str:
    """Keeps what an edit replaced; returns the token for `undo_edit`. What is older than 15 minutes is thrown away."""
    session.execute(delete(Undo).where(Undo.at < by.now - KEPT_FOR), execution_options=SILENTLY)
    values = {
        str(line_id): {column: [_packed(one) for one in pair] for column, pair in columns.items()}
        for line_id, columns in edits.items()
    }
    row = Undo(token=uuid4().hex, segment_id=segment.id, user_id=by.user_id, at=by.now, values=json.dumps(values))
    session.add(row)
    session.flush()
    return row.token


@dataclass(frozen=True)
class Undone:
    """How many lines have their former values again, and how many were left because they changed since or are gone."""

    restored: int
    left: int


def undo_edit(session: Session, segment: Segment, token: str, *, by: Actor) -> Undone:
    """Takes an edit of cells back. A value that changed since is never overwritten. Works once.

    Raises `RuleViolation` when the token is unknown, used, or older than 15 minutes.
    """
    begin_change(session, segment, by=by)
    row = session.scalar(select(Undo).where(Undo.token == token, Undo.segment_id == segment.id))
    if row is None or row.at < by.now - KEPT_FOR:
        raise RuleViolation(say("This can no longer be undone."))
    edits: dict[str, dict[str, list[Any]]] = json.loads(row.values)
    session.delete(row)
    listed = select(SegmentLine).where(SegmentLine.segment_id == segment.id, SegmentLine.removed_step_id.is_(None))
    # numbers of rows are not bound one by one: any count will do
    found = {one.id: one for one in session.scalars(listed.where(SegmentLine.id.in_(_ids(edits))))}
    interactions = set(
        session.scalars(select(SegmentInteraction.id).where(SegmentInteraction.segment_id == segment.id))
    )
    restored = 0
    for line_id, columns in edits.items():
        line = found.get(int(line_id))
        if line is None:
            continue
        pairs = {column: (_unpacked(before), _unpacked(after)) for column, (before, after) in columns.items()}
        if any(getattr(line, column) != after for column, (_, after) in pairs.items()):
            continue
        for column, (before, _) in pairs.items():
            if column == "interaction_id" and (before not in interactions or before == segment.interaction_id):
                before = None
            setattr(line, column, before)
        restored += 1
    session.flush()
    return Undone(restored, len(edits) - restored)


def _ids(edits: dict[str, Any]) -> list[int]:
    return [int(line_id) for line_id in edits]


def _packed(value: Any) -> Any:
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    if isinstance(value, dt.time):
        return {"time": value.isoformat()}
    return value


def _unpacked(value: Any) -> Any:
    if isinstance(value, dict):
        if "date" in value:
            return dt.date.fromisoformat(value["date"])
        return dt.time.fromisoformat(value["time"])
    return value
