"""Very many tasks of a segment as background work: the same one transaction, in the worker."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.database import writing
from domain.jobs.kinds import work_of_kind
from domain.jobs.models import Job
from domain.jobs.queue import Running, queue_job
from domain.messages import say, say_n
from domain.segments.models import Segment
from domain.segments.queries import get_open_segment
from domain.tasks.segment_tasks import NewTasks, check_new_tasks, create_segment_tasks

KIND = "segment tasks"
IN_BACKGROUND = 20_000
"""More tasks than this are made by a worker."""


def queue_segment_tasks(
    session: Session, segment: Segment, new: NewTasks, *, again: bool, tasks: int, by: Actor
) -> Job:
    """Puts the tasks of a segment into the list of background work. Raises as `create_segment_tasks`."""
    by.must_be_allowed("create tasks")
    by.must_be_allowed("edit segments")
    check_new_tasks(session, segment, new)
    given = asdict(new) | {"date": new.date.isoformat() if new.date else None}
    arguments = {"no": segment.no, "new": given, "again": again, "tasks": tasks}
    title = say("Create tasks for segment %(no)s", no=segment.no)
    return queue_job(session, KIND, arguments, title=by.write(title), by=by)


@work_of_kind(KIND)
def create_in_background(running: Running) -> None:
    """Makes the tasks and ends the job in one transaction. Refusals are shown on the job."""
    given, by = running.arguments, running.actor
    running.progress(0, given["tasks"])
    new = NewTasks(**{**given["new"], "date": dt.date.fromisoformat(given["new"]["date"])})
    with running.open_session() as session, writing(session):
        segment = get_open_segment(session, given["no"])
        made = create_segment_tasks(session, segment, new, again=given["again"], by=by)
        said = say_n("%(num)s task was created.", "%(num)s tasks were created.", made)
        running.finish(session, {"tasks_of_segment": segment.no, "text": by.write(said)})
