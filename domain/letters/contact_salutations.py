"""The salutations of a contact as its letters begin with them (contacts.md 1.5, "Contact Salutations")."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from domain.contacts.models import Contact
from domain.contacts.salutations import FORMAL, INFORMAL, formula_for, unpacked
from domain.letters.salutations import Formula, salutation

_VALUES = ("name", "first_name", "middle_name", "surname", "initials", "job_title", "company_name")


def contact_salutations(session: Session, contact: Contact) -> dict[str, str]:
    """The text of "formal" and "informal" in the contact's language (B11); one statement."""
    row = session.execute(select(*formula_columns()).where(Contact.id == contact.id)).one()
    return salutation_texts(contact, row)


def formula_columns() -> list[ColumnElement[str]]:
    """The stored formulas of the contact of the enclosing statement, labelled "formal" and "informal"."""
    return [formula_for(Contact, Contact.language_id, kind).label(kind) for kind in (FORMAL, INFORMAL)]


def salutation_texts(contact: Contact, row: Row[*tuple[Any, ...]]) -> dict[str, str]:
    """The texts of a row with `formula_columns`."""
    values = {name: getattr(contact, name) for name in _VALUES}
    texts = {}
    for kind in (FORMAL, INFORMAL):
        found = unpacked(getattr(row, kind))
        texts[kind] = salutation(Formula(found.text, found.names) if found else None, values)
    return texts
