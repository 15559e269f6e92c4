"""Interaction templates: list, new, card, delete, and the page of merge fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext

from blueprints.interaction_templates.field_notes import NOTES
from blueprints.interaction_templates.forms import TemplateForm
from blueprints.interaction_templates.places import interaction_log_url
from blueprints.interaction_templates.where_used import template_places
from blueprints.web.actor import actor
from blueprints.web.cards import ask
from blueprints.web.database import reading, transaction
from blueprints.web.fields import MeaningField
from blueprints.web.fragments import Answer, go_to, page, page_or_fragment
from blueprints.web.words import (
    CORRESPONDENCE_TYPE_NAMES,
    INFORMATION_FLOW_NAMES,
    INITIATED_BY_NAMES,
    WIZARD_ACTION_NAMES,
    choices,
)
from domain.campaigns.queries import campaign_list
from domain.errors import Conflict, RuleViolation
from domain.filters.tree import quoted
from domain.interaction_templates.groups import RIGHT
from domain.interaction_templates.models import InteractionTemplate
from domain.interaction_templates.queries import (
    correspondence_types,
    find_group,
    get_template,
    group_list,
    template_languages,
    template_list,
)
from domain.interaction_templates.templates import create_template, delete_template, edit_template
from domain.interactions.template_figures import LanguageFigures, figures_by_language, figures_by_template
from domain.interactions.totals import InteractionFigures, added
from domain.letters.merge_fields import FIELDS as MERGE_FIELDS
from domain.letters.pdf import find_soffice
from domain.letters.upload import report_of
from domain.setup.queries import language_list

bp = Blueprint("interaction_templates", __name__, url_prefix="/interaction-templates")

FIELDS = (
    "code",
    "description",
    "group_id",
    "correspondence_type",
    "ignore_contact_type",
    "language_id",
    "wizard_action",
    "information_flow",
    "initiated_by",
    "campaign_id",
    "campaign_target",
    "campaign_response",
)


@bp.get("/")
def index() -> Answer:
    """Interaction templates; `q` searches, `group` keeps one group."""
    session = reading()
    search = request.args.get("q", "").strip()[:200]
    groups = list(session.scalars(group_list()))
    group = find_group(session, request.args.get("group", ""))
    found = list(session.scalars(template_list(search=search, group=group)).unique())
    figures = figures_by_template(session)
    rows = [row_of(template, figures.get(template.id, InteractionFigures())) for template in found]
    keep = {"group": group.code if group else ""}
    chips = [{"label": gettext("All"), "url": url_for(".index", q=search or None), "current": group is None}]
    chips += [
        {"label": one.code, "url": url_for(".index", group=one.code, q=search or None), "current": one is group}
        for one in groups
    ]
    return page("interaction_templates/index.html", rows=rows, search=search, chips=chips, keep=keep)


@bp.get("/new")
def new() -> Answer:
    """The page for a new template; in a list of one group that group is proposed (1.9)."""
    actor().must_be_allowed(RIGHT)
    group = find_group(reading(), request.args.get("group", ""))
    return show_new(TemplateForm(formdata=None, data={"group_id": group.id if group else None}))


@bp.post("/")
def create() -> Answer:
    """Makes a template."""
    form = TemplateForm()
    actor().must_be_allowed(RIGHT)
    if form.validate():
        with form.reporting():
            with transaction() as session:
                values = {name: form[name].data for name in FIELDS} | meanings(form)
                template = create_template(session, values=values, by=actor())
            return go_to(url_for(".show", code=template.code))
    return show_new(form, 422)


@bp.get("/fields")
def fields() -> Answer:
    """The merge fields to copy from: our tag and the names in three languages."""
    return page("interaction_templates/fields.html", fields=MERGE_FIELDS, notes=NOTES)


@bp.get("/<known:code>/")
def show(code: str) -> Answer:
    """The card of a template."""
    template = get_template(reading(), code)
    return show_template(template, TemplateForm(formdata=None, data=values_of(template)))


@bp.post("/<known:code>/")
def update(code: str) -> Answer:
    """Changes what the user changed (B26)."""
    actor().must_be_allowed(RIGHT)
    form, status = TemplateForm(), 422
    if form.validate():
        try:
            with form.reporting():
                with transaction() as session:
                    template = get_template(session, code)
                    changes = form.changes(values_of(template))
                    changes |= {name: value for name, value in meanings(form).items() if name in changes}
                    edit_template(session, template, changes, by=actor())
                return go_to(url_for(".show", code=template.code), gettext("The changes were saved."), "ok")
        except Conflict:
            if not form.stored_now:
                raise
            status = 409
    return show_template(get_template(reading(), code), form, status)


@bp.get("/<known:code>/delete")
def ask_delete(code: str) -> Answer:
    """What deleting a template means, or where it is used."""
    actor().must_be_allowed(RIGHT)
    return show_question(get_template(reading(), code))


def show_question(template: InteractionTemplate, status: int = 200) -> Answer:
    """The question; a statement when the template is used."""
    places = template_places(reading(), template)
    code = template.code
    return ask(
        gettext("The interaction template %(code)s cannot be deleted", code=code)
        if places
        else gettext("Delete the interaction template %(code)s?", code=code),
        gettext("It is used here:") if places else gettext("Its languages and subjects go too."),
        status=status,
        submit=None if places else gettext("Delete"),
        danger=True,
        points=places,
        action=None if places else url_for(".delete", code=code),
        cancel=url_for(".show", code=code),
    )


@bp.post("/<known:code>/delete")
def delete(code: str) -> Answer:
    """Deletes a template nothing uses; one that is used by now is kept, and where is said."""
    try:
        with transaction() as session:
            template = get_template(session, code)
            gone = template.code
            delete_template(session, template, by=actor())
    except RuleViolation:
        return show_question(get_template(reading(), code), 422)
    return go_to(url_for(".index"), gettext("The interaction template %(code)s was deleted.", code=gone))


def values_of(template: InteractionTemplate) -> dict[str, Any]:
    """What the form shows of a template, as the domain has it."""
    names = (*FIELDS, "unit_cost", "unit_duration")
    return {name: getattr(template, name) for name in names}


def meanings(form: TemplateForm) -> dict[str, Any]:
    """What amounts and durations mean; blank is nothing."""
    return {field.name: field.meaning or 0 for field in form if isinstance(field, MeaningField)}


def show_new(form: TemplateForm, status: int = 200) -> Answer:
    """The page with the form of a new template."""
    give_choices(form, None)
    return page_or_fragment("interaction_templates/new.html", "interaction_templates/_new.html", status, form=form)


def show_template(template: InteractionTemplate, form: TemplateForm, status: int = 200) -> Answer:
    """The card, or for HTMX the form that was posted."""
    give_choices(form, template)
    return page_or_fragment(
        "interaction_templates/show.html",
        "interaction_templates/_edit.html",
        status,
        template=template,
        form=form,
        languages=language_rows(template),
        statistics=statistics_of(template),
        pdf=find_soffice() is not None,
    )


def statistics_of(template: InteractionTemplate) -> dict[str, Any]:
    """The interactions made with a template: a row for each language, and all together; with the pages behind them."""
    found = figures_by_language(reading(), template)
    rows = [_statistics_row(template, one, **{"f.language": quoted(one.language) or "''"}) for one in found]
    dates = [one.last_interaction for one in found if one.last_interaction is not None]
    total = LanguageFigures("", "", added(one.figures for one in found), max(dates, default=None))
    return {"rows": rows, "total": _statistics_row(template, total)}


def _statistics_row(template: InteractionTemplate, one: LanguageFigures, **asked: str) -> dict[str, Any]:
    return {
        "language": one.language,
        "name": one.name,
        "figures": one.figures,
        "last": one.last_interaction,
        "log_url": interaction_log_url(template=template.code, canceled="no", **asked),
        "statistics_url": url_for("statistics.index", template=template.code, **asked),
    }


def give_choices(form: TemplateForm, template: InteractionTemplate | None) -> None:
    """What the selects offer."""
    session = reading()
    kept = template.correspondence_type if template else ""
    form.group_id.choices = [
        ("", ""),
        *((one.id, f"{one.code} {one.description}") for one in session.scalars(group_list())),
    ]
    form.correspondence_type.choices = choices(CORRESPONDENCE_TYPE_NAMES, correspondence_types(session, kept=kept))
    form.information_flow.choices = choices(INFORMATION_FLOW_NAMES)
    form.initiated_by.choices = choices(INITIATED_BY_NAMES)
    form.wizard_action.choices = choices(WIZARD_ACTION_NAMES)
    form.language_id.choices = [
        ("", ""),
        *((one.id, f"{one.code} {one.name}") for one in session.scalars(language_list())),
    ]
    campaigns = session.scalars(campaign_list())
    form.campaign_id.choices = [("", ""), *((one.id, f"{one.no} {one.description}") for one in campaigns)]


def row_of(template: InteractionTemplate, figures: InteractionFigures) -> dict[str, Any]:
    """A template as the list shows it."""
    return {
        "code": template.code,
        "description": template.description,
        "group": template.group.code,
        "type": CORRESPONDENCE_TYPE_NAMES[template.correspondence_type],
        "languages": language_rows(template),
        "unit_cost": template.unit_cost,
        "unit_duration": template.unit_duration,
        "figures": figures,
        "log_url": interaction_log_url(template=template.code, canceled="no"),
    }


def language_rows(template: InteractionTemplate) -> list[Mapping[str, Any]]:
    """The languages of a template as list and card show them."""
    found = []
    for row in template_languages(template):
        report = report_of(row.document) if row.document is not None else None
        found.append(
            {
                "code": row.language.code,
                "name": row.language.name,
                "is_default": row.language_id == template.language_id,
                "subject": row.subject,
                "document": row.document,
                "unknown": len(report.unknown) if report else 0,
                "fields": len(report.fields) if report else 0,
            }
        )
    return found
