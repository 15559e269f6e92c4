"""Many tasks at once, those ticked or all that match: close, cancel, reopen, delete, log an interaction with their contacts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import Select

from blueprints.tasks.filters import read_task_filters
from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, go_to, page_or_fragment
from blueprints.web.quick_log import Whom, ask_quick_log, log_quickly
from domain.errors import RuleViolation
from domain.messages import say
from domain.tasks.many import CHANGES, Expected, contacts_of_tasks, expected_changes, with_numbers

bp = Blueprint("many_tasks", __name__, url_prefix="/tasks/chosen")
VERB = "<any(close,cancel,reopen,delete):verb>"
MOST_TICKED = 1000


@bp.route(f"/{VERB}/ask", methods=["GET", "POST"])
def ask(verb: str) -> Answer:
    """How many tasks a verb changes, and which are passed over. It changes nothing; the list posts because many may be
    ticked."""
    expected = expected_changes(reading(), _chosen(), verb, by=actor())
    partial = "tasks/_many_dialog.html"
    return page_or_fragment(
        "shared/dialog_page.html",
        partial,
        partial=partial,
        title=_title(verb, expected.changed),
        lead=_lead(verb) if expected.changed else "",
        points=_points(verb, expected),
        submit=_submit(verb, expected.changed) if expected.changed else None,
        danger=verb in ("cancel", "delete"),
        action=url_for("many_tasks.change", verb=verb, **_filters()),
        cancel=_back(),
        fields=_fields(),
    )


@bp.post(f"/{VERB}/do")
def change(verb: str) -> Answer:
    """Does so; what somebody else has closed or reopened meanwhile is passed over."""
    with transaction() as session:
        n = CHANGES[verb](session, _chosen(), by=actor())
    return go_to(_back(), _done(verb, n), "ok" if n else "info")


@bp.route("/quick-log", methods=["GET", "POST"])
def ask_quick() -> Answer:
    """The dialog that logs an interaction with the contacts of the chosen tasks."""
    return ask_quick_log(_whom())


@bp.post("/quick-log/log")
def quick() -> Answer:
    """Logs it."""
    return log_quickly(_whom())


def _whom() -> Whom:
    tasks = _chosen()
    return Whom(lambda _: contacts_of_tasks(tasks), _fields(), url_for("many_tasks.quick", **_filters()), _back())


def _chosen() -> Select[int]:
    """What is ticked, or everything that matches the filters of the list."""
    if request.values.get("all_matching"):
        return read_task_filters(reading()).filters.ids(by=actor())
    nos = [no for no in request.values.getlist("sel")[:MOST_TICKED] if no and "\x00" not in no]
    if not nos:
        raise RuleViolation(say("Select one or more tasks first."))
    return with_numbers(nos)


def _fields() -> list[tuple[str, str]]:
    """The selection again, as hidden fields."""
    fields = [("sel", no) for no in request.values.getlist("sel")[:MOST_TICKED]]
    return [*fields, ("all_matching", request.values.get("all_matching", ""))]


def _filters() -> dict[str, str]:
    return read_task_filters(reading()).given


def _back() -> str:
    return url_for("tasks.index", **_filters())


def _title(verb: str, n: int) -> str:
    if not n:
        return {
            "close": gettext("None of these tasks can be closed."),
            "cancel": gettext("None of these tasks can be cancelled."),
            "reopen": gettext("None of these tasks can be reopened."),
            "delete": gettext("None of these tasks can be deleted."),
        }[verb]
    if verb == "close":
        return ngettext("Close %(num)d task?", "Close %(num)d tasks?", n)
    if verb == "cancel":
        return ngettext("Cancel %(num)d task?", "Cancel %(num)d tasks?", n)
    if verb == "reopen":
        return ngettext("Reopen %(num)d task?", "Reopen %(num)d tasks?", n)
    return ngettext("Delete %(num)d task?", "Delete %(num)d tasks?", n)


def _submit(verb: str, n: int) -> str:
    if verb == "close":
        return ngettext("Close %(num)d task", "Close %(num)d tasks", n)
    if verb == "cancel":
        return ngettext("Cancel %(num)d task", "Cancel %(num)d tasks", n)
    if verb == "reopen":
        return ngettext("Reopen %(num)d task", "Reopen %(num)d tasks", n)
    return ngettext("Delete %(num)d task", "Delete %(num)d tasks", n)


def _lead(verb: str) -> str:
    return {
        "close": gettext("They are completed without an interaction. Closed tasks can be reopened."),
        "cancel": gettext("They are closed and not to be done any more. They can be reopened, or deleted."),
        "reopen": gettext("They are to be done again. Completed tasks get the status “In progress”."),
        "delete": gettext("Interactions registered for them stay in the log."),
    }[verb]


def _points(verb: str, expected: Expected) -> list[tuple[str, Any]]:
    """Who is passed over."""
    points: list[tuple[str, Any]] = []
    n = expected.passed_over
    if n and verb in ("close", "cancel"):
        points.append(("info", ngettext("%(num)d is closed already.", "%(num)d are closed already.", n)))
    elif n and verb == "reopen":
        points.append(("info", ngettext("%(num)d is open already.", "%(num)d are open already.", n)))
    elif n:
        points.append(
            ("info", ngettext("%(num)d is not cancelled and stays.", "%(num)d are not cancelled and stay.", n))
        )
    n = expected.of_others
    if n:
        points.append(
            ("warn", ngettext("%(num)d belongs to others and stays.", "%(num)d belong to others and stay.", n))
        )
    return points


def _done(verb: str, n: int) -> str:
    if verb == "close":
        return ngettext("%(num)d task was closed.", "%(num)d tasks were closed.", n)
    if verb == "cancel":
        return ngettext("%(num)d task was cancelled.", "%(num)d tasks were cancelled.", n)
    if verb == "reopen":
        return ngettext("%(num)d task was reopened.", "%(num)d tasks were reopened.", n)
    return ngettext("%(num)d task was deleted.", "%(num)d tasks were deleted.", n)
