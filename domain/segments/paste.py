"""Pasting a column of contact numbers, e-mail addresses or names (A3)."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.imports.reading import LARGEST, guess_delimiter, guess_encoding
from domain.contacts.queries import resolve_many
from domain.errors import RuleViolation
from domain.messages import say, say_n
from domain.segments.add_contacts import Added, AddOptions, add_contact_ids
from domain.segments.models import Segment
from domain.segments.step_models import SegmentStep

MOST_ENTRIES = 200_000


@dataclass(frozen=True)
class Pasted:
    """The report: contacts added; entries that mean several contacts (entry, how many), that mean none, how many were
    given more than once; contacts skipped because blocked, excluded or present."""

    step: SegmentStep
    entries: int
    found: int
    added: int
    repeated: int
    blocked: int
    excluded: int
    present: int
    several: list[tuple[str, int]] = field(default_factory=list)
    not_found: list[str] = field(default_factory=list)


def pasted_entries(text: str) -> list[str]:
    """The entries of pasted text: one per line; of several columns the first cell that is not empty.

    Several e-mail addresses on one line, separated by semicolons or commas, are an entry each.
    """
    rows = text.replace("\x00", "").splitlines()
    if "\t" not in text and "@" not in text:
        return [cell for row in rows if (cell := row.strip())]
    entries: list[str] = []
    for row in rows:
        cell = row.strip() if "\t" not in row else next((one.strip() for one in row.split("\t") if one.strip()), "")
        if cell.count("@") > 1:
            parts = [part.strip() for part in cell.replace(",", ";").split(";") if part.strip()]
            if all("@" in part for part in parts):
                entries += parts
                continue
        if cell:
            entries.append(cell)
    return entries


def list_text(data: bytes, file_name: str) -> str:
    """What stands in a file with a list of contacts, as it would be pasted: a line for each row.

    A text file, or a CSV file whose first filled column counts. Raises `RuleViolation` on the field "file".
    """
    if len(data) > LARGEST:
        raise RuleViolation(say("The file is larger than 50 MB. Split it."), field="file")
    text = data.decode(codec, errors="replace") if (codec := _codec(data)) else "\x00"
    if "\x00" in text:
        raise RuleViolation(say("This is not a text file. Save the contacts as CSV."), field="file")
    if not file_name.lower().endswith(".csv"):
        return text
    try:
        rows = list(csv.reader(io.StringIO(text, newline=None), delimiter=guess_delimiter(text)))
    except csv.Error as error:
        raise RuleViolation(say("The file cannot be read as a table. Is it complete?"), field="file") from error
    return "\n".join("\t".join(" ".join(cell.split()) for cell in cells) for cells in rows)


def _codec(data: bytes) -> str:
    """How the bytes are read; '' for a workbook."""
    if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        return ""
    encoding = guess_encoding(data)
    return "utf-8-sig" if encoding == "utf-8" else encoding


def add_pasted(
    session: Session,
    segment: Segment,
    text: str,
    *,
    options: AddOptions | None = None,
    file_name: str = "",
    by: Actor,
) -> Pasted:
    """Adds the contacts that pasted text names, in its order, each once, as one step; says what became of every entry.

    `file_name`: the text was uploaded (`list_text`). The look-up takes three statements and the lines one, whatever the number of entries. Raises `Forbidden`, and
    `RuleViolation` on the field "pasted" when the text is empty or too long.
    """
    by.must_be_allowed("edit segments")
    entries = pasted_entries(text)
    if not entries:
        raise RuleViolation(say("Paste contact numbers, e-mail addresses or names, one per line."), field="pasted")
    if len(entries) > MOST_ENTRIES:
        raise RuleViolation(
            say_n("Paste at most %(num)s entry at a time.", "Paste at most %(num)s entries at a time.", MOST_ENTRIES),
            field="pasted",
        )
    resolved = resolve_many(session, entries)
    ids = list(dict.fromkeys(resolved.found))
    filters: dict[str, Any] = {
        "paste": {
            "entries": len(entries),
            "several": len(resolved.several),
            "not_found": len(resolved.not_found),
        }
        | ({"file": file_name[:100]} if file_name else {})
    }
    added: Added = add_contact_ids(
        session, segment, ids, kind="paste", options=options, source="paste", filters=filters, by=by
    )
    return Pasted(
        step=added.step,
        entries=len(entries),
        found=added.found,
        added=added.added,
        repeated=len(resolved.found) - len(ids),
        blocked=added.skipped.get("blocked", 0),
        excluded=added.skipped.get("excluded", 0),
        present=added.skipped.get("present", 0),
        several=resolved.several,
        not_found=resolved.not_found,
    )
