"""Who of a segment has been written to lately, and who stands on another open segment."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, aliased

from domain.accounts.actor import Actor
from domain.errors import RuleViolation
from domain.filters.tree import quoted
from domain.interaction_templates.models import InteractionTemplate
from domain.interactions.models import InteractionLogEntry
from domain.messages import say
from domain.segments.criteria import Criteria, GroupFilter
from domain.segments.models import Segment, SegmentLine
from domain.segments.reduce import Reduced, reduce_contacts, remove_contacts
from domain.setup.models import Salesperson

LONGEST = 3650
_other = aliased(SegmentLine, name="other_line")
_mine = aliased(SegmentLine, name="my_line")


def _contacts(segment: Segment) -> Any:
    return select(_mine.contact_id).where(
        _mine.segment_id == segment.id, _mine.removed_step_id.is_(None), _mine.contact_id.is_not(None)
    )


def _lately(days: int, *, by: Actor) -> Any:
    """Interactions of the last `days` days, today included, that took place (B10)."""
    if not 1 <= days <= LONGEST:
        raise RuleViolation(say("Enter a number of days from 1 to %(most)s.", most=LONGEST), field="days")
    entry = InteractionLogEntry
    return (
        entry.date > by.today - dt.timedelta(days=days),
        entry.date <= by.today,
        entry.canceled.is_(False),
        entry.attempt_failed.is_(False),
    )


def recent_interactions(
    session: Session, segment: Segment, *, days: int, by: Actor
) -> tuple[int, list[Row[Any]], list[Row[Any]]]:
    """How many contacts of the list had an interaction in the last `days` days; by template, and by salesperson.

    Rows: code, description or name, number of contacts; most first. Raises `RuleViolation` on the field "days".
    """
    entry = InteractionLogEntry
    where = (*_lately(days, by=by), entry.contact_id.in_(_contacts(segment)))
    contacts = func.count(entry.contact_id.distinct())
    total = session.scalar(select(contacts).where(*where)) or 0
    by_template = (
        select(InteractionTemplate.code, InteractionTemplate.description, contacts.label("contacts"))
        .select_from(entry)
        .outerjoin(InteractionTemplate, InteractionTemplate.id == entry.template_id)
        .where(*where)
        .group_by(InteractionTemplate.code, InteractionTemplate.description)
        .order_by(contacts.desc(), InteractionTemplate.code)
    )
    by_person = (
        select(Salesperson.code, Salesperson.name, contacts.label("contacts"))
        .select_from(entry)
        .outerjoin(Salesperson, Salesperson.id == entry.salesperson_id)
        .where(*where)
        .group_by(Salesperson.code, Salesperson.name)
        .order_by(contacts.desc(), Salesperson.code)
    )
    return total, list(session.execute(by_template)), list(session.execute(by_person))


def reduce_by_interactions(
    session: Session, segment: Segment, *, days: int, kind: str, code: str, by: Actor
) -> Reduced:
    """Removes who had an interaction in the last `days` days, of one template or salesperson ('': none); one step.

    `kind` is "template" or "salesperson". It is the Reduce that anybody could type, so it can be saved and reused with
    the days of then. Raises `RuleViolation` on the field "days".
    """
    _lately(days, by=by)
    filters = (
        ("date", f"-{days - 1}D..today" if days > 1 else "today"),
        (kind, quoted(code) if code else "''"),
        ("canceled", "no"),
        ("attempt_failed", "no"),
    )
    criteria = Criteria(((GroupFilter("interaction", filters),),), "en")
    return reduce_contacts(session, segment, criteria, by=by)


def shared_segments(session: Session, segment: Segment) -> list[Row[Any]]:
    """The other open segments that share contacts with this one: no, description, number of contacts; most first."""
    contacts = func.count(_other.contact_id.distinct())
    return list(
        session.execute(
            select(Segment.no, Segment.description, contacts.label("contacts"))
            .join(_other, _other.segment_id == Segment.id)
            .where(
                Segment.id != segment.id,
                Segment.logged_segment_id.is_(None),
                _other.removed_step_id.is_(None),
                _other.contact_id.in_(_contacts(segment)),
            )
            .group_by(Segment.no, Segment.description)
            .order_by(contacts.desc(), Segment.no)
        )
    )


def reduce_by_segment(session: Session, segment: Segment, other: Segment, *, by: Actor) -> Reduced:
    """Removes the contacts that stand on another open segment; one step."""
    listed = select(_other.contact_id).where(
        _other.segment_id == other.id, _other.removed_step_id.is_(None), _other.contact_id.is_not(None)
    )
    return remove_contacts(session, segment, listed, source="overlap", options={"segment": other.no}, by=by)
