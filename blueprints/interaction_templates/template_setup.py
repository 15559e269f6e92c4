"""Interaction template setup: which template calls, e-mails and cover sheets get (segments.md 1.16)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext

from blueprints.interaction_templates.forms import TemplateSetupForm
from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, go_to, page_or_fragment
from domain.errors import Conflict
from domain.interaction_templates.groups import RIGHT
from domain.interaction_templates.models import InteractionTemplateSetup
from domain.interaction_templates.queries import template_list
from domain.interaction_templates.template_setup import FIELDS, edit_template_setup, template_setup, without_documents

bp = Blueprint("template_setup", __name__, url_prefix="/setup/interaction-templates")


@bp.get("/")
def show() -> Answer:
    """The choices."""
    actor().must_be_allowed("view")
    return show_form(TemplateSetupForm(formdata=None, data=values_of(template_setup(reading()))))


@bp.post("/")
def update() -> Answer:
    """Changes what the user changed (B26)."""
    by = actor()
    by.must_be_allowed(RIGHT)
    form, status = TemplateSetupForm(), 422
    set_choices(form)
    if form.validate():
        try:
            with form.reporting():
                with transaction() as session:
                    edit_template_setup(session, form.changes(values_of(template_setup(session))), by=by)
                return go_to(url_for(".show"), gettext("Interaction template setup was changed."), "ok")
        except Conflict:
            if not form.stored_now:
                raise
            status = 409
    return show_form(form, status)


def values_of(setup: InteractionTemplateSetup) -> dict[str, Any]:
    """What the form shows."""
    return {name: getattr(setup, name) for name in FIELDS}


def set_choices(form: TemplateSetupForm) -> None:
    """Templates without document, and none."""
    chosen = set(values_of(template_setup(reading())).values())
    templates = list(reading().scalars(template_list()))
    usable = without_documents(templates)
    offered = [one for one in templates if one in usable or one.id in chosen]
    choices = [("", gettext("(none)")), *((one.id, f"{one.code} {one.description}".strip()) for one in offered)]
    for name in FIELDS:
        form[name].choices = choices


def show_form(form: TemplateSetupForm, status: int = 200) -> Answer:
    """The page, or for HTMX the form."""
    set_choices(form)
    return page_or_fragment(
        "interaction_templates/setup.html",
        "interaction_templates/_setup_form.html",
        status,
        form=form,
        names=FIELDS,
        may_edit=actor().may(RIGHT),
    )
