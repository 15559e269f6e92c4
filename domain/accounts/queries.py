"""Questions about users."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, bindparam, func, select, true
from sqlalchemy.orm import Session, joinedload

from domain.accounts.models import User
from domain.errors import NotFound
from domain.messages import say
from domain.setup.models import CompanyInformation, MarketingSetup
from domain.types import fold

_office, _setup, _user = CompanyInformation.__table__.c, MarketingSetup.__table__.c, User.__table__.c
_OFFICE = (
    select(
        _office.time_zone,
        _office.currency,
        _office.name.label("office_name"),
        _office.demo,
        _office.setup_mark,
        _setup.salespeople_may_log,
        _user.id,
        _user.login,
        _user.name,
        _user.role,
        _user.salesperson_id,
        _user.locale,
        _user.theme,
        _user.active,
        _user.session_no,
    )
    .select_from(CompanyInformation.__table__)
    .outerjoin(MarketingSetup.__table__, true())
    .outerjoin(User.__table__, _user.id == bindparam("user_id"))
    .where(_office.id == 1)
)


def login_key(login: str) -> str:
    """What makes sign-in names unique: case ignored, outer blanks gone."""
    return fold(login).strip()


def find_user(session: Session, login: str) -> User | None:
    """The user with this sign-in name (case ignored), active or not; None when there is none."""
    return session.scalar(select(User).where(User.login_key == login_key(login)).options(joinedload(User.salesperson)))


def get_user(session: Session, login: str) -> User:
    """The user with this sign-in name. Raises `NotFound`."""
    user = find_user(session, login)
    if user is None:
        raise NotFound(say("There is no user %(login)s.", login=login))
    return user


def office_and_user(session: Session, user_id: int | None) -> Any:
    """What every page asks first: the office's settings and the user with this id (columns None: there is none).

    A row, or None before the first run.
    """
    return session.execute(_OFFICE, {"user_id": user_id}).one_or_none()


def user_list() -> Select[User]:
    """Every user with their salesperson, active ones first, by sign-in name."""
    return select(User).options(joinedload(User.salesperson)).order_by(User.active.desc(), User.login_key)


def active_administrators(session: Session) -> int:
    """How many active administrators there are."""
    return session.scalar(select(func.count()).select_from(User).where(User.active, User.role == "administrator")) or 0
