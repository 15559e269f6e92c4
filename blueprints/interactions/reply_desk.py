"""Reply desk: answers to a logged segment, typed one after the other with the keyboard alone."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext, ngettext

from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.formats import format_datetime, format_number
from blueprints.web.fragments import Answer, go_to, page, page_or_fragment, wants_fragment
from blueprints.web.languages import translate
from blueprints.web.typed import head, named
from blueprints.web.words import REPLY_NAMES
from domain.contacts.search import storable
from domain.errors import NotFound, RuleViolation
from domain.interactions.logged_segments import get_logged_segment
from domain.interactions.models import LoggedSegment
from domain.interactions.replies import (
    RIGHT,
    expected_replies,
    record_replies,
    reply_page,
    reply_tally,
    undo_reply,
)
from domain.interactions.reply_models import OUTCOMES
from domain.interactions.reply_paste import pasted_columns, undo_pasted
from domain.interactions.reply_people import SeveralPeople, find_person, look_up_people
from domain.letters.letter_code import letter_code
from domain.messages import say
from domain.segments.follow_up import create_follow_up

bp = Blueprint("reply_desk", __name__, url_prefix="/logged-segments/<known:segment_no>/reply-desk")


@bp.get("/")
def show(segment_no: str) -> Answer:
    """The desk; `outcome` shows those with one answer only."""
    return _show(get_logged_segment(reading(), segment_no))


@bp.post("/")
def record(segment_no: str) -> Answer:
    """Stores one answer and is ready for the next."""
    by = actor()
    typed, outcome = request.form.get("contact", "")[:150], request.form.get("outcome", "")
    refused: dict[str, str] = {}
    several = False
    try:
        with transaction() as session:
            logged = get_logged_segment(session, segment_no)
            person = find_person(session, logged, head(typed))
            record_replies(session, logged, [person.id], outcome, by=by)
    except RuleViolation as refusal:
        several = isinstance(refusal, SeveralPeople)
        refused[refusal.field or "contact"] = translate(refusal.message)
        if "contact" in refused and outcome not in OUTCOMES:
            refused["outcome"] = gettext("Choose what came back.")
    if refused:
        logged = get_logged_segment(reading(), segment_no)
        return _show(logged, 422, typed=typed, chosen=outcome, errors=refused, several=several)
    return _done(segment_no, said(person, outcome))


def said(person: Any, outcome: str) -> str:
    """Whose answer was stored, and what the one before had been."""
    text = gettext("%(name)s: %(outcome)s.", name=_name(person), outcome=str(REPLY_NAMES[outcome]))
    if person.outcome:
        text += " " + gettext("It was: %(outcome)s.", outcome=str(REPLY_NAMES[person.outcome]))
    return text


@bp.post("/undo")
def undo(segment_no: str) -> Answer:
    """Takes one answer away again."""
    text = request.form.get("reply", "")
    with transaction() as session:
        logged = get_logged_segment(session, segment_no)
        undone = undo_reply(session, logged, int(text) if text.isdecimal() and len(text) < 19 else 0, by=actor())
    message = gettext(
        "The answer of %(name)s was undone: %(outcome)s.",
        name=undone.contact_name,
        outcome=str(REPLY_NAMES[undone.outcome]),
    )
    if undone.now:
        message += " " + gettext("Now it is: %(outcome)s.", outcome=str(REPLY_NAMES[undone.now]))
    return _done(segment_no, message)


@bp.post("/undo-pasted")
def undo_column(segment_no: str) -> Answer:
    """Takes a pasted column back as a whole."""
    with transaction() as session:
        logged = get_logged_segment(session, segment_no)
        undone = undo_pasted(session, logged, storable(request.form.get("pasted", ""))[:32], by=actor())
    message = ngettext(
        "%(n)s pasted answer was undone: %(outcome)s.",
        "%(n)s pasted answers were undone: %(outcome)s.",
        undone.answers,
        n=format_number(undone.answers),
        outcome=str(REPLY_NAMES[undone.outcome]),
    )
    if undone.kept:
        message += " " + ngettext(
            "%(n)s has been answered again since and stays.",
            "%(n)s have been answered again since and stay.",
            undone.kept,
            n=format_number(undone.kept),
        )
    return _done(segment_no, message)


@bp.post("/segment")
def make_segment(segment_no: str) -> Answer:
    """*Make a segment of these*: a new segment of those with one outcome, from the stored entries."""
    outcome = request.form.get("outcome", "")
    if outcome not in OUTCOMES:
        raise RuleViolation(say("Choose what came back."), field="outcome")
    with transaction() as session:
        logged = get_logged_segment(session, segment_no)
        called = say("Answers to segment %(no)s: %(outcome)s", no=logged.segment_no, outcome=str(REPLY_NAMES[outcome]))
        made = create_follow_up(session, logged, outcome="reply", reply=outcome, description=called, by=actor()).no
    return go_to(url_for("segments.show", segment_no=made), gettext("Segment %(no)s was created.", no=made), "ok")


@bp.get("/look-up")
def look_up(segment_no: str) -> Answer:
    """The people of this logged segment while typing."""
    session = reading()
    text = head(request.args.get("q", "")[:100])
    rows = look_up_people(session, get_logged_segment(session, segment_no), text)
    options = [
        {
            "value": row.contact_no,
            "label": _name(row),
            "text": row.company_name if row.company_name != row.contact_name else "",
            "shown": named(row.contact_no or letter_code(row.entry_no), row.contact_name),
            "side": row.contact_no,
            "side2": str(REPLY_NAMES[row.outcome]) if row.outcome else "",
        }
        for row in rows
    ]
    count = ngettext("%(num)d choice", "%(num)d choices", len(options)) if options else gettext("No choices")
    return page("shared/_lookup_options.html", options=options, count=count)


def _done(segment_no: str, message: str) -> Answer:
    if not wants_fragment():
        return go_to(url_for("reply_desk.show", segment_no=segment_no), message, "ok")
    return _show(get_logged_segment(reading(), segment_no), said=message)


def _show(
    logged: LoggedSegment,
    status: int = 200,
    *,
    typed: str = "",
    chosen: str = "",
    errors: dict[str, str] | None = None,
    several: bool = False,
    said: str = "",
) -> Answer:
    """`several`: what was typed fits several people, and the field shows them at once."""
    session, by = reading(), actor()
    only = request.args.get("outcome", "")
    older = request.args.get("older", "")
    if only and only not in OUTCOMES:
        raise NotFound(say("There is no such answer."))
    found = reply_page(
        session, logged, outcome=only, older_than=int(older) if older.isdecimal() and len(older) < 19 else None
    )
    tally = reply_tally(session, logged)
    expected = expected_replies(session, logged)
    here = url_for("reply_desk.show", segment_no=logged.segment_no)
    return page_or_fragment(
        "interactions/reply_desk.html",
        "interactions/_reply_desk.html",
        status,
        logged=logged,
        typed=typed,
        chosen=chosen,
        errors=errors or {},
        several=several,
        said=said,
        may_type=by.may(RIGHT),
        may_make=by.may("edit segments"),
        outcomes=[(key, str(REPLY_NAMES[key])) for key in OUTCOMES],
        tally=[
            {
                "key": key,
                "word": str(REPLY_NAMES[key]),
                "n": format_number(n),
                "some": n > 0,
                "url": url_for("reply_desk.show", segment_no=logged.segment_no, outcome=key),
            }
            for key, n in tally.items()
        ],
        answered=ngettext(
            "%(done)s of %(num)d has answered.",
            "%(done)s of %(num)d have answered.",
            expected,
            done=format_number(sum(tally.values())),
        ),
        only=str(REPLY_NAMES[only]) if only else "",
        pasted=[_pasted(row) for row in pasted_columns(session, logged)],
        rows=[_row(row) for row in found.rows],
        here=here,
        older=url_for("reply_desk.show", segment_no=logged.segment_no, outcome=only or None, older=found.older)
        if found.older
        else None,
    )


def _pasted(row: Any) -> dict[str, Any]:
    return {
        "key": row.paste_key,
        "text": ngettext("%(n)s answer", "%(n)s answers", row.answers, n=format_number(row.answers)),
        "outcome": str(REPLY_NAMES[row.outcome]),
        "at": format_datetime(row.at),
        "user": row.user_name,
        "undo": ngettext("Undo %(n)s answer", "Undo %(n)s answers", row.answers, n=format_number(row.answers)),
    }


def _row(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "url": url_for("interaction_log.show", entry_no=row.entry_no),
        "name": _name(row),
        "company": row.company_name if row.company_name != row.contact_name else "",
        "code": letter_code(row.entry_no),
        "outcome": str(REPLY_NAMES[row.outcome]),
        "former": gettext("It was: %(outcome)s.", outcome=str(REPLY_NAMES[row.former])) if row.former else "",
        "user": row.user_name,
        "at": format_datetime(row.at),
        "canceled": row.canceled,
        "row_class": "canceled" if row.canceled else "",
    }


def _name(row: Any) -> str:
    return str(row.contact_name or row.company_name or gettext("(deleted contact)"))
