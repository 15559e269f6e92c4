"""Make phone call: which numbers there are, and what a call begins with (segments.md 6.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.alt_addresses import alt_address_list
from domain.contacts.models import Contact
from domain.interaction_templates.template_setup import outgoing_calls
from domain.interactions.beginning import begin_interaction
from domain.interactions.draft_models import CALL, InteractionDraft
from domain.messages import Message, say

_NOT_DIALLED = re.compile(r"[^0-9+*#]")


@dataclass(frozen=True)
class PhoneNumber:
    """A number to call, and whose it is."""

    number: str
    label: Message

    @property
    def link(self) -> str:
        """The address a telephone opens; blank when there is nothing to dial."""
        return tel_link(self.number)


def tel_link(number: str) -> str:
    """`tel:+41313110000` for "+41 (0)31 311 00 00": a zero in brackets is not dialled behind a country code."""
    typed = re.sub(r"\(0\)", "", number) if number.strip().startswith(("+", "00")) else number
    dialled = _NOT_DIALLED.sub("", typed)
    dialled = dialled[:1] + dialled[1:].replace("+", "")
    return f"tel:{dialled}" if any(character.isdigit() for character in dialled) else ""


def numbers_of(session: Session, contact: Contact) -> list[PhoneNumber]:
    """The numbers of a contact, of its alternative addresses and of its company, each once (R-PC02)."""
    found: dict[str, PhoneNumber] = {}
    for one in _numbers(session, contact):
        key = tel_link(one.number)
        if key and key not in found:
            found[key] = one
    return list(found.values())


def _numbers(session: Session, contact: Contact) -> Iterator[PhoneNumber]:
    yield PhoneNumber(contact.phone, say("Phone"))
    yield PhoneNumber(contact.mobile, say("Mobile phone"))
    for address in alt_address_list(session, contact):
        yield PhoneNumber(address.phone, say("Phone (%(address)s)", address=address.code))
        yield PhoneNumber(address.mobile, say("Mobile phone (%(address)s)", address=address.code))
    company = session.get(Contact, contact.company_id) if contact.company_id not in (None, contact.id) else None
    if company is not None:
        yield PhoneNumber(company.phone, say("Phone (%(address)s)", address=company.name))
        yield PhoneNumber(company.mobile, say("Mobile phone (%(address)s)", address=company.name))


def prefer_mobile(session: Session, draft: InteractionDraft) -> InteractionDraft:
    """The call with the mobile number chosen, if there is one: what counts on a telephone (R-PC01)."""
    contact = session.get(Contact, draft.contact_id) if draft.contact_id is not None else None
    if draft.kind == CALL and contact is not None and contact.mobile:
        draft.contact_via = contact.mobile
    return draft


def begin_call(session: Session, contact: Contact, *, form_key: str, by: Actor) -> InteractionDraft:
    """A phone call to a contact, not stored: with the template for calls, the first number, today (R-PC01).

    Raises `RuleViolation` when no template is chosen (E-P01) or the contact is blocked for privacy.
    """
    draft = begin_interaction(session, form_key=form_key, contact=contact, fixed=["contact"], by=by)
    draft.kind = CALL
    draft.template_id = outgoing_calls(session).id
    draft.date = by.today
    numbers = numbers_of(session, contact)
    draft.contact_via = numbers[0].number if numbers else ""
    return draft
