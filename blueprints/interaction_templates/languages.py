"""The languages of an interaction template: add, change, remove."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext
from werkzeug.datastructures import FileStorage

from blueprints.interaction_templates.forms import LanguageForm, NewLanguageForm
from blueprints.interaction_templates.templates import language_rows
from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, close_dialog, go_to, page_or_fragment, wants_fragment
from domain.errors import Conflict, RuleViolation
from domain.interaction_templates.groups import RIGHT
from domain.interaction_templates.languages import add_language, edit_language, remove_language, set_document
from domain.interaction_templates.models import InteractionTemplate, InteractionTemplateLanguage
from domain.interaction_templates.queries import get_template, get_template_language, missing_languages
from domain.letters.pdf import find_soffice
from domain.letters.upload import Upload, check_upload, store_upload
from domain.messages import say
from domain.setup.models import Language
from domain.setup.queries import marketing_setup

bp = Blueprint("template_languages", __name__, url_prefix="/interaction-templates/<known:code>/languages")


@bp.get("/new")
def new(code: str) -> Answer:
    """The dialog for one more language."""
    actor().must_be_allowed(RIGHT)
    template = get_template(reading(), code)
    form = NewLanguageForm(formdata=None)
    if not template.languages:
        form.language_id.data = marketing_setup(reading()).default_language_id
    return show_new(template, form)


@bp.post("/")
def create(code: str) -> Answer:
    """Adds a language, with its document if one was chosen. The file is checked before the transaction begins."""
    by = actor()
    by.must_be_allowed(RIGHT)
    form = NewLanguageForm()
    if form.validate():
        with form.reporting():
            upload = checked(form.document.data, needed=False)
            with transaction() as session:
                template = get_template(session, code)
                language = session.get(Language, form.language_id.data or 0)
                if language is None:
                    raise RuleViolation(say("Choose a language from the list."), field="language_id")
                add_language(session, template, language, subject=form.subject.data, by=by)
                if upload is not None:
                    set_document(session, template, language, store_upload(session, upload, by=by), by=by)
            if upload is not None and upload.is_word:
                return go_to(url_for("template_documents.show", code=template.code, language=language.code))
            return done(template)
    return show_new(get_template(reading(), code), form, 422)


@bp.get("/<known:language>/edit")
def edit(code: str, language: str) -> Answer:
    """The dialog to change language and subject."""
    actor().must_be_allowed(RIGHT)
    row = get_template_language(get_template(reading(), code), language)
    return show_edit(row, LanguageForm(formdata=None, data=values_of(row)))


@bp.post("/<known:language>/")
def update(code: str, language: str) -> Answer:
    """Changes what the user changed (B26)."""
    actor().must_be_allowed(RIGHT)
    form, status = LanguageForm(), 422
    if form.validate():
        try:
            with form.reporting():
                with transaction() as session:
                    template = get_template(session, code)
                    row = get_template_language(template, language)
                    edit_language(session, row, form.changes(values_of(row)), by=actor())
                return done(template)
        except Conflict:
            if not form.stored_now:
                raise
            status = 409
    return show_edit(get_template_language(get_template(reading(), code), language), form, status)


@bp.get("/<known:language>/delete")
def ask_delete(code: str, language: str) -> Answer:
    """What removing a language means."""
    actor().must_be_allowed(RIGHT)
    template = get_template(reading(), code)
    row = get_template_language(template, language)
    values = {
        "title": gettext(
            "Remove %(language)s from the interaction template %(code)s?",
            language=row.language.name or row.language.code,
            code=template.code,
        ),
        "lead": gettext("Subject and document go. Segments and interactions that use the document keep it."),
        "submit": gettext("Remove"),
        "danger": True,
        "action": url_for(".delete", code=template.code, language=row.language.code),
        "cancel": url_for("interaction_templates.show", code=template.code),
    }
    return page_or_fragment("shared/dialog_page.html", "shared/_confirm.html", partial="shared/_confirm.html", **values)


@bp.post("/<known:language>/delete")
def delete(code: str, language: str) -> Answer:
    """Removes a language."""
    with transaction() as session:
        template = get_template(session, code)
        remove_language(session, get_template_language(template, language), by=actor())
    return done(template)


def checked(file: FileStorage | str | None, *, needed: bool) -> Upload | None:
    """The uploaded file, read and checked; None when none was chosen and none is needed."""
    if isinstance(file, FileStorage) and file.filename:
        return check_upload(file.read(), file.filename)
    if needed:
        raise RuleViolation(say("Choose a file."), field="document")
    return None


def values_of(row: InteractionTemplateLanguage) -> dict[str, Any]:
    """What the form shows of a language."""
    return {"language_id": row.language_id, "subject": row.subject}


def done(template: InteractionTemplate) -> Answer:
    """The dialog closes and the languages are shown anew; the default may have changed, so the card's form is too."""
    if wants_fragment():
        values = {"template": template, "languages": language_rows(template), "pdf": find_soffice() is not None}
        return close_dialog("interaction_templates/_languages.html", **values)
    return go_to(url_for("interaction_templates.show", code=template.code))


def show_new(template: InteractionTemplate, form: NewLanguageForm, status: int = 200) -> Answer:
    """The dialog of one more language."""
    offered = missing_languages(reading(), template)
    form.language_id.choices = [(one.id, f"{one.code} {one.name}") for one in offered]
    partial = "interaction_templates/_new_language_dialog.html"
    return page_or_fragment(
        "shared/dialog_page.html",
        partial,
        status,
        partial=partial,
        title=gettext("Add a language to %(code)s", code=template.code),
        template=template,
        form=form,
    )


def show_edit(row: InteractionTemplateLanguage, form: LanguageForm, status: int = 200) -> Answer:
    """The dialog of a language."""
    template = row.template
    offered = [row.language, *missing_languages(reading(), template)]
    form.language_id.choices = [(one.id, f"{one.code} {one.name}") for one in offered]
    partial = "interaction_templates/_language_dialog.html"
    return page_or_fragment(
        "shared/dialog_page.html",
        partial,
        status,
        partial=partial,
        title=gettext("%(code)s in %(language)s", code=template.code, language=row.language.name or row.language.code),
        template=template,
        row=row,
        form=form,
    )
