"""Home: what waits, what was done last, and what to do first in an empty office."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext, ngettext

from blueprints.web.actor import actor
from blueprints.web.database import reading
from blueprints.web.fragments import Answer, page
from blueprints.web.log_rows import entry_row, logged_row
from domain.accounts.actor import Actor
from domain.interactions.postpone import own_drafts
from domain.interactions.queries import latest_entries, recently_logged
from domain.segments.list_pages import latest_segments
from domain.segments.overview import Overview, month_of, overview
from domain.tasks.queries import MyTasks, my_tasks

bp = Blueprint("home", __name__)
SHOWN_POSTPONED = SHOWN_TASKS = 6


@bp.get("/")
def index() -> Answer:
    """The home page."""
    session, by = reading(), actor()
    counts = overview(session, by=by)
    tasks = my_tasks(session, limit=SHOWN_TASKS, by=by)
    logged = [logged_row(row) for row in recently_logged(session)]
    return page(
        "home/index.html",
        tiles=_tiles(counts, tasks, by),
        actions=_actions(by),
        segments=latest_segments(session),
        logged=logged,
        entries=[entry_row(row) for row in latest_entries(session, limit=8)],
        tasks=[_task(row, by) for row in tasks.rows],
        postponed=[_postponed(row, by) for row in own_drafts(session, limit=SHOWN_POSTPONED, by=by)],
        first_steps=_first_steps(counts, by) if not (counts.segments or logged) else [],
        counts=counts,
    )


def _tiles(counts: Overview, tasks: MyTasks, by: Actor) -> list[dict[str, Any]]:
    """The counters. Each leads to the list of exactly what it counts."""
    first, last = (day.isoformat() for day in month_of(by.today))
    tiles: list[dict[str, Any]] = [
        {"text": gettext("Contacts"), "n": counts.contacts, "url": url_for("contacts.index")},
        {"text": gettext("Active segments"), "n": counts.segments, "url": url_for("segments.index")},
    ]
    if counts.salesperson:
        mine = url_for("segments.index", salesperson=counts.salesperson)
        tiles.append({"text": gettext("My active segments"), "n": counts.own_segments, "url": mine})
        today, late = (url_for("tasks.index", whose="mine", due=due) for due in ("today", "late"))
        tiles.append({"text": gettext("My tasks today"), "n": tasks.today, "url": today})
        if tasks.late:
            tiles.append({"text": gettext("My tasks late"), "n": tasks.late, "url": late, "tone": "warn"})
    for status, text, n, tone in (
        ("to_print", gettext("Letters to print"), counts.to_print, ""),
        ("queued", gettext("E-mails queued"), counts.queued, ""),
        ("failed", gettext("E-mails with errors"), counts.failed, "warn"),
        ("uncertain", gettext("E-mails with uncertain outcome"), counts.uncertain, "warn"),
    ):
        url = url_for("interaction_log.index", status=status, canceled="no")
        if n or not tone:
            tiles.append({"text": text, "n": n, "url": url, "tone": tone})
    if counts.salesperson:
        query = {"salesperson": counts.salesperson, "from": first, "to": last, "canceled": "no"}
        url = url_for("interaction_log.index", **query)
        tiles.append({"text": gettext("My interactions this month"), "n": counts.own_interactions, "url": url})
    return tiles


def _task(row: Any, by: Actor) -> dict[str, Any]:
    """One of my tasks of today or late."""
    return {
        "date": row.date,
        "late": row.date < by.today,
        "description": row.description or row.contact_name,
        "contact": row.contact_name if row.description else "",
        "url": url_for("tasks.show", key=row.no),
    }


def _postponed(row: Any, by: Actor) -> dict[str, Any]:
    """One of my postponed interactions with its age."""
    days = (by.now - row.created_at).days
    return {
        "contact": row.contact_name or gettext("(no contact yet)"),
        "description": row.description or row.comment[:60],
        "age": ngettext("%(num)d day", "%(num)d days", days) if days > 0 else gettext("today"),
        "url": url_for("postponed.show", entry_no=row.entry_no),
    }


def _actions(by: Actor) -> list[dict[str, Any]]:
    return [
        {
            "label": gettext("New segment"),
            "url": url_for("segments.create"),
            "post": True,
            "icon": "plus",
            "kind": "primary",
            "key": "Alt+N",
            "show": by.may("edit segments"),
        },
        {
            "label": gettext("Create interaction"),
            "url": url_for("new_interaction.new", back=url_for("home.index")),
            "icon": "message-square",
            "key": "Alt+I",
            "show": by.may("create interactions"),
        },
        {
            "label": gettext("Import contacts"),
            "url": url_for("contact_imports.new"),
            "icon": "upload",
            "show": by.may("import contacts"),
        },
        {
            "label": gettext("New contact"),
            "url": url_for("contacts.new"),
            "icon": "user-plus",
            "show": by.may("edit contacts"),
        },
    ]


def _first_steps(counts: Overview, by: Actor) -> list[dict[str, Any]]:
    """What to do first while there is no segment; only what the role allows."""
    steps: list[dict[str, Any]] = []
    if by.may("change setup"):
        steps.append(
            {
                "title": gettext("Look through the setup"),
                "text": gettext("Company information, salespeople, salutations, number series"),
                "icon": "settings",
                "url": url_for("setup.index"),
            }
        )
    if not counts.contacts and by.may("import contacts"):
        steps.append(
            {
                "title": gettext("Import your contacts"),
                "text": gettext("From a CSV file: companies and persons, checked before anything is written"),
                "icon": "upload",
                "url": url_for("contact_imports.new"),
            }
        )
    if not counts.contacts and by.may("edit contacts"):
        steps.append(
            {
                "title": gettext("Make the first contact"),
                "text": gettext("A company or a person"),
                "icon": "user-plus",
                "url": url_for("contacts.new"),
            }
        )
    if not counts.contacts and by.may("change setup"):
        steps.append(
            {
                "title": gettext("Explore with the demo company"),
                "text": gettext("Contacts, segments and letters to try everything on; removed with one button"),
                "icon": "star",
                "url": url_for("demo.show"),
            }
        )
    if by.may("edit interaction templates"):
        steps.append(
            {
                "title": gettext("Look at the interaction templates"),
                "text": gettext("Letters and e-mails, one document per language"),
                "icon": "file-text",
                "url": url_for("interaction_templates.index"),
            }
        )
    if counts.contacts and by.may("edit segments"):
        steps.append(
            {
                "title": gettext("Create the first segment"),
                "text": gettext("A list of contacts and what they get: a letter, an e-mail, a call"),
                "icon": "layout-list",
                "post": url_for("segments.create"),
            }
        )
    return steps
