"""Export contacts: the list of a segment as CSV or XLSX, one row per line (R-EX01)."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

import xlsxwriter
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from domain.accounts.actor import Actor
from domain.contacts.classification.models import OrganizationalLevel, Territory
from domain.contacts.fields import LABELS
from domain.contacts.filter_fields import CONTACT_TYPE_OPTIONS, CORRESPONDENCE_TYPE_OPTIONS
from domain.contacts.models import Salutation
from domain.errors import RuleViolation
from domain.messages import Message, say
from domain.segments.effective import (
    LIVE,
    campaign,
    company,
    contact,
    country,
    effective,
    language,
    line,
    salesperson,
    template,
)
from domain.segments.models import ContactExport, Segment
from domain.setup.models import Language, Salesperson

CSV, XLSX = "csv", "xlsx"
MOST_XLSX_ROWS = 1_048_575
_AT_ONCE = 1_000
# what a spreadsheet takes for a formula; a sign followed by a plain number or phone number is none
_STARTS_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_NUMBER = re.compile(r"[+-]\d[\d .,()\u00a0\u202f’]*")
_ADDED_BY_LINES = (
    ("description", say("Description")),
    ("template", say("Interaction template")),
    ("correspondence_type", say("Correspondence type")),
    ("language", say("Language code")),
    ("date", say("Date")),
    ("salesperson", say("Salesperson")),
    ("campaign", say("Campaign")),
    ("subject", say("Subject")),
    ("comment", say("Comment")),
)

_own_language = aliased(Language, name="own_language")
_own_salesperson = aliased(Salesperson, name="own_salesperson")
_salutation = aliased(Salutation, name="salutation")
_level = aliased(OrganizationalLevel, name="level")
_territory = aliased(Territory, name="territory")

_CONTACT: tuple[tuple[str, Message, Any], ...] = (
    ("no", LABELS["no"], contact.no),
    ("external_id", LABELS["external_id"], contact.external_id),
    ("name", LABELS["name"], contact.name),
    ("name_2", LABELS["name_2"], contact.name_2),
    ("address", LABELS["address"], contact.address),
    ("address_2", LABELS["address_2"], contact.address_2),
    ("county", LABELS["county"], contact.county),
    ("post_code", LABELS["post_code"], contact.post_code),
    ("city", LABELS["city"], contact.city),
    ("country", LABELS["country_id"], country.code),
    ("phone", LABELS["phone"], contact.phone),
    ("fax", LABELS["fax"], contact.fax),
    ("territory", say("Territory"), _territory.code),
    ("language", LABELS["language_id"], _own_language.code),
    ("salesperson", LABELS["salesperson_id"], _own_salesperson.code),
    ("vat_no", LABELS["vat_no"], contact.vat_no),
    ("email", LABELS["email"], contact.email),
    ("home_page", LABELS["home_page"], contact.home_page),
    ("type", LABELS["type"], contact.type),
    ("company_name", LABELS["company_name"], contact.company_name),
    ("company_no", say("Company No."), company.no),
    ("first_name", LABELS["first_name"], contact.first_name),
    ("middle_name", LABELS["middle_name"], contact.middle_name),
    ("surname", LABELS["surname"], contact.surname),
    ("job_title", LABELS["job_title"], contact.job_title),
    ("initials", LABELS["initials"], contact.initials),
    ("mobile", LABELS["mobile"], contact.mobile),
    ("organizational_level", say("Organisational level"), _level.code),
    ("exclude_from_segment", LABELS["exclude_from_segment"], contact.exclude_from_segment),
    ("correspondence_type", LABELS["correspondence_type"], contact.correspondence_type),
    ("salutation", LABELS["salutation_id"], _salutation.code),
)


@dataclass(frozen=True)
class Exportable:
    """How many rows an export has, and how many lines it leaves out because their contact is blocked for privacy."""

    rows: int
    blocked: int


def look_at_export(session: Session, segment: Segment, *, by: Actor) -> Exportable:
    """What an export would hold (B2). Lines without contact are no rows. Raises `Forbidden`."""
    by.must_be_allowed("export contacts")
    counted = effective(using=("contact",)).where(line.segment_id == segment.id, LIVE, line.contact_id.is_not(None))
    blocked = session.scalar(counted.with_only_columns(func.count()).where(contact.privacy_blocked.is_(True))) or 0
    every = session.scalar(counted.with_only_columns(func.count())) or 0
    return Exportable(every - blocked, blocked)


def last_export(session: Session, segment: Segment) -> ContactExport | None:
    """Who exported the contacts of a segment last."""
    newest = select(ContactExport).where(ContactExport.segment_id == segment.id).order_by(ContactExport.id.desc())
    return session.scalar(newest.limit(1))


def record_export(session: Session, segment: Segment, file_format: str, *, by: Actor) -> ContactExport:
    """Notes that the user exports the contacts now. Raises `Forbidden`, `RuleViolation` on the field "format"."""
    if file_format not in (CSV, XLSX):
        raise RuleViolation(say("Choose a file format."), field="format")
    found = look_at_export(session, segment, by=by)
    if file_format == XLSX and found.rows > MOST_XLSX_ROWS:
        raise RuleViolation(
            say("An XLSX file holds at most %(most)s rows. Choose CSV.", most=MOST_XLSX_ROWS), field="format"
        )
    done = ContactExport(
        segment_id=segment.id,
        segment_no=segment.no,
        user_id=by.user_id,
        user_name=by.user_name,
        at=by.now,
        format=file_format,
        rows=found.rows,
    )
    session.add(done)
    session.flush()
    return done


def headings(by: Actor) -> list[str]:
    """The first row, in the user's language."""
    of_line = (by.write(say("Line: %(field)s", field=by.write(label))) for _, label in _ADDED_BY_LINES)
    return [*(by.write(label) for _, label, _ in _CONTACT), *of_line]


def export_rows(session: Session, segment: Segment, *, by: Actor) -> Iterator[list[Any]]:
    """The rows in the order of the lines, a thousand at a time: texts, and dates of lines."""
    using = ("contact", "country", "company", "template", "language", "salesperson", "campaign")
    values = ("description", "correspondence_type", "date", "subject")
    columns = [
        *(expression.label(f"contact_{key}") for key, _, expression in _CONTACT),
        template.code.label("template"),
        language.code.label("language"),
        salesperson.code.label("salesperson"),
        campaign.no.label("campaign"),
        line.comment.label("comment"),
    ]
    statement = (
        effective(*values, using=using)
        .outerjoin(_own_language, _own_language.id == contact.language_id)
        .outerjoin(_own_salesperson, _own_salesperson.id == contact.salesperson_id)
        .outerjoin(_salutation, _salutation.id == contact.salutation_id)
        .outerjoin(_level, _level.id == contact.organizational_level_id)
        .outerjoin(_territory, _territory.id == contact.territory_id)
        .add_columns(*columns)
        .where(line.segment_id == segment.id, LIVE, contact.privacy_blocked.is_(False))
        .order_by(line.line_no)
    )
    words = _words(by)
    names = [*(f"contact_{key}" for key, _, _ in _CONTACT), *(key for key, _ in _ADDED_BY_LINES)]
    for row in session.execute(statement.execution_options(yield_per=_AT_ONCE)).mappings():
        yield [words[name].get(row[name], "") if name in words else _plain(row[name]) for name in names]


def write_csv(session: Session, segment: Segment, file: IO[bytes], *, separator: str, by: Actor) -> None:
    """UTF-8 with a byte order mark, so that spreadsheets see the letters right; formulas are defused."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=separator)
    writer.writerow([defused(heading) for heading in headings(by)])
    for row in export_rows(session, segment, by=by):
        writer.writerow([value.isoformat() if isinstance(value, dt.date) else defused(value) for value in row])
    text.flush()
    text.detach()


def write_xlsx(session: Session, segment: Segment, file: IO[bytes], *, by: Actor) -> None:
    """A workbook of one sheet. Every text is stored as text, also one that looks like a formula or a link."""
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    sheet = book.add_worksheet()
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.freeze_panes(1, 0)
    for column, heading in enumerate(headings(by)):
        sheet.write_string(0, column, heading, bold)
    for number, row in enumerate(export_rows(session, segment, by=by), 1):
        for column, value in enumerate(row):
            if isinstance(value, dt.date):
                sheet.write_datetime(number, column, value, day)
            elif value:
                sheet.write_string(number, column, value)
    book.close()


def defused(text: str) -> str:
    """A text that a spreadsheet does not run: behind an apostrophe if it would be a formula. Numbers stay."""
    if text.lstrip(" ").startswith(_STARTS_FORMULA) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def _plain(value: Any) -> Any:
    return value if isinstance(value, dt.date) else str(value or "")


def _words(by: Actor) -> dict[str, dict[Any, str]]:
    """Values that are keys, in the user's words."""
    types = {key: by.write(name) if key else "" for key, name in CORRESPONDENCE_TYPE_OPTIONS.items()}
    return {
        "contact_type": {key: by.write(name) for key, name in CONTACT_TYPE_OPTIONS.items()},
        "contact_exclude_from_segment": {True: by.write(say("Yes")), False: by.write(say("No"))},
        "contact_correspondence_type": types,
        "correspondence_type": types,
    }
