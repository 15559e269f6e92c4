"""Users: create, edit, deactivate, new passwords (contacts.md 1.11 and 7).

The right is "manage users"; everybody changes their own settings and password.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.accounts.models import INTERFACE_LOCALES, ROLES, User
from domain.accounts.passwords import is_right
from domain.accounts.queries import find_user, login_key
from domain.errors import Forbidden, RuleViolation
from domain.messages import Message, say
from domain.setup.fields import set_fields
from domain.setup.models import Salesperson

THEMES = ("", "light", "dark")
FIELDS = frozenset({"login", "name", "email", "role", "salesperson_id", "locale", "active"})
OWN_FIELDS = frozenset({"name", "locale", "theme"})


def create_user(session: Session, *, login: str, password_hash: str, by: Actor, **values: Any) -> User:
    """Makes a user who may sign in. The caller has hashed the password before (`passwords.hash_password`).

    `values`: name, email, role, salesperson_id, locale, active, theme, is_demo. Raises `Forbidden` without the right
    "manage users", `RuleViolation` on the field for a sign-in name that is blank or used, an unknown role or language,
    or a blocked salesperson.
    """
    by.must_be_allowed("manage users")
    user = User(login="", login_key="", password_hash=password_hash, created_at=by.now, theme=values.pop("theme", ""))
    user.is_demo = values.pop("is_demo", False)
    _apply(session, user, {"name": "", "role": "read_only", "locale": "en_GB", "active": True, "login": login} | values)
    session.add(user)
    _write(session, user)
    return user


def edit_user(session: Session, user: User, *, changes: dict[str, Any], by: Actor) -> User:
    """Changes some fields of a user (`FIELDS`). Deactivating somebody ends their sessions.

    Raises as `create_user`, and `RuleViolation` when no active administrator would be left.
    """
    by.must_be_allowed("manage users")
    refuse_without_administrator(session, user, changes)
    _apply(session, user, changes)
    if changes.get("active") is False:
        user.session_no += 1
    _write(session, user)
    return user


def edit_own_settings(session: Session, user: User, *, changes: dict[str, Any], by: Actor) -> User:
    """Changes what people set for themselves (`OWN_FIELDS`): name, interface language, theme.

    Raises `Forbidden` when the user is somebody else.
    """
    _refuse_unless_self(user, by)
    unknown = set(changes) - OWN_FIELDS
    if unknown:
        raise KeyError(f"not a setting of one's own: {sorted(unknown)}")
    if changes.get("theme", "") not in THEMES:
        raise RuleViolation(say("Choose a theme from the list."), field="theme")
    if "theme" in changes:
        user.theme = changes["theme"]
    _apply(session, user, {key: value for key, value in changes.items() if key != "theme"})
    session.flush()
    return user


def set_password(session: Session, user: User, *, password_hash: str, by: Actor) -> None:
    """Gives a user a new password and ends all their sessions. Raises `Forbidden` without the right "manage users"."""
    by.must_be_allowed("manage users")
    _replace_password(session, user, password_hash)


def change_own_password(session: Session, user: User, *, shown_hash: str, password_hash: str, by: Actor) -> None:
    """Changes one's own password and ends one's sessions (the page signs the present one in again).

    `shown_hash` is the hash the current password was checked against (`check_own_password`). Raises `RuleViolation`
    when the password was changed meanwhile.
    """
    _refuse_unless_self(user, by)
    if user.password_hash != shown_hash:
        raise RuleViolation(say("The password was changed meanwhile. Try again."), field="current_password")
    _replace_password(session, user, password_hash)


def check_own_password(user: User, password: str) -> str:
    """The hash of the user, when `password` belongs to it. Raises `RuleViolation` otherwise. Slow on purpose."""
    if not is_right(user.password_hash, password):
        raise RuleViolation(say("This is not your current password."), field="current_password")
    return user.password_hash


def refuse_without_administrator(session: Session, user: User, changes: dict[str, Any]) -> None:
    """Raises `RuleViolation` when the changes would leave the office without an active administrator."""
    stays = changes.get("role", user.role) == "administrator" and changes.get("active", user.active)
    if stays or user.role != "administrator" or not user.active:
        return
    others = select(User.id).where(User.active, User.role == "administrator").with_for_update()
    if set(session.scalars(others)) - {user.id}:
        return
    field = "role" if changes.get("role", user.role) != "administrator" else "active"
    name = user.name or user.login
    raise RuleViolation(
        say("%(name)s is the last active administrator. Make somebody else administrator first.", name=name),
        field=field,
    )


def _replace_password(session: Session, user: User, password_hash: str) -> None:
    user.password_hash = password_hash
    user.session_no += 1
    session.flush()


def _write(session: Session, user: User) -> None:
    try:
        session.flush()
    except IntegrityError as twice:  # somebody else took the sign-in name at the same moment
        raise RuleViolation(_used(user.login), field="login") from twice


def _used(login: str) -> Message:
    return say("The sign-in name %(login)s is already used.", login=login)


def _refuse_unless_self(user: User, by: Actor) -> None:
    if by.user_id is None or by.user_id != user.id:
        raise Forbidden(say("Your role does not allow this. Ask an administrator."))


def _apply(session: Session, user: User, changes: dict[str, Any]) -> None:
    unknown = set(changes) - FIELDS
    if unknown:
        raise KeyError(f"not a field of a user: {sorted(unknown)}")
    if "login" in changes:
        _rename(session, user, changes["login"])
    if "role" in changes:
        if changes["role"] not in ROLES:
            raise RuleViolation(say("Choose a role from the list."), field="role")
        user.role = changes["role"]
    if "locale" in changes:
        if changes["locale"] not in INTERFACE_LOCALES:
            raise RuleViolation(say("Choose a language from the list."), field="locale")
        user.locale = changes["locale"]
    if "salesperson_id" in changes:
        _belong_to(session, user, changes["salesperson_id"])
    set_fields(user, {name: changes[name] for name in ("name", "email") if name in changes})
    if "active" in changes:
        user.active = changes["active"]


def _rename(session: Session, user: User, login: str) -> None:
    login = " ".join(login.split())
    if not login:
        raise RuleViolation(say("Enter a sign-in name."), field="login")
    other = find_user(session, login)
    if other is not None and other is not user:
        raise RuleViolation(_used(login), field="login")
    set_fields(user, {"login": login})
    user.login_key = login_key(login)


def _belong_to(session: Session, user: User, salesperson_id: int | None) -> None:
    """Blocked salespeople cannot be chosen; one who was blocked later stays until somebody changes it."""
    if salesperson_id is not None and salesperson_id != user.salesperson_id:
        salesperson = session.get(Salesperson, salesperson_id)
        if salesperson is None:
            raise RuleViolation(say("Choose a salesperson from the list."), field="salesperson_id")
        if salesperson.blocked or salesperson.privacy_blocked:
            sentence = say("The salesperson %(code)s is blocked.", code=salesperson.code)
            raise RuleViolation(sentence, field="salesperson_id")
    user.salesperson_id = salesperson_id
    if user in session:
        session.flush()
        session.expire(user, ["salesperson"])
