"""Which contacts are pinned: the pin of the last step that was not undone counts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, func, insert, literal, select
from sqlalchemy.orm import Session, aliased

from domain.contacts.models import Contact
from domain.segments.models import Segment
from domain.segments.step_models import SegmentPin, SegmentStep

_later = aliased(SegmentPin, name="later_pin")
_later_step = aliased(SegmentStep, name="later_step")


def _current(segment: Segment) -> Select[Any]:
    """The pins that count, pins that have been ended included."""
    last = (
        select(func.max(_later.step_id))
        .join(_later_step, _later_step.id == _later.step_id)
        .where(
            _later.segment_id == SegmentPin.segment_id,
            _later.contact_id == SegmentPin.contact_id,
            _later_step.undone.is_(False),
        )
        .correlate(SegmentPin)
        .scalar_subquery()
    )
    return select(SegmentPin).where(SegmentPin.segment_id == segment.id, SegmentPin.step_id == last)


def pinned_contacts(segment: Segment, kind: str) -> Select[int]:
    """Ids of the contacts pinned "in" or "out"."""
    return _current(segment).where(SegmentPin.kind == kind).with_only_columns(SegmentPin.contact_id)


def pin_of(session: Session, segment: Segment, contact_id: int) -> SegmentPin | None:
    """The pin of a contact, if it has one."""
    pin: SegmentPin | None = session.scalar(
        _current(segment).where(SegmentPin.contact_id == contact_id, SegmentPin.kind != "")
    )
    return pin


def pin_list(segment: Segment) -> Select[*tuple[Any, ...]]:
    """contact no, name, kind, reason, user name and moment of every pin, in the order of the steps."""
    return (
        _current(segment)
        .where(SegmentPin.kind != "")
        .join(Contact, Contact.id == SegmentPin.contact_id)
        .join(SegmentStep, SegmentStep.id == SegmentPin.step_id)
        .with_only_columns(
            Contact.no,
            Contact.name,
            SegmentPin.kind,
            SegmentPin.reason,
            SegmentStep.user_name,
            SegmentStep.at,
            SegmentStep.seq,
        )
        .order_by(SegmentStep.seq)
    )


def end_pins(session: Session, step: SegmentStep, segment: Segment, kind: str, contacts: Select[Any]) -> int:
    """Ends the pins of a kind of the contacts whose ids are selected, by a step. Returns how many."""
    pinned = pinned_contacts(segment, kind).where(SegmentPin.contact_id.in_(contacts))
    ids = list(session.scalars(pinned))
    if ids:
        rows = select(literal(segment.id), literal(step.id), Contact.id, literal(""), literal("")).where(
            Contact.id.in_(ids)
        )
        session.execute(insert(SegmentPin).from_select(["segment_id", "step_id", "contact_id", "kind", "reason"], rows))
    return len(ids)


def pins_on(session: Session, segment: Segment, contact_ids: list[int]) -> dict[int, Row[*tuple[Any, ...]]]:
    """kind and reason of the pins of these contacts, by contact id: what the lines of a page show."""
    rows = session.execute(
        _current(segment)
        .where(SegmentPin.kind != "", SegmentPin.contact_id.in_(contact_ids))
        .with_only_columns(SegmentPin.contact_id, SegmentPin.kind, SegmentPin.reason)
    )
    return {row.contact_id: row for row in rows}
