"""A filter as it was typed: a small tree whose leaves are texts. It knows no field, no language and no date.

`print_expression` writes a tree so that `parse_expression` (grammar.py) gives the same tree again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Generic, TypeVar

Part = TypeVar("Part")
_PLAIN = r"[^|&()<>=*?'@!\s.]"
_NEEDS_NO_QUOTES = re.compile(rf"{_PLAIN}+(?:[ .]{_PLAIN}+)*")


class Wildcard(Enum):
    """A sign that stands for other characters."""

    ANY = "*"
    ONE = "?"


Piece = str | Wildcard


@dataclass(frozen=True)
class Term:
    """A value or pattern: literal texts and wildcards. No piece at all is the blank, typed as two quotation marks.

    `position` is the place of its first character, from 1.
    """

    pieces: tuple[Piece, ...]
    position: int = field(default=1, compare=False)

    @property
    def has_wildcards(self) -> bool:
        """Whether there is a wildcard in it."""
        return any(isinstance(piece, Wildcard) for piece in self.pieces)

    @property
    def text(self) -> str:
        """The term as one text, wildcards as they are typed."""
        return "".join(piece.value if isinstance(piece, Wildcard) else piece for piece in self.pieces)


def term(pieces: Iterable[Piece], position: int = 1) -> Term:
    """A term in its one form: literals beside each other joined, empty ones and repeated `*` dropped."""
    joined: list[Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if isinstance(piece, str) and isinstance(last, str):
            joined[-1] = last + piece
        elif piece and not (piece is Wildcard.ANY and last is Wildcard.ANY):
            joined.append(piece)
    return Term(tuple(joined), position)


@dataclass(frozen=True)
class Range:
    """`low..high`, both ends included; one of them may be missing."""

    low: Term | None
    high: Term | None


@dataclass(frozen=True)
class Compare:
    """`<>`, `<`, `<=`, `>` or `>=` and a term. `=` is the term alone."""

    operator: str
    term: Term


@dataclass(frozen=True)
class AnyOf(Generic[Part]):
    """At least one part holds: `a|b`. A part is never itself an `AnyOf`."""

    parts: tuple[Part, ...]


@dataclass(frozen=True)
class AllOf(Generic[Part]):
    """Every part holds: `a&b`. A part is never itself an `AllOf`."""

    parts: tuple[Part, ...]


Expression = Term | Range | Compare | AnyOf["Expression"] | AllOf["Expression"]


def any_of(parts: Iterable[Expression]) -> Expression:
    """The parts joined by `|`; the only one alone."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, AnyOf) else (part,))]
    return flat[0] if len(flat) == 1 else AnyOf(tuple(flat))


def all_of(parts: Iterable[Expression]) -> Expression:
    """The parts joined by `&`; the only one alone."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, AllOf) else (part,))]
    return flat[0] if len(flat) == 1 else AllOf(tuple(flat))


def print_expression(expression: Expression) -> str:
    """The expression as text that is read back as the same tree."""
    if isinstance(expression, AnyOf):
        return "|".join(print_expression(part) for part in expression.parts)
    if isinstance(expression, AllOf):
        return "&".join(
            f"({print_expression(part)})" if isinstance(part, AnyOf) else print_expression(part)
            for part in expression.parts
        )
    if isinstance(expression, Range):
        return f"{_print_term(expression.low)}..{_print_term(expression.high)}"
    if isinstance(expression, Compare):
        return expression.operator + _print_term(expression.term)
    return _print_term(expression)


def _print_term(one: Term | None) -> str:
    if one is None:
        return ""
    return "".join(p.value if isinstance(p, Wildcard) else quoted(p) for p in one.pieces) or "''"


def quoted(text: str) -> str:
    """A value as it is typed: in quotation marks where it holds anything that means something in a filter."""
    return text if _NEEDS_NO_QUOTES.fullmatch(text) else "'" + text.replace("'", "''") + "'"


def values_expression(values: Iterable[str]) -> str:
    """What choosing values from a list types: `A|B|'J & V'`."""
    return "|".join(quoted(value) for value in values)
