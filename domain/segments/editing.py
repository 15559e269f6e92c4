"""How every change of a segment begins: rights, the segment is still open, others wait for their turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.errors import Conflict, NotFound, RuleViolation
from domain.messages import Message, say
from domain.segments.models import Segment

SILENTLY = {"synchronize_session": False}
"""For set-based statements: objects in the session are refreshed by hand."""


def begin_change(session: Session, segment: Segment, *, by: Actor) -> None:
    """Marks the segment as changed and holds it until the transaction ends, so that changes follow each other.

    The mark is part of the state token of the check (B1). Objects in the session are read anew. Raises `Forbidden`,
    `NotFound` when the segment is gone, `RuleViolation` when it has been logged meanwhile (A5).
    """
    by.must_be_allowed("edit segments")
    session.flush()
    segment_id = segment.id
    session.expire_all()
    held = session.scalar(
        update(Segment)
        .where(Segment.id == segment_id, Segment.logged_segment_id.is_(None))
        .values(list_version=Segment.list_version + 1, modified_at=by.now, modified_by=by.user_name)
        .returning(Segment),
        execution_options={**SILENTLY, "populate_existing": True},
    )
    if held is None:
        if session.get(Segment, segment_id, populate_existing=True) is None:
            raise NotFound(say("This segment has been deleted meanwhile."))
        raise RuleViolation(
            say("Segment %(no)s has been logged and cannot be changed. You find it in Logged segments.", no=segment.no)
        )


def begin_change_of(session: Session, segment: Segment, list_version: int, *, by: Actor) -> None:
    """As `begin_change`, for a decision taken in view of the list. Raises `Conflict` when it has moved since."""
    begin_change(session, segment, by=by)
    if segment.list_version != list_version + 1:
        raise Conflict(segment_has_moved())


def segment_has_moved() -> Message:
    """What somebody is told who decided in view of a list that is no longer so."""
    return say("The segment has been changed meanwhile. Look at it again before you decide.")


_UNREADABLE = object()


def is_changed(
    field: str, mine: Any, stored: Any, was: dict[str, Any] | None, read: Callable[[Any], Any], *, who: str = ""
) -> bool:
    """Whether the user changed a field (B26).

    `was` holds what fields were shown with; `read` turns such a value into what is stored. A field that is not in
    `was` is changed when it differs from the stored value. Raises `Conflict` when the stored value differs from mine
    and from was.
    """
    if was is None or field not in was:
        return bool(mine != stored)
    try:
        shown = read(was[field])
    except RuleViolation:
        shown = _UNREADABLE
    if mine in (shown, stored):
        return False
    if stored != shown:
        raise Conflict(field=field, mine=mine, theirs=stored, who=who)
    return True
