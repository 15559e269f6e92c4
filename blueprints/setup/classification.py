"""What contacts are classified by: six lists of codes, each with list, new, edit, delete, from one description."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as lazy

from blueprints.setup.forms import ClassificationForm
from blueprints.web.actor import actor
from blueprints.web.cards import Card, Words
from blueprints.web.database import reading
from blueprints.web.fragments import Answer, page_or_fragment
from blueprints.web.listing import Column, listing
from domain.contacts.classification import kinds
from domain.contacts.classification.codes import (
    FIELDS,
    RIGHT,
    code_list,
    contact_counts,
    create_code,
    delete_code,
    edit_code,
    get_code,
)
from domain.contacts.classification.kinds import Kind


@dataclass(frozen=True)
class CodePages:
    """The pages of one list of codes: blueprint and address, icon, and its words."""

    kind: Kind
    name: str
    icon: str
    title: Any
    new: Any
    empty: Any

    @property
    def endpoint(self) -> str:
        """The list."""
        return f"{self.name}.index"


PAGES = (
    CodePages(
        kinds.MAILING_GROUPS, "mailing_groups", "mail", lazy("Mailing groups"), lazy("New mailing group"),
        lazy("Contacts who get the same mailings: a catalogue, seasonal greetings, invitations."),
    ),
    CodePages(
        kinds.INDUSTRY_GROUPS, "industry_groups", "tag", lazy("Industry groups"), lazy("New industry group"),
        lazy("The line of business of a company: press, retail, printing."),
    ),
    CodePages(
        kinds.BUSINESS_RELATIONS, "business_relations", "handshake", lazy("Business relations"),
        lazy("New business relation"), lazy("What a company is to you: customer, prospect, supplier."),
    ),
    CodePages(
        kinds.JOB_RESPONSIBILITIES, "job_responsibilities", "briefcase", lazy("Job responsibilities"),
        lazy("New job responsibility"), lazy("What a person looks after: purchasing, marketing, accounts."),
    ),
    CodePages(
        kinds.ORGANIZATIONAL_LEVELS, "organizational_levels", "layout-list", lazy("Organisational levels"),
        lazy("New organisational level"), lazy("Where a person stands in the company: owner, manager, staff."),
    ),
    CodePages(
        kinds.TERRITORIES, "territories", "map-pin", lazy("Territories"), lazy("New territory"),
        lazy("The districts your office divides its contacts into."),
    ),
)  # fmt: skip


def contacts_url(kind: Kind, code: str) -> str:
    """The contacts who have a code themselves: as many as the list of codes counts."""
    of_type = {"type": kind.only} if kind.of_company else {}
    return url_for("contacts.index", **{kind.key: code}, **of_type)


def made(pages: CodePages) -> Blueprint:
    """The blueprint of one list."""
    bp = Blueprint(pages.name, __name__, url_prefix=f"/setup/{pages.name.replace('_', '-')}")
    kind = pages.kind

    @bp.get("/")
    def index() -> Answer:
        """Every code with the number of its contacts."""
        by = actor()
        by.must_be_allowed("view")
        session = reading()
        counts = contact_counts(session, kind)
        columns = [
            Column(gettext("Code"), lambda one: one.code, "code"),
            Column(gettext("Description"), lambda one: one.description, "description"),
            Column(gettext("No. of contacts"), lambda one: counts.get(one.id, 0), "contacts", num=True),
        ]
        found = listing(session.scalars(code_list(kind)), columns, search=lambda one: (one.code, one.description))
        return page_or_fragment(
            "setup/codes.html",
            "setup/_codes.html",
            list=found,
            counts=counts,
            pages=pages,
            contacts_url=partial(contacts_url, kind),
            may_edit=by.may(RIGHT),
        )

    Card(
        bp=bp,
        words=Words(
            things=pages.title,
            new=pages.new,
            create=lazy("Create"),
            created=lazy("The code %(name)s was created."),
            changed=lazy("The code %(name)s was changed."),
            deleted=lazy("The code %(name)s was deleted."),
            delete=lazy("Delete the code %(name)s?"),
            consequence=lazy("A code that contacts have cannot be deleted."),
        ),
        form=ClassificationForm,
        fields=FIELDS,
        fields_template="setup/_code_fields.html",
        get=lambda session, key: get_code(session, kind, key),
        create=lambda session, **values: create_code(session, kind, **values),
        edit=partial(edit_code, kind=kind),
        delete=partial(delete_code, kind=kind),
        right=RIGHT,
        title=lambda one: f"{one.code} {one.description}".strip(),
        crumbs=lambda: [(gettext("Setup"), url_for("setup.index")), (pages.title, url_for(pages.endpoint))],
    ).register()
    return bp


BLUEPRINTS = tuple(made(pages) for pages in PAGES)
