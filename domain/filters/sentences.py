"""Filters read back in words: "Postcode starts with 75, salesperson is HR or BC".

A sentence is the label of the field and what is said about it, so that every language puts its own verb.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal

from domain.amounts import number_locale
from domain.dates import spell_date
from domain.filters.conditions import Blank, Condition, Is, Like, Not, Span
from domain.filters.fields import Field, Kind
from domain.filters.read import Filter
from domain.filters.reader import Reader
from domain.filters.tree import AllOf, AnyOf, Wildcard
from domain.messages import Message, say

MOST_NAMED = 8
_PLAIN = re.compile(r"[\w.+/:@-]+(?: [\w.+/:@-]+)*")


def sentence(filters: Iterable[Filter], reader: Reader) -> str:
    """What the filters ask for, in the reader's language; '' without filters."""
    clauses = [_clause(one, reader) for one in filters]
    if not clauses:
        return ""
    said = ("; " if any("," in clause for clause in clauses) else ", ").join(clauses)
    return said[:1].upper() + said[1:]


def filter_sentence(one: Filter, reader: Reader) -> str:
    """What one filter asks for: "Post code starts with 75"."""
    return sentence([one], reader)


def predicate(one: Filter, reader: Reader) -> str:
    """What a filter asks of its field, without naming it: "starts with 75"."""
    return _Words(one.field, reader).said(one.condition)


def _clause(one: Filter, reader: Reader) -> str:
    label = reader.write(one.field.label)
    if not label[1:2].isupper():  # VAT number and NPA stay as they are
        label = label[:1].lower() + label[1:]
    said = _Words(one.field, reader).said(one.condition)
    return reader.write(say("%(field)s %(predicate)s", field=label, predicate=said))


class _Words:
    """What is said about a field."""

    def __init__(self, field: Field, reader: Reader) -> None:
        self.field = field
        self.reader = reader
        self.write: Callable[[Message], str] = reader.write

    def said(self, condition: Condition) -> str:
        if isinstance(condition, AnyOf):
            values = [part for part in condition.parts if isinstance(part, Is)]
            others = [part for part in condition.parts if not isinstance(part, Is)]
            clauses = [self.is_one_of(values)] if values else []
            clauses += [self.inside(part) for part in others]
            return self.either(clauses)
        if isinstance(condition, AllOf):
            nots = [part for part in condition.parts if isinstance(part, Not) and isinstance(part.test, Is)]
            if len(nots) > 1 and len(nots) == len(condition.parts):
                return self.write(say("is not %(values)s", values=self.listed([part.test.value for part in nots])))  # type: ignore[union-attr]
            return self.both([self.inside(part) for part in condition.parts])
        if isinstance(condition, Not):
            return self.negated(condition.test)
        if isinstance(condition, Is):
            return self.is_one_of([condition])
        if isinstance(condition, Blank):
            return self.write(say("is blank"))
        if isinstance(condition, Like):
            return self.like(condition)
        return self.within(condition)

    def inside(self, part: Condition) -> str:
        said = self.said(part)
        return f"({said})" if isinstance(part, AnyOf | AllOf) else said

    def either(self, clauses: Sequence[str]) -> str:
        said = clauses[0]
        for clause in clauses[1:]:
            said = self.write(say("%(first)s or %(last)s", first=said, last=clause))
        return said

    def both(self, clauses: Sequence[str]) -> str:
        said = clauses[0]
        for clause in clauses[1:]:
            said = self.write(say("%(first)s and %(last)s", first=said, last=clause))
        return said

    def is_one_of(self, values: Sequence[Is]) -> str:
        return self.write(say("is %(values)s", values=self.listed([one.value for one in values])))

    def listed(self, values: Sequence[Any]) -> str:
        """`A`, `A or B`, `A, B or C`; of many the first and how many more."""
        words = [self.value(value) for value in values]
        if len(words) == 1:
            return words[0]
        if len(words) > MOST_NAMED:
            first = ", ".join(words[: MOST_NAMED - 1])
            others = len(words) - MOST_NAMED + 1
            return self.write(say("%(first)s or one of %(num)s others", first=first, num=others))
        return self.write(say("%(first)s or %(last)s", first=", ".join(words[:-1]), last=words[-1]))

    def negated(self, test: Is | Blank | Span | Like) -> str:
        if isinstance(test, Is):
            return self.write(say("is not %(values)s", values=self.value(test.value)))
        if isinstance(test, Blank):
            return self.write(say("is not blank"))
        if isinstance(test, Like):
            return self.unlike(test)
        low, high = self.value(test.low), self.value(test.high)
        return self.write(say("is not from %(low)s to %(high)s", low=low, high=high))

    def like(self, like: Like) -> str:
        shape, text = _shape(like)
        if shape == "starts":
            return self.write(say("starts with %(text)s", text=self.shown(text)))
        if shape == "ends":
            return self.write(say("ends with %(text)s", text=self.shown(text)))
        if shape == "contains":
            return self.write(say("contains %(text)s", text=self.shown(text)))
        if shape == "anything":
            return self.write(say("is anything"))
        if shape == "something":
            return self.write(say("is not blank"))
        return self.write(say("fits %(text)s", text=text))

    def unlike(self, like: Like) -> str:
        shape, text = _shape(like)
        if shape == "starts":
            return self.write(say("does not start with %(text)s", text=self.shown(text)))
        if shape == "ends":
            return self.write(say("does not end with %(text)s", text=self.shown(text)))
        if shape == "contains":
            return self.write(say("does not contain %(text)s", text=self.shown(text)))
        if shape == "anything":
            return self.write(say("is nothing at all"))
        if shape == "something":
            return self.write(say("is blank"))
        return self.write(say("does not fit %(text)s", text=text))

    def within(self, span: Span) -> str:
        low, high = self.value(span.low), self.value(span.high)
        if span.low is not None and span.high is not None:
            return self.write(say("is from %(low)s to %(high)s", low=low, high=high))
        if self.field.kind in (Kind.DATE, Kind.MOMENT):
            return self.in_time(span, low, high)
        if self.field.kind in (Kind.NUMBER, Kind.AMOUNT):
            return self.in_size(span, low, high)
        if span.low is not None:
            if span.with_low:
                return self.write(say("is %(value)s or comes after it", value=low))
            return self.write(say("comes after %(value)s", value=low))
        if span.with_high:
            return self.write(say("is %(value)s or comes before it", value=high))
        return self.write(say("comes before %(value)s", value=high))

    def in_time(self, span: Span, low: str, high: str) -> str:
        if span.low is not None:
            if span.with_low:
                return self.write(say("is on or after %(day)s", day=low))
            return self.write(say("is after %(day)s", day=low))
        if span.with_high:
            return self.write(say("is on or before %(day)s", day=high))
        return self.write(say("is before %(day)s", day=high))

    def in_size(self, span: Span, low: str, high: str) -> str:
        if span.low is not None:
            if span.with_low:
                return self.write(say("is at least %(number)s", number=low))
            return self.write(say("is more than %(number)s", number=low))
        if span.with_high:
            return self.write(say("is at most %(number)s", number=high))
        return self.write(say("is less than %(number)s", number=high))

    def value(self, value: Any) -> str:
        """A value as the reader writes it."""
        kind = self.field.kind
        if value is None:
            return ""
        if kind in (Kind.DATE, Kind.MOMENT):
            return spell_date(value, self.reader.locale)
        if kind is Kind.NUMBER:
            return str(format_decimal(value, locale=number_locale(self.reader.locale)))
        if kind is Kind.AMOUNT:
            digits = self.reader.currency_digits
            pattern = f"#,##0.{'0' * digits}" if digits else "#,##0"
            shown = format_decimal(
                Decimal(value).scaleb(-digits), format=pattern, locale=number_locale(self.reader.locale)
            )
            return str(shown)
        if kind is Kind.BOOLEAN:
            return self.write(say("Yes") if value else say("No")).lower()
        if kind is Kind.OPTION:
            captions = list((self.field.options or {}).items())
            stored, caption = captions[value]
            return self.write(caption).lower() if stored != self.field.blank else self.write(say("blank"))
        return self.shown(str(value))

    def shown(self, text: str) -> str:
        """A text in quotation marks unless it is one plain word or several."""
        if _PLAIN.fullmatch(text):
            return text
        return self.write(say("“%(text)s”", text=text))


def _shape(like: Like) -> tuple[str, str]:
    """What a pattern looks for, and its text."""
    pieces = like.pieces
    any_, one = Wildcard.ANY, Wildcard.ONE
    if pieces == (any_,):
        return "anything", "*"
    if pieces in ((one, any_), (any_, one)):
        return "something", "?*"
    if one not in pieces:
        if len(pieces) == 2 and isinstance(pieces[0], str):
            return "starts", pieces[0]
        if len(pieces) == 2 and isinstance(pieces[1], str):
            return "ends", pieces[1]
        if len(pieces) == 3 and isinstance(pieces[1], str):
            return "contains", pieces[1]
    return "fits", "".join(piece.value if isinstance(piece, Wildcard) else piece for piece in pieces)
