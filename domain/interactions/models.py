"""Tables of the log: logged segments, entries, what their letters say, and their delivery."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    Time,
    case,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.campaigns.models import Campaign, CampaignEntry
from domain.contacts.models import Contact
from domain.database import Base
from domain.documents.models import Document
from domain.interaction_templates.models import InteractionGroup, InteractionTemplate
from domain.messages import Counted
from domain.references import GONE, reference
from domain.setup.models import Language, Salesperson
from domain.types import Code, Key, Moment

EVALUATIONS = ("", "very_positive", "positive", "neutral", "negative", "very_negative")
EMAIL_STATUSES = ("none", "queued", "sending", "sent", "failed", "uncertain", "withdrawn")
HARD_COPY_STATUSES = ("none", "to_print", "printed", "posted", "returned", "withdrawn")


def _not_delivered_any_more(entry: Table) -> ColumnElement[str]:
    """What waits for delivery to somebody who is gone is withdrawn; what happened stays."""
    waits = entry.c.delivery_status.in_(("queued", "to_print"))
    return case((waits, "withdrawn"), else_=entry.c.delivery_status)


class LoggedSegment(Base):
    """A segment that was logged (segments.md 1.7)."""

    __tablename__ = "logged_segment"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_no: Mapped[int] = mapped_column(BigInteger, unique=True)
    segment_no: Mapped[str] = mapped_column(Code(20), index=True)
    description: Mapped[str] = mapped_column(String(100), default="")
    created_on: Mapped[dt.date] = mapped_column(Date)
    created_at: Mapped[dt.datetime] = mapped_column(Moment)
    user_id: Mapped[int | None] = reference("app_user.id", "blank", nullable=True)
    user_name: Mapped[str] = mapped_column(String(100), default="")
    canceled: Mapped[bool] = mapped_column(Boolean, default=False)
    kept_segment_no: Mapped[str] = mapped_column(Code(20), default="")
    follow_up_no: Mapped[str] = mapped_column(Code(20), default="")
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}


class LoggedSegmentValues(Base):
    """The values all letters of a logged segment share: company information and campaigns, as JSON (A6)."""

    __tablename__ = "logged_segment_values"

    id: Mapped[int] = mapped_column(primary_key=True)
    logged_segment_id: Mapped[int | None] = reference("logged_segment.id", "blank", nullable=True, index=True)
    values: Mapped[str] = mapped_column(Text)


class InteractionLogEntry(Base):
    """One interaction that took place (segments.md 1.11). It never changes except through its actions (A6).

    `contact_no`, `contact_name`, `company_no`, `company_name` say who it was, whatever becomes of the contact.
    When the contact is deleted or anonymised the numbers stay; names, comment, number used and letter go (B16).
    `delivery_status` is an e-mail status for e-mails and a hard copy status for letters (A7). `form_key` names the form a
    single interaction was finished on, so that a form sent twice makes one entry; NULL when a segment was logged.
    """

    __tablename__ = "interaction_log_entry"
    __table_args__ = (
        Index("ix_entry_contact_date", "contact_id", "date"),
        Index("ix_entry_company_date", "company_id", "date"),
        Index("ix_entry_date", "date", "entry_no"),
        Index("ix_entry_template_date", "template_id", "date"),
        Index("ix_entry_campaign_date", "campaign_id", "date"),
        Index("ix_entry_salesperson_date", "salesperson_id", "date"),
        Index("ix_entry_campaign_entry", "campaign_entry_id"),
        Index("ix_entry_logged_segment", "logged_segment_id", "canceled", "entry_no"),
        Index("ix_entry_delivery", "delivery_status", "correspondence_type"),
        Index(
            "ix_entry_task",
            "task_id",
            sqlite_where=text("task_id IS NOT NULL"),
            postgresql_where=text("task_id IS NOT NULL"),
        ),
        Index(
            "uq_entry_form_key",
            "form_key",
            unique=True,
            sqlite_where=text("form_key IS NOT NULL"),
            postgresql_where=text("form_key IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_no: Mapped[int] = mapped_column(BigInteger, unique=True)
    contact_id: Mapped[int | None] = reference(
        "contact.id",
        "follow",
        nullable=True,
        erased={
            "contact_name": "",
            "personal_comment": "",
            "contact_via": "",
            "document_id": None,
            "delivery_status": _not_delivered_any_more,
        },
    )
    company_id: Mapped[int | None] = reference("contact.id", "blank", nullable=True, erased={"company_name": ""})
    contact_no: Mapped[str] = mapped_column(Code(20), default="")
    contact_name: Mapped[str] = mapped_column(String(100), default="")
    company_no: Mapped[str] = mapped_column(Code(20), default="")
    company_name: Mapped[str] = mapped_column(String(100), default="")
    date: Mapped[dt.date] = mapped_column(Date)
    time: Mapped[dt.time | None] = mapped_column(Time)
    description: Mapped[str] = mapped_column(String(100), default="")
    subject: Mapped[str] = mapped_column(String(100), default="")
    information_flow: Mapped[str] = mapped_column(Key(10), default="")
    initiated_by: Mapped[str] = mapped_column(Key(10), default="")
    cost: Mapped[int] = mapped_column(BigInteger, default=0)
    duration: Mapped[int] = mapped_column(Integer, default=0)
    user_id: Mapped[int | None] = reference("app_user.id", "blank", nullable=True)
    user_name: Mapped[str] = mapped_column(String(100), default="")
    group_id: Mapped[int | None] = reference(
        "interaction_group.id",
        "refuse",
        Counted(
            "The interaction group %(name)s stands in %(num)s interaction.",
            "The interaction group %(name)s stands in %(num)s interactions.",
        ),
        nullable=True,
    )
    template_id: Mapped[int | None] = reference(
        "interaction_template.id",
        "refuse",
        Counted(
            "The interaction template %(name)s stands in %(num)s interaction.",
            "The interaction template %(name)s stands in %(num)s interactions.",
        ),
        nullable=True,
    )
    language_id: Mapped[int | None] = reference(
        "language.id",
        "refuse",
        Counted(
            "The language %(name)s stands in %(num)s interaction.",
            "The language %(name)s stands in %(num)s interactions.",
        ),
        nullable=True,
    )
    campaign_id: Mapped[int | None] = reference(
        "campaign.id",
        "refuse",
        Counted(
            "The campaign %(name)s stands in %(num)s interaction.",
            "The campaign %(name)s stands in %(num)s interactions.",
        ),
        nullable=True,
    )
    campaign_entry_id: Mapped[int | None] = reference("campaign_entry.id", "blank", nullable=True)
    campaign_target: Mapped[bool] = mapped_column(Boolean, default=False)
    campaign_response: Mapped[bool] = mapped_column(Boolean, default=False)
    segment_no: Mapped[str] = mapped_column(Code(20), default="")
    segment_line_no: Mapped[int | None] = mapped_column(BigInteger)
    evaluation: Mapped[str] = mapped_column(Key(20), default="")
    attempt_failed: Mapped[bool] = mapped_column(Boolean, default=False)
    salesperson_id: Mapped[int | None] = reference(
        "salesperson.id",
        "refuse",
        Counted(
            "The salesperson %(name)s stands in %(num)s interaction.",
            "The salesperson %(name)s stands in %(num)s interactions.",
        ),
        nullable=True,
    )
    correspondence_type: Mapped[str] = mapped_column(Key(20), default="")
    alt_address_code: Mapped[str] = mapped_column(Code(10), default="")
    contact_via: Mapped[str] = mapped_column(String(80), default="")
    send_as_attachment: Mapped[bool] = mapped_column(Boolean, default=False)
    document_id: Mapped[int | None] = reference(
        "document.id",
        "refuse",
        Counted("%(name)s was used for %(num)s interaction.", "%(name)s was used for %(num)s interactions."),
        nullable=True,
        index=True,
    )
    personal_comment: Mapped[str] = mapped_column(Text, default="")
    delivery_status: Mapped[str] = mapped_column(Key(10), default="none")
    delivery_claimed_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    canceled: Mapped[bool] = mapped_column(Boolean, default=False)
    logged_segment_id: Mapped[int | None] = reference("logged_segment.id", "blank", nullable=True)
    segment_line_id: Mapped[int | None] = reference("segment_line.id", "blank", nullable=True, index=True)
    task_id: Mapped[int | None] = reference("task.id", "blank", nullable=True)
    form_key: Mapped[str | None] = mapped_column(Key(32))
    created_at: Mapped[dt.datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(Integer, default=1)

    contact: Mapped[Contact | None] = relationship(foreign_keys=[contact_id])
    company: Mapped[Contact | None] = relationship(foreign_keys=[company_id])
    group: Mapped[InteractionGroup | None] = relationship()
    template: Mapped[InteractionTemplate | None] = relationship()
    language: Mapped[Language | None] = relationship()
    campaign: Mapped[Campaign | None] = relationship()
    campaign_entry: Mapped[CampaignEntry | None] = relationship()
    salesperson: Mapped[Salesperson | None] = relationship()
    document: Mapped[Document | None] = relationship()
    logged_segment: Mapped[LoggedSegment | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class LetterValues(Base):
    """What an entry's letter says (A6): the raw values as they were when it was logged, later the finished strings.

    The raw columns are written by one INSERT … SELECT at logging. `finished` (compressed JSON) and `sha256` of the
    document are filled the first time the letter is made for delivery; from then on the letter comes from these only.
    """

    __tablename__ = "letter_values"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = reference("interaction_log_entry.id", "delete", index=True, erased=GONE)
    values_id: Mapped[int | None] = reference("logged_segment_values.id", "blank", nullable=True, index=True)

    contact_no: Mapped[str] = mapped_column(String(20), default="")
    contact_type: Mapped[str] = mapped_column(Key(10), default="")
    name: Mapped[str] = mapped_column(String(100), default="")
    name_2: Mapped[str] = mapped_column(String(50), default="")
    company_name: Mapped[str] = mapped_column(String(100), default="")
    company_name_2: Mapped[str] = mapped_column(String(50), default="")
    first_name: Mapped[str] = mapped_column(String(30), default="")
    middle_name: Mapped[str] = mapped_column(String(30), default="")
    surname: Mapped[str] = mapped_column(String(30), default="")
    initials: Mapped[str] = mapped_column(String(30), default="")
    job_title: Mapped[str] = mapped_column(String(30), default="")
    address: Mapped[str] = mapped_column(String(100), default="")
    address_2: Mapped[str] = mapped_column(String(50), default="")
    post_code: Mapped[str] = mapped_column(String(20), default="")
    city: Mapped[str] = mapped_column(String(30), default="")
    county: Mapped[str] = mapped_column(String(30), default="")
    country_code: Mapped[str] = mapped_column(String(10), default="")
    phone: Mapped[str] = mapped_column(String(30), default="")
    mobile: Mapped[str] = mapped_column(String(30), default="")
    fax: Mapped[str] = mapped_column(String(30), default="")
    email: Mapped[str] = mapped_column(String(250), default="")
    home_page: Mapped[str] = mapped_column(String(255), default="")
    vat_no: Mapped[str] = mapped_column(String(20), default="")
    mail_company_name: Mapped[str] = mapped_column(String(100), default="")
    mail_company_name_2: Mapped[str] = mapped_column(String(50), default="")
    mail_address: Mapped[str] = mapped_column(String(100), default="")
    mail_address_2: Mapped[str] = mapped_column(String(50), default="")
    mail_post_code: Mapped[str] = mapped_column(String(20), default="")
    mail_city: Mapped[str] = mapped_column(String(30), default="")
    mail_county: Mapped[str] = mapped_column(String(30), default="")
    mail_country_code: Mapped[str] = mapped_column(String(10), default="")
    mail_to: Mapped[str] = mapped_column(String(250), default="")
    formal_formula: Mapped[str] = mapped_column(String(200), default="")
    informal_formula: Mapped[str] = mapped_column(String(200), default="")
    salesperson_code: Mapped[str] = mapped_column(String(20), default="")
    salesperson_name: Mapped[str] = mapped_column(String(50), default="")
    salesperson_job_title: Mapped[str] = mapped_column(String(30), default="")
    salesperson_phone: Mapped[str] = mapped_column(String(30), default="")
    salesperson_email: Mapped[str] = mapped_column(String(80), default="")
    locale: Mapped[str] = mapped_column(String(20), default="")
    comment: Mapped[str] = mapped_column(Text, default="")

    finished: Mapped[bytes | None] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(Key(64), default="")


class InteractionComment(Base):
    """A remark about an entry, internal, never printed (B19)."""

    __tablename__ = "interaction_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = reference("interaction_log_entry.id", "delete", index=True)
    user_id: Mapped[int | None] = reference("app_user.id", "blank", nullable=True)
    user_name: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[dt.datetime] = mapped_column(Moment)
    text: Mapped[str] = mapped_column(Text)


class DeliveryAttempt(Base):
    """One attempt to deliver an entry and what came of it (A7)."""

    __tablename__ = "delivery_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = reference(
        "interaction_log_entry.id", "delete", index=True, erased={"address": "", "error": ""}
    )
    at: Mapped[dt.datetime] = mapped_column(Moment)
    user_name: Mapped[str] = mapped_column(String(100), default="")
    status: Mapped[str] = mapped_column(Key(10))
    address: Mapped[str] = mapped_column(String(250), default="")
    error: Mapped[str] = mapped_column(Text, default="")
