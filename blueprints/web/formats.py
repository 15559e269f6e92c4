"""Dates, numbers and money as the reader writes them; what they type, understood (glossary section 6)."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date as babel_date
from babel.dates import format_time as babel_time
from babel.numbers import format_currency, format_decimal, get_currency_precision
from babel.numbers import format_percent as babel_percent
from babel.units import format_unit
from flask import Flask, g
from flask_babel import get_locale

from domain.amounts import number_locale
from domain.dates import date_pattern

# CLDR keeps a code apart from the digits after it (CHF 125.00); Babel does not
_LETTER_BEFORE_DIGIT = re.compile(r"(?<=[A-Za-z])(?=-?[0-9])")


def pattern() -> str:
    """The date pattern of the reader's language."""
    return date_pattern(str(get_locale() or "en_GB"))


def format_date(day: dt.date | None) -> str:
    """A date as the reader writes it; blank for none."""
    return babel_date(day, pattern(), locale=get_locale()) if day else ""


def format_datetime(moment: dt.datetime | None) -> str:
    """A moment in the office's time zone."""
    if moment is None:
        return ""
    local = moment.astimezone(ZoneInfo(g.get("time_zone", "UTC")))
    return f"{format_date(local.date())} {babel_time(local.time(), 'HH:mm', locale=get_locale())}"


def format_time(time: dt.time | None) -> str:
    """A time of day."""
    return babel_time(time, "HH:mm", locale=get_locale()) if time else ""


def numbers_of_reader() -> str:
    """The locale numbers are written in."""
    return number_locale(str(get_locale()))


def format_number(number: int) -> str:
    """A count with the reader's digit groups."""
    return format_decimal(number, locale=numbers_of_reader())


def format_size(size: int) -> str:
    """A number of bytes as people read it: 812 kB, 1.4 MB, 12.5 GB."""
    for unit, name in ((1_000_000_000, "gigabyte"), (1_000_000, "megabyte")):
        if size >= unit:
            rounded = round(size / unit, 1 if size < 100 * unit else 0)
            return format_unit(rounded, f"digital-{name}", length="short", locale=get_locale())
    return format_unit(max(round(size / 1000), 1), "digital-kilobyte", length="short", locale=get_locale())


def format_percent(percent: Decimal) -> str:
    """A percentage with one decimal as the reader writes it: 33.3%, 33,3 %."""
    locale = Locale.parse(numbers_of_reader())
    pattern = str(locale.percent_formats[None].pattern).replace("#0", "#0.0")
    return str(babel_percent(percent / 100, format=pattern, locale=locale))


def currency_digits() -> int:
    """How many digits the office's currency has after the separator."""
    return get_currency_precision(g.get("currency", "EUR"))


def format_amount(minor: int | None) -> str:
    """Whole minor units as a plain amount, for input fields."""
    if minor is None:
        return ""
    digits = currency_digits()
    return format_decimal(
        Decimal(minor).scaleb(-digits), format=f"0.{'0' * digits}" if digits else "0", locale=numbers_of_reader()
    )


def format_money(minor: int | None) -> str:
    """Whole minor units with the office's currency."""
    if minor is None:
        return ""
    code = g.get("currency", "EUR")
    shown = format_currency(Decimal(minor).scaleb(-currency_digits()), code, locale=numbers_of_reader())
    return _LETTER_BEFORE_DIGIT.sub("\u00a0", shown)


def init_formats(app: Flask) -> None:
    """Offers the formats to templates."""
    app.jinja_env.globals.update(
        format_date=format_date,
        format_datetime=format_datetime,
        format_time=format_time,
        format_number=format_number,
        format_amount=format_amount,
        format_money=format_money,
        format_percent=format_percent,
        format_size=format_size,
    )
