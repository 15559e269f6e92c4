"""Answers to a logged segment: store them, undo one, count them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, insert, literal, select, true, update
from sqlalchemy.orm import Session, aliased

from domain.accounts.actor import Actor
from domain.contacts.queries import given_ids
from domain.errors import NotFound, RuleViolation
from domain.interactions.entries import evaluate, take_evaluation_back
from domain.interactions.models import InteractionLogEntry, LoggedSegment
from domain.interactions.reply_models import EVALUATING, OUTCOMES, Reply
from domain.messages import say

RIGHT = "evaluate interactions"
_SILENTLY = {"synchronize_session": False}


@dataclass(frozen=True)
class Recorded:
    """How many entries got the answer, and how many of them had one before."""

    entries: int
    again: int


@dataclass(frozen=True)
class Undone:
    """The answer that was taken away: whose it was, what it said, and what counts instead ('': nothing)."""

    contact_name: str
    outcome: str
    now: str


def record_replies(
    session: Session,
    logged: LoggedSegment,
    entry_ids: Sequence[int],
    outcome: str,
    *,
    paste_key: str | None = None,
    by: Actor,
) -> Recorded:
    """Stores one answer to each of these entries; it counts instead of a former one. Evaluations also go to the
    entries (R-E02).

    A fixed number of statements, whatever the number of entries. `paste_key`: the form of a pasted column; sent twice it
    is stored once. Raises `RuleViolation` for an unknown outcome, or when
    an entry has been cancelled meanwhile; `NotFound` when one does not belong to the logged segment.
    """
    by.must_be_allowed(RIGHT)
    if outcome not in OUTCOMES:
        raise RuleViolation(say("Choose what came back."), field="outcome")
    entry = InteractionLogEntry
    wanted = select(given_ids(session, dict.fromkeys(entry_ids)).c.value)
    held = session.execute(
        select(entry.id, entry.entry_no, entry.contact_name, entry.canceled)
        .where(entry.id.in_(wanted), entry.logged_segment_id == logged.id)
        .order_by(entry.id)
        .with_for_update()
    ).all()
    if not held or len(held) < len(set(entry_ids)):
        raise NotFound(say("Segment %(no)s has no such interaction.", no=logged.segment_no))
    for row in held:
        if row.canceled:
            raise RuleViolation(
                say(
                    "The interaction %(no)s with %(name)s has been cancelled. Its answer was not stored.",
                    no=row.entry_no,
                    name=row.contact_name,
                ),
                field="contact",
            )
    if paste_key and (stored := _pasted(session, logged, paste_key)):
        return Recorded(stored, 0)
    former = session.scalars(
        update(Reply).where(Reply.entry_id.in_(wanted), Reply.counts).values(counts=False).returning(Reply.id),
        execution_options=_SILENTLY,
    ).all()
    written: dict[str, Any] = {
        "entry_id": entry.id,
        "logged_segment_id": literal(logged.id),
        "outcome": literal(outcome, Reply.outcome.type),
        "evaluation_before": entry.evaluation,
        "paste_key": literal(paste_key or None, Reply.paste_key.type),
        "counts": true(),
        "user_id": literal(by.user_id, Reply.user_id.type),
        "user_name": literal(by.user_name),
        "at": literal(by.now, Reply.at.type),
    }
    rows = select(*(value.label(name) for name, value in written.items())).where(entry.id.in_(wanted))
    session.execute(insert(Reply).from_select(list(written), rows.order_by(entry.id)))
    if outcome in EVALUATING:
        evaluate(session, wanted, outcome, by=by)
    session.expire_all()
    return Recorded(len(held), len(former))


def _pasted(session: Session, logged: LoggedSegment, paste_key: str) -> int:
    of_form = (Reply.logged_segment_id == logged.id, Reply.paste_key == paste_key)
    return session.scalar(select(func.count()).select_from(Reply).where(*of_form)) or 0


def undo_reply(session: Session, logged: LoggedSegment, reply_id: int, *, by: Actor) -> Undone:
    """Takes away an answer that was typed by mistake; the one before counts again, and the evaluation it had replaced.

    An evaluation that somebody has changed since stays (B27). Raises `NotFound` when it is gone already, and
    `RuleViolation` when a later one counts.
    """
    by.must_be_allowed(RIGHT)
    entry = session.scalar(
        select(InteractionLogEntry)
        .join(Reply, Reply.entry_id == InteractionLogEntry.id)
        .where(Reply.id == reply_id, Reply.logged_segment_id == logged.id)
        .with_for_update(of=InteractionLogEntry)
    )
    reply = session.get(Reply, reply_id, populate_existing=True) if entry is not None else None
    if entry is None or reply is None:
        raise NotFound(say("This answer has been undone already."))
    if not reply.counts:
        raise RuleViolation(say("A later answer of %(name)s counts. Undo that one first.", name=entry.contact_name))
    outcome, evaluation = reply.outcome, reply.evaluation_before
    session.delete(reply)
    session.flush()
    former = session.scalar(select(Reply).where(Reply.entry_id == entry.id).order_by(Reply.id.desc()).limit(1))
    if former is not None:
        former.counts = True
    if outcome in EVALUATING and entry.evaluation == outcome:
        take_evaluation_back(session, entry, evaluation, by=by)
    session.flush()
    return Undone(entry.contact_name, outcome, former.outcome if former is not None else "")


def reply_tally(session: Session, logged: LoggedSegment) -> dict[str, int]:
    """How many entries have each outcome; cancelled ones are not counted."""
    rows = session.execute(
        select(Reply.outcome, func.count())
        .join(InteractionLogEntry, InteractionLogEntry.id == Reply.entry_id)
        .where(Reply.logged_segment_id == logged.id, Reply.counts, InteractionLogEntry.canceled.is_(False))
        .group_by(Reply.outcome)
    )
    found = {row[0]: row[1] for row in rows}
    return {outcome: found.get(outcome, 0) for outcome in OUTCOMES}


def expected_replies(session: Session, logged: LoggedSegment) -> int:
    """How many entries of the logged segment may be answered: those that are not cancelled."""
    entry = InteractionLogEntry
    return (
        session.scalar(
            select(func.count())
            .select_from(entry)
            .where(entry.logged_segment_id == logged.id, entry.canceled.is_(False))
        )
        or 0
    )


@dataclass(frozen=True)
class ReplyPage:
    """A page of the answers that count, the last typed first; `older` goes on behind it."""

    rows: list[Row[Any]]
    older: int | None


def reply_page(
    session: Session, logged: LoggedSegment, *, outcome: str = "", older_than: int | None = None, size: int = 50
) -> ReplyPage:
    """The answers that count, with whose they are and what the answer before had been; `outcome` limits them."""
    entry, before = InteractionLogEntry, aliased(Reply)
    former = (
        select(before.outcome)
        .where(before.entry_id == Reply.entry_id, before.id < Reply.id)
        .order_by(before.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    question = (
        select(
            Reply.id,
            Reply.outcome,
            Reply.at,
            Reply.user_name,
            former.label("former"),
            entry.entry_no,
            entry.contact_no,
            entry.contact_name,
            entry.company_name,
            entry.canceled,
        )
        .join(entry, entry.id == Reply.entry_id)
        .where(Reply.logged_segment_id == logged.id, Reply.counts)
        .order_by(Reply.id.desc())
        .limit(size + 1)
    )
    if outcome:
        question = question.where(Reply.outcome == outcome, entry.canceled.is_(False))
    if older_than is not None:
        question = question.where(Reply.id < older_than)
    rows = list(session.execute(question))
    return ReplyPage(rows[:size], rows[size - 1].id if len(rows) > size else None)
