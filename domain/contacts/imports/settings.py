"""How a file is to be read: what the user chose on the import page. Kept as JSON with the import."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from domain.contacts.imports.columns import BY_KEY, guess_columns
from domain.contacts.imports.reading import Sheet

FAIL, BLANK, CREATE = "fail", "blank", "create"
UNKNOWN_CODES = (FAIL, BLANK, CREATE)


@dataclass
class ImportSettings:
    """`columns`: the field of each column ('' ignores it). `surplus`: the column surplus cells are joined into, -1 for none.

    `plain_quotes`: quotation marks are signs like others. `blank_markers`: words that mean "nothing". `update`: contacts that exist get the values of the file. `leave_unknown`:
    unknown languages, countries and salespeople are left blank instead of failing the row. `unknown_codes`: what becomes
    of unknown mailing groups and other codes: "fail" the row, leave "blank", "create".
    """

    encoding: str = ""
    delimiter: str = ""
    plain_quotes: bool = False
    columns: list[str] = field(default_factory=list)
    surplus: int = -1
    blank_markers: list[str] = field(default_factory=list)
    update: bool = True
    leave_unknown: bool = False
    unknown_codes: str = FAIL

    def to_json(self) -> str:
        """The settings as text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> ImportSettings:
        """The settings from text; fields that are missing have their defaults."""
        known: dict[str, Any] = json.loads(text or "{}")
        return cls(**{key: value for key, value in known.items() if key in cls.__dataclass_fields__})

    def fitted_to(self, sheet: Sheet) -> ImportSettings:
        """Columns for exactly the headings of `sheet`, guessed when their number does not match; unknown fields dropped."""
        columns = self.columns if len(self.columns) == len(sheet.headings) else guess_columns(sheet.headings)
        seen: set[str] = set()
        fitted = []
        for key in columns:
            fitted.append(key if key in BY_KEY and key not in seen else "")
            seen.add(key)
        surplus = self.surplus if -1 <= self.surplus < len(sheet.headings) else -1
        return ImportSettings(
            sheet.encoding,
            sheet.delimiter,
            sheet.plain_quotes,
            fitted,
            surplus,
            self.blank_markers,
            self.update,
            self.leave_unknown,
            self.unknown_codes if self.unknown_codes in UNKNOWN_CODES else FAIL,
        )


def split_markers(text: str) -> list[str]:
    """The blank markers of Marketing setup ("NULL, N/A, -") as a list."""
    return [marker.strip() for marker in text.split(",") if marker.strip()]
