"""The form that edits many lines: fields that are filled in are written, blank ones are left alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from blueprints.web.languages import translate
from blueprints.web.typed import BLANK, own_meaning
from blueprints.web.words import CORRESPONDENCE_TYPE_NAMES, EVALUATION_NAMES, choices
from domain.errors import RuleViolation
from domain.interaction_templates.queries import correspondence_types
from domain.segments.languages import language_rows
from domain.segments.models import Segment

INHERIT = "(inherited)"
NAMES = (
    "description",
    "subject",
    "template",
    "correspondence_type",
    "language",
    "salesperson",
    "date",
    "cost",
    "duration",
    "campaign",
    "campaign_target",
    "campaign_response",
    "send_as_attachment",
    "evaluation",
)


def bulk_fields(session: Session, segment: Segment, errors: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """Values for templates/segments/_bulk_dialog.html."""
    errors = errors or {}
    back = (INHERIT, gettext("Back to inherited"))
    blank = (BLANK, gettext("(blank)"))
    yes_no = [("yes", gettext("Yes")), ("no", gettext("No")), back]
    types = [t for t in correspondence_types(session) if t]
    languages = [
        (row.language.code, f"{row.language.code} · {row.language.name}")
        for row in session.scalars(language_rows(segment))
    ]
    fields: dict[str, dict[str, Any]] = {
        "description": {"label": gettext("Description")},
        "subject": {"label": gettext("Subject")},
        "template": {
            "label": gettext("Interaction template"),
            "kind": "lookup",
            "url": url_for("segments.look_up", kind="template"),
        },
        "correspondence_type": {
            "label": gettext("Correspondence type"),
            "options": [*choices(CORRESPONDENCE_TYPE_NAMES, types), blank, back],
        },
        "language": {"label": gettext("Language code"), "options": [*languages, back]},
        "salesperson": {
            "label": gettext("Salesperson"),
            "kind": "lookup",
            "url": url_for("segments.look_up", kind="salesperson"),
        },
        "date": {"label": gettext("Date"), "kind": "date"},
        "cost": {"label": gettext("Cost")},
        "duration": {"label": gettext("Duration (min.)")},
        "campaign": {
            "label": gettext("Campaign No."),
            "kind": "lookup",
            "url": url_for("segments.look_up", kind="campaign"),
        },
        "campaign_target": {"label": gettext("Campaign target"), "options": yes_no},
        "campaign_response": {"label": gettext("Campaign response"), "options": yes_no},
        "send_as_attachment": {"label": gettext("Send Word docs as attachment"), "options": yes_no},
        "evaluation": {"label": gettext("Evaluation"), "options": [*choices(EVALUATION_NAMES)[1:], blank]},
    }
    return [
        {"name": name, "kind": "text", "error": errors.get(name), "value": request.form.get(f"set-{name}", ""), **field}
        for name, field in fields.items()
    ]


def read_bulk(errors: dict[str, str]) -> dict[str, Any]:
    """The changes that were filled in, as `edit_lines` takes them; sentences for texts that mean nothing."""
    changes: dict[str, Any] = {}
    for name in NAMES:
        text = request.form.get(f"set-{name}", "")
        if not text.strip():
            continue
        try:
            if text.strip() == INHERIT:
                changes[name] = None
            elif name == "evaluation":
                changes[name] = "" if text == BLANK else text
            else:
                changes[name] = own_meaning(name, text)
        except RuleViolation as refusal:
            errors[name] = translate(refusal.message)
    return changes
