"""The table of background work."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from domain.database import Base
from domain.references import reference
from domain.types import Key, Moment


class Job(Base):
    """A piece of work for a worker thread.

    `kind` names the registered function, `arguments` and `result` are JSON, `lease_until` ends a worker's claim,
    `done` of `total` is the progress. States: queued · running · done · failed · canceled.
    """

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Key(40))
    title: Mapped[str] = mapped_column(String(200), default="")
    arguments: Mapped[str] = mapped_column(Text, default="{}")
    state: Mapped[str] = mapped_column(Key(10), default="queued", index=True)
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    result: Mapped[str] = mapped_column(Text, default="{}")
    error: Mapped[str] = mapped_column(Text, default="")
    user_id: Mapped[int | None] = reference("app_user.id", "blank", nullable=True, index=True)
    created_at: Mapped[dt.datetime] = mapped_column(Moment)
    started_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    finished_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    lease_until: Mapped[dt.datetime | None] = mapped_column(Moment)
    worker: Mapped[str] = mapped_column(Key(60), default="")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
