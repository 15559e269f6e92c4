"""Documents: immutable, stored once by content, in a folder or in the database (A4)."""

import os
import threading

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.database import make_engine, writing
from domain.documents.models import Document, DocumentContent
from domain.documents.store import clean_name, facts_of, read_document, store_document
from domain.documents.stores import DatabaseStore, FolderStore, digest, store_of, use_store
from domain.errors import RuleViolation
from tests.databases import create_tables
from tests.factories.setup import make_actor


@pytest.fixture(params=["folder", "database"])
def store(request, session, tmp_path):
    """Both homes of documents, chosen for the database of the test."""
    engine = session.get_bind().engine
    before = store_of(session)
    chosen = FolderStore(tmp_path / "documents") if request.param == "folder" else DatabaseStore()
    use_store(engine, chosen)
    yield chosen
    use_store(engine, before)


def put(session, data=b"hello", name="hello.txt", **values):
    return store_document(session, data, file_name=name, by=make_actor(), **values)


def test_what_is_stored_is_read_again(session, store):
    document = put(session, b"\x00bytes\xff", "Notes.PDF", facts={"fields": ["contact.name"]})
    assert read_document(session, document) == b"\x00bytes\xff"
    assert (document.sha256, document.size, document.extension) == (digest(b"\x00bytes\xff"), 7, "pdf")
    assert facts_of(document) == {"fields": ["contact.name"]}


def test_equal_content_is_stored_once_and_keeps_its_facts(session, store):
    first = put(session, facts={"mapping": {"firma": "contact.company_name"}})
    again = put(session, name="other.txt", facts={"mapping": {}})
    assert again is first
    assert facts_of(again) == {"mapping": {"firma": "contact.company_name"}}
    assert session.scalar(select(func.count()).select_from(Document)) == 1


def test_other_content_is_another_document(session, store):
    assert put(session, b"a").id != put(session, b"b").id


def test_the_bytes_are_there_before_the_commit(session, store, tmp_path):
    document = put(session)
    session.flush()
    assert store.read(session, document.sha256) == b"hello"
    if isinstance(store, FolderStore):
        assert (
            store.path(document.sha256)
            == tmp_path / "documents" / document.sha256[:2] / document.sha256[2:4] / document.sha256
        )
        assert [p.name for p in store.path(document.sha256).parent.iterdir()] == [document.sha256]
    else:
        assert session.scalar(select(func.count()).select_from(DocumentContent)) == 1


def test_nothing_remains_in_the_folder_when_writing_fails(session, tmp_path, monkeypatch):
    store = FolderStore(tmp_path)

    def broken(handle):
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="disk full"):
        store.write(session, "a" * 64, b"data")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_missing_or_damaged_file_is_a_sentence(session, store):
    document = put(session)
    store.remove(session, document.sha256)
    with pytest.raises(RuleViolation) as refusal:
        read_document(session, document)
    assert str(refusal.value) == "The stored file hello.txt cannot be read. Upload it again."
    if isinstance(store, FolderStore):
        store.path(document.sha256).write_bytes(b"something else")
        with pytest.raises(RuleViolation):
            read_document(session, document)


def test_storing_again_mends_a_file_that_was_lost(session, store):
    document = put(session)
    store.remove(session, document.sha256)
    assert read_document(session, put(session)) == b"hello"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (r"C:\Users\anna\Letter.docx", "Letter.docx"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\n<c>.txt", "abc.txt"),
        ("", "document"),
        ("...", "document"),
        ("x" * 300 + ".docx", "x" * 195 + ".docx"),
    ],
)
def test_names_of_files_are_harmless(given, kept):
    assert clean_name(given) == kept


def test_two_who_store_the_same_at_once_get_the_same_document(database_url, tmp_path):
    engine = make_engine(database_url if database_url.startswith("postgresql") else f"sqlite:///{tmp_path / 'two.db'}")
    create_tables(engine)
    use_store(engine, FolderStore(tmp_path / "documents"))
    together = threading.Barrier(4, timeout=30)
    found = []

    def store_it():
        with Session(engine) as session:
            together.wait()
            with writing(session):
                found.append(put(session, b"the same").id)

    threads = [threading.Thread(target=store_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    with Session(engine) as session, writing(session):
        assert len(found) == 4
        assert len(set(found)) == 1
        session.delete(session.get_one(Document, found[0]))
    use_store(engine, DatabaseStore())
    engine.dispose()
