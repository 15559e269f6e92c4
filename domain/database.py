"""The database: base class of the tables, engines, and the one way to write.

SQLite has one writer at a time. A transaction that begins reading and turns to writing fails at once with "database is
locked" when somebody else has committed meanwhile, however long the busy timeout; so writing transactions begin as such
(`BEGIN IMMEDIATE`), and the threads of this process queue up in a fair lock before they do.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Executable, MetaData, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.sql.functions import GenericFunction

from domain.errors import Collided, Conflict
from domain.types import fold as fold_text

WRITING = "segmenta_writing"
COLLISIONS = {"40001", "40P01"}
"""What PostgreSQL calls a serialization failure and a deadlock."""


SETUP = {"info": {"setup": True}}
"""`__table_args__` of a table of the setup: small, changed seldom, read by every page (domain/setup/changes.py)."""


class Base(DeclarativeBase):
    """Base class of every table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class folded(GenericFunction[str]):  # noqa: N801  (an SQL function is spelled as one)
    """`fold` in SQL: NFKC, lower case, accents kept (decisions B24)."""

    inherit_cache = True
    name = "fold"


@compiles(folded, "postgresql")
def _folded_on_postgresql(element: folded, compiler: Any, **options: Any) -> str:
    return f'lower(normalize({compiler.process(element.clauses, **options)}, NFKC) COLLATE "und-x-icu")'


class FairLock:
    """A lock that serves in the order of asking: a cell save is not starved by others that ask again and again."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._held = False

    def acquire(self) -> None:
        """Waits for one's turn."""
        with self._guard:
            if not self._held:
                self._held = True
                return
            turn = threading.Event()
            self._waiting.append(turn)
        turn.wait()

    def release(self) -> None:
        """Hands the lock to the one who has waited longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._held = False


_locks: dict[str, FairLock] = {}
_locks_guard = threading.Lock()


def write_lock(engine: Engine) -> FairLock | None:
    """The fair lock of an SQLite database; other databases queue writers themselves."""
    if engine.dialect.name != "sqlite":
        return None
    with _locks_guard:
        return _locks.setdefault(str(engine.url), FairLock())


def engine_options(url: str) -> dict[str, Any]:
    """Arguments for `create_engine`: on SQLite the driver begins no transactions of its own.

    PostgreSQL plans every question for the values it asks for: a filter that finds ten contacts and one that finds all
    want different plans, and psycopg would prepare one for both.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return {"connect_args": {"isolation_level": None, "timeout": 30, "check_same_thread": False}}
    if make_url(url).get_driver_name() == "psycopg":
        return {"pool_pre_ping": True, "connect_args": {"prepare_threshold": None}}
    return {"pool_pre_ping": True}


def prepare_engine(engine: Engine) -> Engine:
    """Adds to an engine made with `engine_options` what the product relies on. Returns the engine."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite_connection)
        event.listen(engine, "begin", _begin_on_sqlite)
    return engine


def make_engine(url: str, **options: Any) -> Engine:
    """An engine as the product uses it (commands, workers, tests)."""
    return prepare_engine(create_engine(url, **engine_options(url), **options))


def _prepare_sqlite_connection(connection: Any, record: Any) -> None:
    for pragma in (
        "foreign_keys=ON",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "busy_timeout=30000",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")
    connection.create_function("fold", 1, fold_text, deterministic=True)


def _begin_on_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(WRITING) else "BEGIN")


def read_rows(session: Session, statement: Executable, given: Mapping[str, Any] | None = None) -> list[Any]:
    """The rows of a select of columns. Beside the session's own way, made for objects, this takes half the time."""
    if session.new or session.dirty or session.deleted:
        session.flush()
    return list(session.connection().execute(statement, given).all())


@contextmanager
def writing(session: Session, *, consistent: bool = False) -> Iterator[Session]:
    """Everything inside happens, or nothing does.

    Ends the read transaction the session may have open, waits for the turn to write, begins as a writing transaction,
    commits at the end. What a change depends on is loaded inside. Raises `Conflict` when a row was changed by somebody
    else at the moment of writing, `Collided` when two transactions waited for each other.

    `consistent`: every statement sees one state of the database, whatever others commit meanwhile (logging a segment). On
    SQLite that is always so; PostgreSQL does it at the isolation level REPEATABLE READ.
    """
    session.rollback()
    options: dict[str, Any] = {WRITING: True}
    if consistent and session.get_bind().dialect.name == "postgresql":
        options["isolation_level"] = "REPEATABLE READ"
    lock = write_lock(session.get_bind().engine)
    if lock:
        lock.acquire()
    try:
        try:
            session.connection(execution_options=options)
            yield session
            session.commit()
        except StaleDataError as stale:
            session.rollback()
            raise Conflict() from stale
        except OperationalError as failed:
            session.rollback()
            if getattr(failed.orig, "sqlstate", "") in COLLISIONS:
                raise Collided() from failed
            raise
        except BaseException:
            session.rollback()
            raise
    finally:
        if lock:
            lock.release()
