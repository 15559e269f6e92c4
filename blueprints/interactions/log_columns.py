"""The columns of the interaction log (segments.md 6.6): which there are, which are shown, what stands in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext, pgettext
from sqlalchemy import Row
from sqlalchemy.orm import Session

from blueprints.web.formats import format_date, format_money, format_time
from blueprints.web.log_rows import entry_row
from blueprints.web.words import INFORMATION_FLOW_NAMES, INITIATED_BY_NAMES
from domain.tasks.queries import task_numbers

# the contact is always shown: it leads to the entry; Cancelled and Attempt failed stand with it, Comment with the description
USUAL = (
    "no", "date", "contact_no", "contact", "company", "description", "template", "status", "evaluation", "cost", "duration",
    "salesperson", "campaign", "letter",
)  # fmt: skip
NUMBERS = frozenset({"no", "cost", "duration", "campaign_entry"})


def column_labels() -> dict[str, str]:
    """Key → heading of every column, in the order they stand."""
    return {
        "no": gettext("Entry No."),
        "date": gettext("Date"),
        "time": gettext("Time"),
        "contact": gettext("Contact"),
        "contact_no": gettext("Contact No."),
        "company": gettext("Company name"),
        "company_no": gettext("Company No."),
        "description": gettext("Description"),
        "subject": gettext("Subject"),
        "template": gettext("Interaction template"),
        "group": gettext("Interaction group"),
        "type": gettext("Correspondence type"),
        "language": gettext("Language code"),
        "status": gettext("Delivery status"),
        "evaluation": gettext("Evaluation"),
        "attempt_failed": gettext("Attempt failed"),
        "canceled": pgettext("interaction", "Cancelled"),
        "flow": gettext("Information flow"),
        "initiated_by": gettext("Initiated by"),
        "cost": gettext("Cost"),
        "duration": gettext("Duration (min.)"),
        "salesperson": gettext("Salesperson"),
        "campaign": gettext("Campaign"),
        "campaign_entry": gettext("Campaign entry"),
        "target": gettext("Campaign target"),
        "response": gettext("Campaign response"),
        "segment": gettext("Segment"),
        "task": gettext("Task No."),
        "via": gettext("Contact via"),
        "user": gettext("User ID"),
        "comment": gettext("Comment"),
        "letter": gettext("Letter"),
    }


def in_order(shown: Sequence[str]) -> list[str]:
    """Every column: those given in their order, each of the others behind the one it usually follows."""
    usual = list(column_labels())
    order = list(dict.fromkeys(key for key in shown if key in usual))
    for place, key in enumerate(usual):
        if key not in order:
            order.insert(order.index(usual[place - 1]) + 1 if place else 0, key)
    return order


def shown_columns(stored: Sequence[str]) -> list[str]:
    """The columns to show, from left to right; none stored means the usual ones. The contact is always among them."""
    shown = {*(stored or USUAL), "contact"}
    return [key for key in in_order(stored) if key in shown]


def moved(order: Sequence[str], shown: Sequence[str], key: str, *, left: bool) -> list[str]:
    """The order with a column one place further left or right among those that are shown."""
    visible = [one for one in order if one in shown]
    if key not in visible:
        return list(order)
    place = visible.index(key) + (-1 if left else 1)
    if not 0 <= place < len(visible):
        return list(order)
    others = [one for one in order if one != key]
    at = others.index(visible[place]) + (0 if left else 1)
    return [*others[:at], key, *others[at:]]


def chosen_columns(stored: Sequence[str]) -> list[dict[str, Any]]:
    """The columns to show, as `ui.data_table` takes them, with their key."""
    labels = column_labels()
    return [
        {"key": key, "label": labels[key], "num": key in NUMBERS, "hidden": key == "letter"}
        for key in shown_columns(stored)
    ]


def log_rows(session: Session, rows: Sequence[Row[Any]], columns: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the log with the text of every column; the numbers of tasks are looked up when their column is shown."""
    ids = {row.task_id for row in rows if row.task_id is not None} if any(c["key"] == "task" for c in columns) else ()
    tasks = task_numbers(session, ids)
    return [_log_row(row, tasks) for row in rows]


def _log_row(row: Row[Any], tasks: Mapping[int, str]) -> dict[str, Any]:
    shown = entry_row(row)
    yes = gettext("Yes")
    texts = {
        "no": row.entry_no,
        "date": format_date(row.date),
        "time": format_time(row.time),
        "contact_no": row.contact_no,
        "company": shown["company_name"],
        "company_no": row.company_no,
        "subject": row.subject,
        "template": shown["template"],
        "group": row.group_code or "",
        "language": row.language_code or "",
        "evaluation": shown["evaluation"],
        "attempt_failed": yes if row.attempt_failed else "",
        "canceled": yes if row.canceled else "",
        "flow": str(INFORMATION_FLOW_NAMES[row.information_flow]),
        "initiated_by": str(INITIATED_BY_NAMES[row.initiated_by]),
        "cost": format_money(row.cost) if row.cost else "",
        "duration": row.duration or "",
        "salesperson": shown["salesperson"],
        "campaign": shown["campaign_no"],
        "campaign_entry": row.campaign_entry_no or "",
        "target": yes if row.campaign_target else "",
        "response": yes if row.campaign_response else "",
        "segment": row.segment_no,
        "via": row.contact_via,
        "user": row.user_name,
        "comment": yes if row.has_comment else "",
        "task": tasks.get(row.task_id, ""),
    }
    return shown | {
        "texts": texts,
        "task_url": url_for("tasks.show", key=texts["task"]) if texts["task"] else "",
    }
