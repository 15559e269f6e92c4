"""A pasted column of people who all gave the same answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.errors import RuleViolation
from domain.interactions.models import LoggedSegment
from domain.interactions.replies import Recorded, record_replies
from domain.interactions.reply_people import find_people
from domain.messages import say, say_n

MOST_ENTRIES = 20_000


@dataclass(frozen=True)
class PastedReplies:
    """What a column means: the entries found (each once), those among them with an answer, cancelled ones, which are left
    out, texts that fit several people, texts that fit nobody, and how many were given again."""

    entries: list[Row[Any]]
    answered: list[Row[Any]]
    canceled: list[Row[Any]]
    several: list[str]
    not_found: list[str]
    repeated: int


def sort_pasted(session: Session, logged: LoggedSegment, texts: Sequence[str]) -> PastedReplies:
    """Whom the texts mean among the people of a logged segment; reads only.

    Raises `RuleViolation` on the field "pasted" when there is nothing, or more than 20,000 entries.
    """
    if not texts:
        raise RuleViolation(say("Paste names, numbers or e-mail addresses, one per line."), field="pasted")
    if len(texts) > MOST_ENTRIES:
        raise RuleViolation(
            say_n("Paste at most %(num)s entry at a time.", "Paste at most %(num)s entries at a time.", MOST_ENTRIES),
            field="pasted",
        )
    clear: dict[int, Row[Any]] = {}
    several: list[str] = []
    not_found: list[str] = []
    hits = 0
    for one in find_people(session, logged, texts):
        if len(one.entries) == 1:
            hits += 1
            clear.setdefault(one.entries[0].id, one.entries[0])
        else:
            (several if one.entries else not_found).append(one.text)
    entries = [row for row in clear.values() if not row.canceled]
    return PastedReplies(
        entries,
        [row for row in entries if row.outcome],
        [row for row in clear.values() if row.canceled],
        several,
        not_found,
        hits - len(clear),
    )


def record_pasted(
    session: Session, logged: LoggedSegment, texts: Sequence[str], outcome: str, *, by: Actor
) -> Recorded:
    """Stores one answer for everybody the texts mean, in one transaction. What is not clear is passed over.

    Raises `RuleViolation` as `sort_pasted` and `record_replies`, and when nobody is left.
    """
    found = sort_pasted(session, logged, texts).entries
    if not found:
        raise RuleViolation(say("None of these people can be marked."), field="pasted")
    return record_replies(session, logged, [row.id for row in found], outcome, by=by)
