"""Beginning a segment (R-H01, R-H02, A8)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.interactions import values
from domain.segments.models import Segment, SegmentInteraction
from domain.segments.queries import find_segment, is_logged
from domain.setup.numbers import take_number


def create_segment(
    session: Session,
    *,
    no: str = "",
    description: str = "",
    salesperson: Any = None,
    campaign: Any = None,
    by: Actor,
) -> Segment:
    """A new open segment on the work date, with an interaction without template.

    Without `no` the next number of the series for segments is taken. A typed number must be new among open, frozen
    and logged segments (A8). Without `salesperson` it is the user's own. References may be ids, objects or typed
    text. Raises `Forbidden`, and `RuleViolation` naming the field.
    """
    by.must_be_allowed("edit segments")
    facts: dict[str, Any] = {"description": values.text(100)(session, "description", description)}
    if salesperson not in (None, ""):
        facts["salesperson_id"] = values.salesperson(session, "salesperson", salesperson)
    else:
        facts["salesperson_id"] = by.salesperson_id
    if campaign not in (None, ""):
        facts["campaign_id"] = values.campaign(session, "campaign", campaign)

    def is_used(number: str) -> bool:
        return find_segment(session, number) is not None or is_logged(session, number)

    number, series_id = take_number(session, "segment", typed=no, by=by, is_used=is_used)
    interaction = SegmentInteraction()
    session.add(interaction)
    session.flush()
    segment = Segment(
        no=number,
        number_series_id=series_id,
        date=by.work_date,
        interaction_id=interaction.id,
        created_at=by.now,
        modified_at=by.now,
        modified_by=by.user_name,
        **facts,
    )
    session.add(segment)
    session.flush()
    interaction.segment_id = segment.id
    session.flush()
    return segment
