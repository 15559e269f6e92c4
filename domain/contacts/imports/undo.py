"""*Undo this import*: new contacts go, changed ones get their former values back, unless somebody has used them since."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, exists, select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.classification.kinds import ASSIGNED
from domain.contacts.edit import edit_contact, touch
from domain.contacts.imports.codes import remove_created_codes, take_codes_back
from domain.contacts.imports.plan import CREATED, UPDATED
from domain.contacts.models import COMPANY, PERSON, Contact, ContactImport, ContactImportRow
from domain.errors import RuleViolation
from domain.messages import say
from domain.references import delete_row, references_to

CHUNK = 500
_contact: Table = Contact.__table__  # type: ignore[assignment]
# what belongs to a contact from the moment it is imported and goes with it without question
_ITS_OWN = {"contact_email", "contact_import_row", *(kind.links.name for kind in ASSIGNED)}


@dataclass(frozen=True)
class Undone:
    """What came of it: contacts removed, contacts restored, contacts kept because they were changed or used since."""

    removed: int
    restored: int
    kept: int


def undo_import(session: Session, done: ContactImport, *, by: Actor) -> Undone:
    """Takes an import back. Contacts changed or used since then stay as they are. Raises `RuleViolation` when it is undone."""
    by.must_be_allowed("import contacts")
    if done.state != "done":
        raise RuleViolation(say("Only a finished import can be undone, and only once."))
    if done.document_id is None:
        raise RuleViolation(say("An import can be undone for 90 days: after that its former values are deleted."))
    restored = _restore(session, done, by=by)
    removable = _removable(session, done)
    created = _count(session, done, CREATED)
    for kind in (PERSON, COMPANY):
        ids = [contact_id for contact_id, type_ in removable if type_ == kind]
        if kind == COMPANY:
            ids = _without_persons(session, ids)
            removable = [(i, t) for i, t in removable if t == PERSON or i in set(ids)]
        for start in range(0, len(ids), CHUNK):
            delete_row(session, _contact, ids[start : start + CHUNK], name=done.file_name)
    remove_created_codes(session, json.loads(done.counts).get("codes", {}))
    done.state = "undone"
    done.undone_at = by.now
    session.flush()
    kept = created - len(removable) + _count(session, done, UPDATED) - restored
    return Undone(len(removable), restored, kept)


def _count(session: Session, done: ContactImport, outcome: str) -> int:
    rows = select(ContactImportRow.id).where(ContactImportRow.import_id == done.id, ContactImportRow.outcome == outcome)
    return len(session.scalars(rows).all())


def _removable(session: Session, done: ContactImport) -> list[tuple[int, str]]:
    """Created contacts that nobody has changed since and nothing outside the import points to."""
    rows = (
        select(Contact.id, Contact.type)
        .join(ContactImportRow, ContactImportRow.contact_id == Contact.id)
        .where(
            ContactImportRow.import_id == done.id,
            ContactImportRow.outcome == CREATED,
            Contact.version == ContactImportRow.contact_version,
        )
    )
    for column, _ in references_to(_contact):
        if column.table is not _contact and column.table.name not in _ITS_OWN:
            rows = rows.where(~exists(select(column.table.c.id).where(column == Contact.id)))
    other = ContactImportRow.__table__.alias("other_import")
    rows = rows.where(~exists(select(other.c.id).where(other.c.contact_id == Contact.id, other.c.import_id != done.id)))
    return [(row[0], row[1]) for row in session.execute(rows)]


def _without_persons(session: Session, ids: list[int]) -> list[int]:
    """Companies that have no persons left."""
    left: list[int] = []
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        busy = set(
            session.scalars(
                select(Contact.company_id).where(Contact.company_id.in_(chunk), Contact.type == PERSON).distinct()
            )
        )
        left += [i for i in chunk if i not in busy]
    return left


def _restore(session: Session, done: ContactImport, *, by: Actor) -> int:
    """Gives changed contacts their former values back; a field changed again since then is left alone."""
    restored = 0
    rows = session.scalars(
        select(ContactImportRow).where(ContactImportRow.import_id == done.id, ContactImportRow.outcome == UPDATED)
    ).all()
    for row in rows:
        contact = session.get(Contact, row.contact_id) if row.contact_id else None
        if contact is None or contact.version != row.contact_version:
            continue
        before: dict[str, Any] = json.loads(row.before)
        if added := before.pop("codes", None):
            take_codes_back(session, contact.id, added)
            touch(contact, by=by)
        edit_contact(session, contact, before, by=by)
        restored += 1
    return restored
