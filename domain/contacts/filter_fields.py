"""The fields of a contact that can be filtered, in the list and in criteria (contacts.md 3.1, group 1)."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy.orm import aliased

from domain.contacts.fields import LABELS, SWITCHES
from domain.contacts.models import COMPANY, PERSON, Contact, Salutation
from domain.contacts.search import occurring
from domain.filters.fields import Field, FilterTable, Kind, Reference
from domain.messages import Message, say, say_in
from domain.setup.models import Country, Language, Salesperson

CONTACT_TYPE_OPTIONS: dict[str, Message] = {
    COMPANY: say_in("contact type", "Company"),
    PERSON: say_in("contact type", "Person"),
}
CORRESPONDENCE_TYPE_OPTIONS: dict[str, Message] = {
    "": say("(blank)"),
    "hard_copy": say_in("correspondence type", "Hard copy"),
    "email": say_in("correspondence type", "E-mail"),
    "fax": say_in("correspondence type", "Fax"),
}
COUNTRY = Reference(Country.id, Country.code, Country.name)
LANGUAGE = Reference(Language.id, Language.code, Language.name)
SALESPERSON = Reference(Salesperson.id, Salesperson.code, Salesperson.name)
SALUTATION = Reference(Salutation.id, Salutation.code, Salutation.description)

_company: Any = aliased(Contact)


FOUND_BY = ("no", "search_name", "name", "company_name", "city", "email")
"""Fields whose texts the search index knows (`find_key`)."""


def _text(name: str) -> Field:
    known = occurring if name in FOUND_BY else None
    return Field(name, LABELS[name], Kind.TEXT, getattr(Contact, name), occurring=known)


def _code(name: str) -> Field:
    return Field(name, LABELS[name], Kind.CODE, getattr(Contact, name), occurring=partial(occurring, is_code=True))


CONTACT_FILTERS = FilterTable.of(
    "contact",
    say("Contact"),
    [
        _code("no"),
        _code("search_name"),
        Field("type", LABELS["type"], Kind.OPTION, Contact.type, options=CONTACT_TYPE_OPTIONS),
        Field("salesperson", LABELS["salesperson_id"], Kind.CODE, Contact.salesperson_id, SALESPERSON, is_me=True),
        _text("post_code"),
        Field("country", LABELS["country_id"], Kind.CODE, Contact.country_id, COUNTRY),
        *map(_text, ("name", "name_2", "first_name", "middle_name", "surname", "initials", "job_title")),
        Field("company_no", say("Company No."), Kind.CODE, Contact.company_id, Reference(_company.id, _company.no)),
        *map(_text, ("company_name", "address", "address_2", "city", "county")),
        *map(_text, ("phone", "mobile", "fax", "email", "home_page")),
        Field("language", LABELS["language_id"], Kind.CODE, Contact.language_id, LANGUAGE),
        Field(
            "correspondence_type",
            LABELS["correspondence_type"],
            Kind.OPTION,
            Contact.correspondence_type,
            options=CORRESPONDENCE_TYPE_OPTIONS,
        ),
        Field("salutation", LABELS["salutation_id"], Kind.CODE, Contact.salutation_id, SALUTATION),
        *(Field(name, LABELS[name], Kind.BOOLEAN, getattr(Contact, name)) for name in SWITCHES),
        *map(_text, ("external_id", "vat_no", "registration_no")),
        Field("created", say("Created on"), Kind.MOMENT, Contact.created_at),
        Field("modified", say("Last modified"), Kind.MOMENT, Contact.modified_at),
        Field("modified_by", say("Modified by"), Kind.TEXT, Contact.modified_by),
    ],
    shown=("no", "search_name", "type", "salesperson", "post_code", "country"),
    row_id=Contact.id,
    contact_ids=(Contact.id,),
)
