"""Pins hold a contact on the list, or keep it off, whatever later steps ask; each with a reason.

Pinning is a step, so Go back takes it back. Criteria pass pinned contacts over and say so. What is done by hand wins:
removing the line of a pinned contact, or adding one that was kept off, ends the pin.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.models import Contact
from domain.errors import RuleViolation
from domain.messages import say
from domain.segments.editing import begin_change
from domain.segments.lines import is_listed, read_contact, take_line_no
from domain.segments.models import Segment, SegmentLine
from domain.segments.pin_queries import pin_of
from domain.segments.step_models import SegmentPin, SegmentStep
from domain.segments.steps import mark_removed, record_step

KINDS = ("in", "out", "")


def pin_contact(session: Session, segment: Segment, contact: Any, kind: str, *, reason: str, by: Actor) -> SegmentStep:
    """Pins a contact in or out, or ends its pin (kind ''), as one step.

    Pinning in adds the contact when it is not on the list; pinning out removes its lines. `contact` is typed text, an
    id, or a contact. Raises `RuleViolation` for a contact blocked for privacy, without a reason, or when there is no
    pin to end.
    """
    begin_change(session, segment, by=by)
    # a pin can be ended whatever has become of the contact
    found = contact if not kind and isinstance(contact, Contact) else read_contact(session, contact)
    reason = reason.strip()
    if kind not in KINDS:
        raise RuleViolation(say("Choose whether the contact is pinned in or out."), field="kind")
    if kind and not reason:
        raise RuleViolation(say("Say why, so that others understand the list."), field="reason")
    if len(reason) > 250:
        raise RuleViolation(say("The reason is longer than 250 characters."), field="reason")
    if not kind and pin_of(session, segment, found.id) is None:
        raise RuleViolation(say("%(name)s is not pinned.", name=found.name), field="contact")
    step = record_step(
        session,
        segment,
        "pin",
        source="pin",
        filters={"contact": {"no": found.no}},
        options={"pin": kind, "reason": reason},
        found=1,
        by=by,
    )
    session.add(SegmentPin(segment_id=segment.id, step_id=step.id, contact_id=found.id, kind=kind, reason=reason))
    if kind == "in" and not is_listed(session, segment, found.id):
        line_no = take_line_no(session, segment)
        session.add(SegmentLine(segment_id=segment.id, line_no=line_no, contact_id=found.id, added_step_id=step.id))
        step.changed = 1
    elif kind == "out":
        step.changed = mark_removed(session, step, SegmentLine.contact_id == found.id)
    session.flush()
    session.expire_all()
    return step
