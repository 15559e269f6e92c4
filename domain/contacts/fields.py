"""The fields of a contact: their names for people, their lengths, and what may stand in them (contacts.md 1.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from domain.contacts.classification.models import OrganizationalLevel, Territory
from domain.contacts.keys import email_addresses
from domain.contacts.models import COMPANY, CORRESPONDENCE_TYPES, PERSON, AltAddress, Contact
from domain.errors import RuleViolation
from domain.messages import Message, say
from domain.setup.models import Country, Language, MarketingSetup, Salesperson
from domain.types import code

# offices have mail servers of their own
if "local" in SPECIAL_USE_DOMAIN_NAMES:
    SPECIAL_USE_DOMAIN_NAMES.remove("local")

LABELS: dict[str, Message] = {
    "no": say("No."),
    "type": say("Type"),
    "name": say("Name"),
    "name_2": say("Name 2"),
    "first_name": say("First name"),
    "middle_name": say("Middle name"),
    "surname": say("Surname"),
    "initials": say("Initials"),
    "job_title": say("Job title"),
    "search_name": say("Search name"),
    "company_id": say("Company name"),
    "company_name": say("Company name"),
    "company_name_2": say("Company name 2"),
    "address": say("Address"),
    "address_2": say("Address 2"),
    "post_code": say("Postcode"),
    "city": say("City"),
    "county": say("County / region"),
    "country_id": say("Country/region code"),
    "phone": say("Phone No."),
    "mobile": say("Mobile phone No."),
    "fax": say("Fax No."),
    "email": say("E-mail"),
    "home_page": say("Home page"),
    "correspondence_type": say("Correspondence type"),
    "language_id": say("Language code"),
    "salutation_id": say("Salutation"),
    "salesperson_id": say("Salesperson"),
    "organizational_level_id": say("Organisational level"),
    "territory_id": say("Territory"),
    "external_id": say("External ID"),
    "vat_no": say("VAT registration No."),
    "registration_no": say("Registration No."),
    "exclude_from_segment": say("Exclude from segment"),
    "privacy_blocked": say("Privacy blocked"),
    "minor": say("Minor"),
    "parental_consent": say("Parental consent received"),
    "code": say("Code"),
}
TEXTS = (
    "name",
    "name_2",
    "first_name",
    "middle_name",
    "surname",
    "initials",
    "job_title",
    "search_name",
    "address",
    "address_2",
    "post_code",
    "city",
    "county",
    "phone",
    "mobile",
    "fax",
    "email",
    "home_page",
    "external_id",
    "vat_no",
    "registration_no",
)
NAME_PARTS = ("first_name", "middle_name", "surname")
COMPANY_ONLY = ("vat_no", "registration_no")
PERSON_ONLY = (*NAME_PARTS, "initials", "job_title", "organizational_level_id")
CHOICES = (
    "country_id",
    "language_id",
    "salutation_id",
    "salesperson_id",
    "organizational_level_id",
    "territory_id",
)
SWITCHES = ("exclude_from_segment", "privacy_blocked", "minor", "parental_consent")
_GONE = say("This code no longer exists. Choose another one.")
_CODES = ("no", "search_name", "code")
FIELDS = (*TEXTS, *CHOICES, *SWITCHES, "no", "type", "company_id", "correspondence_type")
_LENGTHS: dict[tuple[type, str], int] = {
    (table, column.name): length
    for table in (Contact, AltAddress)
    for column in table.__table__.columns
    if (length := getattr(column.type, "length", None))
}


def length_of(field: str, table: type = Contact) -> int | None:
    """How many characters a text field takes."""
    return _LENGTHS.get((table, field))


def clean(values: Mapping[str, Any], *, table: type = Contact) -> dict[str, Any]:
    """The values as they are stored: blanks at the ends and line breaks gone. Raises `RuleViolation` on the first
    bad one.

    Refuses texts that are too long, letters in phone numbers and malformed e-mail addresses.
    """
    cleaned: dict[str, Any] = {}
    for field, value in values.items():
        if isinstance(value, str):
            value = " ".join(value.split())
            if field in _CODES:
                value = code(value)
            elif field == "email":
                value = ";".join(email_addresses(value))
            _refuse_too_long(field, value, table)
            if field in ("phone", "mobile"):
                _refuse_letters(field, value)
            elif field == "email":
                _refuse_malformed(value, several=table is Contact)
        cleaned[field] = value
    return cleaned


def check_references(session: Session, values: Mapping[str, Any]) -> None:
    """Refuses ids of things that are not there, and a privacy-blocked salesperson (contacts.md 1.1)."""
    for field, table, sentence in (
        ("country_id", Country, say("This country/region no longer exists. Choose another one.")),
        ("language_id", Language, say("This language no longer exists. Choose another one.")),
        ("salesperson_id", Salesperson, say("This salesperson no longer exists. Choose another one.")),
        ("organizational_level_id", OrganizationalLevel, _GONE),
        ("territory_id", Territory, _GONE),
    ):
        if values.get(field) is not None and session.get(table, values[field]) is None:
            raise RuleViolation(sentence, field=field)
    if values.get("salesperson_id") is not None:
        salesperson = session.get_one(Salesperson, values["salesperson_id"])
        if salesperson.privacy_blocked:
            raise RuleViolation(
                say("Salesperson %(code)s is privacy blocked. Choose another one.", code=salesperson.code),
                field="salesperson_id",
            )


def check_options(values: Mapping[str, Any], setup: MarketingSetup) -> None:
    """Refuses a type or correspondence type that does not exist; fax only where it is switched on (B14)."""
    if values.get("type", COMPANY) not in (COMPANY, PERSON):
        raise RuleViolation(say("A contact is a company or a person."), field="type")
    kind = values.get("correspondence_type", "")
    if kind not in CORRESPONDENCE_TYPES:
        raise RuleViolation(say("This correspondence type does not exist."), field="correspondence_type")
    if kind == "fax" and not setup.fax_enabled:
        raise RuleViolation(say("Fax is switched off in Marketing setup."), field="correspondence_type")


def _refuse_too_long(field: str, value: str, table: type) -> None:
    most = _LENGTHS.get((table, field))
    if most is not None and len(value) > most:
        raise RuleViolation(
            say(
                "%(label)s can have up to %(most)s characters; these are %(length)s.",
                label=LABELS[field],
                most=most,
                length=len(value),
            ),
            field=field,
        )


def _refuse_letters(field: str, value: str) -> None:
    letters = "".join(c for c in value if c.isalpha())
    if letters:
        raise RuleViolation(
            say("A phone number has no letters: “%(letters)s” in %(number)s.", letters=letters, number=value),
            field=field,
        )


def _refuse_malformed(value: str, *, several: bool) -> None:
    addresses = email_addresses(value)
    if len(addresses) > 1 and not several:
        raise RuleViolation(say("Only one e-mail address can stand here."), field="email")
    for address in addresses:
        try:
            validate_email(address, check_deliverability=False, globally_deliverable=False)
        except EmailNotValidError as reason:
            sentence = (
                say("“%(address)s” is no e-mail address. Separate several addresses by semicolons.", address=address)
                if several
                else say("“%(address)s” is no e-mail address.", address=address)
            )
            raise RuleViolation(sentence, field="email") from reason
