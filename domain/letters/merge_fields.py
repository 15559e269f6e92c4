"""The merge fields a letter can use: our tag and the names people know each field by (decisions B21)."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from domain.letters.merge_field_names import NAMES

FOLDED_LENGTH = 40
WORD_CUTS_AT = 40
SIMILAR_ENOUGH = 0.6


@dataclass(frozen=True)
class MergeField:
    """A field of a letter: its tag (`contact.name`), NAV's English name, the French and Swedish names, and further
    ones.
    """

    tag: str
    english: str
    french: str
    french_canada: str
    swedish: str
    aliases: tuple[str, ...] = ()

    def name(self, locale: str) -> str:
        """The name to show to readers of `locale` (`fr-CA`, `sv_SE` …); English when there is none."""
        locale = locale.replace("_", "-")
        if locale == "fr-CA":
            return self.french_canada
        return {"fr": self.french, "sv": self.swedish}.get(locale.split("-")[0], self.english)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name the field answers to, the tag included."""
        return (self.tag, self.english, self.french, self.french_canada, self.swedish, *self.aliases)


def _read_table() -> tuple[MergeField, ...]:
    fields = []
    for line in NAMES.strip().splitlines():
        tag, english, french, french_canada, swedish, aliases = (cell.strip() for cell in line.split("|"))
        further = tuple(alias.strip() for alias in aliases.split(",") if alias.strip())
        fields.append(MergeField(tag, english, french, french_canada, swedish, further))
    return tuple(fields)


def folded(name: str) -> str:
    """A field name as it is compared: no accents, no case, only letters and digits, the first 40 of them."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    return "".join(char for char in text if char.isalnum())[:FOLDED_LENGTH]


FIELDS: tuple[MergeField, ...] = _read_table()
BY_TAG: Mapping[str, MergeField] = {field.tag: field for field in FIELDS}
_BY_NAME: dict[str, MergeField] = {}
for _field in FIELDS:
    for _name in _field.names:
        _BY_NAME.setdefault(folded(_name), _field)


def find_field(name: str, mapping: Mapping[str, str] | None = None) -> MergeField | None:
    """The field called `name` in any language, or None.

    `mapping` is what a user confirmed for the document: folded name → tag; it wins. Word cuts names after 40
    characters, so a name of that length also finds the one field that begins with it.
    """
    if name in BY_TAG:
        return BY_TAG[name]
    key = folded(name)
    if mapping and key in mapping:
        return BY_TAG.get(mapping[key])
    if key in _BY_NAME:
        return _BY_NAME[key]
    if len(name) >= WORD_CUTS_AT:
        begun = {field.tag: field for known, field in _BY_NAME.items() if known.startswith(key)}
        if len(begun) == 1:
            return next(iter(begun.values()))
    return None


def suggest(name: str) -> MergeField | None:
    """The field somebody probably meant ("did you mean"), or None when nothing is similar."""
    key = folded(name)
    if not key:
        return None
    similar = difflib.get_close_matches(key, _BY_NAME, n=1, cutoff=SIMILAR_ENOUGH)
    return _BY_NAME[similar[0]] if similar else None
