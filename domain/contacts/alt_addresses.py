"""Alternative addresses of a contact and the days they count on (contacts.md 1.4, R-L05)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ScalarSelect, Table, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from domain.accounts.actor import Actor
from domain.contacts.edit import touch
from domain.contacts.fields import check_references, clean
from domain.contacts.models import AltAddress, AltAddressRange, Contact
from domain.errors import NotFound, RuleViolation
from domain.messages import say
from domain.references import delete_row
from domain.types import code

_alt_address: Table = AltAddress.__table__  # type: ignore[assignment]
FIELDS = (
    "code",
    "company_name",
    "company_name_2",
    "address",
    "address_2",
    "post_code",
    "city",
    "county",
    "country_id",
    "phone",
    "mobile",
    "fax",
    "email",
    "home_page",
)


def active_alt_address(contact_id: Any, date: Any) -> ScalarSelect[int | None]:
    """The id of the alternative address that counts for a contact on a day, as a sub-select; NULL for the main address.

    Among the ranges with start ≤ day and (end ≥ day or no end) the one with the latest start (R-L05, contacts.md
    2.16 a). `contact_id` and `date` are columns of the enclosing statement, or values.
    """
    found = aliased(AltAddressRange)
    return (
        select(found.alt_address_id)
        .where(
            found.contact_id == contact_id,
            found.starting_date <= date,
            or_(found.ending_date.is_(None), found.ending_date >= date),
        )
        .order_by(found.starting_date.desc())
        .limit(1)
        .correlate_except(found)
        .scalar_subquery()
    )


def alt_address_list(session: Session, contact: Contact) -> list[AltAddress]:
    """The alternative addresses of a contact with their date ranges, in code order; one statement."""
    addresses = (
        select(AltAddress)
        .where(AltAddress.contact_id == contact.id)
        .options(joinedload(AltAddress.ranges), joinedload(AltAddress.country))
        .order_by(AltAddress.code)
    )
    return list(session.scalars(addresses).unique())


def get_alt_address(session: Session, contact: Contact, address_code: str) -> AltAddress:
    """The alternative address of a contact with this code. Raises `NotFound`."""
    address = session.scalar(
        select(AltAddress).where(
            AltAddress.contact_id == contact.id, AltAddress.code == address_code.replace("\x00", "")
        )
    )
    if address is None:
        raise NotFound(
            say("Contact %(no)s has no alternative address %(code)s.", no=contact.no, code=code(address_code))
        )
    return address


def add_alt_address(session: Session, contact: Contact, values: Mapping[str, Any], *, by: Actor) -> AltAddress:
    """A new alternative address. Raises `RuleViolation` with its field, `Forbidden`."""
    by.must_be_allowed("edit contacts")
    address = AltAddress(contact_id=contact.id)
    _fill(session, address, values)
    session.add(address)
    touch(contact, by=by)
    session.flush()
    return address


def edit_alt_address(
    session: Session, contact: Contact, address: AltAddress, changes: Mapping[str, Any], *, by: Actor
) -> None:
    """Changes an alternative address. Raises `RuleViolation` with its field, `Forbidden`."""
    by.must_be_allowed("edit contacts")
    _fill(session, address, changes)
    touch(contact, by=by)
    session.flush()


def remove_alt_address(session: Session, contact: Contact, address: AltAddress, *, by: Actor) -> None:
    """Removes an alternative address with its date ranges; segment lines that named it go back to inherited."""
    by.must_be_allowed("edit contacts")
    touch(contact, by=by)
    delete_row(session, _alt_address, [address.id], name=address.code)


def add_range(
    session: Session, contact: Contact, address: AltAddress, *, start: dt.date | None, end: dt.date | None, by: Actor
) -> AltAddressRange:
    """The address counts from `start` to `end` (None: open). One range of a contact starts on a day (contacts.md
    1.4)."""
    by.must_be_allowed("edit contacts")
    found = AltAddressRange(contact_id=contact.id, alt_address_id=address.id)
    _set_days(session, found, start, end)
    session.add(found)
    touch(contact, by=by)
    session.flush()
    session.expire(address, ["ranges"])
    return found


def get_range(session: Session, contact: Contact, start: dt.date) -> AltAddressRange:
    """The date range of a contact that starts on a day. Raises `NotFound`."""
    found = session.scalar(
        select(AltAddressRange).where(AltAddressRange.contact_id == contact.id, AltAddressRange.starting_date == start)
    )
    if found is None:
        raise NotFound(say("This date range no longer exists."))
    return found


def edit_range(
    session: Session, contact: Contact, days: AltAddressRange, *, start: dt.date | None, end: dt.date | None, by: Actor
) -> None:
    """Changes the days of a range."""
    by.must_be_allowed("edit contacts")
    _set_days(session, days, start, end)
    touch(contact, by=by)
    session.flush()


def remove_range(session: Session, contact: Contact, days: AltAddressRange, *, by: Actor) -> None:
    """The address no longer counts on these days."""
    by.must_be_allowed("edit contacts")
    touch(contact, by=by)
    session.delete(days)
    session.flush()


def _fill(session: Session, address: AltAddress, values: Mapping[str, Any]) -> None:
    cleaned = clean(values, table=AltAddress)
    check_references(session, cleaned)
    if "code" in cleaned:
        if not cleaned["code"]:
            raise RuleViolation(say("An alternative address needs a code."), field="code")
        taken = select(AltAddress.id).where(
            AltAddress.contact_id == address.contact_id, AltAddress.code == cleaned["code"]
        )
        other = session.scalar(taken)
        if other is not None and other != address.id:
            raise RuleViolation(
                say("The contact already has an alternative address %(code)s.", code=cleaned["code"]), field="code"
            )
    for field, value in cleaned.items():
        setattr(address, field, value)


def _set_days(session: Session, days: AltAddressRange, start: dt.date | None, end: dt.date | None) -> None:
    if start is None:
        raise RuleViolation(say("A date range needs a starting date."), field="starting_date")
    if end is not None and start > end:
        raise RuleViolation(say("The ending date lies before the starting date."), field="ending_date")
    same = select(AltAddressRange.id).where(
        AltAddressRange.contact_id == days.contact_id, AltAddressRange.starting_date == start
    )
    with session.no_autoflush:
        other = session.scalar(same)
    if other is not None and other != days.id:
        raise RuleViolation(say("Another date range of this contact begins on the same day."), field="starting_date")
    days.starting_date, days.ending_date = start, end
