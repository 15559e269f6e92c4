"""Column types and the text rules behind them (decisions B24)."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import Any

from sqlalchemy import DateTime, Dialect, String
from sqlalchemy.types import TypeDecorator


def code(text: str | None) -> str:
    """A code as it is stored: outer blanks trimmed, upper case, without NUL, which no database keeps."""
    return (text or "").replace("\x00", "").strip().upper()


def fold(text: str | None) -> str:
    """What "ignores case" means: NFKC, lower case, accents kept."""
    return unicodedata.normalize("NFKC", text or "").lower()


def find_key(text: str | None) -> str:
    """`fold` without accents, blanks squeezed: what search looks in."""
    return " ".join(without_accents(fold(text)).split())


def without_accents(text: str) -> str:
    """The text without the signs that stand on or under letters. What is part of a text is part of it then, too."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


# þ is the first letter after z that has no accent to lose
_LAST_LETTERS = str.maketrans({"å": "þ1", "ä": "þ2", "æ": "þ2", "ö": "þ3", "ø": "þ3"})
_LIKE_LAST_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "ß": "ss", "œ": "oe", "đ": "d", "ł": "l"})


def sort_key(text: str | None) -> str:
    """Orders names as English and French readers expect: accents and case ignored, punctuation skipped."""
    return _letters(find_key(text).translate(_LIKE_LAST_LETTERS))


def sort_key_sv(text: str | None) -> str:
    """Orders names as Swedish readers expect: å, ä, ö after z."""
    return _letters(find_key(fold(text).translate(_LAST_LETTERS)).translate(_LIKE_LAST_LETTERS))


def _letters(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text).split())


class Code(TypeDecorator[str]):
    """`Code(20)`: upper-cased, trimmed text that compares by code point on both databases."""

    impl = String
    cache_ok = True

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """The collation that compares by code point; SQLite does so by default."""
        collation = "C" if dialect.name == "postgresql" else None
        return dialect.type_descriptor(String(self.length, collation=collation))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Trims and upper-cases what is stored or compared."""
        return None if value is None else code(value)


class Key(TypeDecorator[str]):
    """Text that compares by code point, stored as it is: keys for sorting and searching, option values, digests."""

    impl = String
    cache_ok = True

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """The collation that compares by code point; SQLite does so by default."""
        collation = "C" if dialect.name == "postgresql" else None
        return dialect.type_descriptor(String(self.length, collation=collation))


class Moment(TypeDecorator[dt.datetime]):
    """A moment in time, stored in UTC and always given back with its time zone (decisions B22)."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Refuses a moment without time zone; stores UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs a time zone")
        return value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """The moment in UTC."""
        return None if value is None else value.replace(tzinfo=dt.UTC)
