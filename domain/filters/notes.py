"""What deserves a word although the filter runs: codes that do not exist, conditions that are always true."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.filters.conditions import Condition, Is, Not
from domain.filters.fields import Kind
from domain.filters.read import Filter
from domain.filters.tree import AllOf, AnyOf
from domain.messages import Message, say


def notes(session: Session, one: Filter) -> list[Message]:
    """Warnings about a filter that was understood; at most one statement."""
    found: list[Message] = []
    if isinstance(one.condition, AnyOf) and len({part for part in one.condition.parts if isinstance(part, Not)}) > 1:
        found.append(say("This is true for everything: “|” between two “<>”. Write “&” to leave out both."))
    reference = one.field.reference
    if reference is None or one.field.kind is not Kind.CODE:
        return found
    typed = list(dict.fromkeys(_codes(one.condition)))
    known = set(session.scalars(select(reference.code).where(reference.code.in_(typed)))) if typed else set()
    missing = [code for code in typed if code not in known]
    if missing:
        found.append(say("There is no %(codes)s.", codes=", ".join(missing[:8])))
    return found


def all_notes(session: Session, filters: Iterable[Filter]) -> dict[str, list[Message]]:
    """The warnings by key of field, where there are any."""
    by_key = {one.field.key: notes(session, one) for one in filters}
    return {key: found for key, found in by_key.items() if found}


def _codes(condition: Condition) -> Iterator[str]:
    """The codes a condition names one by one."""
    if isinstance(condition, AnyOf | AllOf):
        for part in condition.parts:
            yield from _codes(part)
    elif isinstance(condition, Not):
        yield from _codes(condition.test)
    elif isinstance(condition, Is):
        yield condition.value
