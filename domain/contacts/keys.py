"""The keys contacts are found and ordered by (decisions B24), and the rows of their e-mail addresses (B28).

`list_key` orders the contact list: company name, company number, the company before its persons, name. A person without
company stands where a company of that name would (B5). Its parts are separated by U+001F, which sorts before every
letter and blank.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Table, bindparam, case, delete, insert, select, update
from sqlalchemy.orm import Session, aliased

from domain.contacts.models import COMPANY, Contact, ContactEmail
from domain.types import find_key, fold, sort_key, sort_key_sv

SEPARATOR = "\x1f"
CHUNK = 5_000
_contact: Table = Contact.__table__  # type: ignore[assignment]
_email: Table = ContactEmail.__table__  # type: ignore[assignment]


@dataclass(frozen=True)
class Named:
    """What the keys are made of. `company_no` is the number of the contact's company (its own for a company)."""

    no: str
    type: str
    name: str
    company_no: str
    company_name: str
    city: str
    email: str
    search_name: str


def email_addresses(email: str) -> list[str]:
    """The addresses in an e-mail field, in order (B28)."""
    return [address for address in (part.strip() for part in email.split(";")) if address]


def email_keys(email: str) -> list[str]:
    """The addresses as they are compared, each once."""
    return list(dict.fromkeys(fold(address)[:254] for address in email_addresses(email)))


def keys_of(contact: Named) -> dict[str, str]:
    """The values of all key columns."""
    sort, sort_sv = sort_key(contact.name)[:120], sort_key_sv(contact.name)[:140]
    if contact.type == COMPANY:
        head, head_sv, company_no, rank, tail, tail_sv = sort, sort_sv, contact.no, "0", "", ""
    elif contact.company_no:
        head, head_sv = sort_key(contact.company_name)[:120], sort_key_sv(contact.company_name)[:140]
        company_no, rank, tail, tail_sv = contact.company_no, "1", sort, sort_sv
    else:
        head, head_sv, company_no, rank, tail, tail_sv = sort, sort_sv, contact.no, "1", "", ""
    found_in = (contact.no, contact.name, contact.company_name, contact.city, contact.email, contact.search_name)
    return {
        "name_key": fold(contact.name)[:100],
        "find_key": " ".join(dict.fromkeys(key for key in map(find_key, found_in) if key)),
        "sort_key": sort,
        "sort_key_sv": sort_sv,
        "list_key": f"{head}{SEPARATOR}{company_no}{SEPARATOR}{rank}{tail}",
        "list_key_sv": f"{head_sv}{SEPARATOR}{company_no}{SEPARATOR}{rank}{tail_sv}",
    }


def refresh_keys(contact: Contact, company: Contact | None = None) -> None:
    """Fills the key columns of one contact. `company` is the company of a person who has one."""
    named = Named(
        no=contact.no,
        type=contact.type,
        name=contact.name,
        company_no=company.no if company is not None else contact.no if contact.type == COMPANY else "",
        company_name=contact.company_name,
        city=contact.city,
        email=contact.email,
        search_name=contact.search_name,
    )
    for column, value in keys_of(named).items():
        setattr(contact, column, value)


def refresh_emails(session: Session, contact: Contact) -> None:
    """Keeps the rows of `contact_email` in step with `Contact.email` (B28)."""
    wanted = set(email_keys(contact.email))
    present = set(session.scalars(select(ContactEmail.address_key).where(ContactEmail.contact_id == contact.id)))
    if gone := present - wanted:
        session.execute(delete(_email).where(_email.c.contact_id == contact.id, _email.c.address_key.in_(gone)))
    session.add_all(ContactEmail(contact_id=contact.id, address_key=key) for key in sorted(wanted - present))


def refresh_keys_of(session: Session, ids: Select[Any]) -> int:
    """Fills the key columns of many contacts; `ids` is a select of contact ids. Returns how many there were.

    Reads and writes in chunks, so the number of statements grows with the thousands, not with the contacts. Objects
    in the session are not told.
    """
    company = aliased(Contact, name="company_of_keys")
    question = (
        select(
            Contact.id,
            Contact.no,
            Contact.type,
            Contact.name,
            case((company.id.is_(None), ""), else_=company.no).label("company_no"),
            Contact.company_name,
            Contact.city,
            Contact.email,
            Contact.search_name,
        )
        .join(company, company.id == Contact.company_id, isouter=True)
        .where(Contact.id.in_(ids))
    )
    session.flush()
    rows = session.execute(question).all()
    writing = update(_contact).where(_contact.c.id == bindparam("key_of"))
    for chunk in _chunks(rows):
        values = [{"key_of": row.id, **keys_of(Named(*row[1:]))} for row in chunk]
        session.execute(writing, values)
    return len(rows)


def refresh_emails_of(session: Session, ids: Select[Any]) -> None:
    """Writes the rows of `contact_email` of many contacts anew; `ids` is a select of contact ids (B28)."""
    session.flush()
    rows = session.execute(select(Contact.id, Contact.email).where(Contact.id.in_(ids))).all()
    session.execute(delete(_email).where(_email.c.contact_id.in_(ids)))
    values = [{"contact_id": row.id, "address_key": key} for row in rows if row.email for key in email_keys(row.email)]
    for chunk in _chunks(values):
        session.execute(insert(_email), chunk)


def _chunks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    rows = list(rows)
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]
