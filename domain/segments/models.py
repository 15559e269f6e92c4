"""Tables of the worksheet (decisions E). In a line NULL means *inherited*, always (A1)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    Index,
    Integer,
    String,
    Table,
    Text,
    TextClause,
    Time,
    UniqueConstraint,
    and_,
    exists,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql.elements import ColumnElement

from domain.campaigns.models import Campaign
from domain.contacts.models import AltAddress, Contact
from domain.database import Base
from domain.documents.models import Document
from domain.interaction_templates.models import InteractionGroup, InteractionTemplate
from domain.interactions.models import LoggedSegment
from domain.messages import Counted
from domain.references import reference
from domain.setup.models import Language, Salesperson
from domain.types import Code, Key, Moment


def _on_an_open_segment(line: Table) -> ColumnElement[bool]:
    """Lines that are on the list of a segment not yet logged; removed and frozen lines do not hold a contact (B16)."""
    segment = line.metadata.tables["segment"]
    return and_(
        line.c.removed_step_id.is_(None),
        line.c.segment_id.in_(select(segment.c.id).where(segment.c.logged_segment_id.is_(None))),
    )


# what a line may have of its own; NULL is inherited (A1)
OWN_COLUMNS = (
    "interaction_id",
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
)
# own blanks of references
ABSENT_COLUMNS = ("no_campaign", "no_alt_address", "no_document")


def _with_own_values(true: str) -> TextClause:
    """Lines on the list that differ from their header, as the condition of an index; `true` is how a flag is asked."""
    own = [f"{column} IS NOT NULL" for column in OWN_COLUMNS] + [f"{column}{true}" for column in ABSENT_COLUMNS]
    return text(f"removed_step_id IS NULL AND ({' OR '.join(own)})")


def _is_used(interaction: Table) -> ColumnElement[bool]:
    """Interactions of the header or of a line, removed ones included; others are only remembered from before (A1)."""
    return or_(
        exists().where(Segment.interaction_id == interaction.c.id),
        exists().where(
            SegmentLine.segment_id == interaction.c.segment_id, SegmentLine.interaction_id == interaction.c.id
        ),
    )


class SegmentInteraction(Base):
    """What an interaction of a segment is: a template and the values copied from it when it was chosen (A1, R-H21).

    The header points to one; a line points to another only if it has an own interaction template. `template_id` NULL
    means no template. `campaign_id` is the template's campaign.
    """

    __tablename__ = "segment_interaction"

    id: Mapped[int] = mapped_column(primary_key=True)
    segment_id: Mapped[int | None] = reference("segment.id", "delete", nullable=True, index=True, deferred=True)
    template_id: Mapped[int | None] = reference(
        "interaction_template.id",
        "refuse",
        Counted(
            "The interaction template %(name)s is used by %(num)s segment.",
            "The interaction template %(name)s is used by %(num)s segments.",
        ),
        nullable=True,
        index=True,
        only=_is_used,
        otherwise="delete",
    )
    description: Mapped[str] = mapped_column(String(100), default="")
    group_id: Mapped[int | None] = reference(
        "interaction_group.id",
        "refuse",
        "The interaction group %(name)s is used by segments.",
        nullable=True,
        only=_is_used,
        otherwise="blank",
    )
    correspondence_type: Mapped[str] = mapped_column(Key(20), default="")
    ignore_contact_type: Mapped[bool] = mapped_column(Boolean, default=False)
    language_id: Mapped[int | None] = reference(
        "language.id", "refuse", "The language %(name)s is used by segments.", nullable=True
    )
    campaign_id: Mapped[int | None] = reference("campaign.id", "blank", nullable=True)
    unit_cost: Mapped[int] = mapped_column(BigInteger, default=0)
    unit_duration: Mapped[int] = mapped_column(Integer, default=0)
    information_flow: Mapped[str] = mapped_column(Key(10), default="")
    initiated_by: Mapped[str] = mapped_column(Key(10), default="")
    campaign_target: Mapped[bool] = mapped_column(Boolean, default=False)
    campaign_response: Mapped[bool] = mapped_column(Boolean, default=False)

    template: Mapped[InteractionTemplate | None] = relationship()
    group: Mapped[InteractionGroup | None] = relationship()
    language: Mapped[Language | None] = relationship()
    languages: Mapped[list[SegmentInteractionLanguage]] = relationship(
        cascade="all, delete-orphan", back_populates="interaction"
    )


class SegmentInteractionLanguage(Base):
    """An interaction of a segment in one language: subject and document (segments.md 1.3)."""

    __tablename__ = "segment_interaction_language"
    __table_args__ = (UniqueConstraint("interaction_id", "language_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    interaction_id: Mapped[int] = reference("segment_interaction.id", "delete")
    language_id: Mapped[int] = reference("language.id", "refuse", "The language %(name)s is used by segments.")
    description: Mapped[str] = mapped_column(String(100), default="")
    subject: Mapped[str] = mapped_column(String(100), default="")
    document_id: Mapped[int | None] = reference(
        "document.id", "refuse", "%(name)s is used by a segment.", nullable=True, index=True
    )
    version: Mapped[int] = mapped_column(Integer, default=1)

    interaction: Mapped[SegmentInteraction] = relationship(back_populates="languages")
    language: Mapped[Language] = relationship()
    document: Mapped[Document | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Segment(Base):
    """The header of a worksheet (segments.md 1.1). `logged_segment_id` filled means frozen (A5).

    `next_line_no` is the last line number given; numbers are never given twice. `list_version` grows with every change
    to lines or header and is part of the state token of the check (B1).
    """

    __tablename__ = "segment"

    id: Mapped[int] = mapped_column(primary_key=True)
    no: Mapped[str] = mapped_column(Code(20), unique=True)
    number_series_id: Mapped[int | None] = reference("number_series.id", "blank", nullable=True)
    description: Mapped[str] = mapped_column(String(100), default="")
    date: Mapped[dt.date] = mapped_column(Date)
    salesperson_id: Mapped[int | None] = reference(
        "salesperson.id",
        "refuse",
        Counted(
            "The salesperson %(name)s is responsible for %(num)s segment.",
            "The salesperson %(name)s is responsible for %(num)s segments.",
        ),
        nullable=True,
        index=True,
    )
    campaign_id: Mapped[int | None] = reference(
        "campaign.id",
        "refuse",
        Counted(
            "The campaign %(name)s is used by %(num)s segment.", "The campaign %(name)s is used by %(num)s segments."
        ),
        nullable=True,
        index=True,
    )
    send_as_attachment: Mapped[bool] = mapped_column(Boolean, default=False)
    interaction_id: Mapped[int] = reference(
        "segment_interaction.id", "together", index=True, deferred=True, use_alter=True
    )
    logged_segment_id: Mapped[int | None] = reference("logged_segment.id", "delete", nullable=True, unique=True)
    last_line_no: Mapped[int] = mapped_column(BigInteger, default=0)
    list_version: Mapped[int] = mapped_column(Integer, default=1)
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[dt.datetime] = mapped_column(Moment)
    modified_at: Mapped[dt.datetime] = mapped_column(Moment)
    modified_by: Mapped[str] = mapped_column(String(100), default="")
    version: Mapped[int] = mapped_column(Integer, default=1)

    salesperson: Mapped[Salesperson | None] = relationship()
    campaign: Mapped[Campaign | None] = relationship()
    interaction: Mapped[SegmentInteraction] = relationship(foreign_keys=[interaction_id])
    logged_segment: Mapped[LoggedSegment | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class SegmentLine(Base):
    """One contact of a segment and what differs for it from the header (A1, decisions E)."""

    __tablename__ = "segment_line"
    __table_args__ = (
        UniqueConstraint("segment_id", "line_no"),
        Index(
            "ix_segment_line_live",
            "segment_id",
            "line_no",
            "removed_step_id",  # always empty here: with it SQLite counts from the index alone
            sqlite_where=text("removed_step_id IS NULL"),
            postgresql_where=text("removed_step_id IS NULL"),
        ),
        Index(
            "ix_segment_line_own",
            "segment_id",
            "removed_step_id",  # always empty here: with it SQLite prefers this index to the one of all lines
            "line_no",
            sqlite_where=_with_own_values(" = 1"),
            postgresql_where=_with_own_values(""),
        ),
        Index(
            "ix_segment_line_removed",
            "removed_step_id",
            sqlite_where=text("removed_step_id IS NOT NULL"),
            postgresql_where=text("removed_step_id IS NOT NULL"),
        ),
        Index("ix_segment_line_added", "added_step_id"),
        Index("ix_segment_line_contact", "contact_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    segment_id: Mapped[int] = reference("segment.id", "delete")
    line_no: Mapped[int] = mapped_column(BigInteger)
    contact_id: Mapped[int | None] = reference(
        "contact.id",
        "refuse",
        "The contact %(name)s is on an open segment. Remove it there first.",
        nullable=True,
        anonymise=True,
        only=_on_an_open_segment,
        otherwise="blank",
        erased={"comment": "", "contact_via": "", "document_id": None},
    )
    added_step_id: Mapped[int | None] = reference("segment_step.id", "blank", nullable=True)
    removed_step_id: Mapped[int | None] = reference("segment_step.id", "blank", nullable=True)

    interaction_id: Mapped[int | None] = reference("segment_interaction.id", "blank", nullable=True)
    description: Mapped[str | None] = mapped_column(String(100))
    subject: Mapped[str | None] = mapped_column(String(100))
    salesperson_id: Mapped[int | None] = reference(
        "salesperson.id",
        "refuse",
        Counted(
            "The salesperson %(name)s stands on %(num)s segment line.",
            "The salesperson %(name)s stands on %(num)s segment lines.",
        ),
        nullable=True,
    )
    correspondence_type: Mapped[str | None] = mapped_column(Key(20))
    language_id: Mapped[int | None] = reference(
        "language.id",
        "refuse",
        Counted(
            "The language %(name)s stands on %(num)s segment line.",
            "The language %(name)s stands on %(num)s segment lines.",
        ),
        nullable=True,
    )
    date: Mapped[dt.date | None] = mapped_column(Date)
    cost: Mapped[int | None] = mapped_column(BigInteger)
    duration: Mapped[int | None] = mapped_column(Integer)
    information_flow: Mapped[str | None] = mapped_column(Key(10))
    initiated_by: Mapped[str | None] = mapped_column(Key(10))
    campaign_id: Mapped[int | None] = reference(
        "campaign.id",
        "refuse",
        Counted(
            "The campaign %(name)s stands on %(num)s segment line.",
            "The campaign %(name)s stands on %(num)s segment lines.",
        ),
        nullable=True,
    )
    campaign_target: Mapped[bool | None] = mapped_column(Boolean)
    campaign_response: Mapped[bool | None] = mapped_column(Boolean)
    send_as_attachment: Mapped[bool | None] = mapped_column(Boolean)
    alt_address_id: Mapped[int | None] = reference("alt_address.id", "blank", nullable=True)
    document_id: Mapped[int | None] = reference(
        "document.id", "refuse", "%(name)s is used by a segment line.", nullable=True
    )
    no_campaign: Mapped[bool] = mapped_column(Boolean, default=False)
    no_alt_address: Mapped[bool] = mapped_column(Boolean, default=False)
    no_document: Mapped[bool] = mapped_column(Boolean, default=False)

    comment: Mapped[str] = mapped_column(Text, default="")
    evaluation: Mapped[str] = mapped_column(Key(20), default="")
    time: Mapped[dt.time | None] = mapped_column(Time)
    attempt_failed: Mapped[bool] = mapped_column(Boolean, default=False)
    contact_via: Mapped[str] = mapped_column(String(80), default="")
    version: Mapped[int] = mapped_column(Integer, default=1)

    segment: Mapped[Segment] = relationship()
    contact: Mapped[Contact | None] = relationship()
    interaction: Mapped[SegmentInteraction | None] = relationship()
    salesperson: Mapped[Salesperson | None] = relationship()
    language: Mapped[Language | None] = relationship()
    campaign: Mapped[Campaign | None] = relationship()
    alt_address: Mapped[AltAddress | None] = relationship()
    document: Mapped[Document | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class ContactExport(Base):
    """That somebody exported the contacts of a segment: when, in which format, how many rows. It outlives the segment."""

    __tablename__ = "contact_export"

    id: Mapped[int] = mapped_column(primary_key=True)
    segment_id: Mapped[int | None] = reference("segment.id", "blank", nullable=True, index=True)
    segment_no: Mapped[str] = mapped_column(Code(20))
    user_id: Mapped[int | None] = reference("app_user.id", "blank", nullable=True)
    user_name: Mapped[str] = mapped_column(String(100), default="")
    at: Mapped[dt.datetime] = mapped_column(Moment)
    format: Mapped[str] = mapped_column(Key(10))
    rows: Mapped[int] = mapped_column(Integer)


class SegmentHeaderChange(Base):
    """The last change of a field of the header, kept for the two answers of A2: lines keep, own values are replaced.

    `before` and `after` are JSON. A further change of the field replaces the row, and with it the token.
    `last_step_id`: lines added later never had the former value.
    """

    __tablename__ = "segment_header_change"
    __table_args__ = (UniqueConstraint("segment_id", "field"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(Key(40), unique=True)
    segment_id: Mapped[int] = reference("segment.id", "delete")
    field: Mapped[str] = mapped_column(Key(30))
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    last_step_id: Mapped[int] = mapped_column(Integer, default=0)
    user_name: Mapped[str] = mapped_column(String(100), default="")
    at: Mapped[dt.datetime] = mapped_column(Moment)


class Undo(Base):
    """What a cell edit or bulk edit replaced, kept for 15 minutes (B27).

    `values` is JSON: line id → column → before, after.
    """

    __tablename__ = "undo"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(Key(40), unique=True)
    segment_id: Mapped[int] = reference("segment.id", "delete", index=True)
    user_id: Mapped[int | None] = reference("app_user.id", "delete", nullable=True)
    at: Mapped[dt.datetime] = mapped_column(Moment, index=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    values: Mapped[str] = mapped_column(Text)
