"""Dates as people type them in a field: shorthand, words, weekdays, formulas, in their language (glossary section 6).

Filters (`a..b`, periods) have a language of their own in domain/filters/dates.py, built from the same parts; this is
what one date field understands.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from babel.dates import format_date

from domain.errors import RuleViolation
from domain.messages import say


@dataclass(frozen=True)
class Words:
    """What a language calls things: today, work date, weekdays from Monday on, units D W M Q Y, "current", week day."""

    today: tuple[str, ...]
    work: tuple[str, ...]
    weekdays: tuple[str, ...]
    units: str
    current: str
    weekday_unit: str


WORDS = {
    "en": Words(
        ("today",),
        ("work", "workdate", "work date"),
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        "dwmqy",
        "c",
        "wd",
    ),
    "fr": Words(
        ("aujourd'hui", "aujourdhui"),
        ("travail", "date de travail"),
        ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
        "jsmta",
        "c",
        "js",
    ),
    "sv": Words(
        ("dagens datum", "idag", "i dag"),
        ("arbetsdatum",),
        ("mandag", "tisdag", "onsdag", "torsdag", "fredag", "lordag", "sondag"),
        "dvmka",
        "la",
        "vd",
    ),
}
YEAR_FIRST = frozenset({"fr_CA", "sv_SE", "sv"})
PATTERNS = {"en": "dd/MM/y", "fr_CA": "y-MM-dd", "fr": "dd.MM.y", "sv": "y-MM-dd"}
_TERM = re.compile(
    r"(?P<sign>[+\-]?)(?:(?P<number>\d{1,4})(?P<unit>[a-z]?)"
    r"|(?P<ordinal>[a-z]{1,2})(?P<nth>\d{1,2})(?!\d)"
    r"|(?P<current>[a-z])(?P<period>[a-z]))"
)


def read_date(
    text: str, *, locale: str, work_date: dt.date, today: dt.date, base: dt.date | None = None, field: str | None = None
) -> dt.date | None:
    """The date somebody typed in the interface language `locale`; None for blank.

    `base` is what `+7` counts from (the work date unless the field has another). A lone day or day and month belong to
    the month or year of the work date; two-digit years lie in 1950–2049. Raises `RuleViolation` on `field`.
    """
    typed = plain(text)
    if not typed:
        return None
    words = WORDS.get(locale.split("_")[0], WORDS["en"])
    try:
        found = date_of_digits(typed, locale, work_date)
        if found is None:
            found = _as_words(typed, words, work_date, today, base or work_date)
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise RuleViolation(say("“%(text)s” is not a date.", text=text.strip()), field=field)
    return found


def date_pattern(locale: str) -> str:
    """The pattern dates are shown in; CLDR's short date has two-digit years in fr_CH."""
    return PATTERNS.get(locale) or PATTERNS.get(locale.split("_")[0]) or PATTERNS["en"]


def spell_date(day: dt.date, locale: str) -> str:
    """A date as the readers of a language write it."""
    return str(format_date(day, date_pattern(locale), locale=locale))


def plain(text: str) -> str:
    """Typed text without accents, lower case, blanks squeezed."""
    folded = unicodedata.normalize("NFKD", text.replace("’", "'")).lower()
    return " ".join("".join(c for c in folded if not unicodedata.combining(c)).split())


def date_of_digits(typed: str, locale: str, near: dt.date) -> dt.date | None:
    """`14`, `1412`, `141226`, `14122026`, or parts with any separator, in the order of the region; ISO in every one."""
    if not re.fullmatch(r"\d[\d./\- ]*", typed):
        return None
    parts = [part for part in re.split(r"[./\- ]+", typed) if part]
    year_first = locale in YEAR_FIRST
    if len(parts) == 1:
        parts = _split_digits(parts[0], year_first)
    if len(parts) == 1:
        return near.replace(day=int(parts[0]))
    if len(parts) == 2:
        month, day = parts if year_first else reversed(parts)
        return dt.date(near.year, int(month), int(day))
    if len(parts) != 3:
        return None
    if len(parts[0]) == 4 or (year_first and len(parts[2]) <= 2):
        year, month, day = parts
    else:
        day, month, year = parts
    return dt.date(_full_year(year), int(month), int(day))


def _split_digits(digits: str, year_first: bool) -> list[str]:
    if len(digits) <= 2:
        return [digits]
    if len(digits) in (3, 4):
        digits = digits.zfill(4)
        return [digits[:2], digits[2:]]
    if len(digits) not in (6, 8):
        raise ValueError(digits)
    year = len(digits) - 4
    return [digits[:year], digits[year:-2], digits[-2:]] if year_first else [digits[:2], digits[2:4], digits[4:]]


def _full_year(year: str) -> int:
    number = int(year)
    if len(year) <= 2:
        return number + (2000 if number < 50 else 1900)
    return number


def _as_words(typed: str, words: Words, work_date: dt.date, today: dt.date, base: dt.date) -> dt.date | None:
    """A weekday with or without its ISO week, a word, a word with a formula, or a formula alone."""
    weekday = weekday_of(typed, words, work_date)
    if weekday is not None:
        return weekday
    start, rest = base, typed
    for names, day in ((words.today, today), (words.work, work_date)):
        head = re.match(r"[^+\-\d]+", typed)
        if head and any(name.startswith(head[0].strip()) for name in names):
            start, rest = day, typed[head.end() :]
            if not rest:
                return day
            if rest[0] not in "+-":
                return None
            break
    return apply_formula(start, rest.replace(" ", ""), words)


def weekday_of(typed: str, words: Words, work_date: dt.date) -> dt.date | None:
    """`mo`, `monday` in the week of the work date, `mo25` in that week of its year; None for anything else."""
    weekday = re.fullmatch(r"([a-z]{2,})\s?(\d{1,2})?", typed)
    if weekday:
        for number, name in enumerate(words.weekdays):
            if name.startswith(weekday[1]):
                year, week, _ = work_date.isocalendar()
                return dt.date.fromisocalendar(year, int(weekday[2] or week), number + 1)
    return None


def apply_formula(day: dt.date, formula: str, words: Words) -> dt.date | None:
    """`+7`, `10D`, `-1M`, `CW+1`, `D10` (the next 10th), `WD5` (the next Friday): from left to right."""
    position = 0
    while position < len(formula):
        term = _TERM.match(formula, position)
        if term is None or (position and not term["sign"]):
            return None
        sign = -1 if term["sign"] == "-" else 1
        if term["current"]:
            current, period = term["current"], term["period"]
            if current not in words.current:  # French writes SC for the current week
                current, period = period, current
            if current not in words.current or period not in words.units:
                return None
            day = edge_of(day, words.units.index(period), last=sign == 1)
        elif term["ordinal"]:
            found = _nth(day, term["ordinal"], int(term["nth"]), sign, words)
            if found is None:
                return None
            day = found
        else:
            if term["unit"] and term["unit"] not in words.units:
                return None
            day = _moved(day, sign * int(term["number"]), words.units.index(term["unit"] or words.units[0]))
        position = term.end()
    return day if formula else None


def _nth(day: dt.date, unit: str, nth: int, sign: int, words: Words) -> dt.date | None:
    """The next (or previous) day of the month or of the week with a number; never `day` itself."""
    if unit == words.weekday_unit and 1 <= nth <= 7:
        return day + dt.timedelta(days=sign * ((sign * (nth - day.isoweekday())) % 7 or 7))
    if unit != words.units[0] or not 1 <= nth <= 31:
        return None
    for months in range(0, sign * 4, sign):
        month = _moved(day.replace(day=1), months, 2)
        if nth <= calendar.monthrange(month.year, month.month)[1]:
            found = month.replace(day=nth)
            if (found - day).days * sign > 0:
                return found
    return None


def _moved(day: dt.date, number: int, unit: int) -> dt.date:
    if unit <= 1:
        return day + dt.timedelta(days=number * (7 if unit else 1))
    months = day.year * 12 + day.month - 1 + number * {2: 1, 3: 3, 4: 12}[unit]
    year, month = divmod(months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def edge_of(day: dt.date, unit: int, *, last: bool) -> dt.date:
    """The last (or first) day of the current day, week, month, quarter or year (units 0 to 4)."""
    if unit == 0:
        return day
    if unit == 1:
        return day + dt.timedelta(days=(6 - day.weekday()) if last else -day.weekday())
    length = {2: 1, 3: 3, 4: 12}[unit]
    first = dt.date(day.year, (day.month - 1) // length * length + 1, 1)
    return _moved(first, length, 2) - dt.timedelta(days=1) if last else first


_TIME = re.compile(r"([01]?\d|2[0-3])(?:\s*[:.hH]\s*([0-5]\d)?|([0-5]\d))?", re.ASCII)


def read_time(text: str, *, field: str | None = None) -> dt.time | None:
    """A time of day: `14:30`, `14.30`, `14 h 30`, `1430`, `9`; None for blank. Raises `RuleViolation`."""
    typed = text.strip()
    if not typed:
        return None
    found = _TIME.fullmatch(typed)
    if not found:
        raise RuleViolation(say("“%(text)s” is not a time. Write it as 14:30.", text=typed[:40]), field=field)
    hour, minute, joined = found.groups()
    return dt.time(int(hour), int(minute or joined or 0))
