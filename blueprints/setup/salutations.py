"""Salutations with their formulas, and what they give for a sample person."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as lazy

from blueprints.setup.choices import languages
from blueprints.setup.forms import KIND_NAMES, NAME_PART_NAMES, FormulaForm, SalutationForm
from blueprints.web.actor import actor
from blueprints.web.cards import Card, Words, ask
from blueprints.web.database import reading, transaction
from blueprints.web.forms import value_of
from blueprints.web.fragments import Answer, close_dialog, fragments, go_to, page_or_fragment, wants_fragment
from blueprints.web.listing import Column, listing
from domain.contacts.models import Salutation, SalutationFormula
from domain.contacts.salutation_setup import (
    FIELDS,
    FORMULA_FIELDS,
    NAME_FIELDS,
    add_formula,
    create_salutation,
    delete_formula,
    delete_salutation,
    edit_formula,
    edit_salutation,
    formula_counts,
    get_formula,
    get_salutation,
    salutation_list,
)
from domain.errors import Conflict
from domain.letters.salutations import formula_text

bp = Blueprint("salutations", __name__, url_prefix="/setup/salutations")
RIGHT = "change setup"
SAMPLE_FIELDS = ("first_name", "middle_name", "surname", "initials", "job_title", "company_name")


@bp.get("/")
def index() -> Answer:
    """Every salutation with the number of its formulas."""
    by = actor()
    by.must_be_allowed("view")
    session = reading()
    counts = formula_counts(session)
    columns = [
        Column(gettext("Code"), lambda one: one.code, "code"),
        Column(gettext("Description"), lambda one: one.description, "description"),
        Column(gettext("Formulas"), lambda one: counts.get(one.id, 0), "formulas", num=True),
    ]
    found = listing(session.scalars(salutation_list()), columns, search=lambda one: (one.code, one.description))
    return page_or_fragment(
        "setup/salutations.html", "setup/_salutations.html", list=found, counts=counts, may_edit=by.may(RIGHT)
    )


def sample() -> dict[str, str]:
    """The person the preview is made for: what `?sample_…` says, else somebody invented."""
    person = {
        "first_name": "Anna",
        "middle_name": "",
        "surname": "Berg",
        "initials": "AB",
        "job_title": gettext("Manager"),
        "company_name": "Nordlys AS",
    }
    return {name: request.args.get(f"sample_{name}", person[name]).replace("\x00", "")[:100] for name in SAMPLE_FIELDS}


def preview(text: str, names: list[str], person: dict[str, str]) -> str:
    """The salutation a formula gives for a person."""
    return formula_text(text, [person.get(name, "") for name in names])


def formula_rows(salutation: Salutation) -> dict[str, Any]:
    """The formulas of a salutation in order of language and kind, with their previews."""
    person = sample()
    ordered = sorted(salutation.formulas, key=lambda one: (one.language.code if one.language else "", one.kind))
    rows = [
        {
            "id": one.id,
            "language": one.language.code if one.language else gettext("(any language)"),
            "lang": one.language.locale if one.language else None,
            "kind": str(KIND_NAMES[one.kind]),
            "text": one.text,
            "names": [str(NAME_PART_NAMES[getattr(one, name)]) for name in NAME_FIELDS if getattr(one, name)],
            "preview": preview(one.text, [getattr(one, name) for name in NAME_FIELDS], person),
        }
        for one in ordered
    ]
    labels = {name: str(NAME_PART_NAMES[name]) for name in SAMPLE_FIELDS}
    return {"salutation": salutation, "rows": rows, "sample": person, "sample_labels": labels}


Card(
    bp=bp,
    words=Words(
        things=lazy("Salutations"),
        new=lazy("New salutation"),
        create=lazy("Create salutation"),
        created=lazy("The salutation %(name)s was created. Add its first formula."),
        changed=lazy("The salutation %(name)s was changed."),
        deleted=lazy("The salutation %(name)s was deleted."),
        delete=lazy("Delete the salutation %(name)s?"),
        consequence=lazy("Its formulas are deleted with it. A salutation that contacts have cannot be deleted."),
    ),
    form=SalutationForm,
    fields=FIELDS,
    fields_template="setup/_salutation_fields.html",
    template="setup/salutation.html",
    get=get_salutation,
    create=create_salutation,
    edit=edit_salutation,
    delete=delete_salutation,
    title=lambda one: f"{one.code} {one.description}".strip(),
    more=formula_rows,
    stay=True,
    crumbs=lambda: [(gettext("Setup"), url_for("setup.index")), (gettext("Salutations"), url_for("salutations.index"))],
).register()


@bp.get("/<known:key>/formulas/")
def formulas(key: str) -> Answer:
    """The formulas anew, for another sample person."""
    if not wants_fragment():
        return go_to(url_for("salutations.show", key=key, **request.args))
    values = formula_rows(get_salutation(reading(), key))
    return fragments("setup/_formulas.html", may_edit=actor().may(RIGHT), **values)


@bp.get("/<known:key>/formulas/new")
def new_formula(key: str) -> Answer:
    """The dialog for a new formula."""
    actor().must_be_allowed(RIGHT)
    form = FormulaForm(formdata=None, data={"name_1": "first_name", "name_2": "surname"})
    return show_formula(get_salutation(reading(), key), None, form)


@bp.get("/<known:key>/formulas/preview")
def preview_formula(key: str) -> Answer:
    """What the formula in the dialog gives, while it is typed."""
    text = request.args.get("text", "")[:200].replace("\x00", "")
    names = [request.args.get(name, "") for name in NAME_FIELDS]
    return fragments("setup/_formula_preview.html", preview=preview(text, names, sample()))


@bp.post("/<known:key>/formulas/")
def create_formula(key: str) -> Answer:
    """Adds a formula."""
    by = actor()
    by.must_be_allowed(RIGHT)
    form = formula_form()
    if form.validate():
        with form.reporting():
            with transaction() as session:
                values = {name: value_of(form[name]) for name in FORMULA_FIELDS}
                add_formula(session, get_salutation(session, key), by=by, **values)
            return show_formulas(key)
    return show_formula(get_salutation(reading(), key), None, form, 422)


@bp.get("/<known:key>/formulas/<int:formula_id>/")
def show_one_formula(key: str, formula_id: int) -> Answer:
    """The dialog to change a formula."""
    actor().must_be_allowed(RIGHT)
    salutation = get_salutation(reading(), key)
    formula = get_formula(salutation, formula_id)
    return show_formula(salutation, formula, FormulaForm(formdata=None, data=formula_values(formula)))


@bp.post("/<known:key>/formulas/<int:formula_id>/")
def update_formula(key: str, formula_id: int) -> Answer:
    """Changes what the user changed of a formula (B26)."""
    by = actor()
    by.must_be_allowed(RIGHT)
    form, status = formula_form(), 422
    if form.validate():
        try:
            with form.reporting():
                with transaction() as session:
                    formula = get_formula(get_salutation(session, key), formula_id)
                    edit_formula(session, formula, changes=form.changes(formula_values(formula)), by=by)
                return show_formulas(key)
        except Conflict:
            if not form.stored_now:
                raise
            status = 409
    salutation = get_salutation(reading(), key)
    return show_formula(salutation, get_formula(salutation, formula_id), form, status)


@bp.get("/<known:key>/formulas/<int:formula_id>/delete")
def ask_remove_formula(key: str, formula_id: int) -> Answer:
    """What removing a formula means."""
    actor().must_be_allowed(RIGHT)
    formula = get_formula(get_salutation(reading(), key), formula_id)
    return ask(
        gettext("Remove the formula “%(text)s”?", text=formula.text),
        gettext("Letters then use the formula without language, the default salutation, or the name alone."),
        submit=gettext("Remove"),
        danger=True,
        action=url_for("salutations.remove_formula", key=key, formula_id=formula_id),
        cancel=url_for("salutations.show", key=key),
    )


@bp.post("/<known:key>/formulas/<int:formula_id>/delete")
def remove_formula(key: str, formula_id: int) -> Answer:
    """Removes a formula."""
    with transaction() as session:
        delete_formula(session, get_formula(get_salutation(session, key), formula_id), by=actor())
    return show_formulas(key)


def formula_form() -> FormulaForm:
    """The posted formula."""
    form = FormulaForm()
    form.language_id.choices = languages()
    return form


def formula_values(formula: SalutationFormula) -> dict[str, Any]:
    """What the form shows of a formula."""
    return {name: getattr(formula, name) for name in FORMULA_FIELDS}


def show_formula(
    salutation: Salutation, formula: SalutationFormula | None, form: FormulaForm, status: int = 200
) -> Answer:
    """The dialog of a formula."""
    form.language_id.choices = [("", gettext("(any language)")), *languages()[1:]]
    partial = "setup/_formula_dialog.html"
    values = {
        "salutation": salutation,
        "formula": formula,
        "form": form,
        "title": gettext("Formula of %(code)s", code=salutation.code)
        if formula
        else gettext("New formula of %(code)s", code=salutation.code),
        "preview": preview(form.text.data or "", [form[name].data or "" for name in NAME_FIELDS], sample()),
    }
    return page_or_fragment("shared/dialog_page.html", partial, status, partial=partial, **values)


def show_formulas(key: str) -> Answer:
    """The formulas after a change."""
    if wants_fragment():
        values = formula_rows(get_salutation(reading(), key))
        return close_dialog("setup/_formulas.html", may_edit=actor().may(RIGHT), **values)
    return go_to(url_for("salutations.show", key=key))
