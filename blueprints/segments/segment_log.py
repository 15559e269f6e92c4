"""Logging: the check page, bulk mends, and *Log* (B1, A7, A8)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, go_to, page, wants_fragment
from blueprints.web.jobs import go_to_job
from blueprints.web.languages import translate
from blueprints.web.typed import own_meaning
from blueprints.web.words import CORRESPONDENCE_TYPE_NAMES, choices
from domain.errors import RuleViolation
from domain.interaction_templates.queries import template_list
from domain.messages import say
from domain.segments.bulk import edit_lines
from domain.segments.check import (
    CANNOT_BE_DELIVERED,
    CANNOT_BE_LOGGED,
    GROUPS,
    Check,
    Problem,
    check_segment,
    lines_with,
)
from domain.segments.lines import remove_lines
from domain.segments.log import CheckedStateChanged, Logged, NotReady, log_segment
from domain.segments.log_job import IN_BACKGROUND, queue_log
from domain.segments.models import Segment
from domain.segments.problems import PROBLEMS
from domain.segments.queries import get_open_segment
from domain.segments.selection import LineFilter
from domain.setup.queries import salesperson_list

bp = Blueprint("segment_log", __name__, url_prefix="/segments/<known:segment_no>/log")


@bp.get("/")
def show(segment_no: str) -> Answer:
    """The check page."""
    return _page(segment_no)


@bp.post("/")
def create(segment_no: str) -> Answer:
    """Logs; when something moved or is not ready, the check is shown again."""
    form = request.form
    choice = {
        "deliver": bool(form.get("deliver")),
        "follow_up": bool(form.get("follow_up")),
        "without_delivery": bool(form.get("without_delivery")),
    }
    actor().must_be_allowed("log segments")
    segment = get_open_segment(reading(), segment_no)
    check = check_segment(reading(), segment, deliver=choice["deliver"] and not choice["without_delivery"], by=actor())
    keep = _stuck(check) if form.get("keep") else []
    if check.lines > IN_BACKGROUND and check.token == _token_for(form, check):
        with transaction() as session:
            job = queue_log(
                session,
                get_open_segment(session, segment_no),
                **choice,
                keep_problems=keep,
                token=check.token,
                by=actor(),
            )
        return go_to_job(job.id)
    try:
        with transaction(consistent=True) as session:
            done = log_segment(
                session,
                get_open_segment(session, segment_no),
                **choice,
                keep_problems=keep,
                token=form.get("token") or None,
                by=actor(),
            )
            text, target = _told(done), done.logged.segment_no
    except CheckedStateChanged:
        return _page(segment_no, status=409, moved=True, **choice)
    except NotReady as refusal:
        return _page(segment_no, status=422, refusal=translate(refusal.message), **choice)
    return go_to(url_for("logged_segments.show", segment_no=target), text, "ok")


def _token_for(form: Any, check: Check) -> str:
    return str(form.get("token") or check.token)


def _told(done: Logged) -> str:
    """What logging did, in words."""
    parts = [
        ngettext(
            "Segment %(no)s has been logged with %(num)d interaction.",
            "Segment %(no)s has been logged with %(num)d interactions.",
            done.entries,
            no=done.logged.segment_no,
        )
    ]
    if done.letters:
        parts.append(
            ngettext("%(num)d letter waits to be printed.", "%(num)d letters wait to be printed.", done.letters)
        )
    if done.emails:
        parts.append(ngettext("%(num)d e-mail is queued.", "%(num)d e-mails are queued.", done.emails))
    if done.kept is not None:
        parts.append(
            ngettext(
                "%(num)d line was kept in segment %(kept)s.",
                "%(num)d lines were kept in segment %(kept)s.",
                done.kept_lines,
                kept=done.kept.no,
            )
        )
    if done.follow_up is not None:
        parts.append(gettext("Follow-up segment: %(no)s.", no=done.follow_up.no))
    return " ".join(parts)


@bp.post("/mend")
def mend(segment_no: str) -> Answer:
    """Sets one value on all lines with a problem."""
    field, problem = request.form.get("field", ""), request.form.get("problem", "")
    if field not in ("salesperson", "template", "correspondence_type", "subject"):
        raise RuleViolation(_unknown())
    with transaction() as session:
        segment = get_open_segment(session, segment_no)
        done = edit_lines(
            session,
            segment,
            LineFilter(problem=problem, lines=lines_with(session, segment, [problem])),
            {field: own_meaning(field, request.form.get("value", ""))},
            by=actor(),
        )
    text = ngettext("%(num)d line was changed.", "%(num)d lines were changed.", done.changed)
    return go_to(url_for("segment_log.show", segment_no=segment_no), text, "ok")


@bp.post("/remove")
def remove(segment_no: str) -> Answer:
    """Removes all lines with a problem: one step."""
    problem = request.form.get("problem", "")
    with transaction() as session:
        segment = get_open_segment(session, segment_no)
        which = LineFilter(problem=problem, lines=lines_with(session, segment, [problem]))
        gone = remove_lines(session, segment, which, by=actor())
        emptied = gone.may_reset
    text = ngettext("%(num)d line was removed.", "%(num)d lines were removed.", gone.removed)
    following = "segment_steps.ask_reset" if emptied else "segment_log.show"
    return go_to(url_for(following, segment_no=segment_no), text, "ok")


def _unknown() -> Any:
    return say("This problem is not known. Reload the page.")


def _stuck(check: Check) -> list[str]:
    """The problems whose lines would be kept in a new segment."""
    return [p.code for p in check.problems if p.group in (CANNOT_BE_LOGGED, CANNOT_BE_DELIVERED)]


def _page(segment_no: str, *, status: int = 200, moved: bool = False, refusal: str = "", **choice: bool) -> Answer:
    session = reading()
    segment = get_open_segment(session, segment_no)
    without = choice.get("without_delivery", False)
    check = check_segment(session, segment, deliver=False if without else choice.get("deliver"), by=actor())
    context = _context(session, segment, check, **choice) | {"moved": moved, "refusal": refusal}
    if wants_fragment():
        return page("segments/_check.html", status, **context)
    return page("segments/log.html", status, **context)


def _context(session: Session, segment: Segment, check: Check, **choice: bool) -> dict[str, Any]:
    titles = {
        CANNOT_BE_LOGGED: (gettext("Cannot be logged"), "bad", "log"),
        CANNOT_BE_DELIVERED: (gettext("Cannot be delivered"), "warn", "deliver"),
    }
    groups = []
    for group in GROUPS:
        title, tone, name = titles.get(group, (gettext("Good to know"), "info", "know"))
        problems = check.of_group(group)
        groups.append(
            {
                "title": title,
                "tone": tone,
                "name": name,
                "count": sum(p.lines for p in problems) if problems else 0,
                "text": None,
                "problems": [_problem(session, segment, p) for p in problems],
            }
        )
    stuck, ready = check.stuck_lines, check.lines - check.stuck_lines
    facts = []
    if check.ready_letters:
        facts.append(("ok", ngettext("%(num)d printed letter", "%(num)d printed letters", check.ready_letters)))
    if check.ready_emails:
        facts.append(("ok", ngettext("%(num)d e-mail", "%(num)d e-mails", check.ready_emails)))
    if check.ready_other:
        facts.append(
            (
                "ok",
                ngettext(
                    "%(num)d interaction without delivery", "%(num)d interactions without delivery", check.ready_other
                ),
            )
        )
    if check.without_contact:
        facts.append(
            (
                "warn",
                ngettext(
                    "%(num)d line without contact is left behind",
                    "%(num)d lines without contact are left behind",
                    check.without_contact,
                ),
            )
        )
    follow_up_text = gettext("A new segment with the same contacts.")
    if check.follow_up_problem is not None:
        follow_up_text = translate(check.follow_up_problem)
    return {
        "segment": segment,
        "summary": ngettext("%(num)d interaction would be recorded.", "%(num)d interactions would be recorded.", ready),
        "header_problems": [translate(text) for text in check.header_problems],
        "groups": groups,
        "can_log": not check.header_problems and (ready > 0 or not stuck),
        "check_token": check.token,
        "lead": gettext(
            "The segment moves to Logged segments. As long as nothing has been sent it can be taken back from there."
        ),
        "facts": facts,
        "deliver": check.deliver,
        "can_deliver": check.can_send,
        "follow_up": choice.get("follow_up", False),
        "follow_up_text": follow_up_text,
        "can_follow_up": check.follow_up_problem is None,
        "without_delivery": choice.get("without_delivery", False),
        "without_delivery_n": bool(check.of_group(CANNOT_BE_DELIVERED)) or choice.get("without_delivery", False),
        "blanked_n": check.lines_with("no_email"),
        "keep_n": stuck,
        "keep_label": gettext("Log %(n)s, keep %(m)s in a new segment", n=ready, m=stuck),
        "log_n": check.lines,
        "moved": False,
        "refusal": "",
    }


def _problem(session: Session, segment: Segment, problem: Problem) -> dict[str, Any]:
    lines = [
        {
            "who": " ".join(part for part in (line.contact_no, line.contact_name) if part),
            "detail": "",
            "url": url_for("segment_lines.show", segment_no=segment.no, line_no=line.line_no),
        }
        for line in problem.first
    ]
    listed = problem.code in PROBLEMS
    return {
        "code": problem.code.replace(" ", "-").replace(":", ""),
        "problem": problem.code,
        "text": translate(problem.message),
        "lines": lines,
        "more": problem.lines - len(lines),
        "show_url": url_for("segments.show", segment_no=segment.no, problem=problem.code) if listed else None,
        "mend": _mend(session, problem.code),
        "removable": problem.group != GROUPS[-1],
    }


def _mend(session: Session, code: str) -> dict[str, Any] | None:
    """The value that would solve a problem for all its lines."""
    if code == "no_salesperson":
        people = [(one.code, f"{one.code} · {one.name}") for one in session.scalars(salesperson_list())]
        return {"field": "salesperson", "label": gettext("Salesperson"), "options": people}
    if code == "no_email":
        return {
            "field": "correspondence_type",
            "label": gettext("Correspondence type"),
            "options": [*choices(CORRESPONDENCE_TYPE_NAMES, ("hard_copy",)), ("(blank)", gettext("(blank)"))],
        }
    if code == "no_template":
        templates = [(one.code, f"{one.code} · {one.description}") for one in session.scalars(template_list())]
        return {"field": "template", "label": gettext("Interaction template"), "options": templates}
    if code == "no_subject":
        return {"field": "subject", "label": gettext("Subject")}
    return None
