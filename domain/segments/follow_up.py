"""Follow-up segments: the contacts as they were logged, in a new segment (B8, R-FU01…R-FU03)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, insert, literal, not_, null, or_, select, true
from sqlalchemy.orm import Session, aliased

from domain.accounts.actor import Actor
from domain.contacts.models import Contact
from domain.errors import RuleViolation
from domain.interactions.models import EVALUATIONS, InteractionLogEntry, LoggedSegment
from domain.interactions.reply_models import OUTCOMES as REPLIES
from domain.interactions.reply_models import Reply
from domain.messages import Message, say
from domain.segments.create import create_segment
from domain.segments.models import Segment, SegmentLine
from domain.segments.steps import record_skips, record_step

FOLLOW_UP = "follow_up"
OUTCOMES = ("evaluation", "responded", "not_responded", "delivery_failed", "reply")
LINE_STEP = 10_000
_FAILED = ("failed", "uncertain", "returned")


def create_follow_up(
    session: Session,
    logged: LoggedSegment,
    *,
    outcome: str | None = None,
    evaluations: Collection[str] = (),
    reply: str = "",
    description: Message | None = None,
    by: Actor,
) -> Segment:
    """A new segment with the contacts of a logged one, each as often as it was logged, in that order (B8).

    It has the campaign all entries share, else that of the logged worksheet, the actor's salesperson and work date,
    no template and no texts, and one step. Entries that are cancelled or whose contact is gone are left out; contacts
    blocked for privacy are skipped and listed with the step (B2, B7). `outcome` limits it to entries with one of
    `evaluations`, whose contact responded to the campaign or did not, whose delivery failed, or whose answer typed at the
    reply desk was `reply`. `description` is what the segment is called, in the actor's language.

    Raises `RuleViolation` without number series (E-H01) or when nobody is left.
    """
    by.must_be_allowed("edit segments")
    entry = InteractionLogEntry
    conditions = [
        entry.logged_segment_id == logged.id,
        entry.canceled.is_(False),
        entry.contact_id.is_not(None),
        _has(outcome, evaluations, reply),
    ]
    allowed = Contact.privacy_blocked.is_(False)
    found = session.scalar(select(func.count()).select_from(entry).where(*conditions)) or 0
    if not found:
        raise RuleViolation(say("No contact of segment %(no)s is left for a follow-up.", no=logged.segment_no))
    campaigns = list(session.scalars(select(entry.campaign_id).where(*conditions).distinct().limit(2)))
    campaign_id = campaigns[0] if len(campaigns) == 1 else _header_campaign(session, logged)
    called = by.write(description or say("Follow-up on segment %(no)s", no=logged.segment_no))[:100]
    segment = create_segment(session, description=called, by=by)
    segment.campaign_id = campaign_id
    options = {"segment": logged.segment_no, "outcome": outcome or "", "evaluations": sorted(evaluations)}
    if reply:
        options["reply"] = reply
    step = record_step(session, segment, FOLLOW_UP, source="log", options=options, found=found, by=by)
    number = literal(LINE_STEP) * func.row_number().over(order_by=entry.entry_no)
    differs = entry.campaign_id.is_distinct_from(campaign_id)
    rows = (
        select(
            literal(segment.id),
            literal(step.id),
            number,
            entry.contact_id,
            case((differs, entry.campaign_id), else_=null()),
            and_(differs, entry.campaign_id.is_(None)),
        )
        .join(Contact, Contact.id == entry.contact_id)
        .where(*conditions, allowed)
        .order_by(entry.entry_no)
    )
    columns = ["segment_id", "added_step_id", "line_no", "contact_id", "campaign_id", "no_campaign"]
    session.execute(insert(SegmentLine).from_select(columns, rows))
    added = _count(session, segment)
    if added < found:
        record_skips(session, step, _skipped(conditions))
    step.changed, step.skipped = added, found - added
    segment.last_line_no = added * LINE_STEP
    logged.follow_up_no = segment.no
    session.flush()
    return segment


def _header_campaign(session: Session, logged: LoggedSegment) -> int | None:
    """The campaign on the header of the frozen worksheet, while it is there."""
    return session.scalar(select(Segment.campaign_id).where(Segment.logged_segment_id == logged.id))


def _count(session: Session, segment: Segment) -> int:
    return (
        session.scalar(select(func.count()).select_from(SegmentLine).where(SegmentLine.segment_id == segment.id)) or 0
    )


def _skipped(conditions: list[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    """The contacts that are blocked for privacy, each once."""
    return (
        select(InteractionLogEntry.contact_id, literal("blocked"))
        .join(Contact, Contact.id == InteractionLogEntry.contact_id)
        .where(*conditions, Contact.privacy_blocked.is_(True))
        .distinct()
    )


def _has(outcome: str | None, evaluations: Collection[str], reply: str) -> ColumnElement[bool]:
    entry = InteractionLogEntry
    if outcome is None:
        return true()
    if outcome == "evaluation":
        if not evaluations or not set(evaluations) <= set(EVALUATIONS):
            raise RuleViolation(say("Choose an evaluation."), field="evaluations")
        return entry.evaluation.in_(sorted(evaluations))
    if outcome == "reply":
        if reply not in REPLIES:
            raise RuleViolation(say("Choose what came back."), field="outcome")
        return _answered(entry, Reply.outcome == reply)
    if outcome == "delivery_failed":
        return entry.delivery_status.in_(_FAILED)
    if outcome in ("responded", "not_responded"):
        return _responded() if outcome == "responded" else not_(_responded())
    raise RuleViolation(say("Choose which contacts the follow-up is for."), field="outcome")


def _answered(entry: Any, *which: ColumnElement[bool]) -> ColumnElement[bool]:
    """An answer was typed at the reply desk; the last one counts."""
    return exists(select(Reply.id).where(Reply.entry_id == entry.id, Reply.counts, *which).correlate(entry))


def _responded() -> ColumnElement[bool]:
    """The contact answered the entry's campaign then or later: an entry marked as campaign response, not cancelled; or
    its answer was typed at the reply desk. That an address is wrong is no answer of the contact."""
    entry: Any = InteractionLogEntry
    answer = aliased(InteractionLogEntry)
    marked = exists(
        select(answer.id)
        .where(
            answer.contact_id == entry.contact_id,
            answer.campaign_id == entry.campaign_id,
            answer.campaign_response.is_(True),
            answer.canceled.is_(False),
            answer.attempt_failed.is_(False),
            answer.entry_no >= entry.entry_no,
        )
        .correlate(entry)
    )
    return or_(marked, _answered(entry, Reply.outcome != "moved"))
