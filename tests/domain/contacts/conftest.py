"""What tests of contacts share."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from sqlalchemy import event


@pytest.fixture
def statements(engine):
    """Collects the SQL statements of a block."""

    @contextmanager
    def collecting():
        asked = []

        def note(connection, cursor, statement, parameters, context, executemany):
            asked.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            yield asked
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return collecting
