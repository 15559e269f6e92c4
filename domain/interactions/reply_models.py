"""Table of the answers to logged segments."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Boolean, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.database import Base
from domain.interactions.models import EVALUATIONS
from domain.references import reference
from domain.types import Key, Moment

EVALUATING = EVALUATIONS[1:]
OUTCOMES = (*EVALUATING, "responded", "moved", "call_back")


class Reply(Base):
    """An answer to what a logged segment sent: what came back about one entry of the log.

    Every answer stays; of those to one entry the last one counts (`counts`). One of the five evaluations is also
    written to the entry by its own action (R-E02); `evaluation_before` is what stood there, for *Undo*. Answers of one
    pasted column share their `paste_key`, the key of the form.
    """

    __tablename__ = "reply"
    __table_args__ = (
        Index("ix_reply_entry", "entry_id", "id"),
        Index(
            "ix_reply_paste",
            "logged_segment_id",
            "paste_key",
            sqlite_where=text("paste_key IS NOT NULL"),
            postgresql_where=text("paste_key IS NOT NULL"),
        ),
        Index("ix_reply_logged_segment", "logged_segment_id", "counts", "outcome", "id"),
        Index(
            "uq_reply_counts",
            "entry_id",
            unique=True,
            sqlite_where=text("counts = 1"),
            postgresql_where=text("counts"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = reference("interaction_log_entry.id", "delete")
    logged_segment_id: Mapped[int | None] = reference("logged_segment.id", "blank", nullable=True)
    outcome: Mapped[str] = mapped_column(Key(20))
    evaluation_before: Mapped[str] = mapped_column(Key(20), default="")
    paste_key: Mapped[str | None] = mapped_column(Key(32))
    counts: Mapped[bool] = mapped_column(Boolean, default=True)
    user_id: Mapped[int | None] = reference("app_user.id", "blank", nullable=True)
    user_name: Mapped[str] = mapped_column(String(100), default="")
    at: Mapped[dt.datetime] = mapped_column(Moment)
