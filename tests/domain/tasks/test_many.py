"""Many tasks at once: close, cancel, reopen, delete (contacts.md 2.15)."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from domain.database import write_lock, writing
from domain.errors import Forbidden
from domain.tasks.many import (
    CHANGES,
    VERBS,
    cancel_tasks,
    close_tasks,
    contacts_of_tasks,
    delete_tasks,
    expected_changes,
    reopen_tasks,
    with_numbers,
)
from domain.tasks.models import Task
from domain.tasks.queries import TaskFilters
from tests.databases import empty_tables
from tests.factories.contacts import make_contact
from tests.factories.interactions import make_entry
from tests.factories.setup import NOW, TODAY, make_actor, make_salesperson, make_user
from tests.factories.tasks import make_task

ALL = ("OPEN", "WAITS", "DONE", "OFF", "THEIRS")


@pytest.fixture
def anna(session):
    return make_salesperson(session, "AB")


@pytest.fixture
def tasks(session, anna):
    """Two open ones, a completed, a cancelled, and an open one of somebody else."""
    closed = {"closed": True, "closed_on": TODAY, "closed_by": "Bo"}
    other = make_salesperson(session, "BO")
    return {
        "OPEN": make_task(session, "OPEN", salesperson_id=anna.id),
        "WAITS": make_task(session, "WAITS", status="waiting", salesperson_id=anna.id),
        "DONE": make_task(session, "DONE", status="completed", salesperson_id=anna.id, **closed),
        "OFF": make_task(session, "OFF", status="waiting", canceled=True, salesperson_id=anna.id, **closed),
        "THEIRS": make_task(session, "THEIRS", salesperson_id=other.id),
    }


def states(session):
    session.expire_all()
    found = session.scalars(select(Task).order_by(Task.id))
    return {one.no: "off" if one.canceled else "done" if one.closed else one.status for one in found}


def expected(session, verb, by):
    found = expected_changes(session, with_numbers(ALL), verb, by=by)
    return (found.changed, found.passed_over, found.of_others)


def test_the_numbers_said_before_are_those_that_change(session, tasks, anna):
    own = make_actor(make_user(session, role="salesperson", salesperson_id=anna.id))
    boss = make_actor()
    said = {verb: expected(session, verb, boss) for verb in VERBS}
    assert said == {"close": (3, 2, 0), "cancel": (3, 2, 0), "reopen": (2, 3, 0), "delete": (1, 4, 0)}
    assert [expected(session, verb, own) for verb in ("close", "cancel", "reopen")] == [(2, 2, 1), (2, 2, 1), (2, 2, 1)]
    for verb, n in (("close", 2), ("reopen", 4), ("cancel", 4)):
        assert expected(session, verb, own)[0] == n, verb
        assert CHANGES[verb](session, with_numbers(ALL), by=own) == n


def test_closing_completes_the_open_ones(session, tasks):
    version = tasks["OPEN"].version
    assert close_tasks(session, with_numbers(ALL), by=make_actor(user_name="Ann")) == 3
    assert states(session) == {"OPEN": "done", "WAITS": "done", "DONE": "done", "OFF": "off", "THEIRS": "done"}
    one = tasks["OPEN"]
    assert (one.status, one.closed_on, one.closed_by, one.modified_at) == ("completed", TODAY, "Ann", NOW)
    assert one.version == version + 1
    assert tasks["DONE"].closed_by == "Bo"


def test_cancelling_closes_the_open_ones_and_leaves_their_status(session, tasks):
    assert cancel_tasks(session, with_numbers(ALL), by=make_actor()) == 3
    assert states(session) == {"OPEN": "off", "WAITS": "off", "DONE": "done", "OFF": "off", "THEIRS": "off"}
    assert tasks["WAITS"].status == "waiting"


def test_reopening_takes_both_back(session, tasks):
    assert reopen_tasks(session, with_numbers(ALL), by=make_actor()) == 2
    assert (states(session)["DONE"], states(session)["OFF"]) == ("in_progress", "waiting")
    assert (tasks["DONE"].closed_on, tasks["DONE"].closed_by) == (None, "")


def test_only_cancelled_ones_are_deleted_and_interactions_stay(session, tasks):
    entry = make_entry(session, make_contact(session), task_id=tasks["OFF"].id)
    assert delete_tasks(session, with_numbers(ALL), by=make_actor()) == 1
    assert "OFF" not in states(session)
    assert len(states(session)) == 4
    session.refresh(entry)
    assert entry.task_id is None
    assert delete_tasks(session, with_numbers(ALL), by=make_actor()) == 0


@pytest.fixture
def cancelled(engine):
    """A cancelled task that is really committed."""
    with Session(engine) as session:
        make_task(session, "OFF", canceled=True, closed=True, closed_on=TODAY)
        session.commit()
    yield engine
    empty_tables(engine)


def test_what_somebody_is_reopening_is_not_deleted(cancelled):
    """On PostgreSQL deleting begins while the other one has not committed; on SQLite it waits for its turn."""
    begun, deleted = threading.Event(), []

    def note(connection, cursor, statement, *_):
        if "FOR UPDATE" in statement or statement.startswith("DELETE FROM task"):
            begun.set()

    def delete():
        with Session(cancelled) as session, writing(session):
            deleted.append(delete_tasks(session, with_numbers(["OFF"]), by=make_actor()))

    event.listen(cancelled, "before_cursor_execute", note)
    thread = threading.Thread(target=delete)
    with Session(cancelled) as session, writing(session):
        assert reopen_tasks(session, with_numbers(["OFF"]), by=make_actor()) == 1
        thread.start()
        assert write_lock(cancelled) or begun.wait(20)
    thread.join()
    event.remove(cancelled, "before_cursor_execute", note)
    assert deleted == [0]
    with Session(cancelled) as session:
        assert states(session) == {"OFF": "not_started"}


def test_who_may_do_what(session, tasks, anna):
    own = make_actor(make_user(session, role="salesperson", salesperson_id=anna.id))
    assert close_tasks(session, with_numbers(ALL), by=own) == 2
    assert states(session)["THEIRS"] == "not_started"
    maker = make_user(session, role="salesperson")
    tasks["THEIRS"].user_id = maker.id
    session.flush()
    assert cancel_tasks(session, with_numbers(ALL), by=make_actor(maker)) == 1
    with pytest.raises(Forbidden):
        delete_tasks(session, with_numbers(ALL), by=own)
    with pytest.raises(Forbidden):
        expected_changes(session, with_numbers(ALL), "delete", by=own)
    for change in (close_tasks, cancel_tasks, reopen_tasks, delete_tasks):
        with pytest.raises(Forbidden):
            change(session, with_numbers(ALL), by=make_actor(role="read_only"))


def test_all_that_match_in_a_fixed_number_of_statements(session, anna):
    people = [make_contact(session) for _ in range(2)]
    for n in range(60):
        make_task(session, contact=people[n % 2], salesperson_id=anna.id)
    make_task(session, "CALL", type="phone_call")
    by = make_actor()
    chosen = TaskFilters(salesperson_id=anna.id, closed=False).ids(by=by)
    assert set(session.scalars(contacts_of_tasks(chosen))) == {one.id for one in people}
    asked = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *call: asked.append(call[2]))
    assert close_tasks(session, chosen, by=by) == 60
    assert len(asked) == 1
    assert states(session)["CALL"] == "not_started"
