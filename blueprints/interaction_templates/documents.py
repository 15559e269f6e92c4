"""The document of a template's language: upload, report, mapping of unknown fields, download, preview."""

from __future__ import annotations

import re
from io import BytesIO

from flask import Blueprint, make_response, request, send_file, url_for
from flask_babel import gettext

from blueprints.interaction_templates.forms import DocumentForm, MappingForm
from blueprints.interaction_templates.languages import checked, done
from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, go_to, page, page_or_fragment
from blueprints.web.languages import choose_locale
from domain.documents.models import Document
from domain.documents.store import read_document
from domain.errors import Conflict, NotFound
from domain.interaction_templates.groups import RIGHT
from domain.interaction_templates.languages import set_document
from domain.interaction_templates.models import InteractionTemplateLanguage
from domain.interaction_templates.queries import get_template, get_template_language
from domain.letters.compiled_letter import UnknownField
from domain.letters.merge_fields import BY_TAG, FIELDS
from domain.letters.pdf import find_soffice, to_pdf
from domain.letters.sample import sample_values
from domain.letters.upload import confirm_mapping, letter_of, report_of, store_upload
from domain.messages import say
from domain.types import find_key

bp = Blueprint(
    "template_documents", __name__, url_prefix="/interaction-templates/<known:code>/languages/<known:language>/document"
)

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.get("/")
def show(code: str, language: str) -> Answer:
    """What was removed at upload, which fields the document uses, and which names are unknown."""
    return show_report(row_of(code, language), MappingForm(formdata=None))


@bp.get("/new")
def new(code: str, language: str) -> Answer:
    """The dialog to upload or replace the document."""
    actor().must_be_allowed(RIGHT)
    return show_upload(row_of(code, language), DocumentForm(formdata=None))


@bp.post("/")
def create(code: str, language: str) -> Answer:
    """Takes a document in. It is checked before the transaction begins; segments keep the former one (A4, R-A21)."""
    by = actor()
    by.must_be_allowed(RIGHT)
    form = DocumentForm()
    if form.validate():
        with form.reporting():
            upload = checked(form.document.data, needed=True)
            assert upload is not None
            with transaction() as session:
                template = get_template(session, code)
                row = get_template_language(template, language)
                set_document(session, template, row.language, store_upload(session, upload, by=by), by=by)
            if upload.is_word:
                return go_to(url_for(".show", code=template.code, language=row.language.code))
            return done(template)
    return show_upload(row_of(code, language), form, 422)


@bp.get("/file")
def download(code: str, language: str) -> Answer:
    """The document as it is stored, always as a download; named after the template (1.10)."""
    row = row_of(code, language)
    document = document_of(row)
    ending = f".{document.extension}" if document.extension else ""
    name = f"{row.template.code} {row.language.code}{ending}"
    answer = send_file(
        BytesIO(read_document(reading(), document)),
        mimetype=WORD if document.is_word else "application/octet-stream",
        as_attachment=True,
        download_name=name,
        max_age=0,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/delete")
def ask_delete(code: str, language: str) -> Answer:
    """What taking the document away means."""
    actor().must_be_allowed(RIGHT)
    row = row_of(code, language)
    values = {
        "title": gettext("Remove the document %(name)s?", name=document_of(row).file_name),
        "lead": gettext("The language and its subject stay. Segments and interactions that use the document keep it."),
        "submit": gettext("Remove"),
        "danger": True,
        "action": url_for(".delete", code=row.template.code, language=row.language.code),
        "cancel": url_for("interaction_templates.show", code=row.template.code),
    }
    return page_or_fragment("shared/dialog_page.html", "shared/_confirm.html", partial="shared/_confirm.html", **values)


@bp.post("/delete")
def delete(code: str, language: str) -> Answer:
    """Takes the document away."""
    with transaction() as session:
        template = get_template(session, code)
        set_document(session, template, get_template_language(template, language).language, None, by=actor())
    return done(template)


@bp.post("/fields")
def assign(code: str, language: str) -> Answer:
    """Stores which field each unknown name means (B21). The document that was shown must still be the one."""
    by = actor()
    by.must_be_allowed(RIGHT)
    form = MappingForm()
    names = request.form.getlist("name")
    tags = request.form.getlist("tag")
    if form.validate():
        with form.reporting():
            document = document_of(row_of(code, language))
            data = read_document(reading(), document)
            with transaction() as session:
                row = get_template_language(get_template(session, code), language)
                if document_of(row).sha256 != request.form.get("sha256"):
                    raise Conflict(say("Someone else replaced the document while you were assigning its fields."))
                confirm_mapping(session, document_of(row), dict(zip(names, tags, strict=False)), data=data, by=by)
            message = gettext("The fields were assigned.")
            return go_to(url_for(".show", code=row.template.code, language=row.language.code), message, "ok")
    return show_report(row_of(code, language), form, 422)


@bp.get("/preview.docx")
def preview(code: str, language: str) -> Answer:
    """A letter to an invented contact, to download. Changes nothing (R-M05)."""
    row = row_of(code, language)
    name = gettext("Preview %(code)s %(language)s", code=row.template.code, language=row.language.code)
    answer = send_file(BytesIO(sample_letter(row)), mimetype=WORD, as_attachment=True, download_name=f"{name}.docx")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/preview.pdf")
def preview_pdf(code: str, language: str) -> Answer:
    """The same letter as PDF in the browser, when LibreOffice is installed."""
    answer = make_response(to_pdf(sample_letter(row_of(code, language))))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = "inline"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def row_of(code: str, language: str) -> InteractionTemplateLanguage:
    """The language row of the URL."""
    return get_template_language(get_template(reading(), code), language)


def document_of(row: InteractionTemplateLanguage) -> Document:
    """The document of a language. Raises `NotFound` when it has none."""
    if row.document is None:
        raise NotFound(
            say(
                "The interaction template %(code)s has no document in %(language)s.",
                code=row.template.code,
                language=row.language.code,
            )
        )
    return row.document


def sample_letter(row: InteractionTemplateLanguage) -> bytes:
    """A letter to an invented contact."""
    session, template = reading(), row.template
    values = sample_values(session, row.language, description=template.description, subject=row.subject, by=actor())
    return letter_of(session, document_of(row)).letter(values)


def is_tag(unknown: UnknownField) -> bool:
    """Whether the name stands in a tag, which is corrected in the document; names of Word fields are assigned."""
    return re.search(r"\{[{%#][^{}]*" + re.escape(unknown.name), unknown.around) is not None


def show_upload(row: InteractionTemplateLanguage, form: DocumentForm, status: int = 200) -> Answer:
    """The upload dialog."""
    partial = "interaction_templates/_upload_dialog.html"
    return page_or_fragment(
        "shared/dialog_page.html",
        partial,
        status,
        partial=partial,
        title=gettext(
            "Document of %(code)s in %(language)s",
            code=row.template.code,
            language=row.language.name or row.language.code,
        ),
        template=row.template,
        row=row,
        form=form,
    )


def show_report(row: InteractionTemplateLanguage, form: MappingForm, status: int = 200) -> Answer:
    """The page about the document."""
    document = document_of(row)
    report = report_of(document)
    locale = choose_locale()
    fields = sorted(((one.tag, f"{one.name(locale)} ({one.tag})") for one in FIELDS), key=lambda one: find_key(one[1]))
    assigned = [(name, BY_TAG[tag]) for name, tag in sorted(report.mapping.items()) if tag in BY_TAG]
    return page(
        "interaction_templates/document.html",
        status,
        row=row,
        document=document,
        report=report,
        form=form,
        field_choices=fields,
        assigned=assigned,
        tags={one.name for one in report.unknown if is_tag(one)},
        locale=locale,
        pdf=find_soffice() is not None,
    )
