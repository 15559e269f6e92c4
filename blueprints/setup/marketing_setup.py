"""Marketing setup: number series, inheritance, defaults."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext

from blueprints.setup import choices
from blueprints.setup.forms import MarketingSetupForm
from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, go_to, page_or_fragment
from blueprints.web.words import CORRESPONDENCE_TYPE_NAMES
from domain.errors import Conflict
from domain.setup.models import MarketingSetup, Salesperson
from domain.setup.office import (
    DEFAULT_FIELDS,
    INHERITANCE_FIELDS,
    MARKETING_FIELDS,
    OTHER_FIELDS,
    SERIES_FIELDS,
    edit_marketing_setup,
)
from domain.setup.queries import marketing_setup

bp = Blueprint("marketing_setup", __name__, url_prefix="/setup/marketing")


@bp.get("/")
def show() -> Answer:
    """The settings."""
    actor().must_be_allowed("view")
    return show_form(MarketingSetupForm(formdata=None, data=values_of(marketing_setup(reading()))))


@bp.post("/")
def update() -> Answer:
    """Changes what the user changed (B26)."""
    by = actor()
    by.must_be_allowed("change setup")
    form, status = MarketingSetupForm(), 422
    set_choices(form)
    if form.validate():
        try:
            with form.reporting():
                with transaction() as session:
                    edit_marketing_setup(session, changes=form.changes(values_of(marketing_setup(session))), by=by)
                return go_to(url_for("marketing_setup.show"), gettext("Marketing setup was changed."), "ok")
        except Conflict:
            if not form.stored_now:
                raise
            status = 409
    return show_form(form, status)


def values_of(setup: MarketingSetup) -> dict[str, Any]:
    """What the form shows."""
    return {name: getattr(setup, name) for name in MARKETING_FIELDS}


def set_choices(form: MarketingSetupForm) -> None:
    """Fills the lists of the form."""
    setup = marketing_setup(reading())
    chosen = reading().get(Salesperson, setup.default_salesperson_id) if setup.default_salesperson_id else None
    for name in SERIES_FIELDS:
        form[name].choices = choices.series()
    form.default_salesperson_id.choices = choices.salespeople(chosen)
    form.default_territory_id.choices = choices.territories()
    form.default_country_id.choices = choices.countries()
    form.default_language_id.choices = choices.languages()
    form.default_company_salutation_id.choices = form.default_person_salutation_id.choices = choices.salutations()
    form.default_correspondence_type.choices = [
        (value, str(name) or choices.blank()[1]) for value, name in CORRESPONDENCE_TYPE_NAMES.items()
    ]


def show_form(form: MarketingSetupForm, status: int = 200) -> Answer:
    """The page, or for HTMX the form."""
    set_choices(form)
    groups = [
        (gettext("Numbering"), SERIES_FIELDS, "select", ""),
        (
            gettext("Inheritance"),
            INHERITANCE_FIELDS,
            "checkbox",
            gettext("What a person takes over from their company."),
        ),
        (gettext("Defaults"), DEFAULT_FIELDS, "select", gettext("What a new contact begins with.")),
    ]
    return page_or_fragment(
        "setup/marketing_setup.html",
        "setup/_marketing_setup_form.html",
        status,
        form=form,
        groups=groups,
        other_fields=OTHER_FIELDS,
        may_edit=actor().may("change setup"),
    )
