"""Rows of the log as the templates show them."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext, pgettext
from sqlalchemy import Row

from blueprints.web.words import CORRESPONDENCE_TYPE_NAMES, DELIVERY_STATUS_NAMES, EVALUATION_NAMES

_TONES = {
    "to_print": "busy",
    "queued": "busy",
    "sending": "busy",
    "printed": "ok",
    "posted": "ok",
    "sent": "ok",
    "failed": "error",
    "returned": "warn",
    "uncertain": "warn",
    "withdrawn": "quiet",
}


def entry_row(row: Row[Any]) -> dict[str, Any]:
    """A row of the interaction log."""
    return {
        "no": row.entry_no,
        "id": row.id,
        "url": url_for("interaction_log.show", entry_no=row.entry_no),
        "date": row.date,
        "time": row.time,
        "description": row.description or gettext("(no description)"),
        "contact_no": row.contact_no if row.contact_id else "",
        "contact_name": row.contact_name or row.company_name or gettext("(deleted contact)"),
        "company_name": row.company_name if row.company_name != row.contact_name else "",
        "template": row.template_code or "",
        "type": str(CORRESPONDENCE_TYPE_NAMES[row.correspondence_type]),
        "evaluation": str(EVALUATION_NAMES[row.evaluation]),
        "salesperson": row.salesperson_code or "",
        "campaign_no": row.campaign_no or "",
        "segment_no": row.segment_no,
        "cost": row.cost,
        "duration": row.duration,
        "canceled": row.canceled,
        "row_class": "canceled" if row.canceled else "",
        "attempt_failed": row.attempt_failed,
        "has_comment": row.has_comment,
        "letter_url": url_for("interaction_log.letter", entry_no=row.entry_no) if row.document_id else "",
        "status": delivery(row.delivery_status),
        "canceled_text": pgettext("interaction", "Cancelled") if row.canceled else "",
    }


def delivery(status: str) -> tuple[str, str] | None:
    """Tone and word of a delivery status; None when nothing was to be delivered ("Sent" is never shown then, A7)."""
    return (_TONES[status], str(DELIVERY_STATUS_NAMES[status])) if status in _TONES else None


def logged_row(row: Row[Any]) -> dict[str, Any]:
    """A row of the logged segments."""
    return {
        "id": row.id,
        "entry_no": row.entry_no,
        "segment_no": row.segment_no,
        "description": row.description,
        "created_on": row.created_on,
        "user": row.user_name,
        "interactions": row.interactions,
        "campaign_entries": row.campaign_entries,
        "canceled": row.canceled,
        "row_class": "canceled" if row.canceled else "",
        "canceled_text": pgettext("segment", "Cancelled") if row.canceled else "",
        "url": url_for("logged_segments.show", segment_no=row.segment_no),
        "log_url": url_for("interaction_log.index", logged=row.segment_no, canceled="yes" if row.canceled else "no"),
    }
