"""What Word's field switches do, as filters: `\\* Upper`, `\\@ "d MMMM yyyy"`, `\\# "#,##0.00"`, `\\b`, `\\f`, and IF's
comparison.
"""

from __future__ import annotations

import datetime as dt
import fnmatch
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from jinja2 import pass_context
from jinja2.runtime import Context

DATE_PIECE = re.compile(r"'([^']*)'|(am/pm)|([dD]{1,4})|(M{1,4})|([yY]{1,4})", re.I)
NUMBER_PICTURE = re.compile(r"[#0x](?:[#0x,. ]*[#0x])?")
LONGEST_PICTURE = 60
NO_DIGIT = re.compile(r"\D*")


class DateText(str):
    """A date as the letter prints it, which still knows the day: a `\\@` picture can print it in another way."""

    date: dt.date

    def __new__(cls, text: str, date: dt.date) -> DateText:
        """The text `text` of the day `date`."""
        self = super().__new__(cls, text)
        self.date = date
        return self


def word_upper(value: object) -> str:
    """`\\* Upper`."""
    return str(value).upper()


def word_lower(value: object) -> str:
    """`\\* Lower`."""
    return str(value).lower()


def word_caps(value: object) -> str:
    """`\\* Caps`: the first letter of each word a capital, the rest as it is."""
    return re.sub(r"(?<![^\s-])\w", lambda match: match.group().upper(), str(value))


def word_first_cap(value: object) -> str:
    """`\\* FirstCap`: the first letter a capital."""
    text = str(value)
    return text[:1].upper() + text[1:]


def word_before(value: object, text: str) -> str:
    """`\\b "text"`: printed before the value unless that is blank."""
    return f"{text}{value}" if str(value) else ""


def word_after(value: object, text: str) -> str:
    """`\\f "text"`: printed after the value unless that is blank."""
    return f"{value}{text}" if str(value) else ""


@pass_context
def word_date(context: Context, value: object, picture: str) -> str:
    """`\\@ "d MMMM yyyy"` in the letter's language; a value that is no date stays as it is."""
    date = getattr(value, "date", None) or _iso_date(str(value))
    if date is None:
        return str(value)
    locale = _locale(context)

    def piece(match: re.Match[str]) -> str:
        quoted, am_pm, day, month, year = match.groups()
        if quoted is not None or am_pm:
            return quoted or ""
        if day:
            return str(
                format_date(date, "EEE" if len(day) == 3 else "EEEE" if len(day) == 4 else day.lower(), locale=locale)
            )
        if month:
            return str(format_date(date, month, locale=locale)) if month.isupper() else month
        return f"{date.year % 100:02}" if len(year) <= 2 else f"{date.year:04}"

    return DATE_PIECE.sub(piece, picture)


def _iso_date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


@pass_context
def word_number(context: Context, value: object, picture: str) -> str:
    """`\\# "#,##0.00"`: in Word's picture `,` groups and `.` is the decimal sign; printed with the signs of the
    language.
    """
    locale = _locale(context)
    number = as_number(str(value), locale)
    if number is None:
        return str(value)
    pictures = picture[:LONGEST_PICTURE].split(";")
    if number < 0 and len(pictures) > 1:
        number, picture = -number, pictures[1]
    else:
        picture = pictures[2] if number == 0 and len(pictures) > 2 else pictures[0]
    match = NUMBER_PICTURE.search(picture)
    if match is None:
        return picture.replace("'", "")
    before, after = picture[: match.start()].replace("'", ""), picture[match.end() :].replace("'", "")
    return before + _digits(number, match.group(), locale) + after


def _digits(number: Decimal, picture: str, locale: Locale) -> str:
    whole, _, fraction = picture.partition(".")
    rounded = abs(number).quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP)
    digits, _, decimals = f"{rounded:f}".partition(".")
    while decimals and fraction[len(decimals) - 1] == "#" and decimals.endswith("0"):
        decimals = decimals[:-1]
    digits = digits.rjust(whole.count("0"), "0")
    if digits == "0" and "0" not in whole and decimals:
        digits = ""
    symbols = locale.number_symbols["latn"]
    if "," in whole:
        digits = re.sub(r"(?<=\d)(?=(\d{3})+$)", symbols["group"], digits)
    sign = "-" if number < 0 and rounded else ""
    return sign + digits + (symbols["decimal"] + decimals if decimals else "")


def as_number(text: str, locale: Locale) -> Decimal | None:
    """The number a text stands for, with the signs of the language or a plain point; None when it is none."""
    if NO_DIGIT.fullmatch(text):
        return None
    symbols = locale.number_symbols["latn"]
    compact = re.sub(r"[\s\u00a0\u202f'’]", "", text)
    for candidate in (compact, compact.replace(symbols["group"], "").replace(symbols["decimal"], ".")):
        if re.fullmatch(r"[+-]?\d{1,15}(?:\.\d{1,9})?", candidate):
            try:
                return Decimal(candidate)
            except InvalidOperation:
                return None
    return None


@pass_context
def word_compare(context: Context, left: object, operator: str, right: object) -> bool:
    """How an IF field compares: numbers as numbers, text without case, `*` and `?` as wildcards with `=` and `<>`."""
    locale = _locale(context)
    a, b = as_number(str(left), locale), as_number(str(right), locale)
    if a is not None and b is not None:
        order = (a > b) - (a < b)
        equal = order == 0
    else:
        x, y = str(left).casefold(), str(right).casefold()
        order = (x > y) - (x < y)
        equal = fnmatch.fnmatchcase(x, y.replace("[", "[[]")) if "*" in y or "?" in y else x == y
    return {"=": equal, "<>": not equal, "<": order < 0, ">": order > 0, "<=": order <= 0, ">=": order >= 0}[operator]


def field_code(value: object) -> str:
    """A value inside the code of another field (a mail address in a hyperlink) can neither end nor change it."""
    return re.sub(r'["\\{}\x00-\x1f]', "", str(value))


def _locale(context: Context) -> Locale:
    return _parsed_locale(str(context.get("locale") or "en-GB"))


@lru_cache(maxsize=64)
def _parsed_locale(code: str) -> Locale:
    return Locale.parse(code.replace("-", "_"))


SWITCHES = {
    "word_upper": word_upper,
    "word_lower": word_lower,
    "word_caps": word_caps,
    "word_first_cap": word_first_cap,
    "word_before": word_before,
    "word_after": word_after,
    "word_date": word_date,
    "word_number": word_number,
    "word_compare": word_compare,
    "field_code": field_code,
}
