"""Contacts for tests, made with as little said as possible."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.contacts.keys import refresh_emails, refresh_keys
from domain.contacts.models import COMPANY, PERSON, AltAddress, AltAddressRange, Contact, Salutation, SalutationFormula
from domain.contacts.names import split_name
from domain.setup.models import Country, MarketingSetup
from tests.factories.setup import NOW, make_language, make_office

_numbers = count(1)


def make_contact(
    session: Session,
    no: str = "",
    *,
    type: str = "",
    name: str = "",
    company: Contact | None = None,
    language: str | None = "ENG",
    **values: Any,
) -> Contact:
    """A company, or a person (of a company) when `type` or `company` says so. Nothing is inherited and no default
    applied.

    `language` is a code (None for no language); other values are columns of the contact.
    """
    type = type or (PERSON if company is not None else COMPANY)
    name = name or (f"Company {next(_numbers)}" if type == COMPANY else f"Person Number{next(_numbers)}")
    facts: dict[str, Any] = {
        "no": (no or f"C{next(_numbers):05}").upper(),
        "type": type,
        "name": name,
        "search_name": name.upper(),
        "company_name": company.name if company is not None else name if type == COMPANY else "",
        "company_id": company.id if company is not None else None,
        "language_id": make_language(session, language).id if language else None,
        "created_at": NOW,
        "modified_at": NOW,
    }
    if type == PERSON:
        facts |= dict(zip(("first_name", "middle_name", "surname"), split_name(name), strict=True))
    contact = Contact(**(facts | values))
    for column in Contact.__table__.columns:
        if getattr(contact, column.name) is None and column.default is not None and column.default.is_scalar:
            setattr(contact, column.name, column.default.arg)
    refresh_keys(contact, company)
    session.add(contact)
    session.flush()
    if type == COMPANY and contact.company_id is None:
        contact.company_id = contact.id
    refresh_emails(session, contact)
    session.flush()
    return contact


def make_alt_address(
    session: Session,
    contact: Contact,
    code: str = "HOME",
    *,
    ranges: list[tuple[dt.date, dt.date | None]] | None = None,
    **values: Any,
) -> AltAddress:
    """An alternative address of a contact with the days (start, end or None) it counts on."""
    address = AltAddress(
        contact_id=contact.id, code=code, **({"address": f"{code} street 1", "city": code.title()} | values)
    )
    address.ranges = [
        AltAddressRange(contact_id=contact.id, starting_date=start, ending_date=end) for start, end in ranges or []
    ]
    session.add(address)
    session.flush()
    return address


def make_salutation(
    session: Session, code: str, formulas: dict[tuple[str | None, str], tuple[str, ...]] | None = None
) -> Salutation:
    """A salutation with formulas: {(language code or None, "formal" | "informal"): (text, name part, …)}."""
    salutation = session.scalar(select(Salutation).where(Salutation.code == code))
    if salutation is None:
        salutation = Salutation(code=code, description=code)
        session.add(salutation)
    for (language, kind), (text, *parts) in (formulas or {}).items():
        names = {f"name_{i}": part for i, part in enumerate(parts, 1)}
        language_id = make_language(session, language).id if language else None
        salutation.formulas.append(SalutationFormula(language_id=language_id, kind=kind, text=text, **names))
    session.flush()
    return salutation


def make_country(session: Session, code: str = "SE", **values: Any) -> Country:
    """The country with this code, made if it is not there."""
    country = session.scalar(select(Country).where(Country.code == code))
    if country is None:
        country = Country(code=code, **({"name": code, "iso_code": code[:2]} | values))
        session.add(country)
        session.flush()
    return country


def make_setup(session: Session, **values: Any) -> MarketingSetup:
    """Marketing setup with some values set."""
    make_office(session)
    setup = session.get_one(MarketingSetup, 1)
    for name, value in values.items():
        setattr(setup, name, value)
    session.flush()
    return setup
