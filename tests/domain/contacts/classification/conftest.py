"""What tests of the classification share."""

from __future__ import annotations

import pytest

from tests.factories.setup import make_office


@pytest.fixture(autouse=True)
def office(session):
    """An office."""
    make_office(session)
