"""Which entries a verb works on: ids that were ticked, or a SELECT of ids ("all n matching")."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.errors import NotFound
from domain.interactions.models import InteractionLogEntry
from domain.messages import say

Selection = Sequence[int] | Select[int]


def with_entry_nos(entry_nos: Sequence[int]) -> Select[int]:
    """The entries with these numbers."""
    return select(InteractionLogEntry.id).where(InteractionLogEntry.entry_no.in_(entry_nos))


def count_entries(session: Session, entries: Selection) -> int:
    """How many of the selected entries exist. Raises `NotFound` when none does."""
    found = session.scalar(
        select(func.count()).select_from(InteractionLogEntry).where(InteractionLogEntry.id.in_(entries))
    )
    if not found:
        raise NotFound(say("There are no such interactions."))
    return found


def are_own(session: Session, entries: Selection, *, by: Actor) -> bool:
    """Whether all selected entries belong to the actor's salesperson (contacts.md 7, "own")."""
    if by.salesperson_id is None:
        return False
    return not session.scalar(
        select(func.count())
        .select_from(InteractionLogEntry)
        .where(
            InteractionLogEntry.id.in_(entries),
            InteractionLogEntry.salesperson_id.is_distinct_from(by.salesperson_id),
        )
    )


def contacts_of_entries(entries: Selection) -> Select[Any]:
    """The contacts of the selected entries, as far as they are still there."""
    entry = InteractionLogEntry
    return select(entry.contact_id).where(entry.id.in_(entries), entry.contact_id.is_not(None))
