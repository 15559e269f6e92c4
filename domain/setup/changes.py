"""A mark that changes with every change of the setup, so that what is read from it can be kept (decisions 0020).

Tables of the setup say so themselves: `__table_args__ = SETUP`. Whatever a session does to one of them, by objects or by
statements, gives the office a new mark in the same transaction, before it writes there: transactions that change the
setup at the same time wait for each other at the office, and none holds what another one needs. Marks are random: one
never comes back, also not when an older copy of the database does.
"""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import Delete, Insert, Table, Update, event, inspect, update
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, UOWTransaction

from domain.database import SETUP
from domain.setup.models import CompanyInformation

_MARK = "setup_mark"
_office: Table = CompanyInformation.__table__  # type: ignore[assignment]


def new_mark(session: Session) -> None:
    """Gives the office a new mark; before the first run there is no office and nothing kept."""
    mark = secrets.token_hex(8)
    given = session.connection().execute(update(_office).where(_office.c.id == 1).values(setup_mark=mark))
    if given.rowcount:
        session.info[_MARK] = mark


def mark_seen(session: Session, read: str) -> str:
    """The mark of what the session sees: the one it gave itself, else `read`, the one it found when it began.

    '' when it is not known, because a part of the transaction with changes was taken back: nothing is kept then.
    """
    given: str = session.info.get(_MARK, read)
    return given


def _is_of_setup(table: Any) -> bool:
    return isinstance(table, Table) and SETUP["info"].items() <= table.info.items()


@event.listens_for(Session, "before_flush")
def _before_flush(session: Session, context: UOWTransaction, instances: Any) -> None:
    changed = {*session.new, *session.deleted, *(one for one in session.dirty if session.is_modified(one))}
    if any(_is_of_setup(inspect(one).mapper.local_table) for one in changed):
        new_mark(session)


@event.listens_for(Session, "do_orm_execute")
def _on_statement(state: ORMExecuteState) -> None:
    statement = state.statement
    if isinstance(statement, (Insert, Update, Delete)) and _is_of_setup(statement.table):
        new_mark(state.session)


@event.listens_for(Session, "after_soft_rollback")
def _after_rollback(session: Session, previous: SessionTransaction) -> None:
    if previous.nested and _MARK in session.info:
        session.info[_MARK] = ""
    else:
        session.info.pop(_MARK, None)
