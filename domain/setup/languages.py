"""Languages of letters: create, edit, delete (decisions B20)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.errors import RuleViolation
from domain.messages import Message, say
from domain.references import delete_row
from domain.setup.fields import refuse_blank_code, refuse_used_code, save, set_fields
from domain.setup.language_names import canonical_locale, parse_locale
from domain.setup.models import Language

FIELDS = ("code", "name", "locale")


def create_language(session: Session, *, by: Actor, **values: Any) -> Language:
    """A new language. `values`: `FIELDS`; a blank name becomes the English name of the locale.

    Raises `Forbidden`, `RuleViolation` on the field.
    """
    by.must_be_allowed("change setup")
    language = Language()
    _change(session, language, {"code": "", "name": "", "locale": "", **values})
    session.add(language)
    save(session, _taken(language))
    return language


def edit_language(session: Session, language: Language, *, changes: dict[str, Any], by: Actor) -> Language:
    """Changes fields of a language. Raises as `create_language`."""
    by.must_be_allowed("change setup")
    _change(session, language, changes)
    save(session, _taken(language))
    return language


def delete_language(session: Session, language: Language, *, by: Actor) -> None:
    """Deletes a language nothing uses; its salutation formulas go too. Contacts, templates and interactions refuse."""
    by.must_be_allowed("change setup")
    delete_row(session, Language.metadata.tables["language"], [language.id], name=language.code)


def _change(session: Session, language: Language, changes: dict[str, Any]) -> None:
    with session.no_autoflush:
        set_fields(language, changes)
        refuse_blank_code(language.code)
        refuse_used_code(session, Language, language, _taken(language))
        if "locale" in changes:
            locale = canonical_locale(language.locale)
            if locale is None:
                sentence = say(
                    "“%(text)s” is not a locale. Write a language and a region, for example fr-CH.",
                    text=language.locale,
                )
                raise RuleViolation(sentence, field="locale")
            language.locale = locale
        if not language.name:
            known = parse_locale(language.locale)
            language.name = (known.get_display_name("en") if known else "") or language.code
            language.name = language.name[:50]


def _taken(language: Language) -> Message:
    return say("There is already a language %(code)s.", code=language.code)
