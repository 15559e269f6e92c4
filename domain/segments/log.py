"""Logging a segment: one transaction, all or nothing, whatever the size (R-G01…R-G13, A5-A8, B1)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.errors import Conflict, NotFound, RuleViolation
from domain.interactions.models import InteractionLogEntry, LoggedSegment
from domain.interactions.writing import write_letter_values
from domain.messages import Message, say
from domain.segments.check import Check, check_segment
from domain.segments.follow_up import create_follow_up
from domain.segments.keep_back import keep_back
from domain.segments.log_entries import write_campaign_entries, write_entries
from domain.segments.models import Segment, SegmentLine, Undo
from domain.setup.numbers import next_entry_nos


class NotReady(RuleViolation):
    """The segment cannot be logged as it is; `check` says why."""

    def __init__(self, message: Message, check: Check) -> None:
        super().__init__(message)
        self.check = check


class CheckedStateChanged(Conflict):
    """Something changed since the check that was shown; `check` is how it stands now (B1)."""

    def __init__(self, check: Check) -> None:
        super().__init__(say("Something changed since this check. Look at it again."))
        self.check = check


@dataclass(frozen=True)
class Logged:
    """What logging did. `kept` is the new segment with the `kept_lines` lines that were kept back."""

    logged: LoggedSegment
    entries: int
    campaign_entries: int
    emails: int
    letters: int
    without_contact: int
    follow_up: Segment | None
    kept: Segment | None
    kept_lines: int


def log_segment(
    session: Session,
    segment: Segment,
    *,
    deliver: bool,
    follow_up: bool = False,
    without_delivery: bool = False,
    keep_problems: Collection[str] = (),
    keep_lines: Sequence[int] = (),
    token: str | None = None,
    by: Actor,
) -> Logged:
    """Logs every line that has a contact and freezes the worksheet (A5). The caller commits, and nothing before.

    `deliver`: e-mails are queued and letters set to print (R-G07); `without_delivery` overrules it (B1).
    `keep_problems` (codes of the check) and `keep_lines` (ids) are lines that stay behind in a new segment (A8).
    `token` is that of the check the user saw. On PostgreSQL the caller's transaction should be `consistent`.

    Raises `CheckedStateChanged` when the token is out of date, `NotReady` when problems remain, `Conflict` when
    somebody else has logged the segment meanwhile.
    """
    by.must_be_allowed("log segments")
    deliver = deliver and not without_delivery
    _take_hold(session, segment)
    check = check_segment(session, segment, deliver=deliver, by=by)
    if token is not None and token != check.token:
        raise CheckedStateChanged(check)
    without_contact = check.without_contact
    kept, kept_lines = None, 0
    if keep_problems or keep_lines:
        _refuse_header(check)
        kept, kept_lines = keep_back(session, segment, problems=keep_problems, lines=keep_lines, by=by)
        check = check_segment(session, segment, deliver=deliver, by=by)
    refuse_problems(check, follow_up=follow_up)
    logged = LoggedSegment(
        entry_no=next_entry_nos(session, "logged_segment"),
        segment_no=segment.no,
        description=segment.description,
        created_on=by.today,
        created_at=by.now,
        user_id=by.user_id,
        user_name=by.user_name,
        kept_segment_no=kept.no if kept else "",
    )
    session.add(logged)
    session.flush()
    freeze(session, segment, logged)
    campaign_entries = write_campaign_entries(session, segment, logged, by=by)
    write_entries(
        session, segment, logged, lines=check.lines, campaign_entries=campaign_entries, deliver=deliver, by=by
    )
    write_letter_values(
        session,
        InteractionLogEntry.logged_segment_id == logged.id,
        campaign_ids=list(campaign_entries),
        logged=logged,
        by=by,
    )
    following = create_follow_up(session, logged, by=by) if follow_up else None
    statuses = _statuses(session, logged)
    session.expire(segment)
    return Logged(
        logged=logged,
        entries=check.lines,
        campaign_entries=len(campaign_entries),
        emails=statuses.get("queued", 0),
        letters=statuses.get("to_print", 0),
        without_contact=without_contact,
        follow_up=following,
        kept=kept,
        kept_lines=kept_lines,
    )


def refuse_problems(check: Check, *, follow_up: bool) -> None:
    """Raises `NotReady` with the first thing that stands in the way (E-L01…E-L10, E-H01)."""
    _refuse_header(check)
    if check.stuck_lines:
        stopping = [problem for problem in check.problems if problem.group != "only shown"]
        raise NotReady(stopping[0].message, check)
    if follow_up and check.follow_up_problem is not None:
        raise NotReady(check.follow_up_problem, check)


def _refuse_header(check: Check) -> None:
    if check.header_problems:
        raise NotReady(check.header_problems[0], check)


def _take_hold(session: Session, segment: Segment) -> None:
    """Waits for others who are writing this segment, and reads it anew.

    Raises `Conflict` when it has been logged, `NotFound` when it has been deleted.
    """
    session.flush()
    held = session.scalars(
        select(Segment).where(Segment.id == segment.id).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if held is None:
        raise NotFound(say("This segment has been deleted meanwhile."))
    if segment.logged_segment_id is not None:
        raise _logged_meanwhile(segment)


def freeze(session: Session, segment: Segment, logged: LoggedSegment) -> None:
    """Closes the worksheet; from now on it is found in Logged segments only (A5). Raises `Conflict` if it is closed."""
    frozen = session.execute(
        update(Segment)
        .where(Segment.id == segment.id, Segment.logged_segment_id.is_(None))
        .values(logged_segment_id=logged.id, version=Segment.version + 1)
        .returning(Segment.id)
    ).one_or_none()
    if frozen is None:
        raise _logged_meanwhile(segment)
    session.execute(delete(Undo).where(Undo.segment_id == segment.id))


def _logged_meanwhile(segment: Segment) -> Conflict:
    return Conflict(say("Segment %(no)s has been logged meanwhile. You find it in Logged segments.", no=segment.no))


def _statuses(session: Session, logged: LoggedSegment) -> dict[str, int]:
    counted: Any = session.execute(
        select(InteractionLogEntry.delivery_status, func.count())
        .where(InteractionLogEntry.logged_segment_id == logged.id)
        .group_by(InteractionLogEntry.delivery_status)
    )
    return dict(counted.all())


def lines_to_log(session: Session, segment: Segment) -> int:
    """How many lines of the list have a contact; above 20,000 logging is work for the background."""
    return (
        session.scalar(
            select(func.count())
            .select_from(SegmentLine)
            .where(
                SegmentLine.segment_id == segment.id,
                SegmentLine.removed_step_id.is_(None),
                SegmentLine.contact_id.is_not(None),
            )
        )
        or 0
    )
