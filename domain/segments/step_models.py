"""Tables of the steps of a list (A3): what they changed, whom they skipped, whom they pinned."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Boolean, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.database import Base
from domain.references import reference
from domain.types import Key, Moment


class SegmentStep(Base):
    """A change to the list of contacts (A3): what was asked, what it found, changed and skipped.

    `kind`: add, remove, reduce, refine, reuse, paste, follow_up, kept_back, kept_from, bring_back, without, pin. `filters`
    and `options` are JSON, `source` says where it came from (line, list, paste, contacts, log). `undone`: Go back took
    it back; the lines it added stay as removed ones, so that line numbers are never given twice. Such steps are not
    counted or listed (`domain.segments.steps`).
    """

    __tablename__ = "segment_step"
    __table_args__ = (
        Index(
            "uq_segment_step_seq",
            "segment_id",
            "seq",
            unique=True,
            sqlite_where=text("undone = 0"),
            postgresql_where=text("NOT undone"),
        ),
        Index("ix_segment_step_segment", "segment_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    segment_id: Mapped[int] = reference("segment.id", "delete")
    seq: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(Key(20))
    filters: Mapped[str] = mapped_column(Text, default="{}")
    options: Mapped[str] = mapped_column(Text, default="{}")
    source: Mapped[str] = mapped_column(Key(20), default="")
    user_id: Mapped[int | None] = reference("app_user.id", "blank", nullable=True)
    user_name: Mapped[str] = mapped_column(String(100), default="")
    at: Mapped[dt.datetime] = mapped_column(Moment)
    found: Mapped[int] = mapped_column(Integer, default=0)
    changed: Mapped[int] = mapped_column(Integer, default=0)
    skipped: Mapped[int] = mapped_column(Integer, default=0)
    undone: Mapped[bool] = mapped_column(Boolean, default=False)


class SegmentStepLine(Base):
    """A line whose place a step changed, and the step that had removed it before: what Go back puts back.

    A line that the step itself added in the name of a former one (`domain.segments.switch_off`) names that step.
    """

    __tablename__ = "segment_step_line"
    __table_args__ = (UniqueConstraint("step_id", "line_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = reference("segment_step.id", "delete")
    line_id: Mapped[int] = reference("segment_line.id", "delete", index=True)
    removed_step_id: Mapped[int] = reference("segment_step.id", "delete", index=True)


class SegmentStepSkip(Base):
    """A contact a step passed over, with the reason: blocked, excluded, present, pinned_in, pinned_out (A3; up to 10,000
    per step)."""

    __tablename__ = "segment_step_skip"

    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = reference("segment_step.id", "delete", index=True)
    contact_id: Mapped[int] = reference("contact.id", "delete", index=True)
    reason: Mapped[str] = mapped_column(Key(20))


class SegmentPin(Base):
    """A contact held on the list (`kind` in), kept off it (out), or no longer either (''), with the reason.

    The row of the last step that was not undone counts (`domain.segments.pins`).
    """

    __tablename__ = "segment_pin"
    __table_args__ = (Index("ix_segment_pin_contact", "segment_id", "contact_id", "step_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    segment_id: Mapped[int] = reference("segment.id", "delete")
    step_id: Mapped[int] = reference("segment_step.id", "delete", index=True)
    contact_id: Mapped[int] = reference("contact.id", "delete", index=True)
    kind: Mapped[str] = mapped_column(Key(10), default="")
    reason: Mapped[str] = mapped_column(String(250), default="")
