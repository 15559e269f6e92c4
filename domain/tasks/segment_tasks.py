"""One task per contact of a segment (R-TK01, contacts.md 2.15): one INSERT … SELECT, the numbers taken in one go."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Select,
    Subquery,
    Text,
    cast,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from domain.accounts.actor import Actor
from domain.contacts.models import Contact
from domain.errors import RuleViolation
from domain.messages import say
from domain.segments.models import Segment, SegmentLine
from domain.setup.models import Salesperson
from domain.setup.numbers import take_numbers
from domain.tasks.models import NOT_STARTED, PRIORITIES, TYPES, Task
from domain.tasks.tasks import check_date

LENGTH = 100


@dataclass(frozen=True)
class NewTasks:
    """What the tasks of a segment have in common. Salesperson and campaign come from the segment; where it has no
    salesperson, from the contact."""

    type: str
    description: str
    date: dt.date | None
    priority: str = "normal"


@dataclass(frozen=True)
class Expected:
    """How many tasks there would be: `contacts` get one; `blocked` for privacy and `nobodys` (without salesperson)
    get none. `present` of the contacts have an open task of this segment already."""

    contacts: int
    blocked: int
    nobodys: int
    present: int


def expected_tasks(session: Session, segment: Segment) -> Expected:
    """What `create_segment_tasks` would do, for the question before it."""
    blocked, salesperson = _is_blocked(), _salesperson(segment)
    gets = ~blocked & salesperson.is_not(None)
    counted = (gets, blocked, ~blocked & salesperson.is_(None), gets & Contact.id.in_(_with_open_task(segment)))
    numbers = [func.count().filter(one) for one in counted]
    row: list[int] = list(session.execute(_contacts(segment).with_only_columns(*numbers)).one())
    return Expected(*row)


def create_segment_tasks(session: Session, segment: Segment, new: NewTasks, *, again: bool = False, by: Actor) -> int:
    """One task for each contact on the list of a segment, however often it is on it. Returns how many.

    Contacts that are blocked for privacy, or whose company is, get none; neither do those for whom nobody is
    responsible, nor, unless `again`, those with an open task of this segment. Raises `Forbidden`, `RuleViolation` on the
    field.
    """
    by.must_be_allowed("create tasks")
    by.must_be_allowed("edit segments")
    check_new_tasks(session, segment, new)
    salesperson = _salesperson(segment)
    chosen = _contacts(segment).where(~_is_blocked(), salesperson.is_not(None))
    if not again:
        chosen = chosen.where(Contact.id.not_in(_with_open_task(segment)))
    number = session.scalar(select(func.count()).select_from(chosen.with_only_columns(Contact.id).subquery())) or 0
    if not number:
        raise RuleViolation(say("Nobody on this segment would get a task."))
    numbers, series_id = take_numbers(session, "task", number, by=by, used=select(Task.no))
    people = _with_numbers(session, chosen, salesperson, numbers)
    written: dict[str, ColumnElement[Any]] = {
        "no": people.c.no,
        "contact_id": people.c.contact_id,
        "salesperson_id": people.c.salesperson_id,
    }
    written |= _common(segment, new, series_id, by=by)
    rows = select(*(value.label(name) for name, value in written.items())).order_by(people.c.place)
    session.execute(insert(Task).from_select(list(written), rows))
    session.expire_all()
    return number


def check_new_tasks(session: Session, segment: Segment, new: NewTasks) -> None:
    """Raises `RuleViolation` on the field when tasks cannot be like that."""
    for field, value, options in (("type", new.type, TYPES), ("priority", new.priority, PRIORITIES)):
        if value not in options:
            raise RuleViolation(say("Choose one from the list."), field=field)
    if not new.description.strip():
        raise RuleViolation(say("Enter a description."), field="description")
    if len(new.description.strip()) > LENGTH:
        raise RuleViolation(say("This text can have up to %(length)s characters.", length=LENGTH), field="description")
    check_date(new.date)
    salesperson = session.get(Salesperson, segment.salesperson_id) if segment.salesperson_id is not None else None
    if salesperson is not None and salesperson.blocked:
        raise RuleViolation(say("The salesperson %(code)s is blocked.", code=salesperson.code))


def _contacts(segment: Segment) -> Select[Any]:
    """The contacts on the list, each once, with their company."""
    on_list = select(SegmentLine.contact_id).where(
        SegmentLine.segment_id == segment.id,
        SegmentLine.removed_step_id.is_(None),
        SegmentLine.contact_id.is_not(None),
    )
    return (
        select(Contact.id)
        .select_from(Contact)
        .outerjoin(_company, _company.id == Contact.company_id)
        .where(Contact.id.in_(on_list))
    )


def _with_open_task(segment: Segment) -> Select[int | None]:
    return select(Task.contact_id).where(
        Task.segment_id == segment.id, Task.closed.is_(False), Task.contact_id.is_not(None)
    )


_company = aliased(Contact)


def _is_blocked() -> ColumnElement[bool]:
    return or_(Contact.privacy_blocked, func.coalesce(_company.privacy_blocked, False))


def _salesperson(segment: Segment) -> ColumnElement[Any]:
    """The salesperson of the segment, else of the contact (2.15)."""
    kind = Task.salesperson_id.type
    if segment.salesperson_id is not None:
        return literal(segment.salesperson_id, kind)
    active = select(Salesperson.id).where(Salesperson.id == Contact.salesperson_id, Salesperson.blocked.is_(False))
    return active.correlate(Contact).scalar_subquery()


def _common(segment: Segment, new: NewTasks, series_id: int, *, by: Actor) -> dict[str, ColumnElement[Any]]:
    values: dict[str, Any] = {
        "number_series_id": series_id,
        "type": new.type,
        "description": new.description.strip(),
        "date": new.date,
        "status": NOT_STARTED,
        "priority": new.priority,
        "campaign_id": segment.campaign_id,
        "segment_id": segment.id,
        "closed": False,
        "canceled": False,
        "closed_by": "",
        "is_demo": False,
        "user_id": by.user_id,
        "user_name": by.user_name,
        "created_at": by.now,
        "modified_at": by.now,
        "version": 1,
    }
    return {name: literal(value, getattr(Task, name).type) for name, value in values.items()}


def _with_numbers(
    session: Session, chosen: Select[Any], salesperson: ColumnElement[Any], numbers: list[str]
) -> Subquery:
    """The contacts in the order of their ids, each with the number in the same place: place, no, contact, salesperson.

    The numbers travel as one JSON text: databases take only so many values in one statement. Both lists are put together
    by grouping: SQLite would look through all numbers for every contact in a join.
    """
    places = func.row_number().over(order_by=Contact.id)
    kind = Task.contact_id.type
    people = chosen.with_only_columns(
        places.label("place"),
        cast(null(), Text).label("no"),
        Contact.id.label("contact_id"),
        salesperson.label("salesperson_id"),
    )
    given = union_all(
        people, _listed(session, numbers).add_columns(cast(null(), kind), cast(null(), Task.salesperson_id.type))
    ).subquery()
    columns = (func.max(given.c[name]).label(name) for name in ("no", "contact_id", "salesperson_id"))
    return select(given.c.place, *columns).group_by(given.c.place).subquery()


def _listed(session: Session, numbers: list[str]) -> Select[Any]:
    """Place from 1 on, and number."""
    text = json.dumps(numbers)
    if session.get_bind().dialect.name == "postgresql":
        listed = func.json_array_elements_text(cast(literal(text, Text), JSON))
        rows = listed.table_valued("no", with_ordinality="place", name="listed").render_derived()
        return select(rows.c.place, rows.c.no)
    rows = func.json_each(text).table_valued("key", "value", name="listed")
    return select(rows.c.key + 1, rows.c.value)
