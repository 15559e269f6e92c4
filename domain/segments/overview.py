"""The figures of the home page: what there is and what waits, in one statement."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.models import Contact
from domain.interactions.filters import EntryFilters
from domain.interactions.models import InteractionLogEntry
from domain.segments.models import Segment
from domain.setup.models import Salesperson


@dataclass(frozen=True)
class Overview:
    """How many there are. `salesperson` is the code of the actor's salesperson, '' without one; the `own_` figures are
    of that salesperson. Cancelled interactions count nowhere."""

    contacts: int
    segments: int
    salesperson: str
    own_segments: int
    own_interactions: int
    to_print: int
    queued: int
    failed: int
    uncertain: int


def month_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """The first and the last day of the month of a day."""
    return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])


def overview(session: Session, *, by: Actor) -> Overview:
    """What the home page counts. Interactions of its own are those of the present month."""
    first, last = month_of(by.today)
    own = -1 if by.salesperson_id is None else by.salesperson_id
    is_open = Segment.logged_segment_id.is_(None)
    counted: dict[str, Any] = {
        "salesperson": select(Salesperson.code).where(Salesperson.id == own),
        "contacts": select(func.count()).select_from(Contact),
        "segments": select(func.count()).select_from(Segment).where(is_open),
        "own_segments": select(func.count()).select_from(Segment).where(is_open, Segment.salesperson_id == own),
    }
    asked = {"own_interactions": EntryFilters(salesperson_id=own, from_date=first, to_date=last, canceled=False)}
    asked |= {
        status: EntryFilters(delivery_status=status, canceled=False)
        for status in ("to_print", "queued", "failed", "uncertain")
    }
    for name, filters in asked.items():
        counted[name] = select(func.count()).select_from(InteractionLogEntry).where(*filters.conditions())
    row = session.execute(select(*(one.scalar_subquery().label(name) for name, one in counted.items()))).one()
    return Overview(**{**row._mapping, "salesperson": row.salesperson or ""})
