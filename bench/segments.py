"""Segments of a hundred thousand lines, against bare SQL on the same data in the same run (performance targets)."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from bench.data import ACTOR
from bench.measure import Figures, clock, interleaved, processor_seconds, served_by
from domain.segments.check import check_segment
from domain.segments.create import create_segment
from domain.segments.header import edit_header
from domain.segments.interactions import choose_template
from domain.segments.log import log_segment
from domain.segments.models import Segment
from domain.segments.paste import add_pasted
from domain.segments.steps import go_back

FILL = text(
    """
    INSERT INTO segment_line (segment_id, line_no, contact_id, added_step_id, no_campaign, no_alt_address, no_document,
                              comment, evaluation, attempt_failed, contact_via, version)
    SELECT :segment, row_number() OVER (ORDER BY list_key, id) * 10000, id, NULL, :no, :no, :no, '', '', :no, '', 1
    FROM contact
    """
)
# ready values: no effective value is worked out, no code looked up
LOG = (
    """
    INSERT INTO interaction_log_entry (entry_no, contact_id, company_id, contact_no, contact_name, company_no,
        company_name, date, description, subject, information_flow, initiated_by, cost, duration, user_name, template_id,
        language_id, salesperson_id, correspondence_type, segment_no, segment_line_no, segment_line_id, document_id,
        personal_comment, delivery_status, canceled, campaign_target, campaign_response, evaluation, attempt_failed,
        alt_address_code, contact_via, send_as_attachment, logged_segment_id, created_at, version)
    SELECT row_number() OVER (ORDER BY l.line_no) + 1000000, l.contact_id, c.company_id, c.no, c.name, '', c.company_name,
        :day, 'Bench', 'Thank you', 'outbound', 'us', 240, 5, 'Bench', :template, c.language_id, c.salesperson_id,
        'hard_copy', 'FLOOR', l.line_no, l.id, :document, '', 'to_print', :no, :no, :no, '', :no, '', '', :no, :logged,
        :now, 1
    FROM segment_line l JOIN contact c ON c.id = l.contact_id WHERE l.segment_id = :segment
    """,
    """
    INSERT INTO letter_values (entry_id, contact_no, contact_type, name, name_2, company_name, company_name_2, first_name,
        middle_name, surname, initials, job_title, address, address_2, post_code, city, county, country_code, phone, mobile,
        fax, email, home_page, vat_no, mail_company_name, mail_company_name_2, mail_address, mail_address_2,
        mail_post_code, mail_city, mail_county, mail_country_code, mail_to, formal_formula, informal_formula,
        salesperson_code, salesperson_name, salesperson_job_title, salesperson_phone, salesperson_email, locale, comment,
        sha256)
    SELECT e.id, c.no, c.type, c.name, c.name_2, c.company_name, '', c.first_name, c.middle_name, c.surname, c.initials,
        c.job_title, c.address, c.address_2, c.post_code, c.city, c.county, '', c.phone, c.mobile, c.fax, c.email,
        c.home_page, c.vat_no, '', '', c.address, c.address_2, c.post_code, c.city, c.county, '', c.email, 'Dear', 'Hi',
        'HR', 'Helen Reed', '', '', 'hr@example.com', 'en-GB', '', ''
    FROM interaction_log_entry e JOIN contact c ON c.id = e.contact_id WHERE e.logged_segment_id = :logged
    """,
    """
    INSERT INTO segment_line (segment_id, line_no, contact_id, no_campaign, no_alt_address, no_document, comment,
        evaluation, attempt_failed, contact_via, version)
    SELECT :other, row_number() OVER (ORDER BY entry_no) * 10000, contact_id, :no, :no, :no, '', '', :no, '', 1
    FROM interaction_log_entry WHERE logged_segment_id = :logged
    """,
)


class Statements:
    """Counts the statements an engine runs, without those that only begin a transaction, and the time they take."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._on_this_machine = engine.dialect.name == "sqlite" or bool(served_by(str(engine.url.database)))
        self.seconds = 0.0
        self.number = 0
        event.listen(engine, "before_cursor_execute", self._before)
        event.listen(engine, "after_cursor_execute", self._after)

    def _before(self, connection: Any, *_: Any) -> None:
        connection.info["started"] = self._now(connection)

    def _after(self, connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        self.seconds += self._now(connection) - connection.info["started"]
        self.number += not statement.startswith("BEGIN")

    def _now(self, connection: Any) -> float:
        if not self._on_this_machine:
            return time.perf_counter()
        if self.engine.dialect.name == "sqlite":
            return time.process_time()
        return processor_seconds(connection.connection.dbapi_connection.info.backend_pid)

    def close(self) -> None:
        """Stops counting."""
        event.remove(self.engine, "before_cursor_execute", self._before)
        event.remove(self.engine, "after_cursor_execute", self._after)


def bench_segments(engine: Engine, facts: dict[str, Any], n: int, figures: Figures, repetitions: int = 3) -> None:
    """Paste, go back, header change and log of `n` lines."""
    timed = clock(engine)
    numbers = "\n".join(f"CT{i:06}" for i in range(1, n + 1))

    def empty_segment(session: Session) -> Segment:
        return create_segment(session, description="Bench", by=ACTOR)

    def fill_bare() -> float:
        with Session(engine) as session:
            segment = empty_segment(session)
            seconds = timed(lambda: session.execute(FILL, {"segment": segment.id, "no": False}))
            session.rollback()
        return seconds

    def paste() -> float:
        with Session(engine) as session:
            segment = empty_segment(session)

            def work() -> None:
                done = add_pasted(session, segment, numbers, by=ACTOR)
                assert done.added == n, done
                session.flush()

            seconds = timed(work)
            session.rollback()
        return seconds

    floor, ours = interleaved(repetitions, fill_bare, paste)
    figures.ratio(f"paste {n:,} contact numbers / bare INSERT … SELECT", ours, floor, 3)

    with Session(engine) as session:
        segment = empty_segment(session)
        choose_template(session, segment, facts["template_id"], by=ACTOR)
        add_pasted(session, segment, numbers, by=ACTOR)
        session.commit()
        segment_id = segment.id

    def change_header() -> float:
        with Session(engine) as session:
            segment = session.get_one(Segment, segment_id)
            statements = Statements(engine)
            edit_header(session, segment, {"description": f"Bench {time.perf_counter()}"}, by=ACTOR)
            session.flush()
            statements.close()
            session.rollback()
        return statements.seconds

    (header,) = interleaved(7, change_header)
    figures.amount(f"header change, {n:,} lines follow (database time)", header * 1000, "ms", 20)

    def step_back() -> float:
        with Session(engine) as session:
            seconds = timed(lambda: go_back(session, session.get_one(Segment, segment_id), by=ACTOR))
            session.rollback()
        return seconds

    (back,) = interleaved(repetitions, step_back)
    figures.amount(f"go back over {n:,} lines", back, "s", 1.0 if engine.dialect.name == "sqlite" else 2.5)

    def check() -> float:
        with Session(engine) as session:
            seconds = timed(lambda: check_segment(session, session.get_one(Segment, segment_id), by=ACTOR))
            session.rollback()
        return seconds

    (checking,) = interleaved(repetitions, check)
    figures.amount(f"check of {n:,} lines", checking, "s", 1.5)

    def log_bare() -> float:
        with Session(engine) as session:
            other = empty_segment(session)
            session.execute(
                text(
                    "INSERT INTO logged_segment (id, entry_no, segment_no, description, created_on, created_at, user_name,"
                    " canceled, kept_segment_no, follow_up_no, version)"
                    " VALUES (999999, 999999, 'FLOOR', '', :day, :now, '', :no, '', '', 1)"
                ),
                {
                    "day": ACTOR.today.isoformat() if engine.dialect.name == "sqlite" else ACTOR.today,
                    "now": _now(engine),
                    "no": False,
                },
            )
            values = {
                "segment": segment_id,
                "other": other.id,
                "logged": 999999,
                "template": facts["template_id"],
                "document": 1,
                "day": ACTOR.today.isoformat() if engine.dialect.name == "sqlite" else ACTOR.today,
                "now": _now(engine),
                "no": False,
            }

            def work() -> None:
                for statement in LOG:
                    session.execute(text(statement), values)

            seconds = timed(work)
            session.rollback()
        return seconds

    def log() -> float:
        with Session(engine) as session:
            segment = session.get_one(Segment, segment_id)

            def work() -> None:
                done = log_segment(session, segment, deliver=True, follow_up=True, by=ACTOR)
                assert done.entries == n
                session.flush()

            seconds = timed(work)
            session.rollback()
        return seconds

    floor, ours = interleaved(repetitions, log_bare, log)
    figures.ratio(f"log {n:,} lines, letter values and follow-up / bare statements", ours, floor, 3)


def _now(engine: Engine) -> Any:
    moment = ACTOR.now.replace(tzinfo=None)
    return moment.isoformat(" ") if engine.dialect.name == "sqlite" else moment
