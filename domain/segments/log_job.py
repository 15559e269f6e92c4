"""Logging a large segment as background work: the same one transaction, in the worker thread."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.database import writing
from domain.jobs.kinds import work_of_kind
from domain.jobs.models import Job
from domain.jobs.queue import Running, queue_job
from domain.messages import say, say_n
from domain.segments.log import log_segment
from domain.segments.models import Segment
from domain.segments.queries import get_open_segment

KIND = "log segment"
IN_BACKGROUND = 20_000


def queue_log(
    session: Session,
    segment: Segment,
    *,
    deliver: bool,
    follow_up: bool,
    without_delivery: bool,
    keep_problems: Collection[str],
    token: str,
    by: Actor,
) -> Job:
    """Puts the logging of a segment into the list of background work, as the user saw the check (`token`)."""
    by.must_be_allowed("log segments")
    arguments: dict[str, Any] = {
        "segment_no": segment.no,
        "deliver": deliver,
        "follow_up": follow_up,
        "without_delivery": without_delivery,
        "keep_problems": list(keep_problems),
        "token": token,
    }
    return queue_job(session, KIND, arguments, title=by.write(say("Log segment %(no)s", no=segment.no)), by=by)


@work_of_kind(KIND)
def log_in_background(running: Running) -> None:
    """Logs the segment and marks the job done in one transaction. Refusals are shown on the job."""
    given = running.arguments
    with running.open_session() as session, writing(session, consistent=True):
        done = log_segment(
            session,
            get_open_segment(session, given["segment_no"]),
            deliver=given["deliver"],
            follow_up=given["follow_up"],
            without_delivery=given["without_delivery"],
            keep_problems=given["keep_problems"],
            token=given["token"],
            by=running.actor,
        )
        text = running.actor.write(
            say_n("%(num)s interaction was recorded.", "%(num)s interactions were recorded.", done.entries)
        )
        running.finish(session, {"logged_segment_no": done.logged.segment_no, "text": text})
