"""The session of a request and the one way to change the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Session

from domain.database import Base, engine_options, prepare_engine, writing
from domain.documents.stores import DatabaseStore, DocumentStore, FolderStore, use_store
from domain.tables import metadata

assert metadata is Base.metadata
db = SQLAlchemy(
    model_class=Base, disable_autonaming=True, session_options={"autoflush": True, "expire_on_commit": False}
)
migrate = Migrate(compare_type=True, render_as_batch=True)


def init_database(app: Flask) -> None:
    """Connects the application to its database (`SQLALCHEMY_DATABASE_URI`) and prepares the engine."""
    # values of statements are names and addresses: they do not belong in logs
    options = {**engine_options(app.config["SQLALCHEMY_DATABASE_URI"]), "hide_parameters": True}
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", options)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(app.config["MIGRATIONS"]))
    with app.app_context():
        use_store(prepare_engine(db.engine), document_store(app))


def document_store(app: Flask) -> DocumentStore:
    """Where documents live: `DOCUMENTS` is "folder" (in `DOCUMENTS_FOLDER`) or "database"."""
    if app.config["DOCUMENTS"] == "database":
        return DatabaseStore()
    if app.config["DOCUMENTS"] == "folder":
        return FolderStore(app.config["DOCUMENTS_FOLDER"])
    raise ValueError('DOCUMENTS must be "folder" or "database"')


def reading() -> Session:
    """The session of this request, for questions."""
    return db.session()


@contextmanager
def transaction(*, consistent: bool = False) -> Iterator[Session]:
    """Everything inside happens, or nothing does. What a change depends on is loaded inside.

    `consistent`: every statement sees one state of the database (logging a segment), see `domain.database.writing`.
    """
    with writing(db.session(), consistent=consistent) as session:
        yield session
