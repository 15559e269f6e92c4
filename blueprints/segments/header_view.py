"""The header of a segment as its cards show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from flask_babel import gettext
from sqlalchemy.orm import Session

from blueprints.web.languages import translate
from blueprints.web.typed import FLAGS, as_typed, named
from blueprints.web.words import CORRESPONDENCE_TYPE_NAMES, INFORMATION_FLOW_NAMES, INITIATED_BY_NAMES, choices
from domain.interaction_templates.queries import correspondence_types
from domain.messages import say_n
from domain.segments.header import HeaderChange
from domain.segments.header_fields import HEADER_FIELDS, header_value
from domain.segments.interactions import differs_from_template
from domain.segments.models import Segment


def header_view(
    session: Session,
    segment: Segment,
    *,
    errors: Mapping[str, str] | None = None,
    was: Mapping[str, str] | None = None,
    differs: bool | None = None,
) -> dict[str, Any]:
    """Values for templates/segments/_header.html. After errors the fields show what was typed.

    `was` replaces the value a field was shown with (after a conflict: what is stored now). `differs` is asked when it
    is not known.
    """
    errors = errors or {}
    mine = segment.interaction
    rows = sorted(mine.languages, key=lambda row: row.language.code)
    default = next((row for row in rows if row.language_id == mine.language_id), None)
    stored: dict[str, Any] = {
        name: as_typed(name, header_value(session, segment, field))
        for name, field in HEADER_FIELDS.items()
        if name != "subject"
    }
    stored["subject"] = default.subject if default else ""
    salesperson, campaign, template = segment.salesperson, segment.campaign, mine.template
    stored |= {
        "salesperson": named(salesperson.code, salesperson.name) if salesperson else "",
        "campaign": campaign.no if campaign else "",
        "template": named(template.code, template.description) if template else "",
        "language": mine.language.code if mine.language else "",
        **{name: bool(header_value(session, segment, HEADER_FIELDS[name])) for name in FLAGS & HEADER_FIELDS.keys()},
    }
    view: dict[str, Any] = {}
    for name, value in stored.items():
        shown, shown_with = value, True
        if errors and (name in request.form or f"was-{name}" in request.form):
            shown = bool(request.form.get(name)) if name in FLAGS else request.form.get(name, value)
            shown_with = request.form.get(f"was-{name}", True)  # else what was typed would count as not changed
        view[name] = {"value": shown, "error": errors.get(name), "was": (was or {}).get(name, shown_with)}
    view["errors"] = bool(errors or was)
    view["date"]["iso"] = segment.date.isoformat()
    view["language"]["options"] = [(row.language.code, f"{row.language.code} · {row.language.name}") for row in rows]
    types = correspondence_types(session, kept=mine.correspondence_type, fax=getattr(segment, "fax", None))
    view["correspondence_type"]["options"] = choices(CORRESPONDENCE_TYPE_NAMES, types)
    view["information_flow"]["options"] = choices(INFORMATION_FLOW_NAMES)
    view["initiated_by"]["options"] = choices(INITIATED_BY_NAMES)
    view["subject"]["enabled"] = default is not None
    view["differs"] = differs_from_template(session, segment) if differs is None else bool(differs)
    view["has_template"] = mine.template_id is not None
    view["campaign_description"] = campaign.description if campaign else ""
    hidden = ("ignore_contact_type", "send_as_attachment", "information_flow", "initiated_by")
    view["more_open"] = any(errors.get(name) for name in hidden)
    view["attachment"] = default.document.file_name if default and default.document else ""
    view["languages"] = [{"code": row.language.code, "has_document": row.document_id is not None} for row in rows]
    return view


def notice_of(change: HeaderChange | None) -> dict[str, Any] | None:
    """The notice after a header change (A2); None when no line depends on it."""
    if change is None or not (change.follow or change.own or change.other):
        return None
    sentences = []
    if change.taken_up_again:
        sentences.append(gettext("The segment had this interaction before; it was taken up again with its changes."))
    if change.follow:
        sentences.append(_count(change.follow, "follow"))
    if change.own:
        sentences.append(_count(change.own, "template" if change.field == "template" else "own"))
    if change.other:
        sentences.append(_count(change.other, "other"))
    return {
        "text": " ".join(sentences),
        "token": change.token,
        "keep": change.follow > 0,
        "replace": change.own,
    }


def _count(n: int, kind: str) -> str:
    sentences = {
        "follow": say_n("%(num)s line follows.", "%(num)s lines follow.", n),
        "own": say_n("%(num)s keeps its own value.", "%(num)s keep their own value.", n),
        "other": say_n(
            "%(num)s line with another template is not touched.",
            "%(num)s lines with another template are not touched.",
            n,
        ),
        "template": say_n("%(num)s line keeps its own template.", "%(num)s lines keep their own template.", n),
    }
    return translate(sentences[kind])
