"""What is counted of interactions: number, cost, duration, responses and their averages (segments.md 9)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import ColumnElement, case, func

from domain.interactions.models import InteractionLogEntry


@dataclass(frozen=True)
class InteractionFigures:
    """Cost in minor units, duration in minutes. Targets and responses are entries, not different contacts (R-C01)."""

    interactions: int = 0
    cost: int = 0
    duration: int = 0
    targets_contacted: int = 0
    responded: int = 0

    @property
    def average_cost(self) -> int:
        """Cost of one interaction, rounded to minor units; 0 when there is none."""
        return _per(self.cost, self.interactions)

    @property
    def average_duration(self) -> int:
        """Duration of one interaction, rounded to minutes; 0 when there is none."""
        return _per(self.duration, self.interactions)

    @property
    def response_rate(self) -> Decimal:
        """Responses per target contacted in percent, one decimal; 0 when nobody was contacted (may exceed 100)."""
        return _rate(self.responded, self.targets_contacted)

    @property
    def cost_per_response(self) -> int:
        """Cost divided by responses, rounded to minor units; 0 when there is none."""
        return _per(self.cost, self.responded)

    @property
    def duration_per_response(self) -> int:
        """Duration divided by responses, rounded to minutes; 0 when there is none."""
        return _per(self.duration, self.responded)


@dataclass(frozen=True)
class ReachedContacts:
    """The different contacts behind targets contacted and responses; each counts once, however often it was written to."""

    contacted: int = 0
    responded: int = 0

    @property
    def response_rate(self) -> Decimal:
        """Contacts that responded per contact contacted in percent, one decimal; 0 when nobody was contacted."""
        return _rate(self.responded, self.contacted)


def _rate(part: int, whole: int) -> Decimal:
    if not whole:
        return Decimal("0.0")
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def _per(total: int, count: int) -> int:
    return int((Decimal(total) / count).quantize(Decimal(1), rounding=ROUND_HALF_UP)) if count else 0


def counted() -> tuple[ColumnElement[Any], ...]:
    """The columns of `InteractionFigures`, in its order, over entries of the log."""
    entry = InteractionLogEntry
    return (
        func.count(entry.id).label("interactions"),
        func.coalesce(func.sum(entry.cost), 0).label("cost"),
        func.coalesce(func.sum(entry.duration), 0).label("duration"),
        func.count(case((entry.campaign_target, entry.id))).label("targets_contacted"),
        func.count(case((entry.campaign_response, entry.id))).label("responded"),
    )


def reached() -> tuple[ColumnElement[Any], ...]:
    """The columns of `ReachedContacts`, in its order, over entries of the log; contacts that were deleted are not known."""
    entry = InteractionLogEntry
    return (
        func.count(case((entry.campaign_target, entry.contact_id)).distinct()).label("contacted"),
        func.count(case((entry.campaign_response, entry.contact_id)).distinct()).label("contacts_responded"),
    )


def figures_from(numbers: Iterable[Any]) -> InteractionFigures:
    """The figures in the columns of `counted` (sums of BIGINT are NUMERIC on PostgreSQL)."""
    return InteractionFigures(*(int(number) for number in numbers))


def added(figures: Iterable[InteractionFigures]) -> InteractionFigures:
    """Figures of several disjoint sets of entries together."""
    some = list(figures)
    return InteractionFigures(
        sum(one.interactions for one in some),
        sum(one.cost for one in some),
        sum(one.duration for one in some),
        sum(one.targets_contacted for one in some),
        sum(one.responded for one in some),
    )
