"""Questions about segments: one by number, the open ones, the neighbours of one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from domain.errors import NotFound
from domain.interactions.models import LoggedSegment
from domain.messages import say
from domain.segments.models import Segment
from domain.types import code


def open_segments() -> Select[Segment]:
    """The segments that are not logged yet: the one select for everything that says "open segment" (A5)."""
    return select(Segment).where(Segment.logged_segment_id.is_(None))


def get_open_segment(session: Session, no: str) -> Segment:
    """The open segment with this number. Raises `NotFound`, and says so when it has been logged meanwhile."""
    segment = find_segment(session, no)
    if segment is not None and segment.logged_segment_id is None:
        return segment
    if segment is not None or is_logged(session, no):
        raise NotFound(say("Segment %(no)s has been logged. You find it in Logged segments.", no=code(no)))
    raise NotFound(say("There is no segment %(no)s.", no=code(no)))


def find_segment(session: Session, no: str) -> Segment | None:
    """The worksheet with this number, open or frozen."""
    return session.scalar(select(Segment).where(Segment.no == no))


def get_worksheet(session: Session, no: str) -> Segment:
    """The worksheet with this number, open or frozen by logging (A5): for pages that only show. Raises `NotFound`."""
    return find_segment(session, no) or get_open_segment(session, no)


def is_logged(session: Session, no: str) -> bool:
    """Whether a segment of this number has been logged."""
    return session.scalar(select(LoggedSegment.id).where(LoggedSegment.segment_no == no).limit(1)) is not None


def neighbours(session: Session, segment: Segment) -> tuple[str | None, str | None]:
    """The numbers of the open segments before and after this one, in number order."""
    before: Select[Any] = open_segments().with_only_columns(Segment.no).where(Segment.no < segment.no)
    after: Select[Any] = open_segments().with_only_columns(Segment.no).where(Segment.no > segment.no)
    return (
        session.scalar(before.order_by(Segment.no.desc()).limit(1)),
        session.scalar(after.order_by(Segment.no).limit(1)),
    )
