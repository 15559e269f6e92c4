"""The filters of the list of tasks as they stand in the address."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import request
from flask_babel import gettext
from sqlalchemy.orm import Session

from blueprints.web.languages import translate
from blueprints.web.typed import head
from domain.campaigns.queries import find_campaign
from domain.contacts.queries import find_contact
from domain.errors import DomainError
from domain.segments.queries import find_segment
from domain.setup.queries import find_salesperson
from domain.tasks.models import STATUSES, TYPES
from domain.tasks.queries import TaskFilters

NAMES = ("whose", "due", "status", "type", "salesperson", "contact", "segment", "campaign")


@dataclass
class AskedTasks:
    """Texts as typed, the filters they mean, and the sentences about those that mean nothing."""

    texts: dict[str, str]
    filters: TaskFilters
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def given(self) -> dict[str, str]:
        """The filters that are set, for links."""
        return {name: text for name, text in self.texts.items() if text}


def read_task_filters(session: Session) -> AskedTasks:
    """The filters in the address. Without a status the open tasks are meant."""
    texts = {name: request.args.get(name, "").replace("\x00", "").strip()[:100] for name in NAMES}
    asked = AskedTasks(texts, TaskFilters())
    values: dict[str, Any] = {"closed": False} if not texts["status"] else {}
    for name, text in asked.given.items():
        try:
            values |= _meaning(session, name, text)
        except DomainError as refusal:
            asked.errors[name] = translate(refusal.message)
        except LookupError:
            asked.errors[name] = gettext("There is no %(text)s.", text=text)
    # what is not understood finds nothing rather than everything
    asked.filters = TaskFilters(**(values | {"segment_id": -1} if asked.errors else values))
    return asked


def _meaning(session: Session, name: str, text: str) -> dict[str, Any]:
    if name == "contact":
        return {"contact": _found(find_contact(session, head(text)) or find_contact(session, text))}
    if name == "salesperson":
        return {"salesperson_id": _found(find_salesperson(session, head(text))).id}
    if name == "segment":
        return {"segment_id": _found(find_segment(session, head(text))).id}
    if name == "campaign":
        return {"campaign_id": _found(find_campaign(session, head(text))).id}
    if name == "type":
        return {"type": {**{one: one for one in TYPES if one}, "blank": ""}[text]}
    if name == "whose":
        return {"mine": {"mine": True, "all": False}[text]}
    if name == "due":
        return {"due": {"today": "today", "late": "late"}[text]}
    meanings: dict[str, dict[str, Any]] = {one: {"status": one, "canceled": False} for one in STATUSES}
    meanings |= {"all": {}, "open": {"closed": False}, "closed": {"closed": True}, "canceled": {"canceled": True}}
    return meanings[text]


def _found(thing: Any) -> Any:
    if thing is None:
        raise LookupError
    return thing
