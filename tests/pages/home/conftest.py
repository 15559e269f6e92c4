"""What page tests of home and search share."""

from __future__ import annotations

import pytest

from tests.factories.setup import make_user


@pytest.fixture
def signed_in(session, visitor):
    """An administrator, with a plain browser and with HTMX."""
    return visitor.sign_in(make_user(session))
