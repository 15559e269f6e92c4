"""The log of a large office: a contact card with 10,000 interactions, the log page, statistics against a bare aggregate.

Two million interactions, as many for every contact, spread over 700 days, twenty templates and twenty salespeople.
"""

from __future__ import annotations

import datetime as dt
import statistics
from typing import Any

from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from app import create_app
from bench.data import NOW, write_entries
from bench.measure import Figures, clock, interleaved
from bench.segments import Statements
from blueprints.web.database import db
from domain.accounts.models import User
from domain.interaction_templates.models import InteractionGroup, InteractionTemplate
from domain.interactions.filters import EntryFilters
from domain.interactions.periods import chosen_range, periods_of
from domain.interactions.statistics import statistics_by_period, statistics_by_subject
from domain.setup.models import Salesperson

ENTRIES = 2_000_000
KINDS = 20
OF_ONE = 10_000
DAY = {
    "sqlite": "date('2025-01-01', '+' || ({days}) || ' days')",
    "postgresql": "DATE '2025-01-01' + CAST({days} AS int)",
}
ROWS = {"sqlite": "(WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < {n}) SELECT i FROM n)",
        "postgresql": "generate_series(1, {n}) AS"}  # fmt: skip
FILTERS = {
    "no filter": "",
    "a contact": "contact=CT000001",
    "a template": "template=T03",
    "a salesperson": "salesperson=S03",
    "a month": "from=2026-03-01&to=2026-03-31",
    "a day": "from=2026-03-10&to=2026-03-10",
}
BARE = {
    "by month": "SELECT {month} AS m, count(*), sum(cost), sum(duration) FROM interaction_log_entry"
    " WHERE canceled = false AND date BETWEEN '2026-01-01' AND '2026-12-31' GROUP BY m",
    "by template": "SELECT template_id, count(*), sum(cost), sum(duration) FROM interaction_log_entry"
    " WHERE canceled = false AND date BETWEEN '2026-01-01' AND '2026-12-31' GROUP BY template_id",
}
MONTH = {"sqlite": "strftime('%Y-%m', date)", "postgresql": "date_trunc('month', date)"}


def fill_log(engine: Engine, contacts: int) -> str:
    """Writes entries and somebody who signs in. Gives what the session says of that user."""
    dialect = engine.dialect.name
    with Session(engine) as session:
        group = session.query(InteractionGroup).first()
        assert group is not None
        firsts = {}
        for kind, new in (
            ("T", lambda code: InteractionTemplate(code=code, group_id=group.id, description=code, modified_at=NOW)),
            ("S", lambda code: Salesperson(code=code, name=code)),
        ):
            rows = [new(f"{kind}{n:02}") for n in range(KINDS)]
            for row in rows:
                session.add(row)
                session.flush()
            firsts[kind] = rows[0].id
        user = User(login="log", login_key="log", name="Log", role="administrator", created_at=NOW)
        session.add(user)
        session.commit()
        signed_in = f"{user.id}.{user.session_no}"
    kinds = {
        "template": f"{firsts['T']} + id % {KINDS}",
        "salesperson": f"{firsts['S']} + (id / {KINDS}) % {KINDS}",
    }
    with engine.begin() as connection:
        for n in range(max(ENTRIES // contacts, 1)):
            days = f"(id % 1009 * 7919 + {n * 331}) % 700"
            write_entries(connection, no=f"id + {(n + 1) * 10_000_000}", day=DAY[dialect].format(days=days), **kinds)
        many = ROWS[dialect].format(n=OF_ONE)
        write_entries(
            connection,
            no="1000000000 + i",
            day=DAY[dialect].format(days="i % 700"),
            source=f"contact JOIN {many} {'numbers' if dialect == 'sqlite' else 'numbers(i)'} ON contact.no = 'CT000001'",
            **kinds,
        )
    # an office's log is years old: PostgreSQL has tidied it up long ago
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE" if dialect == "postgresql" else "ANALYZE"))
    return signed_in


def bench_interactions(url: str, engine: Engine, contacts: int, figures: Figures, *, plans: bool) -> None:
    """Queries and database time of the card and of the log with single filters; statistics against a bare aggregate."""
    signed_in = fill_log(engine, contacts)
    app = create_app(
        {"SQLALCHEMY_DATABASE_URI": url, "SECRET_KEY": "bench", "WORKER": False, "RATELIMIT_ENABLED": False}
    )
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = signed_in, True

    def page(name: str, address: str) -> None:
        times = []
        for _ in range(5):
            with app.app_context():
                statements = Statements(db.engine)
            answer = client.get(address)
            statements.close()
            assert answer.status_code == 200, answer.status
            times.append(statements.seconds)
        figures.amount(f"{name}, queries", statements.number, "", 8)
        figures.amount(f"{name}, database time", statistics.median(times) * 1000, "ms", 20)

    page("contact card with 10,000 interactions", "/contacts/CT000001/")
    for name, query in FILTERS.items():
        page(f"log page, {name}", f"/interaction-log/?{query}")
    if plans:
        _print_plans(app, client)
    _statistics(engine, figures)
    with app.app_context():
        db.engine.dispose()


def _print_plans(app: Any, client: Any) -> None:
    """The plan of every statement of the log page with each filter."""
    asked: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    with app.app_context():
        engine = db.engine
    for name, query in FILTERS.items():
        event.listen(engine, "before_cursor_execute", note)
        client.get(f"/interaction-log/?{query}")
        event.remove(engine, "before_cursor_execute", note)
        explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
        print(f"-- log page, {name}")
        with engine.connect() as connection:
            for statement, parameters in asked:
                if "interaction_log_entry" in statement and statement.lstrip().upper().startswith("SELECT"):
                    for row in connection.exec_driver_sql(explain + statement, parameters):
                        print("  ", row[-1])
        asked.clear()


def _statistics(engine: Engine, figures: Figures) -> None:
    timed = clock(engine)
    with Session(engine) as session:
        year = chosen_range(
            "month", first=dt.date(2026, 1, 1), last=dt.date(2026, 12, 31), today=NOW.date(), week_begins=0
        )
        months = periods_of(year, "month", week_begins=0)
        everything = EntryFilters()
        ways = {
            "by month": lambda: statistics_by_period(session, everything, months),
            "by template": lambda: statistics_by_subject(session, everything, months, "template"),
        }
        for name, work in ways.items():
            bare = text(BARE[name].format(month=MONTH[engine.dialect.name]))
            ours, floor = interleaved(
                5, lambda work=work: timed(work), lambda bare=bare: timed(lambda: session.execute(bare).all())
            )
            figures.ratio(f"statistics of a year {name} / bare aggregate", ours, floor, 3)
