"""Whose statistics a page shows, and how one gets back to its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from blueprints.interactions.log_filters import LogFilters
from blueprints.interactions.statistics_words import subject_names
from blueprints.web.filters import filters_said
from blueprints.web.words import CORRESPONDENCE_TYPE_NAMES, DELIVERY_STATUS_NAMES, EVALUATION_NAMES
from domain.campaigns.models import Campaign
from domain.contacts.models import Contact
from domain.interaction_templates.models import InteractionGroup, InteractionTemplate
from domain.interactions.models import LoggedSegment
from domain.setup.models import Salesperson


@dataclass(frozen=True)
class Place:
    """The crumbs of the page and what it is about."""

    crumbs: list[tuple[str, str | None]]
    about: str


def place_of(session: Session, log: LogFilters) -> Place:
    """The page of the one thing the log is filtered by, else the log with its filters; every filter is told."""
    filters, here = log.filters, (gettext("Statistics"), None)
    owners = {
        "template": (InteractionTemplate, filters.template_id),
        "group": (InteractionGroup, filters.group_id),
        "salesperson": (Salesperson, filters.salesperson_id),
        "campaign": (Campaign, filters.campaign_id),
        "contact": (Contact, filters.contact_id or filters.company_id),
        "segment": (LoggedSegment, filters.logged_segment_id),
    }
    found = {kind: session.get(model, identity) for kind, (model, identity) in owners.items() if identity is not None}
    things = {kind: thing for kind, thing in found.items() if thing is not None}
    about = " · ".join(
        [f"{subject_names()[kind]} {_title(kind, thing)}" for kind, thing in things.items()] + _conditions(session, log)
    )
    if len(things) == 1:
        ((kind, thing),) = things.items()
        return Place([*_way_to(kind, thing), here], about)
    return Place([(gettext("Interaction log"), url_for("interaction_log.index", **log.given)), here], about)


def _conditions(session: Session, log: LogFilters) -> list[str]:
    """The filters that are no page of their own, in words."""
    blank = {"blank": gettext("(blank)")}
    choices: dict[str, tuple[str, Mapping[str, Any]]] = {
        "segment": (gettext("Segment No."), {}),
        "campaign_entry": (gettext("Campaign entry"), {}),
        "task": (gettext("Task"), {}),
        "type": (gettext("Correspondence type"), CORRESPONDENCE_TYPE_NAMES | blank),
        "status": (gettext("Delivery status"), DELIVERY_STATUS_NAMES),
        "evaluation": (gettext("Evaluation"), EVALUATION_NAMES | blank),
    }
    told = [
        gettext("%(label)s: %(name)s", label=label, name=names.get(log.texts[name], log.texts[name]))
        for name, (label, names) in choices.items()
        if log.texts[name] and name not in log.errors
    ]
    said = filters_said(session, log.typed)
    return [*told, said] if said else told


def _title(kind: str, thing: Any) -> str:
    if kind == "contact":
        return f"{thing.no} {thing.name}"
    if kind == "salesperson":
        return f"{thing.code} {thing.name}".strip()
    code = {"campaign": "no", "segment": "segment_no"}.get(kind, "code")
    return f"{getattr(thing, code)} {thing.description}".strip()


def _way_to(kind: str, thing: Any) -> list[tuple[str, str | None]]:
    if kind == "template":
        page = url_for("interaction_templates.show", code=thing.code)
        return [(gettext("Interaction templates"), url_for("interaction_templates.index")), (thing.code, page)]
    if kind == "group":
        return [(gettext("Interaction groups"), url_for("interaction_groups.index")), (thing.code, None)]
    if kind == "salesperson":
        page = url_for("salespeople.show", key=thing.code)
        return [(gettext("Salespeople"), url_for("salespeople.index")), (thing.code, page)]
    if kind == "campaign":
        page = url_for("campaigns.show", key=thing.no)
        return [(gettext("Campaigns"), url_for("campaigns.index")), (thing.no, page)]
    if kind == "contact":
        page = url_for("contacts.show", no=thing.no)
        return [(gettext("Contacts"), url_for("contacts.index")), (thing.name, page)]
    page = url_for("logged_segments.show", segment_no=thing.segment_no)
    return [(gettext("Logged segments"), url_for("logged_segments.index")), (thing.segment_no, page)]
