"""The action bar of the worksheet."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext

from blueprints.web.shell import may

RIGHTS = ("log segments", "edit segments", "print letters", "edit classification", "export contacts", "create tasks")


def rights() -> list[str]:
    """Which rights of the signed-in user the action bar depends on."""
    return [right for right in RIGHTS if may(right)]


def actions(no: str, steps: int, *, rights: list[str], has_template: bool) -> list[Any]:
    """The action bar of the open segment `no`, for somebody with these `rights` (kept: no user here)."""
    return [
        {
            "label": gettext("Log…"),
            "url": url_for("segment_log.show", segment_no=no),
            "icon": "send",
            "kind": "primary",
            "key": "F9",
            "show": "log segments" in rights,
        },
        "-",
        {
            "label": gettext("Add contacts…"),
            "url": url_for("segment_criteria.show", segment_no=no, kind="add"),
            "icon": "user-plus",
            "dialog": True,
            "show": "edit segments" in rights,
        },
        {
            "label": gettext("Reduce contacts…"),
            "url": url_for("segment_criteria.show", segment_no=no, kind="reduce"),
            "icon": "user-minus",
            "dialog": True,
            "low": 2,
            "show": "edit segments" in rights,
        },
        {
            "label": gettext("Refine contacts…"),
            "url": url_for("segment_criteria.show", segment_no=no, kind="refine"),
            "icon": "list-filter",
            "dialog": True,
            "low": 2,
            "show": "edit segments" in rights,
        },
        {
            "label": gettext("Paste contacts…"),
            "url": url_for("segment_paste.new", segment_no=no),
            "icon": "clipboard-paste",
            "dialog": True,
            "low": 1,
            "show": "edit segments" in rights,
        },
        {
            "label": gettext("Go back"),
            "url": url_for("segment_steps.go_back", segment_no=no),
            "icon": "undo-2",
            "post": True,
            "fields": {"seq": steps},
            "target": "#lines",
            "show": bool(steps) and "edit segments" in rights,
        },
        "-",
        {
            "label": gettext("Letters"),
            "icon": "file-text",
            "show": "print letters" in rights,
            "items": [
                {
                    "label": gettext("Print file"),
                    "url": url_for("letter_files.ask_of_segment", segment_no=no, what="print"),
                    "icon": "printer",
                    "dialog": True,
                },
                {
                    "label": gettext("One file per contact (ZIP)"),
                    "url": url_for("letter_files.ask_of_segment", segment_no=no, what="zip"),
                    "icon": "file-archive",
                    "dialog": True,
                },
                {
                    "label": gettext("Segment interaction languages"),
                    "url": url_for("segment_languages.index", segment_no=no),
                    "icon": "languages",
                    "dialog": True,
                },
            ],
        },
        {"label": gettext("Criteria"), "icon": "list-checks", "low": 1, "items": criteria_items(no, steps, rights)},
        {
            "label": gettext("Contacts"),
            "icon": "users",
            "low": 2,
            "items": _contact_items(no, rights),
            "show": "edit classification" in rights or "export contacts" in rights,
        },
        {"label": gettext("Tasks"), "icon": "clipboard-list", "low": 2, "items": _task_items(no, rights)},
        {
            "label": gettext("Change number…"),
            "url": url_for("segment_number.show", segment_no=no),
            "icon": "hash",
            "dialog": True,
            "low": "menu",
            "show": "edit segments" in rights,
        },
        {
            "label": gettext("Read template again"),
            "url": url_for("segments.read_again", segment_no=no),
            "icon": "refresh-cw",
            "post": True,
            "low": 2,
            "show": has_template and "edit segments" in rights,
        },
        {
            "label": gettext("Delete…"),
            "url": url_for("segments.confirm_delete", segment_no=no),
            "icon": "trash-2",
            "kind": "danger",
            "dialog": True,
            "low": "menu",
            "show": "edit segments" in rights,
        },
    ]


def criteria_items(no: str, steps: int, rights: list[str]) -> list[Any]:
    """What can be done with the steps of a segment."""
    may_edit = "edit segments" in rights
    return [
        {
            "label": gettext("Criteria"),
            "url": url_for("segment_steps.index", segment_no=no),
            "icon": "list-checks",
        },
        {
            "label": gettext("Save criteria…"),
            "url": url_for("save_criteria.new", segment_no=no),
            "icon": "save",
            "dialog": True,
            "show": bool(steps) and may_edit,
        },
        {
            "label": gettext("Reuse criteria…"),
            "url": url_for("segment_reuse.choose", segment_no=no, what="criteria"),
            "icon": "repeat",
            "dialog": True,
            "show": may_edit,
        },
        {
            "label": gettext("Reuse logged segment…"),
            "url": url_for("segment_reuse.choose", segment_no=no, what="logged"),
            "icon": "archive-restore",
            "dialog": True,
            "show": may_edit,
        },
        {"label": gettext("Overlap"), "url": url_for("segment_overlap.show", segment_no=no), "icon": "users-round"},
    ]


def _task_items(no: str, rights: list[str]) -> list[Any]:
    return [
        {
            "label": gettext("Create tasks…"),
            "url": url_for("segment_tasks.ask", segment_no=no),
            "icon": "plus",
            "dialog": True,
            "show": "create tasks" in rights and "edit segments" in rights,
        },
        {
            "label": gettext("Tasks of this segment"),
            "url": url_for("tasks.index", segment=no, status="all"),
            "icon": "clipboard-list",
        },
    ]


def _contact_items(no: str, rights: list[str]) -> list[Any]:
    """What can be done with the contacts of a segment."""
    return [
        {
            "label": gettext("Apply mailing group…"),
            "url": url_for("segment_mailing_group.new", segment_no=no),
            "icon": "mail",
            "dialog": True,
            "show": "edit classification" in rights,
        },
        {
            "label": gettext("Export contacts…"),
            "url": url_for("segment_export.show", segment_no=no),
            "icon": "download",
            "dialog": True,
            "show": "export contacts" in rights,
        },
    ]
