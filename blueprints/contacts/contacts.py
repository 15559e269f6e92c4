"""Contacts: the list, a new contact, the card that saves itself, deleting, and the look-up list."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, render_template, request, url_for
from flask_babel import gettext, ngettext

from blueprints.contacts.forms import STORED, ContactForm, stored_values
from blueprints.contacts.list_view import list_values
from blueprints.contacts.places import dialog, piece, swedish
from blueprints.contacts.presented import around, card_values, form_values, set_choices
from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.formats import format_number
from blueprints.web.fragments import Answer, fragments, go_to, page, page_or_fragment, wants_fragment
from blueprints.web.languages import translate
from domain.contacts.create import create_contact
from domain.contacts.delete import delete_contact, deletion_consequences
from domain.contacts.edit import ContactChange, edit_contact
from domain.contacts.models import COMPANY, PERSON, Contact
from domain.contacts.queries import Matches, find_contact, get_company, get_contact, look_up
from domain.errors import Conflict, RuleViolation
from domain.overviews.contact_card import contact_card, overview_of

bp = Blueprint("contacts", __name__, url_prefix="/contacts")


@bp.get("/")
def index() -> Answer:
    """The contact list."""
    values = list_values(reading(), request.args)
    if wants_fragment() and request.headers.get("HX-Target") == "list":
        return fragments("contacts/_list.html", "contacts/_chips.html", "contacts/_filter_search.html", **values)
    return page("contacts/index.html", **values)


@bp.get("/lookup")
def lookup() -> Answer:
    """Options for a look-up of contacts (`?type=company`: of companies) while somebody types."""
    kind = request.args.get("type", "")
    found = look_up(
        reading(), request.args.get("q", ""), type=kind if kind in (COMPANY, PERSON) else "", swedish=swedish()
    )
    return page("shared/_lookup_options.html", options=[_option(row) for row in found.rows], count=_count(found))


def _option(row: Any) -> dict[str, str]:
    notes = [gettext("Privacy blocked")] if row.privacy_blocked else []
    notes += [gettext("Excluded from segments")] if row.exclude_from_segment else []
    return {
        "value": row.no,
        "label": row.name,
        "text": row.company_name if row.type == PERSON else row.city,
        "side": row.no,
        "side2": row.city if row.type == PERSON else row.email.split(";")[0],
        "note": " · ".join(notes),
    }


def _count(found: Matches) -> str:
    if found.more:
        return gettext("More than %(most)s contacts. Go on typing.", most=format_number(found.total))
    return ngettext(
        "%(shown)s of %(num)d contact",
        "%(shown)s of %(num)d contacts",
        found.total,
        shown=format_number(len(found.rows)),
    )


@bp.get("/new")
def new() -> Answer:
    """The page for a new contact: `?type=person`, `?company=C00001` (then a person of it; CON-011, CON-012)."""
    actor().must_be_allowed("edit contacts")
    company = find_contact(reading(), request.args.get("company", ""), type=COMPANY)
    kind = PERSON if company is not None or request.args.get("type") == PERSON else COMPANY
    form = ContactForm(formdata=None, data={"type": kind, "company": company.name if company else ""})
    return show_new(form, company_no=company.no if company else "")


@bp.post("/")
def create() -> Answer:
    """Makes a contact and opens its card."""
    by = actor()
    by.must_be_allowed("edit contacts")
    form = ContactForm()
    if form.validate():
        with form.reporting():
            with transaction() as session:
                values = {name: form[name].data for name in STORED if form[name].data}
                if form.type.data == PERSON and form.company.data:
                    values["company_id"] = _typed_company(form).id
                contact = create_contact(session, values=values, by=by)
            message = gettext("Contact %(no)s %(name)s was created.", no=contact.no, name=contact.name)
            return go_to(url_for("contacts.show", no=contact.no), message, "ok")
    return show_new(form, 422)


def _typed_company(form: ContactForm) -> Contact:
    """The company somebody typed or chose. When the page preset one, its number says which of two namesakes it is."""
    preset = request.form.get("company_no", "")
    if preset:
        company = find_contact(reading(), preset, type=COMPANY)
        if company is not None and company.name == form.company.data:
            return company
    return get_company(reading(), form.company.data)


def show_new(form: ContactForm, status: int = 200, *, company_no: str = "") -> Answer:
    """The page with the form of a new contact."""
    set_choices(form)
    company_no = company_no or request.form.get("company_no", "")
    return page_or_fragment("contacts/new.html", "contacts/_new.html", status, form=form, company_no=company_no)


@bp.get("/<known:no>/")
def show(no: str) -> Answer:
    """The card of a contact."""
    contact, about = contact_card(reading(), no, swedish=swedish())
    return page("contacts/show.html", **card_values(contact, None, about))


@bp.post("/<known:no>/")
def update(no: str) -> Answer:
    """Saves what changed on the card. HTMX sends single fields: each is saved for itself; a plain browser all or
    nothing."""
    by = actor()
    by.must_be_allowed("edit contacts")
    form, status = ContactForm(), 200
    set_choices(form)
    changes: list[ContactChange] = []
    try:
        with form.reporting(), transaction() as session:
            contact = get_contact(session, no)
            stored = stored_values(contact)
            form.fill_in(stored)
            if not form.validate():
                raise _RefusedError
            names = [[name] for name in stored] if wants_fragment() else [list(stored)]
            conflict = None
            for group in names:
                try:
                    wanted = form.changes({name: stored[name] for name in group})
                    if wanted:
                        with session.begin_nested():
                            changes.append(_edit(session, contact, wanted, form, by=by))
                except Conflict as found:
                    conflict = found
                    if not form.stored_now:
                        raise
                except RuleViolation as refusal:
                    form.report(refusal)
                    if not wants_fragment():
                        raise _RefusedError from refusal
            if conflict is not None:
                status = 409
                if not wants_fragment():
                    raise conflict
            elif form.errors or form.form_errors:
                status = 422
            new_no = contact.no
    except _RefusedError:
        return show_card(get_contact(reading(), no), form, 422)
    except Conflict:
        if not form.stored_now:
            raise
        return show_card(get_contact(reading(), no), form, 409)
    if status == 200 and not wants_fragment():
        return go_to(url_for("contacts.show", no=new_no), _said(changes) or gettext("Saved."), "ok")
    contact = get_contact(reading(), new_no)
    changed = frozenset().union(*(change.fields for change in changes)) if changes else frozenset()
    if status == 200 and changed & {"no", "type", "company_id"}:
        return go_to(url_for("contacts.show", no=new_no), _said(changes), "ok")
    if status == 200:
        return saved_card(contact, None, changes, changed, status)
    conflict = _conflict(contact, form) if status == 409 else None
    form.keep_refused(stored_values(contact))
    return saved_card(contact, form, changes, changed, status, conflict)


class _RefusedError(Exception):
    """Ends the transaction of a form that was not accepted."""


def _edit(session: Any, contact: Contact, wanted: dict[str, Any], form: ContactForm, *, by: Any) -> ContactChange:
    if "company" in wanted:
        text = wanted.pop("company")
        wanted["company_id"] = get_company(session, text).id if text else None
    return edit_contact(session, contact, wanted, by=by, along=bool(form.along.data))


def _said(changes: list[ContactChange]) -> str:
    """What followed from a change, as one text."""
    persons = sum(change.persons for change in changes)
    history = sum(change.history for change in changes)
    said = []
    if persons:
        said.append(ngettext("%(num)d person follows.", "%(num)d persons follow.", persons))
    if history:
        said.append(ngettext("%(num)d interaction or task moved.", "%(num)d interactions and tasks moved.", history))
    return " ".join(said)


def show_card(contact: Contact, form: ContactForm, status: int) -> Answer:
    """A card that was refused, as a page, or for HTMX the form alone."""
    if wants_fragment():
        return saved_card(contact, form, [], frozenset(), status)
    return page("contacts/show.html", status, **card_values(contact, form))


def saved_card(
    contact: Contact,
    form: ContactForm | None,
    changes: list[ContactChange],
    changed: frozenset[str],
    status: int,
    conflict: dict[str, Any] | None = None,
) -> Answer:
    """What HTMX gets after saving a field: the form, and out of band what else changed."""
    about = overview_of(reading(), contact, swedish=swedish())
    values = form_values(contact, form, about)
    pieces = [render_template("contacts/_form.html", **values)]
    beside = {"contacts/_title.html": bool(changed & {"name", "privacy_blocked"})}
    beside["contacts/_persons.html"] = any(change.persons for change in changes)
    if any(beside.values()):
        values |= around(reading(), contact, about)
        pieces += [piece(template, **values) for template, wanted in beside.items() if wanted]
    if said := _said(changes):
        pieces.append(f"<template>{render_template('shared/_toast.html', text=said)}</template>")
    if conflict is not None:
        pieces.append(f"<template>{render_template('shared/_conflict_toast.html', **conflict)}</template>")
    return make_response("\n".join(pieces), status)


def _conflict(contact: Contact, form: ContactForm) -> dict[str, Any]:
    """Mine and theirs for the toast, and what "Use mine" posts (B26)."""
    mine: dict[str, str] = {}
    rows = []
    for name, theirs in form.stored_now.items():
        field = form[name]
        typed = request.form.get(name, "")
        mine |= {name: typed, f"was-{name}": theirs}
        rows.append(
            {"field": field.label.text, "theirs": shown_choice(field, theirs), "mine": shown_choice(field, typed)}
        )
    return {
        "title": gettext("Changed by someone else"),
        "rows": rows,
        "url": url_for("contacts.update", no=contact.no),
        "target": "#contact",
        "mine": mine,
    }


def shown_choice(field: Any, value: str) -> str:
    """A value as the reader sees it: the text of the choice, or the value."""
    for key, text in field.iter_choices() if hasattr(field, "iter_choices") else []:
        if str(key) == value:
            return str(text)
    return value or gettext("(blank)")


@bp.get("/<known:no>/delete")
def ask_delete(no: str) -> Answer:
    """What deleting a contact means."""
    actor().must_be_allowed("delete contacts")
    contact = get_contact(reading(), no)
    found = deletion_consequences(reading(), contact)
    points = []
    if found.refusal is not None:
        points.append(("bad", translate(found.refusal.message)))
    else:
        points += _points(contact, found)
    return dialog(
        "shared/_confirm.html",
        gettext("Delete contact %(no)s %(name)s?", no=contact.no, name=contact.name),
        points=points,
        submit=gettext("Delete") if found.refusal is None else None,
        danger=True,
        action=url_for("contacts.delete", no=contact.no),
        cancel=url_for("contacts.show", no=contact.no),
    )


def _points(contact: Contact, found: Any) -> list[tuple[str, str]]:
    points = []
    if found.persons:
        text = ngettext("Its %(num)d person is deleted too.", "Its %(num)d persons are deleted too.", found.persons)
        points.append(("warn", text))
    if found.history and contact.type == PERSON and contact.company_id is not None:
        text = ngettext(
            "%(num)d interaction or task goes to %(company)s.",
            "%(num)d interactions and tasks go to %(company)s.",
            found.history,
            company=contact.company_name,
        )
        points.append(("info", text))
    elif found.history:
        text = ngettext(
            "%(num)d interaction or task stays without the contact.",
            "%(num)d interactions and tasks stay without the contact.",
            found.history,
        )
        points.append(("info", text))
    if found.history:
        said = gettext("Names, personal comments and letters go from these interactions; the number stays.")
        points.append(("warn", said))
    if found.alt_addresses:
        text = ngettext(
            "%(num)d alternative address is deleted.", "%(num)d alternative addresses are deleted.", found.alt_addresses
        )
        points.append(("info", text))
    points.append(("warn", gettext("This cannot be undone.")))
    return points


@bp.post("/<known:no>/delete")
def delete(no: str) -> Answer:
    """Deletes a contact."""
    by = actor()
    by.must_be_allowed("delete contacts")
    with transaction() as session:
        contact = get_contact(session, no)
        name = contact.name
        delete_contact(session, contact, by=by)
    return go_to(
        url_for("contacts.index"), gettext("Contact %(no)s %(name)s was deleted.", no=no.upper(), name=name), "ok"
    )
