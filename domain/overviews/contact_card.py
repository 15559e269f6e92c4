"""The head of a contact's card: the contact, its company, and the figures of every room about it, in one statement."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, select, true
from sqlalchemy.orm import Session, aliased

from domain.contacts.history import history_count
from domain.contacts.listing import neighbours_of, person_count
from domain.contacts.models import COMPANY, PERSON, Contact
from domain.contacts.search import storable
from domain.errors import NotFound
from domain.interactions.draft_models import InteractionDraft
from domain.interactions.figures import ContactFigures, select_figures
from domain.interactions.postpone import drafts_of
from domain.interactions.queries import entries_of
from domain.letters.contact_salutations import formula_columns, salutation_texts
from domain.messages import say
from domain.tasks.queries import select_open_tasks
from domain.types import code

_FIGURES = tuple(ContactFigures.__dataclass_fields__)


@dataclass(frozen=True)
class ContactOverview:
    """What the card of a contact says of it besides its own fields.

    `own_history`: rows of history of the contact itself; everything else of a company counts its people in. `salutation`:
    texts by kind (B11). `next_task` is the date of the first open task.
    """

    company: Contact | None
    salutation: dict[str, str]
    figures: ContactFigures
    own_history: int
    postponed: int
    persons: int
    open_tasks: int
    next_task: dt.date | None
    previous_no: str | None
    next_no: str | None


def contact_card(session: Session, no: str, *, swedish: bool = False) -> tuple[Contact, ContactOverview]:
    """The contact with this number and its overview. `swedish`: neighbours in the Swedish order. Raises `NotFound`."""
    other = aliased(Contact)
    by_no = select(other.id).where(other.no == storable(no))
    statement = _overview(
        by_no.scalar_subquery(), by_no.where(other.type == COMPANY).scalar_subquery(), swedish=swedish
    )
    row = session.execute(statement.add_columns(Contact).where(Contact.no == storable(no))).one_or_none()
    if row is None:
        raise NotFound(say("There is no contact %(no)s.", no=code(no)))
    return row.Contact, _read(row, row.Contact)


def overview_of(session: Session, contact: Contact, *, swedish: bool = False) -> ContactOverview:
    """The overview of a contact that is loaded already."""
    statement = _overview(contact.id, contact.id if contact.type == COMPANY else None, swedish=swedish)
    return _read(session.execute(statement.where(Contact.id == contact.id)).one(), contact)


def _overview(contact_id: Any, company_id: Any, *, swedish: bool) -> Select[*tuple[Any, ...]]:
    company = aliased(Contact, name="company")
    figures = select_figures(entries_of(contact_id, company_id)).subquery("figures")
    tasks = select_open_tasks(contact_id, company_id).subquery("tasks")
    postponed = select(func.count()).select_from(InteractionDraft).where(drafts_of(contact_id, company_id))
    previous_no, next_no = neighbours_of(Contact, swedish=swedish)
    return (
        select(
            company,
            *formula_columns(),
            *figures.c,
            *tasks.c,
            history_count(contact_id).label("own_history"),
            postponed.correlate(None).scalar_subquery().label("postponed"),
            person_count(contact_id).label("persons"),
            previous_no.label("previous_no"),
            next_no.label("next_no"),
        )
        .select_from(Contact)
        .outerjoin(company, (company.id == Contact.company_id) & (Contact.type == PERSON))
        .join(figures, true())
        .join(tasks, true())
    )


def _read(row: Row[*tuple[Any, ...]], contact: Contact) -> ContactOverview:
    return ContactOverview(
        company=row.company,
        salutation=salutation_texts(contact, row),
        figures=ContactFigures(*(getattr(row, name) for name in _FIGURES)),
        own_history=row.own_history,
        postponed=row.postponed,
        persons=row.persons,
        open_tasks=row.open_tasks,
        next_task=row.next_task,
        previous_no=row.previous_no,
        next_no=row.next_no,
    )
