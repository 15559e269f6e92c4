"""What all tests share: a database with the product's tables, and a session."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from domain.database import make_engine
from domain.tables import metadata
from tests.databases import create_tables
from tests.log_guard import GUARD

ROOT = Path(__file__).parent.parent
GUARD.install()


@pytest.fixture(autouse=True)
def log_of_interactions() -> Iterator[None]:
    """No test may see an entry of the log changed by anything but the actions on it (A6)."""
    yield
    assert GUARD.taken() == []


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty database of this worker: a file on SQLite; a database of its own where `DATABASE_URL` says PostgreSQL."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgresql"):
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'segmenta.db'}"
        return
    name = f"segmenta_test_{os.getpid()}"
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    try:
        yield make_url(url).set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        server.dispose()


@pytest.fixture(scope="session")
def engine(database_url: str) -> Iterator[Engine]:
    """The engine of this worker's database, with all tables."""
    engine = make_engine(database_url)
    create_tables(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session whose changes disappear after the test, commits included."""
    with engine.connect() as connection:
        outer = connection.begin()
        session = Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
        yield session
        session.close()
        outer.rollback()


@pytest.fixture
def statements() -> Callable[[], AbstractContextManager[list[str]]]:
    """Collects the SQL statements of a block, on whatever engine."""

    @contextmanager
    def collecting() -> Iterator[list[str]]:
        asked: list[str] = []

        def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
            asked.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield asked
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    return collecting


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real files beside the checkout."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder of real files (../shared) is not here")
    return folder


@pytest.fixture
def empty_database_url(database_url: str, tmp_path: Path) -> Iterator[str]:
    """A database without tables, beside the one the tests use."""
    if not database_url.startswith("postgresql"):
        yield f"sqlite:///{tmp_path / 'migrated.db'}"
        return
    name = make_url(database_url).database + "_migrated"
    server = create_engine(make_url(database_url).set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield make_url(database_url).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    server.dispose()


assert metadata.tables


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line says what was skipped and why, however many places skip."""
    line = skipped_line([report.longrepr for report in terminalreporter.stats.get("skipped", [])])
    if line:
        terminalreporter.write_line(line, yellow=True)


def skipped_line(skips: list[Any]) -> str:
    """`skips` are (file, line, reason) as pytest reports them: "Skipped: 21 (no Chromium on this machine), 2 (…)"."""
    reasons = Counter(str(reason).removeprefix("Skipped: ") for _, _, reason in skips)
    return "Skipped: " + ", ".join(f"{n} ({reason})" for reason, n in reasons.most_common()) if reasons else ""
