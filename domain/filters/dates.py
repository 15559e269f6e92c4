"""Dates in filters: days, periods and formulas (contacts.md 3.3), in the language of who typed them and in English."""

from __future__ import annotations

import datetime as dt
import re

from domain.dates import WORDS, Words, apply_formula, date_of_digits, edge_of, plain, weekday_of
from domain.filters.reader import Reader

Days = tuple[dt.date, dt.date]

# tested in this order; a word may be shortened
_DAYS: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (
        ("today", "today"),
        ("workdate", "work"),
        ("work date", "work"),
        ("now", "today"),
        ("yesterday", "yesterday"),
        ("tomorrow", "tomorrow"),
        ("week", "week"),
        ("month", "month"),
        ("quarter", "quarter"),
        ("year", "year"),
    ),
    "fr": (
        ("aujourd'hui", "today"),
        ("aujourdhui", "today"),
        ("travail", "work"),
        ("date de travail", "work"),
        ("hier", "yesterday"),
        ("demain", "tomorrow"),
        ("semaine", "week"),
        ("mois", "month"),
        ("trimestre", "quarter"),
        ("annee", "year"),
    ),
    "sv": (
        ("dagens datum", "today"),
        ("idag", "today"),
        ("i dag", "today"),
        ("arbetsdatum", "work"),
        ("nu", "today"),
        ("igar", "yesterday"),
        ("i gar", "yesterday"),
        ("imorgon", "tomorrow"),
        ("i morgon", "tomorrow"),
        ("vecka", "week"),
        ("manad", "month"),
        ("kvartal", "quarter"),
        ("ar", "year"),
    ),
}
_UNITS = {"week": 1, "month": 2, "quarter": 3, "year": 4}


def read_days(text: str, reader: Reader) -> Days | None:
    """The first and last day a term means: twice the same, or a period. None for what is no date.

    A date alone, a formula on today (`-1M`, `CM`), a word or a date with or without a formula (`t-1Y`, `week`), a
    weekday of the work date's week.
    """
    typed = plain(text).removeprefix("%")
    language = reader.locale.split("_")[0]
    if not typed:
        return None
    if re.fullmatch(r"\d[\d./\- ]*", typed):
        day = _digits(typed, reader)
        return (day, day) if day else None
    for name in dict.fromkeys((language if language in WORDS else "en", "en")):
        days = _formula_alone(typed, reader, WORDS[name]) or _word_or_date(typed, reader, name)
        if days is not None:
            return days
    return None


def _digits(typed: str, reader: Reader) -> dt.date | None:
    try:
        return date_of_digits(typed, reader.locale, reader.work_date)
    except (ValueError, OverflowError):
        return None


def _formula(day: dt.date, formula: str, words: Words) -> dt.date | None:
    try:
        return apply_formula(day, formula.replace(" ", ""), words) if len(formula) <= 32 else None
    except (ValueError, OverflowError):
        return None


def _formula_alone(typed: str, reader: Reader, words: Words) -> Days | None:
    if re.match(r"\d+(?![\da-z])", typed):  # 2026-11-22-1M begins with a date
        return None
    day = _formula(reader.today, typed, words)
    return (day, day) if day else None


def _word_or_date(typed: str, reader: Reader, language: str) -> Days | None:
    """The longest head that is a word or date, the rest a formula on it."""
    words = WORDS[language]
    cuts = [place for place, sign in enumerate(typed) if sign in "+-" and place]
    for cut in (len(typed), *reversed(cuts)):
        head, formula = typed[:cut].strip(), typed[cut:]
        unit, first = "", _digits(head, reader)
        if first is None:
            unit = _word(head, language)
            first = _first_day(unit, reader)
        if first is None:
            first = weekday_of_reader(head, words, reader)
        if first is None:
            continue
        last = edge_of(first, _UNITS[unit], last=True) if unit in _UNITS else first
        if not formula:
            return first, last
        moved = _formula(first, formula, words), _formula(last, formula, words)
        if moved[0] is None or moved[1] is None:
            continue
        if _UNITS.get(unit, 0) > 1 and _is_in_months(formula, words):
            return moved[0], edge_of(moved[0], _UNITS[unit], last=True)
        return moved[0], moved[1]
    return None


def weekday_of_reader(head: str, words: Words, reader: Reader) -> dt.date | None:
    """A weekday of the work date's week, or with the number of its week."""
    try:
        return weekday_of(head, words, reader.work_date)
    except ValueError:
        return None


def _word(head: str, language: str) -> str:
    """What a word means, shortened or not; '' for none."""
    if not re.fullmatch(r"[a-z' ]+", head):
        return ""
    names = _DAYS[language]
    whole = [meaning for name, meaning in names if name == head]
    return (whole or [meaning for name, meaning in names if name.startswith(head)] or [""])[0]


def _first_day(meaning: str, reader: Reader) -> dt.date | None:
    day = dt.timedelta(days=1)
    if meaning in _UNITS:
        return edge_of(reader.today, _UNITS[meaning], last=False)
    days = {
        "today": reader.today,
        "work": reader.work_date,
        "yesterday": reader.today - day,
        "tomorrow": reader.today + day,
    }
    return days.get(meaning)


def _is_in_months(formula: str, words: Words) -> bool:
    """Whether a formula moves by months, quarters or years only: then whole periods move (`month-1M`)."""
    months = re.escape(words.units[2:])
    return bool(re.fullmatch(rf"(?:[+\-]\s*\d{{1,4}}\s*[{months}]\s*)+", formula))
