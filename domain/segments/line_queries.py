"""What the worksheet shows of its lines: pages, the pane beside (A1, section E).

A page is found in two steps: the ids of its lines in order, then the values of these lines only (performance.md 1). In
one statement PostgreSQL would now and then work out the values of all lines.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, bindparam, func, select, tuple_
from sqlalchemy.orm import Session

from domain.contacts.models import Contact
from domain.database import folded, read_rows
from domain.interactions.models import InteractionLogEntry
from domain.interactions.queries import contact_timeline, of_contact
from domain.segments.effective import (
    LIVE,
    alt_address,
    campaign,
    contact,
    document,
    effective,
    language,
    line,
    salesperson,
    template,
    value,
)
from domain.segments.models import ABSENT_COLUMNS, OWN_COLUMNS, Segment
from domain.segments.problems import PROBLEMS, needs_of, problem_columns
from domain.segments.selection import LineFilter, filtered_lines

PAGE = 100
_VALUES = (
    "description",
    "subject",
    "salesperson_id",
    "correspondence_type",
    "language_id",
    "date",
    "cost",
    "duration",
    "information_flow",
    "initiated_by",
    "campaign_id",
    "campaign_target",
    "campaign_response",
    "send_as_attachment",
    "alt_address_id",
    "document_id",
    "template_id",
    "mail_to",
)
_TABLES = ("contact", "template", "salesperson", "language", "campaign", "document", "alt_address")

_SORTS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "line_no": (line.line_no, ()),
    "contact_no": (func.coalesce(contact.no, ""), ("contact",)),
    "name": (func.coalesce(contact.sort_key, ""), ("contact",)),
    "name_sv": (func.coalesce(contact.sort_key_sv, ""), ("contact",)),
    "company": (func.coalesce(contact.list_key, ""), ("contact",)),
    "company_sv": (func.coalesce(contact.list_key_sv, ""), ("contact",)),
    "description": (folded(value("description")), ("description",)),
    "subject": (folded(value("subject")), ("subject",)),
    "correspondence_type": (value("correspondence_type"), ("correspondence_type",)),
    "template": (func.coalesce(template.code, ""), ("template",)),
    "language": (func.coalesce(language.code, ""), ("language",)),
    "salesperson": (func.coalesce(salesperson.code, ""), ("salesperson",)),
    "date": (value("date"), ("date",)),
    "cost": (value("cost"), ("cost",)),
    "duration": (value("duration"), ("duration",)),
    "evaluation": (line.evaluation, ()),
}
SORTS = tuple(_SORTS)
SHARED = slice(7, None)
"""The part of a page's row that lines may have in common, all but the line and its contact; see `page_rows`."""


@dataclass(frozen=True)
class LinePage:
    """Rows of a page in order, and the places before and after it (None: there is nothing).

    A row has `id`, `line_no`, `contact_…`, and from `own_interaction_id` on what lines may share: the effective values
    that a page shows, the own ones as `own_…`, the comment and `problem_…` flags (`problems_of`).
    """

    rows: list[Row[Any]]
    previous: str | None
    next: str | None


def line_page(
    session: Session,
    segment: Segment,
    which: LineFilter | None = None,
    *,
    sort: str = "line_no",
    descending: bool = False,
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE,
) -> LinePage:
    """A page of lines, paged by key: `after` and `before` are places of a `LinePage`; others mean the beginning.

    `sort` is one of `SORTS` (anything else: line number); equal lines follow each other by line number.
    """
    sort = sort if sort in _SORTS else "line_no"
    key, _ = _SORTS[sort]
    backwards = before is not None
    place = _place(before if backwards else after, key)
    which = which or LineFilter()
    down = descending != (backwards and place is not None)
    if which.is_everything:
        statement = _ids_of_all(sort, down, place is not None)
    else:
        statement = _ids(filtered_lines(segment, which, using=_SORTS[sort][1]), sort, down, place is not None)
    at, at_no = place or (None, None)
    keys = read_rows(session, statement, {"segment": segment.id, "at": at, "at_no": at_no, "size": size + 1})
    more = len(keys) > size
    keys = keys[:size]
    if place is None:
        backwards = False
    if backwards:
        keys.reverse()
    if not keys:
        return LinePage([], None, None)
    rows = {row.id: row for row in read_rows(session, _rows_of_page(), {"ids": [one.id for one in keys]})}
    return LinePage(
        rows=[rows[one.id] for one in keys if one.id in rows],
        previous=_written(keys[0]) if (more if backwards else place is not None) else None,
        next=_written(keys[-1]) if (True if backwards else more) else None,
    )


@cache
def _ids_of_all(sort: str, down: bool, placed: bool) -> Select[Any]:
    all_lines = effective(using=_SORTS[sort][1]).where(line.segment_id == bindparam("segment", type_=Integer), LIVE)
    return _ids(all_lines, sort, down, placed)


def _ids(lines: Select[Any], sort: str, down: bool, placed: bool) -> Select[Any]:
    """The ids of a page of these lines in order; parameters: size and, when `placed`, at and at_no."""
    key = _SORTS[sort][0]
    found = lines.add_columns(line.id, key.label("sort_value"), line.line_no)
    if placed:
        at = tuple_(key, line.line_no)
        place = tuple_(bindparam("at", type_=key.type), bindparam("at_no", type_=Integer))
        found = found.where(at < place if down else at > place)
    order = [one.desc() if down else one for one in ((line.line_no,) if key is line.line_no else (key, line.line_no))]
    return found.order_by(*order).limit(bindparam("size", type_=Integer))


@cache
def _rows_of_page() -> Select[Any]:
    return page_rows().where(line.id.in_(bindparam("ids", expanding=True)))


def _written(key: Any) -> str:
    shown = key.sort_value.isoformat() if isinstance(key.sort_value, dt.date) else key.sort_value
    return json.dumps([shown, key.line_no], ensure_ascii=False)


def _place(text: str | None, key: ColumnElement[Any]) -> tuple[Any, int] | None:
    """The place a page was left at, checked: it comes back from the browser."""
    if text is None or "\x00" in text:
        return None
    try:
        shown, line_no = json.loads(text)
        kind = key.type.python_type
        given = dt.date.fromisoformat(shown) if kind is dt.date else shown
    except (ValueError, TypeError, RecursionError):
        return None
    whole = isinstance(line_no, int) and not isinstance(line_no, bool) and abs(line_no) < 2**62
    if not whole or not isinstance(given, kind) or (kind is int and abs(given) >= 2**62):
        return None
    return given, line_no


def page_rows() -> Select[Any]:
    """The columns of a page's rows; see `LinePage`."""
    tables = ("contact", "template", "language", *needs_of(*PROBLEMS), "subject")
    return effective(using=(*tables, "description", "correspondence_type", "date", "document_id")).add_columns(
        line.id,
        line.line_no,
        line.contact_id,
        contact.no.label("contact_no"),
        contact.name.label("contact_name"),
        contact.type.label("contact_type"),
        contact.company_name.label("contact_company_name"),
        line.interaction_id.label("own_interaction_id"),
        template.code.label("template_code"),
        line.description.label("own_description"),
        value("description").label("description"),
        line.correspondence_type.label("own_correspondence_type"),
        value("correspondence_type").label("correspondence_type"),
        line.language_id.label("own_language_id"),
        language.code.label("language_code"),
        line.date.label("own_date"),
        value("date").label("date"),
        line.document_id.label("own_document_id"),
        value("document_id").label("document_id"),
        (line.comment != "").label("has_comment"),
        *problem_columns(),
    )


def line_rows() -> Select[Any]:
    """Everything about lines: contact, effective values and codes, own values as `own_…`, plain fields, `problem_…`."""
    own = [getattr(line, name).label(f"own_{name}") for name in OWN_COLUMNS]
    return effective(*_VALUES, using=(*_TABLES, *needs_of(*PROBLEMS))).add_columns(
        line.id,
        line.line_no,
        line.version,
        line.contact_id,
        contact.no.label("contact_no"),
        contact.type.label("contact_type"),
        contact.name.label("contact_name"),
        contact.company_name.label("contact_company_name"),
        contact.city.label("contact_city"),
        contact.email.label("contact_email"),
        contact.phone.label("contact_phone"),
        contact.mobile.label("contact_mobile"),
        template.code.label("template_code"),
        salesperson.code.label("salesperson_code"),
        salesperson.name.label("salesperson_name"),
        language.code.label("language_code"),
        campaign.no.label("campaign_no"),
        document.file_name.label("document_name"),
        document.is_word.label("document_is_word"),
        alt_address.code.label("alt_address_code"),
        line.comment,
        (line.comment != "").label("has_comment"),
        line.evaluation,
        line.time,
        line.attempt_failed,
        line.contact_via,
        *own,
        *(getattr(line, name) for name in ABSENT_COLUMNS),
        *problem_columns(),
    )


def page_row(session: Session, segment: Segment, line_no: int) -> Row[Any] | None:
    """One line as a page shows it, or None when it is not on the list."""
    rows = read_rows(session, _row_of_page(), {"segment": segment.id, "no": line_no})
    return rows[0] if rows else None


@cache
def _row_of_page() -> Select[Any]:
    here = (line.segment_id == bindparam("segment", type_=Integer), line.line_no == bindparam("no", type_=Integer))
    return page_rows().where(*here, LIVE)


def line_row(session: Session, segment: Segment, line_no: int) -> Row[Any] | None:
    """Everything about one line, or None when it is not on the list."""
    return session.execute(
        line_rows().where(line.segment_id == segment.id, line.line_no == line_no, LIVE)
    ).one_or_none()


@dataclass(frozen=True)
class RecentInteractions:
    """The latest entries of a contact (of a company: of its people too) and how many there are."""

    rows: list[Row[Any]]
    total: int


def recent_interactions(session: Session, of: Contact, *, limit: int = 5) -> RecentInteractions:
    """For the pane beside the lines."""
    total = session.scalar(select(func.count()).select_from(InteractionLogEntry).where(of_contact(of))) or 0
    return RecentInteractions(contact_timeline(session, of, limit=limit) if total else [], total)
