"""Interaction templates: create, edit, delete (segments.md 1.9, R-T01, R-T02)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.campaigns.models import Campaign
from domain.errors import RuleViolation
from domain.interaction_templates.groups import RIGHT, checked_code, checked_text
from domain.interaction_templates.languages import refuse_merge_without_letter, row_for
from domain.interaction_templates.models import (
    INFORMATION_FLOWS,
    INITIATED_BY,
    WIZARD_ACTIONS,
    InteractionGroup,
    InteractionTemplate,
)
from domain.interaction_templates.queries import correspondence_types, find_template
from domain.messages import say
from domain.references import Use, delete_row, uses
from domain.setup.models import Language

MOST_MINUTES = 1_000_000
MOST_MONEY = 10**15


def create_template(session: Session, *, values: Mapping[str, Any], by: Actor) -> InteractionTemplate:
    """A new interaction template. `values`: see `edit_template`; `code` and `group_id` are needed.

    A default language gets its language row at once (R-T01).
    """
    by.must_be_allowed(RIGHT)
    # what the database needs is there before the rules look at the rest
    template = InteractionTemplate(
        code=_free_code(session, values.get("code", ""), None),
        group_id=_group(session, values.get("group_id")),
        modified_at=by.now,
        description="",
        unit_cost=0,
        unit_duration=0,
        correspondence_type="",
        wizard_action="",
    )
    _apply(session, template, values)
    session.add(template)
    session.flush()
    _choose_default(session, template, values)
    session.flush()
    return template


def edit_template(session: Session, template: InteractionTemplate, changes: Mapping[str, Any], *, by: Actor) -> None:
    """Changes the fields that are given; open segments keep what they copied (A1).

    Fields: code, group_id, description, unit_cost (minor units ≥ 0), unit_duration (minutes ≥ 0), information_flow,
    initiated_by, campaign_id, campaign_target, campaign_response, correspondence_type, ignore_contact_type,
    wizard_action, language_id (the default language). A default language without row gets one (R-T01).
    Raises `RuleViolation` with `field`.
    """
    by.must_be_allowed(RIGHT)
    if "code" in changes:
        template.code = _free_code(session, changes["code"], template)
    if "group_id" in changes:
        template.group_id = _group(session, changes["group_id"])
    _apply(session, template, changes)
    template.modified_at = by.now
    session.flush()
    session.expire(template, ["group", "campaign"])
    _choose_default(session, template, changes)
    session.flush()


def delete_template(session: Session, template: InteractionTemplate, *, by: Actor) -> None:
    """Deletes a template with its language rows. Raises `RuleViolation` when something uses it (`template_uses`)."""
    by.must_be_allowed(RIGHT)
    delete_row(session, InteractionTemplate.__table__, [template.id], name=template.code)  # type: ignore[arg-type]


def template_uses(session: Session, template: InteractionTemplate) -> list[Use]:
    """What refuses that a template is deleted, by table."""
    return list(uses(session, InteractionTemplate.__table__, [template.id], name=template.code))  # type: ignore[arg-type]


def _apply(session: Session, template: InteractionTemplate, values: Mapping[str, Any]) -> None:
    if "description" in values:
        template.description = checked_text(values["description"], "description")
    if "unit_cost" in values:
        template.unit_cost = _amount(values["unit_cost"], "unit_cost", MOST_MONEY)
    if "unit_duration" in values:
        template.unit_duration = _amount(values["unit_duration"], "unit_duration", MOST_MINUTES)
    if "campaign_id" in values:
        if values["campaign_id"] is not None and session.get(Campaign, values["campaign_id"]) is None:
            raise RuleViolation(say("Choose a campaign from the list."), field="campaign_id")
        template.campaign_id = values["campaign_id"]
    types = correspondence_types(session, kept=template.correspondence_type)
    for field, allowed in (
        ("information_flow", INFORMATION_FLOWS),
        ("initiated_by", INITIATED_BY),
        ("correspondence_type", types),
        ("wizard_action", WIZARD_ACTIONS),
    ):
        if field in values:
            if values[field] not in allowed:
                raise RuleViolation(say("Choose a value from the list."), field=field)
            setattr(template, field, values[field])
    for field in ("campaign_target", "campaign_response", "ignore_contact_type"):
        if field in values:
            setattr(template, field, bool(values[field]))


def _choose_default(session: Session, template: InteractionTemplate, values: Mapping[str, Any]) -> None:
    """R-T01: a default language without row gets one. R-T02 is looked at afterwards."""
    if "language_id" in values:
        language_id = values["language_id"]
        if language_id is None and template.languages:
            raise RuleViolation(say("Choose one of the languages as the default."), field="language_id")
        if language_id is not None:
            language = session.get(Language, language_id)
            if language is None:
                raise RuleViolation(say("Choose a language from the list."), field="language_id")
            row_for(session, template, language)
        template.language_id = language_id
        session.flush()
        session.expire(template, ["language"])
    if "wizard_action" in values or "language_id" in values:
        refuse_merge_without_letter(template)


def _amount(value: int, field: str, most: int) -> int:
    if value < 0:
        raise RuleViolation(say("Enter a number that is not negative."), field=field)
    if value > most:
        raise RuleViolation(say("This number is too large."), field=field)
    return value


def _group(session: Session, group_id: int | None) -> int:
    if group_id is None or session.get(InteractionGroup, group_id) is None:
        raise RuleViolation(say("Choose an interaction group."), field="group_id")
    return group_id


def _free_code(session: Session, typed: str, template: InteractionTemplate | None) -> str:
    text = checked_code(typed, 10)
    other = find_template(session, text)
    if other is not None and other is not template:
        raise RuleViolation(say("There is already an interaction template %(code)s.", code=text), field="code")
    return text
