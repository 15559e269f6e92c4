"""Campaign entries as far as interactions hang on them (segments.md 4.5)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.campaigns.models import CampaignEntry
from domain.errors import NotFound
from domain.interactions.delete_canceled import delete_entries
from domain.interactions.models import InteractionLogEntry
from domain.messages import say


def get_campaign_entry(session: Session, entry_no: int) -> CampaignEntry:
    """The campaign entry with this number. Raises `NotFound`."""
    entry = session.scalar(select(CampaignEntry).where(CampaignEntry.entry_no == entry_no))
    if entry is None:
        raise NotFound(say("There is no campaign entry %(no)s.", no=entry_no))
    return entry


def set_campaign_entry_canceled(
    session: Session, entry: CampaignEntry, *, canceled: bool | None = None, by: Actor
) -> bool:
    """Gives a campaign entry and all its interactions one value of Cancelled (4.5). Returns the new value.

    `canceled` None means the opposite of what it is. The logged segment is not looked at.
    """
    by.must_be_allowed("edit campaigns")
    entry.canceled = not entry.canceled if canceled is None else canceled
    session.flush()
    session.execute(
        update(InteractionLogEntry)
        .where(InteractionLogEntry.campaign_entry_id == entry.id, InteractionLogEntry.canceled != entry.canceled)
        .values(canceled=entry.canceled, version=InteractionLogEntry.version + 1)
    )
    return entry.canceled


def delete_canceled_campaign_entries(
    session: Session, entries: Sequence[CampaignEntry] | None = None, *, by: Actor
) -> int:
    """Deletes the cancelled ones among `entries` (None: all) with all their interactions (4.5). Returns how many."""
    by.must_be_allowed("delete canceled entries")
    chosen = select(CampaignEntry.id).where(CampaignEntry.canceled.is_(True))
    if entries is not None:
        chosen = chosen.where(CampaignEntry.id.in_([one.id for one in entries]))
    ids = list(session.scalars(chosen))
    delete_entries(session, select(InteractionLogEntry.id).where(InteractionLogEntry.campaign_entry_id.in_(ids)))
    session.execute(delete(CampaignEntry).where(CampaignEntry.id.in_(ids)))
    return len(ids)
