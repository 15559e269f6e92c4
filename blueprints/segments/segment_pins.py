"""Pins: a contact held on the list, or kept off it, with a reason, whatever later steps ask."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from blueprints.segments.step_words import step_url
from blueprints.segments.worksheet import frozen
from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, go_to, page_or_fragment
from blueprints.web.languages import translate
from blueprints.web.typed import shown_version
from domain.contacts.queries import find_contact, get_contact
from domain.errors import Conflict, RuleViolation
from domain.segments.editing import begin_change_of
from domain.segments.models import Segment
from domain.segments.pin_queries import pin_list
from domain.segments.pins import pin_contact
from domain.segments.queries import get_open_segment

bp = Blueprint("segment_pins", __name__, url_prefix="/segments/<known:segment_no>/pins")
PLACES = {"lines": "segments.show", "criteria": "segment_steps.index"}
"""Where a pin leads back to."""


def pin_rows(session: Session, segment: Segment) -> list[dict[str, Any]]:
    """The pins of a segment for the page Criteria."""
    return [
        {
            "no": row.no,
            "name": row.name,
            "url": url_for("segment_why.show", segment_no=segment.no, contact=row.no),
            "kind": row.kind,
            "word": kind_words()[row.kind],
            "reason": row.reason,
            "user": row.user_name,
            "at": row.at,
            "seq": row.seq,
            "step_url": step_url(segment.no, row.seq),
        }
        for row in session.execute(pin_list(segment))
    ]


def kind_words() -> dict[str, str]:
    """What a pin does."""
    return {"in": gettext("Pinned to the list"), "out": gettext("Kept off the list")}


@bp.get("/new/<any(in, out):kind>")
def new(segment_no: str, kind: str) -> Answer:
    """Asks whom to pin (`?contact=` fills it in) and why."""
    segment = get_open_segment(reading(), segment_no)
    actor().must_be_allowed("edit segments")
    contact = None
    if asked := request.args.get("contact", "").strip()[:200]:
        try:
            contact = find_contact(reading(), asked)
        except RuleViolation:
            contact = None  # several have this name: the dialog asks for one of them
    return _dialog(
        segment,
        kind,
        {"contact": contact.name if contact else asked, "picked": contact.no if contact else None, "reason": ""},
        {},
    )


def _dialog(
    segment: Segment, kind: str, typed: dict[str, Any], errors: dict[str, str], status: int = 200, moved: str = ""
) -> Answer:
    partial = "segments/_pin_dialog.html"
    return page_or_fragment(
        "shared/dialog_page.html",
        partial,
        status,
        partial=partial,
        title=gettext("Pin to the list") if kind == "in" else gettext("Keep off the list"),
        segment=segment,
        kind=kind,
        typed=typed,
        errors=errors,
        moved=moved,
        back=request.values.get("back", "criteria"),
        frozen=frozen(segment),
    )


@bp.post("/")
def create(segment_no: str) -> Answer:
    """*Pin to the list*, *Keep off the list*: a step."""
    given = {name: request.form.get(name, "") for name in ("contact", "reason", "kind")}
    kind = given["kind"] if given["kind"] in ("in", "out") else "in"
    typed = {"contact": given["contact"], "picked": None, "reason": given["reason"]}
    try:
        with transaction() as session:
            segment = get_open_segment(session, segment_no)
            if (version := shown_version()) is not None:
                begin_change_of(session, segment, version, by=actor())
            contact = find_contact(session, given["contact"], field="contact") or given["contact"]
            pin_contact(session, segment, contact, kind, reason=given["reason"], by=actor())
            name = getattr(contact, "name", "")
    except Conflict as refusal:
        segment = get_open_segment(reading(), segment_no)
        return _dialog(segment, kind, typed, {}, 409, moved=translate(refusal.message))
    except RuleViolation as refusal:
        if refusal.field not in ("contact", "reason"):
            raise
        return _dialog(
            get_open_segment(reading(), segment_no), kind, typed, {refusal.field: translate(refusal.message)}, 422
        )
    said = {
        "in": gettext("%(name)s is pinned to the list.", name=name),
        "out": gettext("%(name)s is kept off the list.", name=name),
    }
    return _back(segment_no, said[kind])


@bp.post("/<known:contact_no>/delete")
def delete(segment_no: str, contact_no: str) -> Answer:
    """*Remove pin*: a step; the contact stays where it is."""
    with transaction() as session:
        segment = get_open_segment(session, segment_no)
        if (version := shown_version()) is not None:
            begin_change_of(session, segment, version, by=actor())
        contact = get_contact(session, contact_no)
        pin_contact(session, segment, contact, "", reason="", by=actor())
    return _back(segment_no, gettext("The pin of %(name)s was removed.", name=contact.name))


def _back(segment_no: str, text: str) -> Answer:
    place = PLACES.get(request.form.get("back", ""), PLACES["criteria"])
    return go_to(url_for(place, segment_no=segment_no), text, "ok")
