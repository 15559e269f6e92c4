"""Salespeople: list, new, edit, delete."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as lazy

from blueprints.setup.forms import SalespersonForm
from blueprints.web.actor import actor
from blueprints.web.cards import Card, Words
from blueprints.web.database import reading
from blueprints.web.fragments import Answer, page_or_fragment
from blueprints.web.listing import Column, listing
from domain.setup.models import Salesperson
from domain.setup.queries import get_salesperson_by_code, salesperson_list
from domain.setup.salespeople import FIELDS, create_salesperson, delete_salesperson, edit_salesperson
from domain.tasks.queries import TaskFilters, count_tasks

bp = Blueprint("salespeople", __name__, url_prefix="/setup/salespeople")


@bp.get("/")
def index() -> Answer:
    """Every salesperson."""
    by = actor()
    by.must_be_allowed("view")
    columns = [
        Column(gettext("Code"), lambda one: one.code, "code"),
        Column(gettext("Name"), lambda one: one.name, "name"),
        Column(gettext("Job title"), lambda one: one.job_title, "job-title"),
        Column(gettext("Phone No.")),
        Column(gettext("E-mail"), lambda one: one.email, "email"),
        Column(gettext("Status"), lambda one: one.blocked, "status"),
    ]
    rows = reading().scalars(salesperson_list(include_blocked=True))
    found = listing(rows, columns, search=lambda one: (one.code, one.name, one.job_title, one.phone, one.email))
    return page_or_fragment(
        "setup/salespeople.html", "setup/_salespeople.html", list=found, may_edit=by.may("change setup")
    )


def more(salesperson: Salesperson) -> dict[str, Any]:
    """Where interactions of a salesperson are shown and begun."""
    here = url_for("salespeople.show", key=salesperson.code)
    may_create = actor().may("create interactions") and not salesperson.blocked
    return {
        "create_url": url_for("new_interaction.new", salesperson=salesperson.code, back=here) if may_create else "",
        "log_url": url_for("interaction_log.index", salesperson=salesperson.code),
        "statistics_url": url_for("statistics.index", salesperson=salesperson.code),
        "open_tasks": count_tasks(reading(), TaskFilters(salesperson_id=salesperson.id, closed=False), by=actor()),
        "tasks_url": url_for("tasks.index", salesperson=salesperson.code),
        "postponed_url": url_for("postponed.index", salesperson=salesperson.code, whose="all"),
    }


Card(
    bp=bp,
    words=Words(
        things=lazy("Salespeople"),
        new=lazy("New salesperson"),
        create=lazy("Create salesperson"),
        created=lazy("The salesperson %(name)s was created."),
        changed=lazy("The salesperson %(name)s was changed."),
        deleted=lazy("The salesperson %(name)s was deleted."),
        delete=lazy("Delete the salesperson %(name)s?"),
        consequence=lazy(
            "A salesperson with contacts, segments, campaigns or interactions cannot be deleted: block them instead."
        ),
    ),
    form=SalespersonForm,
    fields=FIELDS,
    fields_template="setup/_salesperson_fields.html",
    get=get_salesperson_by_code,
    create=create_salesperson,
    edit=edit_salesperson,
    delete=delete_salesperson,
    title=lambda one: f"{one.code} {one.name}".strip(),
    template="setup/salesperson.html",
    more=more,
    crumbs=lambda: [(gettext("Setup"), url_for("setup.index")), (gettext("Salespeople"), url_for("salespeople.index"))],
).register()
