"""Lines of a segment: adding, one line in place and in its form."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from blueprints.segments.line_answers import LISTED, lines_changed, undo_toast
from blueprints.segments.line_form import line_form
from blueprints.segments.line_rows import CELLS, LineRows, fills_in
from blueprints.segments.line_words import problem_texts
from blueprints.segments.worksheet import figures_context, frozen, lines_context, page_context
from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import (
    Answer,
    close_dialog,
    fragments,
    go_to,
    in_dialog,
    page,
    page_or_fragment,
    wants_fragment,
)
from blueprints.web.languages import translate
from blueprints.web.typed import own_meaning
from domain.errors import Conflict, NotFound, RuleViolation
from domain.letters.pdf import find_soffice
from domain.letters.upload import check_upload, store_upload
from domain.messages import say
from domain.segments.edit_line import edit_line
from domain.segments.line_fields import LINE_FIELDS, PLAIN_FIELDS
from domain.segments.line_queries import line_row, page_row
from domain.segments.lines import add_line, change_contact, get_line
from domain.segments.models import Segment
from domain.segments.page_queries import Worksheet, open_worksheet
from domain.segments.pin_queries import pin_of
from domain.segments.queries import get_open_segment

bp = Blueprint("segment_lines", __name__, url_prefix="/segments/<known:segment_no>/lines")
AROUND = ("segments/_chips.html", "segments/_statusbar.html")


@bp.post("/")
def create(segment_no: str) -> Answer:
    """Adds one contact by hand."""
    text = request.form.get("contact", "")
    try:
        with transaction() as session:
            added = add_line(session, get_open_segment(session, segment_no), text, by=actor())
            name = added.line.contact.name if added.line.contact else ""
            warnings = added.warnings
    except RuleViolation as refusal:
        if refusal.field != "contact":
            raise
        session = reading()
        segment = get_open_segment(session, segment_no)
        context = {"new_contact": text, "new_error": translate(refusal.message)}
        if wants_fragment():
            return fragments("segments/_lines.html", status=422, **lines_context(session, segment, **context))
        return page("segments/show.html", 422, **page_context(session, segment, **context))
    said = gettext("%(name)s was added.", name=name)
    if "excluded" in warnings:
        said += " " + gettext("The contact is excluded from segments.")
    if "duplicate" in warnings:
        said += " " + gettext("The contact was on the list already.")
    return lines_changed(segment_no, said, kind="warn" if warnings else "info")


@bp.get("/<int:line_no>/")
def show(segment_no: str, line_no: int) -> Answer:
    """Every field of a line."""
    return _form(segment_no, line_no)


def _form(segment_no: str, line_no: int, status: int = 200, **more: Any) -> Answer:
    session = reading()
    segment = get_open_segment(session, segment_no)
    return page_or_fragment(
        "segments/line.html", "segments/_line_form.html", status, **_form_context(session, segment, line_no, **more)
    )


def _form_context(
    session: Session,
    segment: Segment,
    line_no: int,
    *,
    errors: dict[str, str] | None = None,
    was: dict[str, str] | None = None,
    **more: Any,
) -> dict[str, Any]:
    line = get_line(session, segment, line_no)
    row = line_row(session, segment, line_no)
    if row is None:
        raise NotFound(say("This line has been removed meanwhile."))
    who = " ".join(part for part in (row.contact_no, row.contact_name) if part) or gettext("(no contact)")
    letter = {
        "text": LineRows(session, segment, [row], pinned=False).letter(row)[1],
        "has": row.document_id is not None and row.contact_id is not None,
        "own": row.own_document_id is not None,
        "pdf": bool(row.document_is_word) and find_soffice() is not None,
    }
    return {
        "segment": segment,
        "line": {
            "url": url_for("segment_lines.show", segment_no=segment.no, line_no=line_no),
            "who": who,
            "letter": letter,
            "no": line_no,
            "contact_no": row.contact_no or "",
            "contact_via": line.contact_via,
            "pin": pin_of(session, segment, row.contact_id) if row.contact_id is not None else None,
        },
        "fields": line_form(session, segment, line, row, errors=errors, was=was),
        "problems": problem_texts(row),
        "form_errors": [text for name, text in (errors or {}).items() if name == ""],
        "frozen": frozen(segment),
        **more,
    }


@bp.post("/<int:line_no>/")
def update(segment_no: str, line_no: int) -> Answer:
    """Saves fields of a line: those of the row when it is left, or all of the form."""
    whole = bool(request.form.get("whole"))
    errors: dict[str, str] = {}
    changes, was = _posted(errors)
    contact = request.form.get("contact")
    file = request.files.get("document")
    upload = None
    try:
        if file and file.filename:
            actor().must_be_allowed("edit segments")
            upload = check_upload(file.read(), file.filename)
    except RuleViolation as refusal:
        errors["document"] = translate(refusal.message)
    token, moved_to = "", line_no
    if not errors:
        try:
            with transaction() as session:
                segment = get_open_segment(session, segment_no)
                line = get_line(session, segment, line_no)
                if contact is not None and contact.strip() != (_shown_with().get("contact") or "").strip():
                    changed = change_contact(session, segment, line, contact, by=actor())
                    if changed is not None:
                        line, moved_to = changed.line, changed.line.line_no
                if upload is not None:
                    changes["document"] = store_upload(session, upload, by=actor()).id
                elif request.form.get("document_inherit"):
                    changes["document"] = None
                if changes:
                    token = edit_line(session, line, changes, was=was, by=actor()).undo
        except RuleViolation as refusal:
            errors[refusal.field or ""] = translate(refusal.message)
        except Conflict as conflict:
            return _conflict(segment_no, line_no, conflict, whole)
    if errors:
        return _refused(segment_no, line_no, errors, whole)
    if not wants_fragment():
        return go_to(url_for("segments.show", segment_no=segment_no, _anchor=f"line-{moved_to}"))
    session = reading()
    worksheet = open_worksheet(session, segment_no)
    if whole or in_dialog():
        context = {
            **page_context(session, worksheet.segment, differs=worksheet.differs),
            **undo_toast(segment_no, token),
        }
        return close_dialog(*LISTED, *(("shared/_toast.html",) if token else ()), **context)
    if moved_to != line_no:
        context = page_context(session, worksheet.segment, differs=worksheet.differs)
        answer = fragments(*LISTED, **context)
        answer.headers["HX-Retarget"] = "#lines"
        answer.headers["HX-Reswap"] = "morph:outerHTML"
        return answer
    return _row(session, worksheet, line_no)


def _posted(errors: dict[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields in the request as the domain takes them, and what they were shown with."""
    changes: dict[str, Any] = {}
    was: dict[str, Any] = {}
    shown_with = _shown_with()
    for name in (*LINE_FIELDS, *PLAIN_FIELDS):
        if name == "document":
            continue
        if name in request.form:
            text = request.form[name]
            try:
                changes[name] = (
                    (text if name != "attempt_failed" else bool(text))
                    if name in PLAIN_FIELDS
                    else own_meaning(name, text)
                )
            except RuleViolation as refusal:
                errors[name] = translate(refusal.message)
            if name in shown_with:
                shown = shown_with[name]
                try:
                    was[name] = shown if name in PLAIN_FIELDS else own_meaning(name, shown)
                except RuleViolation:
                    was[name] = shown
    if "was-no_document" in request.form and bool(request.form.get("no_document")) != bool(
        request.form["was-no_document"]
    ):
        changes["document"] = "" if request.form.get("no_document") else None
    return changes, was


def _shown_with() -> dict[str, str]:
    """What the fields were shown with: `was-…` of each, or the one `was` of a row (what it does not name was blank)."""
    shown = dict.fromkeys(("contact", *CELLS), "") if "was" in request.form else {}
    shown |= dict(parse_qsl(request.form.get("was", "")[:20_000]))
    return shown | {name[4:]: text for name, text in request.form.items() if name.startswith("was-")}


def _row(session: Session, worksheet: Worksheet, line_no: int, status: int = 200, **values: Any) -> Answer:
    """The row first, bare; then what else shows it."""
    segment = worksheet.segment
    row = page_row(session, segment, line_no)
    if row is None:
        raise NotFound(say("This line has been removed meanwhile."))
    context = figures_context(session, segment)
    shown = {"frozen": frozen(segment), "script": fills_in(), "pinned": context["counts"].pinned}
    html = LineRows(session, segment, [row], **shown, **values).html()
    return fragments(html, *AROUND, status=status, **context)


def _refused(segment_no: str, line_no: int, errors: dict[str, str], whole: bool) -> Answer:
    if not wants_fragment() or whole or in_dialog() or not set(errors) <= {*CELLS, "contact"}:
        if wants_fragment() and not (whole or in_dialog()):
            raise RuleViolation(say("%(text)s", text=" ".join(errors.values())))
        return _form(segment_no, line_no, 422, errors=errors)
    session = reading()
    typed = {name: text for name, text in request.form.items() if name in (*CELLS, "contact")}
    return _row(session, open_worksheet(session, segment_no), line_no, 422, errors=errors, typed=typed)


def _conflict(segment_no: str, line_no: int, conflict: Conflict, whole: bool) -> Answer:
    """Somebody else changed the same field: both values, and the choice (B26)."""
    session = reading()
    segment = get_open_segment(session, segment_no)
    name = conflict.field or ""
    context = _form_context(session, segment, line_no)
    field = context["fields"].get(name, {"value": "", "label": name})
    mine, theirs = request.form.get(name, ""), str(field["value"])
    if not wants_fragment() or whole:
        said = gettext(
            "%(field)s is now “%(theirs)s”. You typed “%(mine)s”. Save again to use yours.",
            field=field["label"],
            theirs=theirs or gettext("Inherited"),
            mine=mine,
        )
        return _form(segment_no, line_no, 409, errors={name: said}, was={name: theirs})
    toast = {
        "title": gettext("Changed by someone else"),
        "rows": [{"field": field["label"], "theirs": theirs or gettext("Inherited"), "mine": mine}],
        "url": url_for("segment_lines.update", segment_no=segment_no, line_no=line_no),
        "target": f"#line-{line_no}",
        "mine": {name: mine, f"was-{name}": theirs},
    }
    answer = _row(session, open_worksheet(session, segment_no), line_no, 409)
    toast_html = render_template("shared/_conflict_toast.html", **toast)
    answer.set_data(answer.get_data(as_text=True) + f"<template>{toast_html}</template>")
    return answer
