"""Letters of logged interactions: from the raw values of an entry to the Word file as it was sent (A6)."""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select, update
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.campaigns.models import Campaign
from domain.contacts.models import Contact
from domain.contacts.salutations import unpacked
from domain.documents.models import Document
from domain.documents.store import read_document
from domain.errors import NotFound
from domain.interactions.delivery import ON_PAPER
from domain.interactions.evaluation_words import evaluation_word
from domain.interactions.models import InteractionLogEntry, LetterValues, LoggedSegment, LoggedSegmentValues
from domain.interactions.selection import Selection
from domain.letters.address_block import Country as CountryFacts
from domain.letters.compiled_letter import CompiledLetter
from domain.letters.letter_files import letter_name, safe_name
from domain.letters.salutations import Formula
from domain.letters.upload import letter_of
from domain.letters.values import RawValues, finished_values
from domain.messages import say
from domain.setup.models import CompanyInformation, Country

ROWS_AT_ONCE = 500
COMPANY_FIELDS = (
    "name",
    "name_2",
    "address",
    "address_2",
    "post_code",
    "city",
    "county",
    "vat_no",
    "registration_no",
    "phone",
    "fax",
    "email",
    "home_page",
    "bank_branch_no",
    "bank_name",
    "bank_account_no",
    "giro_no",
    "iban",
    "swift",
)


@dataclass(frozen=True)
class Letter:
    """A file for a contact, and the name it is saved under."""

    file_name: str
    content: bytes


@dataclass(frozen=True)
class LetterRow:
    """One letter to be made: whose it is, the document it is made from, and its texts (tag → text)."""

    no: int
    contact_no: str
    contact_name: str
    company_name: str
    document_id: int
    values: Mapping[str, str]

    @property
    def name(self) -> str:
        """The name of the contact's file, without extension (R-DL03)."""
        return letter_name(company=self.company_name, name=self.contact_name, no=self.contact_no)


def merged(session: Session, row: LetterRow) -> bytes:
    """The letter of a row as .docx. Raises `RuleViolation` when the stored document cannot be read."""
    return letter_of(session, session.get_one(Document, row.document_id)).letter(row.values)


def printable(session: Session, row: LetterRow) -> tuple[CompiledLetter, Mapping[str, str]]:
    """The compiled document of a row and its texts, as print files take them. Raises as `merged`."""
    return letter_of(session, session.get_one(Document, row.document_id)), row.values


def size_of_documents(session: Session, entries: Select[int]) -> int:
    """How many bytes the documents of these entries have together; one that is used twice counts twice."""
    entry = InteractionLogEntry
    sizes = select(func.sum(Document.size)).join(entry, entry.document_id == Document.id)
    return int(session.scalar(sizes.where(entry.id.in_(entries))) or 0)


def shared_values(session: Session, *, today: dt.date) -> dict[str, Any]:
    """What all letters of a piece of work share: company information, campaign descriptions, the day (A6)."""
    office = session.get_one(CompanyInformation, 1)
    company = {name: getattr(office, name) for name in COMPANY_FIELDS}
    company["country_code"] = office.country.code if office.country else ""
    return {"company": company, "today": today.isoformat()}


def country_facts(session: Session) -> dict[str, CountryFacts]:
    """Country code → how its addresses are written and what it is called."""
    found = session.execute(select(Country.code, Country.iso_code, Country.address_format, Country.name))
    return {
        code: CountryFacts(iso_code=iso_code, address_format=address_format, name=name)
        for code, iso_code, address_format, name in found
    }


def texts_of(
    raw: Mapping[str, Any], shared: Mapping[str, Any], countries: Mapping[str, CountryFacts]
) -> dict[str, str]:
    """Tag → text of one letter. `raw`: columns of `letter_values` and of the entry (or line), see `RawValues`."""
    formulas: dict[str, str] = {}
    for kind in ("formal_formula", "informal_formula"):
        formula = unpacked(raw[kind])
        formulas[kind] = Formula(formula.text, formula.names).stored() if formula else ""
    values = RawValues(**{**raw, **formulas})  # type: ignore[typeddict-item]
    values["evaluation"] = evaluation_word(raw["evaluation"], raw["locale"])
    values["company"] = shared["company"]
    values["today"] = shared["today"]
    values["campaign_description"] = shared.get("campaigns", {}).get(raw["campaign_no"], "")
    return finished_values(values, raw["locale"] or "en-GB", countries=countries)


def _raw_columns() -> Select[*tuple[Any, ...]]:
    """The raw and finished values of entries with the entry's own facts; the latest row of values of each entry."""
    entry, values = InteractionLogEntry, LetterValues
    raw = [column for column in values.__table__.columns if column.name not in ("id", "entry_id", "values_id")]
    newest = select(func.max(LetterValues.id)).where(LetterValues.entry_id == entry.id).correlate(entry)
    return (
        select(
            *raw,
            values.id.label("letter_values_id"),
            values.values_id,
            entry.id.label("entry_id"),
            entry.entry_no,
            entry.date.label("document_date"),
            entry.segment_no,
            entry.description,
            entry.subject,
            entry.evaluation,
            entry.contact_name.label("entry_contact_name"),
            entry.company_name.label("entry_company_name"),
            entry.contact_no.label("entry_contact_no"),
            entry.document_id,
            func.coalesce(Campaign.no, "").label("campaign_no"),
        )
        .join(values, values.id == newest.scalar_subquery())
        .outerjoin(Campaign, Campaign.id == entry.campaign_id)
    )


class _Finishing:
    """Makes texts of rows; keeps what rows share."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._countries = country_facts(session)
        self._shared: dict[int | None, dict[str, Any]] = {}

    def texts(self, row: Row[Any]) -> dict[str, str]:
        """The finished texts as they were stored, else made from the raw values."""
        if row.finished is not None:
            return unpack_texts(row.finished)
        return texts_of(row._asdict(), self._shared_values(row.values_id), self._countries)

    def _shared_values(self, values_id: int | None) -> dict[str, Any]:
        if values_id not in self._shared:
            stored = self._session.get(LoggedSegmentValues, values_id) if values_id else None
            if stored is None:
                raise NotFound(say("The values of this letter are not there any more."))
            self._shared[values_id] = json.loads(stored.values)
        return self._shared[values_id]


def pack_texts(texts: Mapping[str, str]) -> bytes:
    """Finished texts as they are stored: compressed JSON, in order."""
    return zlib.compress(json.dumps(texts, ensure_ascii=False).encode())


def unpack_texts(packed: bytes) -> dict[str, str]:
    """What `pack_texts` stored."""
    texts: dict[str, str] = json.loads(zlib.decompress(packed))
    return texts


def letter_of_entry(session: Session, entry: InteractionLogEntry) -> Letter:
    """The letter of an entry, as it was sent or as it will be (A6). A document that is no Word file is given as it is.

    Raises `NotFound` when the entry has no document.
    """
    document = entry.document
    if document is None:
        raise NotFound(say("The interaction %(no)s has no document.", no=entry.entry_no))
    name = letter_name(company=entry.company_name, name=entry.contact_name, no=entry.contact_no)
    row = session.execute(_raw_columns().where(InteractionLogEntry.id == entry.id)).one_or_none()
    if row is None or not document.is_word:
        return Letter(
            safe_name(name, f".{document.extension}" if document.extension else ""), read_document(session, document)
        )
    return Letter(safe_name(name), letter_of(session, document).letter(_Finishing(session).texts(row)))


def letter_text_values(session: Session, entry: InteractionLogEntry) -> dict[str, str]:
    """Tag → text of an entry's letter. Raises `NotFound` when the entry has no letter."""
    row = session.execute(_raw_columns().where(InteractionLogEntry.id == entry.id)).one_or_none()
    if row is None:
        raise NotFound(say("The interaction %(no)s has no document.", no=entry.entry_no))
    return _Finishing(session).texts(row)


def to_print(logged: LoggedSegment | None = None, *, statuses: tuple[str, ...] = ("to_print",)) -> Select[int]:
    """The ids of letters on paper in these states: Word documents, not cancelled, contact not blocked (B2).

    `logged` limits it to a logged segment.
    """
    entry = InteractionLogEntry
    blocked = select(Contact.id).where(Contact.id == entry.contact_id, Contact.privacy_blocked.is_(True)).exists()
    chosen = (
        select(entry.id)
        .join(Document, Document.id == entry.document_id)
        .where(
            entry.correspondence_type.in_(ON_PAPER),
            entry.delivery_status.in_(statuses),
            entry.canceled.is_(False),
            Document.is_word.is_(True),
            ~blocked,
        )
    )
    return chosen.where(entry.logged_segment_id == logged.id) if logged is not None else chosen


def print_rows(session: Session, entries: Selection) -> Iterator[LetterRow]:
    """The letters of these entries in the order they were logged (line order), a few at a time, with their texts."""
    finishing = _Finishing(session)
    rows = session.execute(
        _raw_columns()
        .where(InteractionLogEntry.id.in_(entries), InteractionLogEntry.document_id.is_not(None))
        .order_by(InteractionLogEntry.entry_no),
        execution_options={"yield_per": ROWS_AT_ONCE},
    )
    for row in rows:
        yield LetterRow(
            no=row.entry_no,
            contact_no=row.entry_contact_no,
            contact_name=row.entry_contact_name,
            company_name=row.entry_company_name,
            document_id=row.document_id,
            values=finishing.texts(row),
        )


def finish_letters(session: Session, entries: Selection, *, by: Actor) -> int:
    """Stores the finished texts of letters that are about to be delivered; from now on they never change (A6).

    Letters finished before stay as they are. Returns how many were finished now.
    """
    by.must_be_allowed("print letters")
    finishing = _Finishing(session)
    unfinished = (
        _raw_columns()
        .add_columns(Document.sha256.label("document_sha256"))
        .join(Document, Document.id == InteractionLogEntry.document_id)
        .where(InteractionLogEntry.id.in_(entries), LetterValues.finished.is_(None))
        .order_by(LetterValues.id)
        .limit(ROWS_AT_ONCE)
    )
    store = (
        update(LetterValues)
        .where(LetterValues.id == bindparam("row_id"), LetterValues.finished.is_(None))
        .values(finished=bindparam("texts"), sha256=bindparam("digest"))
    )
    done = last = 0
    while rows := session.execute(unfinished.where(LetterValues.id > last)).all():
        session.connection().execute(
            store,
            [
                {
                    "row_id": row.letter_values_id,
                    "texts": pack_texts(finishing.texts(row)),
                    "digest": row.document_sha256,
                }
                for row in rows
            ],
        )
        last = rows[-1].letter_values_id
        done += len(rows)
    return done
