"""Countries and regions: create, edit, delete (contacts.md 1.4)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.errors import RuleViolation
from domain.messages import Message, say
from domain.references import delete_row
from domain.setup.fields import refuse_blank_code, refuse_used_code, save, set_fields
from domain.setup.models import ADDRESS_FORMATS, Country

FIELDS = ("code", "name", "iso_code", "address_format")


def create_country(session: Session, *, by: Actor, **values: Any) -> Country:
    """A new country. `values`: `FIELDS`. Raises `Forbidden`, `RuleViolation` on the field."""
    by.must_be_allowed("change setup")
    country = Country()
    _change(session, country, {"code": "", "name": "", "iso_code": "", "address_format": "post_code_city", **values})
    session.add(country)
    save(session, _taken(country))
    return country


def edit_country(session: Session, country: Country, *, changes: dict[str, Any], by: Actor) -> Country:
    """Changes fields of a country. Raises as `create_country`."""
    by.must_be_allowed("change setup")
    _change(session, country, changes)
    save(session, _taken(country))
    return country


def delete_country(session: Session, country: Country, *, by: Actor) -> None:
    """Deletes a country no contact and no alternative address uses."""
    by.must_be_allowed("change setup")
    delete_row(session, Country.metadata.tables["country"], [country.id], name=country.code)


def _change(session: Session, country: Country, changes: dict[str, Any]) -> None:
    with session.no_autoflush:
        set_fields(country, changes)
        refuse_blank_code(country.code)
        if not country.name:
            raise RuleViolation(say("Enter a name."), field="name")
        if country.iso_code and not (
            len(country.iso_code) == 2 and country.iso_code.isascii() and country.iso_code.isalpha()
        ):
            raise RuleViolation(say("An ISO code has two letters, for example SE."), field="iso_code")
        if country.address_format not in ADDRESS_FORMATS:
            raise RuleViolation(say("Choose an address format from the list."), field="address_format")
        refuse_used_code(session, Country, country, _taken(country))


def _taken(country: Country) -> Message:
    return say("There is already a country/region %(code)s.", code=country.code)
