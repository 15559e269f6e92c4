"""Phone calls from a line of a segment (segments.md 6.5): the line stays and is logged again with the segment."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.errors import RuleViolation
from domain.interactions.calls import begin_call
from domain.interactions.draft_models import InteractionDraft
from domain.interactions.finish import finish_interaction
from domain.interactions.models import InteractionLogEntry
from domain.messages import say
from domain.segments.editing import SILENTLY
from domain.segments.effective import effective, line
from domain.segments.models import Segment, SegmentLine
from domain.setup.models import Salesperson


def begin_call_of_line(
    session: Session, segment: Segment, worksheet_line: SegmentLine, *, form_key: str, by: Actor
) -> InteractionDraft:
    """A call to the contact of a line, with the salesperson, campaign, target and response of the line (R-PC01).

    Raises `RuleViolation` as `begin_call`, and when the line has no contact.
    """
    if worksheet_line.contact is None:
        raise RuleViolation(say("Line %(no)s has no contact.", no=worksheet_line.line_no))
    draft = begin_call(session, worksheet_line.contact, form_key=form_key, by=by)
    names = ("salesperson_id", "campaign_id", "campaign_target", "campaign_response")
    row = session.execute(effective(*names).where(line.segment_id == segment.id, line.id == worksheet_line.id)).one()
    salesperson = session.get(Salesperson, row.salesperson_id) if row.salesperson_id is not None else None
    if salesperson is not None and not salesperson.blocked:
        draft.salesperson_id = salesperson.id
    draft.campaign_id, draft.no_campaign = row.campaign_id, row.campaign_id is None
    draft.campaign_target, draft.campaign_response = row.campaign_target, row.campaign_response
    draft.segment_no, draft.segment_line_id = segment.no, worksheet_line.id
    if row.campaign_id is not None:
        draft.fixed += " campaign"
    return draft


def finish_call_of_line(
    session: Session, draft: InteractionDraft, *, accepted_date: dt.date | None = None, by: Actor
) -> InteractionLogEntry:
    """Finishes an interaction that may have begun on a line: the line of an open segment keeps the number (R-PC03).

    The campaign's entry is that of the segment (R-G04). Raises as `finish_interaction`.
    """
    segment = session.scalar(
        select(Segment)
        .join(SegmentLine, SegmentLine.segment_id == Segment.id)
        .where(SegmentLine.id == draft.segment_line_id)
    )
    if segment is None:
        return finish_interaction(session, draft, accepted_date=accepted_date, by=by)
    line_id, number = draft.segment_line_id, draft.contact_via
    draft.segment_no = segment.no
    entry = finish_interaction(session, draft, accepted_date=accepted_date, campaign_entry=segment.description, by=by)
    if segment.logged_segment_id is None:
        session.execute(
            update(SegmentLine)
            .where(SegmentLine.id == line_id)
            .values(contact_via=number, version=SegmentLine.version + 1),
            execution_options=SILENTLY,
        )
        session.expire_all()
    return entry
