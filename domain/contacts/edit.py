"""Editing a contact and what follows from it (contacts.md 1.1, 2.1 B, 2.3, 2.4, 2.8, 2.10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.classification.kinds import KINDS
from domain.contacts.create import refuse_nameless
from domain.contacts.fields import (
    CHOICES,
    COMPANY_ONLY,
    FIELDS,
    NAME_PARTS,
    PERSON_ONLY,
    TEXTS,
    check_options,
    check_references,
    clean,
)
from domain.contacts.history import history_of, leave_history, take_history
from domain.contacts.inheritance import PASSED_ON, default_salutation_id, pass_on, take_over
from domain.contacts.keys import refresh_emails, refresh_keys
from domain.contacts.models import COMPANY, PERSON, Contact
from domain.contacts.names import join_name, split_name
from domain.contacts.privacy import apply_privacy
from domain.errors import RuleViolation
from domain.messages import say, say_n
from domain.references import refuse_if_used
from domain.setup.models import MarketingSetup
from domain.setup.numbers import take_number
from domain.setup.queries import marketing_setup

_PLAIN = (
    *(set(TEXTS) - {"name", *NAME_PARTS}),
    *(set(CHOICES) - {"country_id"}),
    "exclude_from_segment",
    "correspondence_type",
)


@dataclass(frozen=True)
class ContactChange:
    """What an edit did: the columns that differ now (also those that followed), persons that followed, history
    moved."""

    fields: frozenset[str]
    persons: int = 0
    history: int = 0


def edit_contact(
    session: Session, contact: Contact, changes: Mapping[str, Any], *, by: Actor, along: bool = False
) -> ContactChange:
    """Changes fields of a contact; what depends on them follows in the same transaction.

    `changes` names columns as `create_contact` does. A person that gets another company leaves its history behind
    unless `along` (2.4). Raises `RuleViolation` with its field, `Forbidden`.
    """
    by.must_be_allowed("edit contacts")
    unknown = set(changes) - set(FIELDS)
    if unknown:
        raise KeyError(f"A contact has no field {sorted(unknown)}")
    setup = marketing_setup(session)
    before = {field: getattr(contact, field) for field in FIELDS}
    wanted = {field: value for field, value in clean(changes).items() if value != before[field]}
    if not wanted:
        return ContactChange(frozenset())
    check_options(wanted, setup)
    check_references(session, wanted)
    history = 0
    if "no" in wanted:
        _renumber(session, contact, wanted["no"], by=by)
    if "type" in wanted:
        change_type(session, contact, setup)
    if "company_id" in wanted:
        history = _move(session, contact, wanted["company_id"], setup, along=along)
    _change_names(contact, wanted, before)
    _change_country(contact, wanted)
    for field in _PLAIN:
        if field in wanted:
            _refuse_wrong_type(contact, field)
            setattr(contact, field, wanted[field])
    apply_privacy(contact, wanted, by=by)
    touch(contact, by=by)
    session.flush()
    company = session.get(Contact, contact.company_id) if contact.company_id not in (None, contact.id) else None
    refresh_keys(contact, company)
    if contact.email != before["email"]:
        refresh_emails(session, contact)
    session.flush()
    persons = 0
    if contact.type == COMPANY and before["type"] == COMPANY:
        persons = pass_on(session, contact, {field: before[field] for field in PASSED_ON}, setup, by=by)
    changed = frozenset(field for field in FIELDS if getattr(contact, field) != before[field])
    return ContactChange(changed, persons, history)


def touch(contact: Contact, *, by: Actor) -> None:
    """Last modified, also for changes in what belongs to the contact (contacts.md 1.1)."""
    contact.modified_at = by.now
    contact.modified_by = by.user_name[:50]


def _renumber(session: Session, contact: Contact, no: str, *, by: Actor) -> None:
    if not no:
        raise RuleViolation(say("A contact needs a number."), field="no")
    contact.no, contact.number_series_id = take_number(session, "contact", typed=no, by=by, used=select(Contact.no))


def _change_names(contact: Contact, wanted: Mapping[str, Any], before: Mapping[str, Any]) -> None:
    if contact.type == PERSON:
        if "name" in wanted:
            contact.name = wanted["name"]
            contact.first_name, contact.middle_name, contact.surname = split_name(contact.name)
        if any(part in wanted for part in NAME_PARTS):
            for part in NAME_PARTS:
                setattr(contact, part, wanted.get(part, getattr(contact, part)))
            contact.name = join_name(contact.first_name, contact.middle_name, contact.surname)
    elif "name" in wanted:
        contact.name = wanted["name"]
    if contact.type == COMPANY:
        contact.company_name = contact.name
    refuse_nameless(contact)
    if before["search_name"] in ("", before["name"].upper()[:100]):
        contact.search_name = contact.name.upper()[:100]


def _change_country(contact: Contact, wanted: Mapping[str, Any]) -> None:
    """From one country to another: postcode, city and county belong to the old one (contacts.md 1.1)."""
    if "country_id" in wanted:
        if contact.country_id is not None and wanted["country_id"] is not None:
            contact.post_code = contact.city = contact.county = ""
        contact.country_id = wanted["country_id"]


def _refuse_wrong_type(contact: Contact, field: str) -> None:
    if contact.type == PERSON and field in COMPANY_ONLY:
        raise RuleViolation(say("Only companies have this."), field=field)
    if contact.type == COMPANY and field in PERSON_ONLY:
        raise RuleViolation(say("Only persons have this."), field=field)


def change_type(session: Session, contact: Contact, setup: MarketingSetup) -> None:
    """Company ↔ person (2.3). Raises `RuleViolation` on the field `type` with the first reason against it."""
    history = history_of(session, contact)
    if history:
        raise RuleViolation(
            say_n(
                "%(name)s has %(num)s interaction or task, so the type cannot change.",
                "%(name)s has %(num)s interactions and tasks, so the type cannot change.",
                history,
                name=contact.name,
            ),
            field="type",
        )
    if contact.type == COMPANY:
        persons = count_persons(session, contact)
        if persons:
            raise RuleViolation(
                say_n(
                    "%(name)s has %(num)s person. Move or delete them first.",
                    "%(name)s has %(num)s persons. Move or delete them first.",
                    persons,
                    name=contact.name,
                ),
                field="type",
            )
        if contact.vat_no:
            raise RuleViolation(
                say("%(name)s has a VAT registration No. Clear it first.", name=contact.name), field="type"
            )
        _refuse_codes(session, contact, COMPANY)
        contact.type = PERSON
        contact.company_id, contact.company_name, contact.registration_no = None, "", ""
        contact.first_name, contact.middle_name, contact.surname = split_name(contact.name)
    else:
        _refuse_codes(session, contact, PERSON)
        contact.type = COMPANY
        contact.company_id, contact.company_name = contact.id, contact.name
        for field in PERSON_ONLY:
            setattr(contact, field, None if field.endswith("_id") else "")
    contact.salutation_id = default_salutation_id(contact.type, setup)


def _refuse_codes(session: Session, contact: Contact, kind: str) -> None:
    """Industry groups and relations are companies', responsibilities and level persons': they must go first (2.3)."""
    for one in KINDS:
        if one.only != kind:
            continue
        if one.field:
            has = getattr(contact, one.field) is not None
        else:
            has = session.scalar(select(one.link.id).where(one.link.contact_id == contact.id).limit(1)) is not None
        if has:
            sentence = say("%(name)s has “%(label)s”. Remove them first.", name=contact.name, label=one.label)
            raise RuleViolation(sentence, field="type")


def count_persons(session: Session, company: Contact) -> int:
    """How many persons a company has."""
    persons = select(func.count()).select_from(Contact).where(Contact.company_id == company.id, Contact.type == PERSON)
    return session.scalar(persons) or 0


def _move(session: Session, person: Contact, company_id: int | None, setup: MarketingSetup, *, along: bool) -> int:
    """The person gets another company, or none. Refused while it is on an open segment (2.4)."""
    if person.type == COMPANY:
        raise RuleViolation(say("A company belongs to itself. Only persons have another company."), field="company_id")
    refuse_if_used(session, Contact.__table__, [person.id], name=person.name, moving=True)  # type: ignore[arg-type]
    former = session.get(Contact, person.company_id) if person.company_id is not None else None
    company = session.get(Contact, company_id) if company_id is not None else None
    if company_id is not None and (company is None or company.type != COMPANY):
        raise RuleViolation(say("This company no longer exists. Choose another one."), field="company_id")
    if along:
        moved = take_history(session, person, company_id=company_id)
    elif company is not None or former is not None:
        stays_with = former.id if former is not None else None
        moved = leave_history(session, person, former_id=stays_with, company_id=company.id if company else 0)
    else:
        moved = 0
    person.company_id = company_id
    person.company_name = ""
    if company is not None:
        take_over(person, company, setup, former=former)
    return moved
