"""Who types or reads a filter: language, dates, time zone, currency (decisions B22)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from babel.numbers import get_currency_precision
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.messages import Message
from domain.setup.models import CompanyInformation, Salesperson


@dataclass(frozen=True)
class Reader:
    """What the meaning of a typed filter depends on.

    `locale` is the language it is typed in, `write` gives texts in that language. `salesperson` is the user's code, for
    `%me`. Relative dates count from `today`; `work_date` fills in the month and year of `14` and `1412`.
    """

    locale: str
    work_date: dt.date
    today: dt.date
    time_zone: str = "UTC"
    currency_digits: int = 2
    salesperson: str = ""
    write: Callable[[Message], str] = str


def reader_of(
    session: Session, by: Actor, *, locale: str = "", write: Callable[[Message], str] | None = None
) -> Reader:
    """The actor as a reader of filters.

    `locale` and `write` are another language than the actor's: that of somebody else who typed the filter.
    """
    office = session.get(CompanyInformation, 1)
    person = session.get(Salesperson, by.salesperson_id) if by.salesperson_id is not None else None
    return Reader(
        locale=locale or by.locale,
        work_date=by.work_date,
        today=by.today,
        time_zone=office.time_zone if office else "UTC",
        currency_digits=get_currency_precision(office.currency) if office else 2,
        salesperson=person.code if person else "",
        write=write or by.write,
    )
