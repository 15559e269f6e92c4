"""Many lines at once: the ticked ones or all that match. Editing, back to inherited, removing, undo."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import ngettext
from sqlalchemy.orm import Session

from blueprints.segments.bulk_form import bulk_fields, read_bulk
from blueprints.segments.line_answers import LISTED, lines_changed, undo_toast
from blueprints.segments.worksheet import asked, page_context
from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import (
    Answer,
    close_dialog,
    go_to,
    page_or_fragment,
    wants_fragment,
)
from blueprints.web.languages import translate
from blueprints.web.quick_log import Whom, ask_quick_log, log_quickly
from domain.errors import RuleViolation
from domain.messages import say
from domain.segments.bulk import all_back_to_inherited, count_chosen, edit_lines
from domain.segments.lines import remove_lines
from domain.segments.models import Segment
from domain.segments.queries import get_open_segment
from domain.segments.selection import LineFilter, contacts_of_lines
from domain.segments.undo import MOST_LINES, undo_edit

bp = Blueprint("chosen_lines", __name__, url_prefix="/segments/<known:segment_no>/lines")


def _selection() -> LineFilter:
    """The ticked lines, or all that match the list."""
    wanted = asked().which
    if request.values.get("all_matching") and "only" not in request.values:
        return wanted
    nos = [int(no) for no in _ticked() if no.isdecimal() and len(no) < 19]
    if not nos:
        raise RuleViolation(say("Select one or more lines first."))
    return LineFilter(line_nos=nos)


def _ticked() -> list[str]:
    """Numbers of lines: the one whose own button was pressed, else the ticked ones."""
    return request.values.getlist("only") or request.values.getlist("sel")


def _selection_fields() -> list[tuple[str, str]]:
    """The selection again, as hidden fields."""
    if request.values.get("all_matching"):
        wanted = asked()
        return [("all_matching", "1"), *wanted.kept.items(), *([("q", wanted.q)] if wanted.q else [])]
    return [("sel", no) for no in request.values.getlist("sel")]


@bp.post("/bulk")
def bulk(segment_no: str) -> Answer:
    """The dialog that edits many lines."""
    session = reading()
    segment = get_open_segment(session, segment_no)
    actor().must_be_allowed("edit segments")
    n = count_chosen(session, segment, _selection())
    return page_or_fragment("segments/bulk.html", "segments/_bulk_dialog.html", **_bulk_context(session, segment, n))


def _bulk_context(session: Session, segment: Segment, n: int, **more: Any) -> dict[str, Any]:
    return {
        "segment": segment,
        "n": n,
        "undoable": n <= MOST_LINES,
        "selection": _selection_fields(),
        "fields": bulk_fields(session, segment, more.get("errors")),
        "error": None,
        **more,
    }


@bp.post("/quick-log")
def ask_quick(segment_no: str) -> Answer:
    """The dialog that logs an interaction with the contacts of the chosen lines."""
    return ask_quick_log(_whom(segment_no))


@bp.post("/quick-log/log")
def quick(segment_no: str) -> Answer:
    """Logs it; the lines stay as they are."""
    return log_quickly(_whom(segment_no))


def _whom(segment_no: str) -> Whom:
    return Whom(
        lambda session: contacts_of_lines(get_open_segment(session, segment_no), _selection()),
        _selection_fields(),
        url_for("chosen_lines.quick", segment_no=segment_no),
        url_for("segments.show", segment_no=segment_no),
    )


@bp.post("/bulk-update")
def bulk_update(segment_no: str) -> Answer:
    """Writes the fields that were filled in to all chosen lines."""
    which = _selection()
    errors: dict[str, str] = {}
    changes = read_bulk(errors)
    done = None
    if not errors:
        try:
            with transaction() as session:
                done = edit_lines(session, get_open_segment(session, segment_no), which, changes, by=actor())
        except RuleViolation as refusal:
            errors[refusal.field or ""] = translate(refusal.message)
    if done is None:
        session = reading()
        segment = get_open_segment(session, segment_no)
        context = _bulk_context(
            session, segment, count_chosen(session, segment, which), errors=errors, error=errors.get("")
        )
        return page_or_fragment("segments/bulk.html", "segments/_bulk_dialog.html", 422, **context)
    text = ngettext("%(num)d line was changed.", "%(num)d lines were changed.", done.changed)
    return _edited(segment_no, text, done.undo, dialog=True)


@bp.post("/inherit")
def inherit(segment_no: str) -> Answer:
    """*Back to inherited* for the chosen lines."""
    with transaction() as session:
        done = all_back_to_inherited(session, get_open_segment(session, segment_no), _selection(), by=actor())
    text = ngettext("%(num)d line is as its header again.", "%(num)d lines are as their header again.", done.changed)
    return _edited(segment_no, text, done.undo)


@bp.post("/delete")
def delete(segment_no: str) -> Answer:
    """Removes the chosen lines: one step, with undo."""
    with transaction() as session:
        gone = remove_lines(session, get_open_segment(session, segment_no), _selection(), by=actor())
        seq = gone.step.seq
    text = ngettext("%(num)d line was removed.", "%(num)d lines were removed.", gone.removed)
    return lines_changed(
        segment_no,
        text,
        undo_url=url_for("segment_steps.restore", segment_no=segment_no, seq=seq),
        undo_target="#lines",
        emptied=gone.may_reset,
    )


def _edited(segment_no: str, text: str, token: str, *, dialog: bool = False) -> Answer:
    """The answer after an edit of many lines, with undo where it can be undone."""
    if not wants_fragment():
        return go_to(url_for("segments.show", segment_no=segment_no), text, "ok")
    if dialog:
        session = reading()
        segment = get_open_segment(session, segment_no)
        context = {**page_context(session, segment), **undo_toast(segment_no, token, text)}
        return close_dialog(*LISTED, "shared/_toast.html", **context)
    return lines_changed(segment_no, text, **undo_toast(segment_no, token, text))


@bp.post("/undo/<token>")
def undo(segment_no: str, token: str) -> Answer:
    """Takes an edit back; what changed since stays."""
    with transaction() as session:
        done = undo_edit(session, get_open_segment(session, segment_no), token, by=actor())
    text = ngettext("%(num)d line has its former values.", "%(num)d lines have their former values.", done.restored)
    if done.left:
        text += " " + ngettext(
            "%(num)d line has changed since and stays as it is.",
            "%(num)d lines have changed since and stay as they are.",
            done.left,
        )
    return lines_changed(segment_no, text)
