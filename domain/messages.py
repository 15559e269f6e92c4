"""Sentences for people, before translation.

The domain never translates: it raises and returns messages; whoever shows them translates. `say`, `say_n` and `say_in`
are the markers the extractor knows (commands/translations.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Message:
    """A sentence: the English text with named placeholders (`%(no)s`) and the values that go into it.

    `plural` and `n` are set for sentences that depend on a number, `context` for words that other languages have several
    of ("Cancelled" of an interaction, of a segment).
    """

    msgid: str
    values: Mapping[str, Any] = field(default_factory=dict)
    plural: str = ""
    n: int | None = None
    context: str = ""

    def __str__(self) -> str:
        """The English sentence (logs, tests, the command line)."""
        text = self.plural if self.plural and self.n != 1 else self.msgid
        return text % self.values if self.values else text.replace("%%", "%")


def say(msgid: str, **values: Any) -> Message:
    """A sentence: `say("There is no contact %(no)s.", no="C9")`."""
    return Message(msgid, values)


def say_n(singular: str, plural: str, n: int, **values: Any) -> Message:
    """A sentence that depends on a number, which is available as `%(num)s`."""
    return Message(singular, {"num": n, **values}, plural, n)


@dataclass(frozen=True)
class Counted:
    """A sentence declared before its number is known (domain/references.py); `%(num)s` stands for the number."""

    singular: str
    plural: str

    def of(self, n: int, **values: Any) -> Message:
        """The sentence about `n`."""
        return Message(self.singular, {"num": n, **values}, self.plural, n)


def say_in(context: str, msgid: str) -> Message:
    """A word in a context: `say_in("delivery", "Printed")`."""
    return Message(msgid, context=context)
