"""Questions about contacts: one by number, typed text, many pasted entries."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    String,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Session

from domain.contacts.models import COMPANY, PERSON, Contact, ContactEmail
from domain.contacts.search import beginnings, matches, some_matching, storable
from domain.database import read_rows
from domain.errors import NotFound, RuleViolation
from domain.messages import say, say_n
from domain.types import code, find_key, fold, sort_key

MOST_MATCHES = 1_000
NEWEST = 1_000


@dataclass(frozen=True)
class FoundContact:
    """A contact as a list of options shows it."""

    id: int
    no: str
    type: str
    name: str
    company_name: str
    city: str
    email: str
    privacy_blocked: bool
    exclude_from_segment: bool


@dataclass(frozen=True)
class Matches:
    """What typed text finds: the first rows in order, how many there are (up to 1,000), and whether there are more."""

    rows: list[FoundContact]
    total: int
    more: bool


def get_contact(session: Session, no: str, *, lock: bool = False) -> Contact:
    """The contact with this number. Raises `NotFound`."""
    question = select(Contact).where(Contact.no == storable(no))
    contact = session.scalar(question.with_for_update() if lock else question)
    if contact is None:
        raise NotFound(say("There is no contact %(no)s.", no=code(no)))
    return contact


def get_company(session: Session, text: str) -> Contact:
    """The company a typed number or name means (2.12). Raises `RuleViolation` on the field `company`."""
    company = find_contact(session, text, type=COMPANY, field="company")
    if company is None:
        raise RuleViolation(say("There is no company %(name)s.", name=text.strip()), field="company")
    return company


def find_contact(session: Session, text: str, *, type: str = "", field: str | None = None) -> Contact | None:
    """The contact that typed text means, or None (contacts.md 2.12).

    Exact number → exact name → name ignoring case → number begins with the text, or name does (the first in order) →
    number, name, city, phone or postcode contains it, if only one does → similar name among the newest 1,000
    contacts. `type` limits it to companies or persons. Raises `RuleViolation` on `field` when several contacts have
    exactly this name.
    """
    text = " ".join(storable(text).split())
    if not text:
        return None
    of_type = select(Contact).where(Contact.type == type) if type else select(Contact)
    numbered = session.scalar(of_type.where(Contact.no == text))
    if numbered is not None:
        return numbered
    ids = of_type.with_only_columns(Contact.id)
    types = (type,) if type else (COMPANY, PERSON)
    same = session.execute(
        select(Contact.id, Contact.name).where(Contact.type.in_(types), Contact.name_key == fold(text)[:100]).limit(50)
    ).all()
    exact = [row.id for row in same if row.name == text] or [row.id for row in same]
    if len(exact) > 1:
        raise RuleViolation(
            say_n(
                "There is %(num)s contact named %(name)s. Choose it from the list.",
                "There are %(num)s contacts named %(name)s. Choose one from the list.",
                len(exact),
                name=text,
            ),
            field=field,
        )
    found = exact[0] if exact else None
    for begins, order in zip(beginnings(text), (Contact.no, Contact.sort_key), strict=False):
        if found is None:
            found = session.scalar(ids.where(begins).order_by(order, Contact.id).limit(1))
    if found is None and len(text) >= 3:
        found = _only_one_containing(session, ids, text)
    if found is None:
        found = _similar(session, ids, text)
    return session.get(Contact, found) if found is not None else None


def _only_one_containing(session: Session, ids: Select[Any], text: str) -> int | None:
    by_key = matches(text, session.get_bind().dialect.name)
    elsewhere = or_(Contact.phone.contains(text, autoescape=True), Contact.post_code.contains(text, autoescape=True))
    found = list(session.scalars(ids.where(by_key).limit(2)))
    if len(found) < 2:
        found = list(dict.fromkeys([*found, *session.scalars(ids.where(elsewhere).limit(2))]))
    return found[0] if len(found) == 1 else None


def _similar(session: Session, ids: Select[Any], text: str) -> int | None:
    """The nearest name within an edit distance of a fifth of the length, among the newest contacts."""
    wanted = find_key(text)
    most = len(wanted) // 5
    if most == 0:
        return None
    newest = ids.with_only_columns(Contact.id, Contact.name).order_by(Contact.id.desc()).limit(NEWEST)
    nearest, distance = None, most + 1
    for row in session.execute(newest):
        d = edit_distance(wanted, find_key(row.name), most)
        if d < distance:
            nearest, distance = row.id, d
    return nearest


def edit_distance(left: str, right: str, most: int) -> int:
    """How many letters must be inserted, removed or replaced to turn one text into the other; `most + 1` when more."""
    if abs(len(left) - len(right)) > most:
        return most + 1
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(right, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
        if min(row) > most:
            return most + 1
    return row[-1]


def look_up(session: Session, text: str, *, type: str = "", limit: int = 20, swedish: bool = False) -> Matches:
    """What a look-up list shows while the user types (performance.md 6).

    Ordered: the number typed exactly, names that begin with the text, numbers that do, then the list order. At most
    1,000 matches are counted and ordered; `more` says that there are others.
    """
    text = storable(text)
    some = some_matching(text, session.get_bind().dialect.name, most=MOST_MATCHES + 1, type=type).subquery()
    start = sort_key(text)
    ranks: list[tuple[ColumnElement[bool], int]] = [(Contact.no == text, 0)]
    if start:
        ranks.append((Contact.sort_key.startswith(start, autoescape=True), 1))
        ranks.append((Contact.no.startswith(code(text), autoescape=True), 2))
    question = (
        select(
            Contact.id,
            Contact.no,
            Contact.type,
            Contact.name,
            Contact.company_name,
            Contact.city,
            Contact.email,
            Contact.privacy_blocked,
            Contact.exclude_from_segment,
            func.count().over().label("total"),
        )
        .where(Contact.id.in_(select(some.c.id)))
        .order_by(case(*ranks, else_=3), Contact.list_key_sv if swedish else Contact.list_key, Contact.id)
        .limit(limit)
    )
    rows = session.execute(question).all()
    total = rows[0].total if rows else 0
    return Matches([_found(row) for row in rows], min(total, MOST_MATCHES), total > MOST_MATCHES)


def _found(row: Any) -> FoundContact:
    *values, _total = row
    return FoundContact(*values)


@dataclass
class Resolved:
    """What became of pasted entries: ids in the order of the entries, entries that mean several contacts, unknown
    ones."""

    found: list[int] = field(default_factory=list)
    several: list[tuple[str, int]] = field(default_factory=list)
    not_found: list[str] = field(default_factory=list)


def resolve_many(session: Session, entries: Iterable[str]) -> Resolved:
    """The contacts that pasted numbers, e-mail addresses or names mean, in three statements whatever the number.

    Blank entries are passed over. An entry given twice is found twice. `several` holds the entry and how many contacts it
    means. See `contacts_meant`.
    """
    given = [raw if raw.isalnum() else " ".join(storable(raw).split()) for raw in entries]
    given = [entry for entry in given if entry]
    meant = contacts_meant(session, given)
    resolved = Resolved()
    for entry in given:
        hits = meant.get(entry, ())
        if not hits:
            resolved.not_found.append(entry)
        elif len(hits) == 1:
            resolved.found.append(hits[0])
        else:
            resolved.several.append((entry, len(hits)))
    return resolved


def contacts_meant(session: Session, entries: Iterable[str]) -> dict[str, Sequence[int]]:
    """Text → ids of the contacts it means, in three statements whatever the number. What means nobody is left out.

    Each text is tried as number, then as e-mail address, then as name ignoring case.
    """
    given = [entry for entry in dict.fromkeys(entries) if entry]
    meant: dict[str, Sequence[int]] = {
        given[position]: (contact_id,) for position, contact_id in _with_numbers(session, given)
    }
    for length, key_column, id_column in (
        (254, ContactEmail.address_key, ContactEmail.contact_id),
        (100, Contact.name_key, Contact.id),
    ):
        keys = {text: fold(text)[:length] for text in given if text not in meant}
        hits: dict[str, list[int]] = {}
        for key, contact_id in _pairs(session, list(keys.values()), key_column, id_column):
            hits.setdefault(key, []).append(contact_id)
        meant |= {text: hits[key] for text, key in keys.items() if key in hits}
    return meant


def _with_numbers(session: Session, given: list[str]) -> list[tuple[int, int]]:
    """(position, contact id) for every entry that is a contact number."""
    if not given:
        return []
    wanted = given_texts(session, code("\n".join(given)).split("\n"))  # in one go: an entry has no line break
    return read_rows(
        session, select(wanted.c.position, Contact.id).join_from(wanted, Contact, Contact.no == wanted.c.value)
    )


def _pairs(session: Session, keys: list[str], key_column: Any, id_column: Any) -> list[tuple[str, int]]:
    """(key, contact id) for every contact whose key is among the given ones."""
    if not keys:
        return []
    wanted = given_texts(session, list(dict.fromkeys(keys)))
    question = select(wanted.c.value, id_column).join_from(wanted, id_column.class_, key_column == wanted.c.value)
    if key_column is Contact.name_key:  # its index begins with the type
        question = question.where(Contact.type.in_((COMPANY, PERSON)))
    found: list[Any] = read_rows(session, question)
    return [(row[0], row[1]) for row in found]


def given_texts(session: Session, texts: list[str]) -> FromClause:
    """A list of texts as a table with the columns `position` (from 0) and `value`; one parameter whatever the
    length."""
    return _given(session, json.dumps(texts), String())


def given_ids(session: Session, ids: Iterable[int]) -> FromClause:
    """A list of ids as a table with the columns `position` (from 0) and `value`; one parameter whatever the length."""
    return _given(session, json.dumps(list(ids)), Integer())


def _given(session: Session, values: str, kind: Any) -> FromClause:
    if session.get_bind().dialect.name == "sqlite":
        each = func.json_each(bindparam(None, values, String)).table_valued("key", "value")
        position: ColumnElement[int] = each.c.key
    else:
        parameter = cast(bindparam(None, values, String), JSON)
        each = func.json_array_elements_text(parameter).table_valued("value", with_ordinality="key").render_derived()
        position = each.c.key - 1
    return select(position.label("position"), cast(each.c.value, kind).label("value")).subquery()
