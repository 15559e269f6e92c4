"""What was typed into fields of a segment, a line or an interaction, as the domain takes it; and stored values as typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from flask import request

from blueprints.web.actor import today, work_date
from blueprints.web.formats import currency_digits, format_amount, format_date, format_time
from blueprints.web.languages import choose_locale
from domain.amounts import read_amount, read_minutes
from domain.dates import read_date, read_time
from domain.errors import RuleViolation

BLANK = "(blank)"
FLAGS = {"send_as_attachment", "ignore_contact_type", "campaign_target", "campaign_response", "attempt_failed"}
NAMED = {"salesperson", "campaign", "template"}
MONEY, MINUTES, DATES, TIMES = {"unit_cost", "cost"}, {"unit_duration", "duration"}, {"date"}, {"time"}


def head(text: str) -> str:
    """The code in "JR · John Roberts"."""
    return text.split(" · ")[0].strip()


def named(code: str | None, name: str | None) -> str:
    """Code and name as one text; blank for none."""
    return " · ".join(part for part in (code, name) if part)


def meaning(name: str, text: str, *, base: dt.date | None = None) -> Any:
    """What a text typed into the field `name` means. Raises `RuleViolation` on the field."""
    try:
        if name in DATES:
            return read_date(text, locale=choose_locale(), work_date=work_date(), today=today(), base=base)
        if name in MONEY:
            return read_amount(text, locale=choose_locale(), digits=currency_digits())
        if name in MINUTES:
            return read_minutes(text)
        if name in TIMES:
            return read_time(text)
    except RuleViolation as refusal:
        raise RuleViolation(refusal.message, field=name) from refusal
    if name in NAMED:
        return head(text)
    if name in FLAGS:
        return bool(text)
    return text


def shown_meaning(name: str, text: str) -> Any:
    """What a field was shown with; a text that means nothing is given as it is, and counts as changed since."""
    try:
        return meaning(name, text)
    except RuleViolation:
        return text


def own_meaning(name: str, text: str, *, base: dt.date | None = None) -> Any:
    """As `meaning`, for what is inherited otherwise: '' is back to inherited (None), "(blank)" deliberately blank ('')."""
    if text == BLANK:
        return ""
    if not text.strip():
        return None
    if name in FLAGS:
        return text == "yes"
    return meaning(name, text, base=base)


def as_typed(name: str, value: Any) -> str:
    """A stored value as people type it."""
    if value is None:
        return ""
    writers: dict[str, Callable[[Any], str]] = {"unit_cost": format_amount, "cost": format_amount, "date": format_date}
    writers["time"] = format_time
    if name in writers:
        return writers[name](value)
    return str(value)


def shown_version() -> int | None:
    """The state of the list that the posted form was made for; None for a form that shows no list."""
    given = request.form.get("list_version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None
