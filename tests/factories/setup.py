"""Things for tests, made with as little said as possible."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.accounts.models import User
from domain.setup.models import (
    CompanyInformation,
    Language,
    MarketingSetup,
    NumberSeries,
    NumberSeriesLine,
    Salesperson,
)

TODAY = dt.date(2026, 11, 24)
NOW = dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC)
_numbers = count(1)


def make_actor(user: User | None = None, **values: Any) -> Actor:
    """Somebody with every right, on the day of the tests."""
    facts: dict[str, Any] = {
        "user_id": user.id if user else None,
        "user_name": user.name if user else "Tester",
        "role": user.role if user else "administrator",
        "salesperson_id": user.salesperson_id if user else None,
        "locale": "en_GB",
        "work_date": TODAY,
        "today": TODAY,
        "now": NOW,
    }
    return Actor(**(facts | values))


def make_user(session: Session, login: str = "", **values: Any) -> User:
    """A user who may sign in; an administrator unless said otherwise. Makes sure that the office exists."""
    make_office(session)
    login = login or f"user{next(_numbers)}"
    facts = {
        "login": login,
        "login_key": login.lower(),
        "name": login.title(),
        "role": "administrator",
        "created_at": NOW,
    }
    user = User(**(facts | values))
    session.add(user)
    session.flush()
    return user


def make_office(session: Session) -> CompanyInformation:
    """The two single rows of the setup, with number series."""
    office = session.get(CompanyInformation, 1)
    if office is None:
        office = CompanyInformation(id=1, name="Example Office", currency="EUR", time_zone="Europe/Stockholm")
        series = {
            key: make_number_series(session, code, first)
            for key, code, first in (
                ("contact", "CONT", "CT000001"),
                ("segment", "SEGM", "SM00001"),
                ("campaign", "CAMP", "CP0001"),
                ("task", "TASK", "TD000001"),
            )
        }
        session.add_all([office, MarketingSetup(id=1, **{f"{key}_series_id": one.id for key, one in series.items()})])
        session.flush()
    return office


def make_number_series(session: Session, code: str, first: str, **values: Any) -> NumberSeries:
    """A series with one line."""
    series = NumberSeries(code=code, description=code, lines=[NumberSeriesLine(starting_no=first)], **values)
    session.add(series)
    session.flush()
    return series


def make_language(session: Session, code: str = "ENG", locale: str = "en-GB") -> Language:
    """The language with this code, made if it is not there."""
    language = session.scalar(select(Language).where(Language.code == code))
    if language is None:
        language = Language(code=code, name=code, locale=locale)
        session.add(language)
        session.flush()
    return language


def make_salesperson(session: Session, code: str = "", **values: Any) -> Salesperson:
    """A salesperson."""
    salesperson = Salesperson(code=code or f"SP{next(_numbers)}", **({"name": f"Salesperson {code}"} | values))
    session.add(salesperson)
    session.flush()
    return salesperson
