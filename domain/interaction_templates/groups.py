"""Interaction groups: create, edit, delete (segments.md 1.8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.errors import RuleViolation
from domain.interaction_templates.models import InteractionGroup
from domain.interaction_templates.queries import find_group
from domain.messages import say
from domain.references import Use, delete_row, uses
from domain.types import code

RIGHT = "edit interaction templates"


def create_group(session: Session, *, code: str, description: str = "", by: Actor) -> InteractionGroup:
    """A new interaction group. Raises `RuleViolation` for a blank, too long or used code."""
    by.must_be_allowed(RIGHT)
    group = InteractionGroup(code=_free_code(session, code, None), description=checked_text(description, "description"))
    session.add(group)
    session.flush()
    return group


def edit_group(session: Session, group: InteractionGroup, changes: Mapping[str, Any], *, by: Actor) -> None:
    """Changes `code` and `description`, those that are given."""
    by.must_be_allowed(RIGHT)
    if "code" in changes:
        group.code = _free_code(session, changes["code"], group)
    if "description" in changes:
        group.description = checked_text(changes["description"], "description")
    session.flush()


def delete_group(session: Session, group: InteractionGroup, *, by: Actor) -> None:
    """Deletes a group that no template, segment or interaction belongs to. Raises `RuleViolation` otherwise."""
    by.must_be_allowed(RIGHT)
    delete_row(session, InteractionGroup.__table__, [group.id], name=group.code)  # type: ignore[arg-type]


def group_uses(session: Session, group: InteractionGroup) -> list[Use]:
    """What refuses that a group is deleted, by table."""
    return list(uses(session, InteractionGroup.__table__, [group.id], name=group.code))  # type: ignore[arg-type]


def _free_code(session: Session, typed: str, group: InteractionGroup | None) -> str:
    text = checked_code(typed, 10)
    other = find_group(session, text)
    if other is not None and other is not group:
        raise RuleViolation(say("There is already an interaction group %(code)s.", code=text), field="code")
    return text


def checked_code(typed: str, longest: int) -> str:
    """A code as it is stored. Raises `RuleViolation` (field "code") when it is blank or too long."""
    text = code(typed)
    if not text:
        raise RuleViolation(say("Enter a code."), field="code")
    if len(text) > longest or "\x00" in text:
        raise RuleViolation(say("A code has at most %(limit)s characters.", limit=longest), field="code")
    return text


def checked_text(typed: str, field: str, longest: int = 100) -> str:
    """A line of text as it is stored. Raises `RuleViolation` when it is too long."""
    text = " ".join(typed.replace("\x00", "").split())
    if len(text) > longest:
        raise RuleViolation(say("Enter at most %(limit)s characters.", limit=longest), field=field)
    return text
