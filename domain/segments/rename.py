"""Giving a segment another number (R-H01, A8)."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.errors import RuleViolation
from domain.interactions.models import LoggedSegment
from domain.messages import say
from domain.segments.editing import SILENTLY, begin_change, is_changed
from domain.segments.models import Segment
from domain.segments.queries import find_segment, is_logged
from domain.setup.numbers import take_number
from domain.types import code


def rename_segment(session: Session, segment: Segment, no: str, *, was: str | None = None, by: Actor) -> str:
    """Gives an open segment another number, typed by hand; its series is blanked (R-H01). Returns the number it has.

    The number must be new among open, frozen and logged segments (A8), and the series for segments must allow typed
    numbers. Logged segments that name this one as their follow-up, or as where lines were kept, name it by its new
    number. The same number again changes nothing. Raises `Forbidden`, `Conflict`, and `RuleViolation` on the field
    "no".
    """
    begin_change(session, segment, by=by)
    shown = None if was is None else {"no": was}
    if not is_changed("no", code(no), segment.no, shown, code, who=segment.modified_by):
        return segment.no
    if not code(no):
        raise RuleViolation(say("Enter a number."), field="no")

    def is_used(number: str) -> bool:
        return find_segment(session, number) is not None or is_logged(session, number)

    number, _ = take_number(session, "segment", typed=no, by=by, is_used=is_used)
    former = segment.no
    segment.no = number
    segment.number_series_id = None
    session.flush()
    for column in (LoggedSegment.follow_up_no, LoggedSegment.kept_segment_no):
        named = update(LoggedSegment).where(column == former).values({column.key: number})
        session.execute(named.values(version=LoggedSegment.version + 1), execution_options=SILENTLY)
    session.expire_all()
    return number
