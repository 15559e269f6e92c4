"""What the list of tasks shows."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext, pgettext
from sqlalchemy import Row
from sqlalchemy.orm import Session

from blueprints.tasks.filters import AskedTasks, read_task_filters
from blueprints.web.actor import actor
from blueprints.web.database import reading
from blueprints.web.fragments import Answer, page_or_fragment
from blueprints.web.listing import read_place, spelled_place
from blueprints.web.words import TASK_PRIORITY_NAMES, TASK_STATUS_NAMES, TASK_TYPE_NAMES, choices
from domain.accounts.actor import Actor
from domain.tasks.queries import TaskFilters, count_tasks, task_page


def index() -> Answer:
    """Tasks by date, the earliest first; open ones unless another status is asked for; keyset paging."""
    session, by = reading(), actor()
    by.must_be_allowed("view")
    asked = read_task_filters(session)
    found = task_page(session, asked.filters, after=read_place("after"), before=read_place("before"), by=by)
    given = asked.given
    here = url_for("tasks.index", **given)
    return page_or_fragment(
        "tasks/index.html",
        "tasks/_list.html",
        rows=[task_row(row, by=by) for row in found.rows],
        asked=asked,
        given=given,
        here=here,
        total=count_tasks(session, asked.filters, by=by),
        chips=_chips(session, asked, by),
        previous=url_for("tasks.index", **given, before=spelled_place(found.before)) if found.before else None,
        next=url_for("tasks.index", **given, after=spelled_place(found.after)) if found.after else None,
        type_choices=[*choices(TASK_TYPE_NAMES)[1:], ("blank", gettext("(blank)"))],
        status_choices=[
            *choices(TASK_STATUS_NAMES),
            ("closed", pgettext("task", "Closed")),
            ("canceled", pgettext("task", "Cancelled")),
            ("all", gettext("(all)")),
        ],
        may_choose=by.may("edit tasks", own=True),
        verbs=_verbs(asked.filters, by),
        new_url=url_for(
            "tasks.new", **{name: given[name] for name in ("contact", "segment", "campaign") if name in given}
        )
        if by.may("create tasks")
        else "",
    )


def _verbs(filters: TaskFilters, by: Actor) -> list[tuple[str, str, str]]:
    """What can be done with many of the tasks shown: verb, label, icon."""
    opened, closed = filters.closed is not True and not filters.canceled, filters.closed is not False
    verbs = [
        ("close", gettext("Close…"), "check", opened),
        ("cancel", gettext("Cancel tasks…"), "ban", opened),
        ("reopen", gettext("Reopen…"), "undo-2", closed),
        ("delete", gettext("Delete cancelled…"), "trash-2", closed and by.may("delete tasks")),
    ]
    return [(verb, label, icon) for verb, label, icon, offered in verbs if offered]


def _chips(session: Session, asked: AskedTasks, by: Actor) -> list[dict[str, Any]]:
    """Mine of today, mine late, mine, all: open ones. Without a salesperson nothing is mine."""
    chips: list[tuple[str, dict[str, str], TaskFilters]] = [
        (pgettext("tasks", "All open"), {}, TaskFilters(closed=False))
    ]
    if by.salesperson_id is not None:
        mine = {"whose": "mine"}
        chips = [
            (gettext("Mine today"), mine | {"due": "today"}, TaskFilters(mine=True, due="today", closed=False)),
            (gettext("Mine late"), mine | {"due": "late"}, TaskFilters(mine=True, due="late", closed=False)),
            (pgettext("tasks", "Mine"), mine, TaskFilters(mine=True, closed=False)),
            *chips,
        ]
    return [
        {
            "label": label,
            "count": count_tasks(session, filters, by=by),
            "url": url_for("tasks.index", **query),
            "current": asked.given == query,
        }
        for label, query, filters in chips
    ]


def task_row(row: Row[Any], *, by: Actor) -> dict[str, Any]:
    """A task as lists show it."""
    own = row.salesperson_id is not None and row.salesperson_id == by.salesperson_id
    own = own or (row.user_id is not None and row.user_id == by.user_id)
    late = not row.closed and row.date < by.today
    return {
        "no": row.no,
        "url": url_for("tasks.show", key=row.no),
        "description": row.description or row.contact_name,
        "date": row.date,
        "late": late,
        "type": str(TASK_TYPE_NAMES[row.type]),
        "call": row.type == "phone_call",
        "status": pgettext("task", "Cancelled") if row.canceled else str(TASK_STATUS_NAMES[row.status]),
        "tone": "quiet" if row.canceled else "ok" if row.closed else "warn" if late else "info",
        "priority": str(TASK_PRIORITY_NAMES[row.priority]) if row.priority != "normal" else "",
        "high": row.priority == "high",
        "contact": row.contact_name,
        "contact_no": row.contact_no,
        "company": row.company_name if row.company_name != row.contact_name else "",
        "salesperson": row.salesperson_code,
        "campaign": row.campaign_no,
        "segment": row.segment_no,
        "row_class": "canceled" if row.canceled else "",
        "close_url": url_for("task_closing.ask", key=row.no)
        if not row.closed and by.may("edit tasks", own=own)
        else "",
    }
