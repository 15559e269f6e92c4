"""The list as it would be without one of its steps, before anybody decides (A3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.models import Contact
from domain.segments.header import count_lines
from domain.segments.models import Segment, SegmentLine
from domain.segments.switch_off import coming_back, coming_in, get_switchable, leaving_again, order_in

MOST_PEOPLE = 20
PERSON = (Contact.no, Contact.name, Contact.company_name)


@dataclass(frozen=True)
class WithoutStep:
    """Lines now and then; how many would go, come back and come in, and the first of each (no, name, company_name).

    `list_version` is the state of the list it was computed for.
    """

    before: int
    after: int
    went: int
    returned: int
    came_in: int
    going: list[Row[Any]]
    returning: list[Row[Any]]
    coming: list[Row[Any]]
    list_version: int


def preview_switch_off(session: Session, segment: Segment, seq: int, *, by: Actor) -> WithoutStep:
    """What switching step `seq` off would do, worked out by reading alone: nobody who writes has to wait.

    A step has added lines or removed them, never both, so what comes in and what comes back do not meet. Raises as
    `switch_off`.
    """
    by.must_be_allowed("edit segments")
    off = get_switchable(session, segment, seq)
    live = SegmentLine.removed_step_id.is_(None)
    going = and_(SegmentLine.segment_id == segment.id, SegmentLine.added_step_id == off.id, live)
    leaving = or_(false(), *(condition for _, condition in leaving_again(session, segment, off, by=by)))
    # a line without contact makes conditions NULL that ask for its contact
    returning = and_(coming_back(segment, off), leaving.is_not(true()))
    coming = coming_in(session, segment, off).subquery("coming")
    on_list = coming.c.removed_step_id.is_(None)
    before, went, returned = count_lines(session, segment), _count(session, going), _count(session, returning)
    came_in = session.scalar(select(func.count()).select_from(coming).where(on_list)) or 0
    entering = select(*PERSON).join_from(coming, Contact, Contact.id == coming.c.contact_id).where(on_list)
    return WithoutStep(
        before=before,
        after=before - went + returned + came_in,
        went=went,
        returned=returned,
        came_in=came_in,
        going=_people(session, going),
        returning=_people(session, returning),
        coming=list(session.execute(entering.order_by(*order_in(coming)).limit(MOST_PEOPLE))),
        list_version=segment.list_version,
    )


def _count(session: Session, lines: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(SegmentLine).where(lines)) or 0


def _people(session: Session, lines: ColumnElement[bool]) -> list[Row[Any]]:
    people = select(*PERSON).select_from(SegmentLine).outerjoin(Contact, Contact.id == SegmentLine.contact_id)
    return list(session.execute(people.where(lines).order_by(SegmentLine.line_no).limit(MOST_PEOPLE)))
