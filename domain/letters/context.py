"""The names a template sees: nested and immutable (`contact.name`), made from the flat values of a letter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.letters.merge_fields import FIELDS
from domain.letters.missing import BlankText, is_recording
from domain.letters.word_switches import DateText

ISO = ".iso"
DATES = ("document.date", "today")
GROUPS = ("contact", "salutation", "salesperson", "document", "campaign", "company")


class Names:
    """The values of a group (`contact`), immutable: `contact.name`. The group itself prints nothing."""

    __slots__ = ("_group", "values")

    def __init__(self, group: str, values: Mapping[str, str]) -> None:
        self._group = group
        self.values = values

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    def __str__(self) -> str:
        return ""


@dataclass(frozen=True)
class Wanted:
    """The fields a document asks for: those without group, and per group the names with their tags."""

    alone: tuple[str, ...]
    grouped: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]

    @classmethod
    def by(cls, names: Iterable[str]) -> Wanted:
        """The fields behind the names a document uses. A group that is named alone brings all its fields."""
        used = frozenset(names)
        tags = [
            field.tag for field in FIELDS if field.tag in used or ("." in field.tag and field.tag.split(".")[0] in used)
        ]
        grouped = {group: [(tag.split(".")[1], tag) for tag in tags if tag.startswith(f"{group}.")] for group in GROUPS}
        return cls(
            tuple(tag for tag in tags if "." not in tag), tuple((group, tuple(of)) for group, of in grouped.items())
        )


EVERYTHING = Wanted.by(field.tag for field in FIELDS)


def letter_context(values: Mapping[str, Any], wanted: Wanted = EVERYTHING) -> dict[str, Any]:
    """Tag → text as the templates need it; also takes values that are nested already (`{"contact": {"name": …}}`).

    A date that comes with its ISO form (`document.date.iso`) can be printed with another picture.
    """
    if any(group in values for group in GROUPS):
        values = _flat(values)
    recording = is_recording()
    context: dict[str, Any] = {"locale": str(values.get("locale") or "en-GB")}
    for tag in wanted.alone:
        if tag in values:
            context[tag] = _text(tag, values, recording)
    for group, names in wanted.grouped:
        context[group] = Names(group, {name: _text(tag, values, recording) for name, tag in names if tag in values})
    return context


def _text(tag: str, values: Mapping[str, Any], recording: bool) -> str:
    value = values[tag]
    text = value if type(value) is str else "" if value is None else str(value)
    if recording and not text.strip():
        return BlankText(tag, text, f"{values.get('contact.no') or ''} {values.get('contact.name') or ''}".strip())
    if tag in DATES:
        iso = values.get(tag + ISO)
        return DateText(text, dt.date.fromisoformat(str(iso))) if iso else text
    return text


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}.{inner}": text for inner, text in value.items()}
        else:
            flat[name] = value
    return flat


FULL_EXAMPLE: Mapping[str, str] = {field.tag: f"{field.english} 1" for field in FIELDS} | {"locale": "en-GB"}
