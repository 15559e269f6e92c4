"""A typed filter of a field, understood: the tree with the values its kind knows (contacts.md 3.2, 3.3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.amounts import read_amount, read_whole_number
from domain.errors import RuleViolation
from domain.filters.conditions import Blank, Condition, Is, Like, Not, Span
from domain.filters.dates import read_days
from domain.filters.errors import FilterError
from domain.filters.fields import Field, FilterTable, Kind
from domain.filters.grammar import parse_expression
from domain.filters.reader import Reader
from domain.filters.tree import AllOf, AnyOf, Compare, Expression, Piece, Range, Term, Wildcard
from domain.messages import Message, say
from domain.types import code, find_key

LARGEST = 10**12
PREFIX = "f."
LANGUAGE = "lang"
_ME = frozenset({"%me", "%user", "%moi", "%jag"})
_YES = {"true": True, "1": True, "false": False, "0": False, "y": True, "n": False}


@dataclass(frozen=True)
class Filter:
    """A filter that was understood: the text as typed (what is kept), its tree, and what it means on the day."""

    field: Field
    text: str
    expression: Expression
    condition: Condition
    time_zone: str = "UTC"


@dataclass(frozen=True)
class TypedFilters:
    """Filters that must all hold.

    `texts` is everything typed by key of field, blank ones included; `locale` the language it was typed in; `refused`
    has the sentences about filters that make no sense, by key.
    """

    table: FilterTable
    locale: str
    texts: dict[str, str]
    filters: tuple[Filter, ...]
    refused: dict[str, Message]

    def as_query(self) -> dict[str, str]:
        """The filters as parameters of an address (docs/decisions/0013)."""
        query = {f"{PREFIX}{key}": text for key, text in self.texts.items() if text.strip()}
        return query | {LANGUAGE: self.locale} if query else {}


def read_filters(table: FilterTable, texts: Mapping[str, str], reader: Reader) -> TypedFilters:
    """Reads filters by key of field. Blank ones filter nothing; unknown fields are refused, not passed over."""
    found: list[Filter] = []
    refused: dict[str, Message] = {}
    for key, text in texts.items():
        if not text.strip():
            continue
        field = table.fields.get(key)
        if field is None:
            refused[key] = say("There is no field “%(field)s” to filter by.", field=key[:40])
            continue
        try:
            one = read_filter(field, text, reader)
        except FilterError as refusal:
            refused[key] = refusal.message
        else:
            if one is not None:
                found.append(one)
    return TypedFilters(table, reader.locale, dict(texts), tuple(found), refused)


def typed_texts(values: Mapping[str, str]) -> dict[str, str]:
    """The filters among the parameters of an address, by key of field."""
    return {
        key.removeprefix(PREFIX): text.replace("\x00", "") for key, text in values.items() if key.startswith(PREFIX)
    }


def read_filter(field: Field, text: str, reader: Reader) -> Filter | None:
    """What a typed filter means for a field; None for blank text. Raises `FilterError` naming place and reason."""
    try:
        expression = parse_expression(text)
        if expression is None:
            return None
        return Filter(field, text.strip(), expression, _meaning(expression, field, reader), reader.time_zone)
    except FilterError as refusal:
        refusal.field = field.key
        raise


def _meaning(expression: Expression, field: Field, reader: Reader) -> Condition:
    if isinstance(expression, AnyOf):
        return AnyOf(tuple(_meaning(part, field, reader) for part in expression.parts))
    if isinstance(expression, AllOf):
        return AllOf(tuple(_meaning(part, field, reader) for part in expression.parts))
    if isinstance(expression, Range):
        low = _value(expression.low, field, reader)[0] if expression.low else None
        high = _value(expression.high, field, reader)[1] if expression.high else None
        return Span(low, high)
    if isinstance(expression, Compare):
        return _compared(expression, field, reader)
    return _equal(expression, field, reader)


def _compared(expression: Compare, field: Field, reader: Reader) -> Condition:
    if expression.operator == "<>":
        test = _equal(expression.term, field, reader)
        assert isinstance(test, Is | Blank | Span | Like)
        return Not(test)
    low, high = _value(expression.term, field, reader)
    if expression.operator == "<":
        return Span(None, low, with_high=False)
    if expression.operator == "<=":
        return Span(None, high)
    if expression.operator == ">":
        return Span(high, None, with_low=False)
    return Span(low, None)


def _equal(term: Term, field: Field, reader: Reader) -> Is | Blank | Span | Like:
    if not term.pieces:
        return _blank(field)
    if term.has_wildcards:
        if field.kind not in (Kind.TEXT, Kind.CODE):
            raise FilterError(say("“*” and “?” can only stand in filters on texts and codes."), position=term.position)
        return Like(_pattern(term.pieces, field))
    low, high = _value(term, field, reader)
    return Is(low) if low == high else Span(low, high)


def _blank(field: Field) -> Is | Blank:
    if field.kind in (Kind.NUMBER, Kind.AMOUNT):
        return Is(0)
    if field.kind is Kind.BOOLEAN:
        return Is(False)
    if field.kind is Kind.OPTION:
        options = list(field.options or {})
        return Is(options.index(field.blank)) if field.blank in options else Blank()
    return Blank()


def _pattern(pieces: tuple[Piece, ...], field: Field) -> tuple[Piece, ...]:
    if field.kind is Kind.TEXT:
        return pieces
    return tuple(piece if isinstance(piece, Wildcard) else piece.upper() for piece in pieces)


def _value(term: Term, field: Field, reader: Reader) -> tuple[Any, Any]:
    """The first and last value a term stands for; the same twice except for periods."""
    if term.has_wildcards:
        raise FilterError(
            say("“*” and “?” cannot stand in a range or after “<” and “>”. Quotation marks make them ordinary signs."),
            position=term.position,
        )
    if not term.pieces:
        if field.kind in (Kind.DATE, Kind.MOMENT):
            raise FilterError(say("a blank date cannot be an end of a range."), position=term.position)
        blank = _blank(field)
        value = blank.value if isinstance(blank, Is) else ""
        return value, value
    if field.kind in (Kind.DATE, Kind.MOMENT):
        return _days(term, reader)
    one = _single(term, field, reader)
    return one, one


def _single(term: Term, field: Field, reader: Reader) -> Any:
    if field.kind is Kind.TEXT:
        return term.text
    if field.kind is Kind.CODE:
        if field.is_me and term.text.strip().lower() in _ME:
            if not reader.salesperson:
                raise FilterError(say("you are no salesperson, so “%%me” stands for nobody."), position=term.position)
            return reader.salesperson
        return code(term.text)
    if field.kind is Kind.OPTION:
        return _option(term, field, reader)
    if field.kind is Kind.BOOLEAN:
        return _yes_or_no(term, reader)
    try:
        if field.kind is Kind.AMOUNT:
            number = read_amount(term.text, locale=reader.locale, digits=reader.currency_digits, negative=True)
        else:
            number = read_whole_number(term.text, least=-LARGEST, most=LARGEST)
    except RuleViolation as refusal:
        raise FilterError(refusal.message, position=term.position) from refusal
    return number or 0


def _days(term: Term, reader: Reader) -> tuple[dt.date, dt.date]:
    days = read_days(term.text, reader)
    if days is None:
        raise FilterError(say("“%(text)s” is not a date.", text=term.text.strip()[:40]), position=term.position)
    return days


def _option(term: Term, field: Field, reader: Reader) -> int:
    wanted = find_key(term.text)
    options = field.options or {}
    for place, (stored, caption) in enumerate(options.items()):
        if stored != field.blank and wanted in (stored, find_key(reader.write(caption)), find_key(str(caption))):
            return place
    names = ", ".join(reader.write(caption) for stored, caption in options.items() if stored != field.blank)
    raise FilterError(
        say("“%(text)s” is not one of the choices: %(names)s.", text=term.text.strip()[:40], names=names),
        position=term.position,
    )


def _yes_or_no(term: Term, reader: Reader) -> bool:
    yes, no = say("Yes"), say("No")
    known = {
        **_YES,
        find_key(str(yes)): True,
        find_key(str(no)): False,
        find_key(reader.write(yes)): True,
        find_key(reader.write(no)): False,
    }
    answer = known.get(find_key(term.text))
    if answer is None:
        raise FilterError(say("“%(text)s” is neither yes nor no.", text=term.text.strip()[:40]), position=term.position)
    return answer
