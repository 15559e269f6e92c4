"""The table of tasks (contacts.md 1.8, as far as decisions C goes)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Boolean, ColumnElement, Date, Index, Integer, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.campaigns.models import Campaign
from domain.contacts.models import Contact
from domain.database import Base
from domain.messages import Counted
from domain.references import reference
from domain.segments.models import Segment
from domain.setup.models import Salesperson
from domain.types import Code, Key, Moment

PHONE_CALL, MEETING = "phone_call", "meeting"
TYPES = ("", PHONE_CALL, MEETING)
NOT_STARTED, IN_PROGRESS, COMPLETED = "not_started", "in_progress", "completed"
STATUSES = (NOT_STARTED, IN_PROGRESS, "waiting", "postponed", COMPLETED)
PRIORITIES = ("low", "normal", "high")


def _open(task: Table) -> ColumnElement[bool]:
    """Tasks that are still to be done; closed ones hold nothing."""
    return task.c.closed.is_(False)


class Task(Base):
    """Something to do. `closed`: it is completed, or cancelled (`canceled`); `closed_on` and `closed_by` say when and who.

    What a task is about may be deleted when the task is closed: a person's tasks go to its company (2.5).
    """

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_date", "closed", "date", "id"),
        Index("ix_task_salesperson", "salesperson_id", "closed", "date", "id"),
        Index("ix_task_contact", "contact_id", "closed", "date", "id"),
        Index("ix_task_segment", "segment_id", "date", "id"),
        Index("ix_task_campaign", "campaign_id", "date", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    no: Mapped[str] = mapped_column(Code(20), unique=True)
    number_series_id: Mapped[int | None] = reference("number_series.id", "blank", nullable=True)
    type: Mapped[str] = mapped_column(Key(12), default="")
    description: Mapped[str] = mapped_column(String(100), default="")
    date: Mapped[dt.date] = mapped_column(Date)
    status: Mapped[str] = mapped_column(Key(12), default=NOT_STARTED)
    priority: Mapped[str] = mapped_column(Key(10), default="normal")
    contact_id: Mapped[int | None] = reference(
        "contact.id",
        "refuse",
        "The contact %(name)s has an open task. Close or cancel it first.",
        nullable=True,
        only=_open,
        otherwise="follow",
    )
    salesperson_id: Mapped[int | None] = reference(
        "salesperson.id",
        "refuse",
        Counted(
            "The salesperson %(name)s still has %(num)s open task. Close it or give it to somebody else first.",
            "The salesperson %(name)s still has %(num)s open tasks. Close them or give them to somebody else first.",
        ),
        nullable=True,
        only=_open,
        otherwise="blank",
    )
    campaign_id: Mapped[int | None] = reference(
        "campaign.id",
        "refuse",
        Counted("The campaign %(name)s stands in %(num)s task.", "The campaign %(name)s stands in %(num)s tasks."),
        nullable=True,
    )
    segment_id: Mapped[int | None] = reference("segment.id", "blank", nullable=True)
    closed: Mapped[bool] = mapped_column(Boolean, default=False)
    canceled: Mapped[bool] = mapped_column(Boolean, default=False)
    closed_on: Mapped[dt.date | None] = mapped_column(Date)
    closed_by: Mapped[str] = mapped_column(String(100), default="")
    user_id: Mapped[int | None] = reference("app_user.id", "blank", nullable=True)
    user_name: Mapped[str] = mapped_column(String(100), default="")
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[dt.datetime] = mapped_column(Moment)
    modified_at: Mapped[dt.datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(Integer, default=1)

    contact: Mapped[Contact | None] = relationship()
    salesperson: Mapped[Salesperson | None] = relationship()
    campaign: Mapped[Campaign | None] = relationship()
    segment: Mapped[Segment | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
