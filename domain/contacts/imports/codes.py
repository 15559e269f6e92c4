"""Mailing groups and other codes in a file: several in one cell, unknown ones, and the rows they become.

A cell holds codes or descriptions separated by `;` or `|`. Mailing groups, responsibilities and the level are the
person's where a row has one; industry groups and business relations are the company's. The import adds codes and takes
none away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from domain.contacts.classification.codes import LONGEST, all_codes
from domain.contacts.classification.kinds import ASSIGNED, BY_KEY, KINDS, TERRITORIES, Kind
from domain.contacts.imports.columns import BY_KEY as COLUMNS
from domain.contacts.imports.settings import CREATE, FAIL
from domain.contacts.models import COMPANY
from domain.contacts.queries import given_ids
from domain.errors import RuleViolation
from domain.messages import say
from domain.references import delete_row
from domain.types import code, fold

SEPARATORS = re.compile(r"[;|]")
CHUNK = 2_000
Codes = dict[str, set[str]]


@dataclass
class CodeFinder:
    """Finds codes by code, else by description. `new` gathers codes to create: kind → code → description."""

    known: dict[str, dict[str, str]]
    unknown: str
    new: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session, *, unknown: str) -> CodeFinder:
        """The codes of the office, read once."""
        known: dict[str, dict[str, str]] = {}
        for key, offered in all_codes(session).items():
            by_text = {fold(one.description): one.code for one in offered if one.description}
            known[key] = by_text | {fold(one.code): one.code for one in offered}
        return cls(known, unknown)

    def find(self, kind: Kind, text: str, refuse: Callable[..., None]) -> str | None:
        """The code a text means; None when it is unknown and left out, or fails the row."""
        found = self.known[kind.key].get(fold(text))
        if found is not None:
            return found
        made = code(text)
        if self.unknown != CREATE:
            sentence = say("%(label)s: “%(text)s” is unknown.", label=COLUMNS[kind.key].label, text=text[:50])
            refuse(kind.key, sentence, error=self.unknown == FAIL)
            return None
        if len(made) > LONGEST or not made.isprintable():
            refuse(
                kind.key,
                say(
                    "“%(text)s” cannot become a code: a code has up to %(length)s characters.",
                    text=text[:50],
                    length=LONGEST,
                ),
            )
            return None
        if made not in self.new.setdefault(kind.key, {}):
            self.new[kind.key][made] = text
            refuse(
                kind.key,
                say("%(label)s: “%(text)s” is new and is created.", label=COLUMNS[kind.key].label, text=made),
                error=False,
            )
        return made


def read_codes(values: dict[str, Any], finder: CodeFinder, refuse: Callable[..., None]) -> Codes:
    """Takes the cells of the six lists out of the values of a row: list → codes."""
    found: Codes = {}
    for kind in KINDS:
        cell = values.pop(kind.key, "")
        texts = [text for text in (part.strip() for part in SEPARATORS.split(cell)) if text]
        if kind.link is None and len(texts) > 1:
            refuse(kind.key, say("%(label)s: a contact has one.", label=COLUMNS[kind.key].label))
            continue
        codes = {one for one in (finder.find(kind, text, refuse) for text in texts) if one is not None}
        if codes:
            found[kind.key] = codes
    return found


def deal_out(
    codes: Codes, *, has_company: bool, has_person: bool, of_persons: bool, refuse: Callable[..., None]
) -> tuple[Codes, Codes]:
    """The codes of a row for its company and for its person; those that fit neither are named and left out.

    The territory of a company that comes with its person is the company's, and the person takes it over; in a file of
    persons (`of_persons`) it is the person's own.
    """
    of_company: Codes = {}
    of_person: Codes = {}
    for key, found in codes.items():
        kind = BY_KEY[key]
        companys = kind is TERRITORIES and has_company and not of_persons
        if kind.only == COMPANY or companys or (not has_person and kind.only == ""):
            if has_company:
                of_company[key] = found
            else:
                refuse(key, say("Only companies have this; left out."), error=False)
        elif has_person:
            of_person[key] = found
        else:
            refuse(key, say("Only persons have this; left out."), error=False)
    return of_company, of_person


def stored_codes(session: Session, ids: Iterable[int]) -> dict[int, Codes]:
    """The codes contacts have already: id → list → codes; one statement per list."""
    wanted = given_ids(session, ids)
    stored: dict[int, Codes] = {}
    for kind in ASSIGNED:
        rows = (
            select(kind.link.contact_id, kind.model.code)
            .join(kind.model, kind.model.id == kind.link.code_id)
            .where(kind.link.contact_id.in_(select(wanted.c.value)))
        )
        for row in session.execute(rows):
            stored.setdefault(row[0], {}).setdefault(kind.key, set()).add(row[1])
    return stored


def merge_codes(codes: Codes, more: Codes) -> None:
    """Adds the codes of another row of the same contact; of level and territory the last row counts."""
    for key, found in more.items():
        codes[key] = codes.get(key, set()) | found if BY_KEY[key].link is not None else found


def needed_codes(new: dict[str, dict[str, str]], wanted: Iterable[Codes]) -> dict[str, dict[str, str]]:
    """The new codes that contacts of the plan get; those of failed rows are not created."""
    used = {(key, one) for codes in wanted for key, found in codes.items() for one in found}
    needed = {key: {one: text for one, text in codes.items() if (key, one) in used} for key, codes in new.items()}
    return {key: codes for key, codes in needed.items() if codes}


def missing_codes(codes: Codes, row: Any, known: dict[str, dict[str, int]], has: Codes) -> Codes:
    """The codes of the file that an existing contact (`row` of its table, `has` its codes) does not have."""
    missing: Codes = {}
    for key, found in codes.items():
        kind = BY_KEY[key]
        if kind.link is not None:
            new = found - has.get(key, set())
        else:
            new = {one for one in found if known[key].get(one) is None or known[key][one] != getattr(row, kind.field)}
        if new:
            missing[key] = new
    return missing


def create_codes(session: Session, new: dict[str, dict[str, str]]) -> dict[str, list[int]]:
    """Creates the unknown codes of a file. Returns their ids by list, for the undo."""
    made: dict[str, list[int]] = {}
    for key, codes in new.items():
        rows = [
            {"code": one, "description": text[:100] if code(text) != text else "", "is_demo": False}
            for one, text in sorted(codes.items())
        ]
        made[key] = list(session.scalars(insert(BY_KEY[key].table).returning(BY_KEY[key].table.c.id), rows))
    return made


def ids_of_codes(session: Session) -> dict[str, dict[str, int]]:
    """List → code → id."""
    return {key: {one.code: one.id for one in offered} for key, offered in all_codes(session).items()}


def insert_codes(session: Session, rows: Iterable[tuple[int, Codes]], ids: dict[str, dict[str, int]]) -> None:
    """Assigns codes to contacts that do not have them: (contact id, list → codes)."""
    by_kind: dict[str, list[dict[str, int]]] = {}
    for contact_id, codes in rows:
        for key, wanted in codes.items():
            if BY_KEY[key].link is not None:
                by_kind.setdefault(key, []).extend(
                    {"contact_id": contact_id, "code_id": ids[key][one]} for one in sorted(wanted)
                )
    for key, values in by_kind.items():
        for start in range(0, len(values), CHUNK):
            session.execute(insert(BY_KEY[key].links), values[start : start + CHUNK])


def take_codes_back(session: Session, contact_id: int, added: dict[str, list[int]]) -> None:
    """Takes away what an import added to a contact."""
    for key, ids in added.items():
        links = BY_KEY[key].links
        session.execute(delete(links).where(links.c.contact_id == contact_id, links.c.code_id.in_(ids)))


def remove_created_codes(session: Session, made: dict[str, list[int]]) -> None:
    """Deletes the codes an import created, unless something uses them by now."""
    for key, ids in made.items():
        kind = BY_KEY[key]
        for row in session.scalars(select(kind.model).where(kind.model.id.in_(ids))).all():
            try:
                delete_row(session, kind.table, [row.id], name=row.code)
            except RuleViolation:
                continue
