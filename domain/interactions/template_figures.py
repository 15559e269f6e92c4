"""Number, cost and duration of the interactions of templates and groups, computed from the log (segments.md 1.8, 1.9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.interactions.models import InteractionLogEntry


@dataclass(frozen=True)
class InteractionFigures:
    """Cost in minor units, duration in minutes."""

    interactions: int = 0
    cost: int = 0
    duration: int = 0


def figures_by_template(session: Session) -> dict[int, InteractionFigures]:
    """Template id → figures of the interactions made with it. Cancelled ones do not count."""
    return _figures(session, InteractionLogEntry.template_id)


def figures_by_group(session: Session) -> dict[int, InteractionFigures]:
    """Interaction group id → figures of its interactions. Cancelled ones do not count."""
    return _figures(session, InteractionLogEntry.group_id)


def _figures(session: Session, owner: Any) -> dict[int, InteractionFigures]:
    entry = InteractionLogEntry
    rows = (
        select(owner, func.count(), func.coalesce(func.sum(entry.cost), 0), func.coalesce(func.sum(entry.duration), 0))
        .where(entry.canceled.is_(False), owner.is_not(None))
        .group_by(owner)
    )
    # sums of BIGINT are NUMERIC on PostgreSQL
    return {row[0]: InteractionFigures(*(int(number) for number in row[1:])) for row in session.execute(rows)}
