"""Figures of contacts computed from the log, never stored (segments.md 1.19, B10)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from domain.contacts.models import Contact
from domain.interactions.models import InteractionLogEntry
from domain.interactions.queries import of_contact


@dataclass(frozen=True)
class ContactFigures:
    """Cost in minor units, duration in minutes. Dates are None when there is nothing to date."""

    interactions: int = 0
    cost: int = 0
    duration: int = 0
    last_interaction: dt.date | None = None
    last_attempt: dt.date | None = None


def _figures() -> tuple[Any, ...]:
    entry = InteractionLogEntry
    return (
        func.count(entry.id).label("interactions"),
        func.coalesce(func.sum(entry.cost), 0).label("cost"),
        func.coalesce(func.sum(entry.duration), 0).label("duration"),
        func.max(case((entry.attempt_failed.is_(False), entry.date))).label("last_interaction"),
        func.max(case((entry.initiated_by == "us", entry.date))).label("last_attempt"),
    )


def contact_figures(session: Session, contact: Contact) -> ContactFigures:
    """Number, cost and duration of interactions, date of the last one and of the last attempt of ours.

    Cancelled entries count nowhere; failed attempts are no "last interaction" (B10). A company's
    figures include those of its people.
    """
    return ContactFigures(*session.execute(select_figures(of_contact(contact))).one())


def select_figures(whose: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """A select of one row: the fields of `ContactFigures` over the entries of a contact (`entries_of`)."""
    return select(*_figures()).where(whose, InteractionLogEntry.canceled.is_(False))


def figures_of(session: Session, contact_ids: list[int]) -> dict[int, ContactFigures]:
    """The figures of many contacts in two statements: contact id → figures, as `contact_figures` gives them."""
    figures = {one: ContactFigures() for one in contact_ids}
    for owner in (InteractionLogEntry.contact_id, InteractionLogEntry.company_id):
        found = session.execute(
            select(owner, *_figures())
            .where(owner.in_(contact_ids), InteractionLogEntry.canceled.is_(False))
            .group_by(owner)
        )
        figures |= {row[0]: ContactFigures(*row[1:]) for row in found}
    return figures


def last_interactions() -> Select[*tuple[Any, ...]]:
    """contact_id, date of the last interaction (B10), for sub-selects over many contacts."""
    entry = InteractionLogEntry
    return (
        select(entry.contact_id, func.max(entry.date).label("date"))
        .where(entry.canceled.is_(False), entry.attempt_failed.is_(False), entry.contact_id.is_not(None))
        .group_by(entry.contact_id)
    )
