"""SQLite has no statistics of a new database: which index it takes must not depend on the order they were made in."""

from __future__ import annotations

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateIndex

from domain.database import make_engine
from domain.segments.header import edit_header
from domain.segments.models import SegmentLine
from domain.tables import metadata
from tests.factories.segments import make_segment
from tests.factories.setup import make_actor

LIVE, OWN = "ix_segment_line_live", "ix_segment_line_own"


@pytest.mark.parametrize("last", [LIVE, OWN])
def test_lines_with_own_values_are_counted_from_their_index(tmp_path, last):
    """A change of the header counts the lines that do not follow it (performance.md 3)."""
    engine = make_engine(f"sqlite:///{tmp_path / 'office.db'}")
    metadata.create_all(engine)
    index = next(one for one in SegmentLine.__table__.indexes if one.name == last)
    with engine.begin() as connection:
        connection.execute(text(f"DROP INDEX {last}"))
        connection.execute(CreateIndex(index))
    asked = []

    @event.listens_for(engine, "before_cursor_execute")
    def note(connection, cursor, statement, parameters, *_):
        asked.append((statement, parameters))

    with Session(engine) as session:
        edit_header(session, make_segment(session), {"description": "Spring"}, by=make_actor())
        counts = [one for one in asked if "FILTER" in one[0] and "segment_line" in one[0]]
        assert counts
        for statement, parameters in counts:
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            assert OWN in plan[0][-1]
    engine.dispose()
