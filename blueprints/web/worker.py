"""The worker thread of the process: takes jobs one by one. More workers may run beside it against PostgreSQL."""

from __future__ import annotations

import datetime as dt
import logging
import os
import socket
import threading
import time
import uuid

from flask import Flask
from sqlalchemy.orm import Session

from blueprints.web.actor import effective_role, load_office, now, today
from blueprints.web.database import db
from blueprints.web.languages import TranslateInto, translate
from blueprints.web.tidying import jobs_folder, tidy_up
from domain.accounts.actor import Actor
from domain.accounts.models import User
from domain.database import writing
from domain.errors import Collided, DomainError, RuleViolation
from domain.jobs.kinds import find_work, give_up
from domain.jobs.models import Job
from domain.jobs.queue import (
    ATTEMPTS,
    LostLease,
    Running,
    arguments_of,
    claim_next,
    fail_job,
    has_work,
    release_jobs_of_the_dead,
)
from domain.messages import say

log = logging.getLogger("segmenta.jobs")
PAUSE = 0.5
AFTER_START, DAY = 60.0, 24 * 3600.0


class Worker:
    """Takes jobs from the table until it is stopped."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.name = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"[:60]
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._tidy_at = time.monotonic() + AFTER_START

    def start(self) -> None:
        """Begins to work in a thread of this process. On SQLite, jobs of a process that died are taken up again."""
        with self.app.app_context():
            if db.engine.dialect.name == "sqlite":
                with Session(db.engine) as session, writing(session):
                    release_jobs_of_the_dead(session)
        self._thread = threading.Thread(target=self.run, name="jobs", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends after the job at hand."""
        self._stop.set()
        self._wake.set()
        if self._thread:
            self._thread.join(timeout=30)

    def wake(self) -> None:
        """Looks at the table at once instead of after the pause."""
        self._wake.set()

    def run(self) -> None:
        """Works until stopped."""
        while not self._stop.is_set():
            with self.app.app_context():
                try:
                    worked = self.work_once()
                except Exception:
                    log.exception("The worker could not look for work")
                    worked = False
                if not worked:
                    self._tidy_once_a_day()
            if not worked:
                self._wake.wait(PAUSE)
                self._wake.clear()

    def _tidy_once_a_day(self) -> None:
        """When nothing waits: soon after the start, then every 24 hours."""
        if time.monotonic() < self._tidy_at:
            return
        self._tidy_at = time.monotonic() + DAY
        try:
            tidy_up()
        except Exception:
            log.exception("Tidying up failed; it is tried again tomorrow")

    def work_once(self) -> bool:
        """Does one job if one waits. Needs an application context."""
        with Session(db.engine) as session:
            if not has_work(session, now=now()):
                return False
        with Session(db.engine) as session, writing(session):
            job_id = claim_next(session, worker=self.name, now=now())
        if job_id is None:
            return False
        self.work(job_id)
        return True

    def work(self, job_id: int) -> None:
        """Does a claimed job; a refusal or a defect is recorded on it."""
        with Session(db.engine, expire_on_commit=False) as session:
            job = session.get_one(Job, job_id)
            actor = _actor(session, job)
            running = Running(
                job_id=job_id,
                worker=self.name,
                arguments=arguments_of(job),
                actor=actor,
                open_session=lambda: Session(db.engine, expire_on_commit=False),
                clock=now,
                folder=jobs_folder(),
            )
            kind, interrupted = job.kind, job.attempts > ATTEMPTS
        work = find_work(kind)
        try:
            if work is None:
                raise LookupError(f"Nobody knows work of kind {kind}")
            if interrupted:  # its workers died of it, one after the other
                raise RuleViolation(say("The work was interrupted three times and has been given up. Start it again."))
            work(running)
        except LostLease:
            log.warning("Job %s was taken over by another worker", job_id)
        except Collided as collided:  # somebody was faster: the same again, up to three times
            log.warning("Job %s collided with another transaction", job_id)
            self._fail(job_id, translate(collided.message), final=False, locale=actor.locale)
        except DomainError as refusal:
            self._fail(job_id, translate(refusal.message), final=True, locale=actor.locale)
        except Exception:
            log.exception("Job %s failed", job_id)
            sentence = actor.write(say("Something went wrong. The work was not done; try again."))
            self._fail(job_id, sentence, final=False, locale=actor.locale)

    def _fail(self, job_id: int, error: str, *, final: bool, locale: str) -> None:
        with Session(db.engine) as session, writing(session):
            if fail_job(session, job_id, worker=self.name, error=error, now=now(), final=final):
                job = session.get_one(Job, job_id)
                give_up(session, job.kind, arguments_of(job))


def _actor(session: Session, job: Job) -> Actor:
    """The person who asked for the job, with the rights they have now."""
    load_office()
    by = arguments_of(job)["by"]
    user = session.get(User, job.user_id) if job.user_id else None
    return Actor(
        user_id=user.id if user else None,
        user_name=(user.name or user.login) if user else "",
        role=effective_role(user.role) if user else "read_only",
        salesperson_id=user.salesperson_id if user else None,
        locale=by["locale"],
        work_date=dt.date.fromisoformat(by["work_date"]),
        today=today(),
        now=now(),
        translate=TranslateInto(by["locale"]),
    )


def start_worker(app: Flask) -> Worker:
    """The worker thread of this process, started. `app.extensions["worker"]` is how routes wake it."""
    worker = Worker(app)
    app.extensions["worker"] = worker
    worker.start()
    return worker
