"""The history of a contact: rows of later rooms that follow a person to its company.

This room does not know the log; it finds the rows through the declarations of domain/references.py: a reference that
*follows* is history (a task does once it is closed), and its table may say in `company_id` which company it belongs to.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, Table, func, select, update
from sqlalchemy.orm import Session

from domain.contacts.models import Contact
from domain.references import Going, references_to

_contact: Table = Contact.__table__  # type: ignore[assignment]


def _columns() -> list[Column[int]]:
    return [column for column, rule in references_to(_contact) if Going.FOLLOW in (rule.going, rule.otherwise)]


def history_count(contact_id: Any) -> ColumnElement[int]:
    """How many rows of history a contact itself has (log entries, postponed interactions, tasks), as an expression.

    `contact_id`: an id, a column of the enclosing statement, or a select of one.
    """
    counts = [
        select(func.count()).where(column == contact_id).correlate_except(column.table).scalar_subquery()
        for column in _columns()
    ]
    first, *others = counts
    total: ColumnElement[int] = first
    for other in others:
        total = total + other
    return total


def history_of(session: Session, contact: Contact) -> int:
    """How many rows of history the contact itself has (`history_count`)."""
    return session.scalar(select(history_count(contact.id))) or 0


def leave_history(session: Session, person: Contact, *, former_id: int | None, company_id: int) -> int:
    """The history of a person stays with the company it leaves; without one it goes to the new company (2.4).

    Returns how many rows there were.
    """
    moved = 0
    for column in _columns():
        table = column.table
        values: dict[str, int] = {column.name: former_id or company_id}
        if former_id is None and "company_id" in table.c:
            values["company_id"] = company_id
        moved += session.execute(update(table).where(column == person.id).values(values)).rowcount  # type: ignore[attr-defined]
    return moved


def take_history(session: Session, person: Contact, *, company_id: int | None) -> int:
    """The person takes its history along to the new company. Returns how many rows there were."""
    moved = 0
    for column in _columns():
        table = column.table
        if "company_id" in table.c:
            statement = update(table).where(column == person.id).values({"company_id": company_id})
            moved += session.execute(statement).rowcount  # type: ignore[attr-defined]
    return moved
