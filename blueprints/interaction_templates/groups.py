"""Interaction groups: list, new, edit, delete."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext, ngettext

from blueprints.interaction_templates.forms import GroupForm
from blueprints.interaction_templates.places import interaction_log_url
from blueprints.interaction_templates.where_used import group_places
from blueprints.web.actor import actor
from blueprints.web.cards import ask
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, close_dialog, go_to, page, page_or_fragment, wants_fragment
from domain.errors import Conflict, RuleViolation
from domain.interaction_templates.groups import RIGHT, create_group, delete_group, edit_group
from domain.interaction_templates.models import InteractionGroup
from domain.interaction_templates.queries import get_group, group_list, template_counts
from domain.interactions.template_figures import figures_by_group
from domain.interactions.totals import InteractionFigures

bp = Blueprint("interaction_groups", __name__, url_prefix="/interaction-groups")

FIELDS = ("code", "description")


@bp.get("/")
def index() -> Answer:
    """Every group with its counts."""
    return page("interaction_templates/groups.html", rows=rows())


@bp.get("/new")
def new() -> Answer:
    """The dialog for a new group."""
    actor().must_be_allowed(RIGHT)
    return show_dialog(GroupForm(formdata=None), None)


@bp.post("/")
def create() -> Answer:
    """Makes a group."""
    form = GroupForm()
    actor().must_be_allowed(RIGHT)
    if form.validate():
        with form.reporting():
            with transaction() as session:
                create_group(session, code=form.code.data, description=form.description.data, by=actor())
            return done()
    return show_dialog(form, None, 422)


@bp.get("/<known:code>/edit")
def edit(code: str) -> Answer:
    """The dialog to change a group."""
    actor().must_be_allowed(RIGHT)
    group = get_group(reading(), code)
    return show_dialog(GroupForm(formdata=None, data=values_of(group)), group)


@bp.post("/<known:code>/")
def update(code: str) -> Answer:
    """Changes what the user changed (B26)."""
    actor().must_be_allowed(RIGHT)
    form, status = GroupForm(), 422
    if form.validate():
        try:
            with form.reporting():
                with transaction() as session:
                    group = get_group(session, code)
                    edit_group(session, group, form.changes(values_of(group)), by=actor())
                return done()
        except Conflict:
            if not form.stored_now:
                raise
            status = 409
    return show_dialog(form, get_group(reading(), code), status)


@bp.get("/<known:code>/delete")
def ask_delete(code: str) -> Answer:
    """What deleting a group means, or where it is used."""
    actor().must_be_allowed(RIGHT)
    return show_question(get_group(reading(), code))


def show_question(group: InteractionGroup, status: int = 200) -> Answer:
    """The question; a statement when the group is used."""
    places = group_places(reading(), group)
    return ask(
        gettext("The interaction group %(code)s cannot be deleted", code=group.code)
        if places
        else gettext("Delete the interaction group %(code)s?", code=group.code),
        gettext("It is used here:") if places else gettext("No interaction template belongs to it."),
        status=status,
        submit=None if places else gettext("Delete"),
        danger=True,
        points=places,
        action=None if places else url_for("interaction_groups.delete", code=group.code),
        cancel=url_for("interaction_groups.index"),
    )


@bp.post("/<known:code>/delete")
def delete(code: str) -> Answer:
    """Deletes a group nothing belongs to; one that is used by now is kept, and where is said."""
    try:
        with transaction() as session:
            delete_group(session, get_group(session, code), by=actor())
    except RuleViolation:
        return show_question(get_group(reading(), code), 422)
    return done()


def values_of(group: InteractionGroup) -> dict[str, Any]:
    """What the form shows of a group."""
    return {name: getattr(group, name) for name in FIELDS}


def done() -> Answer:
    """The dialog closes and the list is shown anew."""
    if wants_fragment():
        return close_dialog("interaction_templates/_groups.html", rows=rows())
    return go_to(url_for("interaction_groups.index"))


def show_dialog(form: GroupForm, group: InteractionGroup | None, status: int = 200) -> Answer:
    """The dialog of a new group, or of one that is there."""
    title = (
        gettext("Interaction group %(code)s", code=group.code)
        if group is not None
        else gettext("New interaction group")
    )
    partial = "interaction_templates/_group_dialog.html"
    return page_or_fragment(
        "shared/dialog_page.html", partial, status, partial=partial, title=title, form=form, group=group
    )


def rows() -> list[dict[str, Any]]:
    """The groups as the list shows them, in a handful of statements."""
    session = reading()
    templates, figures = template_counts(session), figures_by_group(session)
    found = []
    for group in session.scalars(group_list()):
        figure = figures.get(group.id, InteractionFigures())
        number = templates.get(group.id, 0)
        found.append(
            {
                "code": group.code,
                "description": group.description,
                "templates": ngettext("%(num)d template", "%(num)d templates", number),
                "templates_url": url_for("interaction_templates.index", group=group.code),
                "figures": figure,
                "log_url": interaction_log_url(group=group.code, canceled="no"),
            }
        )
    return found
