"""The table of interactions that are not finished: what somebody postponed, or left by accident (B9)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, Boolean, Date, Index, Integer, String, Text, Time
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.campaigns.models import Campaign
from domain.contacts.models import Contact
from domain.database import Base
from domain.documents.models import Document
from domain.interaction_templates.models import InteractionTemplate
from domain.messages import Counted
from domain.references import reference
from domain.setup.models import Language, Salesperson
from domain.types import Code, Key, Moment

INTERACTION, CALL = "interaction", "call"
DOCUMENT_CHOICES = ("", "template", "own", "none")


class InteractionDraft(Base):
    """An interaction that is not finished. It counts in no figure and stands in no list but that of postponed ones (B9).

    As a segment line it stores only what differs (A1): NULL, or '' where blank means nothing, is what template and
    contact say. `entry_no` is drawn from the log's sequence; the entry gets it when the interaction is finished.
    `fixed` names the fields that cannot change, as words. `form_key` is that of the form it was begun on. `kept`: nobody
    postponed it, the page was left.
    """

    __tablename__ = "interaction_draft"
    __table_args__ = (
        Index("ix_interaction_draft_contact", "contact_id"),
        Index("ix_interaction_draft_company", "company_id"),
        Index("ix_interaction_draft_user", "user_id"),
        Index("ix_interaction_draft_salesperson", "salesperson_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_no: Mapped[int] = mapped_column(BigInteger, unique=True)
    form_key: Mapped[str] = mapped_column(Key(32), unique=True)
    kind: Mapped[str] = mapped_column(Key(12), default=INTERACTION)
    fixed: Mapped[str] = mapped_column(String(60), default="")

    contact_id: Mapped[int | None] = reference(
        "contact.id",
        "follow",
        nullable=True,
        erased={"contact_via": "", "personal_comment": "", "document_id": None},
    )
    company_id: Mapped[int | None] = reference("contact.id", "blank", nullable=True)
    salesperson_id: Mapped[int | None] = reference("salesperson.id", "blank", nullable=True)
    template_id: Mapped[int | None] = reference(
        "interaction_template.id",
        "refuse",
        Counted(
            "The interaction template %(name)s stands in %(num)s postponed interaction.",
            "The interaction template %(name)s stands in %(num)s postponed interactions.",
        ),
        nullable=True,
    )
    language_id: Mapped[int | None] = reference("language.id", "blank", nullable=True)
    campaign_id: Mapped[int | None] = reference("campaign.id", "blank", nullable=True)
    no_campaign: Mapped[bool] = mapped_column(Boolean, default=False)
    date: Mapped[dt.date | None] = mapped_column(Date)
    time: Mapped[dt.time | None] = mapped_column(Time)
    description: Mapped[str] = mapped_column(String(100), default="")
    subject: Mapped[str] = mapped_column(String(100), default="")
    correspondence_type: Mapped[str | None] = mapped_column(Key(20))
    information_flow: Mapped[str | None] = mapped_column(Key(10))
    initiated_by: Mapped[str | None] = mapped_column(Key(10))
    cost: Mapped[int | None] = mapped_column(BigInteger)
    duration: Mapped[int | None] = mapped_column(Integer)
    campaign_target: Mapped[bool | None] = mapped_column(Boolean)
    campaign_response: Mapped[bool | None] = mapped_column(Boolean)
    evaluation: Mapped[str] = mapped_column(Key(20), default="")
    attempt_failed: Mapped[bool] = mapped_column(Boolean, default=False)
    contact_via: Mapped[str] = mapped_column(String(80), default="")
    document_choice: Mapped[str] = mapped_column(Key(10), default="")
    document_id: Mapped[int | None] = reference(
        "document.id",
        "refuse",
        Counted(
            "%(name)s is used by %(num)s postponed interaction.", "%(name)s is used by %(num)s postponed interactions."
        ),
        nullable=True,
        index=True,
    )
    personal_comment: Mapped[str] = mapped_column(Text, default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    segment_no: Mapped[str] = mapped_column(Code(20), default="")
    segment_line_id: Mapped[int | None] = reference("segment_line.id", "blank", nullable=True, index=True)
    task_id: Mapped[int | None] = reference("task.id", "blank", nullable=True, index=True)

    kept: Mapped[bool] = mapped_column(Boolean, default=False)
    user_id: Mapped[int | None] = reference("app_user.id", "blank", nullable=True)
    user_name: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[dt.datetime] = mapped_column(Moment)
    modified_at: Mapped[dt.datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(Integer, default=1)

    contact: Mapped[Contact | None] = relationship(foreign_keys=[contact_id])
    company: Mapped[Contact | None] = relationship(foreign_keys=[company_id])
    salesperson: Mapped[Salesperson | None] = relationship()
    template: Mapped[InteractionTemplate | None] = relationship()
    language: Mapped[Language | None] = relationship()
    campaign: Mapped[Campaign | None] = relationship()
    document: Mapped[Document | None] = relationship()

    __mapper_args__ = {"version_id_col": version}

    def is_fixed(self, name: str) -> bool:
        """Whether the field `name` cannot change."""
        return name in self.fixed.split()
