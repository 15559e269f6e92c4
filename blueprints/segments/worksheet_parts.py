"""What the kept parts of the worksheet show besides their values (blueprints/web/kept.py): no request and no user here."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext

from blueprints.segments.worksheet_actions import actions
from blueprints.web.formats import format_money, format_number
from blueprints.web.words import CORRESPONDENCE_TYPE_NAMES


def action_bar(no: str, steps: int, rights: list[str], has_template: bool, **_: Any) -> dict[str, Any]:
    """Values for _actions_bar.html."""
    return {"actions": actions(no, steps, rights=rights, has_template=has_template)}


def line_columns(no: str, sort: str, kept: dict[str, str], q: str, **_: Any) -> dict[str, Any]:
    """Values for _lines_table.html: the heads of the columns, each with the address that sorts by it."""
    labels = (
        ("no", gettext("No."), "c-no", None),
        ("contact", gettext("Contact"), "c-name", "th-contact"),
        ("company", gettext("Company name"), "c-co", "th-company"),
        ("template", gettext("Template"), "c-tpl", "th-template"),
        ("description", gettext("Description"), "c-desc", "th-description"),
        ("type", gettext("Corr. type"), "c-corr", "th-correspondence_type"),
        ("language", gettext("Language"), "c-lang", "th-language"),
        ("date", gettext("Date"), "c-date", "th-date"),
    )
    columns = []
    for name, label, cls, identity in labels:
        current = {name: "asc", f"-{name}": "desc"}.get(sort)
        following = f"-{name}" if current == "asc" else name
        url = url_for("segments.show", segment_no=no, **{**kept, "sort": following, **({"q": q} if q else {})})
        columns.append({"label": label, "cls": cls, "id": identity, "sort": current, "url": url})
    return {"columns": columns}


def line_chips(no: str, chip: str, sort: str, counted: list[int | None], **_: Any) -> dict[str, Any]:
    """Values for _chips_row.html. `counted`: lines, lines with own values, lines with a warning."""
    entries = (
        ("all", gettext("All")),
        ("overrides", gettext("Overrides")),
        ("warnings", gettext("Warnings")),
    )
    return {
        "chips": [
            {
                "label": label,
                "count": n,
                "current": chip == name,
                "url": url_for("segments.show", segment_no=no, chip=name if name != "all" else None, sort=sort or None),
            }
            for (name, label), n in zip(entries, counted, strict=True)
        ]
    }


def line_totals(totals: dict[str, Any] | None, **_: Any) -> dict[str, Any]:
    """Values for _statusbar_text.html and _overview_text.html, from the plain figures of `Totals`."""
    if totals is None:
        return {"totals": None}
    types, languages, duration = totals["types"], totals["languages"], totals["duration"]
    return {
        "totals": {
            "types": [(str(CORRESPONDENCE_TYPE_NAMES[kind]) or gettext("(blank)"), n) for kind, n in types.items()],
            "languages": [(code or gettext("(blank)"), n) for code, n in languages.items()],
            "cost": format_money(totals["cost"]) if totals["cost"] else "",
            "duration": gettext("%(minutes)s min.", minutes=format_number(duration)) if duration else "",
        }
    }
