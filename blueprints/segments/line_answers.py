"""What is answered after lines have changed: the table, and what else shows it."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext

from blueprints.segments.worksheet import page_context
from blueprints.web.database import reading
from blueprints.web.fragments import Answer, fragments, go_to, wants_fragment
from domain.segments.queries import get_open_segment

LISTED = (
    "segments/_lines.html",
    "segments/_chips.html",
    "segments/_statusbar.html",
    "segments/_header.html",
    "segments/_actions.html",
    "segments/_steps_pane.html",
)


def lines_changed(
    segment_no: str, text: str, *, notice: bool = False, emptied: bool = False, status: int = 200, **more: Any
) -> Answer:
    """The answer after a change of the lines: the table first, then what else shows it.

    `emptied`: the last line has gone, and the answer asks whether to reset the segment (Q-05).
    """
    if not wants_fragment():
        following = "segment_steps.ask_reset" if emptied else "segments.show"
        return go_to(url_for(following, segment_no=segment_no), text, "ok")
    session = reading()
    segment = get_open_segment(session, segment_no)
    context = {**page_context(session, segment), "text": text, "kind": "info", **more}
    first = ["segments/_lines.html", "segments/_notice.html"]
    if notice:
        first.reverse()
    if emptied:
        first.insert(0, "segments/_reset_dialog.html")
    answer = fragments(
        *first,
        "segments/_chips.html",
        "segments/_statusbar.html",
        "segments/_header.html",
        "segments/_actions.html",
        "segments/_steps_pane.html",
        "segments/_overview.html",
        "shared/_toast.html",
        status=status,
        **context,
    )
    if emptied:
        answer.headers["HX-Retarget"] = "#dialog"
        answer.headers["HX-Reswap"] = "innerHTML"
    return answer


def undo_toast(segment_no: str, token: str, text: str = "") -> dict[str, Any]:
    """Values of shared/_toast.html after an edit; without `token` it cannot be undone."""
    values: dict[str, Any] = {"text": text or gettext("The line was changed."), "kind": "info"}
    if token:
        values |= {
            "undo_url": url_for("chosen_lines.undo", segment_no=segment_no, token=token),
            "undo_target": "#lines",
        }
    return values
