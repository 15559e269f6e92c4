"""Tables of campaigns."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, Boolean, Date, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.database import Base
from domain.messages import Counted
from domain.references import reference
from domain.setup.models import Salesperson
from domain.types import Code, Moment


class Campaign(Base):
    """An effort that segments and interactions belong to (contacts.md 1.7)."""

    __tablename__ = "campaign"

    id: Mapped[int] = mapped_column(primary_key=True)
    no: Mapped[str] = mapped_column(Code(20), unique=True)
    number_series_id: Mapped[int | None] = reference("number_series.id", "blank", nullable=True)
    description: Mapped[str] = mapped_column(String(100), default="")
    starting_date: Mapped[dt.date | None] = mapped_column(Date)
    ending_date: Mapped[dt.date | None] = mapped_column(Date)
    salesperson_id: Mapped[int | None] = reference(
        "salesperson.id",
        "refuse",
        Counted(
            "The salesperson %(name)s is responsible for %(num)s campaign.",
            "The salesperson %(name)s is responsible for %(num)s campaigns.",
        ),
        nullable=True,
    )
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False)
    modified_at: Mapped[dt.datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(Integer, default=1)

    salesperson: Mapped[Salesperson | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class CampaignEntry(Base):
    """What logging wrote for a campaign: one per campaign and segment (R-G04)."""

    __tablename__ = "campaign_entry"
    __table_args__ = (Index("ix_campaign_entry_campaign", "campaign_id", "segment_no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_no: Mapped[int] = mapped_column(BigInteger, unique=True)
    campaign_id: Mapped[int] = reference(
        "campaign.id",
        "refuse",
        Counted(
            "The campaign %(name)s has %(num)s campaign entry. Cancel and delete it first.",
            "The campaign %(name)s has %(num)s campaign entries. Cancel and delete them first.",
        ),
    )
    description: Mapped[str] = mapped_column(String(100), default="")
    date: Mapped[dt.date] = mapped_column(Date)
    user_id: Mapped[int | None] = reference("app_user.id", "blank", nullable=True)
    user_name: Mapped[str] = mapped_column(String(100), default="")
    segment_no: Mapped[str] = mapped_column(Code(20), default="")
    salesperson_id: Mapped[int | None] = reference(
        "salesperson.id",
        "refuse",
        Counted(
            "The salesperson %(name)s stands in %(num)s campaign entry.",
            "The salesperson %(name)s stands in %(num)s campaign entries.",
        ),
        nullable=True,
    )
    logged_segment_id: Mapped[int | None] = reference("logged_segment.id", "blank", nullable=True, index=True)
    document_type: Mapped[int] = mapped_column(Integer, default=0)
    canceled: Mapped[bool] = mapped_column(Boolean, default=False)

    campaign: Mapped[Campaign] = relationship()
    salesperson: Mapped[Salesperson | None] = relationship()
