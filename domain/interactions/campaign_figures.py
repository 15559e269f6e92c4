"""Figures of campaigns and campaign entries computed from the log, never stored (segments.md 1.18, contacts.md 4)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.campaigns.models import Campaign, CampaignEntry
from domain.interactions.models import InteractionLogEntry
from domain.interactions.totals import InteractionFigures, ReachedContacts, counted, reached


@dataclass(frozen=True, kw_only=True)
class CampaignFigures(InteractionFigures):
    """The figures of a campaign: entries are counted; `contacts` are the different contacts behind them."""

    contacts: ReachedContacts


def campaign_figures(session: Session, campaign: Campaign) -> CampaignFigures:
    """Targets contacted, responses, cost and duration of a campaign; cancelled interactions count nowhere (R-C01)."""
    entry = InteractionLogEntry
    row = session.execute(
        select(*counted(), *reached()).where(entry.campaign_id == campaign.id, entry.canceled.is_(False))
    ).one()
    numbers = [int(value) for value in row]
    return CampaignFigures(*numbers[:-2], contacts=ReachedContacts(*numbers[-2:]))


@dataclass(frozen=True)
class CampaignEntryRow:
    """A campaign entry with the number, cost and duration of its interactions that are as cancelled as it is."""

    entry: CampaignEntry
    interactions: int
    cost: int
    duration: int


def campaign_entries(session: Session, campaign: Campaign) -> list[CampaignEntryRow]:
    """The entries of a campaign, newest first, in one statement (segments.md 4.5)."""
    log = InteractionLogEntry
    sums = (
        select(
            log.campaign_entry_id,
            log.canceled,
            func.count(log.id).label("interactions"),
            func.sum(log.cost).label("cost"),
            func.sum(log.duration).label("duration"),
        )
        .where(log.campaign_entry_id.in_(select(CampaignEntry.id).where(CampaignEntry.campaign_id == campaign.id)))
        .group_by(log.campaign_entry_id, log.canceled)
        .subquery()
    )
    rows = session.execute(
        select(CampaignEntry, sums.c.interactions, sums.c.cost, sums.c.duration)
        .outerjoin(sums, (sums.c.campaign_entry_id == CampaignEntry.id) & (sums.c.canceled == CampaignEntry.canceled))
        .where(CampaignEntry.campaign_id == campaign.id)
        .order_by(CampaignEntry.entry_no.desc())
    )
    return [CampaignEntryRow(row[0], int(row[1] or 0), int(row[2] or 0), int(row[3] or 0)) for row in rows]
