"""Immutable files, stored once by content (A4): take one in, read it, know what it holds."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.documents.models import Document
from domain.documents.stores import digest, store_of
from domain.errors import NotFound, RuleViolation
from domain.messages import say

LONGEST_NAME = 200
LONGEST_EXTENSION = 20
_NOT_IN_A_NAME = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')


def store_document(
    session: Session,
    data: bytes,
    *,
    file_name: str,
    is_word: bool = False,
    facts: Mapping[str, Any] | None = None,
    by: Actor,
) -> Document:
    """The document with these bytes: the one that is there already, or a new one (A4).

    `file_name` as the user's computer called it, folders are dropped; `facts` is kept as JSON with a new document and
    does not replace the facts of one that is there. The bytes are written and flushed to the disk before this returns,
    so before the commit.
    """
    sha256 = digest(data)
    hold(session, sha256)
    name = clean_name(file_name)
    values = {
        "sha256": sha256,
        "file_name": name,
        "extension": PurePosixPath(name).suffix.lstrip(".").lower()[:LONGEST_EXTENSION],
        "size": len(data),
        "is_word": is_word,
        "facts": json.dumps(dict(facts or {}), ensure_ascii=False),
        "created_at": by.now,
        "unreferenced_since": by.now,
    }
    # a document that waits for its removal is wanted again
    refreshed = {"unreferenced_since": by.now}
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Document).values(**values)
    document_id = session.execute(
        statement.on_conflict_do_update(index_elements=["sha256"], set_=refreshed).returning(Document.id)
    ).scalar_one()
    store_of(session).write(session, sha256, data)
    return session.get_one(Document, document_id, populate_existing=True)


def hold(session: Session, sha256: str) -> None:
    """Until the transaction ends nobody else stores or removes this content. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": int(sha256[:15], 16)})


def read_document(session: Session, document: Document) -> bytes:
    """The bytes of a document. Raises `RuleViolation` when they are gone or damaged."""
    data = store_of(session).read(session, document.sha256)
    if data is None or digest(data) != document.sha256:
        raise RuleViolation(say("The stored file %(name)s cannot be read. Upload it again.", name=document.file_name))
    return data


def facts_of(document: Document) -> dict[str, Any]:
    """What is known about the content: merge fields, what was removed at upload, a confirmed mapping (B21)."""
    facts: dict[str, Any] = json.loads(document.facts or "{}")
    return facts


def get_document(session: Session, document_id: int) -> Document:
    """The document with this id. Raises `NotFound`."""
    document = session.get(Document, document_id)
    if document is None:
        raise NotFound(say("This document does not exist any more."))
    return document


def find_document(session: Session, sha256: str) -> Document | None:
    """The document with this digest."""
    return session.scalar(select(Document).where(Document.sha256 == sha256))


def clean_name(file_name: str) -> str:
    """A file name without folders and without characters that no system allows; never blank, at most 200 characters."""
    name = _NOT_IN_A_NAME.sub("", re.split(r"[\\/]", file_name)[-1]).strip(" .")
    if len(name) > LONGEST_NAME:
        ending = PurePosixPath(name).suffix[: LONGEST_EXTENSION + 1]
        name = name[: LONGEST_NAME - len(ending)].rstrip(" .") + ending
    return name or "document"
