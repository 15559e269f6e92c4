"""The columns of the interaction log (segments.md 6.6): which there are, which are shown, what stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, pgettext
from sqlalchemy import Row

from blueprints.web.formats import format_date, format_money, format_time
from blueprints.web.log_rows import entry_row
from blueprints.web.words import INFORMATION_FLOW_NAMES, INITIATED_BY_NAMES

# the contact is always shown: it leads to the entry
USUAL = (
    "no", "date", "contact", "company", "description", "template", "type", "status", "evaluation", "salesperson",
    "campaign", "letter",
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
        "via": gettext("Contact via"),
        "user": gettext("User ID"),
        "comment": gettext("Comment"),
        "letter": gettext("Letter"),
    }


def chosen_columns(stored: Sequence[str]) -> list[dict[str, Any]]:
    """The columns to show, as `ui.data_table` takes them, with their key."""
    labels = column_labels()
    keys = [key for key in labels if key in stored or key == "contact"] if stored else list(USUAL)
    return [
        {"key": key, "label": labels[key], "num": key in NUMBERS, "hidden": key == "letter"}
        for key in sorted(keys, key=list(labels).index)
    ]


def log_row(row: Row[Any]) -> dict[str, Any]:
    """A row of the log with the text of every column."""
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
    }
    return shown | {"texts": texts}
