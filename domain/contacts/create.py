"""Creating a contact (contacts.md 1.1, 2.1 A and C, 2.10, 2.11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.fields import COMPANY_ONLY, NAME_PARTS, PERSON_ONLY, check_options, check_references, clean
from domain.contacts.inheritance import fill_defaults, take_over
from domain.contacts.keys import refresh_emails, refresh_keys
from domain.contacts.models import COMPANY, PERSON, Contact
from domain.contacts.names import join_name, split_name
from domain.contacts.privacy import apply_privacy
from domain.errors import RuleViolation
from domain.messages import say
from domain.setup.numbers import take_number
from domain.setup.queries import marketing_setup


def create_contact(session: Session, *, values: Mapping[str, Any], by: Actor) -> Contact:
    """A new company or person.

    `values` names columns of the contact: texts, `*_id` for what it refers to, switches. A blank `no` is drawn from the
    series of contacts. A person with `company_id` takes over the company's data, then defaults fill what is still
    blank. Raises `RuleViolation` with its field, `Forbidden`.
    """
    by.must_be_allowed("edit contacts")
    setup = marketing_setup(session)
    values = clean(values)
    check_options(values, setup)
    check_references(session, values)
    contact = new_contact(values)
    company = _company_of(session, contact)
    if company is not None:
        take_over(contact, company, setup)
    fill_defaults(contact, setup, salesperson_id=by.salesperson_id)
    apply_privacy(
        contact, {k: values[k] for k in ("minor", "parental_consent", "privacy_blocked") if values.get(k)}, by=by
    )
    contact.no, contact.number_series_id = take_number(
        session, "contact", typed=values.get("no", ""), by=by, used=select(Contact.no)
    )
    contact.created_at = contact.modified_at = by.now
    contact.modified_by = by.user_name[:50]
    refresh_keys(contact, company)
    session.add(contact)
    session.flush()
    if contact.type == COMPANY:
        contact.company_id = contact.id
    refresh_emails(session, contact)
    session.flush()
    return contact


def new_contact(values: Mapping[str, Any]) -> Contact:
    """A contact with cleaned values, not yet in any session: names completed, every blank field blank, no company data.

    Raises `RuleViolation` when it has no name.
    """
    contact = Contact(type=values.get("type") or COMPANY)
    for column in Contact.__table__.columns:
        if column.default is not None and column.default.is_scalar and getattr(contact, column.name) is None:
            setattr(contact, column.name, column.default.arg)
    passed_over = {"no", "type", "minor", "parental_consent", "privacy_blocked"}
    passed_over |= set(PERSON_ONLY) if contact.type == COMPANY else set(COMPANY_ONLY)
    for field, value in values.items():
        if field not in passed_over:
            setattr(contact, field, value)
    if contact.type == COMPANY:
        contact.company_id = None
        contact.company_name = contact.name
    elif any(getattr(contact, part) for part in NAME_PARTS):
        contact.name = join_name(contact.first_name, contact.middle_name, contact.surname)
    else:
        contact.first_name, contact.middle_name, contact.surname = split_name(contact.name)
    refuse_nameless(contact)
    contact.search_name = contact.search_name or contact.name.upper()[:100]
    return contact


def refuse_nameless(contact: Contact) -> None:
    """Raises `RuleViolation` when a contact would have no name."""
    if not contact.name:
        raise RuleViolation(say("A contact needs a name."), field="name")


def _company_of(session: Session, contact: Contact) -> Contact | None:
    if contact.type != PERSON or contact.company_id is None:
        return None
    company = session.get(Contact, contact.company_id)
    if company is None or company.type != COMPANY:
        raise RuleViolation(say("This company no longer exists. Choose another one."), field="company_id")
    return company
