"""The actor of a request, and the work date kept in the sign-in session (decisions B22)."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from flask import current_app, g, has_request_context, session
from flask_login import current_user

from blueprints.web.database import reading
from blueprints.web.languages import TranslateInto, choose_locale
from domain.accounts.actor import Actor
from domain.accounts.queries import office_and_user

WORK_DATE = "work_date"


def now() -> dt.datetime:
    """The present moment. Tests and the demo replace the clock through `app.config["CLOCK"]`."""
    clock = current_app.config.get("CLOCK")
    return clock() if clock else dt.datetime.now(dt.UTC)


def load_office() -> None:
    """Reads once per request what the office has set and the user of the sign-in session. Before first run: UTC, EUR."""
    user_id = user_id_of(session.get("_user_id", "")) if has_request_context() else None
    found = office_and_user(reading(), user_id)
    g.time_zone = found.time_zone if found else "UTC"
    g.currency = found.currency if found else "EUR"
    g.office_name = found.office_name if found else ""
    g.setup_mark = found.setup_mark if found else ""
    g.demo = bool(found and found.demo)
    g.salespeople_may_log = bool(found and found.salespeople_may_log)
    g.first_run = found is None
    g.office_user = found


def user_id_of(token: str) -> int | None:
    """The id in what a sign-in session keeps ("7.1": user 7, session number 1); None when it is none."""
    user_id = str(token).partition(".")[0]
    return int(user_id) if user_id.isascii() and user_id.isdecimal() and len(user_id) < 10 else None


def today() -> dt.date:
    """The calendar day at the office."""
    return now().astimezone(ZoneInfo(g.get("time_zone", "UTC"))).date()


def work_date() -> dt.date:
    """The day the user works on: chosen in the top bar, else today."""
    chosen = session.get(WORK_DATE)
    return dt.date.fromisoformat(chosen) if chosen else today()


def effective_role(role: str) -> str:
    """The role as the rights table knows it: salespeople may log segments when Marketing setup says so."""
    if role == "salesperson":
        if "salespeople_may_log" not in g:
            load_office()
        if g.salespeople_may_log:
            return "salesperson_log"
    return role


def actor() -> Actor:
    """The signed-in user as the domain knows them."""
    return Actor(
        user_id=current_user.id,
        user_name=current_user.name or current_user.login,
        role=effective_role(current_user.role),
        salesperson_id=current_user.salesperson_id,
        locale=choose_locale(),
        work_date=work_date(),
        today=today(),
        now=now(),
        translate=TranslateInto(choose_locale()),
    )
