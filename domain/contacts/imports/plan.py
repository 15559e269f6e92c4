"""The dry run: which contacts a file would create, change or leave alone, and every problem (B28).

A contact of the file is the one that exists with the same number; else with the same external ID and type; else with the
same e-mail address and type; else with the same name and company. A handful of statements whatever the number of rows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.contacts.fields import LABELS
from domain.contacts.imports.codes import (
    CodeFinder,
    Codes,
    ids_of_codes,
    merge_codes,
    missing_codes,
    needed_codes,
    stored_codes,
)
from domain.contacts.imports.columns import NAME
from domain.contacts.imports.reading import Row, Sheet
from domain.contacts.imports.rows import Finders, Problem, RowContacts, read_row
from domain.contacts.imports.settings import ImportSettings
from domain.contacts.keys import email_keys
from domain.contacts.models import COMPANY, PERSON, Contact, ContactEmail, Salutation
from domain.contacts.queries import given_ids, given_texts
from domain.messages import Message, say, say_n
from domain.setup.models import NumberSeries, Salesperson
from domain.setup.queries import country_finder, language_finder, marketing_setup
from domain.types import code, fold

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"


@dataclass
class Planned:
    """One contact of the file: its values, the rows that name it, and what becomes of it.

    `existing_id` is the contact it is; `changes` what would change on it; `company` the company of a person. `codes` is
    what it is classified by, `added` the part an existing contact does not have yet.
    """

    type: str
    values: dict[str, Any]
    rows: list[int] = field(default_factory=list)
    company: Planned | None = None
    existing_id: int | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    failed: bool = False
    codes: Codes = field(default_factory=dict)
    added: Codes = field(default_factory=dict)

    @property
    def outcome(self) -> str:
        """What would become of it."""
        if self.existing_id is None:
            return CREATED
        return UPDATED if self.changes or self.added else UNCHANGED


@dataclass
class Plan:
    """What an import would do. `counts`: outcome → type → number. `surplus_rows`: rows with too many cells.

    `new_codes`: list → code → description of the codes it would create.
    """

    sheet: Sheet
    settings: ImportSettings
    contacts: list[Planned] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    failed_rows: list[int] = field(default_factory=list)
    surplus_rows: int = 0
    new_codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many contacts would be created, updated, left alone, by type."""
        counted: dict[str, Counter[str]] = {CREATED: Counter(), UPDATED: Counter(), UNCHANGED: Counter()}
        for contact in self.contacts:
            counted[contact.outcome][contact.type] += 1
        return {outcome: {COMPANY: by_type[COMPANY], PERSON: by_type[PERSON]} for outcome, by_type in counted.items()}


def plan_import(session: Session, sheet: Sheet, settings: ImportSettings) -> Plan:
    """The dry run of a file. Changes nothing."""
    settings = settings.fitted_to(sheet)
    plan = Plan(sheet, settings)
    finders = _finders(session, settings)
    read = [read_row(row, sheet.headings, settings, finders) for row in sheet.rows]
    for row, one in zip(sheet.rows, read, strict=True):
        if row.open_quote:
            one.problems = [Problem(row.no, "", open_quote(row))]
    plan.surplus_rows = sum(one.surplus for one in read)
    _give_external_ids(read)
    _gather(plan, [one for one in read if not one.failed])
    _match(session, plan)
    _refuse_typed_numbers(session, plan)
    _find_changes(session, plan)
    for one in read:
        plan.problems += one.problems
    failed = {problem.row_no for problem in plan.problems if problem.error}
    plan.contacts = [contact for contact in plan.contacts if not contact.failed and not set(contact.rows) <= failed]
    plan.new_codes = needed_codes(finders.codes.new, [contact.codes for contact in plan.contacts])
    plan.failed_rows = sorted(failed)
    plan.problems.sort(key=lambda problem: problem.row_no)
    return plan


def open_quote(row: Row) -> Message:
    """The sentence about a quotation mark that swallows what follows."""
    return say(
        "A quotation mark before “%(text)s” is not closed. The rows after it were read as part of this cell.",
        text=row.open_quote,
    )


def failed_cells(plan: Plan) -> list[tuple[Row, list[Problem]]]:
    """The failed rows with their problems, for the file to mend and import again."""
    by_row: dict[int, list[Problem]] = defaultdict(list)
    for problem in plan.problems:
        if problem.error:
            by_row[problem.row_no].append(problem)
    return [(row, by_row[row.no]) for row in plan.sheet.rows if row.no in by_row]


def _finders(session: Session, settings: ImportSettings) -> Finders:
    """Codes and names of the setup, read once."""
    countries, languages = country_finder(session), language_finder(session)
    people: dict[str, int] = {}
    for person in session.scalars(select(Salesperson)):
        people.setdefault(fold(person.name), person.id)
    people |= {fold(person.code): person.id for person in session.scalars(select(Salesperson))}
    salutations = {one.code: one.id for one in session.scalars(select(Salutation))}

    def found(thing: Any) -> int | None:
        return thing.id if thing is not None else None

    return Finders(
        country=lambda text: found(countries.find(text)),
        language=lambda text: found(languages.find(text)),
        salesperson=lambda text: people.get(fold(text.strip())),
        salutation=lambda text: salutations.get(code(text)),
        codes=CodeFinder.of(session, unknown=settings.unknown_codes),
    )


def _give_external_ids(read: list[RowContacts]) -> None:
    """A company that comes with several external IDs does not own them: they are its persons'."""
    ids: dict[str, set[str]] = defaultdict(set)
    for one in read:
        if one.company is not None and one.person is not None and "external_id" in one.company:
            ids[fold(one.company["name"])].add(one.company["external_id"])
    for one in read:
        if one.company is not None and one.person is not None and len(ids[fold(one.company["name"])]) > 1:
            one.company.pop("external_id", None)


def _gather(plan: Plan, read: list[RowContacts]) -> None:
    """One planned contact per company and person of the file, however many rows name it."""
    known: dict[tuple[Any, ...], Planned] = {}

    def gather(kind: str, values: dict[str, Any], codes: Codes, row: RowContacts, company: Planned | None) -> Planned:
        if values.get("no"):
            key: tuple[Any, ...] = ("no", code(values["no"]))
        elif values.get("external_id"):
            key = (kind, "id", values["external_id"])
        else:
            key = (kind, fold(values["name"]), id(company) if company else None)
            if kind == PERSON and company is None:
                key = (*key, values.get("email", ""), values.get("address", ""))
        planned = known.get(key)
        if planned is None:
            planned = known[key] = Planned(kind, dict(values), company=company)
            plan.contacts.append(planned)
        else:
            planned.values |= {k: v for k, v in values.items() if k not in planned.values}
            if kind == PERSON or row.person is None:
                row.problems.append(
                    Problem(
                        row.row.no,
                        "",
                        say(
                            "%(name)s is in row %(row)s already; both rows make one contact.",
                            name=values["name"],
                            row=planned.rows[0],
                        ),
                        error=False,
                    )
                )
        planned.rows.append(row.row.no)
        merge_codes(planned.codes, codes)
        return planned

    for row in read:
        company = gather(COMPANY, row.company, row.company_codes, row, None) if row.company is not None else None
        if row.person is not None:
            gather(PERSON, row.person, row.person_codes, row, company)


def _match(session: Session, plan: Plan) -> None:
    """Finds the contact that each planned one is (B28), companies first."""
    by_no = _found(session, (code(c.values.get("no", "")) for c in plan.contacts), Contact.no)
    by_external = _found(session, (c.values.get("external_id", "") for c in plan.contacts), Contact.external_id)
    by_email = _found_emails(session, [key for c in plan.contacts for key in email_keys(c.values.get("email", ""))])
    by_name = _found(session, (fold(c.values["name"])[:100] for c in plan.contacts), Contact.name_key)
    for contact in sorted(plan.contacts, key=lambda c: c.type != COMPANY):
        if no := code(contact.values.get("no", "")):
            matches = by_no.get(no, [])
            if matches and matches[0].type != contact.type:
                _fail(plan, contact, say("Contact %(no)s is not of this type.", no=no), "no")
                continue
            contact.existing_id = matches[0].id if matches else None
            continue
        same_type = [c for c in by_external.get(contact.values.get("external_id", ""), []) if c.type == contact.type]
        if not same_type:
            addresses = email_keys(contact.values.get("email", ""))
            same_type = [c for key in addresses for c in by_email.get(key, []) if c.type == contact.type]
            same_type = _named_alike(same_type, contact) or same_type
        if not same_type:
            same_type = [c for c in by_name.get(fold(contact.values["name"])[:100], []) if c.type == contact.type]
            if contact.type == PERSON:
                wanted = contact.company.existing_id if contact.company else None
                same_type = [c for c in same_type if c.company_id == wanted and (contact.company is None or wanted)]
        distinct = {c.id: c for c in same_type}
        if len(distinct) > 1:
            sentence = say_n(
                "%(num)s contact matches %(name)s: %(numbers)s. Name the right one in a column No.",
                "%(num)s contacts match %(name)s: %(numbers)s. Name the right one in a column No.",
                len(distinct),
                name=contact.values["name"],
                numbers=", ".join(sorted(c.no for c in distinct.values())[:5]),
            )
            _fail(plan, contact, sentence, NAME)
        elif distinct:
            contact.existing_id = next(iter(distinct))
    for contact in plan.contacts:
        if contact.company is not None and contact.company.failed:
            contact.failed = True


def _named_alike(found: list[Any], contact: Planned) -> list[Any]:
    return [c for c in found if c.name_key == fold(contact.values["name"])[:100]]


_LIGHT = (Contact.id, Contact.no, Contact.type, Contact.company_id, Contact.name_key)


def _found(session: Session, keys: Iterable[str], column: Any) -> dict[str, list[Any]]:
    """The contacts whose `column` is one of the keys, by key."""
    distinct = list(dict.fromkeys(key for key in keys if key))
    found: dict[str, list[Any]] = defaultdict(list)
    if distinct:
        wanted = given_texts(session, distinct)
        question = select(wanted.c.value, *_LIGHT).join_from(wanted, Contact, column == wanted.c.value)
        if column is Contact.name_key:
            question = question.where(Contact.type.in_((COMPANY, PERSON)))
        for row in session.execute(question):
            found[row[0]].append(row)
    return found


def _found_emails(session: Session, keys: list[str]) -> dict[str, list[Any]]:
    """The contacts that have one of the e-mail addresses, by address."""
    found: dict[str, list[Any]] = defaultdict(list)
    if keys:
        wanted = given_texts(session, list(dict.fromkeys(keys)))
        question = (
            select(wanted.c.value, *_LIGHT)
            .join_from(wanted, ContactEmail, ContactEmail.address_key == wanted.c.value)
            .join(Contact, Contact.id == ContactEmail.contact_id)
        )
        for row in session.execute(question):
            found[row[0]].append(row)
    return found


def _fail(plan: Plan, contact: Planned, sentence: Any, key: str) -> None:
    heading_of = dict(zip(plan.settings.columns, plan.sheet.headings, strict=True))
    contact.failed = True
    for row_no in contact.rows:
        plan.problems.append(Problem(row_no, heading_of.get(key, ""), sentence))


def _refuse_typed_numbers(session: Session, plan: Plan) -> None:
    """New contacts with a number in the file need a series that allows typed numbers."""
    setup = marketing_setup(session)
    series = session.get(NumberSeries, setup.contact_series_id) if setup.contact_series_id else None
    if series is None or series.manual:
        return
    for contact in plan.contacts:
        if contact.existing_id is None and contact.values.get("no"):
            sentence = say("The number series %(series)s does not allow typed numbers.", series=series.code)
            _fail(plan, contact, sentence, "no")


def _find_changes(session: Session, plan: Plan) -> None:
    """What the file says otherwise than the contacts that exist. Blank cells change nothing."""
    ids = [contact.existing_id for contact in plan.contacts if contact.existing_id is not None]
    if not ids or not plan.settings.update:
        return
    wanted = given_ids(session, ids)
    table = Contact.__table__
    stored = {row.id: row for row in session.execute(select(table).where(table.c.id.in_(select(wanted.c.value))))}
    heading_of = dict(zip(plan.settings.columns, plan.sheet.headings, strict=True))
    known, classified = ids_of_codes(session), stored_codes(session, ids)
    for contact in plan.contacts:
        if contact.existing_id is None:
            continue
        row = stored[contact.existing_id]
        contact.added = missing_codes(contact.codes, row, known, classified.get(contact.existing_id, {}))
        contact.changes = {
            key: value
            for key, value in contact.values.items()
            if key != "no" and value is not None and value != getattr(row, key)
        }
        company_id = contact.company.existing_id if contact.company else None
        if contact.type == PERSON and contact.company and row.company_id is not None and row.company_id != company_id:
            sentence = say(
                "%(name)s belongs to %(company)s; the import does not move people to another company.",
                name=row.name,
                company=row.company_name,
            )
            for row_no in contact.rows:
                plan.problems.append(Problem(row_no, heading_of.get("company_name", ""), sentence, error=False))
        elif contact.type == PERSON and company_id is not None and row.company_id is None:
            contact.changes["company_id"] = company_id


def describe_changes(contact: Planned) -> list[Any]:
    """The labels of the fields that would change."""
    return [LABELS[key] for key in contact.changes if key in LABELS]
