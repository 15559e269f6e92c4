"""The languages of a segment: subject and document of each, beside the interaction template's (A1, B18)."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, request, send_file, url_for
from flask_babel import gettext

from blueprints.segments.worksheet import frozen, page_context
from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, fragments, go_to, page_or_fragment, wants_fragment
from blueprints.web.languages import translate
from domain.documents.store import read_document
from domain.errors import Conflict, NotFound, RuleViolation
from domain.letters.upload import check_upload, store_upload
from domain.messages import say
from domain.segments.languages import add_language, edit_language, get_language_row, language_rows, remove_language
from domain.segments.queries import get_open_segment
from domain.setup.queries import language_list

bp = Blueprint("segment_languages", __name__, url_prefix="/segments/<known:segment_no>/languages")


@bp.get("/")
def index(segment_no: str) -> Answer:
    """The languages."""
    return page_or_fragment("segments/languages.html", "segments/_languages_dialog.html", **_context(segment_no))


def _context(segment_no: str, *, typed: dict[str, dict[str, str]] | None = None, **more: Any) -> dict[str, Any]:
    """The languages; `typed` replaces what is shown of those that were not saved, by language code."""
    session = reading()
    segment = get_open_segment(session, segment_no)
    mine = segment.interaction
    rows = list(session.scalars(language_rows(segment)))
    there = {row.language_id for row in rows}
    return {
        "segment": segment,
        "frozen": frozen(segment),
        "has_template": mine.template_id is not None,
        "languages": [
            {
                "code": row.language.code,
                "name": row.language.name,
                "subject": row.subject,
                "was": row.subject,
                "error": None,
                **(typed or {}).get(row.language.code, {}),
                "default": row.language_id == mine.language_id,
                "file_name": row.document.file_name if row.document else "",
            }
            for row in rows
        ],
        "choices": [
            (one.code, f"{one.code} · {one.name}") for one in session.scalars(language_list()) if one.id not in there
        ],
        **more,
    }


@bp.post("/")
def create(segment_no: str) -> Answer:
    """Adds a language."""
    with transaction() as session:
        add_language(session, get_open_segment(session, segment_no), request.form.get("language", ""), by=actor())
    return _changed(segment_no)


@bp.post("/<known:code>")
def update(segment_no: str, code: str) -> Answer:
    """Saves subject and document of a language."""
    file = request.files.get("document")
    changes: dict[str, Any] = {}
    was: dict[str, Any] = {}
    if "subject" in request.form:
        changes["subject"] = request.form["subject"]
        if "was-subject" in request.form:
            was["subject"] = request.form["was-subject"]
    actor().must_be_allowed("edit segments")
    try:
        upload = check_upload(file.read(), file.filename) if file and file.filename else None
        with transaction() as session:
            segment = get_open_segment(session, segment_no)
            if request.form.get("remove_document"):
                changes["document"] = None
            elif upload is not None:
                changes["document"] = store_upload(session, upload, by=actor())
            edit_language(session, segment, get_language_row(session, segment, code), changes, was=was, by=actor())
    except RuleViolation as refusal:
        return _not_saved(segment_no, code, 422, translate(refusal.message), about=refusal.field)
    except Conflict as conflict:
        said = gettext(
            "%(field)s is now “%(theirs)s”. You typed “%(mine)s”. Save again to use yours.",
            field=gettext("Subject"),
            theirs=conflict.theirs,
            mine=conflict.mine,
        )
        return _not_saved(segment_no, code, 409, said, about=conflict.field)
    return _changed(segment_no)


def _not_saved(segment_no: str, code: str, status: int, said: str, *, about: str | None) -> Answer:
    """The dialog with the subject as it was typed; the reason stands at it when it is about the subject."""
    at_subject = about == "subject" and "subject" in request.form
    typed = {"subject": request.form["subject"]} if "subject" in request.form else {}
    if status == 422 and "was-subject" in request.form:
        typed["was"] = request.form["was-subject"]
    if at_subject:
        typed["error"] = said
    context = _context(segment_no, typed={code: typed}, error=None if at_subject else said)
    return page_or_fragment("segments/languages.html", "segments/_languages_dialog.html", status, **context)


@bp.post("/<known:code>/delete")
def delete(segment_no: str, code: str) -> Answer:
    """Removes a language; the next one becomes the default when it was."""
    with transaction() as session:
        segment = get_open_segment(session, segment_no)
        remove_language(session, segment, get_language_row(session, segment, code), by=actor())
    return _changed(segment_no)


@bp.get("/<known:code>/document")
def document(segment_no: str, code: str) -> Answer:
    """The document of a language, unmerged."""
    session = reading()
    row = get_language_row(session, get_open_segment(session, segment_no), code)
    if row.document is None:
        raise NotFound(say("This language has no document."))
    data = read_document(session, row.document)
    return send_file(io.BytesIO(data), as_attachment=True, download_name=row.document.file_name)


def _changed(segment_no: str) -> Answer:
    """The dialog anew, and the worksheet behind it."""
    if not wants_fragment():
        return go_to(url_for("segment_languages.index", segment_no=segment_no), gettext("Saved."), "ok")
    session = reading()
    context = {**page_context(session, get_open_segment(session, segment_no)), **_context(segment_no)}
    return fragments(
        "segments/_languages_dialog.html",
        "segments/_header.html",
        "segments/_lines.html",
        "segments/_chips.html",
        "segments/_statusbar.html",
        **context,
    )
