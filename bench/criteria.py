"""Choosing contacts among many: Add, Reduce, Refine, Go back, live count and look-up against bare SQL in the same run.

Three million mailing-group rows for a million contacts (one in a hundred contacts in GROUP1, one in ten in GROUP2, all in
GROUP3, GROUP4 and GROUP5) and two interactions a contact. With `plans` the plan of every bare and every product statement is printed, for choosing indexes.
"""

from __future__ import annotations

import datetime as dt
import statistics
from typing import Any

from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from bench.data import ACTOR, write_entries
from bench.measure import Figures, interleaved, timed
from domain.contacts.queries import look_up
from domain.segments.add_contacts import AddOptions, add_by_criteria
from domain.segments.create import create_segment
from domain.segments.criteria import Criteria, GroupFilter, criteria_of
from domain.segments.models import Segment
from domain.segments.preview import preview_add
from domain.segments.reduce import reduce_contacts, refine_contacts
from domain.segments.reuse import reuse_criteria
from domain.segments.saved_criteria import save_criteria
from domain.segments.steps import go_back

GROUPS = (("GROUP1", 100), ("GROUP2", 10), ("GROUP3", 1), ("GROUP4", 1), ("GROUP5", 1))
TYPED = ("a", "be", "berg", "bergström 0004", "örebro", "CT0012", "person77", "åsa berg", "storg", "zzzz")

ADD_BARE = text(
    """
    INSERT INTO segment_line (segment_id, line_no, contact_id, added_step_id, no_campaign, no_alt_address, no_document,
                              comment, evaluation, attempt_failed, contact_via, version)
    SELECT :segment, row_number() OVER (ORDER BY c.list_key, c.id) * 10000, c.id, NULL, :no, :no, :no, '', '', :no, '', 1
    FROM contact c
    WHERE c.id IN (SELECT contact_id FROM contact_mailing_group WHERE code_id = :code)
      AND NOT c.privacy_blocked AND NOT c.exclude_from_segment
      AND c.id NOT IN (SELECT contact_id FROM segment_line
                       WHERE segment_id = :segment AND removed_step_id IS NULL AND contact_id IS NOT NULL)
    """
)
MARK_BARE = text(
    """
    UPDATE segment_line SET removed_step_id = NULL, version = version + 1
    WHERE segment_id = :segment AND removed_step_id IS NULL
      AND contact_id IN (SELECT contact_id FROM contact_mailing_group WHERE code_id = :code)
    """
)
KEEP_BARE = text(str(MARK_BARE).replace("contact_id IN", "contact_id NOT IN"))
FATES = (
    "count(*), sum(CASE WHEN privacy_blocked THEN 1 ELSE 0 END), sum(CASE WHEN exclude_from_segment THEN 1 ELSE 0 END)"
)
"""What a live count tells: how many there are, blocked and excluded."""
COUNT_BARE = text(
    f"SELECT {FATES} FROM contact WHERE id IN (SELECT contact_id FROM contact_mailing_group WHERE code_id = :code)"
)
DATES_BARE = text(
    f"SELECT {FATES} FROM contact WHERE id IN (SELECT contact_id FROM interaction_log_entry"
    " WHERE template_id = :template AND date >= :since)"
)
BEGINS_BARE = text(f"SELECT {FATES} FROM contact WHERE post_code >= :low AND post_code < :high")
CONTAINS_BARE = {
    "sqlite": text(
        f"SELECT {FATES} FROM contact WHERE id IN (SELECT rowid FROM contact_search WHERE contact_search MATCH :phrase)"
    ),
    "postgresql": text(
        f"SELECT {FATES} FROM contact WHERE find_key LIKE '%' || :word || '%' AND lower(email) LIKE '%' || :word || '%'"
    ),
}


def fill_groups(engine: Engine, facts: dict[str, Any]) -> dict[str, int]:
    """Three mailing groups and two interactions for every contact. Returns the ids of the groups by code."""
    ids = {}
    with engine.begin() as connection:
        for code, every in GROUPS:
            connection.execute(
                text("INSERT INTO mailing_group (code, description, is_demo) VALUES (:code, '', :no)"),
                {"code": code, "no": False},
            )
            ids[code] = connection.scalar(text("SELECT id FROM mailing_group WHERE code = :code"), {"code": code})
            connection.execute(
                text(
                    "INSERT INTO contact_mailing_group (contact_id, code_id)"
                    " SELECT id, :code FROM contact WHERE id % :every = 0"
                ),
                {"code": ids[code], "every": every},
            )
        for n, day in ((1, "2025-03-01"), (2, "2026-06-01")):
            write_entries(
                connection,
                no=f"id + {n * 10_000_000}",
                day=":day",
                template="CASE WHEN id % 50 = 0 THEN :template END",
                values={
                    "day": day if engine.dialect.name == "sqlite" else dt.date.fromisoformat(day),
                    "template": facts["template_id"],
                },
            )
        connection.execute(text("ANALYZE"))
    return ids


def _in_group(code: str) -> Criteria:
    return criteria_of([[GroupFilter("mailing_group", (("code", code),))]], locale="en_GB")


def _contact(**filters: str) -> Criteria:
    return criteria_of([[GroupFilter("contact", tuple(filters.items()))]], locale="en_GB")


def bench_criteria(engine: Engine, facts: dict[str, Any], contacts: int, figures: Figures, *, plans: bool) -> None:
    """Every row of the targets that concerns choosing contacts (performance.md 6)."""
    measure_criteria(engine, facts, contacts, figures, fill_groups(engine, facts), plans=plans)


def measure_criteria(
    engine: Engine, facts: dict[str, Any], contacts: int, figures: Figures, groups: dict[str, int], *, plans: bool
) -> None:
    """As `bench_criteria`, on groups that are there already: their ids by code."""
    tenth = contacts // 10
    no = {"no": False}

    def rolled_back(work: Any) -> float:
        with Session(engine) as session:
            segment = create_segment(session, description="Bench", by=ACTOR)
            seconds = timed(lambda: work(session, segment))
            session.rollback()
        return seconds

    def add(session: Session, segment: Segment) -> None:
        assert add_by_criteria(session, segment, _in_group("GROUP2"), by=ACTOR).added == tenth

    bare, ours = interleaved(
        3,
        lambda: rolled_back(
            lambda session, segment: session.execute(ADD_BARE, {"segment": segment.id, "code": groups["GROUP2"], **no})
        ),
        lambda: rolled_back(add),
    )
    figures.ratio(f"add {tenth:,} contacts of a mailing group / bare INSERT … SELECT", ours, bare, 2)

    with Session(engine) as session:
        segment = create_segment(session, description="Bench", by=ACTOR)
        add(session, segment)
        saved = save_criteria(session, segment, "BENCH", "", by=ACTOR)
        session.commit()
        segment_id, saved_id = segment.id, saved

    def on_list(work: Any) -> float:
        with Session(engine) as session:
            listed = session.get_one(Segment, segment_id)
            seconds = timed(lambda: work(session, listed))
            session.rollback()
        return seconds

    def mark(code: str) -> Any:
        return lambda session, listed: session.execute(MARK_BARE, {"segment": listed.id, "code": groups[code]})

    def reducing(code: str) -> Any:
        return lambda session, listed: reduce_contacts(session, listed, _in_group(code), by=ACTOR)

    for code, n in (("GROUP1", tenth // 10), ("GROUP2", tenth)):
        bare, ours = interleaved(3, lambda code=code: on_list(mark(code)), lambda code=code: on_list(reducing(code)))
        figures.ratio(f"reduce by {n:,} of {tenth:,} lines / bare UPDATE", ours, bare, 2)
    bare, ours = interleaved(
        3,
        lambda: on_list(
            lambda session, listed: session.execute(KEEP_BARE, {"segment": listed.id, "code": groups["GROUP1"]})
        ),
        lambda: on_list(lambda session, listed: refine_contacts(session, listed, _in_group("GROUP1"), by=ACTOR)),
    )
    figures.ratio(f"refine to {tenth // 10:,} of {tenth:,} lines / bare UPDATE", ours, bare, 2)

    def reuse(session: Session, segment: Segment) -> None:
        (step,) = reuse_criteria(session, segment, session.merge(saved_id, load=True), by=ACTOR)
        assert step.changed == tenth

    bare, ours = interleaved(
        3,
        lambda: rolled_back(
            lambda session, segment: session.execute(ADD_BARE, {"segment": segment.id, "code": groups["GROUP2"], **no})
        ),
        lambda: rolled_back(reuse),
    )
    figures.ratio(f"reuse saved criteria, {tenth:,} contacts / bare INSERT … SELECT", ours, bare, 2)
    (back,) = interleaved(3, lambda: on_list(lambda session, listed: go_back(session, listed, by=ACTOR)))
    figures.amount(f"go back over {tenth:,} added lines", back, "s", 1.0 if engine.dialect.name == "sqlite" else 2.5)

    sqlite = engine.dialect.name == "sqlite"
    since = dt.date(2026, 1, 1)
    with_template = criteria_of(
        [[GroupFilter("interaction", (("date", "2026-01-01.."), ("template", "BENCH")))]], locale="en_GB"
    )
    word = {"word": "77@"} | ({"phrase": '"77@"'} if sqlite else {})
    counts: tuple[tuple[str, Criteria, Any, dict[str, Any], float], ...] = (
        (f"a group ({contacts // 100:,})", _in_group("GROUP1"), COUNT_BARE, {"code": groups["GROUP1"]}, 0.3),
        (f"a group ({tenth:,})", _in_group("GROUP2"), COUNT_BARE, {"code": groups["GROUP2"]}, 0.7),
        ("post code 75*", _contact(post_code="75*"), BEGINS_BARE, {"low": "75", "high": "76"}, 0.3),
        ("post code 1*", _contact(post_code="1*"), BEGINS_BARE, {"low": "1", "high": "2"}, 0.7),
        ("e-mail *77@*", _contact(email="*77@*"), CONTAINS_BARE[engine.dialect.name], word, 0.3),
        (
            f"an interaction ({contacts // 50:,})",
            with_template,
            DATES_BARE,
            {"template": facts["template_id"], "since": since.isoformat() if sqlite else since},
            0.3,
        ),
    )
    for name, criteria, statement, values, most in counts:
        bare, ours = interleaved(
            5,
            lambda statement=statement, values=values: on_list(
                lambda session, listed: session.execute(statement, values).all()
            ),
            lambda criteria=criteria: rolled_back(
                lambda session, segment: preview_add(session, segment, criteria, options=AddOptions(), by=ACTOR)
            ),
        )
        figures.ratio(f"live count and first people, {name} / bare count", ours, bare, 1.5)
        if bare <= most * 2 / 3:
            figures.amount(f"live count and first people, {name}", ours, "s", most)

    times = []
    with Session(engine) as session:
        for typed in TYPED * 3:
            times.append(timed(lambda typed=typed: look_up(session, typed)))
    figures.amount("look-up while typing, p95", statistics.quantiles(times, n=20)[-1] * 1000, "ms", 50)
    if plans:
        for criteria in (_in_group("GROUP1"), _contact(post_code="75*"), _contact(email="*77@*"), with_template):
            print_plans(
                engine,
                lambda session, segment, criteria=criteria: preview_add(
                    session, segment, criteria, options=AddOptions(), by=ACTOR
                ),
            )


def print_plans(engine: Engine, work: Any) -> None:
    """The plan of every SELECT that some work runs."""
    seen: list[tuple[str, Any]] = []

    def remember(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", remember)
    try:
        with Session(engine) as session:
            work(session, create_segment(session, description="Plans", by=ACTOR))
            session.rollback()
    finally:
        event.remove(engine, "before_cursor_execute", remember)
    with engine.connect() as connection:
        for statement, parameters in seen:
            if "contact" not in statement:
                continue
            explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
            print("\n" + " ".join(statement.split())[:300])
            for row in connection.exec_driver_sql(explain + statement, parameters):
                print("    " + str(row[-1]))
