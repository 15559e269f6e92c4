"""Taking a log back: the worksheet opens again with everything it had (A5, A8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from domain.accounts.actor import Actor
from domain.campaigns.models import CampaignEntry
from domain.errors import NotFound, RuleViolation
from domain.interactions.delete_canceled import delete_entries
from domain.interactions.models import (
    InteractionComment,
    InteractionLogEntry,
    LetterValues,
    LoggedSegment,
    LoggedSegmentValues,
)
from domain.interactions.reply_models import Reply
from domain.messages import Message, say, say_n
from domain.references import delete_row
from domain.segments.delete import delete_segment
from domain.segments.follow_up import FOLLOW_UP
from domain.segments.keep_back import KEPT_BACK, KEPT_FROM
from domain.segments.models import Segment, SegmentLine
from domain.segments.step_models import SegmentStep

UNTOUCHED = 1
_SILENTLY = {"synchronize_session": False}


@dataclass(frozen=True)
class TakeBack:
    """What taking back would do. `reasons` forbid it; `warnings` do not.

    `follow_up` and `kept` are the segments that would be deleted, because nobody has touched them.
    """

    entries: int
    reasons: tuple[Message, ...]
    warnings: tuple[Message, ...]
    follow_up: Segment | None
    kept: Segment | None


@dataclass(frozen=True)
class TakenBack:
    """What taking back did: the open segment, the entries that went, and what the user should know."""

    segment: Segment
    entries: int
    notes: tuple[Message, ...]


def look_at_take_back(session: Session, logged: LoggedSegment, *, by: Actor) -> TakeBack:
    """Whether a log can be taken back, and what would happen (A5)."""
    by.must_be_allowed("take back logged segments")
    session.flush()
    worksheet = _worksheet(session, logged)
    counts = _counts(session, logged)
    reasons = []
    if worksheet is None:
        reasons.append(say("The worksheet of segment %(no)s is not there any more.", no=logged.segment_no))
    if logged.canceled:
        reasons.append(say("The logged segment %(no)s is cancelled.", no=logged.segment_no))
    reasons += [_reason(name, counts[name]) for name in _REASONS if counts[name]]
    warnings = []
    if counts["printed"]:
        warnings.append(
            say_n(
                "%(num)s letter has been printed already.",
                "%(num)s letters have been printed already.",
                counts["printed"],
            )
        )
    follow_up = _successor(session, logged.follow_up_no, FOLLOW_UP)
    if follow_up is not None and not _is_untouched(follow_up):
        warnings.append(say("The follow-up segment %(no)s has been changed and stays.", no=follow_up.no))
        follow_up = None
    kept = _successor(session, logged.kept_segment_no, KEPT_FROM)
    if kept is not None and not _is_untouched(kept):
        warnings.append(
            say(
                "Segment %(no)s with the lines that were kept back has been changed; it stays with its lines.",
                no=kept.no,
            )
        )
        kept = None
    elif kept is None and logged.kept_segment_no:
        warnings.append(say("The lines that were kept back in segment %(no)s stay there.", no=logged.kept_segment_no))
    return TakeBack(counts["entries"], tuple(reasons), tuple(warnings), follow_up, kept)


def take_back(session: Session, logged: LoggedSegment, *, by: Actor) -> TakenBack:
    """Opens the worksheet again with lines, own values and steps; what logging wrote goes (A5).

    Entry numbers are not given back. A campaign entry goes unless other entries use it. Kept lines return when their
    new segment is untouched (A8), and an untouched follow-up is deleted. Raises `RuleViolation` with the first reason
    against it.
    """
    worksheet = _hold(session, logged)
    look = look_at_take_back(session, logged, by=by)
    if look.reasons:
        raise RuleViolation(look.reasons[0])
    if worksheet is None:
        raise NotFound(say("The worksheet of segment %(no)s is not there any more.", no=logged.segment_no))
    for segment in (look.follow_up, look.kept):
        if segment is not None:
            delete_segment(session, segment, by=by)
    worksheet.logged_segment_id = None
    worksheet.list_version += 1
    worksheet.modified_at, worksheet.modified_by = by.now, by.user_name
    session.flush()
    if look.kept is not None:
        _bring_back_kept_lines(session, worksheet)
    logged_id, segment_no = logged.id, logged.segment_no
    delete_entries(session, select(InteractionLogEntry.id).where(InteractionLogEntry.logged_segment_id == logged_id))
    _delete_campaign_entries(session, logged_id)
    session.execute(delete(LoggedSegmentValues).where(LoggedSegmentValues.logged_segment_id == logged_id))
    delete_row(session, LoggedSegment.__table__, [logged_id], name=segment_no)  # type: ignore[arg-type]
    return TakenBack(session.get_one(Segment, worksheet.id), look.entries, look.warnings)


def _hold(session: Session, logged: LoggedSegment) -> Segment | None:
    """The frozen worksheet, read anew; others who take it back or log it wait."""
    session.flush()
    return session.scalars(
        select(Segment)
        .where(Segment.logged_segment_id == logged.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def _worksheet(session: Session, logged: LoggedSegment) -> Segment | None:
    return session.scalar(select(Segment).where(Segment.logged_segment_id == logged.id))


def _reasons() -> dict[str, ColumnElement[bool]]:
    entry: Any = InteractionLogEntry
    status = entry.delivery_status
    commented = exists(select(InteractionComment.id).where(InteractionComment.entry_id == entry.id))
    line_evaluation = select(SegmentLine.evaluation).where(SegmentLine.id == entry.segment_line_id).scalar_subquery()
    values, newer = aliased(LetterValues), aliased(LetterValues)
    resent = or_(
        entry.segment_line_id.is_(None),
        exists(
            select(newer.id)
            .join(values, values.entry_id == newer.entry_id)
            .where(newer.entry_id == entry.id, newer.id > values.id)
        ),
    )
    return {
        "sending": status == "sending",
        "sent": status == "sent",
        "uncertain": status == "uncertain",
        "posted": status == "posted",
        "returned": status == "returned",
        "evaluated": entry.evaluation != func.coalesce(line_evaluation, ""),
        "resent": resent,
        "canceled": entry.canceled.is_(True),
        "commented": commented,
        "answered": exists(select(Reply.id).where(Reply.entry_id == entry.id)),
        "gone": or_(entry.contact_id.is_(None), _contact_has_left(entry)),
    }


def _contact_has_left(entry: Any) -> ColumnElement[bool]:
    """The line has lost its contact: a deleted person's entries have moved to its company."""
    of_line = select(SegmentLine.contact_id).where(SegmentLine.id == entry.segment_line_id).scalar_subquery()
    return and_(entry.segment_line_id.is_not(None), of_line.is_distinct_from(entry.contact_id))


_REASONS = _reasons()


def _counts(session: Session, logged: LoggedSegment) -> dict[str, int]:
    """How many entries there are, and how many speak against taking back, by reason."""
    columns = [func.count().filter(condition).label(name) for name, condition in _REASONS.items()]
    printed = func.count().filter(InteractionLogEntry.delivery_status == "printed").label("printed")
    row = session.execute(
        select(func.count().label("entries"), printed, *columns)
        .select_from(InteractionLogEntry)
        .where(InteractionLogEntry.logged_segment_id == logged.id)
    ).one()
    return dict(row._mapping)


def _reason(name: str, n: int) -> Message:
    sentences = {
        "sending": say_n("%(num)s e-mail is being sent.", "%(num)s e-mails are being sent.", n),
        "sent": say_n("%(num)s e-mail has been sent.", "%(num)s e-mails have been sent.", n),
        "uncertain": say_n(
            "It is not certain whether %(num)s e-mail was sent.",
            "It is not certain whether %(num)s e-mails were sent.",
            n,
        ),
        "posted": say_n("%(num)s letter has been posted.", "%(num)s letters have been posted.", n),
        "returned": say_n("%(num)s letter has come back.", "%(num)s letters have come back.", n),
        "evaluated": say_n("%(num)s interaction has been evaluated.", "%(num)s interactions have been evaluated.", n),
        "resent": say_n("%(num)s interaction has been sent again.", "%(num)s interactions have been sent again.", n),
        "canceled": say_n("%(num)s interaction is cancelled.", "%(num)s interactions are cancelled.", n),
        "commented": say_n("%(num)s interaction has comments.", "%(num)s interactions have comments.", n),
        "answered": say_n("%(num)s interaction has been answered.", "%(num)s interactions have been answered.", n),
        "gone": say_n(
            "The contact of %(num)s interaction is not there any more.",
            "The contacts of %(num)s interactions are not there any more.",
            n,
        ),
    }
    return sentences[name]


def _successor(session: Session, no: str, kind: str) -> Segment | None:
    """The segment that came out of this log, if it is still open and still what it was made as."""
    if not no:
        return None
    return session.scalar(
        select(Segment)
        .join(SegmentStep, SegmentStep.segment_id == Segment.id)
        .where(
            Segment.no == no,
            Segment.logged_segment_id.is_(None),
            SegmentStep.kind == kind,
            SegmentStep.seq == 1,
            SegmentStep.undone.is_(False),
        )
    )


def _is_untouched(segment: Segment) -> bool:
    """Whether nobody has changed a segment since logging made it: every change counts `list_version` up."""
    return segment.list_version == UNTOUCHED


def _bring_back_kept_lines(session: Session, worksheet: Segment) -> None:
    """Undoes the last step "kept back": its lines return to their place."""
    step = session.scalar(
        select(SegmentStep)
        .where(SegmentStep.segment_id == worksheet.id, SegmentStep.undone.is_(False))
        .order_by(SegmentStep.seq.desc())
        .limit(1)
    )
    if step is None or step.kind != KEPT_BACK:
        raise RuleViolation(say("The lines that were kept back cannot be brought back."))
    session.execute(
        update(SegmentLine)
        .where(SegmentLine.removed_step_id == step.id)
        .values(removed_step_id=None, version=SegmentLine.version + 1),
        execution_options=_SILENTLY,
    )
    session.execute(delete(SegmentStep).where(SegmentStep.id == step.id), execution_options=_SILENTLY)
    session.expire_all()


def _delete_campaign_entries(session: Session, logged_id: int) -> None:
    """The campaign entries of the log that nothing else uses go; others lose the link."""
    used = exists(select(InteractionLogEntry.id).where(InteractionLogEntry.campaign_entry_id == CampaignEntry.id))
    session.execute(
        delete(CampaignEntry).where(CampaignEntry.logged_segment_id == logged_id, ~used), execution_options=_SILENTLY
    )
