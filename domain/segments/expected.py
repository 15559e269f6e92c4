"""How much reusing would do, before it is done: whether it is asked about first, and done in the background."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.models import Contact
from domain.interactions.models import InteractionLogEntry, LoggedSegment
from domain.segments.add_contacts import AddOptions, candidates
from domain.segments.criteria import criteria_from_json
from domain.segments.header import count_lines
from domain.segments.models import Segment
from domain.segments.reuse import entries_meant, step_named
from domain.segments.saved_criteria import saved_steps
from domain.segments.saved_criteria_models import SavedCriteria, SavedCriteriaContact, SavedCriteriaStep

NAMED = 10
"""A preview names up to so many people; more than these are not everybody by chance."""


@dataclass(frozen=True)
class Expected:
    """`lines`: contacts that are found to be added, or lines that are looked through, whichever are more.

    `everybody`: the numbers of the steps that find every contact there is.
    """

    lines: int
    everybody: tuple[int, ...] = ()


def count_contacts(session: Session) -> int:
    """How many contacts there are."""
    return session.scalar(select(func.count()).select_from(Contact)) or 0


def is_everybody(session: Session, found: int) -> bool:
    """Whether a filter that finds so many contacts finds all of them, more than a preview names."""
    return found > NAMED and found == count_contacts(session)


def expected_of_criteria(session: Session, segment: Segment | None, saved: SavedCriteria, *, by: Actor) -> Expected:
    """What reusing saved criteria would look through; `segment` is None for one that is made for them.

    Raises `RuleViolation`, naming the step, when a filter cannot be read any more.
    """
    found, everybody, removing = 0, [], False
    for one in session.scalars(saved_steps(saved)):
        if one.kind == "add":
            with step_named(one, saved):
                n, all_of_them = _found(session, one, by=by)
            found += n
            if all_of_them:
                everybody.append(one.seq)
        elif one.kind == "reuse":
            entry_no = json.loads(one.options)["entry_no"]
            logged = session.scalar(select(LoggedSegment).where(LoggedSegment.entry_no == entry_no))
            found += _entries(session, logged, with_canceled=True) if logged is not None else 0
        elif one.kind in ("reduce", "refine"):
            removing = True
    listed = count_lines(session, segment) if segment is not None and removing else 0
    return Expected(max(found, listed), tuple(everybody))


def expected_of_logged(session: Session, logged: LoggedSegment, *, with_canceled: bool) -> Expected:
    """How many lines reusing a logged segment would add."""
    return Expected(_entries(session, logged, with_canceled=with_canceled))


def _entries(session: Session, logged: LoggedSegment, *, with_canceled: bool) -> int:
    meant = select(func.count()).select_from(InteractionLogEntry)
    return session.scalar(meant.where(*entries_meant(logged, with_canceled=with_canceled))) or 0


def _found(session: Session, one: SavedCriteriaStep, *, by: Actor) -> tuple[int, bool]:
    """How many contacts an addition would find, and whether these are all."""
    filters = json.loads(one.filters)
    if "criteria" not in filters:
        named = select(func.count()).where(SavedCriteriaContact.step_id == one.id)
        return session.scalar(named) or 0, False
    criteria = criteria_from_json(filters["criteria"])
    if criteria.asks_nothing:
        return count_contacts(session), True
    found = candidates(session, criteria, AddOptions(**json.loads(one.options)), by=by)
    n = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    return n, is_everybody(session, n)
