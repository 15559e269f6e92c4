"""Quick log, shared by every list of people: one dialog, one entry each."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext, ngettext
from sqlalchemy import Select
from sqlalchemy.orm import Session

from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.formats import format_date, format_time
from blueprints.web.fragments import Answer, go_to, page_or_fragment
from blueprints.web.languages import translate
from blueprints.web.typed import head, meaning, named
from blueprints.web.words import EVALUATION_NAMES, choices
from domain.errors import RuleViolation
from domain.interactions.beginning import begin_interaction, change_draft
from domain.interactions.draft_models import InteractionDraft
from domain.interactions.finish import NotComplete, UnusualDate, missing_values
from domain.interactions.quick_log import QuickLogged, count_contacts, quick_log
from domain.interactions.worked_out import work_out
from domain.messages import Message, say

# posted as quick_…: the filters that say whom it is about have names such as "salesperson", too
FIELDS = (
    "template",
    "description",
    "salesperson",
    "date",
    "time",
    "campaign",
    "evaluation",
    "attempt_failed",
    "comment",
)


@dataclass(frozen=True)
class Whom:
    """The people of a selection: their ids, the selection again as hidden fields, where the dialog posts to and leads back
    to."""

    ids: Callable[[Session], Select[int]]
    fields: list[tuple[str, str]]
    action: str
    back: str


def ask_quick_log(whom: Whom) -> Answer:
    """The dialog. It changes nothing; lists post to it because many may be ticked."""
    by = actor()
    by.must_be_allowed("create interactions")
    session = reading()
    if not count_contacts(session, whom.ids(session)):
        raise RuleViolation(say("No contact is selected. Tick some first."))
    return _show(whom, begin_interaction(session, form_key=secrets.token_hex(16), by=by))


def log_quickly(whom: Whom) -> Answer:
    """Writes the entries and goes back to the list."""
    by = actor()
    by.must_be_allowed("create interactions")
    form_key = "".join(one for one in request.form.get("form_key", "") if one in "0123456789abcdef")[:32]
    refused: dict[str, Message] = {}
    unusual: dt.date | None = None
    draft = begin_interaction(reading(), form_key=form_key.rjust(32, "0"), by=by)
    try:
        with transaction() as session:
            refused = _fill(session, draft)
            if refused:
                raise NotComplete(missing_values(work_out(session, draft)) | refused)
            logged = quick_log(session, draft, whom.ids(session), accepted_date=_accepted_date(), by=by)
    except NotComplete as refusal:
        refused = refusal.problems
    except UnusualDate as warning:
        refused, unusual = {"date": warning.message}, warning.date
    except RuleViolation as refusal:
        refused = {refusal.field or "": refusal.message}
    if refused:
        return _show(whom, draft, 422, refused=refused, unusual=unusual)
    return go_to(whom.back, _said(logged), "ok")


def _fill(session: Any, draft: InteractionDraft) -> dict[str, Message]:
    refused: dict[str, Message] = {}
    typed: dict[str, Any] = {}
    for name in FIELDS:
        text = request.form.get(f"quick_{name}", "")
        try:
            typed[name] = (head(text) if name == "campaign" else meaning(name, text)) or None
        except RuleViolation as refusal:
            refused[name] = refusal.message
    return refused | change_draft(session, draft, typed)


def _accepted_date() -> dt.date | None:
    try:
        return dt.date.fromisoformat(request.form.get("unusual_date", ""))
    except ValueError:
        return None


def _said(logged: QuickLogged) -> str:
    said = ngettext("%(num)d interaction was logged.", "%(num)d interactions were logged.", logged.entries)
    if logged.blocked:
        said += " " + ngettext("%(num)d is privacy blocked.", "%(num)d are privacy blocked.", logged.blocked)
    return said


def _show(
    whom: Whom,
    draft: InteractionDraft,
    status: int = 200,
    *,
    refused: dict[str, Message] | None = None,
    unusual: dt.date | None = None,
) -> Answer:
    """The dialog with what was typed and what is wrong with it."""
    values = work_out(reading(), draft)
    typed = request.form if "form_key" in request.form else {}
    person, campaign = values.salesperson, values.campaign
    session = reading()
    number = count_contacts(session, whom.ids(session))
    shown = {
        "template": values.template.code if values.template is not None else "",
        "description": draft.description,
        "salesperson": named(person.code, person.name) if person is not None else "",
        "date": format_date(draft.date),
        "time": format_time(draft.time),
        "campaign": named(campaign.no, campaign.description) if campaign is not None else "",
        "evaluation": draft.evaluation,
        "comment": draft.comment,
    }
    errors = {name: translate(message) for name, message in (refused or {}).items()}
    partial = "shared/_quick_log_dialog.html"
    return page_or_fragment(
        "shared/dialog_page.html",
        partial,
        status,
        partial=partial,
        title=ngettext("Log an interaction with %(num)d contact", "Log an interaction with %(num)d contacts", number),
        action=whom.action,
        back=whom.back,
        fields=whom.fields,
        shown={name: typed.get(f"quick_{name}", value) for name, value in shown.items()},
        attempt_failed=draft.attempt_failed,
        errors=errors,
        loose=[text for name, text in errors.items() if name not in FIELDS],
        evaluations=[("", gettext("Not evaluated yet")), *choices(EVALUATION_NAMES)[1:]],
        form_key=draft.form_key,
        unusual=unusual.isoformat() if unusual is not None else "",
        number=number,
    )
