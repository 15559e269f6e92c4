"""Background work of the domain, done in the connection of the test."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.jobs.models import Job
from domain.jobs.queue import Running
from tests.factories.setup import NOW


def work(session: Session, job: Job, do: Callable[[Running], None], *, worker: str = "W", by: Actor) -> dict[str, Any]:
    """Does the job in sessions of its own, as the worker "W" does that has claimed it; another `worker` has lost it.

    Gives its result.
    """
    job.state, job.worker = "running", "W"
    session.flush()
    do(
        Running(
            job_id=job.id,
            worker=worker,
            arguments=json.loads(job.arguments),
            actor=by,
            open_session=lambda: Session(session.connection(), join_transaction_mode="create_savepoint"),
            clock=lambda: NOW,
            folder="",
        )
    )
    session.expire_all()
    result: dict[str, Any] = json.loads(job.result)
    return result
