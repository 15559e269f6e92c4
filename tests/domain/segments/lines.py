"""Reading lines back in tests."""

from __future__ import annotations

from sqlalchemy import select

from domain.segments.effective import effective, line
from domain.segments.models import SegmentLine


def listed(session, segment):
    """The lines on the list, in order."""
    session.expire_all()
    return list(
        session.scalars(
            select(SegmentLine)
            .where(SegmentLine.segment_id == segment.id, SegmentLine.removed_step_id.is_(None))
            .order_by(SegmentLine.line_no)
        )
    )


def shown(session, segment, *names):
    """Effective values of the lines on the list, in order: plain values for one name, tuples for several."""
    session.flush()
    rows = session.execute(
        effective(*names).where(line.segment_id == segment.id, line.removed_step_id.is_(None)).order_by(line.line_no)
    ).all()
    return [row[0] for row in rows] if len(names) == 1 else [tuple(row) for row in rows]
