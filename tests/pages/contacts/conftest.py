"""What page tests of contacts share."""

from __future__ import annotations

import pytest

from tests.factories.contacts import make_setup
from tests.factories.setup import make_language, make_user


@pytest.fixture(autouse=True)
def office(session):
    """An office with languages."""
    make_setup(session)
    for code in ("ENG", "SVE"):
        make_language(session, code)


@pytest.fixture
def signed_in(session, visitor):
    """An administrator, with a plain browser and with HTMX."""
    return visitor.sign_in(make_user(session))


@pytest.fixture
def reader(session, visitor):
    """Somebody who may only look."""
    return visitor.sign_in(make_user(session, role="read_only"))
