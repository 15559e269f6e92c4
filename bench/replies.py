"""The reply desk of a very large logged segment: looking people up, one answer, a pasted column, the page."""

from __future__ import annotations

import statistics
from collections.abc import Callable

from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from bench.data import ACTOR, NOW, write_entries
from bench.measure import Figures, clock
from domain.interactions.models import LoggedSegment
from domain.interactions.replies import expected_replies, record_replies, reply_page, reply_tally
from domain.interactions.reply_paste import sort_pasted
from domain.interactions.reply_people import find_person, look_up_people

FIRST_NO = 90_000_000
LOOK_UPS = {
    "nothing typed": "",
    "one letter": "å",
    "two letters": "ås",
    "the name of all": "bergström",
    "a name and a number": "bergström 0077",
    "a contact number": "ct000777",
    "a part of the number": "0777",
    "nobody": "xyzzy",
}


def bench_replies(engine: Engine, contacts: int, figures: Figures, *, plans: bool) -> None:
    """Time of the look-up while typing and of storing answers; everybody has an entry on one logged segment."""
    with Session(engine) as session:
        logged = LoggedSegment(entry_no=FIRST_NO, segment_no="DESK", created_on=NOW.date(), created_at=NOW)
        session.add(logged)
        session.commit()
        logged_id = logged.id
    with engine.begin() as connection:
        write_entries(connection, no=f"id + {FIRST_NO}", day="'2026-11-01'")
        connection.execute(
            text("UPDATE interaction_log_entry SET logged_segment_id = :id, segment_no = 'DESK' WHERE entry_no > :no"),
            {"id": logged_id, "no": FIRST_NO},
        )
        connection.execute(text("ANALYZE"))
    timed = clock(engine)
    with Session(engine) as session:
        desk = session.get_one(LoggedSegment, logged_id)

        def time(name: str, work: Callable[[], object], at_most: float) -> None:
            times = []
            for _ in range(5):
                times.append(timed(work))
                session.rollback()
            figures.amount(f"reply desk, {name}", statistics.median(times) * 1000, "ms", at_most)
            if plans:
                _print_plans(session, work)

        for name, typed in LOOK_UPS.items():
            time(f"look up {name}", lambda typed=typed: look_up_people(session, desk, typed), 20)
        time("who is meant", lambda: find_person(session, desk, "Åsa Bergström 000777"), 20)
        person = find_person(session, desk, "CT000777").id
        time("store one answer", lambda: record_replies(session, desk, [person], "moved", by=ACTOR), 20)
        time("the people of the page", lambda: reply_page(session, desk), 20)
        time("tally", lambda: (reply_tally(session, desk), expected_replies(session, desk)), 40)
        column = [f"CT{n:06}" for n in range(1, min(contacts, 10_000) + 1)]
        time(f"sort a column of {len(column):,}", lambda: sort_pasted(session, desk, column), 2_000)


def _print_plans(session: Session, work: Callable[[], object]) -> None:
    engine = session.get_bind()
    asked: list[tuple[str, object]] = []

    def note(connection: object, cursor: object, statement: str, parameters: object, *_: object) -> None:
        asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    work()
    event.remove(engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN ANALYZE "
    for statement, parameters in asked:
        if statement.lstrip().upper().startswith("SELECT"):
            for row in session.connection().exec_driver_sql(explain + statement, parameters):
                print("  ", row[-1])
    session.rollback()
