"""Background work: taken once, done once, never half done (performance.md section 4)."""

import datetime as dt
import os
import threading

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.database import writing
from domain.errors import NotFound, RuleViolation
from domain.jobs.models import Job
from domain.jobs.queue import (
    LEASE,
    LostLease,
    Running,
    cancel_job,
    claim_next,
    fail_job,
    get_job,
    queue_job,
    release_jobs_of_the_dead,
    result_of,
)
from domain.jobs.tidy import remove_old_files, remove_old_jobs
from domain.setup.models import Salesperson
from tests.databases import empty_tables
from tests.factories.setup import NOW, make_actor, make_user


@pytest.fixture
def database(engine):
    """The engine of tests that commit; emptied afterwards."""
    yield engine
    empty_tables(engine)


def queued(session, **arguments):
    job = queue_job(session, "test", arguments, title="Test", by=make_actor())
    session.flush()
    return job


def running(database, job_id, worker="w1"):
    return Running(job_id, worker, {}, make_actor(), lambda: Session(database), lambda: NOW, "")


def test_a_job_is_claimed_once(session):
    job = queued(session)
    assert claim_next(session, worker="w1", now=NOW) == job.id
    assert claim_next(session, worker="w2", now=NOW) is None


def test_the_oldest_job_comes_first(session):
    first, second = queued(session), queued(session)
    assert [claim_next(session, worker="w", now=NOW) for _ in range(3)] == [first.id, second.id, None]


def test_a_job_whose_lease_ran_out_is_given_to_another_worker(session):
    job = queued(session)
    claim_next(session, worker="w1", now=NOW)
    assert claim_next(session, worker="w2", now=NOW + LEASE - dt.timedelta(seconds=1)) is None
    assert claim_next(session, worker="w2", now=NOW + LEASE + dt.timedelta(seconds=1)) == job.id


def test_eight_workers_take_forty_jobs_once_each(database):
    with Session(database) as session:
        for _ in range(40):
            queued(session)
        session.commit()
    taken = []

    def work():
        while True:
            with Session(database) as session, writing(session):
                job_id = claim_next(session, worker=threading.current_thread().name, now=NOW)
            if job_id is None:
                return
            taken.append(job_id)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 40


def test_the_result_and_done_are_one_transaction(database):
    with Session(database) as session, writing(session):
        job_id = queued(session).id
        claim_next(session, worker="w1", now=NOW)
    work = running(database, job_id)
    with pytest.raises(ZeroDivisionError), Session(database) as session, writing(session):
        session.add(Salesperson(code="X"))
        work.finish(session, {"n": 1})
        raise ZeroDivisionError
    with Session(database) as session:
        assert session.get_one(Job, job_id).state == "running"
        assert session.scalar(select(Salesperson)) is None
    with Session(database) as session, writing(session):
        session.add(Salesperson(code="X"))
        work.finish(session, {"n": 1})
    with Session(database) as session:
        assert (session.get_one(Job, job_id).state, result_of(session.get_one(Job, job_id))) == ("done", {"n": 1})


def test_a_worker_that_was_too_slow_cannot_finish(database):
    with Session(database) as session, writing(session):
        job_id = queued(session).id
        claim_next(session, worker="slow", now=NOW)
    with Session(database) as session, writing(session):
        claim_next(session, worker="fast", now=NOW + 2 * LEASE)
    slow = running(database, job_id, "slow")
    with pytest.raises(LostLease), Session(database) as session, writing(session):
        session.add(Salesperson(code="TWICE"))
        slow.finish(session, {})
    with pytest.raises(LostLease):
        slow.progress(1, 2)
    with Session(database) as session:
        assert session.scalar(select(Salesperson)) is None


def test_a_defect_is_tried_three_times(session):
    job = queued(session)
    for attempt in range(3):
        claim_next(session, worker="w", now=NOW)
        session.expire_all()
        assert job.attempts == attempt + 1
        fail_job(session, job.id, worker="w", error="broken", now=NOW, final=False)
        session.flush()
    assert (job.state, job.error) == ("failed", "broken")


def test_a_refusal_is_not_tried_again(session):
    job = queued(session)
    claim_next(session, worker="w", now=NOW)
    session.expire_all()
    fail_job(session, job.id, worker="w", error="no", now=NOW, final=True)
    assert job.state == "failed"


def test_jobs_of_a_process_that_died_wait_again(session):
    job = queued(session)
    claim_next(session, worker="w", now=NOW)
    assert release_jobs_of_the_dead(session) == 1
    assert claim_next(session, worker="w2", now=NOW) == job.id


def test_only_a_waiting_job_can_be_cancelled(session):
    waiting, begun = queued(session), None
    cancel_job(session, waiting, by=make_actor())
    begun = queued(session)
    claim_next(session, worker="w", now=NOW)
    with pytest.raises(RuleViolation):
        cancel_job(session, begun, by=make_actor())
    session.expire_all()
    assert (waiting.state, begun.state) == ("canceled", "running")


def test_jobs_are_private_except_for_administrators(session):
    owner, colleague = make_user(session, role="marketing"), make_user(session, role="marketing")
    job = queue_job(session, "test", {}, title="Mine", by=make_actor(owner))
    assert get_job(session, job.id, by=make_actor(owner)) is job
    assert get_job(session, job.id, by=make_actor(make_user(session))) is job
    with pytest.raises(NotFound):
        get_job(session, job.id, by=make_actor(colleague))


def test_jobs_that_ended_long_ago_go(session):
    by = make_actor()
    old, new, waiting = (queue_job(session, "x", {}, title=title, by=by) for title in ("old", "new", "waiting"))
    old.state = new.state = "done"
    old.finished_at, new.finished_at = NOW - dt.timedelta(days=91), NOW - dt.timedelta(days=89)
    waiting.created_at = NOW - dt.timedelta(days=400)
    session.flush()
    assert remove_old_jobs(session, now=NOW) == 1
    assert [job.title for job in session.scalars(select(Job).order_by(Job.id))] == ["new", "waiting"]


def test_files_that_another_process_removes_first_do_not_count(tmp_path, monkeypatch):
    class Watched(type(tmp_path)):
        def is_file(self):
            """The other process comes just after this look."""
            there = super().is_file()
            if self.name == "first.docx":
                self.unlink()
            return there

    monkeypatch.setattr("domain.jobs.tidy.Path", Watched)
    for name in ("first.docx", "second.docx"):
        (tmp_path / name).write_bytes(b"letters")
        moment = (NOW - dt.timedelta(days=31)).timestamp()
        os.utime(tmp_path / name, (moment, moment))
    assert remove_old_files(str(tmp_path), now=NOW) == 1
    assert list(tmp_path.iterdir()) == []
