"""What is done with entries of the log, one or many: evaluate, Cancelled, mark letters, delete cancelled ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from blueprints.interactions.log_filters import read_log_filters
from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, go_to, page_or_fragment
from blueprints.web.quick_log import Whom, ask_quick_log, log_quickly
from blueprints.web.same_site import same_site
from domain.errors import RuleViolation
from domain.interactions.delete_canceled import delete_canceled_entries
from domain.interactions.delivery import mark_letters
from domain.interactions.entries import documents_of_their_own, evaluate, opposite_mark, set_canceled
from domain.interactions.queries import count_entries as count_matching
from domain.interactions.selection import Selection, are_own, contacts_of_entries, count_entries, with_entry_nos
from domain.messages import say

bp = Blueprint("entry_actions", __name__, url_prefix="/interaction-log")
NOT_FILTERS = frozenset({"sel", "back", "all_matching", "csrf_token"})


@bp.post("/evaluate")
def evaluate_entries() -> Answer:
    """Evaluates the selected entries (R-E02)."""
    with transaction() as session:
        n = evaluate(session, _selected(session), request.form.get("evaluation", ""), by=actor())
    return _back(ngettext("%(num)d interaction was evaluated.", "%(num)d interactions were evaluated.", n))


@bp.route("/canceled/ask", methods=["GET", "POST"])
def ask_cancel() -> Answer:
    """What switching Cancelled means for the selected entries (R-E01)."""
    session, by = reading(), actor()
    entries = _selected(session)
    by.must_be_allowed("cancel interactions", own=are_own(session, entries, by=by))
    n = count_entries(session, entries)
    canceled = opposite_mark(session, entries)
    if canceled:
        title = ngettext("Cancel %(num)d interaction?", "Cancel %(num)d interactions?", n)
    else:
        title = ngettext(
            "Remove the mark Cancelled from %(num)d interaction?",
            "Remove the mark Cancelled from %(num)d interactions?",
            n,
        )
    return _dialog(
        "interactions/_cancel_dialog.html",
        title=title,
        canceled=canceled,
        documents=len(documents_of_their_own(session, entries)) if canceled else 0,
        action=url_for("entry_actions.cancel_entries", **_filters_asked()),
        cancel=_back_to(),
        fields=[
            *(("sel", no) for no in request.values.getlist("sel")),
            ("all_matching", request.values.get("all_matching", "")),
            ("back", _back_to()),
            ("canceled", "yes" if canceled else "no"),
        ],
    )


@bp.post("/cancel")
def cancel_entries() -> Answer:
    """Sets or takes away Cancelled: as confirmed, else the opposite of the first one (R-E01)."""
    confirmed = {"yes": True, "no": False}.get(request.form.get("canceled", ""))
    with transaction() as session:
        n = set_canceled(
            session,
            _selected(session),
            canceled=confirmed,
            remove_documents=bool(request.form.get("remove_documents")),
            by=actor(),
        )
    return _back(
        ngettext(
            "Cancelled was switched for %(num)d interaction.", "Cancelled was switched for %(num)d interactions.", n
        )
    )


@bp.route("/quick-log", methods=["GET", "POST"])
def ask_quick() -> Answer:
    """The dialog that logs an interaction with the contacts of the selected entries."""
    return ask_quick_log(_whom())


@bp.post("/quick-log/log")
def quick() -> Answer:
    """Logs it."""
    return log_quickly(_whom())


def _whom() -> Whom:
    return Whom(
        lambda session: contacts_of_entries(_selected(session)),
        [
            *(("sel", no) for no in request.values.getlist("sel")),
            ("all_matching", request.values.get("all_matching", "")),
            ("back", _back_to()),
        ],
        url_for("entry_actions.quick", **_filters_asked()),
        _back_to(),
    )


@bp.post("/mark")
def mark_entries() -> Answer:
    """Marks letters as printed, posted, returned …"""
    with transaction() as session:
        n = mark_letters(session, _selected(session), request.form.get("status", ""), by=actor())
    return _back(ngettext("%(num)d letter was marked.", "%(num)d letters were marked.", n))


@bp.get("/canceled/delete")
def ask_delete() -> Answer:
    """How many cancelled entries match the filters, and what deleting them means (R-E09)."""
    actor().must_be_allowed("delete canceled entries")
    session = reading()
    n = count_matching(session, replace(read_log_filters(session).filters, canceled=True))
    text = gettext("They leave the log for good, with their comments and the values their letters are made from.")
    return _dialog(
        "shared/_confirm.html",
        title=ngettext("Delete %(num)d cancelled interaction?", "Delete %(num)d cancelled interactions?", n)
        if n
        else gettext("No cancelled interaction matches."),
        lead=text if n else gettext("Only cancelled interactions can be deleted. Cancel them first."),
        submit=ngettext("Delete %(num)d interaction", "Delete %(num)d interactions", n) if n else None,
        action=url_for("entry_actions.delete_canceled", **_filters_asked()) if n else None,
        cancel=_back_to(),
        danger=True,
    )


@bp.post("/canceled/delete")
def delete_canceled() -> Answer:
    """Deletes the cancelled ones among the entries that match the filters (R-E09)."""
    with transaction() as session:
        n = delete_canceled_entries(session, read_log_filters(session).filters.ids(), by=actor())
    if not n:
        raise RuleViolation(say("Only cancelled interactions can be deleted. Cancel them first."))
    return _back(ngettext("%(num)d interaction was deleted.", "%(num)d interactions were deleted.", n))


def _dialog(partial: str, **values: Any) -> Answer:
    return page_or_fragment("shared/dialog_page.html", partial, partial=partial, **values)


def _selected(session: Session) -> Selection:
    """What is ticked, or everything that matches the filters of the list."""
    if request.values.get("all_matching"):
        return read_log_filters(session).filters.ids()
    nos = [int(text) for text in request.values.getlist("sel") if text.isdecimal() and len(text) < 19]
    if not nos:
        raise RuleViolation(say("Select one or more interactions first."))
    return with_entry_nos(nos)


def _filters_asked() -> dict[str, str]:
    """The filters and the place in the list that stand in the address."""
    return {name: text for name, text in request.args.items() if name not in NOT_FILTERS}


def _back_to() -> str:
    """The list or the entry the form stood on."""
    target = same_site(request.values.get("back"), "")
    if target.startswith(("/interaction-log/", "/logged-segments/")):
        return target
    return url_for("interaction_log.index", **_filters_asked())


def _back(message: str) -> Answer:
    return go_to(_back_to(), message, "ok")
