"""The mark Cancelled of logged segments: setting it, taking it away, deleting the cancelled ones; each asks first."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from blueprints.interactions.logged_segments import dialog
from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, go_to
from domain.errors import RuleViolation
from domain.interactions.logged_segments import delete_canceled, get_logged_segment, set_canceled
from domain.interactions.models import LoggedSegment
from domain.messages import Message, say

bp = Blueprint("canceled_segments", __name__, url_prefix="/logged-segments")


@bp.route("/canceled/ask", methods=["GET", "POST"])
def ask_cancel() -> Answer:
    """What switching Cancelled means for the selected segments (R-LS02)."""
    actor().must_be_allowed("cancel logged segments")
    chosen = _selected(reading())
    canceled, n = not chosen[0].canceled, len(chosen)
    if canceled:
        title = ngettext("Cancel %(num)d logged segment?", "Cancel %(num)d logged segments?", n)
        lead = gettext("All their interactions and campaign entries are cancelled too and count in no figure.")
        submit = gettext("Cancel the segments")
    else:
        title = ngettext(
            "Remove the mark Cancelled from %(num)d logged segment?",
            "Remove the mark Cancelled from %(num)d logged segments?",
            n,
        )
        lead = gettext("All their interactions and campaign entries count again, those cancelled singly before too.")
        submit = gettext("Remove the mark")
    return _ask(
        title,
        lead,
        submit,
        url_for("canceled_segments.cancel"),
        chosen,
        danger=canceled,
        canceled="yes" if canceled else "no",
    )


@bp.post("/cancel")
def cancel() -> Answer:
    """Switches Cancelled for the selected segments with their entries (R-LS02)."""
    confirmed = {"yes": True, "no": False}.get(request.form.get("canceled", ""))
    with transaction() as session:
        chosen = _selected(session)
        canceled = set_canceled(session, chosen, canceled=confirmed, by=actor())
        numbers = [one.segment_no for one in chosen]
    n = len(numbers)
    if canceled:
        text = ngettext("%(num)d logged segment was cancelled.", "%(num)d logged segments were cancelled.", n)
    else:
        text = ngettext(
            "%(num)d logged segment is no longer cancelled.", "%(num)d logged segments are no longer cancelled.", n
        )
    return go_to(_back_to(numbers), text, "ok")


@bp.route("/canceled/delete/ask", methods=["GET", "POST"])
def ask_delete() -> Answer:
    """What deleting the cancelled ones among the selected segments means (R-LS04)."""
    actor().must_be_allowed("delete logged segments")
    chosen = _selected(reading())
    n = sum(one.canceled for one in chosen)
    if not n:
        raise RuleViolation(_only_canceled())
    return _ask(
        ngettext("Delete %(num)d cancelled segment?", "Delete %(num)d cancelled segments?", n),
        gettext("The worksheet goes for good and cannot be taken back. The interactions stay in the log, cancelled."),
        gettext("Delete"),
        url_for("canceled_segments.delete"),
        chosen,
        danger=True,
    )


@bp.post("/delete")
def delete() -> Answer:
    """Deletes the cancelled ones among the selected segments; their entries stay (R-LS04)."""
    with transaction() as session:
        n = delete_canceled(session, _selected(session), by=actor())
    if not n:
        raise RuleViolation(_only_canceled())
    text = ngettext(
        "%(num)d cancelled segment was deleted; its interactions stay in the log.",
        "%(num)d cancelled segments were deleted; their interactions stay in the log.",
        n,
    )
    return go_to(url_for("logged_segments.index"), text, "ok")


def _only_canceled() -> Message:
    return say("Only cancelled segments can be deleted. Cancel them first.")


def _selected(session: Session) -> list[LoggedSegment]:
    """The segments that were ticked, in that order."""
    numbers = list(dict.fromkeys(request.values.getlist("sel")))
    if not numbers:
        raise RuleViolation(say("Choose logged segments first."))
    return [get_logged_segment(session, no) for no in numbers]


def _back_to(numbers: list[str]) -> str:
    """The page of the one segment the question was asked on, else the list."""
    if request.values.get("back") and len(numbers) == 1:
        return url_for("logged_segments.show", segment_no=numbers[0])
    return url_for("logged_segments.index")


def _ask(
    title: str, lead: str, submit: str, action: str, chosen: list[LoggedSegment], *, danger: bool, **fields: str
) -> Answer:
    back = request.values.get("back", "")
    return dialog(
        "interactions/_segments_dialog.html",
        title=title,
        lead=lead,
        submit=submit,
        action=action,
        cancel=_back_to([one.segment_no for one in chosen]),
        danger=danger,
        chosen=chosen,
        fields=[*(("sel", one.segment_no) for one in chosen), ("back", back), *fields.items()],
    )
