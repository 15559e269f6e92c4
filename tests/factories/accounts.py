"""Users with passwords for tests."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from domain.accounts.models import User
from domain.accounts.passwords import hash_password
from tests.factories.setup import make_user

PASSWORD = "correct horse battery"
_HASH = hash_password(PASSWORD, login="somebody else")


def make_user_with_password(session: Session, login: str = "", **values: Any) -> User:
    """A user who signs in with `PASSWORD`."""
    return make_user(session, login, password_hash=_HASH, **values)
