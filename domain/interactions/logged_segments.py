"""Logged segments: the mark Cancelled with all that hangs on it, and deleting cancelled ones."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.campaigns.models import CampaignEntry
from domain.errors import NotFound
from domain.interactions.models import InteractionLogEntry, LoggedSegment
from domain.messages import say
from domain.references import delete_row
from domain.types import code


def get_logged_segment(session: Session, segment_no: str) -> LoggedSegment:
    """The logged segment with this segment number. Raises `NotFound`."""
    wanted = code(segment_no).replace("\x00", "")
    logged = session.scalar(select(LoggedSegment).where(LoggedSegment.segment_no == wanted)) if wanted else None
    if logged is None:
        raise NotFound(say("There is no logged segment %(no)s.", no=segment_no))
    return logged


def set_canceled(session: Session, logged: Sequence[LoggedSegment], *, canceled: bool | None = None, by: Actor) -> bool:
    """Gives the logged segments, all their campaign entries and all their entries one value of Cancelled (R-LS02).

    `canceled` None means the opposite of the first one's. Entries that had been cancelled singly follow too. Returns
    the new value.
    """
    by.must_be_allowed("cancel logged segments")
    if not logged:
        raise NotFound(say("Choose logged segments first."))
    if canceled is None:
        canceled = not logged[0].canceled
    ids = [one.id for one in logged]
    for one in logged:
        one.canceled = canceled
    session.flush()
    session.execute(update(CampaignEntry).where(CampaignEntry.logged_segment_id.in_(ids)).values(canceled=canceled))
    session.execute(
        update(InteractionLogEntry)
        .where(InteractionLogEntry.logged_segment_id.in_(ids), InteractionLogEntry.canceled != canceled)
        .values(canceled=canceled, version=InteractionLogEntry.version + 1)
    )
    return canceled


def delete_canceled(session: Session, logged: Sequence[LoggedSegment] | None = None, *, by: Actor) -> int:
    """Deletes the cancelled ones among `logged` (None: all) with their frozen worksheets (R-LS04). Returns how many.

    Entries and campaign entries stay, without the link; so do the values their letters are made from.
    """
    by.must_be_allowed("delete logged segments")
    chosen = select(LoggedSegment.id, LoggedSegment.segment_no).where(LoggedSegment.canceled.is_(True))
    if logged is not None:
        chosen = chosen.where(LoggedSegment.id.in_([one.id for one in logged]))
    found = session.execute(chosen.order_by(LoggedSegment.entry_no)).all()
    for logged_id, segment_no in found:
        delete_row(session, LoggedSegment.__table__, [logged_id], name=segment_no)  # type: ignore[arg-type]
    return len(found)
