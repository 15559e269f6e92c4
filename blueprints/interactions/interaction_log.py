"""The interaction log: list with filters, one entry, its letter, and the actions on entries."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, request, send_file, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as lazy
from wtforms import TextAreaField

from blueprints.interactions.log_columns import chosen_columns, log_rows
from blueprints.interactions.log_filters import LogFilters, log_context, read_log_filters
from blueprints.interactions.log_views import stored_columns, users_views, view_chips, view_in_use
from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.filters import filter_panel
from blueprints.web.forms import Form
from blueprints.web.fragments import Answer, go_to, page_or_fragment
from blueprints.web.fragments import page as whole_page
from blueprints.web.listing import read_place, spelled_place
from blueprints.web.log_rows import delivery, entry_row
from blueprints.web.words import (
    CORRESPONDENCE_TYPE_NAMES,
    DELIVERY_STATUS_NAMES,
    EVALUATION_NAMES,
    INFORMATION_FLOW_NAMES,
    INITIATED_BY_NAMES,
    choices,
)
from domain.accounts.actor import Actor
from domain.interactions.delivery import FROM_STATES, ON_PAPER
from domain.interactions.entries import add_comment, comments_of, get_entry
from domain.interactions.letters import letter_of_entry
from domain.interactions.models import InteractionLogEntry
from domain.interactions.queries import MOST_COUNTED, count_entries, entry_page, neighbours, rows_in_order
from domain.letters.pdf import find_soffice, to_pdf
from domain.tasks.models import Task

bp = Blueprint("interaction_log", __name__, url_prefix="/interaction-log")
SHOWN = ("date", "description", "subject")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class CommentForm(Form):
    """A remark about an entry."""

    text = TextAreaField(lazy("Comment"))


@bp.get("/")
def index() -> Answer:
    """The log, newest first, with filters; keyset paging."""
    session = reading()
    asked = read_log_filters(session)
    found = entry_page(session, asked.filters, older_than=read_place("older"), newer_than=read_place("newer"))
    kept = users_views(session)
    view = view_in_use(kept)
    total = count_entries(session, asked.filters, most=MOST_COUNTED)
    columns = chosen_columns(stored_columns(view))
    given = asked.given | ({"view": view.name} if view is not None and view.name else {})
    return page_or_fragment(
        "interactions/log.html",
        "interactions/_log.html",
        rows=log_rows(session, found.rows, columns),
        columns=columns,
        query=f"?{urlencode(asked.given)}" if asked.given else "",
        views=view_chips(kept, view),
        views_url=url_for("log_views.index", **given),
        columns_url=url_for("log_views.columns", **given),
        asked=asked,
        context=log_context(session, asked.filters),
        given=given,
        panel=filter_panel(session, asked.typed, request.args, shown=SHOWN),
        panel_open=bool((asked.given and "view" not in given) or request.args.get("add")),
        total=total if total <= MOST_COUNTED else None,
        most=MOST_COUNTED,
        older=url_for("interaction_log.index", **given, older=spelled_place(found.older)) if found.older else None,
        newer=url_for("interaction_log.index", **given, newer=spelled_place(found.newer)) if found.newer else None,
        type_choices=[
            *choices(CORRESPONDENCE_TYPE_NAMES, ("hard_copy", "email", "fax")),
            ("blank", gettext("(blank)")),
        ],
        status_choices=[(k, str(v)) for k, v in DELIVERY_STATUS_NAMES.items() if k != "none"],
        evaluation_choices=[*choices(EVALUATION_NAMES)[1:], ("blank", gettext("(blank)"))],
        evaluations=choices(EVALUATION_NAMES)[1:],
        actions=_list_actions(given, asked),
    )


def _list_actions(given: dict[str, str], asked: LogFilters) -> list[dict[str, Any]]:
    """An interaction begins with what the list is filtered by (6.1). Deleting is offered where cancelled ones are shown."""
    here = url_for("interaction_log.index", **given)
    return [
        {
            "label": gettext("Create interaction"),
            "url": url_for("new_interaction.new", **asked.begins_with, back=here),
            "icon": "plus",
            "kind": "primary",
            "key": "Alt+I",
            "show": actor().may("create interactions"),
        },
        {"label": gettext("Postponed interactions"), "url": url_for("postponed.index"), "icon": "clock", "show": True},
        {
            "label": gettext("Statistics"),
            "url": url_for("statistics.index", **{name: text for name, text in given.items() if name != "canceled"}),
            "icon": "chart-column",
            "show": True,
        },
        {
            "label": gettext("Delete cancelled interactions…"),
            "url": url_for("entry_actions.ask_delete", **given),
            "icon": "trash-2",
            "dialog": True,
            "show": given.get("canceled") == "yes" and actor().may("delete canceled entries"),
        },
    ]


@bp.get("/<int:entry_no>")
def show(entry_no: int) -> Answer:
    """One entry with its comments."""
    return _shown(entry_no)


def _shown(entry_no: int, status: int = 200, comment: CommentForm | None = None) -> Answer:
    session, by = reading(), actor()
    entry = get_entry(session, entry_no)
    row = rows_in_order(session, [entry.id])[0]
    shown = entry_row(row)
    asked = read_log_filters(session)
    newer, older = neighbours(session, entry, asked.filters)
    around = {"newer": newer, "older": older}
    return whole_page(
        "interactions/entry.html",
        status,
        entry=entry,
        task=session.get(Task, entry.task_id) if entry.task_id is not None else None,
        row=shown,
        raw=row,
        comments=comments_of(session, entry),
        log_url=url_for("interaction_log.index", **asked.given),
        **{
            f"{name}_url": url_for("interaction_log.show", entry_no=no, **asked.given) if no is not None else None
            for name, no in around.items()
        },
        status_word=delivery(entry.delivery_status),
        flow=str(INFORMATION_FLOW_NAMES[entry.information_flow]),
        by_whom=str(INITIATED_BY_NAMES[entry.initiated_by]),
        evaluations=choices(EVALUATION_NAMES)[1:],
        actions=_actions(entry, shown, is_word=bool(row.document_is_word), by=by),
        comment_form=comment or CommentForm(formdata=None),
    )


def _actions(entry: InteractionLogEntry, row: dict[str, Any], *, is_word: bool, by: Actor) -> list[Any]:
    here = url_for("interaction_log.show", entry_no=entry.entry_no)
    mark_url = url_for("entry_actions.mark_entries")
    on_paper = entry.correspondence_type in ON_PAPER and not entry.canceled
    marks = [
        {
            "label": str(DELIVERY_STATUS_NAMES[status]),
            "url": mark_url,
            "post": True,
            "fields": {"sel": entry.entry_no, "status": status, "back": here},
        }
        for status, before in FROM_STATES.items()
        if on_paper and entry.delivery_status in before
    ]
    cancel_url = url_for("entry_actions.ask_cancel", sel=entry.entry_no, back=here)
    own = by.salesperson_id is not None and by.salesperson_id == entry.salesperson_id
    return [
        {
            "label": gettext("Download the letter") if is_word else gettext("Download the document"),
            "url": row["letter_url"],
            "icon": "file-down",
            "kind": "primary",
            "show": bool(row["letter_url"]),
        },
        {
            "label": gettext("Preview"),
            "url": f"{row['letter_url']}?as=pdf",
            "icon": "eye",
            "attrs": {"target": "_blank"},
            "show": bool(row["letter_url"]) and is_word and find_soffice() is not None,
        },
        {
            "label": gettext("Create interaction"),
            "url": url_for(
                "new_interaction.new",
                contact=entry.contact.no if entry.contact is not None else None,
                campaign=entry.campaign.no if entry.campaign is not None else None,
                fixed="contact",
                back=here,
            ),
            "icon": "plus",
            "key": "Alt+I",
            "show": entry.contact is not None and by.may("create interactions"),
        },
        {
            "label": gettext("Mark as…"),
            "icon": "printer-check",
            "items": marks,
            "show": bool(marks) and by.may("print letters"),
        },
        {
            "label": gettext("Create task"),
            "url": url_for("tasks.new", entry=entry.entry_no),
            "icon": "clipboard-list",
            "show": entry.contact is not None and by.may("create tasks"),
        },
        {
            "label": gettext("Switch Cancelled…"),
            "url": cancel_url,
            "icon": "ban",
            "dialog": True,
            "show": by.may("cancel interactions", own=own),
        },
    ]


@bp.get("/<int:entry_no>/letter")
def letter(entry_no: int) -> Answer:
    """The letter as it was sent: the Word file, or a PDF in the browser with `?as=pdf`."""
    session = reading()
    made = letter_of_entry(session, get_entry(session, entry_no))
    if request.args.get("as") == "pdf" and made.file_name.endswith(".docx"):
        pdf = to_pdf(made.content)
        return send_file(io.BytesIO(pdf), mimetype="application/pdf", download_name=made.file_name[:-5] + ".pdf")
    return send_file(
        io.BytesIO(made.content),
        mimetype=WORD if made.file_name.endswith(".docx") else "application/octet-stream",
        as_attachment=True,
        download_name=made.file_name,
    )


@bp.post("/<int:entry_no>/comments/")
def comment(entry_no: int) -> Answer:
    """Adds a remark; it is never printed and never changed."""
    form = CommentForm()
    if form.validate():
        with form.reporting():
            with transaction() as session:
                add_comment(session, get_entry(session, entry_no), form.text.data or "", by=actor())
            return go_to(url_for("interaction_log.show", entry_no=entry_no), gettext("The comment was added."), "ok")
    return _shown(entry_no, 422, comment=form)
