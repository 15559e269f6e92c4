"""Number, cost and duration of the interactions of templates and groups, computed from the log (segments.md 1.8, 1.9)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.interactions.models import InteractionLogEntry
from domain.interactions.totals import InteractionFigures, counted, figures_from


def figures_by_template(session: Session) -> dict[int, InteractionFigures]:
    """Template id → figures of the interactions made with it. Cancelled ones do not count."""
    return _figures(session, InteractionLogEntry.template_id)


def figures_by_group(session: Session) -> dict[int, InteractionFigures]:
    """Interaction group id → figures of its interactions. Cancelled ones do not count."""
    return _figures(session, InteractionLogEntry.group_id)


def _figures(session: Session, owner: Any) -> dict[int, InteractionFigures]:
    rows = select(owner, *counted()).where(InteractionLogEntry.canceled.is_(False), owner.is_not(None)).group_by(owner)
    return {row[0]: figures_from(row[1:]) for row in session.execute(rows)}
