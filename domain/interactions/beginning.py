"""Beginning an interaction that belongs to no segment: what it starts with, and what was typed into it (6.1, 6.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.accounts.models import User
from domain.campaigns.models import Campaign
from domain.contacts.models import Contact
from domain.contacts.queries import find_contact
from domain.database import folded
from domain.errors import RuleViolation
from domain.interactions import values
from domain.interactions.draft_models import DOCUMENT_CHOICES, INTERACTION, InteractionDraft
from domain.interactions.entries import COMMENT_LENGTH
from domain.messages import Message, say
from domain.setup.models import Salesperson
from domain.setup.queries import company_information
from domain.types import fold

LONGEST: Mapping[str, int] = {
    "description": 100, "subject": 100, "contact_via": 80, "personal_comment": 2_000, "comment": COMMENT_LENGTH,
}  # fmt: skip
CAN_BE_FIXED = ("company", "contact", "salesperson", "campaign")

# fields whose blank is an own value, and those that are inherited when nothing is typed
_INHERITED: Mapping[str, values.Reader] = {
    "correspondence_type": values.correspondence_type,
    "information_flow": values.information_flow,
    "initiated_by": values.initiated_by,
    "cost": values.whole(values.MOST_COST),
    "duration": values.whole(values.MOST_MINUTES),
    "campaign_target": values.flag,
    "campaign_response": values.flag,
}
_BLANK_IS_OWN = frozenset({"correspondence_type", "information_flow", "initiated_by"})
_PLAIN: Mapping[str, values.Reader] = {
    "description": values.text(LONGEST["description"]),
    "subject": values.text(LONGEST["subject"]),
    "time": values.clock,
    "evaluation": values.evaluation,
    "attempt_failed": values.flag,
    "contact_via": values.text(LONGEST["contact_via"]),
    "document_choice": values.option(DOCUMENT_CHOICES),
    "personal_comment": values.text(LONGEST["personal_comment"], lines=True),
    "comment": values.text(LONGEST["comment"], lines=True),
}
_REFERENCES: Mapping[str, tuple[str, values.Reader]] = {
    "template": ("template_id", values.template),
    "salesperson": ("salesperson_id", values.known_salesperson),
    "language": ("language_id", values.language),
    "campaign": ("campaign_id", values.campaign),
    "document": ("document_id", values.document),
}
FIELDS = ("contact", "date", *_REFERENCES, *_INHERITED, *_PLAIN)


def begin_interaction(
    session: Session,
    *,
    form_key: str,
    contact: Contact | None = None,
    company: Contact | None = None,
    salesperson: Salesperson | None = None,
    campaign: Campaign | None = None,
    fixed: Iterable[str] = (),
    by: Actor,
) -> InteractionDraft:
    """A new interaction, not stored, with what its starting point says (6.1, R-I01, R-I02).

    `fixed`: those of company, contact, salesperson and campaign that cannot be changed on the form. Without a given
    salesperson, or with one that is blocked, it is the user's; the contact's counts when there is none. Raises
    `Forbidden`, and `RuleViolation` when the contact or its company is blocked for privacy (R-I03, E-I01).
    """
    by.must_be_allowed("create interactions")
    if contact is not None:
        refuse_blocked(session, contact)
    unchangeable = set(fixed)
    if salesperson is None or salesperson.blocked:
        unchangeable.discard("salesperson")
        salesperson = salesperson_of_user(session, by=by)
    draft = blank_draft(
        form_key=form_key,
        fixed=" ".join(name for name in CAN_BE_FIXED if name in unchangeable),
        contact_id=contact.id if contact is not None else None,
        company_id=company.id if company is not None else contact.company_id if contact is not None else None,
        salesperson_id=salesperson.id if salesperson is not None else None,
        campaign_id=campaign.id if campaign is not None else None,
    )
    start_again(session, draft, by=by)
    return draft


def salesperson_of_user(session: Session, *, by: Actor) -> Salesperson | None:
    """The salesperson the user is, else the only one with the user's e-mail address; nobody who is blocked (6.1, R-I01)."""
    own = session.get(Salesperson, by.salesperson_id) if by.salesperson_id else None
    if own is not None:
        return None if own.blocked else own
    user = session.get(User, by.user_id) if by.user_id is not None else None
    if user is None or not user.email:
        return None
    wanted = folded(Salesperson.email) == fold(user.email)
    found = session.scalars(select(Salesperson).where(wanted, Salesperson.blocked.is_(False)).limit(2)).all()
    return found[0] if len(found) == 1 else None


def blank_draft(**given: Any) -> InteractionDraft:
    """An interaction, not stored, in which nothing stands but what is given."""
    blank: dict[str, Any] = dict.fromkeys(
        ("fixed", "description", "subject", "evaluation", "contact_via", "document_choice", "personal_comment"), ""
    )
    blank |= {"kind": INTERACTION, "comment": "", "segment_no": ""}
    blank |= {"no_campaign": False, "attempt_failed": False, "kept": False}
    return InteractionDraft(**(blank | given))


def start_again(session: Session, draft: InteractionDraft, *, by: Actor) -> None:
    """Date, time and success as an interaction begins with them: work date, the next full minute, successful (R-I02,
    R-P03)."""
    draft.date = by.work_date
    draft.time = next_minute(by.now.astimezone(ZoneInfo(company_information(session).time_zone)))
    draft.attempt_failed = False


def next_minute(now: dt.datetime) -> dt.time:
    """A second later, rounded up to the full minute (R-I02)."""
    later = now + dt.timedelta(seconds=1)
    if later.second or later.microsecond:
        later = later.replace(second=0, microsecond=0) + dt.timedelta(minutes=1)
    return later.time().replace(tzinfo=None)


def blocked_party(session: Session, contact: Contact) -> Contact | None:
    """The contact if it is blocked for privacy, its company if that is (B2, 2.8)."""
    if contact.privacy_blocked:
        return contact
    company = session.get(Contact, contact.company_id) if contact.company_id not in (None, contact.id) else None
    return company if company is not None and company.privacy_blocked else None


def blocked(session: Session, contact: Contact) -> Message | None:
    """Why no interaction may be made with a contact: it is blocked for privacy, or its company is (E-I01, B2, 2.8)."""
    party = blocked_party(session, contact)
    if party is None:
        return None
    if party is contact:
        return say("Contact %(no)s is blocked for privacy. No interaction can be created.", no=party.no)
    return say("The company %(no)s is blocked for privacy. No interaction can be created.", no=party.no)


def refuse_blocked(session: Session, contact: Contact) -> None:
    """Raises `RuleViolation` on the field "contact" when `blocked` has a reason."""
    reason = blocked(session, contact)
    if reason is not None:
        raise RuleViolation(reason, field="contact")


def change_draft(session: Session, draft: InteractionDraft, typed: Mapping[str, Any]) -> dict[str, Message]:
    """Writes what was typed into the fields (`FIELDS`); what cannot be is left as it was and named: field → sentence.

    None is *inherited* (nothing typed), '' blank on purpose where that means something. Contact, template, salesperson,
    language and campaign may be given as text, id or object. Fields that are fixed cannot change; a contact must be of
    the company that is fixed.
    """
    refused: dict[str, Message] = {}
    for name, given in typed.items():
        if name not in FIELDS:
            raise KeyError(f"An interaction has no field {name}")
        try:
            wanted = _read(session, draft, name, given)
            _refuse_fixed(draft, name, wanted)
            if name == "salesperson" and wanted["salesperson_id"] not in (None, draft.salesperson_id):
                values.salesperson(session, name, wanted["salesperson_id"])
        except RuleViolation as refusal:
            refused[name] = refusal.message
            continue
        for column, value in wanted.items():
            setattr(draft, column, value)
    return refused


def take_template_values(draft: InteractionDraft) -> None:
    """After another template has been chosen: what was typed into fields that depend on it goes (R-L10, R-L11, A1)."""
    for name in (*_INHERITED, "language_id"):
        setattr(draft, name, None)
    draft.description = draft.subject = draft.document_choice = ""


def _read(session: Session, draft: InteractionDraft, name: str, given: Any) -> dict[str, Any]:
    """The columns a field is stored in."""
    if name == "contact":
        return _contact(session, draft, given)
    if name == "date":
        return {"date": None if given in (None, "") else values.day(session, name, given)}
    if name in _REFERENCES:
        column, read = _REFERENCES[name]
        found = None if given in (None, "") else read(session, name, given)
        return {column: found} | ({"no_campaign": given == ""} if name == "campaign" else {})
    if name in _INHERITED:
        blank = given is None or (given == "" and name not in _BLANK_IS_OWN)
        return {name: None if blank else _INHERITED[name](session, name, given)}
    return {name: _PLAIN[name](session, name, given if given is not None else "")}


def _contact(session: Session, draft: InteractionDraft, given: Any) -> dict[str, Any]:
    if given in (None, ""):
        return {"contact_id": None} | ({} if draft.is_fixed("company") else {"company_id": None})
    contact: Callable[[], Contact | None] | Contact | None = given
    if not isinstance(given, Contact):
        contact = find_contact(session, str(given), field="contact")
    if not isinstance(contact, Contact):
        raise RuleViolation(say("There is no contact %(text)s.", text=str(given)[:50]), field="contact")
    if draft.is_fixed("company") and contact.company_id != draft.company_id:
        raise RuleViolation(say("Choose the company or one of its persons."), field="contact")
    return {"contact_id": contact.id, "company_id": contact.company_id}


def _refuse_fixed(draft: InteractionDraft, name: str, wanted: Mapping[str, Any]) -> None:
    column = f"{name}_id"
    if draft.is_fixed(name) and wanted.get(column) != getattr(draft, column):
        raise RuleViolation(say("This form is for somebody or something else. Open a new one."), field=name)
