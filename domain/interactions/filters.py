"""What the pages of the interaction log filter by (segments.md 6.6)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select

from domain.filters.read import TypedFilters
from domain.filters.sql import typed_conditions
from domain.interactions.models import InteractionLogEntry


@dataclass(frozen=True)
class EntryFilters:
    """Conditions on entries; what is None is not asked for.

    `contact_id` is exactly this contact, `company_id` a company with its people. Texts such as `evaluation` or
    `correspondence_type` may be '' for "blank". `typed` are filters by expression.
    """

    contact_id: int | None = None
    company_id: int | None = None
    segment_no: str | None = None
    logged_segment_id: int | None = None
    campaign_id: int | None = None
    campaign_entry_id: int | None = None
    salesperson_id: int | None = None
    template_id: int | None = None
    group_id: int | None = None
    from_date: dt.date | None = None
    to_date: dt.date | None = None
    correspondence_type: str | None = None
    delivery_status: str | None = None
    evaluation: str | None = None
    canceled: bool | None = None
    attempt_failed: bool | None = None
    task_id: int | None = None
    typed: TypedFilters | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The conditions as SQL over `InteractionLogEntry`."""
        entry = InteractionLogEntry
        equal: dict[Any, Any] = {
            entry.contact_id: self.contact_id,
            entry.segment_no: self.segment_no,
            entry.logged_segment_id: self.logged_segment_id,
            entry.campaign_id: self.campaign_id,
            entry.campaign_entry_id: self.campaign_entry_id,
            entry.salesperson_id: self.salesperson_id,
            entry.template_id: self.template_id,
            entry.group_id: self.group_id,
            entry.correspondence_type: self.correspondence_type,
            entry.delivery_status: self.delivery_status,
            entry.evaluation: self.evaluation,
            entry.canceled: self.canceled,
            entry.attempt_failed: self.attempt_failed,
            entry.task_id: self.task_id,
        }
        asked = [column == value for column, value in equal.items() if value is not None]
        if self.company_id is not None:
            asked.append(or_(entry.company_id == self.company_id, entry.contact_id == self.company_id))
        if self.from_date is not None:
            asked.append(entry.date >= self.from_date)
        if self.to_date is not None:
            asked.append(entry.date <= self.to_date)
        return asked + (typed_conditions(self.typed) if self.typed else [])

    def ids(self) -> Select[int]:
        """The ids of all entries that match, for verbs on "all n matching"."""
        return select(InteractionLogEntry.id).where(*self.conditions())
