"""Interaction template setup: the templates of interactions that make themselves (segments.md 1.16)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.errors import RuleViolation
from domain.interaction_templates.groups import RIGHT
from domain.interaction_templates.models import InteractionTemplate, InteractionTemplateSetup
from domain.messages import say

FIELDS = ("outgoing_calls_id", "emails_id", "cover_sheets_id")


def template_setup(session: Session) -> InteractionTemplateSetup:
    """The one row; one that is not stored when nothing has been chosen yet."""
    return session.get(InteractionTemplateSetup, 1) or InteractionTemplateSetup(id=1)


def edit_template_setup(session: Session, changes: Mapping[str, int | None], *, by: Actor) -> InteractionTemplateSetup:
    """Chooses templates (`FIELDS`; None for none). Raises `RuleViolation` on the field for one with a document."""
    by.must_be_allowed(RIGHT)
    setup = template_setup(session)
    for field, template_id in changes.items():
        if field not in FIELDS:
            raise KeyError(f"Interaction template setup has no field {field}")
        if template_id is not None:
            _refuse_with_document(session, field, template_id)
        setattr(setup, field, template_id)
    session.add(setup)
    session.flush()
    return setup


def without_documents(templates: Any) -> list[InteractionTemplate]:
    """Those that may be chosen here: no language has a document."""
    return [one for one in templates if not _has_document(one)]


def _refuse_with_document(session: Session, field: str, template_id: int) -> None:
    template = session.get(InteractionTemplate, template_id)
    if template is None:
        raise RuleViolation(say("This entry of the list has been deleted meanwhile. Choose another one."), field=field)
    if _has_document(template):
        raise RuleViolation(
            say("The interaction template %(code)s has a document. Choose one without.", code=template.code),
            field=field,
        )


def refuse_document_if_chosen(session: Session, template: InteractionTemplate) -> None:
    """Raises `RuleViolation` (field "document") for a template that is chosen here: it may have no document (1.16)."""
    setup = template_setup(session)
    if template.id in {getattr(setup, field) for field in FIELDS}:
        raise RuleViolation(
            say(
                "The interaction template %(code)s is chosen in Interaction template setup and can have no document. "
                "Choose another one there first.",
                code=template.code,
            ),
            field="document",
        )


def _has_document(template: InteractionTemplate) -> bool:
    return any(row.document_id is not None for row in template.languages)


def outgoing_calls(session: Session) -> InteractionTemplate:
    """The template of phone calls (R-PC01). Raises `RuleViolation` when none is chosen (E-P01)."""
    setup = template_setup(session)
    template = session.get(InteractionTemplate, setup.outgoing_calls_id) if setup.outgoing_calls_id else None
    if template is None:
        raise RuleViolation(
            say("No interaction template for phone calls is chosen. Choose one in Interaction template setup.")
        )
    return template
