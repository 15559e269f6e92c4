"""Logging is all or nothing, and happens once, whoever else is at it (A7)."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import domain.segments.log as logging_a_segment
import domain.segments.take_back as taking_back
from domain.database import Base, writing
from domain.errors import Conflict, DomainError
from domain.interactions.models import InteractionLogEntry, LoggedSegment
from domain.segments.log import log_segment
from domain.segments.models import Segment
from domain.segments.take_back import take_back
from tests.databases import empty_tables
from tests.domain.segments.ready import make_ready_segment
from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_contact
from tests.factories.setup import make_actor


@pytest.fixture
def committed(engine):
    """A segment with three lines, one of them blocked, that is really committed."""
    with Session(engine) as session:
        contacts = [make_contact(session), make_contact(session), make_contact(session, privacy_blocked=True)]
        make_ready_segment(session, "SM00009", *contacts, campaign_id=make_campaign(session).id)
        session.commit()
    yield engine
    empty_tables(engine)


def log_once(session):
    segment = session.scalars(select(Segment).where(Segment.no == "SM00009")).one()
    return log_segment(session, segment, deliver=True, follow_up=True, keep_problems=["blocked"], by=make_actor())


def contents(engine):
    with Session(engine) as session:
        tables = Base.metadata.sorted_tables
        return {table.name: sorted(map(repr, session.execute(select(table)).all())) for table in tables}


class Broken(Exception):
    """Something that goes wrong at the worst moment."""


def failing(real):
    def work(*args, **kwargs):
        real(*args, **kwargs)
        raise Broken

    return work


WRITES = (
    "keep_back",
    "freeze",
    "write_campaign_entries",
    "write_entries",
    "write_letter_values",
    "create_follow_up",
    "_statuses",
)


@pytest.mark.parametrize("write", WRITES)
def test_a7_when_a_write_fails_nothing_remains(committed, monkeypatch, write):
    before = contents(committed)
    monkeypatch.setattr(logging_a_segment, write, failing(getattr(logging_a_segment, write)))
    with Session(committed) as session, pytest.raises(Broken), writing(session, consistent=True):
        log_once(session)
    assert contents(committed) == before


@pytest.mark.parametrize("write", ["delete_segment", "_bring_back_kept_lines", "delete_entries", "delete_row"])
def test_a5_when_taking_back_fails_the_log_stands(committed, monkeypatch, write):
    with Session(committed) as session, writing(session, consistent=True):
        log_once(session)
    before = contents(committed)
    monkeypatch.setattr(taking_back, write, failing(getattr(taking_back, write)))
    with Session(committed) as session, pytest.raises(Broken), writing(session):
        take_back(session, session.scalars(select(LoggedSegment)).one(), by=make_actor())
    assert contents(committed) == before


def test_what_is_taken_back_leaves_nothing_behind(committed):
    left_over = {"number_series_line", "counter", "segment"}
    before = contents(committed)
    with Session(committed) as session, writing(session, consistent=True):
        log_once(session)
    with Session(committed) as session, writing(session):
        take_back(session, session.scalars(select(LoggedSegment)).one(), by=make_actor())
    after = contents(committed)
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= left_over | {"segment_line"}
    assert len(after["segment"]) == 1


def in_threads(n, work):
    threads = [threading.Thread(target=work) for _ in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_four_people_log_one_segment_once(committed):
    outcomes = []

    def log():
        try:
            with Session(committed) as session, writing(session, consistent=True):
                log_once(session)
            outcomes.append("logged")
        except Conflict:
            outcomes.append("conflict")

    in_threads(4, log)
    assert sorted(outcomes) == ["conflict", "conflict", "conflict", "logged"]
    with Session(committed) as session:
        assert session.scalar(select(func.count()).select_from(InteractionLogEntry)) == 2
        assert session.scalar(select(func.count()).select_from(Segment)) == 3


def test_four_people_take_back_one_log_once(committed):
    with Session(committed) as session, writing(session, consistent=True):
        log_once(session)
    outcomes = []
    ready = threading.Barrier(4)

    def back():
        with Session(committed) as session:
            logged_id = session.scalars(select(LoggedSegment.id)).one()
            ready.wait()
            try:
                with writing(session):
                    logged = session.get(LoggedSegment, logged_id)
                    if logged is not None:
                        take_back(session, logged, by=make_actor())
                        outcomes.append("taken back")
                        return
                outcomes.append("gone")
            except DomainError:
                outcomes.append("refused")

    in_threads(4, back)
    assert outcomes.count("taken back") == 1
    assert len(outcomes) == 4
    with Session(committed) as session:
        assert session.scalar(select(func.count()).select_from(InteractionLogEntry)) == 0
        assert session.scalars(select(Segment.no)).all() == ["SM00009"]


def test_a_consistent_transaction_sees_one_state(committed):
    with Session(committed) as session, writing(session, consistent=True):
        assert session.connection().get_isolation_level() in ("REPEATABLE READ", "SERIALIZABLE")
    with Session(committed) as session:
        level = session.connection().get_isolation_level()
        assert level in ("READ COMMITTED", "SERIALIZABLE")
