"""What may be done with entries of the interaction log (A6): nothing else ever changes one."""

from __future__ import annotations

from sqlalchemy import ColumnElement, ScalarSelect, select, update
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.campaigns.models import CampaignEntry
from domain.documents.models import Document
from domain.errors import NotFound, RuleViolation
from domain.interactions.models import EVALUATIONS, InteractionComment, InteractionLogEntry, LoggedSegment
from domain.interactions.selection import Selection, are_own, count_entries
from domain.messages import say, say_n
from domain.references import references_to

COMMENT_LENGTH = 4000
LARGEST_NO = 2**63 - 1


def get_entry(session: Session, entry_no: int) -> InteractionLogEntry:
    """The entry with this number. Raises `NotFound`."""
    entry = None
    if entry_no <= LARGEST_NO:
        entry = session.scalar(select(InteractionLogEntry).where(InteractionLogEntry.entry_no == entry_no))
    if entry is None:
        raise NotFound(say("There is no interaction %(no)s.", no=entry_no))
    return entry


def set_canceled(
    session: Session,
    entries: Selection,
    *,
    canceled: bool | None = None,
    remove_documents: bool = False,
    by: Actor,
) -> int:
    """Sets or takes away the mark Cancelled (R-E01). Returns how many entries changed.

    `canceled` None means the opposite of the entry with the highest number. `remove_documents` takes the documents away
    that nothing else uses (`documents_of_their_own`). Salespeople may do this with their own entries. Raises
    `RuleViolation` when the mark is taken from an entry whose logged segment or campaign entry is cancelled (E-E01).
    """
    by.must_be_allowed("cancel interactions", own=are_own(session, entries, by=by))
    count_entries(session, entries)
    if canceled is None:
        canceled = opposite_mark(session, entries)
    if canceled and remove_documents:
        _remove_documents(session, entries)
    if not canceled:
        _refuse_while_its_owner_is_canceled(session, entries)
    changed = session.scalars(
        update(InteractionLogEntry)
        .where(InteractionLogEntry.id.in_(entries), InteractionLogEntry.canceled != canceled)
        .values(canceled=canceled, version=InteractionLogEntry.version + 1)
        .returning(InteractionLogEntry.id)
    ).all()
    return len(changed)


def opposite_mark(session: Session, entries: Selection) -> bool:
    """What switching Cancelled would set: the opposite of the entry with the highest number (R-E01)."""
    return not session.scalar(
        select(InteractionLogEntry.canceled)
        .where(InteractionLogEntry.id.in_(entries))
        .order_by(InteractionLogEntry.entry_no.desc())
        .limit(1)
    )


def _refuse_while_its_owner_is_canceled(session: Session, entries: Selection) -> None:
    chosen = InteractionLogEntry.id.in_(entries)
    segment_no = session.scalar(
        select(LoggedSegment.segment_no)
        .join(InteractionLogEntry, InteractionLogEntry.logged_segment_id == LoggedSegment.id)
        .where(chosen, LoggedSegment.canceled.is_(True))
        .limit(1)
    )
    if segment_no is not None:
        raise RuleViolation(
            say("The logged segment %(no)s is cancelled. Remove the mark Cancelled there first.", no=segment_no)
        )
    campaign_entry_no = session.scalar(
        select(CampaignEntry.entry_no)
        .join(InteractionLogEntry, InteractionLogEntry.campaign_entry_id == CampaignEntry.id)
        .where(chosen, CampaignEntry.canceled.is_(True))
        .limit(1)
    )
    if campaign_entry_no is not None:
        raise RuleViolation(
            say("The campaign entry %(no)s is cancelled. Remove the mark Cancelled there first.", no=campaign_entry_no)
        )


def documents_of_their_own(session: Session, entries: Selection) -> list[int]:
    """The documents of these entries that nothing else uses: no other entry, template, segment or line (R-E01)."""
    used = set(
        session.scalars(
            select(InteractionLogEntry.document_id)
            .where(InteractionLogEntry.id.in_(entries), InteractionLogEntry.document_id.is_not(None))
            .distinct()
        )
    )
    document = Document.__table__
    for column, _ in references_to(document):  # type: ignore[arg-type]
        if not used:
            break
        if column.table.name == "document_content":
            continue
        elsewhere = select(column).where(column.in_(used))
        if column.table is InteractionLogEntry.__table__:
            elsewhere = elsewhere.where(column.table.c.id.not_in(entries))
        used -= set(session.scalars(elsewhere.distinct()))
    return sorted(one for one in used if one is not None)


def _remove_documents(session: Session, entries: Selection) -> None:
    documents = documents_of_their_own(session, entries)
    if documents:
        session.execute(
            update(InteractionLogEntry).where(InteractionLogEntry.document_id.in_(documents)).values(document_id=None)
        )


def evaluate(session: Session, entries: Selection, evaluation: str, *, by: Actor) -> int:
    """Writes an evaluation to all selected entries, cancelled ones included (R-E02). Returns how many.

    An evaluation can be changed, not taken away again. Raises `RuleViolation` for anything else than an evaluation.
    """
    by.must_be_allowed("evaluate interactions")
    if evaluation not in EVALUATIONS or not evaluation:
        raise RuleViolation(say("Choose an evaluation."), field="evaluation")
    count_entries(session, entries)
    changed = session.scalars(
        update(InteractionLogEntry)
        .where(InteractionLogEntry.id.in_(entries))
        .values(evaluation=evaluation, version=InteractionLogEntry.version + 1)
        .returning(InteractionLogEntry.id)
    ).all()
    return len(changed)


def take_evaluation_back(session: Session, entry: InteractionLogEntry, former: str, *, by: Actor) -> None:
    """Undoes an evaluation typed by mistake: the entry has the former one again, or none (B27).

    Choosing a blank evaluation stays impossible (R-E02). Raises `RuleViolation` for anything an entry cannot have had.
    """
    by.must_be_allowed("evaluate interactions")
    if former not in EVALUATIONS:
        raise RuleViolation(say("Choose an evaluation."), field="evaluation")
    session.execute(
        update(InteractionLogEntry)
        .where(InteractionLogEntry.id == entry.id)
        .values(evaluation=former, version=InteractionLogEntry.version + 1)
    )


def take_evaluations_back(
    session: Session, entries: Selection, evaluation: str, former: ColumnElement[str] | ScalarSelect[str], *, by: Actor
) -> None:
    """As `take_evaluation_back` for many: those that still have this evaluation get the `former` one, worked out for each
    entry by SQL (B27)."""
    by.must_be_allowed("evaluate interactions")
    session.execute(
        update(InteractionLogEntry)
        .where(InteractionLogEntry.id.in_(entries), InteractionLogEntry.evaluation == evaluation)
        .values(evaluation=former, version=InteractionLogEntry.version + 1),
        execution_options={"synchronize_session": False},
    )


def add_comment(session: Session, entry: InteractionLogEntry, text: str, *, by: Actor) -> InteractionComment:
    """Adds an internal remark with author and moment; it is never printed and never changes (B19, R-E07)."""
    by.must_be_allowed("comment interactions")
    text = text.strip()
    if not text:
        raise RuleViolation(say("Write a comment first."), field="text")
    if len(text) > COMMENT_LENGTH:
        raise RuleViolation(
            say_n(
                "A comment has at most %(num)s character.",
                "A comment has at most %(num)s characters.",
                COMMENT_LENGTH,
            ),
            field="text",
        )
    comment = InteractionComment(
        entry_id=entry.id, user_id=by.user_id, user_name=by.user_name, created_at=by.now, text=text
    )
    session.add(comment)
    session.flush()
    return comment


def comments_of(session: Session, entry: InteractionLogEntry) -> list[InteractionComment]:
    """The comments of an entry, oldest first."""
    return list(
        session.scalars(
            select(InteractionComment).where(InteractionComment.entry_id == entry.id).order_by(InteractionComment.id)
        )
    )
