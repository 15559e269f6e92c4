"""Amounts and durations as people type them in a field: whole minor units and whole minutes (decisions B23)."""

from __future__ import annotations

import re

from babel.numbers import get_decimal_symbol, get_group_symbol

from domain.errors import RuleViolation
from domain.messages import Message, say

LARGEST = 10**15
MOST_MINUTES = 10_000_000
_BLANKS = re.compile(r"[\s\u00a0\u2009\u202f'’]+")
_DURATION = re.compile(r"(?:(\d{1,6})\s*(?:h|t|tim|:)\.?\s*(\d{1,2})?|(\d{1,9}))\s*(?:min|m|mn)?\.?", re.ASCII)


def number_locale(locale: str) -> str:
    """The locale whose digit groups and separators numbers are written with for readers of `locale`.

    Swiss French groups by narrow blanks as French does. CLDR's apostrophe would be lost where there are two groups: Babel
    takes the text between apostrophes for quoted.
    """
    return "fr" if locale == "fr_CH" else locale


def read_amount(text: str, *, locale: str, digits: int, negative: bool = False, field: str | None = None) -> int | None:
    """Minor units of an amount typed in the interface language `locale`; None for blank.

    `digits` is how many digits the currency has after the separator. Blanks and apostrophes may group digits in every
    language; "." and "," group or separate as the language does, and the one the language does not use for grouping
    is taken as separator too (12.50 in French). Raises `RuleViolation` for anything else, for too many decimals, for a
    negative amount unless `negative`.
    """
    typed = _BLANKS.sub("", text)
    if not typed:
        return None
    shown = text.strip()[:40]
    sign = -1 if typed[0] in "-−" else 1
    typed = typed.lstrip("-−") if sign < 0 else typed
    number = _plain_number(typed, locale)
    if number is None:
        raise RuleViolation(say("“%(text)s” is not an amount.", text=shown), field=field)
    whole, decimals = number
    if len(decimals) > digits:
        raise RuleViolation(_too_many_decimals(digits), field=field)
    minor = int(whole + decimals.ljust(digits, "0"))
    if sign < 0 and minor and not negative:
        raise RuleViolation(say("The amount cannot be negative."), field=field)
    if minor >= LARGEST:
        raise RuleViolation(say("The amount is too large."), field=field)
    return sign * minor


def _too_many_decimals(digits: int) -> Message:
    if digits == 0:
        return say("The currency has no decimals.")
    return say("An amount can have up to %(digits)s decimals.", digits=digits)


def _plain_number(typed: str, locale: str) -> tuple[str, str] | None:
    """The digits before and after the separator."""
    if len(typed) > 40 or not re.fullmatch(r"[0-9.,]*[0-9][0-9.,]*", typed):
        return None
    marks = [c for c in typed if c in ".,"]
    separator = ""
    if len(set(marks)) == 2:
        separator = marks[-1]
        if marks.count(separator) > 1:
            return None
    elif len(marks) == 1 and (marks[0] == get_decimal_symbol(locale) or marks[0] != get_group_symbol(locale)):
        separator = marks[0]
    whole, _, decimals = typed.rpartition(separator) if separator else (typed, "", "")
    groups = re.split(r"[.,]", whole)
    if len(groups) > 1 and not (1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])):
        return None
    return "".join(groups) or "0", decimals


def read_minutes(text: str, *, field: str | None = None) -> int | None:
    """Whole minutes of a duration: `90`, `1:30`, `1 h 30`, `2h`, `45 min`; None for blank. Raises `RuleViolation`."""
    typed = " ".join(text.split()).lower()
    if not typed:
        return None
    found = _DURATION.fullmatch(typed)
    if not found:
        if re.fullmatch(r"[-−]\s*\d+", typed):
            raise RuleViolation(say("A duration cannot be negative."), field=field)
        sentence = say("“%(text)s” is not a duration. Write minutes, or hours and minutes as 1:30.", text=typed[:40])
        raise RuleViolation(sentence, field=field)
    hours, rest, alone = found.groups()
    minutes = int(alone) if alone else int(hours) * 60 + int(rest or 0)
    if minutes > MOST_MINUTES:
        raise RuleViolation(say("The duration is too long."), field=field)
    return minutes


def read_whole_number(text: str, *, least: int, most: int, field: str | None = None) -> int | None:
    """A whole number between `least` and `most`, digit groups allowed; None for blank. Raises `RuleViolation`."""
    typed = _BLANKS.sub("", text).replace("−", "-")
    if not typed:
        return None
    if not re.fullmatch(r"-?[0-9]{1,12}", typed):
        raise RuleViolation(say("“%(text)s” is not a whole number.", text=text.strip()[:40]), field=field)
    if not least <= int(typed) <= most:
        raise RuleViolation(say("Enter a number from %(least)s to %(most)s.", least=least, most=most), field=field)
    return int(typed)
