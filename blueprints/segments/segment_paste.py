"""Pasting a column of contacts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask_babel import gettext, ngettext

from blueprints.segments.line_answers import lines_changed
from blueprints.segments.worksheet import page_context
from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, fragments, page_or_fragment, wants_fragment
from blueprints.web.languages import translate
from domain.errors import RuleViolation
from domain.segments.add_contacts import AddOptions
from domain.segments.paste import Pasted, add_pasted, list_text
from domain.segments.queries import get_open_segment

bp = Blueprint("segment_paste", __name__, url_prefix="/segments/<known:segment_no>/paste")
SHOWN = 100


@bp.get("/")
def new(segment_no: str) -> Answer:
    """The box to paste into."""
    segment = get_open_segment(reading(), segment_no)
    actor().must_be_allowed("edit segments")
    return page_or_fragment("segments/paste.html", "segments/_paste_dialog.html", segment=segment)


@bp.post("/")
def create(segment_no: str) -> Answer:
    """Adds what was pasted or uploaded, then the report."""
    text, file = request.form.get("pasted", ""), request.files.get("file")
    file_name = file.filename or "" if file else ""
    options = AddOptions(
        allow_existing=bool(request.form.get("allow_existing")),
        include_excluded=bool(request.form.get("include_excluded")),
    )
    try:
        if file and file_name:
            text = "\n".join(part for part in (text, list_text(file.read(), file_name)) if part.strip())
        with transaction() as session:
            segment = get_open_segment(session, segment_no)
            done = add_pasted(session, segment, text, options=options, file_name=file_name, by=actor())
    except RuleViolation as refusal:
        if refusal.field not in ("pasted", "file"):
            raise
        return page_or_fragment(
            "segments/paste.html",
            "segments/_paste_dialog.html",
            422,
            segment=get_open_segment(reading(), segment_no),
            pasted=text,
            errors={refusal.field: translate(refusal.message)},
            allow_existing=options.allow_existing,
            include_excluded=options.include_excluded,
        )
    session = reading()
    segment = get_open_segment(session, segment_no)
    report = _report(done)
    if not (done.several or done.not_found or done.added < done.entries) and not wants_fragment():
        return lines_changed(segment_no, report["lines"][0][1])
    if wants_fragment():
        return fragments(
            "segments/_paste_dialog.html",
            "segments/_lines.html",
            "segments/_chips.html",
            "segments/_statusbar.html",
            "segments/_header.html",
            "segments/_actions.html",
            "segments/_steps_pane.html",
            report=report,
            **page_context(session, segment),
        )
    return page_or_fragment("segments/paste.html", "segments/_paste_dialog.html", segment=segment, report=report)


def _report(done: Pasted) -> dict[str, Any]:
    """Found, several, not found, and what was passed over."""
    lines = [("ok", ngettext("%(num)d contact was added.", "%(num)d contacts were added.", done.added))]
    if done.present:
        lines.append(
            ("warn", ngettext("%(num)d is on the list already.", "%(num)d are on the list already.", done.present))
        )
    if done.excluded:
        lines.append(
            (
                "warn",
                ngettext("%(num)d is excluded from segments.", "%(num)d are excluded from segments.", done.excluded),
            )
        )
    if done.blocked:
        lines.append(
            ("warn", ngettext("%(num)d is blocked for privacy.", "%(num)d are blocked for privacy.", done.blocked))
        )
    if done.repeated:
        lines.append(
            (
                "warn",
                ngettext("%(num)d was pasted more than once.", "%(num)d were pasted more than once.", done.repeated),
            )
        )
    if done.several:
        n = len(done.several)
        lines.append(
            ("warn", ngettext("%(num)d entry means several contacts.", "%(num)d entries mean several contacts.", n))
        )
    if done.not_found:
        n = len(done.not_found)
        lines.append(("warn", ngettext("%(num)d entry was not found.", "%(num)d entries were not found.", n)))
    several = [
        ngettext("%(entry)s: %(num)d contact", "%(entry)s: %(num)d contacts", n, entry=entry[:100])
        for entry, n in done.several[:SHOWN]
    ]
    lists = [(gettext("Several contacts"), several), (gettext("Not found"), [e[:100] for e in done.not_found[:SHOWN]])]
    return {"lines": lines, "lists": [(title, entries) for title, entries in lists if entries]}
