"""The pane beside the lines: the contact of the current line."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from sqlalchemy.orm import Session

from blueprints.segments.line_words import problem_texts
from blueprints.segments.worksheet import figures_context
from blueprints.web.actor import actor
from blueprints.web.database import reading
from blueprints.web.fragments import (
    Answer,
    page,
)
from blueprints.web.words import CORRESPONDENCE_TYPE_NAMES
from domain.segments.line_queries import line_row, recent_interactions
from domain.segments.lines import get_line
from domain.segments.queries import get_open_segment

bp = Blueprint("factbox", __name__, url_prefix="/segments/<known:segment_no>/lines")


@bp.get("/<int:line_no>/factbox")
def show(segment_no: str, line_no: int) -> Answer:
    """The pane beside the lines."""
    session = reading()
    segment = get_open_segment(session, segment_no)
    line = get_line(session, segment, line_no)
    row = line_row(session, segment, line_no)
    context = figures_context(session, segment)
    fact = _fact(session, line.contact, row) if line.contact else None
    if fact is not None and actor().may("create interactions") and not line.contact.privacy_blocked:
        back = url_for("segments.show", segment_no=segment_no, _anchor=f"line-{line_no}")
        fact["call_url"] = url_for("calls.of_line", segment_no=segment_no, line_no=line_no, back=back)
    return page("segments/_factbox.html", fact=fact, **context)


def _fact(session: Session, contact: Any, row: Any) -> dict[str, Any]:
    recent = recent_interactions(session, contact)
    parts = contact.name.split()
    return {
        "name": contact.name,
        "initials": "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper(),
        "url": url_for("contacts.show", no=contact.no),
        "place": ", ".join(
            part for part in (contact.company_name if not contact.is_company else "", contact.city) if part
        ),
        "email": contact.email,
        "phone": contact.phone,
        "mobile": contact.mobile,
        "language": contact.language.name if contact.language else "",
        "type": str(CORRESPONDENCE_TYPE_NAMES[contact.correspondence_type]),
        "problems": problem_texts(row),
        "recent": [{"date": e.date, "template": e.template_code, "description": e.description} for e in recent.rows],
        "interactions": recent.total,
        "log_url": url_for("interaction_log.index", contact=contact.no) if recent.total else "",
    }
