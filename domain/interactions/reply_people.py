"""Whom an answer is from: the people of one logged segment, by name, number, e-mail address or letter code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, select, union_all
from sqlalchemy.orm import Session

from domain.contacts.models import Contact
from domain.contacts.queries import contacts_meant, given_ids
from domain.contacts.search import among_matches, beginnings, is_short, matches_among_few, storable
from domain.errors import RuleViolation
from domain.interactions.models import InteractionLogEntry, LoggedSegment
from domain.interactions.reply_models import Reply
from domain.letters.letter_code import entry_no_in, looks_like_code
from domain.messages import say
from domain.types import code, fold, sort_key

MOST_SHOWN = 20
NAMED = 5
LARGE = 2_000
MOST_ORDERED = 1_000


@dataclass(frozen=True)
class Found:
    """What a typed or pasted text means: the entries it may be about (one: it is clear)."""

    text: str
    entries: list[Row[Any]]


def people_of(logged: LoggedSegment) -> Select[*tuple[Any, ...]]:
    """The entries of a logged segment with the outcome that counts (None: not answered)."""
    entry = InteractionLogEntry
    return (
        select(
            entry.id,
            entry.entry_no,
            entry.contact_id,
            entry.contact_no,
            entry.contact_name,
            entry.company_name,
            entry.canceled,
            Reply.outcome,
        )
        .outerjoin(Reply, (Reply.entry_id == entry.id) & Reply.counts)
        .where(entry.logged_segment_id == logged.id)
    )


def look_up_people(session: Session, logged: LoggedSegment, text: str, *, limit: int = MOST_SHOWN) -> list[Row[Any]]:
    """The people of a logged segment while typing: the letter's code, else number or name; cancelled ones are not
    offered.

    Ordered: the number typed exactly, the name typed exactly, names that begin with the text, then the list order. On a large segment no more
    than 1,000 of those who only contain the text are ordered.
    """
    entry = InteractionLogEntry
    text = " ".join(storable(text).split())
    offered = people_of(logged).where(entry.canceled.is_(False)).limit(limit)
    if looks_like_code(text):
        return list(session.execute(offered.where(entry.entry_no == (entry_no_in(text) or 0))))
    if not text:
        return list(session.execute(offered.order_by(entry.entry_no)))
    ranks: list[tuple[ColumnElement[bool], int]] = [(Contact.no == code(text), 0), (Contact.name_key == fold(text), 1)]
    if start := sort_key(text):
        ranks.append((Contact.sort_key.startswith(start, autoescape=True), 2))
    found = offered.join(Contact, Contact.id == entry.contact_id)
    if _is_large(session, logged):
        found = found.where(entry.id.in_(_some_entries(session, logged, text, limit)))
    else:
        found = found.where(matches_among_few(text))
    return list(session.execute(found.order_by(case(*ranks, else_=3), Contact.list_key, entry.entry_no)))


def _is_large(session: Session, logged: LoggedSegment) -> bool:
    """Whether so many belong to the segment that the look-up asks the indexes of contacts first."""
    entry = InteractionLogEntry
    one_more = select(entry.id).where(entry.logged_segment_id == logged.id, entry.canceled.is_(False))
    return session.scalar(one_more.offset(LARGE).limit(1)) is not None


def _some_entries(session: Session, logged: LoggedSegment, text: str, limit: int) -> Select[int]:
    """Entries of a large segment found by text: the first whose number or name begins with it, and up to 1,000 others.
    Every part stops when it has enough, whatever the number of matches."""
    entry = InteractionLogEntry
    ids = (
        select(entry.id)
        .join(Contact, Contact.id == entry.contact_id)
        .where(entry.logged_segment_id == logged.id, entry.canceled.is_(False))
    )
    parts = [
        ids.where(begins).order_by(column, entry.id).limit(limit)
        for begins, column in zip(beginnings(text), (Contact.no, Contact.sort_key), strict=False)
    ]
    if not is_short(text):
        parts.append(among_matches(ids, text, session.get_bind().dialect.name).limit(MOST_ORDERED))
    return select(union_all(*(select(part.subquery()) for part in parts)).subquery().c.id)


def find_people(session: Session, logged: LoggedSegment, texts: Sequence[str]) -> list[Found]:
    """What each text means among the people of a logged segment, in a fixed number of statements.

    Letter code → contact number → e-mail address → name ignoring case → entry number. A person who was written to more
    than once is meant with the last entry that is not cancelled.
    """
    given = [" ".join(storable(text).split()) for text in texts]
    numbers = {text: entry_no_in(text) or (int(text) if _is_number(text) else 0) for text in given}
    by_no = _entries(session, logged, InteractionLogEntry.entry_no, {no for no in numbers.values() if no})
    meant = contacts_meant(session, given)
    by_contact = _entries(
        session, logged, InteractionLogEntry.contact_id, {one for several in meant.values() for one in several}
    )
    found = []
    for text in given:
        of_code = by_no.get(numbers[text], [])
        if looks_like_code(text):
            found.append(Found(text, of_code))
            continue
        people = [_best(by_contact[one]) for one in meant.get(text, []) if one in by_contact]
        found.append(Found(text, sorted(people, key=lambda row: row.entry_no) or of_code))
    return found


class SeveralPeople(RuleViolation):
    """A typed text that fits several people; the look-up shows them."""


def find_person(session: Session, logged: LoggedSegment, text: str) -> Row[Any]:
    """The entry that a typed text means: as `find_people`, else the only person whose number or name contains it.

    A bare number that is an entry's, and stands in the number or name of others too, is not clear. Raises `RuleViolation` on
    the field "contact": `SeveralPeople` names those it could be.
    """
    text = " ".join(storable(text).split())
    if not text:
        raise RuleViolation(say("Type a name, a number or the code of a letter."), field="contact")
    entries = find_people(session, logged, [text])[0].entries
    if not entries and looks_like_code(text) and entry_no_in(text) is None:
        raise RuleViolation(
            say("There is a slip in the letter code %(text)s. Type it again.", text=text), field="contact"
        )
    if not entries or _only_by_entry_no(entries, text):
        similar: dict[int | None, list[Row[Any]]] = {}
        for row in look_up_people(session, logged, text):
            similar.setdefault(row.contact_id, []).append(row)
        people = {contact_id: _best(rows) for contact_id, rows in similar.items()}
        entries = list((people | {row.contact_id: row for row in entries}).values())
    if not entries:
        raise RuleViolation(
            say("Nobody on segment %(no)s is found by “%(text)s”.", no=logged.segment_no, text=text[:50]),
            field="contact",
        )
    if len(entries) > 1:
        names = ", ".join(f"{row.contact_no} {row.contact_name}" for row in entries[:NAMED])
        raise SeveralPeople(
            say("“%(text)s” fits several people: %(names)s … Type the number.", text=text[:50], names=names),
            field="contact",
        )
    return entries[0]


def _only_by_entry_no(entries: list[Row[Any]], text: str) -> bool:
    return _is_number(text) and entries[0].entry_no == int(text) and entries[0].contact_no != code(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _entries(session: Session, logged: LoggedSegment, column: Any, values: set[int]) -> dict[int, list[Row[Any]]]:
    """The entries of a logged segment whose column has one of the values, by value."""
    if not values:
        return {}
    wanted = given_ids(session, sorted(values))
    found: dict[int, list[Row[Any]]] = {}
    for row in session.execute(people_of(logged).where(column.in_(select(wanted.c.value)))):
        found.setdefault(getattr(row, column.key), []).append(row)
    return found


def _best(entries: list[Row[Any]]) -> Row[Any]:
    return max(entries, key=lambda row: (not row.canceled, row.entry_no))
