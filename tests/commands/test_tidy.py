"""`flask tidy`: what is kept of people no longer than it is needed (decision 0021)."""

from __future__ import annotations

import datetime as dt
import os

import pytest
from flask_migrate import upgrade
from sqlalchemy import select

from app import create_app
from blueprints.web import worker as worker_module
from blueprints.web.database import db, transaction
from blueprints.web.worker import Worker
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
    assert "Stored files: 0" in office.test_cli_runner().invoke(args=["tidy"]).output
    assert file.exists()
    office.config["NOW"] = NOW + dt.timedelta(days=1)
    assert "Stored files: 1" in office.test_cli_runner().invoke(args=["tidy"]).output
    assert not file.exists()
    with office.app_context():
        assert db.session.scalars(select(Document)).all() == []


def test_print_files_go_after_thirty_days(office, tmp_path):
    folder = tmp_path / "instance" / "jobs"
    folder.mkdir(parents=True)
    for name, days in (("old.docx", 31), ("new.docx", 29)):
        (folder / name).write_bytes(b"letters")
        moment = (NOW - dt.timedelta(days=days)).timestamp()
        os.utime(folder / name, (moment, moment))
    assert "Files of background work: 1, jobs: 0" in office.test_cli_runner().invoke(args=["tidy"]).output
    assert [file.name for file in folder.iterdir()] == ["new.docx"]


def test_the_worker_tidies_up_once_a_day(office, monkeypatch):
    times = []
    monkeypatch.setattr(worker_module, "tidy_up", lambda: times.append(len(times)))
    monkeypatch.setattr(worker_module, "AFTER_START", 0)
    worker = Worker(office)
    for day in (0, 0, 3600):
        monkeypatch.setattr(worker_module, "DAY", day)
        worker._tidy_once_a_day()
    worker._tidy_once_a_day()
    assert times == [0, 1, 2]


def test_when_tidying_fails_the_worker_goes_on(office, monkeypatch, caplog):
    def broken():
        raise OSError("disk")

    monkeypatch.setattr(worker_module, "tidy_up", broken)
    monkeypatch.setattr(worker_module, "AFTER_START", 0)
    Worker(office)._tidy_once_a_day()
    assert "Tidying up failed" in caplog.text


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
