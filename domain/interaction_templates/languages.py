"""The languages of an interaction template: subject and document of each, the default (1.10, R-T01…R-T04, B12, B18)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.documents.models import Document
from domain.documents.store import facts_of
from domain.errors import RuleViolation
from domain.interaction_templates.groups import RIGHT, checked_text
from domain.interaction_templates.models import InteractionTemplate, InteractionTemplateLanguage
from domain.interaction_templates.queries import default_language_row
from domain.interaction_templates.template_setup import refuse_document_if_chosen
from domain.messages import say
from domain.references import delete_row
from domain.setup.models import Language


def add_language(
    session: Session, template: InteractionTemplate, language: Language, *, subject: str = "", by: Actor
) -> InteractionTemplateLanguage:
    """A row for one more language; the first row becomes the default. Raises `RuleViolation` when it is there."""
    by.must_be_allowed(RIGHT)
    if any(row.language_id == language.id for row in template.languages):
        raise RuleViolation(
            say(
                "The interaction template %(template)s already has %(language)s.",
                template=template.code,
                language=language.code,
            ),
            field="language",
        )
    subject = checked_text(subject, "subject")
    row = row_for(session, template, language)
    row.subject = subject
    if template.language_id is None:
        template.language_id = language.id
    _touch(session, template, by)
    return row


def edit_language(session: Session, row: InteractionTemplateLanguage, changes: Mapping[str, Any], *, by: Actor) -> None:
    """Changes `subject`, `description`, `language_id`. The default follows the row it belongs to (1.10)."""
    by.must_be_allowed(RIGHT)
    template = row.template
    for field in ("subject", "description"):
        if field in changes:
            setattr(row, field, checked_text(changes[field], field))
    if "language_id" in changes and changes["language_id"] != row.language_id:
        language = session.get(Language, changes["language_id"])
        if language is None:
            raise RuleViolation(say("Choose a language from the list."), field="language")
        if any(other.language_id == language.id for other in template.languages if other is not row):
            raise RuleViolation(
                say(
                    "The interaction template %(template)s already has %(language)s.",
                    template=template.code,
                    language=language.code,
                ),
                field="language",
            )
        if row.description == _description(template, row.language):
            row.description = _description(template, language)
        if template.language_id == row.language_id:
            template.language_id = language.id
        row.language_id = language.id
    _touch(session, template, by)
    session.expire(row, ["language"])


def remove_language(session: Session, row: InteractionTemplateLanguage, *, by: Actor) -> None:
    """Removes a language row; whoever else uses its document keeps it. The next in code order becomes default (B12)."""
    by.must_be_allowed(RIGHT)
    template = row.template
    if template.language_id == row.language_id:
        others = {other.language.code: other.language_id for other in template.languages if other is not row}
        following = next_default(row.language.code, others)
        template.language_id = others[following] if following else None
        session.expire(template, ["language"])
    _touch(session, template, by)
    delete_row(session, InteractionTemplateLanguage.__table__, [row.id], name=row.language.code)  # type: ignore[arg-type]
    session.refresh(template)
    _no_merge_without_letter(template)
    session.flush()


def next_default(removed: str, others: Iterable[str]) -> str | None:
    """The code that becomes default when the default `removed` goes: the next in code order, else the first (B12)."""
    codes = sorted(others)
    return next((one for one in codes if one > removed), codes[0] if codes else None)


def set_document(
    session: Session, template: InteractionTemplate, language: Language, document: Document | None, *, by: Actor
) -> InteractionTemplateLanguage:
    """Gives a language its document, or takes it away (None). A row that is missing is created (R-T04).

    Documents are never changed: segments and interactions that use the former one keep it (A4, R-A21). Returns the row.
    A template that merges and has no merge letter any more stops merging (R-T01). Raises `RuleViolation` for a
    document of a template that is chosen in Interaction template setup (1.16).
    """
    by.must_be_allowed(RIGHT)
    if document is not None:
        refuse_document_if_chosen(session, template)
    row = row_for(session, template, language)
    if template.language_id is None:
        template.language_id = language.id
    row.document_id = document.id if document else None
    _touch(session, template, by)
    session.expire(row, ["document"])
    _no_merge_without_letter(template)
    session.flush()
    return row


def row_for(session: Session, template: InteractionTemplate, language: Language) -> InteractionTemplateLanguage:
    """The row of the language, made if it is missing (R-T01, R-T04)."""
    for row in template.languages:
        if row.language_id == language.id:
            return row
    row = InteractionTemplateLanguage(language=language, description=_description(template, language), subject="")
    template.languages.append(row)
    session.flush()
    return row


def refuse_merge_without_letter(template: InteractionTemplate) -> None:
    """R-T02 and B15: *Merge* needs a Word document with merge fields in the default language, if that has a row."""
    row = default_language_row(template)
    if template.wizard_action == "merge" and row is not None and not is_merge_letter(row.document):
        raise RuleViolation(
            say(
                "Merge needs a Word document with merge fields for the default language %(language)s.",
                language=row.language.code,
            ),
            field="wizard_action",
        )


def is_merge_letter(document: Document | None) -> bool:
    """Whether the document is a Word document with merge fields."""
    return document is not None and document.is_word and bool(facts_of(document).get("fields"))


def _no_merge_without_letter(template: InteractionTemplate) -> None:
    row = default_language_row(template)
    if template.wizard_action == "merge" and (row is None or not is_merge_letter(row.document)):
        template.wizard_action = ""


def _description(template: InteractionTemplate, language: Language) -> str:
    return f"{template.code} {language.code}"


def _touch(session: Session, template: InteractionTemplate, by: Actor) -> None:
    """A change of a language is a change of its template."""
    template.modified_at = by.now
    session.flush()
