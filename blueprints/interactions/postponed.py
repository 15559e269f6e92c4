"""Postponed interactions: mine or all, resume, delete (segments.md 6.4)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext, ngettext, pgettext
from sqlalchemy import Row
from sqlalchemy.orm import Session

from blueprints.interactions.interaction_view import show_form
from blueprints.interactions.log_filters import log_context
from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.formats import format_date
from blueprints.web.fragments import Answer, go_to, page_or_fragment
from blueprints.web.listing import Column, listing
from domain.accounts.actor import Actor
from domain.contacts.queries import find_contact
from domain.errors import RuleViolation
from domain.interaction_templates.queries import get_template
from domain.interactions.draft_models import CALL
from domain.interactions.filters import EntryFilters
from domain.interactions.postpone import (
    RIGHT,
    DraftFilters,
    count_drafts,
    delete_drafts,
    draft_rows,
    get_draft,
    resumed,
)
from domain.messages import say
from domain.setup.queries import find_salesperson

bp = Blueprint("postponed", __name__, url_prefix="/postponed-interactions")


@bp.get("/")
def index() -> Answer:
    """The list: `whose=all` shows everybody's, `contact`, `salesperson` and `template` narrow it."""
    session, by = reading(), actor()
    filters = asked_filters(session)
    columns = [
        Column(gettext("Entry No."), lambda one: one["no"], "no", num=True),
        Column(gettext("Age"), lambda one: one["since"], "age"),
        Column(gettext("Contact"), lambda one: one["contact"], "contact"),
        Column(gettext("Company name"), lambda one: one["company"], "company"),
        Column(gettext("Description"), lambda one: one["description"], "description"),
        Column(gettext("Salesperson"), lambda one: one["salesperson"], "salesperson"),
        Column(gettext("Date"), lambda one: one["day"], "date"),
        Column(gettext("Begun by"), lambda one: one["user"], "user"),
    ]
    rows = [draft_row(row, by=by) for row in session.execute(draft_rows(filters, by=by))]
    found = listing(
        rows, columns, search=lambda one: (str(one["no"]), one["contact"], one["company"], one["description"])
    )
    kept = {name: request.args[name] for name in ("contact", "salesperson", "template") if request.args.get(name)}
    chips = [
        {
            "label": label,
            "count": count_drafts(session, filters_for(filters, mine=mine), by=by),
            "url": url_for("postponed.index", whose=None if mine else "all", **kept),
            "current": filters.mine is mine,
        }
        for mine, label in ((True, gettext("Mine")), (False, pgettext("interactions", "All")))
    ]
    return page_or_fragment(
        "interactions/postponed.html",
        "interactions/_postponed.html",
        list=found,
        context=_whose(session, filters),
        chips=chips,
        whose="all" if not filters.mine else "",
        kept=kept,
        may_create=by.may("create interactions"),
    )


def _whose(session: Session, filters: DraftFilters) -> str:
    """What the list is narrowed to; '' when it is not."""
    narrowed = {"contact_id": filters.contact, "salesperson_id": filters.salesperson, "template_id": filters.template}
    return log_context(session, EntryFilters(**{name: one.id for name, one in narrowed.items() if one is not None}))


def asked_filters(session: Session) -> DraftFilters:
    """The filters in the address. An unknown contact, salesperson or template finds nothing: it is told."""
    contact = salesperson = template = None
    if text := request.args.get("contact", ""):
        contact = find_contact(session, text[:100])
        if contact is None:
            raise RuleViolation(say("There is no contact %(text)s.", text=text[:50]))
    if text := request.args.get("salesperson", ""):
        salesperson = find_salesperson(session, text[:100])
        if salesperson is None:
            raise RuleViolation(say("There is no salesperson %(text)s.", text=text[:50]))
    if text := request.args.get("template", ""):
        template = get_template(session, text[:100])
    return DraftFilters(
        mine=request.args.get("whose") != "all", contact=contact, salesperson=salesperson, template=template
    )


def filters_for(filters: DraftFilters, *, mine: bool) -> DraftFilters:
    """The same filters for mine or for all."""
    return replace(filters, mine=mine)


def draft_row(row: Row[Any], *, by: Actor) -> dict[str, Any]:
    """A postponed interaction as the list shows it."""
    own = (by.user_id is not None and row.user_id == by.user_id) or (
        by.salesperson_id is not None and row.salesperson_id == by.salesperson_id
    )
    return {
        "no": row.entry_no,
        "contact": row.contact_name or gettext("(no contact yet)"),
        "company": row.company_name,
        "description": row.description or row.comment[:60],
        "call": row.kind == CALL,
        "kept": row.kept,
        "salesperson": row.salesperson_code,
        "date": format_date(row.date),
        "day": row.date,
        "since": row.created_at,
        "age": age(row.created_at, by=by),
        "user": row.user_name,
        "template": row.template_code,
        "url": url_for("postponed.show", entry_no=row.entry_no),
        "may_resume": by.may(RIGHT, own=own),
    }


def age(since: dt.datetime, *, by: Actor) -> str:
    """How long ago something was, in days."""
    days = (by.now - since).days
    return ngettext("%(num)d day", "%(num)d days", days) if days > 0 else gettext("today")


@bp.get("/<int:entry_no>")
def show(entry_no: int) -> Answer:
    """*Resume*: the form with what is there; 409 when somebody else has finished it meanwhile."""
    session, by = reading(), actor()
    draft = resumed(session, get_draft(session, entry_no, by=by), by=by)
    return show_form(draft, back=url_for("postponed.index"))


@bp.route("/delete/ask", methods=["GET", "POST"])
def ask_delete() -> Answer:
    """What deleting means."""
    actor().must_be_allowed("create interactions")
    nos = _selected()
    return page_or_fragment(
        "shared/dialog_page.html",
        "shared/_confirm.html",
        partial="shared/_confirm.html",
        title=ngettext("Delete %(num)d postponed interaction?", "Delete %(num)d postponed interactions?", len(nos)),
        lead=gettext("What was typed is lost. Nothing of it stands in the interaction log."),
        submit=gettext("Delete"),
        danger=True,
        action=url_for("postponed.delete", sel=nos),
        cancel=url_for("postponed.index"),
    )


@bp.post("/delete")
def delete() -> Answer:
    """Deletes the selected ones (R-P04)."""
    with transaction() as session:
        n = delete_drafts(session, _selected(), by=actor())
    said = ngettext("%(num)d postponed interaction was deleted.", "%(num)d postponed interactions were deleted.", n)
    return go_to(url_for("postponed.index"), said, "ok")


def _selected() -> list[int]:
    nos = [int(text) for text in request.values.getlist("sel") if text.isdecimal() and len(text) < 19]
    if not nos:
        raise RuleViolation(say("Select one or more interactions first."))
    return nos
