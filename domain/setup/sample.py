"""How a language writes dates and numbers, shown in the setup."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal

from domain.setup.language_names import parse_locale

_NUMBER = Decimal("1234.5")


def sample_of(locale: str, day: dt.date) -> str:
    """A long date and a number in a locale; blank when CLDR does not know it."""
    known = parse_locale(locale)
    if known is None:
        return ""
    return f"{format_date(day, 'long', locale=known)} · {format_decimal(_NUMBER, '#,##0.00', locale=known)}"
