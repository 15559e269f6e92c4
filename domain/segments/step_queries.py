"""What the page of the steps asks: the people a step added, removed or brought back, and the names of contacts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from domain.contacts.models import Contact
from domain.segments.models import SegmentLine
from domain.segments.step_models import SegmentStep, SegmentStepLine

SIDES = ("added", "removed", "returned")
"""What a step did with a line."""


@dataclass(frozen=True)
class StepPeople:
    """Lines on one side of a step: how many stand there today, one page of them, and where the next page goes on.

    Rows: line_no, no, name, company_name, and `listed`, whether the line is on the list today.
    """

    total: int
    rows: list[Any]
    next: int | None


def step_people(session: Session, step: SegmentStep, side: str, *, after: int = 0, size: int = 100) -> StepPeople:
    """The lines a step added, removed or brought back, in the order of the list, `size` at a time (A3).

    Later steps may have moved a line: one that came back is no longer among the removed ones.
    """
    lines = _lines(step, side)
    total = session.scalar(lines.with_only_columns(func.count())) or 0
    rows = list(
        session.execute(
            lines.with_only_columns(
                SegmentLine.line_no,
                Contact.no,
                Contact.name,
                Contact.company_name,
                SegmentLine.removed_step_id.is_(None).label("listed"),
            )
            .outerjoin(Contact, Contact.id == SegmentLine.contact_id)
            .where(SegmentLine.line_no > after)
            .order_by(SegmentLine.line_no)
            .limit(size + 1)
        )
    )
    return StepPeople(total, rows[:size], rows[size - 1].line_no if len(rows) > size else None)


def _lines(step: SegmentStep, side: str) -> Select[Any]:
    lines = select(SegmentLine.id).where(SegmentLine.segment_id == step.segment_id)
    if side == "added":
        return lines.where(SegmentLine.added_step_id == step.id)
    if side == "removed":
        return lines.where(SegmentLine.removed_step_id == step.id)
    return lines.where(SegmentLine.id.in_(select(SegmentStepLine.line_id).where(SegmentStepLine.step_id == step.id)))


def contact_names(session: Session, numbers: Iterable[str]) -> dict[str, str]:
    """Name of each contact that exists, by number."""
    wanted = sorted(set(numbers))
    found: dict[str, str] = {}
    for start in range(0, len(wanted), 500):
        some = select(Contact.no, Contact.name).where(Contact.no.in_(wanted[start : start + 500]))
        found.update(dict(session.execute(some).all()))
    return found
