"""The words for values people choose from a fixed list (glossary sections 3 and 4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as lazy
from flask_babel import lazy_pgettext as lazy_in

CORRESPONDENCE_TYPE_NAMES: Mapping[str, Any] = {
    "": "",
    "hard_copy": lazy_in("correspondence type", "Hard copy"),
    "email": lazy_in("correspondence type", "E-mail"),
    "fax": lazy_in("correspondence type", "Fax"),
}
INFORMATION_FLOW_NAMES: Mapping[str, Any] = {"": "", "outbound": lazy("Outbound"), "inbound": lazy("Inbound")}
INITIATED_BY_NAMES: Mapping[str, Any] = {
    "": "",
    "us": lazy_in("initiated by", "Us"),
    "them": lazy_in("initiated by", "Them"),
}
WIZARD_ACTION_NAMES: Mapping[str, Any] = {
    "": "",
    "open": lazy_in("wizard action", "Open"),
    "import": lazy_in("wizard action", "Import"),
    "merge": lazy_in("wizard action", "Merge"),
}
EVALUATION_NAMES: Mapping[str, Any] = {
    "": "",
    "very_positive": lazy("Very positive"),
    "positive": lazy("Positive"),
    "neutral": lazy("Neutral"),
    "negative": lazy("Negative"),
    "very_negative": lazy("Very negative"),
}
REPLY_NAMES: Mapping[str, Any] = {
    **{key: word for key, word in EVALUATION_NAMES.items() if key},
    "responded": lazy("Responded"),
    "moved": lazy("Moved"),
    "call_back": lazy("Call back"),
}
DELIVERY_STATUS_NAMES: Mapping[str, Any] = {
    "none": "",
    "to_print": lazy_in("delivery", "To print"),
    "printed": lazy_in("delivery", "Printed"),
    "posted": lazy_in("delivery", "Posted"),
    "returned": lazy_in("delivery", "Returned"),
    "queued": lazy_in("delivery", "Queued"),
    "sending": lazy_in("delivery", "In progress"),
    "sent": lazy_in("delivery", "Sent"),
    "failed": lazy_in("delivery", "Error"),
    "uncertain": lazy_in("delivery", "Uncertain"),
    "withdrawn": lazy_in("delivery", "Withdrawn"),
}
TASK_TYPE_NAMES: Mapping[str, Any] = {
    "": "",
    "phone_call": lazy_in("task", "Phone call"),
    "meeting": lazy_in("task", "Meeting"),
}
TASK_STATUS_NAMES: Mapping[str, Any] = {
    "not_started": lazy_in("task", "Not started"),
    "in_progress": lazy_in("task", "In progress"),
    "waiting": lazy_in("task", "Waiting"),
    "postponed": lazy_in("task", "Postponed"),
    "completed": lazy_in("task", "Completed"),
}
TASK_PRIORITY_NAMES: Mapping[str, Any] = {
    "low": lazy_in("task", "Low"),
    "normal": lazy_in("task", "Normal"),
    "high": lazy_in("task", "High"),
}


def choices(names: Mapping[str, Any], only: Iterable[str] | None = None) -> list[tuple[str, str]]:
    """Value and word for a select, in the order of the list; `only` limits the values."""
    chosen = tuple(names if only is None else only)
    key = (str(get_locale()), id(names), chosen)  # the lists stand in this file for good
    if key not in _choices:
        _choices[key] = [(value, str(names[value])) for value in chosen]
    return list(_choices[key])


_choices: dict[tuple[str, int, tuple[str, ...]], list[tuple[str, str]]] = {}
