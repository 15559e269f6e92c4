"""Campaigns for tests."""

from __future__ import annotations

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from domain.campaigns.models import Campaign
from tests.factories.setup import NOW

_numbers = count(900_001)


def make_campaign(session: Session, no: str = "", **values: Any) -> Campaign:
    """A campaign."""
    number = no or f"CA{next(_numbers)}"
    campaign = Campaign(**({"no": number, "description": f"Campaign {number}", "modified_at": NOW} | values))
    session.add(campaign)
    session.flush()
    return campaign
