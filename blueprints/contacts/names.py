"""Name details of a person: the parts of the name and how letters greet (contacts.md 2.2, 6)."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask_babel import gettext

from blueprints.contacts.forms import NAME_FIELDS, NameForm
from blueprints.contacts.places import dialog
from blueprints.contacts.presented import card_values, set_choices
from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, close_dialog, go_to, wants_fragment
from domain.contacts.edit import edit_contact
from domain.contacts.models import Contact
from domain.contacts.queries import get_contact
from domain.errors import Conflict, NotFound
from domain.letters.contact_salutations import contact_salutations
from domain.messages import say

bp = Blueprint("contact_names", __name__, url_prefix="/contacts/<known:no>/name")


@bp.get("/")
def edit(no: str) -> Answer:
    """The dialog; who may not edit contacts reads it."""
    actor().must_be_allowed("view")
    person = _person(get_contact(reading(), no))
    form = NameForm(formdata=None, data={name: getattr(person, name) for name in NAME_FIELDS})
    return show(person, form)


@bp.post("/")
def update(no: str) -> Answer:
    """Saves the parts; they build the name."""
    by = actor()
    by.must_be_allowed("edit contacts")
    form, status = NameForm(), 422
    set_choices(form, get_contact(reading(), no))
    if form.validate():
        try:
            with form.reporting():
                with transaction() as session:
                    person = _person(get_contact(session, no))
                    stored = {name: getattr(person, name) for name in NAME_FIELDS}
                    edit_contact(session, person, form.changes(stored), by=by)
                if not wants_fragment():
                    return go_to(url_for("contacts.show", no=person.no), gettext("Saved."), "ok")
                values = card_values(get_contact(reading(), no))
                return close_dialog("contacts/_form.html", "contacts/_title.html", **values)
        except Conflict:
            if not form.stored_now:
                raise
            status = 409
    return show(get_contact(reading(), no), form, status)


def _person(contact: Contact) -> Contact:
    if contact.is_company:
        raise NotFound(say("%(name)s is a company. Only persons have name details.", name=contact.name))
    return contact


def show(person: Contact, form: NameForm, status: int = 200) -> Answer:
    """The dialog with the form."""
    set_choices(form, person)
    return dialog(
        "contacts/_name_dialog.html",
        gettext("Name details"),
        status,
        form=form,
        person=person,
        may_edit=actor().may("edit contacts"),
        salutation=contact_salutations(reading(), person),
    )
