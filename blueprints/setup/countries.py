"""Countries and regions: list, new, edit, delete."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as lazy

from blueprints.setup.forms import ADDRESS_FORMAT_NAMES, CountryForm
from blueprints.web.actor import actor
from blueprints.web.cards import Card, Words
from blueprints.web.database import reading
from blueprints.web.fragments import Answer, page_or_fragment
from blueprints.web.listing import Column, listing
from domain.setup.countries import FIELDS, create_country, delete_country, edit_country
from domain.setup.country_names import names_of_country
from domain.setup.queries import country_list, get_country_by_code

bp = Blueprint("countries", __name__, url_prefix="/setup/countries")


@bp.get("/")
def index() -> Answer:
    """Every country; the search knows their names in several languages."""
    by = actor()
    by.must_be_allowed("view")
    columns = [
        Column(gettext("Code"), lambda one: one.code, "code"),
        Column(gettext("Name"), lambda one: one.name, "name"),
        Column(gettext("ISO code"), lambda one: one.iso_code, "iso-code"),
        Column(gettext("Address format"), lambda one: str(ADDRESS_FORMAT_NAMES[one.address_format]), "address-format"),
    ]
    rows = reading().scalars(country_list())
    found = listing(
        rows, columns, search=lambda one: (one.code, one.name, one.iso_code, *names_of_country(one.iso_code))
    )
    return page_or_fragment(
        "setup/countries.html",
        "setup/_countries.html",
        list=found,
        format_names=ADDRESS_FORMAT_NAMES,
        may_edit=by.may("change setup"),
    )


Card(
    bp=bp,
    words=Words(
        things=lazy("Countries/regions"),
        new=lazy("New country/region"),
        create=lazy("Create country/region"),
        created=lazy("The country/region %(name)s was created."),
        changed=lazy("The country/region %(name)s was changed."),
        deleted=lazy("The country/region %(name)s was deleted."),
        delete=lazy("Delete the country/region %(name)s?"),
        consequence=lazy("A country/region that contacts or alternative addresses have cannot be deleted."),
    ),
    form=CountryForm,
    fields=FIELDS,
    fields_template="setup/_country_fields.html",
    get=get_country_by_code,
    create=create_country,
    edit=edit_country,
    delete=delete_country,
    title=lambda one: f"{one.code} {one.name}".strip(),
    crumbs=lambda: [
        (gettext("Setup"), url_for("setup.index")),
        (gettext("Countries/regions"), url_for("countries.index")),
    ],
).register()
