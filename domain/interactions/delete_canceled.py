"""Deleting entries of the log: only cancelled ones, with their comments, letter values, attempts and answers (R-E09)."""

from __future__ import annotations

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.interactions.models import (
    DeliveryAttempt,
    InteractionComment,
    InteractionLogEntry,
    LetterValues,
    LoggedSegmentValues,
)
from domain.interactions.reply_models import Reply


def delete_canceled_entries(session: Session, entries: Select[int] | None = None, *, by: Actor) -> int:
    """Deletes the cancelled ones among `entries` (a SELECT of ids; None: all). Returns how many.

    Documents nothing points to any more are removed by the maintenance of stored files.
    """
    by.must_be_allowed("delete canceled entries")
    chosen = select(InteractionLogEntry.id).where(InteractionLogEntry.canceled.is_(True))
    if entries is not None:
        chosen = chosen.where(InteractionLogEntry.id.in_(entries))
    return delete_entries(session, chosen)


def delete_entries(session: Session, entries: Select[int]) -> int:
    """Deletes entries, however many, with all that belongs to them: one statement per table. Returns how many."""
    session.flush()
    values = set(
        session.scalars(
            select(LetterValues.values_id)
            .where(LetterValues.entry_id.in_(entries), LetterValues.values_id.is_not(None))
            .distinct()
        )
    )
    for table in (InteractionComment, DeliveryAttempt, LetterValues, Reply):
        session.execute(
            delete(table).where(table.entry_id.in_(entries)), execution_options={"synchronize_session": False}
        )
    gone = session.scalars(
        delete(InteractionLogEntry).where(InteractionLogEntry.id.in_(entries)).returning(InteractionLogEntry.id),
        execution_options={"synchronize_session": False},
    ).all()
    for one in values:
        still_used = select(LetterValues.id).where(LetterValues.values_id == one).limit(1)
        if session.scalar(still_used) is None:
            session.execute(delete(LoggedSegmentValues).where(LoggedSegmentValues.id == one))
    session.expire_all()
    return len(gone)
