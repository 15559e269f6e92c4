"""Closing a task, with or without an interaction; cancelling; reopening (contacts.md 2.15)."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask_babel import gettext

from blueprints.web.actor import actor
from blueprints.web.cards import ask as ask_to_confirm
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, go_to, page_or_fragment
from blueprints.web.same_site import same_site
from domain.interactions.beginning import blocked_party
from domain.tasks.queries import get_task
from domain.tasks.tasks import cancel_task, close_task, must_be_own, refuse_closed, reopen_task

bp = Blueprint("task_closing", __name__, url_prefix="/tasks/<known:key>")


@bp.get("/close")
def ask(key: str) -> Answer:
    """Asks whether to register an interaction (Q-16). 409 when the task has been closed meanwhile."""
    session, by = reading(), actor()
    task = get_task(session, key)
    must_be_own(task, by=by)
    refuse_closed(task)
    blocked = task.contact is not None and blocked_party(session, task.contact) is not None
    partial = "tasks/_close_dialog.html"
    return page_or_fragment(
        "shared/dialog_page.html",
        partial,
        partial=partial,
        title=gettext("Close task %(no)s?", no=task.no),
        task=task,
        back=_back(key),
        interaction_url=url_for("new_interaction.new", task=task.no, back=_back(key))
        if by.may("create interactions") and not blocked
        else "",
    )


@bp.post("/close")
def close(key: str) -> Answer:
    """Closes the task without an interaction."""
    with transaction() as session:
        close_task(session, get_task(session, key), by=actor())
    return go_to(_back(key), gettext("The task %(no)s was closed.", no=key.upper()), "ok")


@bp.get("/cancel")
def ask_cancel(key: str) -> Answer:
    """What cancelling means."""
    task = get_task(reading(), key)
    must_be_own(task, by=actor())
    refuse_closed(task)
    return ask_to_confirm(
        gettext("Cancel task %(no)s?", no=task.no),
        gettext("It is closed and not to be done any more. It can be reopened, or deleted."),
        submit=gettext("Cancel task"),
        action=url_for("task_closing.cancel", key=task.no),
        cancel=url_for("tasks.show", key=task.no),
    )


@bp.post("/cancel")
def cancel(key: str) -> Answer:
    """Closes a task that is not to be done any more."""
    with transaction() as session:
        cancel_task(session, get_task(session, key), by=actor())
    return go_to(_back(key), gettext("The task %(no)s was cancelled.", no=key.upper()), "ok")


@bp.post("/reopen")
def reopen(key: str) -> Answer:
    """Takes the closing back."""
    with transaction() as session:
        reopen_task(session, get_task(session, key), by=actor())
    return go_to(_back(key), gettext("The task %(no)s was reopened.", no=key.upper()), "ok")


def _back(key: str) -> str:
    return same_site(request.values.get("back"), url_for("tasks.show", key=key))
