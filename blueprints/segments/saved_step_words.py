"""The steps of saved criteria in words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from blueprints.segments.criteria_words import criteria_sentence
from blueprints.web.actor import actor
from blueprints.web.languages import translate
from domain.errors import RuleViolation
from domain.segments.criteria import criteria_from_json
from domain.segments.saved_criteria_models import SavedCriteriaStep


@dataclass(frozen=True)
class SavedStepWords:
    """What a step does: its name, what it asks for, its options; `error` when it cannot be read any more."""

    seq: int
    action: str
    asks: str
    options: list[str]
    error: str = ""


def action_word(kind: str) -> str:
    """The name of an action that saved criteria can hold."""
    actions = {
        "add": gettext("Add contacts"),
        "reduce": gettext("Reduce contacts"),
        "refine": gettext("Refine contacts"),
        "reuse": gettext("Reuse logged segment"),
        "pin": gettext("Pin"),
    }
    return actions.get(kind, kind)


def saved_step_words(session: Session, step: SavedCriteriaStep, *, contacts: int) -> SavedStepWords:
    """A step of saved criteria in the user's language; `contacts`: how many it names one by one."""
    filters, options = json.loads(step.filters), json.loads(step.options)
    asks, error = "", ""
    if "criteria" in filters:
        try:
            asks = criteria_sentence(session, criteria_from_json(filters["criteria"]), actor())
        except RuleViolation as refusal:
            error = translate(refusal.message)
    elif step.kind == "pin":
        asks = _pin(filters["contact"]["no"], options)
    elif step.kind == "reuse":
        asks = str(options["segment"])
    else:
        asks = ngettext("A list of %(num)d contact", "A list of %(num)d contacts", contacts)
    return SavedStepWords(step.seq, action_word(step.kind), asks, _options(options), error)


def _pin(no: str, options: dict[str, Any]) -> str:
    where = {"in": gettext("Pinned to the list"), "out": gettext("Kept off the list")}.get(options["pin"], "")
    return " · ".join(part for part in (no, where, options.get("reason", "")) if part)


def _options(options: dict[str, Any]) -> list[str]:
    words = {
        "allow_existing": gettext("Allow existing contacts"),
        "include_excluded": gettext("Include contacts excluded from segments"),
        "expand_companies": gettext("Expand companies"),
        "related_companies": gettext("Allow related companies"),
        "entire_companies": gettext("Entire companies"),
        "with_canceled": gettext("Cancelled interactions too"),
    }
    return [text for name, text in words.items() if options.get(name) is True]
