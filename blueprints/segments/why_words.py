"""Why somebody is, or is not, on a segment, in words: what every step did, and the value that decided."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from blueprints.segments.criteria_words import group_sentence
from blueprints.segments.step_words import action_of
from blueprints.web.actor import actor
from blueprints.web.formats import format_date, format_datetime, format_money, format_number
from blueprints.web.languages import translate
from domain.filters.fields import Field, Kind
from domain.filters.reader import Reader, reader_of
from domain.filters.sentences import predicate
from domain.segments.criteria_groups import GROUPS
from domain.segments.why import Decision, Fate, Why


def skip_reasons() -> dict[str, str]:
    """Why a step passes a contact over."""
    return {
        "blocked": gettext("Blocked for privacy"),
        "excluded": gettext("Excluded from segments"),
        "present": gettext("On the list already"),
        "pinned_in": gettext("Pinned to the list"),
        "pinned_out": gettext("Kept off the list"),
    }


def fates_in_words(session: Session, answer: Why) -> list[dict[str, Any]]:
    """What every step did with the contact, oldest first."""
    reader = reader_of(session, actor())
    return [_fate(session, fate, reader) for fate in answer.fates]


def _fate(session: Session, fate: Fate, reader: Reader) -> dict[str, Any]:
    tone, symbol, said = _verdict(fate)
    options = json.loads(fate.step.options)
    passes = any(all(one.passes for one in groups) for groups in fate.alternatives)
    wider = ("expand_companies", "related_companies", "entire_companies")
    with_company = fate.what in ("added", "removed", "matched", "skipped") and any(options.get(key) for key in wider)
    return {
        "seq": fate.step.seq,
        "action": action_of(fate.step),
        "tone": tone,
        "icon": symbol,
        "said": said,
        "through_company": bool(fate.alternatives) and with_company and not passes,
        "several": len(fate.alternatives) > 1,
        "alternatives": [
            [line for one in groups for line in _decision(session, one, reader)] for groups in fate.alternatives
        ],
    }


def _verdict(fate: Fate) -> tuple[str, str, str]:
    """Tone, symbol and words of what a step did."""
    step = fate.step
    if fate.what == "skipped":
        reason = skip_reasons().get(fate.reason, fate.reason)
        return "warn", "user-x", gettext("passed over: %(reason)s", reason=reason[:1].lower() + reason[1:])
    if fate.what == "unreadable" and fate.message is not None:
        return "warn", "triangle-alert", translate(fate.message)
    if fate.what == "kept" and step.kind == "refine":
        return "quiet", "user-check", gettext("kept on the list")
    words = {
        "added": ("ok", "user-plus", gettext("added")),
        "removed": ("bad", "user-minus", gettext("removed")),
        "returned": ("ok", "undo-2", gettext("brought back")),
        "switched_off": ("quiet", "ban", gettext("is switched off and counts no longer")),
        "pinned_in": ("ok", "pin", gettext("pinned to the list: %(reason)s", reason=fate.reason)),
        "pinned_out": ("bad", "pin", gettext("kept off the list: %(reason)s", reason=fate.reason)),
        "unpinned": ("quiet", "pin-off", gettext("the pin was removed")),
        "kept": ("quiet", "user-check", gettext("left on the list")),
        "matched": ("quiet", "search", gettext("would be found today")),
        "unmatched": ("quiet", "minus", gettext("not found")),
    }
    return words[fate.what]


def _decision(session: Session, one: Decision, reader: Reader) -> list[dict[str, Any]]:
    """A group of filters as lines: whether it passes, what the contact has, what was asked."""
    if one.group.absent or one.group.group == "profile_answer":  # told as a whole: numbers of answers say nothing
        return [{"passes": one.passes, "said": group_sentence(session, one.group, one.filters, reader), "asked": ""}]
    table = GROUPS[one.group.group]
    lines = []
    for each, values, fits in one.values:
        label = translate(each.field.label)
        if one.group.group == "interaction":
            label = f"{translate(table.label)} – {label[:1].lower()}{label[1:]}"
        asked = predicate(each, reader)
        has = _values(each.field, values)
        lines.append(
            {
                "passes": fits,
                "said": gettext("%(field)s is %(values)s", field=label, values=has)
                if has
                else gettext("%(field)s: none", field=label),
                "asked": asked,
            }
        )
    if not one.passes and len(one.values) > 1 and all(fits for _, _, fits in one.values):
        lines.append({"passes": False, "said": gettext("No entry meets all of these together."), "asked": ""})
    return lines


def _values(field: Field, values: list[Any]) -> str:
    """What stands in a field, as its kind is written."""
    return ", ".join(_value(field, value) for value in values)


def _value(field: Field, value: Any) -> str:
    if value is None or value == "":
        return gettext("(blank)")
    if field.kind is Kind.BOOLEAN:
        return gettext("Yes") if value else gettext("No")
    if field.kind is Kind.OPTION:
        caption = (field.options or {}).get(value)
        return (translate(caption) if caption is not None else str(value)) or gettext("(blank)")
    if field.kind is Kind.AMOUNT:
        return format_money(value)
    if field.kind is Kind.NUMBER and isinstance(value, int):
        return format_number(value)
    if field.kind is Kind.MOMENT and isinstance(value, dt.datetime):
        return format_datetime(value)
    if field.kind is Kind.DATE and isinstance(value, dt.date):
        return format_date(value)
    return str(value)
