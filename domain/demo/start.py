"""What an office starts with: interaction groups, and templates with letters of our own (segments.md 11.1, 11.2)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from babel.numbers import get_currency_precision
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.models import CORRESPONDENCE_TYPES
from domain.demo.letter_texts import BUSINESS_LETTER, EMAIL, MEMO
from domain.demo.letters import LANGUAGES, business_letter, email, memo
from domain.interaction_templates.groups import create_group
from domain.interaction_templates.languages import add_language, set_document
from domain.interaction_templates.models import InteractionTemplate
from domain.interaction_templates.queries import find_group, find_template
from domain.interaction_templates.template_setup import edit_template_setup, template_setup
from domain.interaction_templates.templates import create_template
from domain.letters.upload import Upload, check_own_file, store_upload
from domain.messages import Message, say
from domain.setup.models import Language
from domain.setup.queries import company_information, marketing_setup

_, HARD_COPY, BY_EMAIL, *_rest = CORRESPONDENCE_TYPES
FIRST_DEFAULT = "ENG"
FOR_CALLS = "OUTGOING"

GROUPS: Mapping[str, Message] = {
    "LETTER": say("Letters"),
    "MEETING": say("Meetings"),
    "PHONE": say("Telephone conversations"),
    "SYSTEM": say("System generated entries"),
    "DOC": say("Documents"),
}


@dataclass(frozen=True)
class StartTemplate:
    """A template of 11.2: `cost` in whole units of the currency, `minutes`, the letter per language if it has one."""

    code: str
    description: Message
    group: str
    cost: int
    minutes: int
    flow: str
    initiated_by: str
    type: str = ""
    action: str = ""
    ignore_contact_type: bool = True
    letter: Callable[[str], bytes] | None = None
    subjects: Mapping[str, str] | None = None


TEMPLATES = (
    StartTemplate(
        "BUS", say("Business letter"), "LETTER", 8, 30, "outbound", "us", HARD_COPY, "open",
        letter=business_letter, subjects={code: text.subject for code, text in BUSINESS_LETTER.items()},
    ),
    StartTemplate(
        "MEMO", say("Memo"), "LETTER", 8, 15, "outbound", "us", HARD_COPY, "open",
        letter=memo, subjects={code: text.subject for code, text in MEMO.items()},
    ),
    StartTemplate(
        "EMAIL", say("E-mail message"), "SYSTEM", 8, 1, "outbound", "us", BY_EMAIL,
        letter=email, subjects={code: text.subject for code, text in EMAIL.items()},
    ),
    StartTemplate("INCOME", say("Incoming phone call"), "PHONE", 0, 15, "inbound", "them"),
    StartTemplate("OUTGOING", say("Outgoing phone call"), "PHONE", 1, 15, "outbound", "us"),
)  # fmt: skip


_letters: dict[tuple[str, str], Upload] = {}
_letters_guard = threading.Lock()


def start_letter(code: str, language: str) -> Upload:
    """The letter of a start template in a language, written and checked. Slow the first time, kept after that."""
    with _letters_guard:
        if (code, language) not in _letters:
            write = next(one.letter for one in TEMPLATES if one.code == code and one.letter is not None)
            _letters[code, language] = check_own_file(write(language), f"{code} {language}.docx")
        return _letters[code, language]


def prepare_letters() -> None:
    """Writes and checks all start letters, a few seconds of work: before the transaction, and before anybody waits."""
    for one in TEMPLATES:
        if one.letter is not None:
            for language in LANGUAGES:
                start_letter(one.code, language)


def forget_letters() -> None:
    """Gives the memory of the start letters back once the office has them."""
    with _letters_guard:
        _letters.clear()


def create_start_templates(session: Session, *, by: Actor) -> list[InteractionTemplate]:
    """The interaction groups and templates of a new office, with their letters; what is there already stays as it is.

    Descriptions are written in the actor's language. The default language is the office's if there are letters in it,
    else English. Where the transaction must be short, `prepare_letters()` comes before it. Returns the templates that
    were made.
    """
    for code, description in GROUPS.items():
        if find_group(session, code) is None:
            create_group(session, code=code, description=by.write(description), by=by)
    made = [_create(session, one, by) for one in TEMPLATES if find_template(session, one.code) is None]
    calls = find_template(session, FOR_CALLS)
    if calls is not None and template_setup(session).outgoing_calls_id is None:
        edit_template_setup(session, {"outgoing_calls_id": calls.id}, by=by)
    return made


def _create(session: Session, start: StartTemplate, by: Actor) -> InteractionTemplate:
    group = find_group(session, start.group)
    assert group is not None
    unit = 10 ** get_currency_precision(company_information(session).currency)
    template = create_template(
        session,
        values={
            "code": start.code,
            "group_id": group.id,
            "description": by.write(start.description),
            "unit_cost": start.cost * unit,
            "unit_duration": start.minutes,
            "information_flow": start.flow,
            "initiated_by": start.initiated_by,
            "correspondence_type": start.type,
            "ignore_contact_type": start.ignore_contact_type,
            "wizard_action": start.action,
        },
        by=by,
    )
    if start.letter is not None:
        for language in _languages(session):
            document = store_upload(session, start_letter(start.code, language.code), by=by)
            add_language(session, template, language, subject=_subject(session, start, language), by=by)
            set_document(session, template, language, document, by=by)
    return template


def _languages(session: Session) -> list[Language]:
    """The languages we have letters in, the one that becomes the default first."""
    found = {one.code: one for one in session.scalars(select(Language).where(Language.code.in_(LANGUAGES)))}
    wanted = marketing_setup(session).default_language_id
    first = next((one for one in found.values() if one.id == wanted), found.get(FIRST_DEFAULT))
    return sorted(found.values(), key=lambda one: (one is not first, one.code))


def _subject(session: Session, start: StartTemplate, language: Language) -> str:
    """The subject of the language; where it names the office, with the office's name."""
    subject = (start.subjects or {}).get(language.code, "")
    return subject.replace("{{ company.name }}", company_information(session).name)[:100]
