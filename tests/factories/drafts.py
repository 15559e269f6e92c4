"""Interactions that are not finished, for tests."""

from __future__ import annotations

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.models import Contact
from domain.interaction_templates.models import InteractionTemplate
from domain.interactions.beginning import begin_interaction, change_draft
from domain.interactions.draft_models import InteractionDraft
from domain.interactions.postpone import postpone
from tests.factories.setup import make_actor, make_office

_keys = count(1)


def form_key() -> str:
    """The name of a form."""
    return f"{next(_keys):032x}"


def begin(
    session: Session,
    contact: Contact | None = None,
    template: InteractionTemplate | None = None,
    *,
    by: Actor | None = None,
    **typed: Any,
) -> InteractionDraft:
    """An interaction that has been begun, not stored, with what was typed."""
    make_office(session)
    draft = begin_interaction(session, form_key=form_key(), contact=contact, by=by or make_actor())
    refused = change_draft(session, draft, ({"template": template} if template else {}) | typed)
    assert refused == {}
    return draft


def make_draft(
    session: Session,
    contact: Contact | None = None,
    template: InteractionTemplate | None = None,
    *,
    by: Actor | None = None,
    kept: bool = False,
    **typed: Any,
) -> InteractionDraft:
    """A postponed interaction."""
    by = by or make_actor()
    return postpone(session, begin(session, contact, template, by=by, **typed), kept=kept, by=by)
