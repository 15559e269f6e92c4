"""The code of a letter: the number of its interaction and a check digit, so that a slip of the finger finds nobody."""

from __future__ import annotations

import re

_CODE = re.compile(r"(\d{1,18})-(\d)")
# Damm's quasigroup of order 10: finds every single wrong digit and every two neighbours exchanged
_DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip


def letter_code(entry_no: int | str | None) -> str:
    """The code for an entry number, "10427-7"; '' without one."""
    digits = str(entry_no or "")
    return f"{digits}-{_check_digit(digits)}" if digits.isascii() and digits.isdecimal() else ""


def entry_no_in(text: str) -> int | None:
    """The entry number in a letter's code; None when this is no code, or one with a slip in it."""
    found = _CODE.fullmatch(text.strip())
    return int(found[1]) if found and text.isascii() and _check_digit(found[1]) == found[2] else None


def looks_like_code(text: str) -> bool:
    """Whether this is written like a letter's code, right or wrong."""
    return text.isascii() and _CODE.fullmatch(text.strip()) is not None


def _check_digit(digits: str) -> str:
    row = "0"
    for digit in digits:
        row = _DAMM[int(row)][int(digit)]
    return row
