"""A pasted column of people who all gave the same answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.queries import given_ids
from domain.errors import NotFound, RuleViolation
from domain.interactions.entries import take_evaluations_back
from domain.interactions.models import InteractionLogEntry, LoggedSegment
from domain.interactions.replies import RIGHT, Recorded, record_replies
from domain.interactions.reply_models import EVALUATING, Reply
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
    session: Session, logged: LoggedSegment, texts: Sequence[str], outcome: str, *, paste_key: str, by: Actor
) -> Recorded:
    """Stores one answer for everybody the texts mean, in one transaction. What is not clear is passed over.

    `paste_key`: the key of the form; sent twice it is stored once, and `undo_pasted` takes it back. Raises `RuleViolation` as `sort_pasted` and `record_replies`, and when nobody is left.
    """
    found = sort_pasted(session, logged, texts).entries
    if not found:
        raise RuleViolation(say("None of these people can be marked."), field="pasted")
    return record_replies(session, logged, [row.id for row in found], outcome, paste_key=paste_key, by=by)


def pasted_columns(session: Session, logged: LoggedSegment, *, limit: int = 5) -> list[Row[Any]]:
    """The latest pasted columns of which some answer still counts: paste_key, outcome, user_name, at, answers (that count)."""
    last = func.max(Reply.id)
    columns = (Reply.paste_key, Reply.outcome, Reply.user_name, Reply.at)
    return list(
        session.execute(
            select(*columns, func.count().label("answers"))
            .where(Reply.logged_segment_id == logged.id, Reply.paste_key.is_not(None), Reply.counts)
            .group_by(*columns)
            .order_by(last.desc())
            .limit(limit)
        )
    )


@dataclass(frozen=True)
class UndonePaste:
    """What was taken back: the outcome, how many answers, and how many stay because of a later answer."""

    outcome: str
    answers: int
    kept: int


def undo_pasted(session: Session, logged: LoggedSegment, paste_key: str, *, by: Actor) -> UndonePaste:
    """Takes a pasted column back as a whole: the answers before count again, and the evaluations they had replaced.

    A fixed number of statements. Who has answered again since keeps both answers, and an evaluation that somebody has
    changed since stays (B27). Raises `NotFound` when nothing is left to undo.
    """
    by.must_be_allowed(RIGHT)
    entry = InteractionLogEntry
    of_column = (Reply.logged_segment_id == logged.id, Reply.paste_key == paste_key)
    entries = select(Reply.entry_id).where(*of_column)
    session.execute(select(entry.id).where(entry.id.in_(entries)).order_by(entry.id).with_for_update()).all()
    going = session.execute(select(Reply.id, Reply.entry_id, Reply.outcome).where(*of_column, Reply.counts)).all()
    if not going:
        raise NotFound(say("This column has been undone already."))
    kept = session.scalar(select(func.count()).select_from(Reply).where(*of_column, Reply.counts.is_(False))) or 0
    outcome = going[0].outcome
    theirs = select(given_ids(session, [row.entry_id for row in going]).c.value)
    if outcome in EVALUATING:
        before = select(Reply.evaluation_before).where(*of_column, Reply.counts, Reply.entry_id == entry.id)
        take_evaluations_back(session, theirs, outcome, before.correlate(entry).scalar_subquery(), by=by)
    silently = {"synchronize_session": False}
    session.execute(delete(Reply).where(*of_column, Reply.counts), execution_options=silently)
    former = select(func.max(Reply.id)).where(Reply.entry_id.in_(theirs)).group_by(Reply.entry_id)
    session.execute(update(Reply).where(Reply.id.in_(former)).values(counts=True), execution_options=silently)
    session.expire_all()
    return UndonePaste(outcome, len(going), kept)
