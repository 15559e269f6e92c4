"""Create interaction: one page from the contact to the result (segments.md 6)."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

from flask import Blueprint, make_response, request, send_file, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from blueprints.interactions.interaction_form import Posted, back_to, new_key
from blueprints.interactions.interaction_view import show_form
from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, go_to
from domain.campaigns.queries import get_campaign
from domain.contacts.models import COMPANY, Contact
from domain.contacts.queries import get_contact
from domain.errors import Conflict, NotFound, RuleViolation
from domain.interactions.beginning import begin_interaction, take_template_values
from domain.interactions.draft_letter import letter_of_draft
from domain.interactions.draft_models import InteractionDraft
from domain.interactions.finish import NotComplete, UnusualDate, problems_of
from domain.interactions.postpone import discard, postpone, stored_before
from domain.interactions.worked_out import work_out
from domain.messages import Message, say
from domain.setup.queries import get_salesperson_by_code
from domain.tasks.interactions import begin_interaction_of_task, finish_interaction_of_task
from domain.tasks.queries import get_task

bp = Blueprint("new_interaction", __name__, url_prefix="/interactions")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

NOT_OF_THE_TEMPLATE = frozenset({"contact", "salesperson", "date", "time", "campaign", "personal_comment", "comment"})


@bp.get("/new")
def new() -> Answer:
    """The form. `contact`, `company`, `salesperson`, `campaign` come from the page it was opened on and are fixed, all
    of them or those named by `fixed` (6.1). `task` gives what it says, none of it fixed."""
    session, by = reading(), actor()
    if number := request.args.get("task", ""):
        task = get_task(session, number)
        return show_form(begin_interaction_of_task(session, task, form_key=new_key(), by=by))
    found = {name: find(session, request.args[name]) for name, find in STARTS.items() if request.args.get(name)}
    named = request.args.getlist("fixed") or STARTS
    fixed = [name for name in found if name in named]
    if "company" in found:
        found.setdefault("contact", found["company"])
    return show_form(begin_interaction(session, form_key=new_key(), **found, fixed=fixed, by=by))


def _company(session: Session, no: str) -> Contact:
    company = get_contact(session, no)
    if company.type != COMPANY:
        raise NotFound(say("There is no company %(name)s.", name=company.no))
    return company


# by number: a link that has outlived its contact must not lead to another one
STARTS: dict[str, Callable[[Session, str], Any]] = {
    "contact": get_contact,
    "company": _company,
    "salesperson": get_salesperson_by_code,
    "campaign": get_campaign,
}


@bp.post("/form")
def refresh() -> Answer:
    """The same form with what follows from what was chosen: the template's values, the contact's language …"""
    actor().must_be_allowed("create interactions")
    posted = Posted()
    posted.take_upload()
    draft = posted.shown()
    draft.version = posted.version if posted.entry_no else draft.version
    refused = posted.fill(reading(), draft)
    if posted.another_template and "template" not in refused:
        take_template_values(draft)
        refused = {name: sentence for name, sentence in refused.items() if name in NOT_OF_THE_TEMPLATE}
    told = bool(request.form.get("told"))
    missing = problems_of(reading(), draft, work_out(reading(), draft)) if told else {}
    return show_form(draft, status=422 if refused else 200, refused=missing | refused, touched=True, told=told)


@bp.post("/")
def finish() -> Answer:
    """Finishes the interaction: one entry of the log (R-I10…R-I14)."""
    by = actor()
    by.must_be_allowed("create interactions")
    posted = Posted()
    posted.take_upload()
    try:
        with transaction() as session:
            draft = posted.stored(session)
            refused = posted.fill(session, draft)
            if refused:
                missing = problems_of(session, draft, work_out(session, draft))
                raise NotComplete(missing | refused)
            if posted.entry_no is None:
                draft = stored_before(session, draft, by=by)
            entry = finish_interaction_of_task(session, draft, accepted_date=_accepted_date(), by=by)
            no, name = entry.entry_no, entry.contact_name
    except NotComplete as refusal:
        return show_again(posted, refusal.problems, told=True)
    except UnusualDate as warning:
        return show_again(posted, {"date": warning.message}, unusual=warning.date)
    except Conflict as conflict:
        return show_again(posted, {}, status=409, conflict=conflict.message)
    back = same_or_entry(no)
    return go_to(back, gettext("The interaction %(no)s with %(name)s was logged.", no=no, name=name), "ok")


def same_or_entry(entry_no: int) -> str:
    """The page the form was opened on, else the new entry."""
    return back_to() if request.form.get("back") else url_for("interaction_log.show", entry_no=entry_no)


def _accepted_date() -> dt.date | None:
    text = request.form.get("unusual_date", "")
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None


def show_again(
    posted: Posted,
    refused: dict[str, Message],
    *,
    status: int = 422,
    unusual: dt.date | None = None,
    conflict: Message | None = None,
    told: bool = False,
) -> Answer:
    """The form with what was typed and what is wrong with it."""
    draft = posted.shown()
    posted.fill(reading(), draft)
    return show_form(draft, status=status, refused=refused, unusual=unusual, conflict=conflict, touched=True, told=told)


@bp.post("/postpone")
def later() -> Answer:
    """*Finish later*: stored as it is (R-P01, B9)."""
    by = actor()
    posted = Posted()
    posted.take_upload()
    refused: dict[str, Message] = {}
    try:
        with transaction() as session:
            draft = posted.stored(session)
            refused = posted.fill(session, draft)
            if refused:
                raise NotComplete(refused)
            no = postpone(session, _taken_up(session, posted, draft), by=by).entry_no
    except NotComplete as refusal:
        return show_again(posted, refusal.problems)
    except Conflict as conflict:
        return show_again(posted, {}, status=409, conflict=conflict.message)
    except RuleViolation as refusal:
        return show_again(posted, {refusal.field or "": refusal.message})
    message = gettext("The interaction %(no)s was postponed. You find it under Postponed interactions.", no=no)
    return go_to(back_to(), message, "ok")


def _taken_up(session: Session, posted: Posted, draft: InteractionDraft) -> InteractionDraft:
    return draft if posted.entry_no is not None else stored_before(session, draft, by=actor())


@bp.post("/keep")
def keep() -> Answer:
    """The page was left without finishing: what can be kept is kept, too long a text as far as it can
    be; what makes no sense is left out."""
    by = actor()
    posted = Posted()
    with transaction() as session:
        draft = posted.stored(session)
        posted.fill(session, draft, shortened=True)
        postpone(session, _taken_up(session, posted, draft), kept=True, by=by)
    return make_response("", 204)


@bp.post("/discard")
def throw_away() -> Answer:
    """*Discard*: nothing is stored; a postponed interaction stays as it was."""
    posted = Posted()
    if posted.form_key:
        with transaction() as session:
            discard(session, posted.form_key, by=actor())
    return go_to(back_to())


@bp.post("/letter")
def letter() -> Answer:
    """The letter as it would be logged now, to read it first (R-W03)."""
    posted = Posted()
    posted.take_upload()
    draft = posted.shown()
    posted.fill(reading(), draft)
    made = letter_of_draft(reading(), draft, by=actor())
    kind = WORD if made.file_name.endswith(".docx") else "application/octet-stream"
    return send_file(io.BytesIO(made.content), mimetype=kind, as_attachment=True, download_name=made.file_name)
