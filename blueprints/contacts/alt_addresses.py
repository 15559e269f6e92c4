"""Alternative addresses of a contact and the days they count on (contacts.md 1.4)."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, url_for
from flask_babel import gettext, ngettext

from blueprints.contacts.forms import AddressForm, RangeForm
from blueprints.contacts.places import dialog
from blueprints.contacts.presented import card_values, set_choices
from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.formats import format_date
from blueprints.web.fragments import Answer, close_dialog, go_to, wants_fragment
from domain.contacts import alt_addresses as domain
from domain.contacts.models import AltAddress, AltAddressRange, Contact
from domain.contacts.queries import get_contact
from domain.errors import Conflict, NotFound
from domain.messages import say

bp = Blueprint("alt_addresses", __name__, url_prefix="/contacts/<known:no>/addresses")


@bp.get("/new")
def new(no: str) -> Answer:
    """The dialog for a new address."""
    actor().must_be_allowed("edit contacts")
    return show(get_contact(reading(), no), AddressForm(formdata=None))


@bp.post("/")
def create(no: str) -> Answer:
    """Adds an address."""
    by = actor()
    by.must_be_allowed("edit contacts")
    form = AddressForm()
    contact = get_contact(reading(), no)
    if form.validate():
        with form.reporting():
            with transaction() as session:
                contact = get_contact(session, no)
                values = {name: form[name].data for name in domain.FIELDS}
                domain.add_alt_address(session, contact, values, by=by)
            return done(contact, gettext("The address was added. Name the days it counts on."))
    return show(get_contact(reading(), no), form, 422)


@bp.get("/<known:code>/")
def edit(no: str, code: str) -> Answer:
    """The dialog of an address."""
    contact = get_contact(reading(), no)
    address = domain.get_alt_address(reading(), contact, code)
    return show(contact, AddressForm(formdata=None, data=_values(address)), address=address)


@bp.post("/<known:code>/")
def update(no: str, code: str) -> Answer:
    """Changes what the user changed (B26)."""
    by = actor()
    by.must_be_allowed("edit contacts")
    form, status = AddressForm(), 422
    set_choices(form)
    if form.validate():
        try:
            with form.reporting():
                with transaction() as session:
                    contact = get_contact(session, no)
                    address = domain.get_alt_address(session, contact, code)
                    domain.edit_alt_address(session, contact, address, form.changes(_values(address)), by=by)
                return done(contact)
        except Conflict:
            if not form.stored_now:
                raise
            status = 409
    contact = get_contact(reading(), no)
    return show(contact, form, status, address=domain.get_alt_address(reading(), contact, code))


@bp.get("/<known:code>/remove")
def ask_remove(no: str, code: str) -> Answer:
    """What removing an address means."""
    actor().must_be_allowed("edit contacts")
    contact = get_contact(reading(), no)
    address = domain.get_alt_address(reading(), contact, code)
    points = [("info", gettext("Segment lines that name it go back to the address of the contact."))]
    if address.ranges:
        text = ngettext("%(num)d date range is removed.", "%(num)d date ranges are removed.", len(address.ranges))
        points.append(("info", text))
    return dialog(
        "shared/_confirm.html",
        gettext("Remove the alternative address %(code)s?", code=address.code),
        points=points,
        submit=gettext("Remove"),
        danger=True,
        action=url_for("alt_addresses.remove", no=contact.no, code=address.code),
        cancel=url_for("contacts.show", no=contact.no),
    )


@bp.post("/<known:code>/remove")
def remove(no: str, code: str) -> Answer:
    """Removes an address."""
    by = actor()
    by.must_be_allowed("edit contacts")
    with transaction() as session:
        contact = get_contact(session, no)
        domain.remove_alt_address(session, contact, domain.get_alt_address(session, contact, code), by=by)
    return done(get_contact(reading(), no))


@bp.get("/<known:code>/ranges/new")
def new_range(no: str, code: str) -> Answer:
    """The dialog for the days an address counts on."""
    actor().must_be_allowed("edit contacts")
    contact = get_contact(reading(), no)
    address = domain.get_alt_address(reading(), contact, code)
    return show_range(contact, address, RangeForm(formdata=None))


@bp.post("/<known:code>/ranges/")
def create_range(no: str, code: str) -> Answer:
    """Adds days."""
    by = actor()
    by.must_be_allowed("edit contacts")
    form = RangeForm()
    if form.validate():
        with form.reporting():
            with transaction() as session:
                contact = get_contact(session, no)
                address = domain.get_alt_address(session, contact, code)
                days = {"start": form.starting_date.date, "end": form.ending_date.date}
                domain.add_range(session, contact, address, **days, by=by)
            return done(contact)
    contact = get_contact(reading(), no)
    return show_range(contact, domain.get_alt_address(reading(), contact, code), form, 422)


@bp.get("/<known:code>/ranges/<known:start>/")
def edit_range(no: str, code: str, start: str) -> Answer:
    """The dialog of a date range."""
    contact = get_contact(reading(), no)
    address = domain.get_alt_address(reading(), contact, code)
    days = domain.get_range(reading(), contact, _day(start))
    return show_range(contact, address, RangeForm(formdata=None, data=_days(days)), days=days)


@bp.post("/<known:code>/ranges/<known:start>/")
def update_range(no: str, code: str, start: str) -> Answer:
    """Changes the days."""
    by = actor()
    by.must_be_allowed("edit contacts")
    form, status = RangeForm(), 422
    if form.validate():
        try:
            with form.reporting():
                with transaction() as session:
                    contact = get_contact(session, no)
                    days = domain.get_range(session, contact, _day(start))
                    wanted = _days(days) | form.changes(_days(days))
                    domain.edit_range(
                        session, contact, days, start=wanted["starting_date"], end=wanted["ending_date"], by=by
                    )
                return done(contact)
        except Conflict:
            if not form.stored_now:
                raise
            status = 409
    contact = get_contact(reading(), no)
    address = domain.get_alt_address(reading(), contact, code)
    return show_range(contact, address, form, status, days=domain.get_range(reading(), contact, _day(start)))


@bp.post("/<known:code>/ranges/<known:start>/remove")
def remove_range(no: str, code: str, start: str) -> Answer:
    """The address no longer counts on these days."""
    by = actor()
    by.must_be_allowed("edit contacts")
    with transaction() as session:
        contact = get_contact(session, no)
        domain.remove_range(session, contact, domain.get_range(session, contact, _day(start)), by=by)
    return done(contact)


def _values(address: AltAddress) -> dict[str, object]:
    return {name: getattr(address, name) for name in domain.FIELDS}


def _days(days: AltAddressRange) -> dict[str, dt.date | None]:
    return {"starting_date": days.starting_date, "ending_date": days.ending_date}


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise NotFound(say("This date range no longer exists.")) from None


def done(contact: Contact, message: str = "") -> Answer:
    """Back to the card: the dialog closes and the list of addresses is shown anew."""
    if wants_fragment():
        return close_dialog("contacts/_addresses.html", **card_values(get_contact(reading(), contact.no)))
    return go_to(url_for("contacts.show", no=contact.no), message or gettext("Saved."), "ok")


def show(contact: Contact, form: AddressForm, status: int = 200, *, address: AltAddress | None = None) -> Answer:
    """The dialog of an address."""
    set_choices(form)
    title = (
        gettext("Alternative address %(code)s", code=address.code) if address else gettext("New alternative address")
    )
    return dialog(
        "contacts/_address_dialog.html",
        title,
        status,
        form=form,
        contact=contact,
        address=address,
        may_edit=actor().may("edit contacts"),
    )


def show_range(
    contact: Contact,
    address: AltAddress,
    form: RangeForm,
    status: int = 200,
    *,
    days: AltAddressRange | None = None,
) -> Answer:
    """The dialog of a date range."""
    title = (
        gettext("Date range from %(day)s", day=format_date(days.starting_date)) if days else gettext("New date range")
    )
    return dialog(
        "contacts/_range_dialog.html",
        title,
        status,
        form=form,
        contact=contact,
        address=address,
        days=days,
        may_edit=actor().may("edit contacts"),
    )
