"""Languages of letters: list, new, edit, delete."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as lazy

from blueprints.setup.forms import LanguageForm
from blueprints.web.actor import actor
from blueprints.web.cards import Card, Words
from blueprints.web.database import reading
from blueprints.web.fragments import Answer, page_or_fragment
from blueprints.web.listing import Column, listing
from domain.setup.languages import FIELDS, create_language, delete_language, edit_language
from domain.setup.queries import get_language_by_code, language_list, marketing_setup
from domain.setup.sample import sample_of

bp = Blueprint("languages", __name__, url_prefix="/setup/languages")


@bp.get("/")
def index() -> Answer:
    """Every language with a sample of its dates and numbers."""
    by = actor()
    by.must_be_allowed("view")
    columns = [
        Column(gettext("Code"), lambda one: one.code, "code"),
        Column(gettext("Name"), lambda one: one.name, "name"),
        Column(gettext("Locale"), lambda one: one.locale, "locale"),
        Column(gettext("Example")),
    ]
    session = reading()
    found = listing(session.scalars(language_list()), columns, search=lambda one: (one.code, one.name, one.locale))
    samples = {one.id: sample_of(one.locale, by.work_date) for one in found.rows}
    return page_or_fragment(
        "setup/languages.html",
        "setup/_languages.html",
        list=found,
        samples=samples,
        default_id=marketing_setup(session).default_language_id,
        may_edit=by.may("change setup"),
    )


Card(
    bp=bp,
    words=Words(
        things=lazy("Languages"),
        new=lazy("New language"),
        create=lazy("Create language"),
        created=lazy("The language %(name)s was created."),
        changed=lazy("The language %(name)s was changed."),
        deleted=lazy("The language %(name)s was deleted."),
        delete=lazy("Delete the language %(name)s?"),
        consequence=lazy(
            "Its salutation formulas are deleted with it. "
            "A language of contacts, interaction templates or interactions cannot be deleted."
        ),
    ),
    form=LanguageForm,
    fields=FIELDS,
    fields_template="setup/_language_fields.html",
    get=get_language_by_code,
    create=create_language,
    edit=edit_language,
    delete=delete_language,
    title=lambda one: f"{one.code} {one.name}".strip(),
    crumbs=lambda: [(gettext("Setup"), url_for("setup.index")), (gettext("Languages"), url_for("languages.index"))],
).register()
