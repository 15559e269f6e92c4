"""What nobody has referred to for 24 hours goes, everything else stays (A4)."""

import datetime as dt
import os

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.database import make_engine, writing
from domain.documents.clean import clean_documents
from domain.documents.models import Document
from domain.documents.store import read_document
from domain.documents.stores import DatabaseStore, FolderStore, store_of, use_store
from domain.interaction_templates.models import InteractionTemplateLanguage
from tests.databases import create_tables, empty_tables
from tests.factories.documents import make_document
from tests.factories.interaction_templates import make_template
from tests.factories.setup import NOW

HOUR = dt.timedelta(hours=1)


@pytest.fixture(params=["folder", "database"])
def open_session(request, database_url, tmp_path):
    """Sessions of a database that really commits."""
    engine = make_engine(
        database_url if database_url.startswith("postgresql") else f"sqlite:///{tmp_path / 'clean.db'}"
    )
    create_tables(engine)
    use_store(engine, FolderStore(tmp_path / "documents") if request.param == "folder" else DatabaseStore())
    yield lambda: Session(engine, expire_on_commit=False)
    empty_tables(engine)
    use_store(engine, DatabaseStore())
    engine.dispose()


def stored(open_session, data, *, used=False):
    with open_session() as session, writing(session):
        document = make_document(session, data)
        if used:
            make_template(session, "BUS", languages={"ENG": document})
        return document


def left(open_session):
    with open_session() as session:
        return [
            store_of(session).read(session, sha256)
            for sha256 in session.scalars(select(Document.sha256).order_by(Document.id))
        ]


def test_a_day_without_reference_is_the_end(open_session):
    stored(open_session, b"used", used=True)
    lonely = stored(open_session, b"lonely")
    assert clean_documents(open_session, now=NOW + 23 * HOUR) == 0
    assert left(open_session) == [b"used", b"lonely"]
    assert clean_documents(open_session, now=NOW + 24 * HOUR) == 1
    assert left(open_session) == [b"used"]
    with open_session() as session:
        assert store_of(session).read(session, lonely.sha256) is None


def test_a_document_that_loses_its_reference_stays_another_day(open_session):
    stored(open_session, b"letter", used=True)
    clean_documents(open_session, now=NOW + 100 * HOUR)
    with open_session() as session, writing(session):
        session.scalars(select(InteractionTemplateLanguage)).one().document_id = None
    assert clean_documents(open_session, now=NOW + 101 * HOUR) == 0
    assert clean_documents(open_session, now=NOW + 124 * HOUR) == 0
    assert clean_documents(open_session, now=NOW + 125 * HOUR) == 1


def test_a_document_that_is_wanted_again_stays(open_session):
    stored(open_session, b"letter")
    with open_session() as session, writing(session):
        document = session.scalars(select(Document)).one()
        make_template(session, "BUS", languages={"ENG": document})
    assert clean_documents(open_session, now=NOW + 100 * HOUR) == 0
    with open_session() as session:
        document = session.scalars(select(Document)).one()
        assert document.unreferenced_since is None
        assert read_document(session, document) == b"letter"


@pytest.mark.parametrize("open_session", ["folder"], indirect=True)
def test_files_a_crash_left_behind_go(open_session):
    stored(open_session, b"used", used=True)
    with open_session() as session:
        store = store_of(session)
    orphan, part = store.path("f" * 64), store.path("f" * 64).with_name("f" * 64 + ".12.part")
    young = store.path("e" * 64)
    for path in (orphan, part, young):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    for path in store.folder.glob("??/??/*"):
        moment = (NOW - 48 * HOUR).timestamp() if path != young else (NOW - HOUR).timestamp()
        os.utime(path, (moment, moment))
    assert clean_documents(open_session, now=NOW) == 0
    assert [path for path in store.folder.glob("??/??/*") if path.read_bytes() == b"x"] == [young]
    assert left(open_session) == [b"used"]
