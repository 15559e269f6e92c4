"""The import itself: everything of the file in one transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.classification.kinds import BY_KEY, KINDS
from domain.contacts.create import new_contact
from domain.contacts.edit import edit_contact, touch
from domain.contacts.imports.codes import create_codes, ids_of_codes, insert_codes
from domain.contacts.imports.plan import CREATED, UPDATED, Plan, Planned, plan_import
from domain.contacts.imports.reading import Sheet, read_sheet
from domain.contacts.imports.settings import ImportSettings, split_markers
from domain.contacts.inheritance import fill_defaults, take_over
from domain.contacts.keys import refresh_emails_of, refresh_keys
from domain.contacts.models import COMPANY, PERSON, Contact, ContactImport, ContactImportRow
from domain.documents.models import Document
from domain.documents.store import read_document, store_document
from domain.errors import NotFound, RuleViolation
from domain.messages import say
from domain.setup.models import MarketingSetup
from domain.setup.numbers import take_numbers
from domain.setup.queries import marketing_setup

IN_BACKGROUND = 2_000
CHUNK = 2_000
Progress = Callable[[int, int], None]
_contact: Table = Contact.__table__  # type: ignore[assignment]
_COLUMNS = [column.name for column in _contact.columns if column.name not in ("id",)]


def begin_import(session: Session, data: bytes, *, file_name: str, by: Actor) -> ContactImport:
    """Takes in a file: read, columns guessed, blank markers of Marketing setup. Raises `RuleViolation` on the field "file"."""
    by.must_be_allowed("import contacts")
    sheet = read_sheet(data)
    settings = ImportSettings(blank_markers=split_markers(marketing_setup(session).blank_markers)).fitted_to(sheet)
    document = store_document(session, data, file_name=file_name, by=by)
    started = ContactImport(
        document_id=document.id,
        file_name=document.file_name if not file_name else file_name[-200:],
        settings=settings.to_json(),
        user_id=by.user_id,
        user_name=by.user_name,
        created_at=by.now,
    )
    session.add(started)
    session.flush()
    return started


def get_import(session: Session, import_id: int, *, by: Actor) -> ContactImport:
    """An import. Raises `NotFound`, `Forbidden`."""
    by.must_be_allowed("import contacts")
    found = session.get(ContactImport, import_id)
    if found is None:
        raise NotFound(say("There is no such import."))
    return found


def import_list(session: Session, *, by: Actor, limit: int = 50) -> list[ContactImport]:
    """The latest imports, newest first. Raises `Forbidden`."""
    by.must_be_allowed("import contacts")
    return list(session.scalars(select(ContactImport).order_by(ContactImport.id.desc()).limit(limit)))


def dry_run(session: Session, started: ContactImport) -> Plan:
    """What the import would do as it is set now."""
    settings = ImportSettings.from_json(started.settings)
    return plan_import(session, _sheet(_file(session, started), settings), settings)


def _file(session: Session, started: ContactImport) -> bytes:
    if started.document_id is None:
        raise RuleViolation(say("The file of this import was deleted after 90 days. Import it again."))
    return read_document(session, session.get_one(Document, started.document_id))


def change_settings(session: Session, started: ContactImport, settings: ImportSettings, *, by: Actor) -> None:
    """Other columns or options, before the import. When the delimiter or encoding changes, columns are guessed anew."""
    by.must_be_allowed("import contacts")
    _refuse_done(started)
    former = ImportSettings.from_json(started.settings)
    sheet = _sheet(_file(session, started), settings)
    if settings.delimiter != former.delimiter:
        settings.columns = []
    started.settings = settings.fitted_to(sheet).to_json()
    session.flush()


def run_import(
    session: Session, started: ContactImport, *, by: Actor, progress: Progress = lambda done, total: None
) -> Plan:
    """Imports the file: new contacts are inserted in bulk, changed ones edited, all or nothing.

    Companies come first, then their persons, which take over the company's data (contacts.md 2.1 A), then defaults (C).
    Raises `RuleViolation` when it was imported already.
    """
    by.must_be_allowed("import contacts")
    _refuse_done(started)
    plan = dry_run(session, started)
    setup, counts = marketing_setup(session), plan.counts
    changed = [contact for contact in plan.contacts if contact.outcome == UPDATED]
    made = create_codes(session, plan.new_codes)
    codes = ids_of_codes(session)
    for contact in plan.contacts:
        _give_field_codes(contact, codes)
    total = len(plan.contacts)
    objects: dict[int, Contact] = {}
    rows: list[dict[str, Any]] = []
    done = 0
    for kind in (COMPANY, PERSON):
        new = [c for c in plan.contacts if c.type == kind and c.existing_id is None]
        _load_companies(session, new, objects)
        for contact, no, series_id in _numbered(session, new, by=by):
            objects[id(contact)] = _made(contact, no, series_id, objects, setup, by=by)
        for chunk in _chunks(new):
            _insert(session, chunk, objects)
            insert_codes(session, [(c.existing_id, c.codes) for c in chunk if c.existing_id is not None], codes)
            rows += [_row(started, contact, CREATED, contact.existing_id) for contact in chunk]
            done += len(chunk)
            progress(done, total)
    rows += [_update(session, started, contact, codes, by=by) for contact in changed]
    if rows:
        session.execute(insert(ContactImportRow), rows)
    created = select(ContactImportRow.contact_id).where(
        ContactImportRow.import_id == started.id, ContactImportRow.outcome == CREATED
    )
    session.execute(
        update(_contact).where(_contact.c.id.in_(created), _contact.c.type == COMPANY).values(company_id=_contact.c.id)
    )
    refresh_emails_of(session, created)
    started.state = "done"
    started.finished_at = by.now
    started.counts = json.dumps(
        {
            **counts,
            "failed": len(plan.failed_rows),
            "codes": made,
            "problems": [[p.row_no, p.heading, by.write(p.message)] for p in plan.problems if p.error],
        }
    )
    session.flush()
    session.expire_all()
    return plan


def _sheet(data: bytes, settings: ImportSettings) -> Sheet:
    return read_sheet(
        data, encoding=settings.encoding, delimiter=settings.delimiter, plain_quotes=settings.plain_quotes
    )


def _refuse_done(started: ContactImport) -> None:
    if started.state not in ("draft", "running"):
        raise RuleViolation(say("This file has been imported already. Upload it again to import it once more."))


def _numbered(session: Session, new: list[Planned], *, by: Actor) -> Iterator[tuple[Planned, str, int | None]]:
    """Each new contact with its number: the one in the file, else the next of the series."""
    unnumbered = [contact for contact in new if not contact.values.get("no")]
    typed = select(Contact.no)
    numbers, series_id = (
        take_numbers(session, "contact", len(unnumbered), by=by, used=typed) if unnumbered else ([], None)
    )
    given = {contact.values["no"].upper() for contact in new if contact.values.get("no")}
    while clash := [i for i, no in enumerate(numbers) if no in given]:
        fresh, series_id = take_numbers(session, "contact", len(clash), by=by, used=typed)
        for i, no in zip(clash, fresh, strict=True):
            numbers[i] = no
    drawn = iter(numbers)
    for contact in new:
        if contact.values.get("no"):
            yield contact, str(contact.values["no"]).upper(), None
        else:
            yield contact, next(drawn), series_id


def _load_companies(session: Session, new: list[Planned], objects: dict[int, Contact]) -> None:
    """Companies that exist already, for the persons that join them."""
    wanted = {c.company.existing_id: id(c.company) for c in new if c.company and id(c.company) not in objects}
    ids = [key for key in wanted if key is not None]
    for start in range(0, len(ids), CHUNK):
        for company in session.scalars(select(Contact).where(Contact.id.in_(ids[start : start + CHUNK]))):
            objects[wanted[company.id]] = company


def _made(
    planned: Planned, no: str, series_id: int | None, objects: dict[int, Contact], setup: MarketingSetup, *, by: Actor
) -> Contact:
    """A new contact in memory, complete."""
    contact = new_contact({"type": planned.type, **{k: v for k, v in planned.values.items() if k != "no"}})
    company = objects.get(id(planned.company)) if planned.company else None
    own = {key: value for key, value in planned.values.items() if value not in (None, "")}
    if company is not None:
        take_over(contact, company, setup)
        for key in ("country_id", "language_id", "salesperson_id", "territory_id"):
            if key in own:
                setattr(contact, key, own[key])
    fill_defaults(contact, setup, salesperson_id=by.salesperson_id)
    contact.no, contact.number_series_id = no, series_id
    contact.created_at = contact.modified_at = by.now
    contact.modified_by = by.user_name[:50]
    refresh_keys(contact, company)
    return contact


def _insert(session: Session, chunk: list[Planned], objects: dict[int, Contact]) -> None:
    """Inserts new contacts and remembers their ids."""
    values = []
    for planned in chunk:
        contact = objects[id(planned)]
        row = {name: getattr(contact, name) for name in _COLUMNS}
        if planned.company is not None:
            row["company_id"] = planned.company.existing_id
        row["version"] = 1
        values.append(row)
    ids = session.scalars(insert(_contact).returning(_contact.c.id, sort_by_parameter_order=True), values).all()
    for planned, contact_id in zip(chunk, ids, strict=True):
        planned.existing_id = contact_id


def _give_field_codes(planned: Planned, codes: dict[str, dict[str, int]]) -> None:
    """Level and territory are fields of the contact: their ids become values of it."""
    for kind in KINDS:
        if kind.field and kind.key in planned.codes:
            planned.values[kind.field] = codes[kind.key][next(iter(planned.codes[kind.key]))]
            if kind.key in planned.added:
                planned.changes[kind.field] = planned.values[kind.field]


def _update(
    session: Session, started: ContactImport, planned: Planned, codes: dict[str, dict[str, int]], *, by: Actor
) -> dict[str, Any]:
    """Edits a contact that exists, by the same rules as its card."""
    contact = session.get_one(Contact, planned.existing_id)
    before: dict[str, Any] = {key: getattr(contact, key) for key in planned.changes}
    edit_contact(session, contact, planned.changes, by=by)
    if added := {key: found for key, found in planned.added.items() if BY_KEY[key].link is not None}:
        insert_codes(session, [(contact.id, added)], codes)
        before["codes"] = {key: sorted(codes[key][one] for one in found) for key, found in added.items()}
        touch(contact, by=by)
        session.flush()
    row = _row(started, planned, UPDATED, contact.id)
    return row | {"before": json.dumps(before), "contact_version": contact.version}


def _row(started: ContactImport, planned: Planned, outcome: str, contact_id: int | None) -> dict[str, Any]:
    return {
        "import_id": started.id,
        "row_no": planned.rows[0],
        "contact_id": contact_id,
        "outcome": outcome,
        "before": "",
        "contact_version": 1,
    }


def _chunks(items: list[Planned]) -> Iterator[list[Planned]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
