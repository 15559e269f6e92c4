"""The steps of a segment in words: what was asked, with which options, what came of it (A3)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from blueprints.segments.criteria_words import criteria_sentence
from blueprints.segments.line_words import PROBLEM_WORDS
from blueprints.web.actor import actor
from blueprints.web.formats import format_number
from blueprints.web.languages import translate
from blueprints.web.words import EVALUATION_NAMES, REPLY_NAMES
from domain.errors import RuleViolation
from domain.segments.criteria import criteria_from_json
from domain.segments.models import Segment
from domain.segments.step_models import SegmentStep
from domain.segments.step_queries import contact_names
from domain.segments.steps import switched_off

CANNOT_BE_SWITCHED_OFF = ("without", "bring_back")


def action_of(step: SegmentStep) -> str:
    """What a step is called."""
    if step.kind == "pin":
        pinned = {
            "in": gettext("Pinned to the list"),
            "out": gettext("Kept off the list"),
            "": gettext("Pin removed"),
        }
        return pinned[json.loads(step.options)["pin"]]
    names = {
        "add": gettext("Add contacts"),
        "paste": gettext("Paste contacts"),
        "remove": gettext("Remove"),
        "reduce": gettext("Reduce contacts"),
        "refine": gettext("Refine contacts"),
        "reuse": gettext("Reuse logged segment"),
        "follow_up": gettext("Follow-up segment"),
        "kept_back": gettext("Kept back"),
        "kept_from": gettext("Kept back from another segment"),
        "bring_back": gettext("Lines brought back"),
        "without": gettext("Step switched off"),
    }
    return names.get(step.kind, step.kind)


def step_url(segment_no: str, seq: int, *, anchor: bool = True) -> str:
    """The link to a step on the page Criteria, on whichever of its pages it stands."""
    return url_for("segment_steps.index", segment_no=segment_no, step=seq, _anchor=f"step-{seq}" if anchor else None)


class StepWords:
    """The steps of a segment for a page; what they name is asked for once."""

    def __init__(self, session: Session, segment: Segment, steps: Sequence[SegmentStep]) -> None:
        self.session = session
        self.segment = segment
        self.steps = steps
        self.filters = {step.id: json.loads(step.filters) for step in steps}
        self.options = {step.id: json.loads(step.options) for step in steps}
        numbers = (filters["contact"]["no"] for filters in self.filters.values() if filters.get("contact"))
        self.names = contact_names(session, numbers)
        self.off_by = switched_off(session, segment)

    def all(self) -> list[dict[str, Any]]:
        """Every step, oldest first."""
        return [self.one(step) for step in self.steps]

    def one(self, step: SegmentStep) -> dict[str, Any]:
        """A step in words: templates/segments/_steps.html says what it uses."""
        off_by = self.off_by.get(step.seq)
        signs = self._signs(step)
        return {
            "seq": step.seq,
            "url": step_url(self.segment.no, step.seq),
            "off_url": step_url(self.segment.no, off_by) if off_by is not None else "",
            "action": action_of(step),
            "sentence": self.sentence(step),
            "options": self.option_words(step),
            "results": [
                {"text": f"{sign}{format_number(n)}", "said": said, "url": url if off_by is None else ""}
                for sign, n, said, url in signs
            ],
            "skipped": ngettext("%(num)d skipped", "%(num)d skipped", step.skipped) if step.skipped else "",
            "skipped_url": url_for("segment_steps.skipped", segment_no=self.segment.no, seq=step.seq),
            "user": step.user_name,
            "at": step.at,
            "off_by": off_by,
            "may_switch": off_by is None and step.kind not in CANNOT_BE_SWITCHED_OFF,
        }

    def sentence(self, step: SegmentStep) -> str:
        """What the step asked for, or whom it meant."""
        filters, options = self.filters[step.id], self.options[step.id]
        parts = []
        if "criteria" in filters:
            parts.append(self._criteria(filters["criteria"]))
        if no := filters.get("contact", {}).get("no"):
            name = self.names.get(no)
            parts.append(f"{name} ({no})" if name else str(no))
        if "lines" in filters:
            parts.append(_lines(filters["lines"]))
        if "paste" in filters:
            parts += _pasted(filters["paste"])
            if filters["paste"].get("file"):
                parts.append(gettext("File %(name)s", name=filters["paste"]["file"]))
        if options.get("segment"):
            if step.source == "overlap":
                parts.append(gettext("Everybody on segment %(no)s", no=options["segment"]))
            else:
                parts.append(gettext("Segment %(no)s", no=options["segment"]))
        if step.kind == "follow_up" and (said := follow_up_words(options)):
            parts.append(said)
        if options.get("step"):
            parts.append(gettext("Step %(seq)s", seq=options["step"]))
        sources = {
            "line": gettext("on a line") if step.kind != "remove" else "",
            "list": gettext("in the list of lines") if step.kind == "remove" and not parts else "",
            "contacts": gettext("from the contact list"),
            "saved": gettext("from saved criteria"),
        }
        if said := sources.get(step.source):
            parts.append(said)
        return " · ".join(part for part in parts if part)

    def _criteria(self, stored: dict[str, Any]) -> str:
        try:
            return criteria_sentence(self.session, criteria_from_json(stored), actor())
        except RuleViolation as refusal:  # a field or list that was filtered by is gone
            return translate(refusal.message)

    def option_words(self, step: SegmentStep) -> list[str]:
        """The options that were on, and the reason of a pin."""
        options = self.options[step.id]
        names = {
            "allow_existing": gettext("Allow existing contacts"),
            "expand_companies": gettext("Expand companies"),
            "related_companies": gettext("Allow related companies"),
            "include_excluded": gettext("Include contacts excluded from segments"),
            "entire_companies": gettext("Entire companies"),
            "with_canceled": gettext("Cancelled interactions too"),
        }
        said = [name for key, name in names.items() if options.get(key)]
        if options.get("reason"):
            said.append(gettext("“%(text)s”", text=options["reason"]))
        return said

    def _signs(self, step: SegmentStep) -> list[tuple[str, int, str, str]]:
        """Plus and minus: sign, lines, the same in words, the page that lists them."""
        people = {
            side: url_for("segment_steps.people", segment_no=self.segment.no, seq=step.seq, side=side)
            for side in ("added", "removed", "returned")
        }
        kept_off = step.kind == "pin" and self.options[step.id]["pin"] != "in"
        if kept_off or step.kind in ("remove", "reduce", "refine", "kept_back"):
            side = "removed"
        elif step.kind == "bring_back":
            side = "returned"
        elif step.kind == "without":
            changed = ngettext("%(num)d line changed", "%(num)d lines changed", step.changed)
            return [("±", step.changed, changed, people["removed"])]
        else:
            side = "added"
        if step.kind == "pin" and not step.changed:
            return []
        said = {
            "added": ngettext("%(num)d line added", "%(num)d lines added", step.changed),
            "removed": ngettext("%(num)d line removed", "%(num)d lines removed", step.changed),
            "returned": ngettext("%(num)d line brought back", "%(num)d lines brought back", step.changed),
        }
        return [("−" if side == "removed" else "+", step.changed, said[side], people[side])]


def follow_up_words(options: dict[str, Any]) -> str:
    """Whom a follow-up is for: those with a certain outcome; '' for all."""
    if options.get("reply"):
        return gettext("Answer: %(outcome)s", outcome=str(REPLY_NAMES[options["reply"]]))
    if options.get("outcome") == "evaluation":
        words = ", ".join(str(EVALUATION_NAMES[key]) for key in options["evaluations"])
        return gettext("Evaluation: %(evaluation)s", evaluation=words)
    others = {
        "responded": gettext("Contacts who responded to the campaign"),
        "not_responded": gettext("Contacts who did not respond"),
        "delivery_failed": gettext("Contacts whom nothing could be delivered to"),
    }
    return others.get(options.get("outcome", ""), "")


def _lines(which: dict[str, str]) -> str:
    """The lines that were chosen by a filter of the worksheet."""
    said = []
    if which.get("search"):
        said.append(gettext("Lines with “%(text)s”", text=which["search"]))
    if which.get("chip") == "overrides":
        said.append(gettext("Lines with own values"))
    if which.get("chip") == "warnings":
        said.append(gettext("Lines with warnings"))
    if which.get("problem") in PROBLEM_WORDS:
        said.append(translate(PROBLEM_WORDS[which["problem"]][1]))
    return ", ".join(said) or gettext("All lines")


def _pasted(counts: dict[str, int]) -> list[str]:
    entries, several, missing = counts.get("entries", 0), counts.get("several", 0), counts.get("not_found", 0)
    said = [ngettext("%(num)d entry", "%(num)d entries", entries)]
    if missing:
        said.append(ngettext("%(num)d not found", "%(num)d not found", missing))
    if several:
        said.append(ngettext("%(num)d fits several contacts", "%(num)d fit several contacts", several))
    return [", ".join(said)]
