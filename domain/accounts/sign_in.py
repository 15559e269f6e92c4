"""Signing in: who may, checked without telling why not; the moment of the last sign-in."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.models import User
from domain.accounts.passwords import is_outdated, is_right, rehash
from domain.accounts.queries import login_key


def check_password(session: Session, *, login: str, password: str) -> User | None:
    """The active user whom the sign-in name and password belong to; None for everything else, without saying why.

    Takes as long for unknown and deactivated users as for known ones. Only reads: call it outside the transaction.
    """
    user = session.scalar(select(User).where(User.login_key == login_key(login)))
    right = is_right(user.password_hash if user else "", password)
    return user if user is not None and right and user.active else None


def renewed_hash(user: User, password: str) -> str:
    """A hash with today's parameters when the stored one is outdated, else blank. Slow when it is."""
    return rehash(password) if is_outdated(user.password_hash) else ""


def record_sign_in(
    session: Session, user_id: int, *, checked_hash: str, new_hash: str, now: dt.datetime
) -> User | None:
    """Notes the moment of a sign-in; keeps `new_hash` if it is not blank.

    `checked_hash` is the hash the password was checked against: None is returned, and nothing written, when the user
    was deactivated or got another password in between.
    """
    user = session.get(User, user_id, populate_existing=True)
    if user is None or not user.active or user.password_hash != checked_hash:
        return None
    user.last_sign_in_at = now
    if new_hash:
        user.password_hash = new_hash
    session.flush()
    return user
