"""What logging a segment writes, each with one statement: entries and campaign entries (R-G02…R-G07)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, case, func, insert, literal, null, select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.interactions.models import InteractionLogEntry, LoggedSegment
from domain.interactions.writing import first_status, use_campaign_entries
from domain.segments.effective import LIVE, alt_address, company, contact, effective, line, value
from domain.segments.models import Segment
from domain.setup.numbers import next_entry_nos

# entries take these effective values over as they are
TAKEN_OVER = (
    "date",
    "description",
    "subject",
    "information_flow",
    "initiated_by",
    "cost",
    "duration",
    "group_id",
    "template_id",
    "language_id",
    "campaign_id",
    "campaign_target",
    "campaign_response",
    "salesperson_id",
    "send_as_attachment",
    "document_id",
)


def write_campaign_entries(session: Session, segment: Segment, logged: LoggedSegment, *, by: Actor) -> dict[int, int]:
    """One campaign entry per campaign of the lines (R-G03, R-G04): campaign id → campaign entry id.

    Date and salesperson are those of the earliest line. An entry of the same campaign and segment that is there
    already, as calls from the worksheet leave one, is used and gets the link to the logged segment.
    """
    campaign, date = value("campaign_id"), value("date")
    place = func.row_number().over(partition_by=campaign, order_by=(date, line.line_no))
    lines = (
        effective("campaign_id", "date", "salesperson_id")
        .add_columns(place.label("place"))
        .where(line.segment_id == segment.id, LIVE, line.contact_id.is_not(None), campaign.is_not(None))
        .subquery()
    )
    earliest = session.execute(
        select(lines.c.campaign_id, lines.c.date, lines.c.salesperson_id)
        .where(lines.c.place == 1)
        .order_by(lines.c.campaign_id)
    ).all()
    return use_campaign_entries(
        session, earliest, segment_no=segment.no, description=segment.description, logged=logged, by=by
    )


def write_entries(
    session: Session,
    segment: Segment,
    logged: LoggedSegment,
    *,
    lines: int,
    campaign_entries: dict[int, int],
    deliver: bool,
    by: Actor,
) -> None:
    """One entry for each line with a contact, numbered in line order (R-G06). `lines` is how many there are.

    Delivered are e-mails and letters that have a document (R-G07); without delivery nothing is, and only e-mails
    without address lose their type (B1).
    """
    first = next_entry_nos(session, "interaction", lines)
    kind = value("correspondence_type")
    entry_type: ColumnElement[Any] = kind
    status: ColumnElement[Any] = literal("none")
    if deliver:
        status = first_status(kind, value("document_id"))
    else:
        entry_type = case((kind == "email", case((value("mail_to") == "", ""), else_=kind)), else_=kind)
    in_campaign = case(campaign_entries, value=value("campaign_id"), else_=null()) if campaign_entries else null()
    moment = InteractionLogEntry.created_at.type
    written: dict[str, Any] = {name: value(name) for name in TAKEN_OVER}
    written |= {
        "entry_no": literal(first, BigInteger) + func.row_number().over(order_by=line.line_no) - 1,
        "contact_id": line.contact_id,
        "company_id": contact.company_id,
        "contact_no": contact.no,
        "contact_name": contact.name,
        "company_no": func.coalesce(company.no, ""),
        "company_name": contact.company_name,
        "time": line.time,
        "user_id": literal(by.user_id, InteractionLogEntry.user_id.type),
        "user_name": literal(by.user_name),
        "campaign_entry_id": in_campaign,
        "segment_no": literal(segment.no),
        "segment_line_no": line.line_no,
        "evaluation": line.evaluation,
        "attempt_failed": line.attempt_failed,
        "correspondence_type": entry_type,
        "alt_address_code": func.coalesce(alt_address.code, ""),
        "contact_via": line.contact_via,
        "personal_comment": line.comment,
        "delivery_status": status,
        "logged_segment_id": literal(logged.id),
        "segment_line_id": line.id,
        "created_at": literal(by.now, moment),
    }
    using = (*TAKEN_OVER, "correspondence_type", "company", "alt_address", *(() if deliver else ("mail_to",)))
    rows = (
        effective(using=using)
        .add_columns(*(expression.label(name) for name, expression in written.items()))
        .where(line.segment_id == segment.id, LIVE, line.contact_id.is_not(None))
        .order_by(line.line_no)
    )
    session.execute(insert(InteractionLogEntry).from_select(list(written), rows))
