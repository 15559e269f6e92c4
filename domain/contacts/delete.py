"""Deleting a contact (contacts.md 2.5, B16)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.history import history_of
from domain.contacts.models import COMPANY, PERSON, AltAddress, Contact
from domain.errors import RuleViolation
from domain.references import delete_row, erase_copies, refuse_if_used

_contact: Table = Contact.__table__  # type: ignore[assignment]


@dataclass(frozen=True)
class Consequences:
    """What deleting a contact would do, for the question before it.

    `refusal` is the reason against it. `history` counts the entries of the contact itself: they go to its company,
    or lose the contact. `persons` go with their company.
    """

    persons: int
    alt_addresses: int
    history: int
    refusal: RuleViolation | None


def deletion_consequences(session: Session, contact: Contact) -> Consequences:
    """What `delete_contact` would do."""
    ids = _going(session, contact)
    addresses = session.scalar(select(func.count()).select_from(AltAddress).where(AltAddress.contact_id.in_(ids))) or 0
    refusal = None
    try:
        _refuse(session, contact, ids)
    except RuleViolation as reason:
        refusal = reason
    history = history_of(session, contact)
    return Consequences(len(ids) - 1, addresses, history, refusal)


def delete_contact(session: Session, contact: Contact, *, by: Actor) -> None:
    """Deletes a contact, a company with its persons (2.5, B16).

    Refused when it, or one of its persons, is on an open segment or has an open task. The history of a person goes
    to its company; that of a company stays in the log without the contact. Removed and frozen segment lines lose the
    contact too. What these and the log have copied from the contact goes: names, comments, letters; its number stays
    in the log. Raises `RuleViolation`, `Forbidden`.
    """
    by.must_be_allowed("delete contacts")
    ids = _going(session, contact)
    _refuse(session, contact, ids)
    erase_copies(session, _contact, ids)
    successor = contact.company_id if contact.type == PERSON else None
    delete_row(session, _contact, ids, name=contact.name, successor=successor)


def _going(session: Session, contact: Contact) -> list[int]:
    """The contact and, for a company, its persons."""
    if contact.type != COMPANY:
        return [contact.id]
    persons = select(Contact.id).where(Contact.company_id == contact.id, Contact.type == PERSON)
    return [*session.scalars(persons), contact.id]


def _refuse(session: Session, contact: Contact, ids: list[int]) -> None:
    """Raises the declared sentence, with the name of the contact that is in the way."""
    try:
        refuse_if_used(session, _contact, ids, name=contact.name)
    except RuleViolation:
        for one in ids:
            refuse_if_used(session, _contact, [one], name=session.get_one(Contact, one).name)
        raise
