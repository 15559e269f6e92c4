"""A contact on a worksheet, made without the rooms that know how."""

from __future__ import annotations

from itertools import count

from sqlalchemy.orm import Session

from domain.contacts.models import Contact
from domain.segments.models import Segment, SegmentInteraction, SegmentLine
from domain.segments.step_models import SegmentStep
from tests.factories.interactions import make_logged_segment
from tests.factories.setup import NOW, TODAY

_numbers = count(1)


def put_on_segment(session: Session, contact: Contact, *, logged: bool = False, removed: bool = False) -> SegmentLine:
    """A line of a new segment: open, or logged; still on the list, or removed."""
    interaction = SegmentInteraction()
    session.add(interaction)
    session.flush()
    segment = Segment(
        no=f"W{next(_numbers)}", date=TODAY, interaction_id=interaction.id, created_at=NOW, modified_at=NOW
    )
    if logged:
        segment.logged_segment = make_logged_segment(session, segment.no)
    session.add(segment)
    session.flush()
    interaction.segment_id = segment.id
    segment.last_line_no = 10000
    line = SegmentLine(segment_id=segment.id, line_no=10000, contact_id=contact.id)
    if removed:
        step = SegmentStep(segment_id=segment.id, seq=1, kind="remove", at=NOW)
        session.add(step)
        session.flush()
        line.removed_step_id = step.id
    session.add(line)
    session.flush()
    return line
