"""`flask backup`: a copy of everything while people work."""

from __future__ import annotations

import stat

import pytest
from flask_migrate import upgrade
from sqlalchemy import select

from app import create_app
from blueprints.web.database import db, transaction
from domain.contacts.models import Contact
from domain.documents.models import Document
from domain.documents.store import read_document, store_document
from domain.documents.stores import TEMPORARY
from tests.factories.contacts import make_contact
from tests.factories.setup import make_actor


def office_in(folder, url, monkeypatch):
    monkeypatch.setenv("INSTANCE_PATH", str(folder))
    return create_app({"SQLALCHEMY_DATABASE_URI": url} if url else {})


@pytest.fixture
def office(empty_database_url, tmp_path, monkeypatch):
    """An office with a contact and a letter."""
    app = office_in(tmp_path / "instance", empty_database_url, monkeypatch)
    with app.app_context():
        upgrade()
        with transaction() as session:
            make_contact(session, no="C1", name="Åsa Öberg")
            store_document(session, b"a letter", file_name="a.docx", by=make_actor())
    yield app
    with app.app_context():
        db.engine.dispose()


def back_up(app, folder):
    return app.test_cli_runner().invoke(args=["backup", str(folder)])


@pytest.fixture
def on_sqlite(empty_database_url):
    if not empty_database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL has a copy of its own, pg_dump")


@pytest.mark.usefixtures("on_sqlite")
def test_a_backup_made_while_somebody_writes_is_an_office_of_its_own(office, tmp_path, monkeypatch):
    folder = tmp_path / "backups" / "monday"
    (tmp_path / "instance" / "documents" / f"draft{TEMPORARY}").write_bytes(b"half")
    with office.app_context(), transaction() as session:
        session.scalars(select(Contact)).one().name = "Not committed"
        session.flush()
        done = back_up(office, folder)
    assert (done.exit_code, done.output.strip()) == (0, f"Copied to {folder}"), done.output
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert (folder / "secret_key").read_text() == (tmp_path / "instance" / "secret_key").read_text()
    copy = office_in(folder, "", monkeypatch)
    with copy.app_context():
        contact = db.session.scalars(select(Contact)).one()
        assert contact.name == "Åsa Öberg"
        assert read_document(db.session, db.session.scalars(select(Document)).one()) == b"a letter"
        with transaction() as session:  # its indexes know how texts are folded
            session.get_one(Contact, contact.id).name = "Åsa Berg"
        db.engine.dispose()
    assert not (folder / "documents" / f"draft{TEMPORARY}").exists()


@pytest.mark.usefixtures("on_sqlite")
def test_a_backup_replaces_nothing(office, tmp_path):
    folder = tmp_path / "monday"
    folder.mkdir()
    done = back_up(office, folder)
    assert done.exit_code == 1
    assert "is there already" in done.output
    assert list(folder.iterdir()) == []


@pytest.mark.usefixtures("on_sqlite")
def test_a_backup_that_fails_leaves_nothing(office, tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.copytree", lambda *_, **__: (_ for _ in ()).throw(OSError("The disk is full")))
    done = back_up(office, tmp_path / "monday")
    assert done.exit_code != 0
    assert not (tmp_path / "monday").exists()


def test_postgresql_has_a_copy_of_its_own(office, empty_database_url, tmp_path):
    if empty_database_url.startswith("sqlite"):
        pytest.skip("only where the tests run on PostgreSQL")
    done = back_up(office, tmp_path / "monday")
    assert done.exit_code == 1
    assert "pg_dump" in done.output
