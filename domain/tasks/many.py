"""Many tasks at once: close, cancel, reopen, delete; what cannot be changed is passed over and counted (contacts.md 2.15)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, case, false, func, or_, select, true, update
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.references import delete_row
from domain.tasks.models import COMPLETED, IN_PROGRESS, Task

VERBS = ("close", "cancel", "reopen", "delete")
_task: Table = Task.__table__  # type: ignore[assignment]


@dataclass(frozen=True)
class Expected:
    """How many of the chosen tasks a verb changes, how many are as they should be already (or cannot be), and how many belong
    to others."""

    changed: int
    passed_over: int
    of_others: int


def with_numbers(nos: Sequence[str]) -> Select[int]:
    """The ids of the tasks with these numbers."""
    return select(Task.id).where(Task.no.in_(nos))


def contacts_of_tasks(tasks: Select[int]) -> Select[Any]:
    """The contacts of the chosen tasks, as far as they have one."""
    return select(Task.contact_id).where(Task.id.in_(tasks), Task.contact_id.is_not(None))


def expected_changes(session: Session, tasks: Select[int], verb: str, *, by: Actor) -> Expected:
    """What one of `VERBS` would do to the chosen tasks. Raises `Forbidden` when the actor may do so with none at all."""
    _must_be_allowed(verb, by)
    mine, fits = _mine(verb, by), _FITS[verb]
    counted = select(
        func.count().filter(and_(mine, fits)), func.count().filter(and_(mine, ~fits)), func.count().filter(~mine)
    )
    return Expected(*session.execute(counted.select_from(Task).where(Task.id.in_(tasks))).one())


def close_tasks(session: Session, tasks: Select[int], *, by: Actor) -> int:
    """Completes the open ones among the chosen tasks that the actor may change. Returns how many. Raises `Forbidden`."""
    return _change(session, tasks, "close", {"status": COMPLETED, **_closing(by)}, by=by)


def cancel_tasks(session: Session, tasks: Select[int], *, by: Actor) -> int:
    """Closes the open ones as not to be done any more. Returns how many. Raises `Forbidden`."""
    return _change(session, tasks, "cancel", {"canceled": True, **_closing(by)}, by=by)


def reopen_tasks(session: Session, tasks: Select[int], *, by: Actor) -> int:
    """Takes the closing of the closed ones back; completed ones are in progress again. Returns how many. Raises
    `Forbidden`."""
    status = case((Task.status == COMPLETED, IN_PROGRESS), else_=Task.status)
    opened = {"status": status, "closed": False, "canceled": False, "closed_on": None, "closed_by": ""}
    return _change(session, tasks, "reopen", opened, by=by)


def delete_tasks(session: Session, tasks: Select[int], *, by: Actor) -> int:
    """Deletes the cancelled ones, not what is being reopened. Returns how many. Raises `Forbidden`."""
    _must_be_allowed("delete", by)
    ids = list(session.scalars(select(Task.id).where(Task.id.in_(tasks), _FITS["delete"]).with_for_update()))
    if ids:
        delete_row(session, _task, ids, name="")
    return len(ids)


CHANGES: dict[str, Callable[..., int]] = {
    "close": close_tasks,
    "cancel": cancel_tasks,
    "reopen": reopen_tasks,
    "delete": delete_tasks,
}
_FITS: dict[str, ColumnElement[bool]] = {
    "close": Task.closed.is_(False),
    "cancel": Task.closed.is_(False),
    "reopen": Task.closed.is_(True),
    "delete": Task.canceled.is_(True),
}


def _closing(by: Actor) -> dict[str, Any]:
    return {"closed": True, "closed_on": by.today, "closed_by": by.user_name}


def _change(session: Session, tasks: Select[int], verb: str, values: dict[str, Any], *, by: Actor) -> int:
    _must_be_allowed(verb, by)
    changed = session.scalars(
        update(Task)
        .where(Task.id.in_(tasks), _FITS[verb], _mine(verb, by))
        .values(modified_at=by.now, version=Task.version + 1, **values)
        .returning(Task.id),
        execution_options={"synchronize_session": False},
    ).all()
    session.expire_all()
    return len(changed)


def _must_be_allowed(verb: str, by: Actor) -> None:
    by.must_be_allowed("delete tasks" if verb == "delete" else "edit tasks", own=True)


def _mine(verb: str, by: Actor) -> ColumnElement[bool]:
    """The tasks that the actor may change: all, or those of their salesperson and those they made."""
    if by.may("delete tasks" if verb == "delete" else "edit tasks"):
        return true()
    own: list[ColumnElement[bool]] = [false()]
    if by.salesperson_id is not None:
        own.append(func.coalesce(Task.salesperson_id, 0) == by.salesperson_id)
    if by.user_id is not None:
        own.append(func.coalesce(Task.user_id, 0) == by.user_id)
    return or_(*own)
