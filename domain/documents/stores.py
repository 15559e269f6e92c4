"""Where the bytes of documents live: a folder, or the database. Everything else asks here (A4)."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from domain.documents.models import Document, DocumentContent

TEMPORARY = ".part"


class DocumentStore(Protocol):
    """Keeps bytes under their SHA-256. What is written is never changed."""

    def write(self, session: Session, sha256: str, data: bytes) -> None:
        """Keeps `data` for good before the transaction of `session` can be committed."""

    def read(self, session: Session, sha256: str) -> bytes | None:
        """The bytes, None when they are not here."""

    def remove(self, session: Session, sha256: str) -> None:
        """Forgets the bytes, if they are here."""

    def strays(self, *, before: float) -> Iterator[str]:
        """What was written before the moment `before` (seconds since 1970) and may belong to no document."""


class DatabaseStore:
    """Keeps documents in the table `document_content`: one backup holds everything."""

    def write(self, session: Session, sha256: str, data: bytes) -> None:
        """Adds the row; it is committed together with the document."""
        document_id = session.scalars(select(Document.id).where(Document.sha256 == sha256)).one()
        if session.scalar(select(DocumentContent.id).where(DocumentContent.document_id == document_id)) is None:
            session.add(DocumentContent(document_id=document_id, content=data))
            session.flush()

    def read(self, session: Session, sha256: str) -> bytes | None:
        """The bytes, None when there is no row."""
        return session.scalar(
            select(DocumentContent.content)
            .join(Document, Document.id == DocumentContent.document_id)
            .where(Document.sha256 == sha256)
        )

    def remove(self, session: Session, sha256: str) -> None:
        """Deletes the row."""
        document = select(Document.id).where(Document.sha256 == sha256).scalar_subquery()
        session.execute(delete(DocumentContent).where(DocumentContent.document_id == document))

    def strays(self, *, before: float) -> Iterator[str]:
        """None: rows come and go with their documents."""
        return iter(())


class FolderStore:
    """Keeps documents as files `ab/cd/abcd…` in a folder."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def path(self, sha256: str) -> Path:
        """Where the file with this digest lies."""
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    def write(self, session: Session, sha256: str, data: bytes) -> None:
        """Writes a temporary file, flushes it to the disk and renames it: nobody ever sees half a file."""
        target = self.path(sha256)
        if self.read(session, sha256) == data:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f"{sha256}.{secrets.token_hex(6)}{TEMPORARY}")
        try:
            with open(temporary, "xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, target)
        finally:
            temporary.unlink(missing_ok=True)
        for folder in (target.parent, target.parent.parent, self.folder):
            _flush_folder(folder)

    def read(self, session: Session, sha256: str) -> bytes | None:
        """The bytes, None when there is no file."""
        try:
            return self.path(sha256).read_bytes()
        except FileNotFoundError:
            return None

    def remove(self, session: Session, sha256: str) -> None:
        """Deletes the file."""
        self.path(sha256).unlink(missing_ok=True)

    def strays(self, *, before: float) -> Iterator[str]:
        """The digests of old files; temporary files that a crash left behind are deleted on the way."""
        for path in self.folder.glob("??/??/*"):
            if path.stat().st_mtime < before:
                if path.name.endswith(TEMPORARY):
                    path.unlink(missing_ok=True)
                else:
                    yield path.name


def _flush_folder(folder: Path) -> None:
    """Makes a rename durable. Windows has no such thing and needs none."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


IN_DATABASE: DocumentStore = DatabaseStore()
_stores: dict[str, DocumentStore] = {}


def use_store(engine: Engine, store: DocumentStore) -> None:
    """From now on documents of the database behind `engine` live in `store`, in every thread of this process."""
    _stores[str(engine.url)] = store


def store_of(session: Session) -> DocumentStore:
    """The store that belongs to the session's database; the database itself when nothing else was chosen."""
    return _stores.get(str(session.get_bind().engine.url), IN_DATABASE)


def digest(data: bytes) -> str:
    """The name of the bytes."""
    return hashlib.sha256(data).hexdigest()
