"""The contact list: filters, order, one page by key, all that match (contacts.md 6).

Pages are cut by key, not by offset: page 2,000 of a million contacts costs what the first one costs.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from domain.contacts.classification.assign import contacts_with, contacts_with_code
from domain.contacts.classification.kinds import KINDS
from domain.contacts.classification.profiles import contacts_who_answered, contacts_with_answer
from domain.contacts.models import PERSON, Contact
from domain.contacts.search import matches, storable, words_of
from domain.database import folded
from domain.filters.read import TypedFilters
from domain.filters.sql import typed_conditions
from domain.setup.models import Country, Language, Salesperson

PAGE = 50
SORTS = ("company", "name", "no", "city", "salesperson", "modified")


@dataclass(frozen=True)
class ContactFilters:
    """What the list is limited to. Texts are codes as people know them; "" limits nothing, "-" means "none".

    `blocked` and `excluded` are "", "yes" or "no". `company` is the number of a company: it and its persons. The fields
    from `mailing_group` on are codes of what contacts are classified by; `answer` is "QUESTIONNAIRE:line number", or the
    code of a questionnaire: everybody who answered it. `typed` are filters by expression.
    """

    q: str = ""
    type: str = ""
    salesperson: str = ""
    country: str = ""
    language: str = ""
    correspondence_type: str = ""
    excluded: str = ""
    blocked: str = ""
    company: str = ""
    mailing_group: str = ""
    industry_group: str = ""
    job_responsibility: str = ""
    business_relation: str = ""
    organizational_level: str = ""
    territory: str = ""
    answer: str = ""
    typed: TypedFilters | None = None

    def as_query(self) -> dict[str, str]:
        """The filters that are set, as the parameters of a URL."""
        simple = {name: value for name, value in vars(self).items() if isinstance(value, str) and value}
        return simple | (self.typed.as_query() if self.typed else {})

    @classmethod
    def from_query(cls, values: Mapping[str, str], typed: TypedFilters | None = None) -> ContactFilters:
        """The filters in the parameters of a URL; others are passed over, characters that cannot be stored dropped."""
        simple = [name for name in cls.__dataclass_fields__ if name != "typed"]
        known = {name: storable(values.get(name, ""))[:200].strip() for name in simple}
        return cls(**known, typed=typed)

    def without_search(self) -> ContactFilters:
        """The same filters without typed text."""
        return replace(self, q="")


@dataclass(frozen=True)
class ContactPage:
    """One page of the list. `rows` have the columns of `_columns`; `before` and `after` ask for the neighbours, or
    None."""

    rows: list[Row[Any]]
    before: str | None
    after: str | None


def conditions(filters: ContactFilters, dialect: str) -> list[ColumnElement[bool]]:
    """The filters as conditions on `Contact`."""
    found: list[ColumnElement[bool]] = []
    if words_of(filters.q):
        found.append(matches(filters.q, dialect))
    if filters.type:
        found.append(Contact.type == filters.type)
    for value, column, table in (
        (filters.salesperson, Contact.salesperson_id, Salesperson),
        (filters.country, Contact.country_id, Country),
        (filters.language, Contact.language_id, Language),
    ):
        if value == "-":
            found.append(column.is_(None))
        elif value:
            found.append(column.in_(select(table.id).where(table.code == value)))
    for one in KINDS:
        value = getattr(filters, one.key)
        if value == "-":
            found.append(Contact.id.not_in(contacts_with(one, select(one.model.id))))
        elif value:
            found.append(Contact.id.in_(contacts_with_code(one, value)))
    if filters.answer:
        questionnaire, _, line = filters.answer.rpartition(":")
        answered = (
            contacts_with_answer(questionnaire, int(line))
            if questionnaire and line.isascii() and line.isdecimal() and len(line) < 10
            else contacts_who_answered(filters.answer)
        )
        found.append(Contact.id.in_(answered))
    if filters.correspondence_type:
        kind = "" if filters.correspondence_type == "-" else filters.correspondence_type
        found.append(Contact.correspondence_type == kind)
    for value, switch in ((filters.excluded, Contact.exclude_from_segment), (filters.blocked, Contact.privacy_blocked)):
        if value:
            found.append(switch.is_(value == "yes"))
    if filters.company:
        company = aliased(Contact)
        found.append(Contact.company_id.in_(select(company.id).where(company.no == filters.company)))
    return found + (typed_conditions(filters.typed) if filters.typed else [])


def matching_ids(session: Session, filters: ContactFilters) -> Select[int]:
    """A select of the ids of all contacts the list shows."""
    return select(Contact.id).where(*conditions(filters, session.get_bind().dialect.name))


def chosen_ids(session: Session, numbers: list[str]) -> Select[int]:
    """A select of the ids of contacts by their numbers."""
    return select(Contact.id).where(Contact.no.in_([storable(no) for no in numbers]))


def count_contacts(session: Session, filters: ContactFilters) -> int:
    """How many contacts the list shows."""
    return session.scalar(select(func.count()).select_from(matching_ids(session, filters).subquery())) or 0


def contact_page(
    session: Session,
    filters: ContactFilters,
    *,
    sort: str = "company",
    descending: bool = False,
    after: str = "",
    before: str = "",
    swedish: bool = False,
    limit: int = PAGE,
) -> ContactPage:
    """A page of the contact list in one statement.

    `sort` is one of `SORTS`; `after` and `before` are the places another page gave. A place that cannot be read shows
    the first page.
    """
    key = _order(sort, swedish)
    place = _place(before or after, sort)
    backwards = bool(before) and place is not None
    falling = descending != backwards
    question = _rows(key).where(*conditions(filters, session.get_bind().dialect.name))
    if place is not None:
        here, there = tuple_(key, Contact.id), tuple_(*place)
        question = question.where(here < there if falling else here > there)
    order = (key.desc(), Contact.id.desc()) if falling else (key, Contact.id)
    rows = list(session.execute(question.order_by(*order).limit(limit + 1)))
    more = len(rows) > limit
    rows = rows[:limit]
    if backwards:
        rows.reverse()
    if not rows:
        return ContactPage([], None, None)
    has_before = more if backwards else place is not None
    has_after = True if backwards else more
    return ContactPage(
        rows,
        _text(rows[0], sort) if has_before else None,
        _text(rows[-1], sort) if has_after else None,
    )


def _order(sort: str, swedish: bool) -> ColumnElement[Any]:
    orders: dict[str, Any] = {
        "company": Contact.list_key_sv if swedish else Contact.list_key,
        "name": Contact.sort_key_sv if swedish else Contact.sort_key,
        "no": Contact.no,
        "city": folded(Contact.city),
        "salesperson": func.coalesce(Salesperson.code, ""),
        "modified": Contact.modified_at,
    }
    chosen: ColumnElement[Any] = orders[sort]
    return chosen


def _rows(key: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Contact.id,
            Contact.no,
            Contact.type,
            Contact.name,
            Contact.company_name,
            Contact.job_title,
            Contact.city,
            Contact.phone,
            Contact.mobile,
            Contact.email,
            Contact.privacy_blocked,
            Contact.exclude_from_segment,
            Country.code.label("country"),
            Salesperson.code.label("salesperson"),
            Language.code.label("language"),
            key.label("place"),
        )
        .join(Country, Country.id == Contact.country_id, isouter=True)
        .join(Salesperson, Salesperson.id == Contact.salesperson_id, isouter=True)
        .join(Language, Language.id == Contact.language_id, isouter=True)
    )


def _text(row: Row[Any], sort: str) -> str:
    """A place in the list as text for a URL."""
    place = row.place.isoformat() if isinstance(row.place, dt.datetime) else row.place
    return json.dumps([sort, place, row.id], ensure_ascii=False, separators=(",", ":"))


def _place(text: str, sort: str) -> tuple[Any, int] | None:
    """The place a URL names; None when it is not one of this order."""
    try:
        of_sort, place, contact_id = json.loads(text)
        if of_sort != sort or not isinstance(place, str) or not isinstance(contact_id, int):
            return None
        if "\x00" in place or not 0 <= contact_id < 2**31:
            return None
        return (dt.datetime.fromisoformat(place) if sort == "modified" else place), contact_id
    except (ValueError, TypeError, RecursionError):
        return None


def neighbours_of(contact: Any, *, swedish: bool = False) -> tuple[ScalarSelect[str], ScalarSelect[str]]:
    """The numbers of the contacts before and after one in the contact list, as expressions; NULL at the ends.

    `contact` is the entity of the enclosing statement, or a contact.
    """
    other = aliased(Contact)
    key = other.list_key_sv if swedish else other.list_key
    place = tuple_(contact.list_key_sv if swedish else contact.list_key, contact.id)
    here = tuple_(key, other.id)
    before = select(other.no).where(here < place).order_by(key.desc(), other.id.desc()).limit(1)
    after = select(other.no).where(here > place).order_by(key, other.id).limit(1)
    return before.correlate_except(other).scalar_subquery(), after.correlate_except(other).scalar_subquery()


def persons_of(session: Session, company: Contact, *, limit: int) -> list[Contact]:
    """The first persons of a company in the order of their names."""
    persons = select(Contact).where(Contact.company_id == company.id, Contact.type == PERSON)
    return list(session.scalars(persons.order_by(Contact.sort_key, Contact.id).limit(limit)))


def person_count(company_id: Any) -> ScalarSelect[int]:
    """How many persons a company has, as an expression. `company_id`: as `contact_id` of `history_count`."""
    person = aliased(Contact)
    counted = select(func.count()).where(person.company_id == company_id, person.type == PERSON)
    return counted.correlate_except(person).scalar_subquery()
