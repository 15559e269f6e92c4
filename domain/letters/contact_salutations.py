"""The salutations of a contact as its letters begin with them (contacts.md 1.5, "Contact Salutations")."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.contacts.models import Contact
from domain.contacts.salutations import FORMAL, INFORMAL, formula_for, unpacked
from domain.letters.salutations import Formula, salutation

_VALUES = ("name", "first_name", "middle_name", "surname", "initials", "job_title", "company_name")


def contact_salutations(session: Session, contact: Contact) -> dict[str, str]:
    """The text of "formal" and "informal" in the contact's language (B11); one statement."""
    formulas = select(*(formula_for(Contact, Contact.language_id, kind) for kind in (FORMAL, INFORMAL)))
    values = {name: getattr(contact, name) for name in _VALUES}
    texts = []
    for stored in session.execute(formulas.where(Contact.id == contact.id)).one():
        found = unpacked(stored)
        texts.append(salutation(Formula(found.text, found.names) if found else None, values))
    return dict(zip((FORMAL, INFORMAL), texts, strict=True))
