"""The Jinja environment letters are made in: sandboxed, autoescaping, strict, and bounded in what it can produce."""

from __future__ import annotations

from itertools import islice
from typing import Any

from jinja2 import Template, Undefined
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from domain.errors import RuleViolation
from domain.letters.context import Names
from domain.letters.missing import MissingValue
from domain.letters.ooxml import NOT_XML, plain
from domain.letters.word_switches import SWITCHES
from domain.messages import say

LONGEST_TEXT = 100_000
LONGEST_PART = 32 * 1024 * 1024
PIECES = 64
TOO_LONG = say("The letter would become too long. Make its template simpler.")


def _finalize(value: Any) -> Any:
    """A value as it is printed: blank for none, without characters that XML forbids.

    Markup is what Jinja has escaped while compiling; no value is ever markup.
    """
    if isinstance(value, str):
        if NOT_XML.search(value) or "\r" in value:
            return Markup(plain(value)) if isinstance(value, Markup) else plain(value)  # noqa: S704 (escaped by Jinja)
        return value
    if value is None:
        return ""
    return value if isinstance(value, Undefined) else plain(value)


def _replace(value: object, old: str, new: str) -> str:
    """Jinja's `replace`, bounded."""
    text = str(value)
    if not old or text.count(old) * len(new) > LONGEST_TEXT:
        raise RuleViolation(TOO_LONG)
    return text.replace(old, new)


def _lines(value: object) -> list[str]:
    """The lines of a text of several lines."""
    return str(value).splitlines()


def _default(value: object, other: object = "", boolean: bool = True) -> object:
    """`other` when the value is blank or missing."""
    return value if not isinstance(value, Undefined) and (value or not boolean) else other


FILTERS = {
    **SWITCHES,
    "upper": SWITCHES["word_upper"],
    "lower": SWITCHES["word_lower"],
    "title": SWITCHES["word_caps"],
    "capitalize": SWITCHES["word_first_cap"],
    "trim": lambda value: str(value).strip(),
    "replace": _replace,
    "default": _default,
    "d": _default,
    "lines": _lines,
    "length": len,
    "count": len,
    "first": lambda value: value[:1] if isinstance(value, str) else next(iter(value), ""),
    "last": lambda value: value[-1:] if isinstance(value, str) else (list(value) or [""])[-1],
    "date": SWITCHES["word_date"],
    "number": SWITCHES["word_number"],
}
TESTS = ("defined", "undefined", "none", "eq", "equalto", "==", "ne", "!=", "in")


class LetterEnvironment(ImmutableSandboxedEnvironment):
    """Only our filters and tests, no globals; values are escaped for XML, characters XML forbids are removed."""

    def __init__(self, *, autoescape: bool = True) -> None:
        super().__init__(
            autoescape=autoescape, undefined=MissingValue, finalize=_finalize, keep_trailing_newline=True, cache_size=0
        )
        known = self.tests
        self.globals.clear()
        self.filters = dict(FILTERS)
        self.tests = {name: known[name] for name in TESTS}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """What a dot means: a name of a group, what a loop knows of itself, and nothing else."""
        if type(obj) is Names:
            value = obj.values.get(attribute)
            return self.undefined(obj=obj, name=attribute) if value is None else value
        if isinstance(obj, (LoopContext, Undefined)):
            return super().getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)


XML_ENVIRONMENT = LetterEnvironment()
TEXT_ENVIRONMENT = LetterEnvironment(autoescape=False)


def produce(template: Template, context: dict[str, Any]) -> str:
    """The text a template gives; refuses when it becomes longer than any letter is."""
    pieces: list[str] = []
    length = 0
    stream = iter(template.root_render_func(template.new_context(context, shared=True)))
    while some := list(islice(stream, PIECES)):
        length += sum(map(len, some))
        if length > LONGEST_PART:
            raise RuleViolation(TOO_LONG)
        pieces += some
    return "".join(pieces)
