"""Tasks: create, edit, close, cancel, reopen, delete (contacts.md 1.8, 2.15)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.campaigns.models import Campaign
from domain.contacts.models import Contact
from domain.errors import Conflict, RuleViolation
from domain.interactions.beginning import blocked_party
from domain.messages import Message, say
from domain.references import delete_row
from domain.segments.models import Segment
from domain.setup.fields import save, set_fields
from domain.setup.models import Salesperson
from domain.setup.numbers import take_number
from domain.tasks.models import COMPLETED, IN_PROGRESS, NOT_STARTED, PRIORITIES, STATUSES, TYPES, Task

FIELDS = (
    "no", "type", "description", "date", "status", "priority", "contact_id", "salesperson_id", "campaign_id", "segment_id",
)  # fmt: skip
FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2999, 12, 31)
FAR = dt.timedelta(days=3 * 366)
_OPTIONS = {"type": TYPES, "status": STATUSES, "priority": PRIORITIES}
_task: Table = Task.__table__  # type: ignore[assignment]


def create_task(session: Session, *, no: str = "", by: Actor, **values: Any) -> Task:
    """A new task: the next number unless one is typed, on the work date, of the user's salesperson unless another is given.

    `values`: `FIELDS`. A task that is completed from the beginning is closed. Raises `Forbidden`, `RuleViolation` on the
    field.
    """
    by.must_be_allowed("create tasks")
    given = {"type": "", "description": "", "date": by.work_date, "status": NOT_STARTED, "priority": "normal"}
    given |= {"contact_id": None, "salesperson_id": by.salesperson_id, "campaign_id": None, "segment_id": None}
    task = Task(closed=False, canceled=False, closed_by="", created_at=by.now, version=1)
    task.user_id, task.user_name = by.user_id, by.user_name
    with session.no_autoflush:
        _change(session, task, given | values, kept={by.salesperson_id}, by=by)
        task.no, task.number_series_id = take_number(session, "task", typed=no, by=by, used=select(Task.no))
    session.add(task)
    save(session, _taken(task.no), field="no")
    return task


def edit_task(session: Session, task: Task, *, changes: dict[str, Any], by: Actor) -> Task:
    """Changes fields of an open task (`FIELDS`); the status completed closes it (2.15).

    Another number needs a series that allows typed ones. Raises as `create_task`, and `Conflict` when the task has been
    closed meanwhile.
    """
    must_be_own(task, by=by)
    refuse_closed(task)
    changes = dict(changes)
    no = changes.pop("no", task.no)
    with session.no_autoflush:
        if not no:
            raise RuleViolation(say("Enter a number."), field="no")
        if no != task.no:
            task.no, task.number_series_id = take_number(session, "task", typed=no, by=by, used=select(Task.no))
        _change(session, task, changes, kept={task.salesperson_id}, by=by)
    save(session, _taken(task.no), field="no")
    return task


def close_task(session: Session, task: Task, *, by: Actor) -> None:
    """Completes a task (2.15). Raises `Forbidden`, and `Conflict` when it has been closed meanwhile."""
    edit_task(session, task, changes={"status": COMPLETED}, by=by)


def cancel_task(session: Session, task: Task, *, by: Actor) -> None:
    """Closes a task that is not to be done any more. Raises as `close_task`."""
    must_be_own(task, by=by)
    refuse_closed(task)
    task.canceled = True
    _close(task, by=by)
    session.flush()


def reopen_task(session: Session, task: Task, *, by: Actor) -> None:
    """Takes the closing back; a completed task is in progress again (2.15). An open task stays as it is."""
    must_be_own(task, by=by)
    if task.closed:
        task.closed = task.canceled = False
        task.closed_on, task.closed_by = None, ""
        task.status = IN_PROGRESS if task.status == COMPLETED else task.status
        task.modified_at = by.now
        session.flush()


def delete_task(session: Session, task: Task, *, by: Actor) -> None:
    """Deletes a cancelled task (2.15). Its interactions stay and lose the task. Raises `Forbidden`, `RuleViolation`."""
    by.must_be_allowed("delete tasks")
    if not task.canceled:
        raise RuleViolation(say("Only cancelled tasks can be deleted. Cancel the task first."))
    delete_row(session, _task, [task.id], name=task.no)


def is_own(task: Task, *, by: Actor) -> bool:
    """Whether the actor made the task or is its salesperson."""
    made = by.user_id is not None and task.user_id == by.user_id
    return made or (by.salesperson_id is not None and task.salesperson_id == by.salesperson_id)


def must_be_own(task: Task, *, by: Actor) -> None:
    """Raises `Forbidden`: salespeople change their own tasks only."""
    by.must_be_allowed("edit tasks", own=is_own(task, by=by))


def refuse_closed(task: Task) -> None:
    """Raises `Conflict` when the task is closed: somebody may have done so meanwhile."""
    if not task.closed:
        return
    values = {"no": task.no, "name": task.closed_by or "–"}
    if task.canceled:
        raise Conflict(say("The task %(no)s has been cancelled by %(name)s. Reopen it to change it.", **values))
    raise Conflict(say("The task %(no)s has been closed by %(name)s. Reopen it to change it.", **values))


def refuse_blocked(session: Session, contact: Contact) -> None:
    """Raises `RuleViolation` when the contact or its company is blocked for privacy (B2, contacts.md 2.8)."""
    party = blocked_party(session, contact)
    if party is not None:
        sentence = say(
            "%(name)s (%(no)s) is blocked for privacy. No task can be created.", name=party.name, no=party.no
        )
        raise RuleViolation(sentence, field="contact_id")


def date_warning(task: Task, *, by: Actor) -> Message | None:
    """A sentence when the date lies far from the work date; the task is stored all the same."""
    if abs(task.date - by.work_date) <= FAR:
        return None
    if task.date > by.work_date:
        return say("The date of the task %(no)s lies far in the future. Look whether it is right.", no=task.no)
    return say("The date of the task %(no)s lies far in the past. Look whether it is right.", no=task.no)


def _change(session: Session, task: Task, changes: dict[str, Any], *, kept: set[int | None], by: Actor) -> None:
    """Checks and sets fields. `kept`: the salesperson who may stay although blocked."""
    for name, options in _OPTIONS.items():
        if name in changes and changes[name] not in options:
            raise RuleViolation(say("Choose one from the list."), field=name)
    if "date" in changes:
        check_date(changes["date"])
    _check_salesperson(session, task, changes, kept)
    _check_contact(session, task, changes)
    for name, model, gone in _THINGS:
        if changes.get(name) is not None and session.get(model, changes[name]) is None:
            raise RuleViolation(gone, field=name)
    set_fields(task, changes)
    if not task.description and task.contact_id is None:
        raise RuleViolation(say("Enter a description, or choose a contact."), field="description")
    task.modified_at = by.now
    if task.status == COMPLETED:
        _close(task, by=by)


_THINGS: tuple[tuple[str, Any, Message], ...] = (
    ("campaign_id", Campaign, say("This campaign has been deleted meanwhile.")),
    ("segment_id", Segment, say("This segment has been deleted meanwhile.")),
)


def check_date(day: Any) -> None:
    """Raises `RuleViolation` on the field "date" when there is none, or it is none a task can have (1.8)."""
    if day is None:
        raise RuleViolation(say("Enter a date."), field="date")
    if not FIRST_DAY <= day <= LAST_DAY:
        raise RuleViolation(say("Enter a date between 1900 and 2999."), field="date")


def _check_salesperson(session: Session, task: Task, changes: dict[str, Any], kept: set[int | None]) -> None:
    """A task has a salesperson; without one given it is the contact's (1.8)."""
    if "salesperson_id" not in changes:
        return
    contact_id = changes.get("contact_id", task.contact_id)
    if changes["salesperson_id"] is None and contact_id is not None:
        contact = session.get(Contact, contact_id)
        changes["salesperson_id"] = contact.salesperson_id if contact is not None else None
    if changes["salesperson_id"] is None:
        raise RuleViolation(say("Choose a salesperson."), field="salesperson_id")
    salesperson = session.get(Salesperson, changes["salesperson_id"])
    if salesperson is None:
        raise RuleViolation(say("This salesperson has been deleted meanwhile."), field="salesperson_id")
    if salesperson.blocked and salesperson.id not in kept:
        raise RuleViolation(say("The salesperson %(code)s is blocked.", code=salesperson.code), field="salesperson_id")


def _check_contact(session: Session, task: Task, changes: dict[str, Any]) -> None:
    if changes.get("contact_id") in (None, task.contact_id):
        return
    contact = session.get(Contact, changes["contact_id"])
    if contact is None:
        raise RuleViolation(say("This contact has been deleted meanwhile."), field="contact_id")
    refuse_blocked(session, contact)


def _close(task: Task, *, by: Actor) -> None:
    task.closed, task.closed_on, task.closed_by = True, by.today, by.user_name
    task.modified_at = by.now


def _taken(no: str) -> Message:
    return say("The number %(no)s is already in use.", no=no)
