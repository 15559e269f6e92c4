"""Putting work into the table, taking it out, reporting on it.

A job is claimed by one conditional UPDATE, so any number of workers on either database take each job once. A claim ends
when its lease runs out; the job is then given to another worker. The result of a job and its state "done" are written in
one transaction together with what the job did, so a killed worker leaves nothing half done and nothing is done twice.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.database import writing
from domain.errors import NotFound, RuleViolation
from domain.jobs.models import Job
from domain.messages import say

LEASE = dt.timedelta(minutes=10)
ATTEMPTS = 3
UNNOTICED = dt.timedelta(seconds=10)
UNFINISHED = ("queued", "running")


class LostLease(Exception):
    """Somebody else has taken the job over; what this worker did must not be kept."""


def queue_job(session: Session, kind: str, arguments: dict[str, Any], *, title: str, by: Actor) -> Job:
    """Puts work of `kind` into the table. `arguments` must be JSON; `title` is what people see in the list of jobs."""
    job = Job(
        kind=kind,
        title=title[:200],
        arguments=json.dumps({**arguments, "by": {"locale": by.locale, "work_date": by.work_date.isoformat()}}),
        state="queued",
        user_id=by.user_id,
        created_at=by.now,
    )
    session.add(job)
    session.flush()
    return job


def get_job(session: Session, job_id: int, *, by: Actor) -> Job:
    """A job of the actor's own, or any job for administrators. Raises `NotFound`."""
    job = session.get(Job, job_id)
    if job is None or (job.user_id != by.user_id and not by.may("manage users")):
        raise NotFound(say("There is no such job."))
    return job


def job_list(session: Session, *, by: Actor, limit: int = 20) -> list[Job]:
    """The actor's latest jobs, newest first."""
    return list(session.scalars(select(Job).where(Job.user_id == by.user_id).order_by(Job.id.desc()).limit(limit)))


def cancel_job(session: Session, job: Job, *, by: Actor) -> None:
    """Takes back a job that has not begun. A running job cannot be stopped: it is one transaction."""
    taken_back = session.scalar(
        update(Job)
        .where(Job.id == job.id, Job.state == "queued")
        .values(state="canceled", finished_at=by.now)
        .returning(Job.id)
    )
    if taken_back is None:
        raise RuleViolation(say("This job has already begun and cannot be stopped."))


def _waiting(now: dt.datetime) -> ColumnElement[bool]:
    return or_(Job.state == "queued", (Job.state == "running") & (Job.lease_until < now))


def has_work(session: Session, *, now: dt.datetime) -> bool:
    """Whether a job waits: a look without claiming, so that an idle worker never writes."""
    return session.scalar(select(Job.id).where(_waiting(now)).limit(1)) is not None


def waits_for_worker(session: Session, job: Job, *, now: dt.datetime) -> bool:
    """Whether a job has waited a while although no worker is busy: then none seems to run, and people are told so."""
    if job.state != "queued" or now - job.created_at < UNNOTICED:
        return False
    busy = select(Job.id).where(Job.state == "running", Job.lease_until >= now).limit(1)
    return session.scalar(busy) is None


def claim_next(session: Session, *, worker: str, now: dt.datetime) -> int | None:
    """Takes the oldest job that waits or whose worker has gone. Returns its id, or None. The caller commits."""
    waiting = _waiting(now)
    candidate = session.scalar(
        select(Job.id).where(waiting).order_by(Job.id).limit(1).with_for_update(skip_locked=True)
    )
    if candidate is None:
        return None
    return session.scalar(
        update(Job)
        .where(Job.id == candidate, waiting)
        .values(state="running", worker=worker, lease_until=now + LEASE, started_at=now, attempts=Job.attempts + 1)
        .returning(Job.id)
    )


def release_jobs_of_the_dead(session: Session) -> int:
    """Gives back every running job. For a single process that has just started: nobody else can be working."""
    released = session.execute(
        update(Job).where(Job.state == "running").values(state="queued", worker="").returning(Job.id)
    )
    return len(released.all())


@dataclass
class Running:
    """A claimed job as its function sees it.

    `open_session` makes sessions; `clock` gives the present moment; `folder` is where files for people may be left.
    """

    job_id: int
    worker: str
    arguments: dict[str, Any]
    actor: Actor
    open_session: Callable[[], Session]
    clock: Callable[[], dt.datetime]
    folder: str

    def progress(self, done: int, total: int) -> None:
        """Says how far the work is and renews the lease, in a transaction of its own. Raises `LostLease`."""
        with self.open_session() as session, writing(session):
            held = session.scalar(
                update(Job)
                .where(Job.id == self.job_id, Job.worker == self.worker, Job.state == "running")
                .values(done=done, total=total, lease_until=self.clock() + LEASE)
                .returning(Job.id)
            )
            if held is None:
                raise LostLease

    def finish(self, session: Session, result: dict[str, Any]) -> None:
        """Marks the job done, inside the transaction that holds what it did. Raises `LostLease`."""
        held = session.scalar(
            update(Job)
            .where(Job.id == self.job_id, Job.worker == self.worker, Job.state == "running")
            .values(state="done", result=json.dumps(result), finished_at=self.clock(), done=Job.total)
            .returning(Job.id)
        )
        if held is None:
            raise LostLease


def fail_job(session: Session, job_id: int, *, worker: str, error: str, now: dt.datetime, final: bool) -> bool:
    """Records that a job failed; says whether for good. Not final: it is tried again, up to three times in all."""
    job = session.get(Job, job_id)
    if job is None or job.worker != worker or job.state != "running":
        return False
    if final or job.attempts >= ATTEMPTS:
        job.state = "failed"
        job.finished_at = now
    else:
        job.state = "queued"
    job.error = error
    job.lease_until = None
    return job.state == "failed"


def arguments_of(job: Job) -> dict[str, Any]:
    """The arguments the job was queued with."""
    arguments: dict[str, Any] = json.loads(job.arguments)
    return arguments


def result_of(job: Job) -> dict[str, Any]:
    """What the job left."""
    result: dict[str, Any] = json.loads(job.result)
    return result
