"""Company information: the office's own name, address, bank."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from flask import Blueprint, url_for
from flask_babel import gettext

from blueprints.setup import choices
from blueprints.setup.forms import CompanyInformationForm
from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, go_to, page_or_fragment
from domain.errors import Conflict
from domain.setup.models import CompanyInformation
from domain.setup.office import COMPANY_FIELDS, edit_company_information
from domain.setup.queries import company_information

bp = Blueprint("company_information", __name__, url_prefix="/setup/company")

GENERAL = ("name", "name_2", "address", "address_2", "post_code", "city", "county", "country_id")
COMMUNICATION = ("phone", "fax", "email", "home_page")
REGISTRATION = ("vat_no", "registration_no")
BANK = ("bank_name", "bank_branch_no", "bank_account_no", "giro_no", "iban", "swift")


@bp.get("/")
def show() -> Answer:
    """The company."""
    actor().must_be_allowed("view")
    office = company_information(reading())
    return show_form(office, CompanyInformationForm(formdata=None, data=values_of(office)))


@bp.post("/")
def update() -> Answer:
    """Changes what the user changed (B26)."""
    by = actor()
    by.must_be_allowed("change setup")
    form, status = CompanyInformationForm(), 422
    set_choices(form, company_information(reading()))
    if form.validate():
        try:
            with form.reporting():
                with transaction() as session:
                    edit_company_information(
                        session, changes=form.changes(values_of(company_information(session))), by=by
                    )
                return go_to(url_for("company_information.show"), gettext("Company information was changed."), "ok")
        except Conflict:
            if not form.stored_now:
                raise
            status = 409
    return show_form(company_information(reading()), form, status)


def values_of(office: CompanyInformation) -> dict[str, Any]:
    """What the form shows."""
    return {name: getattr(office, name) for name in COMPANY_FIELDS}


def set_choices(form: CompanyInformationForm, office: CompanyInformation) -> None:
    """Fills the lists of the form: countries, and time zones of the world's regions."""
    form.country_id.choices = choices.countries()
    zones = sorted(
        zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix", "right"))
    )
    form.time_zone.choices = [
        (zone, zone.replace("_", " ")) for zone in dict.fromkeys([office.time_zone, *zones, "UTC"])
    ]


def show_form(office: CompanyInformation, form: CompanyInformationForm, status: int = 200) -> Answer:
    """The page, or for HTMX the form."""
    set_choices(form, office)
    groups = [
        (gettext("General"), GENERAL),
        (gettext("Communication"), COMMUNICATION),
        (gettext("Registration"), REGISTRATION),
        (gettext("Bank"), BANK),
    ]
    return page_or_fragment(
        "setup/company_information.html",
        "setup/_company_information_form.html",
        status,
        form=form,
        groups=groups,
        office=office,
        may_edit=actor().may("change setup"),
    )
