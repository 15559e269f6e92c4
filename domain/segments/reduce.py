"""Reduce removes the lines whose contact meets criteria, Refine keeps only these (R-RED01…R-RED06, B6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, not_, or_, select
from sqlalchemy.orm import Session, aliased

from domain.accounts.actor import Actor
from domain.contacts.models import Contact
from domain.segments.criteria import Criteria
from domain.segments.editing import begin_change
from domain.segments.header import count_lines
from domain.segments.matching import matching_contacts
from domain.segments.models import Segment, SegmentLine
from domain.segments.pin_queries import pinned_contacts
from domain.segments.step_models import SegmentStep
from domain.segments.steps import mark_removed, record_skips, record_step, step_count

_member = aliased(Contact, name="member")
_of_company = aliased(Contact, name="of_company")


@dataclass(frozen=True)
class Reduced:
    """The step, how many lines met the criteria, went, and stayed because their contact is pinned.

    `may_reset` asks Q-05: the segment is empty now.
    """

    step: SegmentStep
    found: int
    removed: int
    pinned: int
    may_reset: bool


def reduce_contacts(
    session: Session, segment: Segment, criteria: Criteria, *, entire_companies: bool = False, by: Actor
) -> Reduced:
    """Removes every line whose contact meets the criteria, with all its duplicates (R-RED03); one step.

    Lines without contact stay (R-RED06), contacts pinned to the list too. Without filters all lines go (R-F03).
    `entire_companies`: one contact of a company that meets them, on the list or not, is enough (R-RED02, B5). Raises
    `Forbidden`, and `RuleViolation` when the segment is logged or a filter cannot be read.
    """
    return _remove(session, segment, "reduce", criteria, entire_companies, by=by)


def refine_contacts(
    session: Session, segment: Segment, criteria: Criteria, *, entire_companies: bool = False, by: Actor
) -> Reduced:
    """Keeps only the lines whose contact meets the criteria (R-RED04); as `reduce_contacts` otherwise.

    Lines without contact go (R-RED06). Without filters none goes but these (R-F03).
    """
    return _remove(session, segment, "refine", criteria, entire_companies, by=by)


def remove_contacts(
    session: Session,
    segment: Segment,
    contacts: Select[Any],
    *,
    source: str,
    options: dict[str, Any] | None = None,
    by: Actor,
) -> Reduced:
    """Removes every line of the contacts whose ids are selected, as a Reduce step that names no criteria."""
    begin_change(session, segment, by=by)
    step = record_step(session, segment, "reduce", source=source, options=options, by=by)
    return _apply(session, segment, step, SegmentLine.contact_id.in_(contacts))


def meets(session: Session, criteria: Criteria, *, entire_companies: bool, by: Actor) -> ColumnElement[bool]:
    """Whether the contact of a line meets the criteria, alone or through its company (R-RED02)."""
    matching = matching_contacts(session, criteria, by=by)
    if not entire_companies:
        return SegmentLine.contact_id.in_(matching)
    companies = select(_company(_of_company)).where(_of_company.id.in_(matching))
    return SegmentLine.contact_id.in_(select(_member.id).where(_company(_member).in_(companies)))


def leaves(
    session: Session, kind: str, criteria: Criteria, *, entire_companies: bool, by: Actor
) -> ColumnElement[bool]:
    """Whether a line leaves the list by a step of the kind reduce or refine, pins aside."""
    met = meets(session, criteria, entire_companies=entire_companies, by=by)
    return met if kind == "reduce" else or_(SegmentLine.contact_id.is_(None), not_(met))


def _company(contact: Any) -> ColumnElement[int]:
    """A contact without company is its own company (B5)."""
    return func.coalesce(contact.company_id, contact.id)


def _remove(
    session: Session, segment: Segment, kind: str, criteria: Criteria, entire_companies: bool, *, by: Actor
) -> Reduced:
    begin_change(session, segment, by=by)
    options = {"entire_companies": True} if entire_companies else {}
    step = record_step(
        session, segment, kind, source="criteria", filters={"criteria": criteria.as_json()}, options=options, by=by
    )
    leaving = leaves(session, kind, criteria, entire_companies=entire_companies, by=by)
    return _apply(session, segment, step, leaving)


def _apply(session: Session, segment: Segment, step: SegmentStep, leaving: ColumnElement[bool]) -> Reduced:
    """Marks the lines that leave, except those of pinned contacts, and counts."""
    pinned = pinned_contacts(segment, "in")
    stay, going = 0, [leaving]
    if session.scalar(pinned.limit(1)) is not None:
        held = _lines(segment).where(leaving, SegmentLine.contact_id.in_(pinned))
        stay = session.scalar(select(func.count()).select_from(held.subquery())) or 0
        if stay:
            reasons = held.with_only_columns(SegmentLine.contact_id, literal("pinned_in")).distinct()
            record_skips(session, step, reasons)
        # a line without contact is never pinned, and NOT IN is never true for it
        going.append(or_(SegmentLine.contact_id.is_(None), SegmentLine.contact_id.not_in(pinned)))
    lines_before = count_lines(session, segment)
    removed = mark_removed(session, step, *going)
    found = removed + stay if step.kind == "reduce" else lines_before - removed - stay
    step.found, step.changed, step.skipped = found, removed, stay
    session.flush()
    session.expire_all()
    empty = lines_before > 0 and lines_before == removed
    return Reduced(step, found, removed, stay, empty and step_count(session, segment) > 1)


def _lines(segment: Segment) -> Select[Any]:
    return select(SegmentLine.id).where(SegmentLine.segment_id == segment.id, SegmentLine.removed_step_id.is_(None))
