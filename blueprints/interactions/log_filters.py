"""The filters of the interaction log as they stand in the address and in the form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import request
from flask_babel import gettext
from sqlalchemy.orm import Session

from blueprints.web.actor import today, work_date
from blueprints.web.filters import read_typed_filters
from blueprints.web.formats import format_date
from blueprints.web.languages import choose_locale, translate
from domain.campaigns.models import Campaign
from domain.campaigns.queries import find_campaign
from domain.contacts.models import COMPANY, Contact
from domain.contacts.queries import find_contact
from domain.dates import read_date
from domain.errors import DomainError
from domain.filters.conditions import Is
from domain.filters.read import TypedFilters
from domain.interaction_templates.models import InteractionTemplate
from domain.interaction_templates.queries import find_group, find_template
from domain.interactions.campaign_entries import get_campaign_entry
from domain.interactions.filter_fields import ENTRY_FILTERS
from domain.interactions.filters import EntryFilters
from domain.interactions.logged_segments import get_logged_segment
from domain.interactions.models import EMAIL_STATUSES, EVALUATIONS, HARD_COPY_STATUSES
from domain.setup.models import Salesperson
from domain.setup.queries import find_salesperson
from domain.tasks.models import Task
from domain.tasks.queries import get_task
from domain.types import code

NAMES = (
    "contact", "company", "segment", "logged", "campaign", "campaign_entry", "salesperson", "template", "group",
    "from", "to", "type", "status", "evaluation", "canceled", "task",
)  # fmt: skip


# what an interaction begins with; the fields filtered by expression that can say so
BEGINS = ("company", "contact", "salesperson", "campaign", "task")
BEGINS_BY = {"contact_no": "contact", "company_no": "company", "salesperson": "salesperson", "campaign": "campaign"}

_THINGS: dict[str, Callable[[Session, str], Any]] = {
    "campaign": find_campaign,
    "task": get_task,
    "salesperson": find_salesperson,
    "template": find_template,
    "group": find_group,
}


@dataclass
class LogFilters:
    """What was asked for: texts as typed, the filters they mean, and the sentences about those that mean nothing."""

    texts: dict[str, str]
    typed: TypedFilters
    filters: EntryFilters = field(default_factory=EntryFilters)
    errors: dict[str, str] = field(default_factory=dict)
    named: dict[str, Any] = field(default_factory=dict)
    """The contact, campaign, … that the filters name: held here, the session need not read them again."""

    @property
    def simple(self) -> dict[str, str]:
        """The filters that are set, without those by expression."""
        return {name: text for name, text in self.texts.items() if text}

    @property
    def given(self) -> dict[str, str]:
        """The filters that are set, for links."""
        return self.simple | self.typed.as_query()

    @property
    def begins_with(self) -> dict[str, str]:
        """Task, company, contact, salesperson and campaign where the filters leave one value of them (6.1)."""
        if self.errors or self.typed.refused:
            return {}
        typed = {
            BEGINS_BY[one.field.key]: str(one.condition.value)
            for one in self.typed.filters
            if one.field.key in BEGINS_BY and isinstance(one.condition, Is)
        }
        return typed | {name: _key(thing) for name, thing in self.named.items() if name in BEGINS}


def read_log_filters(session: Session) -> LogFilters:
    """The filters in the address of the request."""
    texts = {name: request.args.get(name, "").replace("\x00", "").strip()[:100] for name in NAMES}
    asked = LogFilters(texts, read_typed_filters(session, ENTRY_FILTERS, request.args))
    values: dict[str, Any] = {}
    for name, text in asked.simple.items():
        try:
            values |= _meaning(session, name, text, asked.named)
        except DomainError as refusal:
            asked.errors[name] = translate(refusal.message)
        except LookupError:
            asked.errors[name] = gettext("There is no %(text)s.", text=text)
    asked.filters = EntryFilters(**values, typed=asked.typed)
    if asked.errors:  # what is not understood finds nothing rather than everything
        asked.filters = EntryFilters(**{**values, "contact_id": -1})
    for name in ("from", "to"):
        day = values.get(f"{name}_date")
        if isinstance(day, dt.date):
            asked.texts[name] = format_date(day)
    return asked


def log_context(session: Session, filters: EntryFilters) -> str:
    """Whose interactions the list shows (6.6): company, contact, salesperson, template, campaign, task; '' for everybody's."""
    asked: tuple[tuple[str, Any, int | None, Callable[[Any], str]], ...] = (
        (gettext("Company"), Contact, filters.company_id, lambda one: one.name),
        (gettext("Contact"), Contact, filters.contact_id, lambda one: one.name),
        (gettext("Salesperson"), Salesperson, filters.salesperson_id, lambda one: one.name),
        (gettext("Interaction template"), InteractionTemplate, filters.template_id, lambda one: one.description),
        (gettext("Campaign"), Campaign, filters.campaign_id, lambda one: one.description),
        (gettext("Task"), Task, filters.task_id, lambda one: one.description),
    )
    found = [
        (label, session.get(model, one_id), name_of) for label, model, one_id, name_of in asked if one_id is not None
    ]
    return " · ".join(
        gettext("%(label)s: %(name)s", label=label, name=_called(thing, name_of(thing)))
        for label, thing, name_of in found
        if thing is not None
    )


def _called(thing: Any, name: str) -> str:
    return f"{_key(thing)} {name}".strip()


def _key(thing: Any) -> str:
    return str(thing.no if hasattr(thing, "no") else thing.code)


def _meaning(session: Session, name: str, text: str, named: dict[str, Any]) -> dict[str, Any]:
    if name in _THINGS:
        named[name] = _found(_THINGS[name](session, text))
        return {f"{name}_id": named[name].id}
    if name in ("contact", "company"):
        contact = _found(find_contact(session, text, type=COMPANY if name == "company" else ""))
        kind = "company" if contact.type == COMPANY else "contact"
        named[kind] = contact
        return {f"{kind}_id": contact.id}
    if name == "segment":
        return {"segment_no": code(text)}
    if name == "logged":
        return {"logged_segment_id": get_logged_segment(session, text).id}
    if name == "campaign_entry":
        number = int(text) if text.isdecimal() and len(text) < 19 else 0
        return {"campaign_entry_id": get_campaign_entry(session, number).id}
    if name in ("from", "to"):
        day = read_date(text, locale=choose_locale(), work_date=work_date(), today=today())
        return {f"{name}_date": day}
    options: dict[str, tuple[str, dict[str, Any]]] = {
        "type": ("correspondence_type", {"hard_copy": "hard_copy", "email": "email", "fax": "fax", "blank": ""}),
        "status": ("delivery_status", {status: status for status in (*EMAIL_STATUSES, *HARD_COPY_STATUSES)}),
        "evaluation": ("evaluation", {**{e: e for e in EVALUATIONS if e}, "blank": ""}),
        "canceled": ("canceled", {"yes": True, "no": False}),
    }
    attribute, known = options[name]
    return {attribute: known[text]}


def _found(thing: Any) -> Any:
    if thing is None:
        raise LookupError
    return thing
