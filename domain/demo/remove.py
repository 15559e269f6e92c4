"""Removing the demo company with one button: what is one's own stays, and what one's own refers to stays too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, false, not_, or_, select, update
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.accounts.models import User
from domain.campaigns.models import Campaign, CampaignEntry
from domain.contacts.classification.kinds import KINDS
from domain.contacts.classification.models import (
    ContactProfileAnswer,
    ProfileAnswer,
    ProfileQuestion,
    ProfileQuestionnaire,
)
from domain.contacts.models import Contact
from domain.errors import RuleViolation
from domain.interactions.delete_canceled import delete_entries
from domain.interactions.models import InteractionLogEntry, LoggedSegment, LoggedSegmentValues
from domain.messages import say
from domain.references import Going, delete_row, references_to
from domain.segments.models import Segment, SegmentLine
from domain.setup.models import Salesperson
from domain.setup.queries import company_information
from domain.tasks.models import Task

RIGHT = "change setup"
CLASSIFIED_BY: tuple[Any, ...] = (ProfileQuestionnaire, *(kind.model for kind in KINDS))
# what carries the mark, and what people call it
MARKED: tuple[tuple[Any, Any], ...] = (
    (Contact, Contact.no),
    (Segment, Segment.no),
    (Campaign, Campaign.no),
    (Salesperson, Salesperson.code),
    *((model, model.code) for model in CLASSIFIED_BY),
    (Task, Task.no),
)


@dataclass(frozen=True)
class DemoRemoved:
    """How many of each went, and the numbers and codes of what stays because something of one's own refers to it."""

    contacts: int
    segments: int
    interactions: int
    kept_contacts: tuple[str, ...]
    kept_segments: tuple[str, ...]
    kept_campaigns: tuple[str, ...]
    kept_salespeople: tuple[str, ...]
    kept_codes: tuple[str, ...]

    @property
    def kept(self) -> tuple[str, ...]:
        """Everything that stays."""
        return (
            *self.kept_segments,
            *self.kept_contacts,
            *self.kept_campaigns,
            *self.kept_salespeople,
            *self.kept_codes,
        )


def remove_demo_company(session: Session, *, by: Actor) -> DemoRemoved:
    """Removes what is marked as demo: contacts, campaigns, salespeople, segments with their interactions, tasks, sign-ins.

    Nothing of one's own is changed or deleted. A segment of the demo with a contact of one's own stays with its
    interactions; so do contacts, campaigns, salespeople, tasks and codes that segments, interactions, contacts or campaigns of one's
    own refer to; what stays loses the mark and is one's own from now on. Raises `Forbidden`, and `RuleViolation` when
    there is no demo, or the actor signed in as somebody of the demo.
    """
    by.must_be_allowed(RIGHT)
    office = company_information(session)
    if not office.demo:
        raise RuleViolation(say("There is no demo company."))
    refuse_without_own_administrator(session, by)
    doomed = _doomed(session)
    going = {table: set(ids) for table, ids in doomed.items()}
    contacts, segments, campaigns, salespeople, *codes = (_kept(session, going, *one) for one in MARKED)
    removed = _delete(session, going)
    for model, _ in MARKED:
        session.execute(update(model).where(model.is_demo.is_(True)).values(is_demo=False))
    session.expire_all()
    company_information(session).demo = False
    session.flush()
    return DemoRemoved(
        contacts=len(going[_t(Contact)]),
        segments=len(going[_t(Segment)]),
        interactions=removed,
        kept_contacts=contacts,
        kept_segments=segments,
        kept_campaigns=campaigns,
        kept_salespeople=salespeople,
        kept_codes=tuple(one for some in codes for one in some),
    )


def _kept(session: Session, going: Doomed, model: Any, name: Any) -> tuple[str, ...]:
    """The names of what is marked as demo and stays."""
    staying = select(name).where(model.is_demo.is_(True), model.id.not_in(going[_t(model)])).order_by(name)
    return tuple(session.scalars(staying))


def refuse_without_own_administrator(session: Session, by: Actor) -> None:
    """The sign-ins of the demo go: whoever removes it needs one of their own, and the office an administrator."""
    user = session.get(User, by.user_id) if by.user_id else None
    if user is not None and user.is_demo:
        raise RuleViolation(
            say("Sign in with your own account first: the sign-ins of the demo company are removed too.")
        )
    own = select(User.id).where(User.is_demo.is_(False), User.role == "administrator", User.active.is_(True)).limit(1)
    if session.scalar(own) is None:
        raise RuleViolation(say("Create an administrator of your own first."))


Doomed = dict[Table, set[int]]


def _t(model: Any) -> Table:
    table: Table = model.__table__
    return table


def _doomed(session: Session) -> Doomed:
    """The rows that go: all of the demo, less what rows that stay refer to, until nothing changes any more."""
    doomed: Doomed = {
        _t(model): set(session.scalars(select(model.id).where(model.is_demo.is_(True))))
        for model in (Contact, Campaign, Salesperson, Segment, Task, User, *CLASSIFIED_BY)
    }
    _spare_segments_with_own_contacts(session, doomed)
    while True:
        _logged_with_their_segments(session, doomed)
        _spare_answered_questionnaires(session, doomed)
        spared: Doomed = {}
        for table, column, rows_that_stay in _holds(doomed):
            held = select(column).where(column.in_(doomed[table]), rows_that_stay).distinct()
            spared.setdefault(table, set()).update(session.scalars(held))
        if not any(spared.values()):
            return doomed
        for table, ids in spared.items():
            doomed[table] -= ids


def _spare_segments_with_own_contacts(session: Session, doomed: Doomed) -> None:
    """A segment of the demo that holds a contact of one's own, or an interaction with one, is one's own now."""
    own = select(Contact.id).where(Contact.is_demo.is_(False))
    lines = select(SegmentLine.segment_id).where(SegmentLine.contact_id.in_(own), SegmentLine.removed_step_id.is_(None))
    logged = select(InteractionLogEntry.logged_segment_id).where(
        InteractionLogEntry.contact_id.in_(own), InteractionLogEntry.logged_segment_id.is_not(None)
    )
    held = select(Segment.id).where(
        Segment.is_demo.is_(True), or_(Segment.id.in_(lines), Segment.logged_segment_id.in_(logged))
    )
    doomed[_t(Segment)] -= set(session.scalars(held))


def _spare_answered_questionnaires(session: Session, doomed: Doomed) -> None:
    """A questionnaire that contacts who stay have answered stays."""
    answered = (
        select(ProfileQuestion.questionnaire_id)
        .join(ProfileAnswer, ProfileAnswer.question_id == ProfileQuestion.id)
        .join(ContactProfileAnswer, ContactProfileAnswer.answer_id == ProfileAnswer.id)
        .where(ContactProfileAnswer.contact_id.not_in(doomed[_t(Contact)]))
        .distinct()
    )
    doomed[_t(ProfileQuestionnaire)] -= set(session.scalars(answered))


def _logged_with_their_segments(session: Session, doomed: Doomed) -> None:
    """Logged segments, interactions and campaign entries go with their worksheet."""
    worksheets = select(Segment.logged_segment_id).where(Segment.id.in_(doomed[_t(Segment)]))
    logged = select(LoggedSegment.id).where(LoggedSegment.id.in_(worksheets))
    doomed[_t(LoggedSegment)] = set(session.scalars(logged))
    for model in (InteractionLogEntry, CampaignEntry):
        doomed[_t(model)] = set(session.scalars(select(model.id).where(model.logged_segment_id.in_(logged))))


def _holds(doomed: Doomed) -> Iterator[tuple[Table, ColumnElement[Any], ColumnElement[bool]]]:
    """Table, column that points to it, and which rows of the column's table stay and so hold what they point to.

    Everything that stays holds, also where a reference could become blank: nothing of one's own changes. Rows that
    would be deleted along (addresses, memberships) hold nothing.
    """
    for table in (_t(Contact), _t(Campaign), _t(Salesperson), _t(Task), *map(_t, CLASSIFIED_BY)):
        for column, rule in references_to(table):
            if rule.going is not Going.DELETE:
                yield table, column, _stays(column.table, doomed)


def _stays(table: Table, doomed: Doomed) -> ColumnElement[bool]:
    """The rows of a table that neither go themselves nor hang on something that goes."""
    return not_(_goes(table, doomed))


def _goes(table: Table, doomed: Doomed, seen: tuple[Table, ...] = ()) -> ColumnElement[bool]:
    going: list[ColumnElement[bool]] = [false()]
    if table in doomed:
        going.append(table.c.id.in_(doomed[table]))
    for column in table.columns:
        rule = column.info.get("reference")
        if rule is None or rule.going is not Going.DELETE:
            continue
        parent = next(iter(column.foreign_keys)).column.table
        if parent is not table and parent not in seen:
            above: Select[Any] = select(parent.c.id).where(_goes(parent, doomed, (*seen, table)))
            going.append(and_(column.is_not(None), column.in_(above)))
    return or_(*going)


def _delete(session: Session, going: Doomed) -> int:
    """Deletes from the outside in. Returns how many interactions went."""
    entries = going[_t(InteractionLogEntry)]
    removed = delete_entries(session, select(InteractionLogEntry.id).where(InteractionLogEntry.id.in_(entries)))
    # a worksheet goes with its logged segment
    values = select(LoggedSegmentValues.id).where(LoggedSegmentValues.logged_segment_id.in_(going[_t(LoggedSegment)]))
    going[_t(LoggedSegmentValues)] = set(session.scalars(values))
    order = (
        Task,
        LoggedSegmentValues,
        LoggedSegment,
        Segment,
        CampaignEntry,
        Contact,
        Campaign,
        User,
        Salesperson,
        *CLASSIFIED_BY,
    )
    for model in order:
        ids = sorted(going[_t(model)])
        if ids:
            delete_row(session, _t(model), ids, name="demo")
    return removed
