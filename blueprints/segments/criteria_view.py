"""What the pages of Add, Reduce and Refine show: the fields of the form, the preview, the report."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext
from sqlalchemy import Row
from sqlalchemy.orm import Session

from blueprints.segments.criteria_form import MOST_ALTERNATIVES, Block, CriteriaForm
from blueprints.segments.criteria_words import HAS_NO
from blueprints.web.filters import filter_choices, filter_example
from blueprints.web.formats import format_number
from blueprints.web.languages import translate
from domain.messages import Message, say
from domain.segments.criteria_groups import GROUPS
from domain.segments.list_job import told as told_of_step
from domain.segments.preview import Preview

FATES: dict[str, Message] = {
    "new": say("New"),
    "present": say("On the list already"),
    "excluded": say("Excluded from segments"),
    "blocked": say("Blocked for privacy"),
    "pinned_out": say("Pinned out of the list"),
    "goes": say("Goes"),
    "stays": say("Stays"),
    "pinned_in": say("Pinned to the list"),
}
"""What happens to somebody, and why."""
TONES = {"new": "ok", "goes": "warn"}


def form_context(session: Session, form: CriteriaForm) -> dict[str, Any]:
    """Values for the fields: alternatives with their groups, the lists to pick from."""
    choices: dict[str, list[tuple[str, str]]] = {}
    for group, table in GROUPS.items():
        for key in {key for block in form.blocks for key in block.shown(group)}:
            if (group, key) != ("profile_answer", "line_no") and (found := filter_choices(session, table.fields[key])):
                choices[f"choices-{group}-{key}"] = found
    return {
        "blocks": [_block(form, block, choices) for block in form.blocks],
        "choices": choices,
        "errors": form.errors,
        "may_add": len(form.blocks) < MOST_ALTERNATIVES,
    }


def _block(form: CriteriaForm, block: Block, choices: dict[str, Any]) -> dict[str, Any]:
    groups = []
    for group, table in GROUPS.items():
        shown = block.shown(group)
        others = sorted(
            ((one.key, translate(one.label)) for one in table if one.key not in shown),
            key=lambda pair: pair[1].casefold(),
        )
        groups.append(
            {
                "key": group,
                "label": translate(table.label),
                "fields": [_field(form, block, group, key, choices) for key in shown],
                "others": others,
                "prefix": f"a{block.number}-{group}",
                "absent": group in block.absent,
                "absent_label": translate(HAS_NO[group]),
                "open": group == "contact" or form.group_is_used(block, group),
                "used": form.group_is_used(block, group),
                "questions": _questions(form, block) if group == "profile_answer" else [],
            }
        )
    return {"number": block.number, "groups": groups, "new": block.is_new}


def _field(form: CriteriaForm, block: Block, group: str, key: str, choices: dict[str, Any]) -> dict[str, Any]:
    field = GROUPS[group].fields[key]
    name, options = block.name(group, key), f"choices-{group}-{key}"
    return {
        "name": name,
        "label": translate(field.label),
        "text": block.text(group, key),
        "error": form.errors.get(name, ""),
        "note": form.notes.get(name, ""),
        "example": filter_example(field),
        "list": options if options in choices else None,
        "added": block.added == (group, key),
    }


def _questions(form: CriteriaForm, block: Block) -> list[dict[str, Any]]:
    """The questions of all questionnaires with their answers, those that are ticked open."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for code, question, line_no, answer in form.offered:
        value = f"{code}:{line_no}"
        one = {"value": value, "label": answer, "ticked": value in block.answers}
        found.setdefault((code, question), []).append(one)
    return [
        {"code": code, "question": question, "answers": answers, "ticked": sum(one["ticked"] for one in answers)}
        for (code, question), answers in found.items()
    ]


def preview_context(preview: Preview, sentence: str) -> dict[str, Any]:
    """Values for the preview: what is asked for, the numbers, the first people."""
    return {
        "sentence": sentence,
        "counted": counted(preview.counts),
        "people": [person(row) for row in preview.people],
        "nobody": not preview.total,
    }


def counted(counts: dict[str, int]) -> list[tuple[str, str]]:
    """ "+38 new", "4 already there", "2 excluded", "1 blocked": tone and text of each number."""
    words = {
        "new": lambda n: ngettext("+%(num)d new", "+%(num)d new", n),
        "present": lambda n: ngettext("%(num)d already there", "%(num)d already there", n),
        "excluded": lambda n: ngettext("%(num)d excluded", "%(num)d excluded", n),
        "blocked": lambda n: ngettext("%(num)d blocked", "%(num)d blocked", n),
        "pinned_out": lambda n: ngettext("%(num)d pinned out", "%(num)d pinned out", n),
        "goes": lambda n: ngettext("%(num)d goes", "%(num)d go", n),
        "stays": lambda n: ngettext("%(num)d stays", "%(num)d stay", n),
        "pinned_in": lambda n: ngettext("%(num)d pinned", "%(num)d pinned", n),
    }
    first = ("new",) if "goes" not in counts and "stays" not in counts else ("goes", "stays")
    return [
        (TONES.get(fate, ""), text(counts.get(fate, 0)))
        for fate, text in words.items()
        if counts.get(fate) or (fate in first and counts)
    ]


def person(row: Row[Any]) -> dict[str, str]:
    """One of the first people: who, and what happens."""
    fate = row._mapping.get("fate") or row._mapping.get("reason")
    return {
        "no": row.no or "",
        "name": row.name or gettext("(no contact)"),
        "company": row.company_name if row.company_name and row.company_name != row.name else "",
        "city": row._mapping.get("city") or "",
        "fate": translate(FATES[fate]) if fate in FATES else str(fate),
        "tone": TONES.get(fate, ""),
        "url": url_for("contacts.show", no=row.no) if row.no else "",
    }


def told(kind: str, found: int, changed: int, skipped: int) -> str:
    """ "217 found, 212 added, 5 skipped"."""
    return translate(told_of_step(kind, *map(format_number, (found, changed, skipped))))
