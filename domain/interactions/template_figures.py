"""Number, cost and duration of the interactions of templates and groups, computed from the log (segments.md 1.8, 1.9).

Cancelled interactions do not count; postponed ones are no entries of the log (R-P02).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from domain.interaction_templates.models import InteractionTemplate
from domain.interactions.models import InteractionLogEntry
from domain.interactions.totals import InteractionFigures, counted, figures_from
from domain.setup.models import Language


def figures_by_template(session: Session) -> dict[int, InteractionFigures]:
    """Template id → figures of the interactions made with it. Cancelled ones do not count."""
    return _figures(session, InteractionLogEntry.template_id)


def figures_by_group(session: Session) -> dict[int, InteractionFigures]:
    """Interaction group id → figures of its interactions. Cancelled ones do not count."""
    return _figures(session, InteractionLogEntry.group_id)


@dataclass(frozen=True)
class LanguageFigures:
    """The interactions of a template in one language; `language` is blank for those that have none.

    `last_interaction` is the date of the last one that was no failed attempt (B10).
    """

    language: str
    name: str
    figures: InteractionFigures = field(default_factory=InteractionFigures)
    last_interaction: dt.date | None = None


def figures_by_language(session: Session, template: InteractionTemplate) -> list[LanguageFigures]:
    """The languages of a template in code order, then those it has only in the log, then interactions without one."""
    entry = InteractionLogEntry
    last = func.max(case((entry.attempt_failed.is_(False), entry.date)))
    rows = session.execute(
        select(entry.language_id, *counted(), last)
        .where(entry.template_id == template.id, entry.canceled.is_(False))
        .group_by(entry.language_id)
    )
    found = {row[0]: (figures_from(row[1:-1]), row[-1]) for row in rows}
    own = {row.language_id for row in template.languages}
    languages = session.scalars(
        select(Language).where(Language.id.in_(own | {one for one in found if one is not None}))
    )
    listed = sorted(languages, key=lambda one: (one.id not in own, one.code))
    figures = [LanguageFigures(one.code, one.name, *found.get(one.id, ())) for one in listed]
    return figures + ([LanguageFigures("", "", *found[None])] if None in found else [])


def _figures(session: Session, owner: Any) -> dict[int, InteractionFigures]:
    rows = select(owner, *counted()).where(InteractionLogEntry.canceled.is_(False), owner.is_not(None)).group_by(owner)
    return {row[0]: figures_from(row[1:]) for row in session.execute(rows)}
