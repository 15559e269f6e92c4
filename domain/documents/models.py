"""The table of stored files."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Boolean, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from domain.database import Base
from domain.references import reference
from domain.types import Key, Moment


class Document(Base):
    """An immutable file, stored once by content (A4).

    `facts` is JSON that belongs to the content: the merge fields of a Word letter, what was removed at upload, the
    mapping a user confirmed (B21). `unreferenced_since` is set while no row is known to point here: the maintenance
    command keeps it up to date and removes what has been unreferenced for 24 hours.
    """

    __tablename__ = "document"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(Key(64), unique=True)
    file_name: Mapped[str] = mapped_column(String(200))
    extension: Mapped[str] = mapped_column(Key(20), default="")
    size: Mapped[int] = mapped_column(Integer)
    is_word: Mapped[bool] = mapped_column(Boolean, default=False)
    facts: Mapped[str] = mapped_column(Text, default="{}")
    created_at: Mapped[dt.datetime] = mapped_column(Moment)
    unreferenced_since: Mapped[dt.datetime | None] = mapped_column(Moment)


class DocumentContent(Base):
    """The bytes of a document when they live in the database (`DOCUMENTS=database`)."""

    __tablename__ = "document_content"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = reference("document.id", "delete", unique=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
