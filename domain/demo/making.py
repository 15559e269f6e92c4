"""What the parts of the demo share while it is made."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from domain.accounts.actor import Actor
from domain.campaigns.models import Campaign
from domain.contacts.models import Contact
from domain.setup.models import Salesperson


@dataclass
class Demo:
    """What the parts of the demo refer to while it is made. Contacts by key of the company, or by "First Surname"."""

    by: Actor
    salespeople: dict[str, Salesperson] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)
    campaigns: list[Campaign] = field(default_factory=list)

    def some(self, *names: str) -> list[int]:
        """The ids of contacts."""
        return [self.contacts[name].id for name in names]

    def day(self, days: int) -> dt.date:
        """A day before (negative) or after the work date."""
        return self.by.work_date + dt.timedelta(days=days)


def demo_day(by: Actor, days: int) -> Actor:
    """The actor on another day, for what happened before the demo began."""
    moment = by.now + dt.timedelta(days=days)
    return replace(
        by, work_date=by.work_date + dt.timedelta(days=days), today=by.today + dt.timedelta(days=days), now=moment
    )
