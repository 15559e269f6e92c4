"""Figures of campaigns and campaign entries computed from the log, never stored (segments.md 1.18, contacts.md 4)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from domain.campaigns.models import Campaign, CampaignEntry
from domain.interactions.models import InteractionLogEntry


@dataclass(frozen=True)
class CampaignFigures:
    """Cost in minor units, duration in minutes; entries are counted, `…_contacts` the different contacts among them."""

    interactions: int
    targets_contacted: int
    target_contacts: int
    responded: int
    responding_contacts: int
    cost: int
    duration: int

    @property
    def response_rate(self) -> Decimal:
        """Responses per target contacted in percent, one decimal; 0 when nobody was contacted (may exceed 100)."""
        if not self.targets_contacted:
            return Decimal("0.0")
        rate = Decimal(self.responded) * 100 / self.targets_contacted
        return rate.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)

    @property
    def cost_per_response(self) -> int:
        """Cost divided by responses, rounded to minor units; 0 when there is none."""
        return _per(self.cost, self.responded)

    @property
    def duration_per_response(self) -> int:
        """Duration divided by responses, rounded to minutes; 0 when there is none."""
        return _per(self.duration, self.responded)


def _per(total: int, count: int) -> int:
    return int((Decimal(total) / count).quantize(Decimal(1), rounding=ROUND_HALF_UP)) if count else 0


def campaign_figures(session: Session, campaign: Campaign) -> CampaignFigures:
    """Targets contacted, responses, cost and duration of a campaign; cancelled interactions count nowhere (R-C01)."""
    entry = InteractionLogEntry
    row = session.execute(
        select(
            func.count(entry.id),
            func.count(case((entry.campaign_target, entry.id))),
            func.count(case((entry.campaign_target, entry.contact_id)).distinct()),
            func.count(case((entry.campaign_response, entry.id))),
            func.count(case((entry.campaign_response, entry.contact_id)).distinct()),
            func.coalesce(func.sum(entry.cost), 0),
            func.coalesce(func.sum(entry.duration), 0),
        ).where(entry.campaign_id == campaign.id, entry.canceled.is_(False))
    ).one()
    return CampaignFigures(*(int(value) for value in row))


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
