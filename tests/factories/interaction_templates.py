"""Interaction groups and templates for tests."""

from __future__ import annotations

from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.documents.models import Document
from domain.interaction_templates.models import InteractionGroup, InteractionTemplate, InteractionTemplateLanguage
from tests.factories.setup import NOW, make_language

_numbers = count(1)


def make_group(session: Session, code: str = "LETTER", **values: Any) -> InteractionGroup:
    """The interaction group with this code, made if it is not there."""
    group = session.scalar(select(InteractionGroup).where(InteractionGroup.code == code))
    if group is None:
        group = InteractionGroup(code=code, **({"description": code.title()} | values))
        session.add(group)
        session.flush()
    return group


def make_template(
    session: Session,
    code: str = "",
    *,
    group: str = "LETTER",
    languages: dict[str, Document | tuple[str, Document | None] | None] | None = None,
    default: str | None = None,
    **values: Any,
) -> InteractionTemplate:
    """An interaction template.

    `languages`: code → document, or (subject, document); the first is the default unless `default` says which.
    """
    code = code or f"T{next(_numbers)}"
    rows = languages or {}
    default = default or next(iter(rows), None)
    template = InteractionTemplate(
        code=code,
        group_id=make_group(session, group).id,
        language_id=make_language(session, default).id if default else None,
        modified_at=NOW,
        **({"description": f"Template {code}"} | values),
    )
    for language, given in rows.items():
        subject, document = given if isinstance(given, tuple) else ("", given)
        row = InteractionTemplateLanguage(
            language_id=make_language(session, language).id,
            description=f"{code} {language}",
            subject=subject,
            document_id=document.id if document else None,
        )
        template.languages.append(row)
    session.add(template)
    session.flush()
    return template
