"""Removes documents nobody points to (A4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import islice

from sqlalchemy import ColumnElement, and_, delete, not_, select, update
from sqlalchemy.orm import Session

from domain.database import writing
from domain.documents.models import Document, DocumentContent
from domain.documents.store import hold
from domain.documents.stores import store_of
from domain.references import references_to

KEPT_FOR = dt.timedelta(hours=24)
BATCH = 500


def clean_documents(open_session: Callable[[], Session], *, now: dt.datetime) -> int:
    """Removes what has been unreferenced for 24 hours and files that belong to no document. Returns how many documents.

    A document that lost its last reference is marked at the first run and removed by a later one, so that undo and
    uploads that are not finished yet find it. Every document goes in a transaction of its own: its row first, its file
    after the commit, and only if nobody stored the same content again meanwhile.
    """
    limit = now - KEPT_FOR
    with open_session() as session:
        with writing(session):
            mark_unreferenced(session, now=now)
        old = and_(_unreferenced(), Document.unreferenced_since <= limit)
        waiting = list(session.execute(select(Document.id, Document.sha256).where(old).order_by(Document.id)))
        removed = 0
        for document_id, sha256 in waiting:
            with writing(session):
                hold(session, sha256)
                gone = session.scalar(select(Document.id).where(Document.id == document_id, old).with_for_update())
                if gone is not None:
                    session.execute(delete(DocumentContent).where(DocumentContent.document_id == gone))
                    session.execute(delete(Document).where(Document.id == gone))
                    removed += 1
            _remove_file_without_document(session, sha256)
        strays = iter(store_of(session).strays(before=limit.timestamp()))
        while batch := set(islice(strays, BATCH)):
            for sha256 in sorted(
                batch - set(session.scalars(select(Document.sha256).where(Document.sha256.in_(batch))))
            ):
                _remove_file_without_document(session, sha256)
    return removed


def mark_unreferenced(session: Session, *, now: dt.datetime) -> None:
    """Notes since when documents are unreferenced; those in use lose the mark."""
    unmarked = Document.unreferenced_since.is_(None)
    session.execute(update(Document).where(not_(unmarked), not_(_unreferenced())).values(unreferenced_since=None))
    session.execute(update(Document).where(unmarked, _unreferenced()).values(unreferenced_since=now))


def _remove_file_without_document(session: Session, sha256: str) -> None:
    with writing(session):
        hold(session, sha256)
        if session.scalar(select(Document.id).where(Document.sha256 == sha256)) is None:
            store_of(session).remove(session, sha256)


def _unreferenced() -> ColumnElement[bool]:
    """No row of any table points to the document; its own bytes do not count."""
    users = [column for column, _ in references_to(Document.__table__) if column.table is not DocumentContent.__table__]  # type: ignore[arg-type]
    return and_(*(Document.id.not_in(select(column).where(column.is_not(None))) for column in users))
