"""Questions to the log: pages of entries, the timeline of a contact, pages of logged segments."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, join

from domain.campaigns.models import Campaign, CampaignEntry
from domain.contacts.models import COMPANY, Contact
from domain.database import folded
from domain.documents.models import Document
from domain.interaction_templates.models import InteractionGroup, InteractionTemplate
from domain.interactions.filters import EntryFilters
from domain.interactions.models import InteractionComment, InteractionLogEntry, LoggedSegment
from domain.paging import key_page
from domain.setup.models import Language, Salesperson
from domain.types import code, fold

PAGE = 50
MOST_COUNTED = 100_000
EntryPlace = tuple[dt.date, int]


@dataclass(frozen=True)
class EntryPage:
    """One page of the log, newest first.

    `rows`: `EntryRow`s (columns of `entry_rows`). `older` and `newer` are the places (date, entry no.) to ask the next
    pages with, or None.
    """

    rows: list[Row[Any]]
    older: EntryPlace | None
    newer: EntryPlace | None


def entry_rows(of: Select[int] | None = None) -> Select[*tuple[Any, ...]]:
    """The columns of a row of the log: the entry's own and the codes of what it points to.

    `of`: a select of the ids of the entries wanted. It stands first in the statement: PostgreSQL puts only so many tables
    into an order of its own, and would join the whole log before it looked at a condition that comes last.
    """
    entry = InteractionLogEntry
    chosen = of.subquery("chosen") if of is not None else None
    source = join(chosen, entry, entry.id == chosen.c.id) if chosen is not None else entry
    has_comment = exists().where(InteractionComment.entry_id == entry.id).label("has_comment")
    return (
        select(
            entry.id,
            entry.entry_no,
            entry.date,
            entry.time,
            entry.description,
            entry.subject,
            entry.contact_id,
            entry.contact_no,
            entry.contact_name,
            entry.company_id,
            entry.company_no,
            entry.company_name,
            entry.correspondence_type,
            entry.delivery_status,
            entry.evaluation,
            entry.information_flow,
            entry.initiated_by,
            entry.cost,
            entry.duration,
            entry.canceled,
            entry.attempt_failed,
            entry.campaign_target,
            entry.campaign_response,
            entry.user_name,
            entry.segment_no,
            entry.segment_line_no,
            entry.logged_segment_id,
            entry.contact_via,
            entry.personal_comment,
            entry.document_id,
            entry.task_id,
            Document.extension.label("document_extension"),
            Document.is_word.label("document_is_word"),
            InteractionTemplate.code.label("template_code"),
            InteractionTemplate.description.label("template_description"),
            InteractionGroup.code.label("group_code"),
            Salesperson.code.label("salesperson_code"),
            Salesperson.name.label("salesperson_name"),
            Campaign.no.label("campaign_no"),
            CampaignEntry.entry_no.label("campaign_entry_no"),
            Language.code.label("language_code"),
            has_comment,
        )
        .select_from(source)
        .outerjoin(Document, Document.id == entry.document_id)
        .outerjoin(InteractionTemplate, InteractionTemplate.id == entry.template_id)
        .outerjoin(InteractionGroup, InteractionGroup.id == entry.group_id)
        .outerjoin(Salesperson, Salesperson.id == entry.salesperson_id)
        .outerjoin(Campaign, Campaign.id == entry.campaign_id)
        .outerjoin(CampaignEntry, CampaignEntry.id == entry.campaign_entry_id)
        .outerjoin(Language, Language.id == entry.language_id)
    )


def entry_page(
    session: Session,
    filters: EntryFilters | None = None,
    *,
    older_than: EntryPlace | None = None,
    newer_than: EntryPlace | None = None,
    limit: int = PAGE,
) -> EntryPage:
    """A page of entries, newest first, paged by key. Ids are found first, then the rows (performance.md 6)."""
    entry = InteractionLogEntry
    found = key_page(
        session,
        select(entry.id, entry.date, entry.entry_no).where(*(filters or EntryFilters()).conditions()),
        (entry.date.expression, entry.entry_no.expression),
        after=older_than,
        before=newer_than,
        falling=True,
        limit=limit,
    )
    rows = rows_in_order(session, [key.id for key in found.rows])
    return EntryPage(
        rows,
        (found.rows[-1].date, found.rows[-1].entry_no) if found.has_after else None,
        (found.rows[0].date, found.rows[0].entry_no) if found.has_before else None,
    )


def neighbours(
    session: Session, entry: InteractionLogEntry, filters: EntryFilters | None = None
) -> tuple[int | None, int | None]:
    """The numbers of the entries before and after this one in the list, newest first: (newer, older)."""
    of = InteractionLogEntry
    place, here = tuple_(of.date, of.entry_no), tuple_(entry.date, entry.entry_no)
    matching = select(of.entry_no).where(*(filters or EntryFilters()).conditions()).limit(1)
    newer = session.scalar(matching.where(place > here).order_by(of.date, of.entry_no))
    older = session.scalar(matching.where(place < here).order_by(of.date.desc(), of.entry_no.desc()))
    return newer, older


def rows_in_order(session: Session, ids: list[int]) -> list[Row[Any]]:
    """The rows of these entries, in the order of `ids`."""
    if not ids:
        return []
    rows = {row.id: row for row in session.execute(entry_rows().where(InteractionLogEntry.id.in_(ids)))}
    return [rows[one] for one in ids if one in rows]


def count_entries(session: Session, filters: EntryFilters | None = None, *, most: int | None = None) -> int:
    """How many entries match. With `most` no more are counted than one above it: counting millions takes time."""
    matching = select(InteractionLogEntry.id).where(*(filters or EntryFilters()).conditions())
    if most is not None:
        matching = matching.limit(most + 1)
    return session.scalar(select(func.count()).select_from(matching.subquery())) or 0


def of_contact(contact: Contact) -> ColumnElement[bool]:
    """The entries of a contact: of a company with those of its people (segments.md 1.19)."""
    return entries_of(contact.id, contact.id if contact.type == COMPANY else None)


def entries_of(contact_id: Any, company_id: Any) -> ColumnElement[bool]:
    """The entries of a contact and those of a company's people; ids, or expressions of the enclosing statement."""
    own = InteractionLogEntry.contact_id == contact_id
    return own if company_id is None else or_(InteractionLogEntry.company_id == company_id, own)


def contact_timeline(session: Session, contact: Contact, *, limit: int = 20) -> list[Row[Any]]:
    """The latest entries of a contact (of a company: of its people too), newest first, cancelled ones included."""
    entry = InteractionLogEntry
    newest_first = entry.date.desc(), entry.entry_no.desc()
    latest = select(entry.id).where(of_contact(contact)).order_by(*newest_first).limit(limit)
    return list(session.execute(entry_rows(latest).order_by(*newest_first)))


def latest_entries(session: Session, *, limit: int = 10) -> list[Row[Any]]:
    """The latest entries of the office by date, without cancelled ones."""
    return entry_page(session, EntryFilters(canceled=False), limit=limit).rows


@dataclass(frozen=True)
class LoggedSegmentPage:
    """One page of logged segments, newest first. `older` and `newer`: entry numbers to ask the next pages with."""

    rows: list[Row[Any]]
    older: int | None
    newer: int | None


def logged_segment_rows() -> Select[*tuple[Any, ...]]:
    """Columns of the list of logged segments; the counts follow the row's own mark Cancelled (segments.md 1.7)."""
    logged = LoggedSegment
    interactions = (
        select(func.count())
        .where(InteractionLogEntry.logged_segment_id == logged.id, InteractionLogEntry.canceled == logged.canceled)
        .correlate(logged)
        .scalar_subquery()
    )
    campaign_entries = (
        select(func.count())
        .where(CampaignEntry.logged_segment_id == logged.id, CampaignEntry.canceled == logged.canceled)
        .correlate(logged)
        .scalar_subquery()
    )
    return select(
        logged.id,
        logged.entry_no,
        logged.segment_no,
        logged.description,
        logged.created_on,
        logged.created_at,
        logged.user_name,
        logged.canceled,
        logged.kept_segment_no,
        logged.follow_up_no,
        interactions.label("interactions"),
        campaign_entries.label("campaign_entries"),
    )


def logged_segment_page(
    session: Session,
    *,
    search: str = "",
    canceled: bool | None = None,
    older_than: int | None = None,
    newer_than: int | None = None,
    limit: int = PAGE,
) -> LoggedSegmentPage:
    """A page of logged segments, newest first, paged by entry number.

    Every word of `search` begins the segment's number or stands in its description (case ignored).
    """
    logged = LoggedSegment
    rows = logged_segment_rows()
    for word in search.replace("\x00", "").split()[:10]:
        rows = rows.where(
            or_(
                logged.segment_no.startswith(code(word), autoescape=True),
                folded(logged.description).contains(fold(word), autoescape=True),
            )
        )
    if canceled is not None:
        rows = rows.where(logged.canceled == canceled)
    if newer_than is not None:
        found = session.execute(
            rows.where(logged.entry_no > newer_than).order_by(logged.entry_no).limit(limit + 1)
        ).all()
        page = list(found[:limit])[::-1]
        newer = page[0].entry_no if len(found) > limit else None
        return LoggedSegmentPage(page, page[-1].entry_no if page else None, newer)
    if older_than is not None:
        rows = rows.where(logged.entry_no < older_than)
    found = session.execute(rows.order_by(logged.entry_no.desc()).limit(limit + 1)).all()
    page = list(found[:limit])
    newer = page[0].entry_no if page and older_than is not None else None
    return LoggedSegmentPage(page, page[-1].entry_no if len(found) > limit else None, newer)


def logged_segment_row(session: Session, logged: LoggedSegment) -> Row[Any]:
    """One logged segment as the list shows it."""
    return session.execute(logged_segment_rows().where(LoggedSegment.id == logged.id)).one()


def recently_logged(session: Session, *, limit: int = 5) -> list[Row[Any]]:
    """The latest logged segments."""
    return logged_segment_page(session, limit=limit).rows


def delivery_counts(session: Session, *conditions: ColumnElement[bool]) -> dict[str, int]:
    """How many entries wait, went wrong or are done: {"to_print": 2, "queued": 1, …}.

    Cancelled entries are not counted. `conditions` limit it, for example to one logged segment.
    """
    entry = InteractionLogEntry
    found = session.execute(
        select(entry.delivery_status, func.count())
        .where(and_(entry.delivery_status != "none", entry.canceled.is_(False), *conditions))
        .group_by(entry.delivery_status)
    )
    return dict(found.all())
