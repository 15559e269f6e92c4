"""The demo company, made once for all tests of this folder that look at it; each test's changes disappear."""

import pytest
from sqlalchemy.orm import Session

from domain.contacts.starting_salutations import create_salutations
from domain.demo.company import create_demo_company
from domain.demo.sign_ins import make_sign_ins
from domain.setup.start import create_office
from tests.factories.setup import make_actor, make_user


@pytest.fixture(scope="module")
def demo_connection(engine):
    """An open transaction with an office, an administrator and the demo company in it."""
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            by = make_actor()
            create_office(
                session,
                name="Lindholm Papier",
                currency="CHF",
                time_zone="Europe/Zurich",
                language_code="ENG",
                country_code="CH",
                by=by,
            )
            create_salutations(session, by=by)
            make_user(session, "owner")
            create_demo_company(session, sign_ins=make_sign_ins(), by=by)
            session.commit()
        yield connection
        outer.rollback()


@pytest.fixture
def demo_session(demo_connection):
    """A session on the office with the demo."""
    with Session(demo_connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
        yield session
        session.rollback()
