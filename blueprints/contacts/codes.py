"""The codes of a contact: one dialog per list, ticked boxes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, url_for
from flask_babel import gettext

from blueprints.contacts.forms import CodesForm
from blueprints.contacts.places import dialog
from blueprints.contacts.presented import card_values, name_of
from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, close_dialog, go_to, wants_fragment
from blueprints.web.languages import translate
from domain.contacts.classification.assign import change_codes, codes_of, may_have
from domain.contacts.classification.codes import all_codes
from domain.contacts.classification.kinds import ASSIGNED, Kind
from domain.contacts.models import Contact
from domain.contacts.queries import get_contact
from domain.errors import NotFound
from domain.messages import say

bp = Blueprint("contact_codes", __name__, url_prefix="/contacts/<known:no>/codes/<known:key>")
_KINDS = {kind.key: kind for kind in ASSIGNED}
SETUP = {
    "mailing_group": "mailing_groups.index",
    "industry_group": "industry_groups.index",
    "job_responsibility": "job_responsibilities.index",
    "business_relation": "business_relations.index",
}


@bp.get("/")
def edit(no: str, key: str) -> Answer:
    """The codes of a list, those of the contact ticked."""
    actor().must_be_allowed("edit contacts")
    contact, kind = get_contact(reading(), no), _kind(key)
    has = {one.code for one in codes_of(reading(), contact)[kind.key]}
    return show(contact, kind, CodesForm(formdata=None), has, has)


@bp.post("/")
def update(no: str, key: str) -> Answer:
    """Gives what was ticked and takes what was unticked; what others changed meanwhile stays (B26)."""
    by = actor()
    by.must_be_allowed("edit contacts")
    form, kind = CodesForm(), _kind(key)
    typed, was = form.typed(), form.ticked()
    if form.validate():
        with form.reporting():
            with transaction() as session:
                contact = get_contact(session, no)
                change_codes(session, contact, kind, add=typed - was, remove=was - typed, by=by)
            return done(get_contact(reading(), no))
    return show(get_contact(reading(), no), kind, form, typed, was, 422)


def _kind(key: str) -> Kind:
    if key not in _KINDS:
        raise NotFound(say("There is no such list of codes."))
    return _KINDS[key]


def done(contact: Contact) -> Answer:
    """Back to the card: the dialog closes and the codes are shown anew."""
    if wants_fragment():
        return close_dialog("contacts/_classification.html", "contacts/_profiles.html", **card_values(contact))
    return go_to(url_for("contacts.show", no=contact.no), gettext("Saved."), "ok")


def show(contact: Contact, kind: Kind, form: CodesForm, ticked: set[str], was: set[str], status: int = 200) -> Answer:
    """The dialog. Codes that are gone meanwhile are no longer offered."""
    if not may_have(contact, kind):
        raise NotFound(say("There is no such list of codes."))
    values: dict[str, Any] = {
        "form": form,
        "contact": contact,
        "kind": kind,
        "offered": all_codes(reading())[kind.key],
        "ticked": ticked,
        "was": was,
        "setup_url": url_for(SETUP[kind.key]) if SETUP[kind.key] in current_app.view_functions else "",
    }
    title = gettext("%(list)s of %(name)s", list=translate(kind.label), name=name_of(contact))
    return dialog("contacts/_codes_dialog.html", title, status, **values)
