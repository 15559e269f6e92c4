"""First run: an empty database becomes an office with its first administrator, empty or with the demo company."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from domain.accounts.actor import Actor, Translate
from domain.accounts.models import User
from domain.accounts.users import create_user
from domain.contacts.starting_salutations import create_salutations
from domain.demo.company import create_demo_company
from domain.demo.sign_ins import DemoSignIn
from domain.demo.start import create_start_templates
from domain.errors import RuleViolation
from domain.setup.salespeople import create_salesperson
from domain.setup.start import create_office


@dataclass(frozen=True)
class NewOffice:
    """What is asked about the office: name, currency (ISO), time zone, language of contacts, country."""

    name: str
    currency: str
    time_zone: str
    language_code: str = "ENG"
    country_code: str = ""


@dataclass(frozen=True)
class NewAdministrator:
    """What is asked about the first administrator. The password is hashed before (`passwords.hash_password`)."""

    login: str
    name: str
    password_hash: str
    salesperson_code: str
    locale: str = "en_GB"


def set_up(
    session: Session,
    *,
    office: NewOffice,
    administrator: NewAdministrator,
    now: dt.datetime,
    translate: Translate | None = None,
    sign_ins: Sequence[DemoSignIn] | None = None,
) -> User:
    """Makes the office and its first administrator, who becomes a salesperson too. All or nothing; the caller commits.

    With `sign_ins` (`make_sign_ins()`, outside the transaction) the demo company is made too.

    Raises `RuleViolation` when the database holds an office already, and on the fields of `NewOffice` and
    `NewAdministrator` (the administrator's name: "user_name").
    """
    nobody = Actor(
        user_id=None,
        user_name=administrator.name,
        role="administrator",
        salesperson_id=None,
        locale=administrator.locale,
        work_date=now.date(),
        today=now.date(),
        now=now,
        translate=translate,
    )
    made = create_office(
        session,
        name=office.name,
        currency=office.currency,
        time_zone=office.time_zone,
        language_code=office.language_code,
        country_code=office.country_code,
        by=nobody,
    )
    today = now.astimezone(ZoneInfo(made.time_zone)).date()
    by = replace(nobody, today=today, work_date=today)
    create_salutations(session, by=by)
    create_start_templates(session, by=by)
    user = _first_administrator(session, administrator, by)
    if sign_ins is not None:
        by = replace(by, user_id=user.id, salesperson_id=user.salesperson_id)
        create_demo_company(session, sign_ins=sign_ins, by=by)
    return user


def _first_administrator(session: Session, administrator: NewAdministrator, by: Actor) -> User:
    try:
        salesperson = create_salesperson(session, code=administrator.salesperson_code, name=administrator.name, by=by)
    except RuleViolation as refusal:
        field = {"code": "salesperson_code", "name": "user_name"}.get(refusal.field or "", refusal.field)
        raise RuleViolation(refusal.message, field=field) from refusal
    return create_user(
        session,
        login=administrator.login,
        password_hash=administrator.password_hash,
        name=administrator.name,
        role="administrator",
        salesperson_id=salesperson.id,
        locale=administrator.locale,
        by=by,
    )
