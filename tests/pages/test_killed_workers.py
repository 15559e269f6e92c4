"""Background work under `kill -9`: it begins anew or fails with a sentence; nothing is half done, nothing twice."""

from __future__ import annotations

import datetime as dt
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import func, select

from blueprints.web.worker import Worker
from domain.contacts.imports.job import queue_import
from domain.contacts.imports.run import begin_import
from domain.contacts.models import Contact, ContactImport
from domain.interactions.models import InteractionLogEntry, LoggedSegment
from domain.jobs.models import Job
from domain.jobs.queue import ATTEMPTS, result_of
from domain.segments.check import check_segment
from domain.segments.criteria import GroupFilter, criteria_of
from domain.segments.header import edit_header
from domain.segments.header_job import KEEP, queue_answer
from domain.segments.letter_files import PRINT, Wanted, queue_letter_file
from domain.segments.list_job import queue_criteria, queue_reuse_logged
from domain.segments.log_job import queue_log
from domain.segments.models import SegmentLine
from tests.domain.segments.ready import make_ready_segment
from tests.factories.contacts import make_contact
from tests.factories.interactions import make_entry, make_logged_segment
from tests.factories.segments import make_segment
from tests.factories.setup import NOW, make_actor, make_user

PLACES = ("SQLALCHEMY_DATABASE_URI", "DOCUMENTS_FOLDER", "JOBS_FOLDER")
ROOT = Path(__file__).parent.parent.parent
# a worker that is killed in the middle, or when its job has written that it is done and not committed it
WORKER = """
import os, signal, sys
from app import create_app
from blueprints.web.worker import Worker
from domain.jobs.queue import Running
url, documents, jobs, moment = sys.argv[1:]
done = Running.finish
def die(running, *values):
    if moment == "written":
        done(running, *values)
    os.kill(os.getpid(), signal.SIGKILL)
if moment == "middle":
    Running.progress = die
else:
    Running.finish = die
app = create_app({"SQLALCHEMY_DATABASE_URI": url, "DOCUMENTS_FOLDER": documents, "JOBS_FOLDER": jobs, "SECRET_KEY": "x"})
with app.app_context():
    Worker(app).work_once()
"""


@pytest.fixture
def office(application, session, tmp_path):
    """Somebody who may do everything, and where their jobs leave files."""
    application.config["JOBS_FOLDER"] = str(tmp_path / "jobs")
    return make_actor(make_user(session))


def an_import(session, by):
    rows = "".join(f"Company {n}\n" for n in range(5)).encode()
    return queue_import(session, begin_import(session, b"company\n" + rows, file_name="a.csv", by=by), by=by)


def a_log(session, by):
    segment = make_ready_segment(session, "S1", *(make_contact(session) for _ in range(3)))
    token = check_segment(session, segment, deliver=True, by=by).token
    choice = {"deliver": True, "follow_up": True, "without_delivery": False, "keep_problems": []}
    return queue_log(session, segment, **choice, token=token, by=by)


def a_print_file(session, by):
    make_ready_segment(session, "S1", *(make_contact(session) for _ in range(3)))
    return queue_letter_file(session, Wanted(PRINT, "S1", logged=False), by=by)


def an_answer(session, by):
    contacts = [make_contact(session) for _ in range(3)]
    segment = make_ready_segment(session, "S1", *contacts, description="Old")
    (change,) = edit_header(session, segment, {"description": "New"}, by=by)
    return queue_answer(session, segment, change.token, KEEP, by=by)


def an_addition(session, by):
    for _ in range(3):
        make_contact(session, city="Bern")
    criteria = criteria_of([[GroupFilter("contact", (("city", "Bern"),))]], locale="en_GB")
    segment = make_segment(session, no="S1")
    return queue_criteria(session, segment, "add", criteria, {}, list_version=segment.list_version, lines=3, by=by)


def a_reduction(session, by):
    people = [make_contact(session, city="Bern") for _ in range(3)]
    criteria = criteria_of([[GroupFilter("contact", (("city", "Bern"),))]], locale="en_GB")
    segment = make_segment(session, no="S1", contacts=people)
    return queue_criteria(session, segment, "reduce", criteria, {}, list_version=segment.list_version, lines=3, by=by)


def a_reuse(session, by):
    segment = make_segment(session, no="S1")
    logged = make_logged_segment(session, "L1")
    for _ in range(3):
        make_entry(session, make_contact(session), logged_segment=logged)
    return queue_reuse_logged(
        session, segment, logged, with_canceled=False, list_version=segment.list_version, lines=3, by=by
    )


def state(session):
    """What jobs may have changed."""
    session.rollback()  # a new look
    counted = {
        table.__name__: session.scalar(select(func.count()).select_from(table))
        for table in (Contact, InteractionLogEntry, LoggedSegment, SegmentLine)
    }
    listed = select(func.count()).select_from(SegmentLine).where(SegmentLine.removed_step_id.is_(None))
    counted["listed"] = session.scalar(listed)
    return counted | {"own": session.scalar(select(func.count(SegmentLine.description)))}


def kill_at(application, session, moment):
    """A worker in a process of its own that is killed at this moment of its job; its lease has run out since."""
    session.commit()
    config = application.config
    worker = subprocess.run(
        [sys.executable, "-c", WORKER, *(config[name] for name in PLACES), moment],
        cwd=ROOT,
        capture_output=True,
        timeout=300,
        check=False,
    )
    session.rollback()
    session.expire_all()
    told = [(job.state, job.attempts, job.error) for job in session.scalars(select(Job))]
    assert worker.returncode == -signal.SIGKILL, (told, worker.stderr.decode())
    job = session.scalars(select(Job).with_for_update(), execution_options={"populate_existing": True}).one()
    assert job.state == "running"
    job.lease_until = NOW - dt.timedelta(minutes=1)
    session.commit()


@pytest.mark.parametrize(
    ("queue", "afterwards"),
    [
        (an_import, {"Contact": 5}),
        (a_log, {"InteractionLogEntry": 3, "LoggedSegment": 1, "SegmentLine": 6, "listed": 6}),
        (an_answer, {"own": 3}),
        (an_addition, {"SegmentLine": 3, "listed": 3}),
        (a_reduction, {"listed": 0}),
        (a_reuse, {"SegmentLine": 3, "listed": 3}),
    ],
)
def test_a_job_whose_worker_was_killed_has_done_nothing_and_is_done_once(
    application, session, office, queue, afterwards
):
    """Killed between the last write and the commit, the worst moment there is."""
    job = queue(session, office)
    session.commit()
    before = state(session)
    kill_at(application, session, "written")
    assert state(session) == before
    with application.app_context():
        assert Worker(application).work_once()
        assert not Worker(application).work_once()
    assert state(session) == before | afterwards
    session.refresh(job)
    assert (job.state, job.attempts) == ("done", 2)


@pytest.mark.parametrize("moment", ["middle", "written"])
def test_a_print_file_whose_worker_was_killed_leaves_one_whole_file(application, session, office, moment):
    job = a_print_file(session, office)
    kill_at(application, session, moment)
    with application.app_context():
        assert Worker(application).work_once()
    session.refresh(job)
    assert job.state == "done"
    assert [file.name for file in Path(application.config["JOBS_FOLDER"]).iterdir()] == [result_of(job)["file"]]
    with zipfile.ZipFile(Path(application.config["JOBS_FOLDER"]) / result_of(job)["file"]) as archive:
        assert archive.read("word/document.xml").count(b"Dear") == 3


def test_work_that_kills_every_worker_is_given_up_with_a_sentence(application, session, browser, office):
    """An import is then as it was before, so that it can be changed and started again."""
    job = an_import(session, office)
    job.state, job.attempts, job.lease_until = "running", ATTEMPTS, NOW - dt.timedelta(minutes=1)
    session.commit()
    with application.app_context():
        assert Worker(application).work_once()
        assert not Worker(application).work_once()
    session.refresh(job)
    assert job.state == "failed"
    assert "interrupted three times" in job.error
    assert session.scalar(select(ContactImport.state)) == "draft"
    assert session.scalar(select(func.count()).select_from(Contact)) == 0


def test_an_import_taken_back_before_it_began_can_be_started_again(session, visitor, application):
    user = make_user(session)
    visitor.sign_in(user)
    job = an_import(session, make_actor(user))
    session.commit()
    visitor.submit(visitor.get(f"/jobs/{job.id}"), f"//form[@action='/jobs/{job.id}/delete']")
    session.expire_all()
    assert session.scalar(select(ContactImport.state)) == "draft"
