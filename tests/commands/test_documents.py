"""`flask documents clean`: the daily maintenance of stored files."""

from __future__ import annotations

import datetime as dt

import pytest
from flask_migrate import upgrade
from sqlalchemy import select

from app import create_app
from blueprints.web.database import db, transaction
from domain.documents.models import Document
from domain.documents.store import store_document
from domain.documents.stores import FolderStore, store_of
from tests.factories.setup import NOW, make_actor


@pytest.fixture
def office(empty_database_url, tmp_path, monkeypatch):
    """An application with tables, and its clock: `office.config["NOW"]`."""
    monkeypatch.setenv("INSTANCE_PATH", str(tmp_path / "instance"))
    app = create_app({"SQLALCHEMY_DATABASE_URI": empty_database_url, "NOW": NOW})
    app.config["CLOCK"] = lambda: app.config["NOW"]
    with app.app_context():
        upgrade()
    yield app
    with app.app_context():
        db.engine.dispose()


def test_what_nobody_refers_to_goes_after_a_day(office, tmp_path):
    with office.app_context():
        with transaction() as session:
            sha256 = store_document(session, b"lonely", file_name="a.txt", by=make_actor()).sha256
            store = store_of(session)
        assert isinstance(store, FolderStore)
        file = tmp_path / "instance" / "documents" / sha256[:2] / sha256[2:4] / sha256
        assert file.read_bytes() == b"lonely"
    assert office.test_cli_runner().invoke(args=["documents", "clean"]).output.strip() == "Removed: 0"
    assert file.exists()
    office.config["NOW"] = NOW + dt.timedelta(days=1)
    assert office.test_cli_runner().invoke(args=["documents", "clean"]).output.strip() == "Removed: 1"
    assert not file.exists()
    with office.app_context():
        assert db.session.scalars(select(Document)).all() == []


def test_documents_live_where_the_configuration_says(empty_database_url, tmp_path, monkeypatch):
    monkeypatch.setenv("INSTANCE_PATH", str(tmp_path / "instance"))
    monkeypatch.setenv("SEGMENTA_DOCUMENTS", "database")
    app = create_app({"SQLALCHEMY_DATABASE_URI": empty_database_url})
    with app.app_context():
        upgrade()
        with transaction() as session:
            store_document(session, b"in the database", file_name="a.txt", by=make_actor())
        assert not (tmp_path / "instance" / "documents").exists()
        db.engine.dispose()
    monkeypatch.setenv("SEGMENTA_DOCUMENTS", "cellar")
    with pytest.raises(ValueError, match="DOCUMENTS must be"):
        create_app({"SQLALCHEMY_DATABASE_URI": empty_database_url})
