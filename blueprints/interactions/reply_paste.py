"""Pasting a column of people who all answered the same: look at whom it finds, then mark them at once."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext, ngettext

from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, go_to, page_or_fragment
from blueprints.web.languages import translate
from blueprints.web.typed import named
from blueprints.web.words import REPLY_NAMES
from domain.errors import RuleViolation
from domain.interactions.logged_segments import get_logged_segment
from domain.interactions.replies import RIGHT
from domain.interactions.reply_models import OUTCOMES
from domain.interactions.reply_paste import PastedReplies, record_pasted, sort_pasted
from domain.letters.letter_code import letter_code
from domain.segments.paste import pasted_entries

bp = Blueprint("reply_paste", __name__, url_prefix="/logged-segments/<known:segment_no>/reply-desk/paste")
SHOWN = 50


@bp.get("/")
def ask(segment_no: str) -> Answer:
    """The dialog for the column."""
    actor().must_be_allowed(RIGHT)
    return _dialog(segment_no)


@bp.post("/")
def look(segment_no: str) -> Answer:
    """Whom the column means. Nothing is written."""
    actor().must_be_allowed(RIGHT)
    session, text = reading(), request.form.get("pasted", "")
    try:
        pasted = sort_pasted(session, get_logged_segment(session, segment_no), pasted_entries(text))
    except RuleViolation as refusal:
        return _dialog(segment_no, 422, text=text, error=translate(refusal.message))
    return _dialog(segment_no, text=text, pasted=pasted)


@bp.post("/mark")
def mark(segment_no: str) -> Answer:
    """Stores the answer for all who were found."""
    text, outcome = request.form.get("pasted", ""), request.form.get("outcome", "")
    try:
        with transaction() as session:
            logged = get_logged_segment(session, segment_no)
            key = _paste_key(text, outcome)
            done = record_pasted(session, logged, pasted_entries(text), outcome, paste_key=key, by=actor())
    except RuleViolation as refusal:
        session = reading()
        pasted = sort_pasted(session, get_logged_segment(session, segment_no), pasted_entries(text))
        return _dialog(segment_no, 422, text=text, pasted=pasted, error=translate(refusal.message))
    message = ngettext(
        "%(num)d answer was stored: %(outcome)s.",
        "%(num)d answers were stored: %(outcome)s.",
        done.entries,
        outcome=str(REPLY_NAMES[outcome]),
    )
    if done.again:
        message += " " + ngettext("%(num)d had answered before.", "%(num)d had answered before.", done.again)
    return go_to(url_for("reply_desk.show", segment_no=segment_no), message, "ok")


def _paste_key(text: str, outcome: str) -> str:
    """The same for the same form, column and answer only: another answer chosen after going back is stored."""
    form_key = request.form.get("form_key") or secrets.token_hex(16)
    return hashlib.sha256("\n".join((form_key, outcome, text)).encode()).hexdigest()[:32]


def _dialog(
    segment_no: str, status: int = 200, *, text: str = "", pasted: PastedReplies | None = None, error: str = ""
) -> Answer:
    partial = "interactions/_reply_paste_dialog.html"
    return page_or_fragment(
        "shared/dialog_page.html",
        partial,
        status,
        partial=partial,
        title=gettext("Paste answers"),
        logged=get_logged_segment(reading(), segment_no),
        text=text,
        error=error,
        report=_report(pasted) if pasted is not None else None,
        found=len(pasted.entries) if pasted is not None else 0,
        outcomes=[(key, str(REPLY_NAMES[key])) for key in OUTCOMES],
        outcome=request.form.get("outcome", ""),
        form_key=secrets.token_hex(16),
    )


def _report(pasted: PastedReplies) -> dict[str, Any]:
    """Found, answered before, several people, cancelled, not found."""
    found, answered = len(pasted.entries), len(pasted.answered)
    lines = [("ok" if found else "warn", ngettext("%(num)d person was found.", "%(num)d people were found.", found))]
    for n, text in (
        (answered, ngettext("%(num)d has answered already.", "%(num)d have answered already.", answered)),
        (
            pasted.repeated,
            ngettext("%(num)d was pasted more than once.", "%(num)d were pasted more than once.", pasted.repeated),
        ),
        (
            len(pasted.canceled),
            ngettext("%(num)d is cancelled and left out.", "%(num)d are cancelled and left out.", len(pasted.canceled)),
        ),
        (
            len(pasted.several),
            ngettext(
                "%(num)d entry means several people.", "%(num)d entries mean several people.", len(pasted.several)
            ),
        ),
        (
            len(pasted.not_found),
            ngettext("%(num)d entry was not found.", "%(num)d entries were not found.", len(pasted.not_found)),
        ),
    ):
        if n:
            lines.append(("warn", text))
    before = [f"{row.contact_name}: {REPLY_NAMES[row.outcome]}" for row in pasted.answered[:SHOWN]]
    meant = [named(row.contact_no or letter_code(row.entry_no), row.contact_name) for row in pasted.entries[:SHOWN]]
    lists = [
        (gettext("Answered already"), before),
        (gettext("Several people"), [text[:100] for text in pasted.several[:SHOWN]]),
        (gettext("Cancelled and left out"), [row.contact_name for row in pasted.canceled[:SHOWN]]),
        (gettext("Not found"), [text[:100] for text in pasted.not_found[:SHOWN]]),
        (gettext("Found"), meant),
    ]
    return {"lines": lines, "lists": [(title, entries) for title, entries in lists if entries]}
