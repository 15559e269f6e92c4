"""Every field of one line, as its form shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from blueprints.web.formats import format_amount, format_date
from blueprints.web.typed import BLANK, as_typed, named
from blueprints.web.words import (
    CORRESPONDENCE_TYPE_NAMES,
    EVALUATION_NAMES,
    INFORMATION_FLOW_NAMES,
    INITIATED_BY_NAMES,
    choices,
)
from domain.contacts.alt_addresses import alt_address_list
from domain.interaction_templates.queries import correspondence_types
from domain.segments.languages import language_rows
from domain.segments.models import Segment, SegmentLine


def line_form(
    session: Session,
    segment: Segment,
    line: SegmentLine,
    row: Any,
    *,
    errors: Mapping[str, str] | None = None,
    was: Mapping[str, str] | None = None,
) -> dict[str, dict[str, Any]]:
    """Values for templates/segments/_line_form.html: own values as typed, what applies otherwise as placeholder."""
    errors, was = errors or {}, was or {}
    yes_no = {True: gettext("Yes"), False: gettext("No")}
    blank = (BLANK, gettext("(blank)"))

    def inherited(text: Any) -> tuple[str, str]:
        return ("", gettext("Inherited: %(value)s", value=text or gettext("(blank)")))

    def options(name: str, names: Mapping[str, Any], effective: str, kinds: Any = None) -> list[tuple[str, str]]:
        listed = [pair for pair in choices(names, kinds) if pair[0]]
        return [inherited(str(names[effective])), *listed, blank]

    def flag(name: str, effective: bool) -> dict[str, Any]:
        own = getattr(line, name)
        value = "" if own is None else "yes" if own else "no"
        return {
            "value": value,
            "options": [inherited(yes_no[bool(effective)]), ("yes", yes_no[True]), ("no", yes_no[False])],
        }

    languages = [
        (one.language.code, f"{one.language.code} · {one.language.name}")
        for one in session.scalars(language_rows(segment))
    ]
    own_language = row.language_code if line.language_id is not None else ""
    if own_language and own_language not in dict(languages):
        languages.append((own_language, own_language))
    addresses = [(one.code, one.code) for one in alt_address_list(session, line.contact)] if line.contact else []
    own_salesperson = named(line.salesperson.code, line.salesperson.name) if line.salesperson else ""
    fields: dict[str, dict[str, Any]] = {
        "description": {"label": gettext("Description"), "value": _text(line.description), "shown": row.description},
        "subject": {"label": gettext("Subject"), "value": _text(line.subject), "shown": row.subject},
        "template": {
            "label": gettext("Interaction template"),
            "kind": "lookup",
            "url": url_for("segments.look_up", kind="template"),
            "value": row.template_code if line.interaction_id is not None else "",
            "shown": row.template_code or "",
        },
        "correspondence_type": {
            "label": gettext("Correspondence type"),
            "value": _text(line.correspondence_type),
            "options": options(
                "correspondence_type",
                CORRESPONDENCE_TYPE_NAMES,
                row.correspondence_type,
                correspondence_types(session, kept=line.correspondence_type or ""),
            ),
        },
        "language": {
            "label": gettext("Language code"),
            "value": own_language,
            "options": [inherited(row.language_code), *languages],
        },
        "salesperson": {
            "label": gettext("Salesperson"),
            "kind": "lookup",
            "url": url_for("segments.look_up", kind="salesperson"),
            "value": own_salesperson,
            "shown": named(row.salesperson_code, row.salesperson_name),
        },
        "date": {
            "label": gettext("Date"),
            "kind": "date",
            "value": format_date(line.date),
            "shown": format_date(row.date),
        },
        "cost": {
            "label": gettext("Cost"),
            "kind": "number",
            "value": format_amount(line.cost),
            "shown": format_amount(row.cost),
        },
        "duration": {
            "label": gettext("Duration (min.)"),
            "kind": "number",
            "value": as_typed("duration", line.duration),
            "shown": str(row.duration),
        },
        "information_flow": {
            "label": gettext("Information flow"),
            "value": _text(line.information_flow),
            "options": options("information_flow", INFORMATION_FLOW_NAMES, row.information_flow),
        },
        "initiated_by": {
            "label": gettext("Initiated by"),
            "value": _text(line.initiated_by),
            "options": options("initiated_by", INITIATED_BY_NAMES, row.initiated_by),
        },
        "campaign": {
            "label": gettext("Campaign No."),
            "kind": "lookup",
            "url": url_for("segments.look_up", kind="campaign"),
            "value": BLANK if line.no_campaign else line.campaign.no if line.campaign else "",
            "shown": row.campaign_no or "",
            "hint": gettext("Type (blank) for no campaign."),
        },
        "campaign_target": {"label": gettext("Campaign target"), **flag("campaign_target", row.campaign_target)},
        "campaign_response": {
            "label": gettext("Campaign response"),
            **flag("campaign_response", row.campaign_response),
        },
        "send_as_attachment": {
            "label": gettext("Send Word docs as attachment"),
            **flag("send_as_attachment", row.send_as_attachment),
        },
        "alt_address": {
            "label": gettext("Alternative address"),
            "value": BLANK if line.no_alt_address else line.alt_address.code if line.alt_address else "",
            "options": [inherited(row.alt_address_code), *addresses, blank],
        },
        "evaluation": {"label": gettext("Evaluation"), "value": line.evaluation, "options": choices(EVALUATION_NAMES)},
        "comment": {"label": gettext("Personal comment"), "value": line.comment},
        "document": {"label": gettext("Letter"), "value": ""},
        "no_document": {"label": gettext("No letter for this contact"), "value": line.no_document},
    }
    for name, field in fields.items():
        shown_with: str | bool = True
        if errors and name in request.form:
            field["value"] = request.form[name]
            shown_with = request.form.get(f"was-{name}", True)  # else what was typed would count as not changed
        field.setdefault("kind", "text")
        field.setdefault("hint", None)
        field["error"] = errors.get(name)
        field["was"] = was.get(name, shown_with)
    return fields


def _text(own: str | None) -> str:
    return BLANK if own == "" else own or ""
