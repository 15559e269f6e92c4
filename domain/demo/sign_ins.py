"""Sign-ins of the demo: one for each role. Passwords are shown once; the administrator can give new ones any time."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.accounts.models import ROLES, User
from domain.accounts.passwords import hash_password
from domain.accounts.users import set_password

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
# role: sign-in name, the code of the salesperson who signs in
READER = "Margaret Rowe"  # who only reads is no salesperson
LOGINS = {
    "read_only": ("demo-reader", ""),
    "salesperson": ("demo-sales", "JP"),
    "marketing": ("demo-marketing", "LC"),
    "administrator": ("demo-admin", "AH"),
}


@dataclass(frozen=True)
class DemoSignIn:
    """A sign-in with its password in clear text: for showing it once, never for storing."""

    role: str
    login: str
    password: str
    password_hash: str
    salesperson: str


def make_sign_ins() -> list[DemoSignIn]:
    """One sign-in per role with a new password each. Slow (hashing), so it runs outside the transaction."""
    made = []
    for role in ROLES:
        login, salesperson = LOGINS[role]
        password = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
        made.append(DemoSignIn(role, login, password, hash_password(password, login=login), salesperson))
    return made


def renew_sign_ins(session: Session, sign_ins: Sequence[DemoSignIn], *, by: Actor) -> list[DemoSignIn]:
    """Gives the demo's people the new passwords of `sign_ins` and ends their sessions. Returns those that are there.

    Raises `Forbidden` without the right "manage users".
    """
    by.must_be_allowed("manage users")
    known = {one.login: one for one in sign_ins}
    users = session.scalars(select(User).where(User.is_demo.is_(True), User.login.in_(known)))
    found = {user.login: user for user in users}
    for login, user in found.items():
        set_password(session, user, password_hash=known[login].password_hash, by=by)
    return [one for one in sign_ins if one.login in found]
