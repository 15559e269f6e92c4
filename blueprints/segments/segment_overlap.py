"""Overlap: who of a segment had an interaction lately, who is on another open segment; reduce by them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, request, url_for
from flask_babel import gettext, ngettext

from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, go_to, page
from blueprints.web.languages import translate
from domain.errors import RuleViolation
from domain.segments.overlap import recent_interactions, reduce_by_interactions, reduce_by_segment, shared_segments
from domain.segments.queries import get_open_segment

bp = Blueprint("segment_overlap", __name__, url_prefix="/segments/<known:segment_no>/overlap")
DAYS = 30


@bp.get("/")
def show(segment_no: str) -> Answer:
    """Counts by template, by salesperson and by other open segment."""
    typed = request.args.get("days", str(DAYS)).strip()[:20]
    session = reading()
    segment = get_open_segment(session, segment_no)
    total, by_template, by_salesperson, error, status = 0, list[Any](), list[Any](), "", 200
    try:
        total, by_template, by_salesperson = recent_interactions(session, segment, days=_days(typed), by=actor())
    except RuleViolation as refusal:
        error, status = translate(refusal.message), 422
    return page(
        "segments/overlap.html",
        status,
        segment=segment,
        days=typed,
        error=error,
        total=total,
        tables=[
            ("template", gettext("Interactions by template"), gettext("Template"), by_template),
            ("salesperson", gettext("Interactions by salesperson"), gettext("Salesperson"), by_salesperson),
        ],
        shared=shared_segments(session, segment),
        may_edit=actor().may("edit segments"),
    )


@bp.post("/<kind>")
def reduce(segment_no: str, kind: str) -> Answer:
    """Removes the people of one row, as a step."""
    form = request.form
    key, typed = form.get("key", ""), form.get("days", "")[:20]
    with transaction() as session:
        segment = get_open_segment(session, segment_no)
        if kind == "segment":
            done = reduce_by_segment(session, segment, get_open_segment(session, key), by=actor())
        elif kind in ("template", "salesperson"):
            done = reduce_by_interactions(session, segment, days=_days(typed), kind=kind, code=key, by=actor())
        else:
            abort(404)
    parts = [ngettext("%(num)d line was removed.", "%(num)d lines were removed.", done.removed)]
    if done.pinned:
        parts.append(ngettext("%(num)d is pinned and stays.", "%(num)d are pinned and stay.", done.pinned))
    if done.may_reset:
        parts.append(gettext("The segment is empty now."))
    parts.append(gettext("Go back undoes it."))
    url = url_for("segment_overlap.show", segment_no=segment_no, days=typed or None)
    return go_to(url, " ".join(parts), "ok")


def _days(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
