"""Page tests: the application, and visitors who check every page they see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import create_app
from blueprints.web.database import db
from tests.databases import empty_tables
from tests.factories.setup import NOW
from tests.pages.visitor import Visitor


@pytest.fixture(scope="session")
def application(engine: Engine, database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on this worker's database."""
    application = create_app(
        {
            "TESTING": True,
            "PROPAGATE_EXCEPTIONS": False,
            "SQLALCHEMY_DATABASE_URI": database_url,
            "SECRET_KEY": "secret of the tests",
            "DOCUMENTS_FOLDER": str(tmp_path_factory.mktemp("documents")),
            "RATELIMIT_ENABLED": False,
            "WORKER": False,
            "CLOCK": lambda: NOW,
        }
    )
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session whose changes the application sees: visitors commit it before every request."""
    with Session(engine, expire_on_commit=False) as session:
        yield session
        session.rollback()
    empty_tables(engine)


@pytest.fixture
def browser(application: Flask, session: Session) -> Visitor:
    """A visitor with a plain browser, not signed in."""
    return Visitor(application, session, htmx=False)


@pytest.fixture(params=["browser", "htmx"])
def visitor(request: pytest.FixtureRequest, application: Flask, session: Session) -> Visitor:
    """A visitor, once with a plain browser and once with HTMX. Sign in with `visitor.sign_in(make_user(session))`."""
    return Visitor(application, session, htmx=request.param == "htmx")
