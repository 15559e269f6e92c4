"""Campaigns: create, edit, delete (contacts.md 1.7)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.campaigns.models import Campaign
from domain.errors import RuleViolation
from domain.messages import say
from domain.references import delete_row
from domain.setup.fields import save, set_fields
from domain.setup.models import Salesperson
from domain.setup.numbers import take_number

FIELDS = ("no", "description", "starting_date", "ending_date", "salesperson_id")


def create_campaign(session: Session, *, no: str = "", by: Actor, **values: Any) -> Campaign:
    """A new campaign: the next number unless one is typed, the user's salesperson unless one is given (2.11).

    `values`: description, starting_date, ending_date, salesperson_id, is_demo. Raises `Forbidden`, `RuleViolation` on
    the field.
    """
    by.must_be_allowed("edit campaigns")
    campaign = Campaign(modified_at=by.now)
    given = {"description": "", "starting_date": None, "ending_date": None, "salesperson_id": by.salesperson_id}
    _change(session, campaign, given | values, default_salesperson_id=by.salesperson_id)
    campaign.no, campaign.number_series_id = take_number(session, "campaign", typed=no, by=by, used=select(Campaign.no))
    session.add(campaign)
    save(session, say("The number %(no)s is already in use.", no=campaign.no), field="no")
    return campaign


def edit_campaign(session: Session, campaign: Campaign, *, changes: dict[str, Any], by: Actor) -> Campaign:
    """Changes fields of a campaign (`FIELDS`). Another number needs a series that allows typed ones (R-H01).

    Raises as `create_campaign`.
    """
    by.must_be_allowed("edit campaigns")
    changes = dict(changes)
    no = changes.pop("no", campaign.no)
    with session.no_autoflush:
        if not no:
            raise RuleViolation(say("Enter a number."), field="no")
        if no != campaign.no:
            number = take_number(session, "campaign", typed=no, by=by, used=select(Campaign.no))
            campaign.no, campaign.number_series_id = number
        _change(session, campaign, changes, default_salesperson_id=campaign.salesperson_id)
        campaign.modified_at = by.now
    save(session, say("The number %(no)s is already in use.", no=campaign.no), field="no")
    return campaign


def delete_campaign(session: Session, campaign: Campaign, *, by: Actor) -> None:
    """Deletes a campaign no segment, no interaction and no campaign entry refers to."""
    by.must_be_allowed("edit campaigns")
    delete_row(session, Campaign.metadata.tables["campaign"], [campaign.id], name=campaign.no)


def _change(
    session: Session, campaign: Campaign, changes: dict[str, Any], *, default_salesperson_id: int | None
) -> None:
    """Applies changes. A blocked salesperson is refused unless they are the one proposed or kept."""
    chosen = changes.get("salesperson_id")
    if chosen is not None and chosen != default_salesperson_id:
        salesperson = session.get(Salesperson, chosen)
        if salesperson is None:
            raise RuleViolation(say("This salesperson has been deleted meanwhile."), field="salesperson_id")
        if salesperson.blocked:
            raise RuleViolation(
                say("The salesperson %(code)s is blocked.", code=salesperson.code), field="salesperson_id"
            )
    set_fields(campaign, changes)
    _refuse_backwards(
        campaign.starting_date, campaign.ending_date, "starting_date" in changes and "ending_date" not in changes
    )


def _refuse_backwards(starting: dt.date | None, ending: dt.date | None, starting_changed: bool) -> None:
    if starting and ending and starting > ending:
        field = "starting_date" if starting_changed else "ending_date"
        raise RuleViolation(say("The starting date must not be after the ending date."), field=field)
