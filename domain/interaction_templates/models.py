"""Tables of interaction templates (segments.md 1.8-1.10)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, Boolean, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.campaigns.models import Campaign
from domain.database import Base
from domain.documents.models import Document
from domain.messages import Counted
from domain.references import reference
from domain.setup.models import Language
from domain.types import Code, Key, Moment

INFORMATION_FLOWS = ("", "outbound", "inbound")
INITIATED_BY = ("", "us", "them")
WIZARD_ACTIONS = ("", "open", "import", "merge")


class InteractionGroup(Base):
    """A heading for templates: letters, meetings, calls."""

    __tablename__ = "interaction_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Code(10), unique=True)
    description: Mapped[str] = mapped_column(String(100), default="")
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}


class InteractionTemplate(Base):
    """The preset of a kind of interaction. Money in minor units, duration in minutes (B23)."""

    __tablename__ = "interaction_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Code(10), unique=True)
    group_id: Mapped[int] = reference(
        "interaction_group.id",
        "refuse",
        Counted(
            "The interaction group %(name)s has %(num)s interaction template.",
            "The interaction group %(name)s has %(num)s interaction templates.",
        ),
    )
    description: Mapped[str] = mapped_column(String(100), default="")
    unit_cost: Mapped[int] = mapped_column(BigInteger, default=0)
    unit_duration: Mapped[int] = mapped_column(Integer, default=0)
    information_flow: Mapped[str] = mapped_column(Key(10), default="")
    initiated_by: Mapped[str] = mapped_column(Key(10), default="")
    campaign_id: Mapped[int | None] = reference("campaign.id", "blank", nullable=True)
    campaign_target: Mapped[bool] = mapped_column(Boolean, default=False)
    campaign_response: Mapped[bool] = mapped_column(Boolean, default=False)
    correspondence_type: Mapped[str] = mapped_column(Key(20), default="")
    ignore_contact_type: Mapped[bool] = mapped_column(Boolean, default=False)
    language_id: Mapped[int | None] = reference("language.id", "blank", nullable=True)
    wizard_action: Mapped[str] = mapped_column(Key(10), default="")
    modified_at: Mapped[dt.datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(Integer, default=1)

    group: Mapped[InteractionGroup] = relationship()
    campaign: Mapped[Campaign | None] = relationship()
    language: Mapped[Language | None] = relationship()
    languages: Mapped[list[InteractionTemplateLanguage]] = relationship(
        cascade="all, delete-orphan", back_populates="template"
    )

    __mapper_args__ = {"version_id_col": version}


class InteractionTemplateLanguage(Base):
    """A template in one language: its subject and its document (B18)."""

    __tablename__ = "interaction_template_language"
    __table_args__ = (UniqueConstraint("template_id", "language_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = reference("interaction_template.id", "delete")
    language_id: Mapped[int] = reference(
        "language.id",
        "refuse",
        Counted(
            "The language %(name)s is used by %(num)s document of interaction templates.",
            "The language %(name)s is used by %(num)s documents of interaction templates.",
        ),
    )
    description: Mapped[str] = mapped_column(String(100), default="")
    subject: Mapped[str] = mapped_column(String(100), default="")
    document_id: Mapped[int | None] = reference(
        "document.id", "refuse", "%(name)s is used by an interaction template.", nullable=True, index=True
    )
    version: Mapped[int] = mapped_column(Integer, default=1)

    template: Mapped[InteractionTemplate] = relationship(back_populates="languages")
    language: Mapped[Language] = relationship()
    document: Mapped[Document | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


_CHOSEN = "The interaction template %(name)s is chosen in Interaction template setup."


class InteractionTemplateSetup(Base):
    """The one row that says which template an interaction gets that makes itself (segments.md 1.16). Its id is 1."""

    __tablename__ = "interaction_template_setup"

    id: Mapped[int] = mapped_column(primary_key=True)
    emails_id: Mapped[int | None] = reference("interaction_template.id", "refuse", _CHOSEN, nullable=True)
    cover_sheets_id: Mapped[int | None] = reference("interaction_template.id", "refuse", _CHOSEN, nullable=True)
    outgoing_calls_id: Mapped[int | None] = reference("interaction_template.id", "refuse", _CHOSEN, nullable=True)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}
