"""The codes of a contact: read, give, take away (contacts.md 1.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, delete, insert, literal, select, union_all
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.classification.kinds import ASSIGNED, Kind
from domain.contacts.classification.models import ContactProfileAnswer
from domain.contacts.edit import touch
from domain.contacts.models import COMPANY, Contact
from domain.errors import RuleViolation
from domain.messages import Message, say
from domain.types import code

_ANSWER = "profile_answer"  # no key of a list of codes


@dataclass(frozen=True)
class AssignedCode:
    """A code a contact has."""

    id: int
    code: str
    description: str


@dataclass(frozen=True)
class Classified:
    """What a contact is classified by: codes by `Kind.key`, in code order, and the ids of its profile answers."""

    codes: dict[str, list[AssignedCode]]
    answer_ids: frozenset[int]


def classification_of(session: Session, contact: Contact) -> Classified:
    """The codes and answers of a contact, in one statement.

    Industry groups and business relations of a person are those of its company (contacts.md 1.2).
    """
    parts: list[Select[str, int, str, str]] = []
    for kind in ASSIGNED:
        owner = contact.company_id if kind.of_company else contact.id
        parts.append(
            select(literal(kind.key).label("kind"), kind.model.id, kind.model.code, kind.model.description)
            .join(kind.link, kind.link.code_id == kind.model.id)
            .where(kind.link.contact_id == owner)
        )
    given = ContactProfileAnswer
    parts.append(
        select(literal(_ANSWER), given.answer_id, literal(""), literal("")).where(given.contact_id == contact.id)
    )
    codes: dict[str, list[AssignedCode]] = {kind.key: [] for kind in ASSIGNED}
    answers = set()
    for row in sorted(session.execute(union_all(*parts)), key=lambda one: one.code):
        if row.kind == _ANSWER:
            answers.add(row.id)
        else:
            codes[row.kind].append(AssignedCode(row.id, row.code, row.description))
    return Classified(codes, frozenset(answers))


def codes_of(session: Session, contact: Contact) -> dict[str, list[AssignedCode]]:
    """The codes of `classification_of`."""
    return classification_of(session, contact).codes


def may_have(contact: Contact, kind: Kind) -> bool:
    """Whether a contact itself may have codes of a list: industry groups are companies', responsibilities persons'."""
    return kind.only in ("", contact.type)


def change_codes(
    session: Session, contact: Contact, kind: Kind, *, add: Iterable[str] = (), remove: Iterable[str] = (), by: Actor
) -> None:
    """Gives a contact codes of a list and takes others away; what it has or lacks already is passed over.

    Counts as a change of the contact. Raises `RuleViolation` when a code to add is unknown or the list is not for such
    contacts, `Forbidden`.
    """
    by.must_be_allowed("edit contacts")
    added, removed = {code(text) for text in add}, {code(text) for text in remove}
    if not may_have(contact, kind):
        raise RuleViolation(_wrong_type(kind))
    ids = _ids(session, kind, added | removed)
    if unknown := sorted(added - set(ids)):
        raise RuleViolation(say("There is no code %(text)s in this list.", text=unknown[0][:50]))
    links = kind.links
    has = set(session.scalars(select(links.c.code_id).where(links.c.contact_id == contact.id)))
    gone = has & {ids[one] for one in removed - added if one in ids}
    new = {ids[one] for one in added} - has
    if gone:
        session.execute(delete(links).where(links.c.contact_id == contact.id, links.c.code_id.in_(gone)))
    if new:
        session.execute(insert(links), [{"contact_id": contact.id, "code_id": one} for one in sorted(new)])
    if gone or new:
        touch(contact, by=by)
        session.flush()


def _ids(session: Session, kind: Kind, codes: set[str]) -> dict[str, int]:
    wanted = select(kind.model.code, kind.model.id).where(kind.model.code.in_(codes))
    return {row.code: row.id for row in session.execute(wanted)}


def _wrong_type(kind: Kind) -> Message:
    return say("Only companies have this.") if kind.only == COMPANY else say("Only persons have this.")


def contacts_with(kind: Kind, codes: Select[int]) -> Select[int]:
    """The ids of contacts that have one of the codes whose ids `codes` selects.

    Lists of companies count for everybody of the company: "company number of the contact" (contacts.md 3.1).
    """
    if kind.link is None:
        return select(Contact.id).where(getattr(Contact, kind.field).in_(codes))
    holders: Select[Any] = select(kind.link.contact_id).where(kind.link.code_id.in_(codes))
    return select(Contact.id).where(Contact.company_id.in_(holders)) if kind.of_company else holders


def contacts_with_code(kind: Kind, text: str) -> Select[int]:
    """The ids of contacts that have this code (`contacts_with`); none for an unknown code."""
    return contacts_with(kind, select(kind.model.id).where(kind.model.code == text.replace("\x00", "")))
