"""Why (not) this person? What every step did with one contact (A3)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from blueprints.segments.segment_steps import crumbs
from blueprints.segments.why_words import fates_in_words
from blueprints.segments.worksheet import frozen
from blueprints.web.actor import actor
from blueprints.web.database import reading
from blueprints.web.fragments import Answer, in_dialog, page, wants_fragment
from blueprints.web.languages import translate
from domain.contacts.queries import find_contact
from domain.errors import RuleViolation
from domain.segments.models import Segment
from domain.segments.pin_queries import pin_of
from domain.segments.queries import get_worksheet
from domain.segments.why import why

bp = Blueprint("segment_why", __name__, url_prefix="/segments/<known:segment_no>/why")


@bp.get("/")
def show(segment_no: str) -> Answer:
    """The question, and with `?contact=` its answer: in the dialog of a line, as a fragment, or as a page."""
    actor().must_be_allowed("view")
    session = reading()
    segment = get_worksheet(session, segment_no)
    values = _answer(session, segment, request.args.get("contact", ""))
    values |= {"segment": segment, "frozen": frozen(segment), "crumbs": crumbs(segment, criteria=True)}
    values["alone"] = wants_fragment()
    if in_dialog():
        return page("segments/_why_dialog.html", **values)
    return page("segments/_why_answer.html" if wants_fragment() else "segments/why.html", **values)


def _answer(session: Session, segment: Segment, asked: str) -> dict[str, Any]:
    """Values for templates/segments/_why_answer.html."""
    asked = asked.strip()[:200]
    if not asked:
        return {"asked": "", "contact": None, "error": ""}
    try:
        contact = find_contact(session, asked, field="contact")
    except RuleViolation as refusal:
        return {"asked": asked, "contact": None, "error": translate(refusal.message)}
    if contact is None:
        return {"asked": asked, "contact": None, "error": gettext("There is no contact %(text)s.", text=asked)}
    answer = why(session, segment, contact, by=actor())
    return {
        "asked": contact.name,
        "error": "",
        "contact": contact,
        "contact_url": url_for("contacts.show", no=contact.no),
        "lines": len(answer.line_nos),
        "fates": fates_in_words(session, answer),
        "pin": pin_of(session, segment, contact.id),
    }
