"""Entries of the log and logged segments for tests, made with as little said as possible."""

from __future__ import annotations

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from domain.campaigns.models import Campaign, CampaignEntry
from domain.contacts.models import Contact
from domain.interactions.models import InteractionLogEntry, LoggedSegment
from tests.factories.setup import NOW, TODAY, make_office

# numbers far from those the product gives
_numbers = count(900_001)


def make_logged_segment(session: Session, segment_no: str = "", **values: Any) -> LoggedSegment:
    """A logged segment without worksheet."""
    make_office(session)
    number = next(_numbers)
    facts = {
        "entry_no": number,
        "segment_no": segment_no or f"L{number}",
        "description": "Logged",
        "created_on": TODAY,
        "created_at": NOW,
    }
    logged = LoggedSegment(**(facts | values))
    session.add(logged)
    session.flush()
    return logged


def make_entry(session: Session, contact: Contact | None = None, **values: Any) -> InteractionLogEntry:
    """An entry of the log, of a contact if one is given."""
    facts: dict[str, Any] = {
        "entry_no": next(_numbers),
        "date": TODAY,
        "description": "An interaction",
        "created_at": NOW,
    }
    if contact is not None:
        facts |= {
            "contact_id": contact.id,
            "contact_no": contact.no,
            "contact_name": contact.name,
            "company_id": contact.company_id,
            "company_name": contact.company_name,
        }
    logged = values.get("logged_segment")
    if logged is not None:
        facts["segment_no"] = logged.segment_no
    entry = InteractionLogEntry(**(facts | values))
    session.add(entry)
    session.flush()
    return entry


def make_campaign_entry(session: Session, campaign: Campaign, **values: Any) -> CampaignEntry:
    """A campaign entry."""
    entry = CampaignEntry(**({"entry_no": next(_numbers), "campaign_id": campaign.id, "date": TODAY} | values))
    session.add(entry)
    session.flush()
    return entry
