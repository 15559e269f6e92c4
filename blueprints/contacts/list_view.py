"""What the contact list shows: filters, columns, one page, and the links between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext, pgettext
from flask_babel import lazy_gettext as lazy
from sqlalchemy.orm import Session

from blueprints.contacts.forms import TYPE_NAMES
from blueprints.contacts.places import place, swedish
from blueprints.contacts.presented import correspondence_types, offered
from blueprints.web.actor import actor
from blueprints.web.filters import filter_panel, read_typed_filters
from blueprints.web.languages import translate
from domain.contacts.choices import Offered
from domain.contacts.classification.kinds import KINDS
from domain.contacts.listing import SORTS, ContactFilters, contact_page, count_contacts
from domain.contacts.models import COMPANY
from domain.contacts.queries import find_contact
from domain.interactions.filter_fields import CONTACT_FILTERS_WITH_LOG

SHOWN = ("name", "post_code", "city")
COLUMNS = (
    ("no", lazy("No."), ""),
    ("name", lazy("Name"), ""),
    ("company", lazy("Company name"), ""),
    ("city", lazy("City"), ""),
    ("", lazy("Country/region code"), ""),
    ("", lazy("Phone No."), ""),
    ("", lazy("E-mail"), ""),
    ("salesperson", lazy("Salesperson"), ""),
    ("", lazy("Language code"), ""),
)


def read_contact_filters(session: Session, given: Mapping[str, str]) -> ContactFilters:
    """The filters of the list in the parameters of an address or form."""
    return ContactFilters.from_query(given, read_typed_filters(session, CONTACT_FILTERS_WITH_LOG, given))


def list_values(session: Session, given: Mapping[str, str]) -> dict[str, Any]:
    """The values of the list template from the parameters of the address."""
    filters = read_contact_filters(session, given)
    assert filters.typed is not None
    sort = given.get("sort", "company")
    descending = sort.startswith("-")
    sort = sort.removeprefix("-") if sort.removeprefix("-") in SORTS else "company"
    found = contact_page(
        session,
        filters,
        sort=sort,
        descending=descending,
        after=given.get("after", ""),
        before=given.get("before", ""),
        swedish=swedish(),
    )
    order = ("-" if descending else "") + sort
    kept = filters.as_query() | ({"sort": order} if order != "company" else {})

    def address(**values: Any) -> str:
        return url_for("contacts.index", **{name: value for name, value in (kept | values).items() if value})

    return {
        "filters": filters,
        "fields": filter_fields(filters),
        "panel": filter_panel(session, filters.typed, given, shown=SHOWN),
        "panel_open": bool((filters.as_query().keys() - {"q", "type"}) or given.get("add")),
        "rows": [_row(row) for row in found.rows],
        "total": count_contacts(session, filters),
        "columns": [_column(name, label, cls, sort, descending, address) for name, label, cls in COLUMNS],
        "previous_page": address(before=found.before) if found.before else None,
        "next_page": address(after=found.after) if found.after else None,
        "kept": kept,
        "chips": chips(filters),
        "company": find_contact(session, filters.company, type=COMPANY) if filters.company else None,
        "may_edit": actor().may("edit contacts"),
        "quick_url": place("quick_log.choose") if actor().may("create interactions") else "",
        "segment_url": place("contact_segments.choose") if actor().may("edit segments") else "",
        "import_url": place("contact_imports.new"),
    }


def _row(row: Any) -> dict[str, Any]:
    is_company = row.type == COMPANY
    return {
        **row._mapping,
        "is_company": is_company,
        "company_name": "" if is_company else row.company_name,
        "is_indented": not is_company and bool(row.company_name),
    }


def _column(name: str, label: Any, cls: str, sort: str, descending: bool, address: Any) -> dict[str, Any]:
    if not name:
        return {"label": label, "cls": cls}
    current = name == sort
    following = f"-{name}" if current and not descending else name
    return {
        "label": label,
        "cls": cls,
        "sort": ("desc" if descending else "asc") if current else None,
        "url": address(sort=following if following != "company" else ""),
    }


def chips(filters: ContactFilters) -> list[dict[str, Any]]:
    """Companies and persons, as ready-made filters."""
    kinds = (("", pgettext("contacts", "All")), ("company", gettext("Companies")), ("person", gettext("Persons")))
    rest = filters.as_query()
    rest.pop("type", None)
    return [
        {
            "label": label,
            "url": url_for("contacts.index", **rest, **({"type": kind} if kind else {})),
            "current": filters.type == kind,
        }
        for kind, label in kinds
    ]


def _named(things: Iterable[Offered]) -> list[tuple[str, str]]:
    return [(one.code, one.text) for one in things]


def filter_fields(filters: ContactFilters) -> list[dict[str, Any]]:
    """The drop-down lists of the filter panel: name, label, choices, what is chosen."""
    none = ("-", gettext("(none)"))
    yes_no = [("yes", gettext("Yes")), ("no", gettext("No"))]
    setup = offered()
    countries = [(one.code, f"{one.name} ({one.code})") for one in setup.countries]
    kinds = [none, *correspondence_types()[1:]]
    answers = [
        (f"{one.code}:{answer.line_no}", f"{one.code} · {question.description} · {answer.description}")
        for one in setup.questionnaires
        for question in one.questions
        for answer in question.answers
    ]
    if filters.answer and filters.answer not in dict(answers):
        answers.insert(0, (filters.answer, gettext("%(code)s · any answer", code=filters.answer)))
    fields: list[tuple[str, str, list[tuple[str, str]]]] = [
        ("type", gettext("Type"), [(kind, str(name)) for kind, name in TYPE_NAMES.items()]),
        ("salesperson", gettext("Salesperson"), [none, *_named(setup.salespeople)]),
        ("country", gettext("Country/region code"), [none, *countries]),
        ("language", gettext("Language code"), [none, *_named(setup.languages)]),
        ("correspondence_type", gettext("Correspondence type"), kinds),
        ("excluded", gettext("Exclude from segment"), yes_no),
        ("blocked", gettext("Privacy blocked"), yes_no),
        *((kind.key, translate(kind.label), [none, *_named(setup.codes[kind.key])]) for kind in KINDS),
        ("answer", gettext("Profile answer"), answers),
    ]
    return [
        {"name": name, "label": label, "choices": choices, "value": getattr(filters, name)}
        for name, label, choices in fields
    ]
