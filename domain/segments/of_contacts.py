"""The open segments contacts are on, and those they can be added to (contacts.md 6, Contact Segment List)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from domain.contacts.models import COMPANY, Contact
from domain.segments.models import Segment, SegmentLine
from domain.segments.queries import open_segments


def segments_of(session: Session, contact: Contact, *, limit: int = 20) -> list[Row[Any]]:
    """no, description, date and number of lines of the open segments a contact is on, newest date first.

    A company is on a segment with every person of it.
    """
    lines = (
        select(SegmentLine.segment_id, func.count().label("lines"))
        .where(SegmentLine.removed_step_id.is_(None))
        .group_by(SegmentLine.segment_id)
    )
    if contact.type == COMPANY:
        lines = lines.where(SegmentLine.contact_id.in_(select(Contact.id).where(Contact.company_id == contact.id)))
    else:
        lines = lines.where(SegmentLine.contact_id == contact.id)
    on = lines.subquery()
    segments = open_segments().subquery()
    found = (
        select(segments.c.no, segments.c.description, segments.c.date, on.c.lines)
        .join(on, on.c.segment_id == segments.c.id)
        .order_by(segments.c.date.desc(), segments.c.no)
        .limit(limit)
    )
    return list(session.execute(found))


def latest_open_segments(*, limit: int = 200) -> Select[str, str]:
    """no and description of the open segments with the latest dates, for choosing one."""
    latest = open_segments().with_only_columns(Segment.no, Segment.description)
    return latest.order_by(Segment.date.desc(), Segment.no.desc()).limit(limit)
