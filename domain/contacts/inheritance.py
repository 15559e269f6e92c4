"""What a person takes over from its company, and when (contacts.md 2.1).

A: when the person gets a company. B: when the company changes. C: defaults of Marketing setup for what is still blank.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, case, or_, select, update
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.keys import refresh_emails_of, refresh_keys_of
from domain.contacts.models import COMPANY, PERSON, Contact
from domain.setup.models import MarketingSetup

_SWITCHES = (
    ("salesperson_id", "inherit_salesperson"),
    ("territory_id", "inherit_territory"),
    ("country_id", "inherit_country"),
    ("language_id", "inherit_language"),
)
_COMPARED_ADDRESS = ("address", "address_2", "post_code", "city")
_ADDRESS = (*_COMPARED_ADDRESS, "county")
_COMMUNICATION = ("phone", "mobile", "fax", "email", "home_page")
PASSED_ON = ("name", *(field for field, _ in _SWITCHES), *_ADDRESS, *_COMMUNICATION, "no")
_contact: Table = Contact.__table__  # type: ignore[assignment]


def take_over(person: Any, company: Any, setup: MarketingSetup, *, former: Any | None = None) -> None:
    """The person gets the data of its new company (2.1 A). `former` is the company it had before.

    Works on contacts in memory and asks the database nothing, so that an import can use it row by row.
    """
    person.company_name = company.name
    for field, switch in _SWITCHES:
        if getattr(setup, switch):
            setattr(person, field, getattr(company, field))
    if setup.inherit_address and _address_is_stale(person, former):
        for field in _ADDRESS:
            setattr(person, field, getattr(company, field))
    if setup.inherit_communication:
        for field in (*_COMMUNICATION, "correspondence_type"):
            present = getattr(person, field)
            if not present or (former is not None and present == getattr(former, field)):
                setattr(person, field, getattr(company, field))


def _address_is_stale(person: Any, former: Any | None) -> bool:
    if not any(getattr(person, field) for field in _COMPARED_ADDRESS):
        return True
    return former is not None and all(getattr(person, field) == getattr(former, field) for field in _COMPARED_ADDRESS)


def fill_defaults(contact: Any, setup: MarketingSetup, *, salesperson_id: int | None) -> None:
    """Defaults for fields that are still blank (2.1 C, 2.11). `salesperson_id` is the user's own salesperson."""
    defaults = {
        "salesperson_id": salesperson_id or setup.default_salesperson_id,
        "territory_id": setup.default_territory_id,
        "country_id": setup.default_country_id,
        "language_id": setup.default_language_id,
        "correspondence_type": setup.default_correspondence_type,
        "salutation_id": default_salutation_id(contact.type, setup),
    }
    for field, value in defaults.items():
        if not getattr(contact, field):
            setattr(contact, field, value)


def default_salutation_id(type: str, setup: MarketingSetup) -> int | None:
    """The salutation that companies or persons get."""
    return setup.default_company_salutation_id if type == COMPANY else setup.default_person_salutation_id


def pass_on(session: Session, company: Contact, before: Mapping[str, Any], setup: MarketingSetup, *, by: Actor) -> int:
    """The persons of a company follow its change (2.1 B). Returns how many changed.

    `before` holds the former values of the fields in `PASSED_ON`. One UPDATE, then the keys; persons that hold a
    value of their own keep it. Objects of persons in the session are expired.
    """
    changed = {field for field in PASSED_ON if before[field] != getattr(company, field)}
    follows: dict[str, ColumnElement[bool]] = {}
    for field, switch in _SWITCHES:
        if field in changed and getattr(setup, switch):
            follows[field] = _contact.c[field].is_not_distinct_from(before[field])
    if setup.inherit_address:
        same = and_(*(_contact.c[field] == before[field] for field in _COMPARED_ADDRESS))
        follows |= {field: same for field in _ADDRESS if field in changed}
    if setup.inherit_communication:
        follows |= {field: _contact.c[field] == before[field] for field in _COMMUNICATION if field in changed}
    values: dict[str, Any] = {
        field: case((condition, getattr(company, field)), else_=_contact.c[field])
        for field, condition in follows.items()
    }
    concerned = [
        and_(condition, _contact.c[field].is_distinct_from(getattr(company, field)))
        for field, condition in follows.items()
    ]
    if "name" in changed:
        values["company_name"] = company.name
        concerned.append(_contact.c.company_name != company.name)
    persons = and_(_contact.c.company_id == company.id, _contact.c.type == PERSON)
    session.flush()
    number = 0
    if values:
        values |= {"modified_at": by.now, "modified_by": by.user_name, "version": _contact.c.version + 1}
        statement = update(_contact).where(persons, or_(*concerned)).values(values)
        number = session.execute(statement).rowcount  # type: ignore[attr-defined]
    ids = select(_contact.c.id).where(persons)
    if changed & {"name", "no", "city", "email"}:
        refresh_keys_of(session, ids)
    if "email" in changed:
        refresh_emails_of(session, ids)
    for person in list(session.identity_map.values()):
        if isinstance(person, Contact) and person.type == PERSON and person.company_id == company.id:
            session.expire(person)
    return number
