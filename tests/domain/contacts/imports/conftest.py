"""An office as *Start empty* makes it, and an import from text."""

import pytest

from domain.contacts.imports.run import begin_import
from domain.setup.start import create_office
from tests.factories.setup import make_actor


@pytest.fixture
def by():
    return make_actor()


@pytest.fixture
def office(session, by):
    return create_office(
        session, name="Office", currency="EUR", time_zone="UTC", language_code="ENG", country_code="GB", by=by
    )


@pytest.fixture
def started(session, office, by):
    """A function: text (or bytes) → import."""

    def start(content, file_name="contacts.csv"):
        return begin_import(
            session, content if isinstance(content, bytes) else content.encode(), file_name=file_name, by=by
        )

    return start
