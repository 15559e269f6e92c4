"""Quick log: "I have just called, met or written to these people": those of the contact list."""

from __future__ import annotations

from flask import Blueprint, url_for

from blueprints.contacts.segments import Selection
from blueprints.web.fragments import Answer
from blueprints.web.quick_log import Whom, ask_quick_log, log_quickly

bp = Blueprint("quick_log", __name__, url_prefix="/contacts/quick-log")


def _whom() -> Whom:
    selection = Selection.of_request()
    return Whom(selection.ids, selection.fields(), url_for("quick_log.log"), url_for("contacts.index"))


@bp.route("/", methods=["GET", "POST"])
def choose() -> Answer:
    """The dialog for the ticked contacts, or all that match."""
    return ask_quick_log(_whom())


@bp.post("/log")
def log() -> Answer:
    """Writes the entries."""
    return log_quickly(_whom())
