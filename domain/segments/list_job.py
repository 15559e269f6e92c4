"""Adding, reducing, refining and reusing very many lines as background work: the same one transaction, in the worker."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.database import writing
from domain.errors import Conflict
from domain.interactions.logged_segments import get_logged_segment
from domain.interactions.models import LoggedSegment
from domain.jobs.kinds import work_of_kind
from domain.jobs.models import Job
from domain.jobs.queue import Running, queue_job
from domain.messages import Message, say
from domain.segments.add_contacts import AddOptions, add_by_criteria
from domain.segments.criteria import Criteria, criteria_from_json
from domain.segments.editing import begin_change_of, segment_has_moved
from domain.segments.models import Segment
from domain.segments.queries import get_open_segment
from domain.segments.reduce import reduce_contacts, refine_contacts
from domain.segments.reuse import reuse_criteria, reuse_logged_segment
from domain.segments.saved_criteria import get_saved_criteria
from domain.segments.saved_criteria_models import SavedCriteria
from domain.segments.steps import may_reset, step_count, steps_between

KIND = "change list"
IN_BACKGROUND = 20_000
"""More contacts or lines than this are added, removed or looked through by a worker."""
TITLES = {
    "add": say("Add contacts to segment %(no)s"),
    "reduce": say("Reduce the contacts of segment %(no)s"),
    "refine": say("Refine the contacts of segment %(no)s"),
}


def queue_criteria(
    session: Session,
    segment: Segment,
    kind: str,
    criteria: Criteria,
    options: dict[str, bool],
    *,
    list_version: int,
    lines: int,
    by: Actor,
) -> Job:
    """Puts Add, Reduce or Refine (`kind`) into the list of background work.

    `list_version` is the list the user has seen, `lines` how many lines are expected to come or go. Raises
    `Forbidden`, and `Conflict` when the list has moved.
    """
    _must_be_seen(segment, list_version)
    arguments = {"what": kind, "criteria": criteria.as_json(), "options": options}
    title = Message(TITLES[kind].msgid, {"no": segment.no})
    return _queue(session, segment, arguments, title, list_version, lines, by=by)


def queue_reuse_criteria(
    session: Session, segment: Segment, saved: SavedCriteria, *, list_version: int, lines: int, by: Actor
) -> Job:
    """Puts the reuse of saved criteria into the list of background work; otherwise as `queue_criteria`."""
    title = say("Reuse criteria %(code)s on segment %(no)s", code=saved.code, no=segment.no)
    return _queue(session, segment, {"what": "criteria", "key": saved.code}, title, list_version, lines, by=by)


def queue_reuse_logged(
    session: Session,
    segment: Segment,
    logged: LoggedSegment,
    *,
    with_canceled: bool,
    list_version: int,
    lines: int,
    by: Actor,
) -> Job:
    """Puts the reuse of a logged segment into the list of background work; otherwise as `queue_criteria`."""
    title = say("Reuse logged segment %(logged)s on segment %(no)s", logged=logged.segment_no, no=segment.no)
    arguments = {"what": "logged", "key": logged.segment_no, "with_canceled": with_canceled}
    return _queue(session, segment, arguments, title, list_version, lines, by=by)


def _queue(
    session: Session,
    segment: Segment,
    arguments: dict[str, Any],
    title: Message,
    list_version: int,
    lines: int,
    *,
    by: Actor,
) -> Job:
    by.must_be_allowed("edit segments")
    given = {"segment_no": segment.no, "list_version": list_version, "lines": lines} | arguments
    return queue_job(session, KIND, given, title=by.write(title), by=by)


def _must_be_seen(segment: Segment, list_version: int) -> None:
    if segment.list_version != list_version:
        raise Conflict(segment_has_moved())


@work_of_kind(KIND)
def change_in_background(running: Running) -> None:
    """The steps and the end of the job in one transaction: all lines or none. Refusals are shown on the job."""
    given, by = running.arguments, running.actor
    running.progress(0, given["lines"])
    with running.open_session() as session, writing(session):
        segment = get_open_segment(session, given["segment_no"])
        begin_change_of(session, segment, given["list_version"], by=by)
        first = step_count(session, segment) + 1
        _change(session, segment, given, by=by)
        steps = steps_between(session, segment, first, step_count(session, segment))
        result: dict[str, Any] = {"segment_no": segment.no}
        if "key" in given:
            result |= {"key": given["key"], "first": first, "last": step_count(session, segment)}
        elif may_reset(session, segment):
            result["emptied"] = True
        result["text"] = " ".join(by.write(told(one.kind, one.found, one.changed, one.skipped)) for one in steps)
        running.finish(session, result)


def _change(session: Session, segment: Segment, given: dict[str, Any], *, by: Actor) -> None:
    """Does what was asked for."""
    what = given["what"]
    if what == "criteria":
        reuse_criteria(session, segment, get_saved_criteria(session, given["key"]), by=by)
    elif what == "logged":
        logged = get_logged_segment(session, given["key"])
        reuse_logged_segment(session, segment, logged, with_canceled=given["with_canceled"], by=by)
    elif what == "add":
        criteria = criteria_from_json(given["criteria"])
        add_by_criteria(session, segment, criteria, options=AddOptions(**given["options"]), by=by)
    else:
        verb = reduce_contacts if what == "reduce" else refine_contacts
        verb(session, segment, criteria_from_json(given["criteria"]), **given["options"], by=by)


def told(kind: str, found: Any, changed: Any, skipped: Any) -> Message:
    """What a step did: "217 found, 212 added, 5 skipped."; the numbers as they shall be written."""
    values = {"found": found, "changed": changed, "skipped": skipped}
    if kind in ("add", "reuse", "pin"):
        if skipped in (0, "0"):
            return say("%(found)s found, %(changed)s added.", **values)
        return say("%(found)s found, %(changed)s added, %(skipped)s skipped.", **values)
    if kind == "reduce":
        if skipped in (0, "0"):
            return say("%(found)s found, %(changed)s lines removed.", **values)
        return say("%(found)s found, %(changed)s lines removed, %(skipped)s pinned.", **values)
    if skipped in (0, "0"):
        return say("%(found)s stay, %(changed)s lines removed.", **values)
    return say("%(found)s stay, %(changed)s lines removed, %(skipped)s pinned.", **values)
