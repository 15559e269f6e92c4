"""Postponing an interaction and taking it up again (6.4, B9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, false, func, or_, select
from sqlalchemy.orm import Session, object_session

from domain.accounts.actor import Actor
from domain.contacts.models import COMPANY, Contact
from domain.documents.store import hold
from domain.errors import Conflict, NotFound, RuleViolation
from domain.interaction_templates.models import InteractionTemplate
from domain.interactions.beginning import start_again
from domain.interactions.draft_models import InteractionDraft
from domain.interactions.entries import LARGEST_NO
from domain.interactions.finish import finished_meanwhile
from domain.interactions.models import InteractionLogEntry
from domain.interactions.worked_out import work_out
from domain.messages import say
from domain.setup.models import Salesperson
from domain.setup.numbers import next_entry_nos

RIGHT = "edit postponed interactions"
_OF_THE_ROW = frozenset({"id", "entry_no", "kept", "user_id", "user_name", "created_at", "modified_at", "version"})


@dataclass(frozen=True)
class DraftFilters:
    """Which postponed interactions: `mine` the actor's own, of a contact (of a company with its people), a salesperson, a
    template."""

    mine: bool = False
    contact: Contact | None = None
    salesperson: Salesperson | None = None
    template: InteractionTemplate | None = None


def postpone(session: Session, draft: InteractionDraft, *, kept: bool = False, by: Actor) -> InteractionDraft:
    """Stores an interaction as it is, to be finished later (R-P01, B9); one that was postponed before is stored again.

    It needs a contact or a salesperson, nothing else. A new one draws its number now. `kept`: the page was left and
    nobody said so. Raises `RuleViolation` on the field "contact", `Conflict` when it has been finished meanwhile,
    `Forbidden` for somebody else's.
    """
    by.must_be_allowed("create interactions")
    if object_session(draft) is not None:
        refuse_others(draft, by=by)
    if draft.contact_id is None and work_out(session, draft).salesperson is None:
        raise RuleViolation(say("Choose a contact or a salesperson, then it can be finished later."), field="contact")
    hold(session, draft.form_key)
    done = session.scalar(select(InteractionLogEntry.entry_no).where(InteractionLogEntry.form_key == draft.form_key))
    if done is not None:
        raise finished_meanwhile(session, done)
    new = object_session(draft) is None
    draft.kept = kept and (new or draft.kept)
    draft.modified_at = by.now
    if new:
        draft.entry_no = next_entry_nos(session, "interaction")
        draft.user_id, draft.user_name = by.user_id, by.user_name
        draft.created_at = by.now
        session.add(draft)
    session.flush()
    return draft


def find_kept(session: Session, form_key: str) -> InteractionDraft | None:
    """What was stored of a form before: when its page was left, or when it was postponed."""
    return session.scalar(select(InteractionDraft).where(InteractionDraft.form_key == form_key))


def get_draft(session: Session, entry_no: int, *, version: int | None = None, by: Actor) -> InteractionDraft:
    """The postponed interaction with this number, to go on with it (R-P03).

    Raises `Conflict` when it has been finished or deleted meanwhile, or is not at `version` any more; `Forbidden` for
    somebody else's.
    """
    draft = None
    if entry_no <= LARGEST_NO:
        draft = session.scalar(select(InteractionDraft).where(InteractionDraft.entry_no == entry_no).with_for_update())
    if draft is None:
        if version is None and not _was_finished(session, entry_no):
            raise NotFound(say("There is no postponed interaction %(no)s.", no=entry_no))
        raise finished_meanwhile(session, entry_no)
    refuse_others(draft, by=by)
    if version is not None and draft.version != version:
        raise Conflict(
            say(
                "Someone else changed this postponed interaction while you were working on it. Finish again to use yours."
            )
        )
    return draft


def _was_finished(session: Session, entry_no: int) -> bool:
    finished = select(InteractionLogEntry.id).where(
        InteractionLogEntry.entry_no == entry_no, InteractionLogEntry.form_key.is_not(None)
    )
    return entry_no <= LARGEST_NO and session.scalar(finished) is not None


def is_own(draft: InteractionDraft, *, by: Actor) -> bool:
    """Whether the actor began it or is its salesperson."""
    made = by.user_id is not None and draft.user_id == by.user_id
    return made or (by.salesperson_id is not None and draft.salesperson_id == by.salesperson_id)


def refuse_others(draft: InteractionDraft, *, by: Actor) -> None:
    """Raises `Forbidden`: salespeople go on with their own postponed interactions only."""
    by.must_be_allowed(RIGHT, own=is_own(draft, by=by))


def resumed(session: Session, draft: InteractionDraft, *, by: Actor) -> InteractionDraft:
    """The postponed interaction as its form begins: work date, time and success anew, filled references fixed (R-P03).

    A copy that is not stored; what is stored stays as it is until the form is sent.
    """
    begun = InteractionDraft(entry_no=draft.entry_no, version=draft.version)
    copy_values(draft, begun)
    start_again(session, begun, by=by)
    begun.fixed = fixed_when_resumed(draft)
    return begun


def stored_before(session: Session, draft: InteractionDraft, *, by: Actor) -> InteractionDraft:
    """What was stored of the same form before, with the values of `draft`; else `draft`. Raises `Forbidden`."""
    stored = find_kept(session, draft.form_key)
    if stored is None:
        return draft
    refuse_others(stored, by=by)
    copy_values(draft, stored)
    return stored


def copy_values(source: InteractionDraft, target: InteractionDraft) -> None:
    """Gives `target` the fields of `source`; number, author and moments are its own."""
    for column in InteractionDraft.__table__.columns:
        if column.name not in _OF_THE_ROW:
            setattr(target, column.name, getattr(source, column.name))


def fixed_when_resumed(draft: InteractionDraft) -> str:
    """All its filled references are fixed (R-P03); a salesperson who is blocked meanwhile can be exchanged."""
    salesperson = draft.salesperson
    kept = draft.salesperson_id if salesperson is not None and not salesperson.blocked else None
    filled = {"contact": draft.contact_id, "salesperson": kept, "campaign": draft.campaign_id}
    company = {"company": draft.company_id} if draft.is_fixed("company") else {}
    return " ".join(name for name, value in (company | filled).items() if value is not None)


def delete_drafts(session: Session, entry_nos: Sequence[int], *, by: Actor) -> int:
    """Deletes postponed interactions; their numbers are not given again (R-P04). Returns how many.

    Raises `Forbidden` when one of them is somebody else's, `NotFound` when none is there.
    """
    drafts = session.scalars(select(InteractionDraft).where(InteractionDraft.entry_no.in_(entry_nos))).all()
    if not drafts:
        raise NotFound(say("These postponed interactions are not there any more."))
    for draft in drafts:
        refuse_others(draft, by=by)
    for draft in drafts:
        session.delete(draft)
    session.flush()
    return len(drafts)


def discard(session: Session, form_key: str, *, by: Actor) -> None:
    """Forgets what was kept when the page of a new interaction was left."""
    draft = find_kept(session, form_key)
    if draft is not None and draft.kept:
        refuse_others(draft, by=by)
        session.delete(draft)
        session.flush()


def drafts_of(contact_id: Any, company_id: Any) -> ColumnElement[bool]:
    """The drafts of a contact and those of a company's people; ids, or expressions of the enclosing statement."""
    own = InteractionDraft.contact_id == contact_id
    return own if company_id is None else or_(InteractionDraft.company_id == company_id, own)


def draft_conditions(filters: DraftFilters, *, by: Actor) -> list[ColumnElement[bool]]:
    """The conditions as SQL over `InteractionDraft`."""
    draft = InteractionDraft
    asked: list[ColumnElement[bool]] = []
    if filters.mine:
        own: list[ColumnElement[bool]] = [false()]
        if by.user_id is not None:
            own.append(draft.user_id == by.user_id)
        if by.salesperson_id is not None:
            own.append(draft.salesperson_id == by.salesperson_id)
        asked.append(or_(*own))
    if filters.contact is not None:
        contact = filters.contact
        asked.append(drafts_of(contact.id, contact.id if contact.type == COMPANY else None))
    if filters.salesperson is not None:
        asked.append(draft.salesperson_id == filters.salesperson.id)
    if filters.template is not None:
        asked.append(draft.template_id == filters.template.id)
    return asked


def draft_rows(filters: DraftFilters, *, by: Actor) -> Select[*tuple[Any, ...]]:
    """The postponed interactions, the one that waits longest first."""
    draft = InteractionDraft
    return (
        select(
            draft.entry_no,
            draft.kind,
            draft.kept,
            draft.date,
            func.coalesce(func.nullif(draft.description, ""), InteractionTemplate.description, "").label("description"),
            draft.comment,
            draft.created_at,
            draft.modified_at,
            draft.user_id,
            draft.user_name,
            draft.salesperson_id,
            func.coalesce(Contact.no, "").label("contact_no"),
            func.coalesce(Contact.name, "").label("contact_name"),
            func.coalesce(Contact.company_name, "").label("company_name"),
            func.coalesce(InteractionTemplate.code, "").label("template_code"),
            func.coalesce(Salesperson.code, "").label("salesperson_code"),
        )
        .outerjoin(Contact, Contact.id == draft.contact_id)
        .outerjoin(InteractionTemplate, InteractionTemplate.id == draft.template_id)
        .outerjoin(Salesperson, Salesperson.id == draft.salesperson_id)
        .where(*draft_conditions(filters, by=by))
        .order_by(draft.created_at, draft.entry_no)
    )


def own_drafts(session: Session, *, limit: int, by: Actor) -> list[Row[Any]]:
    """The actor's postponed interactions that wait longest."""
    return list(session.execute(draft_rows(DraftFilters(mine=True), by=by).limit(limit)).all())


def count_drafts(session: Session, filters: DraftFilters, *, by: Actor) -> int:
    """How many postponed interactions there are."""
    counted = select(func.count()).select_from(InteractionDraft).where(*draft_conditions(filters, by=by))
    return session.scalar(counted) or 0
