"""What may stand in a field: each kind of value turns what was given into what is stored, or refuses with a sentence.

References are given as an id, as the thing itself, or as typed text (code, number, name). Every refusal names its
field.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.campaigns.models import Campaign
from domain.contacts.models import CORRESPONDENCE_TYPES, AltAddress
from domain.documents.models import Document
from domain.errors import RuleViolation
from domain.interaction_templates.models import INFORMATION_FLOWS, INITIATED_BY, InteractionTemplate
from domain.interactions.models import EVALUATIONS
from domain.messages import Message, say, say_n
from domain.setup.models import Language, MarketingSetup, Salesperson
from domain.setup.queries import find_language, find_salesperson
from domain.types import code

Reader = Callable[[Session, str, Any], Any]
MOST_COST = 10**14
MOST_MINUTES = 10**7


def text(most: int, *, lines: bool = False) -> Reader:
    """Text of at most `most` characters: one line with outer blanks trimmed, or several lines."""

    def read(session: Session, field: str, given: Any) -> str:
        words = str(given or "").replace("\r\n", "\n").replace("\r", "\n")
        words = words.strip("\n ") if lines else " ".join(words.split("\n")).strip()
        if "\x00" in words:
            raise RuleViolation(say("This text contains a character that cannot be stored."), field=field)
        if len(words) > most:
            sentence = say_n("Use at most %(num)s character.", "Use at most %(num)s characters.", most)
            raise RuleViolation(sentence, field=field)
        return words

    return read


def whole(most: int) -> Reader:
    """A whole number from 0 to `most` (E-H05): minor units of money (B23), minutes."""

    def read(session: Session, field: str, given: Any) -> int:
        if isinstance(given, bool) or not isinstance(given, int):
            raise RuleViolation(say("Enter a whole number."), field=field)
        if given < 0:
            raise RuleViolation(say("This cannot be negative."), field=field)
        if given > most:
            raise RuleViolation(say("This number is too large."), field=field)
        return given

    return read


def day(session: Session, field: str, given: Any) -> dt.date:
    """A date."""
    if isinstance(given, dt.datetime) or not isinstance(given, dt.date):
        raise RuleViolation(say("Enter a date."), field=field)
    return given


def clock(session: Session, field: str, given: Any) -> dt.time | None:
    """A time of day, or none."""
    if given is None or given == "":
        return None
    if not isinstance(given, dt.time):
        raise RuleViolation(say("Enter a time."), field=field)
    return given.replace(tzinfo=None)


def flag(session: Session, field: str, given: Any) -> bool:
    """Yes or no."""
    return bool(given)


def option(choices: tuple[str, ...]) -> Reader:
    """One of fixed values, '' for blank. Fax only where Marketing setup has switched it on (B14)."""

    def read(session: Session, field: str, given: Any) -> str:
        if given not in choices:
            raise RuleViolation(say("Choose a value from the list."), field=field)
        if given == "fax" and choices is CORRESPONDENCE_TYPES:
            setup = session.get(MarketingSetup, 1)
            if setup is None or not setup.fax_enabled:
                raise RuleViolation(say("Fax is switched off in Marketing setup."), field=field)
        return str(given)

    return read


correspondence_type = option(CORRESPONDENCE_TYPES)
information_flow = option(INFORMATION_FLOWS)
initiated_by = option(INITIATED_BY)
evaluation = option(EVALUATIONS)


def _reference(model: Any, find: Callable[[Session, str], Any], unknown: Callable[[str], Message]) -> Reader:
    def read(session: Session, field: str, given: Any) -> int:
        if isinstance(given, str):
            found = find(session, given)
        elif isinstance(given, model):
            found = given
        else:
            found = session.get(model, given) if isinstance(given, int) else None
        if found is None:
            raise RuleViolation(unknown(str(given)[:50]), field=field)
        return int(found.id)

    return read


def find_template(session: Session, words: str) -> InteractionTemplate | None:
    """The interaction template with this code."""
    return session.scalar(select(InteractionTemplate).where(InteractionTemplate.code == code(words)[:50]))


def find_campaign(session: Session, words: str) -> Campaign | None:
    """The campaign with this number."""
    return session.scalar(select(Campaign).where(Campaign.no == code(words)[:50]))


def _no_document(session: Session, words: str) -> None:
    return None


template = _reference(
    InteractionTemplate, find_template, lambda words: say("There is no interaction template %(text)s.", text=words)
)
campaign = _reference(Campaign, find_campaign, lambda words: say("There is no campaign %(text)s.", text=words))
language = _reference(Language, find_language, lambda words: say("There is no language %(text)s.", text=words))
document = _reference(Document, _no_document, lambda words: say("This document does not exist any more."))
_any_salesperson = _reference(
    Salesperson, find_salesperson, lambda words: say("There is no salesperson %(text)s.", text=words)
)


def salesperson(session: Session, field: str, given: Any) -> int:
    """A salesperson who is not blocked."""
    found = session.get_one(Salesperson, _any_salesperson(session, field, given))
    if found.blocked:
        raise RuleViolation(say("The salesperson %(code)s is blocked.", code=found.code), field=field)
    return found.id


def known_salesperson(session: Session, field: str, given: Any) -> int:
    """A salesperson, blocked or not: what a field was shown with."""
    return int(_any_salesperson(session, field, given))


def alt_address_of(session: Session, contact_id: int | None, field: str, given: Any) -> int:
    """An alternative address of a contact, by id or code."""
    addresses = select(AltAddress.id).where(AltAddress.contact_id == contact_id)
    if isinstance(given, AltAddress):
        given = given.id
    wanted = AltAddress.id == given if isinstance(given, int) else AltAddress.code == code(str(given))[:50]
    found = session.scalar(addresses.where(wanted))
    if found is None:
        raise RuleViolation(say("The contact has no alternative address %(text)s.", text=str(given)[:50]), field=field)
    return found
