"""Salutations: the formula that counts and the text it gives (R-S01…R-S04, decisions B11)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

FORMAL, INFORMAL = "formal", "informal"
PLACES = 5
SEPARATOR = "|"


class Fallback(StrEnum):
    """Which step of the chain of B11 gave the salutation."""

    NONE = ""
    LANGUAGE = "language"
    DEFAULT = "default"
    NAME = "name"


@dataclass(frozen=True)
class Formula:
    """A formula: its text with %1 … %5 and, for each, the field of the contact (`first_name` …, '' for none)."""

    text: str
    names: tuple[str, ...] = ()

    @classmethod
    def from_stored(cls, stored: str) -> Formula:
        """From the one text kept with a log entry: `text|name_1|…|name_5`."""
        text, *names = stored.rsplit(SEPARATOR, PLACES)
        return cls(text, tuple(names))

    def stored(self) -> str:
        """The one text `from_stored` reads."""
        names = (*self.names, *[""] * PLACES)[:PLACES]
        return SEPARATOR.join((self.text, *names))

    def salutation(self, contact: Mapping[str, object]) -> str:
        """The salutation of a contact, '' when the formula gives nothing."""
        return formula_text(self.text, [str(contact.get(name) or "") if name else "" for name in self.names])


@dataclass(frozen=True)
class FoundFormula:
    """The formula for a contact (None: the name alone) and the step of the chain that gave it."""

    formula: Formula | None
    fallback: Fallback


def formula_text(formula: str, names: Sequence[str]) -> str:
    """The text of a formula with the values of its names (R-S02).

    A placeholder without value goes together with the blank after it; there is no double blank and none before
    punctuation. A no-break blank before punctuation, as French has it, stays.
    """
    values = {str(place + 1): " ".join(name.split()) for place, name in enumerate(names[:PLACES])}
    text = re.sub(
        r"%([1-5])( ?)", lambda match: values.get(match[1], "") + match[2] if values.get(match[1]) else "", formula
    )
    text = re.sub(r"[ \t]{2,}", " ", text)
    text = re.sub(r"[ \t]+(?=[\u00a0\u202f])|(?<=[\u00a0\u202f])[ \t]+", "", text)
    text = re.sub(r"[ \t]+(?=[,.;:!?])", "", text).strip()
    return text if re.search(r"\w", text) else ""


def find_formula(
    formulas: Mapping[tuple[str, str, str], Formula], *, kind: str, language: str, code: str, default_code: str
) -> FoundFormula:
    """The formula that counts (B11): the contact's salutation code in the language, then in no language; then the
    default code alike.

    `formulas`: (salutation code, language code or '', formal or informal) → formula. An empty text counts as missing
    (R-S03).
    """
    chain = (
        (code, language, Fallback.NONE),
        (code, "", Fallback.LANGUAGE if language else Fallback.NONE),
        (default_code, language, Fallback.DEFAULT),
        (default_code, "", Fallback.DEFAULT),
    )
    for one_code, one_language, fallback in chain:
        formula = formulas.get((one_code, one_language, kind)) if one_code else None
        if formula is not None and formula.text.strip():
            return FoundFormula(formula, fallback)
    return FoundFormula(None, Fallback.NAME)


def salutation(formula: Formula | None, contact: Mapping[str, object]) -> str:
    """The salutation to print: the formula's text, else the name alone."""
    text = formula.salutation(contact) if formula is not None else ""
    return text or str(contact.get("name") or "").strip()
