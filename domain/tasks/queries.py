"""Questions about tasks: one by number, pages of the list, what is mine, what a contact has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from domain.accounts.actor import Actor
from domain.campaigns.models import Campaign
from domain.contacts.models import COMPANY, Contact
from domain.errors import NotFound
from domain.interactions.draft_models import InteractionDraft
from domain.interactions.models import InteractionLogEntry
from domain.interactions.queries import rows_in_order
from domain.messages import say
from domain.paging import key_page
from domain.segments.models import Segment
from domain.setup.models import Salesperson
from domain.tasks.models import Task
from domain.types import code

PAGE = 50
TaskPlace = tuple[dt.date, int]


@dataclass(frozen=True)
class TaskFilters:
    """Conditions on tasks; what is None is not asked for.

    `mine`: those of the actor's salesperson. `due`: "today" (of today), "late" (before today). `contact`: of a company with
    its people.
    """

    mine: bool = False
    due: str = ""
    closed: bool | None = None
    canceled: bool | None = None
    status: str | None = None
    type: str | None = None
    priority: str | None = None
    salesperson_id: int | None = None
    contact: Contact | None = None
    segment_id: int | None = None
    campaign_id: int | None = None

    def conditions(self, *, by: Actor) -> list[ColumnElement[bool]]:
        """The conditions as SQL over `Task`."""
        equal: dict[Any, Any] = {
            Task.closed: self.closed,
            Task.canceled: self.canceled,
            Task.status: self.status,
            Task.type: self.type,
            Task.priority: self.priority,
            Task.salesperson_id: self.salesperson_id,
            Task.segment_id: self.segment_id,
            Task.campaign_id: self.campaign_id,
        }
        asked = [column == value for column, value in equal.items() if value is not None]
        if self.mine:
            asked.append(Task.salesperson_id == by.salesperson_id if by.salesperson_id is not None else false())
        if self.due == "today":
            asked.append(Task.date == by.today)
        elif self.due == "late":
            asked.append(Task.date < by.today)
        if self.contact is not None:
            asked.append(_of(self.contact))
        return asked

    def ids(self, *, by: Actor) -> Select[int]:
        """The ids of all tasks that match, for verbs on "all n matching"."""
        return select(Task.id).where(*self.conditions(by=by))


@dataclass(frozen=True)
class TaskPage:
    """One page of tasks by date. `before` and `after`: the places (date, id) to ask the next pages with, or None."""

    rows: list[Row[Any]]
    before: TaskPlace | None
    after: TaskPlace | None


def find_task(session: Session, no: str) -> Task | None:
    """The task with this number."""
    return session.scalar(select(Task).where(Task.no == code(no))) if no.strip() else None


def get_task(session: Session, no: str) -> Task:
    """The task with this number. Raises `NotFound`."""
    task = find_task(session, no)
    if task is None:
        raise NotFound(say("There is no task %(no)s.", no=code(no)[:50]))
    return task


def task_numbers(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """The numbers of tasks by their ids."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {row.id: row.no for row in session.execute(select(Task.id, Task.no).where(Task.id.in_(wanted)))}


def task_rows() -> Select[*tuple[Any, ...]]:
    """The columns of a row of the list."""
    return (
        select(
            Task.id,
            Task.no,
            Task.type,
            Task.description,
            Task.date,
            Task.status,
            Task.priority,
            Task.closed,
            Task.canceled,
            Task.closed_on,
            Task.user_id,
            Task.salesperson_id,
            func.coalesce(Contact.no, "").label("contact_no"),
            func.coalesce(Contact.name, "").label("contact_name"),
            func.coalesce(Contact.company_name, "").label("company_name"),
            func.coalesce(Salesperson.code, "").label("salesperson_code"),
            func.coalesce(Campaign.no, "").label("campaign_no"),
            func.coalesce(Segment.no, "").label("segment_no"),
        )
        .outerjoin(Contact, Contact.id == Task.contact_id)
        .outerjoin(Salesperson, Salesperson.id == Task.salesperson_id)
        .outerjoin(Campaign, Campaign.id == Task.campaign_id)
        .outerjoin(Segment, Segment.id == Task.segment_id)
    )


def task_page(
    session: Session,
    filters: TaskFilters,
    *,
    after: TaskPlace | None = None,
    before: TaskPlace | None = None,
    limit: int = PAGE,
    by: Actor,
) -> TaskPage:
    """A page of tasks, the earliest first, paged by key. Ids are found first, then the rows (performance.md 6)."""
    found = key_page(
        session,
        select(Task.id, Task.date).where(*filters.conditions(by=by)),
        (Task.date.expression, Task.id.expression),
        after=after,
        before=before,
        limit=limit,
    )
    ids = [row.id for row in found.rows]
    rows = {row.id: row for row in session.execute(task_rows().where(Task.id.in_(ids)))} if ids else {}
    return TaskPage(
        [rows[one] for one in ids],
        (found.rows[0].date, found.rows[0].id) if found.has_before else None,
        (found.rows[-1].date, found.rows[-1].id) if found.has_after else None,
    )


def count_tasks(session: Session, filters: TaskFilters, *, by: Actor) -> int:
    """How many tasks match."""
    return session.scalar(select(func.count()).select_from(Task).where(*filters.conditions(by=by))) or 0


@dataclass(frozen=True)
class MyTasks:
    """How many open tasks of the actor's salesperson are of today and late, and the first of both."""

    today: int
    late: int
    rows: list[Row[Any]]


def my_tasks(session: Session, *, limit: int, by: Actor) -> MyTasks:
    """What the home page shows; late ones first."""
    if by.salesperson_id is None:
        return MyTasks(0, 0, [])
    mine = (Task.salesperson_id == by.salesperson_id, Task.closed.is_(False), Task.date <= by.today)
    counted = select(func.count(), func.count().filter(Task.date < by.today)).select_from(Task).where(*mine)
    due, late = session.execute(counted).one()
    first = task_rows().where(*mine).order_by(Task.date, Task.id).limit(limit)
    return MyTasks(due - late, late, list(session.execute(first)) if due else [])


def open_tasks(session: Session, contact: Contact, *, limit: int) -> list[Row[Any]]:
    """The first open tasks of a contact, of a company with its people (1.1)."""
    theirs = task_rows().where(_of(contact), Task.closed.is_(False))
    return list(session.execute(theirs.order_by(Task.date, Task.id).limit(limit)))


def select_open_tasks(contact_id: Any, company_id: Any) -> Select[int, dt.date | None]:
    """A select of one row: how many open tasks a contact has (of a company: with its people), and the date of the next.

    Ids, or expressions of the enclosing statement.
    """
    number, next_date = func.count().label("open_tasks"), func.min(Task.date).label("next_task")
    return select(number, next_date).select_from(Task).where(tasks_of(contact_id, company_id), Task.closed.is_(False))


def entries_of_task(session: Session, task: Task, *, limit: int = 20) -> list[Row[Any]]:
    """The interactions registered for a task, newest first (2.15)."""
    entry = InteractionLogEntry
    latest = select(entry.id).where(entry.task_id == task.id).order_by(entry.date.desc(), entry.entry_no.desc())
    return rows_in_order(session, list(session.scalars(latest.limit(limit))))


def drafts_of_task(session: Session, task: Task) -> list[int]:
    """The numbers of the postponed interactions of a task (2.15)."""
    draft = InteractionDraft
    return list(session.scalars(select(draft.entry_no).where(draft.task_id == task.id).order_by(draft.entry_no)))


def tasks_of(contact_id: Any, company_id: Any) -> ColumnElement[bool]:
    """The tasks of a contact and those of a company's people; ids, or expressions of the enclosing statement."""
    own: ColumnElement[bool] = Task.contact_id == contact_id
    if company_id is None:
        return own
    person = aliased(Contact)
    return Task.contact_id.in_(select(person.id).where(or_(person.company_id == company_id, person.id == contact_id)))


def _of(contact: Contact) -> ColumnElement[bool]:
    return tasks_of(contact.id, contact.id if contact.type == COMPANY else None)
