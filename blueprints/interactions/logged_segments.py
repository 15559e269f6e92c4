"""Logged segments: list, one of them, follow-up, take back, letters to print."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext, ngettext

from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, go_to, page_or_fragment
from blueprints.web.languages import translate
from blueprints.web.listing import read_place, spelled_place
from blueprints.web.log_rows import delivery, entry_row, logged_row
from blueprints.web.words import DELIVERY_STATUS_NAMES, EVALUATION_NAMES, choices
from domain.errors import RuleViolation
from domain.interactions.delivery import mark_letters
from domain.interactions.filters import EntryFilters
from domain.interactions.logged_segments import get_logged_segment
from domain.interactions.models import InteractionLogEntry, LoggedSegment
from domain.interactions.queries import delivery_counts, entry_page, logged_segment_page, logged_segment_row
from domain.segments.follow_up import create_follow_up
from domain.segments.letter_files import PRINT, Wanted, count_letters
from domain.segments.queries import find_segment
from domain.segments.take_back import look_at_take_back, take_back

bp = Blueprint("logged_segments", __name__, url_prefix="/logged-segments")


@bp.get("/")
def index() -> Answer:
    """The list, newest first; keyset paging."""
    q = request.args.get("q", "")[:50]
    found = logged_segment_page(reading(), search=q, older_than=_number("older"), newer_than=_number("newer"))
    return page_or_fragment(
        "interactions/logged_segments.html",
        "interactions/_logged_segments.html",
        rows=[logged_row(row) for row in found.rows],
        q=q,
        older=url_for("logged_segments.index", q=q or None, older=found.older) if found.older else None,
        newer=url_for("logged_segments.index", q=q or None, newer=found.newer) if found.newer else None,
    )


@bp.get("/<known:segment_no>")
def show(segment_no: str) -> Answer:
    """One logged segment with its interactions."""
    session = reading()
    logged = get_logged_segment(session, segment_no)
    row = logged_row(logged_segment_row(session, logged))
    found = entry_page(
        session,
        EntryFilters(logged_segment_id=logged.id),
        older_than=read_place("older"),
        newer_than=read_place("newer"),
    )
    here = url_for("logged_segments.show", segment_no=logged.segment_no)
    counts = delivery_counts(session, InteractionLogEntry.logged_segment_id == logged.id)
    return page_or_fragment(
        "interactions/logged_segment.html",
        "interactions/_logged_entries.html",
        logged=logged,
        row=row,
        entries=[entry_row(entry) for entry in found.rows],
        older=f"{here}?older={spelled_place(found.older)}" if found.older else None,
        newer=f"{here}?newer={spelled_place(found.newer)}" if found.newer else None,
        figures=_figures(logged, row, counts),
        actions=_actions(logged, counts, on_paper=_letters_on_paper(logged)),
    )


def _letters_on_paper(logged: LoggedSegment) -> int:
    return count_letters(reading(), Wanted(PRINT, logged.segment_no, logged=True))


def _figures(logged: LoggedSegment, row: dict[str, Any], counts: dict[str, int]) -> list[dict[str, Any]]:
    """Numbers with what is behind them: interactions, campaign entries, how far delivery has come."""
    figures: list[dict[str, Any]] = [
        {"text": gettext("No. of interactions"), "n": row["interactions"], "url": row["log_url"]},
        {"text": gettext("No. of campaign entries"), "n": row["campaign_entries"], "url": ""},
    ]
    for status in DELIVERY_STATUS_NAMES:
        if word := delivery(status) if counts.get(status) else None:
            url = url_for("interaction_log.index", logged=logged.segment_no, status=status, canceled="no")
            figures.append({"text": word[1], "tone": word[0], "n": counts[status], "url": url})
    return figures


def _actions(logged: LoggedSegment, counts: dict[str, int], *, on_paper: int) -> list[Any]:
    by, no = actor(), logged.segment_no
    may_print = by.may("print letters")
    mark_url = url_for("logged_segments.mark", segment_no=no)
    to_print, to_post = counts.get("to_print", 0), counts.get("to_print", 0) + counts.get("printed", 0)
    return [
        {
            "label": gettext("Create follow-up segment"),
            "url": url_for("logged_segments.new_follow_up", segment_no=no),
            "icon": "copy-plus",
            "kind": "primary",
            "dialog": True,
            "show": by.may("edit segments"),
        },
        {
            "label": gettext("Reply desk"),
            "url": url_for("reply_desk.show", segment_no=no),
            "icon": "inbox",
            "show": True,
        },
        {
            "label": gettext("Log an interaction…"),
            "url": url_for(
                "entry_actions.ask_quick",
                logged=no,
                canceled="no",
                all_matching="1",
                back=url_for("logged_segments.show", segment_no=no),
            ),
            "icon": "message-square",
            "dialog": True,
            "low": 1,
            "show": by.may("create interactions"),
        },
        {
            "label": gettext("Reuse logged segment…"),
            "url": url_for("segment_reuse.choose_segment", segment_no=no),
            "icon": "repeat",
            "dialog": True,
            "low": 1,
            "show": by.may("edit segments"),
        },
        {
            "label": gettext("Letters"),
            "icon": "file-text",
            "items": [
                {
                    "label": gettext("Print file"),
                    "url": url_for("letter_files.ask_of_logged", segment_no=no, what="print"),
                    "dialog": True,
                    "icon": "printer",
                },
                {
                    "label": gettext("One file per contact (ZIP)"),
                    "url": url_for("letter_files.ask_of_logged", segment_no=no, what="zip"),
                    "dialog": True,
                    "icon": "file-archive",
                },
            ],
            "show": may_print and on_paper > 0,
        },
        {
            "label": gettext("Statistics"),
            "url": url_for("statistics.index", logged=no),
            "icon": "chart-column",
            "low": 1,
            "show": True,
        },
        {
            "label": gettext("Criteria"),
            "url": url_for("segment_steps.index", segment_no=no),
            "icon": "list-checks",
            "low": 1,
            "show": find_segment(reading(), no) is not None,
        },
        {
            "label": ngettext("Mark %(num)d letter as printed", "Mark %(num)d letters as printed", to_print),
            "url": mark_url,
            "post": True,
            "fields": {"status": "printed"},
            "icon": "printer-check",
            "show": may_print and to_print > 0,
        },
        {
            "label": ngettext("Mark %(num)d letter as posted", "Mark %(num)d letters as posted", to_post),
            "url": mark_url,
            "post": True,
            "fields": {"status": "posted"},
            "icon": "mail-check",
            "low": 1,
            "show": may_print and to_post > 0,
        },
        {
            "label": gettext("Take back…"),
            "url": url_for("logged_segments.confirm_take_back", segment_no=no),
            "icon": "undo-2",
            "dialog": True,
            "show": by.may("take back logged segments"),
        },
        {
            "label": gettext("Switch Cancelled…"),
            "url": url_for("canceled_segments.ask_cancel", sel=no, back="1"),
            "dialog": True,
            "icon": "ban",
            "low": 1,
            "show": by.may("cancel logged segments"),
        },
        {
            "label": gettext("Delete cancelled segment…"),
            "url": url_for("canceled_segments.ask_delete", sel=no, back="1"),
            "dialog": True,
            "icon": "trash-2",
            "kind": "danger",
            "show": logged.canceled and by.may("delete logged segments"),
        },
    ]


@bp.post("/<known:segment_no>/mark")
def mark(segment_no: str) -> Answer:
    """Marks the letters of the segment that wait as printed or posted, all at once."""
    with transaction() as session:
        logged = get_logged_segment(session, segment_no)
        entries = EntryFilters(logged_segment_id=logged.id).ids()
        n = mark_letters(session, entries, request.form.get("status", ""), by=actor())
        number = logged.segment_no
    text = ngettext("%(num)d letter was marked.", "%(num)d letters were marked.", n)
    return go_to(url_for("logged_segments.show", segment_no=number), text, "ok")


@bp.get("/<known:segment_no>/follow-up")
def new_follow_up(segment_no: str) -> Answer:
    """Which contacts shall be on the follow-up: all, or by outcome (B8)."""
    actor().must_be_allowed("edit segments")
    return _follow_up_dialog(segment_no)


def _follow_up_dialog(segment_no: str, status: int = 200, **more: Any) -> Answer:
    logged = get_logged_segment(reading(), segment_no)
    return dialog(
        "interactions/_follow_up_dialog.html",
        status,
        title=gettext("Create follow-up segment"),
        logged=logged,
        outcomes=_outcomes(),
        **more,
    )


def _outcomes() -> list[tuple[str, str]]:
    """Whom a follow-up may be for: one choice for each evaluation, and the others (B8)."""
    return [
        *(
            (f"evaluation:{key}", gettext("Evaluation: %(evaluation)s", evaluation=word))
            for key, word in choices(EVALUATION_NAMES)[1:]
        ),
        ("responded", gettext("Contacts who responded to the campaign")),
        ("not_responded", gettext("Contacts who did not respond")),
        ("delivery_failed", gettext("Contacts whom nothing could be delivered to")),
    ]


@bp.post("/<known:segment_no>/follow-up")
def follow_up(segment_no: str) -> Answer:
    """Makes the follow-up segment and opens it."""
    chosen = request.form.get("outcome", "")
    outcome, _, evaluation = chosen.partition(":")
    try:
        with transaction() as session:
            made = create_follow_up(
                session,
                get_logged_segment(session, segment_no),
                outcome=outcome or None,
                evaluations=[evaluation] if evaluation else [],
                by=actor(),
            )
    except RuleViolation as refusal:
        return _follow_up_dialog(segment_no, 422, chosen=chosen, error=translate(refusal.message))
    return go_to(url_for("segments.show", segment_no=made.no), gettext("Segment %(no)s was created.", no=made.no), "ok")


@bp.get("/<known:segment_no>/take-back")
def confirm_take_back(segment_no: str) -> Answer:
    """What taking back would do."""
    return _take_back_dialog(segment_no)


def _take_back_dialog(segment_no: str, status: int = 200) -> Answer:
    session = reading()
    logged = get_logged_segment(session, segment_no)
    look = look_at_take_back(session, logged, by=actor())
    effects = [ngettext("%(num)d interaction leaves the log.", "%(num)d interactions leave the log.", look.entries)]
    if look.follow_up is not None:
        effects.append(gettext("The follow-up segment %(no)s is deleted.", no=look.follow_up.no))
    if look.kept is not None:
        effects.append(gettext("The lines kept back in %(no)s return; that segment is deleted.", no=look.kept.no))
    return dialog(
        "interactions/_take_back_dialog.html",
        status,
        title=gettext("Take back segment %(no)s", no=logged.segment_no),
        logged=logged,
        refusals=[translate(text) for text in look.reasons],
        effects=effects,
        warnings=[translate(text) for text in look.warnings],
    )


@bp.post("/<known:segment_no>/take-back")
def undo_log(segment_no: str) -> Answer:
    """Takes the log back and opens the worksheet again (A5). Refused: the dialog says why, with the counts."""
    try:
        with transaction() as session:
            reopened = take_back(session, get_logged_segment(session, segment_no), by=actor())
            text = " ".join(translate(sentence) for sentence in reopened.notes)
            number = reopened.segment.no
    except RuleViolation:
        return _take_back_dialog(segment_no, 422)
    message = gettext("Segment %(no)s is open again.", no=number)
    return go_to(url_for("segments.show", segment_no=number), f"{message} {text}".strip(), "ok")


def dialog(partial: str, status: int = 200, **values: Any) -> Answer:
    """A question: in the dialog, or as a page of its own."""
    return page_or_fragment("shared/dialog_page.html", partial, status, partial=partial, **values)


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else None
