"""Tasks: list, new, card, delete."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as lazy
from sqlalchemy.orm import Session

from blueprints.tasks import task_list
from blueprints.tasks.forms import TaskForm
from blueprints.web.actor import actor
from blueprints.web.cards import Card, Words
from blueprints.web.database import reading
from blueprints.web.forms import Form
from blueprints.web.fragments import Answer, page
from blueprints.web.languages import translate
from blueprints.web.log_rows import entry_row
from blueprints.web.typed import named
from blueprints.web.words import TASK_STATUS_NAMES
from domain.accounts.actor import Actor
from domain.campaigns.queries import find_campaign
from domain.contacts.models import Contact
from domain.contacts.queries import find_contact
from domain.interactions.entries import get_entry
from domain.messages import Message
from domain.segments.list_pages import look_up_segments
from domain.segments.queries import find_segment
from domain.setup.numbers import number_warning
from domain.setup.queries import salesperson_list
from domain.tasks.models import COMPLETED, PHONE_CALL, Task
from domain.tasks.queries import drafts_of_task, entries_of_task, get_task
from domain.tasks.tasks import FIELDS, create_task, date_warning, delete_task, edit_task, is_own, refuse_blocked

bp = Blueprint("tasks", __name__, url_prefix="/tasks")
bp.add_url_rule("/", "index", task_list.index, methods=["GET"])
SHOWN_INTERACTIONS = 20


@bp.get("/look-up/segments")
def look_up() -> Answer:
    """Segments while typing."""
    actor().must_be_allowed("view")
    found = look_up_segments(reading(), request.args.get("q", "")[:100])
    options = [
        {"value": one.no, "label": one.no, "text": one.description, "shown": named(one.no, one.description)}
        for one in found
    ]
    count = ngettext("%(num)d choice", "%(num)d choices", len(options)) if options else gettext("No choices")
    return page("shared/_lookup_options.html", options=options, count=count)


def new_values() -> dict[str, Any]:
    """What a new task begins with: the day, and the contact, segment, campaign or log entry it was asked for from."""
    session, by = reading(), actor()
    asked = {name: request.args.get(name, "").replace("\x00", "")[:100] for name in ("contact", "segment", "campaign")}
    contact = find_contact(session, asked["contact"])
    segment, campaign = find_segment(session, asked["segment"]), find_campaign(session, asked["campaign"])
    values: dict[str, Any] = {
        "date": by.work_date,
        "status": "not_started",
        "priority": "normal",
        "type": "",
        "contact_id": contact.id if contact is not None else None,
        "segment_id": segment.id if segment is not None else None,
        "campaign_id": campaign.id if campaign is not None else segment.campaign_id if segment is not None else None,
        "salesperson_id": by.salesperson_id,
    }
    if (text := request.args.get("entry", "")) and text.isdecimal() and len(text) < 19:
        entry = get_entry(session, int(text))
        values |= {"contact_id": entry.contact_id, "campaign_id": entry.campaign_id}
        values["salesperson_id"] = entry.salesperson_id or by.salesperson_id
    chosen = session.get(Contact, values["contact_id"]) if values["contact_id"] is not None else None
    if chosen is not None:
        refuse_blocked(session, chosen)
        values["salesperson_id"] = values["salesperson_id"] or chosen.salesperson_id
    return values


def set_choices(form: Form, task: Task | None) -> None:
    """Statuses; salespeople who are not blocked, and the one who is proposed or kept. A new task is not completed."""
    session = reading()
    kept = {task.salesperson_id} if task is not None else {form["salesperson_id"].data, actor().salesperson_id}
    people = [
        one for one in session.scalars(salesperson_list(include_blocked=True)) if not one.blocked or one.id in kept
    ]
    form["salesperson_id"].choices = [
        ("", gettext("(none)")),
        *((one.id, f"{one.code} {one.name}".strip()) for one in people),
    ]
    form["status"].choices = [
        (key, text) for key, text in TASK_STATUS_NAMES.items() if task is not None or key != COMPLETED
    ]


def edit(session: Session, task: Task, *, changes: dict[str, Any], by: Actor) -> Task:
    """Changes fields. Completed is asked about on the page that comes next."""
    if changes.get("status") == COMPLETED:
        changes = {name: value for name, value in changes.items() if name != "status"}
    edited = edit_task(session, task, changes=changes, by=by)
    warning = date_warning(edited, by=by) if "date" in changes else None
    if warning is not None:
        flash(translate(warning), "warn")
    return edited


def after(task: Task) -> str:
    """The card; when the task is to be completed, the question about an interaction."""
    closing = request.form.get("status") == COMPLETED and not task.closed
    return url_for("task_closing.ask" if closing else "tasks.show", key=task.no)


def warning(session: Session, task: Task) -> Message | None:
    """What to say about a new task."""
    return date_warning(task, by=actor()) or number_warning(session, task.number_series_id, task.no)


def more(task: Task) -> dict[str, Any]:
    """What can be done with a task, and the interactions registered for it."""
    session, by = reading(), actor()
    own = is_own(task, by=by)
    may_edit, here = by.may("edit tasks", own=own), url_for("tasks.show", key=task.no)
    may_interact = by.may("create interactions") and not (task.contact is not None and task.contact.privacy_blocked)
    return {
        "task": task,
        "entries": [entry_row(row) for row in entries_of_task(session, task, limit=SHOWN_INTERACTIONS)],
        "drafts": drafts_of_task(session, task) if may_interact else [],
        "actions": [
            {
                "label": gettext("Close task…"),
                "icon": "check",
                "kind": "primary",
                "key": "F9",
                "url": url_for("task_closing.ask", key=task.no),
                "dialog": True,
                "show": may_edit and not task.closed,
            },
            {
                "label": gettext("Create interaction"),
                "icon": "plus",
                "key": "Alt+I",
                "url": url_for("new_interaction.new", task=task.no, back=here),
                "show": may_interact,
            },
            {
                "label": gettext("Make phone call"),
                "icon": "phone",
                "url": url_for("calls.of_task", no=task.no, back=here),
                "show": may_interact and task.contact is not None,
                "kind": "primary" if task.type == PHONE_CALL and task.closed else "",
            },
            {
                "label": gettext("Reopen"),
                "icon": "undo-2",
                "url": url_for("task_closing.reopen", key=task.no),
                "post": True,
                "show": may_edit and task.closed,
            },
            {
                "label": gettext("Cancel task…"),
                "icon": "ban",
                "url": url_for("task_closing.ask_cancel", key=task.no),
                "dialog": True,
                "show": may_edit and not task.closed,
            },
            {
                "label": gettext("Delete"),
                "icon": "trash-2",
                "kind": "danger",
                "url": url_for("tasks.ask_delete", key=task.no),
                "dialog": True,
                "show": task.canceled and by.may("delete tasks"),
            },
        ],
    }


Card(
    bp=bp,
    words=Words(
        things=lazy("Tasks"),
        new=lazy("New task"),
        create=lazy("Create task"),
        created=lazy("The task %(name)s was created."),
        changed=lazy("The task %(name)s was changed."),
        deleted=lazy("The task %(name)s was deleted."),
        delete=lazy("Delete the task %(name)s?"),
        consequence=lazy("Only cancelled tasks can be deleted. Interactions registered for it stay in the log."),
    ),
    form=TaskForm,
    fields=FIELDS,
    fields_template="tasks/_fields.html",
    template="tasks/show.html",
    get=get_task,
    create=create_task,
    edit=edit,
    delete=delete_task,
    right="edit tasks",
    new_right="create tasks",
    delete_right="delete tasks",
    own=lambda task: is_own(task, by=actor()),
    editable=lambda task: not task.closed,
    after=after,
    key=lambda one: str(one.no),
    title=lambda one: f"{one.no} {one.description}".strip(),
    new_values=new_values,
    prepare=set_choices,
    more=more,
    warning=warning,
    crumbs=lambda: [(gettext("Tasks"), url_for("tasks.index"))],
).register()
