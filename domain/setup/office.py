"""Marketing setup and company information: the two single rows (contacts.md 1.10)."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.errors import RuleViolation
from domain.messages import say
from domain.setup.fields import refuse_wrong_email, set_fields
from domain.setup.models import CompanyInformation, MarketingSetup, Salesperson
from domain.setup.queries import company_information, marketing_setup

CORRESPONDENCE_TYPES = ("", "hard_copy", "email", "fax")
MOST_LETTERS = 5000
SERIES_FIELDS = ("contact_series_id", "segment_series_id", "campaign_series_id", "task_series_id")
INHERITANCE_FIELDS = (
    "inherit_salesperson",
    "inherit_territory",
    "inherit_country",
    "inherit_language",
    "inherit_address",
    "inherit_communication",
)
DEFAULT_FIELDS = (
    "default_salesperson_id",
    "default_territory_id",
    "default_country_id",
    "default_language_id",
    "default_correspondence_type",
    "default_company_salutation_id",
    "default_person_salutation_id",
)
OTHER_FIELDS = ("fax_enabled", "salespeople_may_log", "blank_markers", "letters_per_file")
MARKETING_FIELDS = SERIES_FIELDS + INHERITANCE_FIELDS + DEFAULT_FIELDS + OTHER_FIELDS
COMPANY_FIELDS = (
    "name", "name_2", "address", "address_2", "post_code", "city", "county", "country_id", "phone", "fax", "email",
    "home_page", "vat_no", "registration_no", "bank_name", "bank_branch_no", "bank_account_no", "giro_no", "iban",
    "swift", "time_zone",
)  # fmt: skip


def edit_marketing_setup(session: Session, *, changes: dict[str, Any], by: Actor) -> MarketingSetup:
    """Changes fields of Marketing setup (`MARKETING_FIELDS`). Raises `Forbidden`, `RuleViolation` on the field."""
    by.must_be_allowed("change setup")
    setup = marketing_setup(session)
    _refuse_gone(session, setup, changes)
    with session.no_autoflush:
        set_fields(setup, changes)
        if not 1 <= setup.letters_per_file <= MOST_LETTERS:
            sentence = say("A print file holds from 1 to %(most)s letters.", most=MOST_LETTERS)
            raise RuleViolation(sentence, field="letters_per_file")
        if setup.default_correspondence_type not in CORRESPONDENCE_TYPES:
            raise RuleViolation(say("Choose a correspondence type from the list."), field="default_correspondence_type")
        if setup.default_correspondence_type == "fax" and not setup.fax_enabled:
            raise RuleViolation(
                say("Fax is switched off. Switch it on, or choose another correspondence type."),
                field="default_correspondence_type",
            )
        if changes.get("default_salesperson_id"):
            salesperson = session.get_one(Salesperson, changes["default_salesperson_id"])
            if salesperson.blocked:
                sentence = say("The salesperson %(code)s is blocked.", code=salesperson.code)
                raise RuleViolation(sentence, field="default_salesperson_id")
    session.flush()
    return setup


def edit_company_information(session: Session, *, changes: dict[str, Any], by: Actor) -> CompanyInformation:
    """Changes fields of the company (`COMPANY_FIELDS`). The currency stays as it was named at first run (B23).

    Raises `Forbidden`, `RuleViolation` on the field.
    """
    by.must_be_allowed("change setup")
    office = company_information(session)
    unknown = set(changes) - set(COMPANY_FIELDS)
    if unknown:
        raise KeyError(f"not a field of the company: {sorted(unknown)}")
    _refuse_gone(session, office, changes)
    with session.no_autoflush:
        set_fields(office, changes)
        if not office.name:
            raise RuleViolation(say("Enter the name of your company."), field="name")
        refuse_wrong_email(office.email)
        if office.time_zone not in available_timezones():
            raise RuleViolation(say("There is no time zone %(text)s.", text=office.time_zone), field="time_zone")
    session.flush()
    return office


def _refuse_gone(session: Session, row: Any, changes: dict[str, Any]) -> None:
    """Raises `RuleViolation` when a reference that is to be set points to something deleted meanwhile."""
    for field, value in changes.items():
        for key in type(row).__table__.columns[field].foreign_keys if value is not None else ():
            if session.scalar(select(key.column).where(key.column == value)) is None:
                raise RuleViolation(
                    say("This entry of the list has been deleted meanwhile. Choose another one."), field=field
                )
