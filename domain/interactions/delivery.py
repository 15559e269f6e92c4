"""How far a letter has come (A7): what people report about letters on paper."""

from __future__ import annotations

from sqlalchemy import insert, literal, select, update
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.errors import RuleViolation
from domain.interactions.models import DeliveryAttempt, InteractionLogEntry
from domain.interactions.selection import Selection, count_entries
from domain.messages import say

ON_PAPER = ("hard_copy", "fax")

# new status: the states a letter on paper may come from
FROM_STATES: dict[str, tuple[str, ...]] = {
    "printed": ("to_print",),
    "posted": ("to_print", "printed"),
    "returned": ("printed", "posted"),
    "to_print": ("printed", "withdrawn", "returned"),
    "withdrawn": ("to_print", "printed"),
}


def mark_letters(session: Session, entries: Selection, status: str, *, by: Actor) -> int:
    """Marks letters on paper as printed, posted, returned, withdrawn or to print again. Returns how many changed.

    Entries that cannot come to this status (e-mails, cancelled ones, other states) are left as they are. Each change is
    recorded as an attempt. Raises `RuleViolation` when none of the entries can.
    """
    by.must_be_allowed("print letters")
    if status not in FROM_STATES:
        raise RuleViolation(say("A letter cannot be marked like this."), field="status")
    count_entries(session, entries)
    changing = (
        InteractionLogEntry.id.in_(entries),
        InteractionLogEntry.correspondence_type.in_(ON_PAPER),
        InteractionLogEntry.delivery_status.in_(FROM_STATES[status]),
        InteractionLogEntry.canceled.is_(False),
    )
    attempts = select(
        InteractionLogEntry.id, literal(by.now, DeliveryAttempt.at.type), literal(by.user_name), literal(status)
    ).where(*changing)
    session.execute(insert(DeliveryAttempt).from_select(["entry_id", "at", "user_name", "status"], attempts))
    changed = session.scalars(
        update(InteractionLogEntry)
        .where(*changing)
        .values(delivery_status=status, version=InteractionLogEntry.version + 1)
        .returning(InteractionLogEntry.id)
    ).all()
    if not changed:
        raise RuleViolation(say("None of these interactions is a letter that can be marked like this."))
    return len(changed)
