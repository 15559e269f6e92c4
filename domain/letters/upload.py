"""Taking in a file for letters or e-mails: made harmless, checked, stored, and what is known about it."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.documents.models import Document
from domain.documents.store import clean_name, facts_of, read_document, store_document
from domain.errors import RuleViolation
from domain.letters.compile_apart import compile_apart
from domain.letters.compiled_letter import CompiledLetter, UnknownField, compile
from domain.letters.merge_fields import BY_TAG, MergeField, folded
from domain.letters.sanitise import DEFAULT_MAX_BYTES
from domain.messages import Message, say

KEPT_LETTERS = 24
KEPT_BYTES = 256 * 1024 * 1024
_kept: OrderedDict[tuple[str, str], CompiledLetter] = OrderedDict()
_kept_guard = threading.Lock()
WORD_ENDINGS = frozenset({"docx", "dotx", "docm", "dotm", "doc", "dot"})
MACRO_ENDINGS = frozenset({"docm", "dotm"})  # refused whatever they hold


def _begins(*beginnings: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(beginnings)


def _is_text(data: bytes) -> bool:
    return b"\x00" not in data


def _is_package(data: bytes) -> bool:
    """A ZIP of an office program, without macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name.lower() for name in archive.namelist()]
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
    return not any("vbaproject" in name or name.startswith(("basic/", "scripts/")) for name in names)


# other files are never merged, only attached to e-mails (R-M02): what each kind must look like inside
OTHER_FILES: Mapping[str, Callable[[bytes], bool]] = {
    "pdf": lambda data: b"%PDF-" in data[:1024],
    "png": _begins(b"\x89PNG\r\n\x1a\n"),
    "jpg": _begins(b"\xff\xd8\xff"),
    "jpeg": _begins(b"\xff\xd8\xff"),
    "gif": _begins(b"GIF87a", b"GIF89a"),
    "txt": _is_text,
    "csv": _is_text,
    "ics": _is_text,
    "vcf": _is_text,
    "xlsx": _is_package,
    "pptx": _is_package,
    "odt": _is_package,
    "ods": _is_package,
    "odp": _is_package,
}


@dataclass(frozen=True)
class Upload:
    """A checked file that is not stored yet. `letter` is None for a file that is no Word document."""

    data: bytes
    file_name: str
    letter: CompiledLetter | None

    @property
    def is_word(self) -> bool:
        """Whether letters are merged from it."""
        return self.letter is not None


@dataclass(frozen=True)
class UploadReport:
    """What people are told about a stored document (R-M01, B21).

    `removed`: sentences about what was taken out; `fields`: the fields it uses; `unknown`: names that are no field;
    `mapping`: folded name → tag, as a user confirmed it.
    """

    removed: tuple[Message, ...]
    fields: tuple[MergeField, ...]
    unknown: tuple[UnknownField, ...]
    mapping: Mapping[str, str]


def check_upload(data: bytes, file_name: str) -> Upload:
    """The file as it will be stored. Touches no database, so it runs outside the transaction.

    Word documents are made harmless and compiled, in a process of its own first; other files must be what their name
    says. Raises `RuleViolation` (field "document") with a sentence for everything else.
    """
    return _checked(data, file_name, compile_apart)


def check_own_file(data: bytes, file_name: str) -> Upload:
    """`check_upload` for a file of our own: nobody sent it, so it needs no process of its own."""
    return _checked(data, file_name, compile)


def _checked(data: bytes, file_name: str, compiled: Callable[[bytes], CompiledLetter]) -> Upload:
    name = clean_name(file_name)
    ending = PurePosixPath(name).suffix.lstrip(".").lower()
    if not data:
        raise _refused(say("The file %(name)s is empty.", name=name) if file_name.strip() else say("Choose a file."))
    if ending in WORD_ENDINGS:
        letter = compiled(data)
        if ending in MACRO_ENDINGS:
            raise _refused(
                say(
                    "%(name)s is of a kind that carries macros. Save it as a Word document (.docx) and upload it again.",
                    name=name,
                )
            )
        return Upload(letter.data, str(PurePosixPath(name).with_suffix(".docx")), letter)
    if ending not in OTHER_FILES:
        kinds = ", ".join(sorted({"docx", *OTHER_FILES}))
        raise _refused(say("Files of this kind cannot be used. Use one of these: %(kinds)s.", kinds=kinds))
    if len(data) > DEFAULT_MAX_BYTES:
        raise _refused(say("The file is larger than %(limit)s MB.", limit=DEFAULT_MAX_BYTES // (1024 * 1024)))
    if not OTHER_FILES[ending](data):
        raise _refused(
            say(
                "%(name)s is not what its name says, or it contains macros. Save it again and upload the new file.",
                name=name,
            )
        )
    return Upload(data, name, None)


def store_upload(session: Session, upload: Upload, *, by: Actor) -> Document:
    """Stores a checked file; the same content is stored once and keeps the mapping confirmed for it (A4, B21)."""
    if upload.letter:
        _keep((upload.letter.sha256, "{}"), upload.letter)
    facts = _facts(upload.letter, upload.letter.report, {}) if upload.letter else {}
    return store_document(session, upload.data, file_name=upload.file_name, is_word=upload.is_word, facts=facts, by=by)


def accept_letter(session: Session, data: bytes, file_name: str, *, by: Actor) -> Document:
    """Checks a file of our own (not one that somebody sent) and stores it. Raises `RuleViolation` with a sentence."""
    return store_upload(session, check_own_file(data, file_name), by=by)


def report_of(document: Document) -> UploadReport:
    """What is known about a stored document; nothing for a file that is no Word document."""
    facts = facts_of(document)
    unknown = (
        UnknownField(one["name"], one["around"], BY_TAG.get(one["suggestion"])) for one in facts.get("unknown", ())
    )
    return UploadReport(
        tuple(_message(one) for one in facts.get("removed", ())),
        tuple(BY_TAG[tag] for tag in facts.get("fields", ()) if tag in BY_TAG),
        tuple(unknown),
        facts.get("mapping", {}),
    )


def mapping_of(document: Document) -> dict[str, str]:
    """The names a user assigned for this document: folded name → tag (B21)."""
    mapping: dict[str, str] = facts_of(document).get("mapping", {})
    return mapping


def confirm_mapping(
    session: Session, document: Document, choices: Mapping[str, str], *, data: bytes, by: Actor
) -> UploadReport:
    """Stores with the document which field each unknown name means (B21): name as written → tag, '' for none.

    `data` are the bytes of the document. Names that are not mentioned keep what was confirmed before. Raises
    `RuleViolation` for a tag that does not exist.
    """
    if not by.may("edit segments"):
        by.must_be_allowed("edit interaction templates")
    mapping = mapping_of(document)
    for name, tag in choices.items():
        if tag and tag not in BY_TAG:
            raise RuleViolation(say("There is no merge field %(name)s.", name=tag), field="mapping")
        mapping.pop(folded(name), None)
        if tag:
            mapping[folded(name)] = tag
    letter = compile(data, mapping)
    document.facts = json.dumps(_facts(letter, report_of(document).removed, mapping), ensure_ascii=False)
    session.flush()
    return report_of(document)


def letter_of(session: Session, document: Document) -> CompiledLetter:
    """The document made ready for merging, with the mapping confirmed for it. Made once and kept for a while.

    Raises `RuleViolation` when the stored file cannot be read or is no Word document.
    """
    if not document.is_word:
        raise RuleViolation(
            say("%(name)s is no Word document, so no letters are made from it.", name=document.file_name)
        )
    key = (document.sha256, json.dumps(mapping_of(document), sort_keys=True))
    with _kept_guard:
        kept = _kept.get(key)
        if kept is not None:
            _kept.move_to_end(key)
            return kept
    letter = compile(read_document(session, document), mapping_of(document))
    _keep(key, letter)
    return letter


def _keep(key: tuple[str, str], letter: CompiledLetter) -> None:
    """Keeps a letter made ready, the one not used for longest goes. Key: the bytes' hash and the mapping as JSON."""
    with _kept_guard:
        _kept[key] = letter
        _kept.move_to_end(key)
        while len(_kept) > 1 and (len(_kept) > KEPT_LETTERS or sum(map(_weight, _kept.values())) > KEPT_BYTES):
            _kept.popitem(last=False)


def _weight(letter: CompiledLetter) -> int:
    """About how much memory a kept letter takes."""
    return len(letter.data) + len(letter.skeleton.start) + sum(map(len, letter.package.parts.values()))


def _facts(letter: CompiledLetter, removed: tuple[Message, ...], mapping: Mapping[str, str]) -> dict[str, Any]:
    return {
        "fields": sorted(letter.fields),
        "unknown": [
            {"name": one.name, "around": one.around, "suggestion": one.suggestion.tag if one.suggestion else ""}
            for one in letter.unknown_fields
        ],
        "removed": [
            {"msgid": one.msgid, "values": dict(one.values), "plural": one.plural, "n": one.n} for one in removed
        ],
        "mapping": dict(mapping),
    }


def _message(stored: Mapping[str, Any]) -> Message:
    return Message(stored["msgid"], stored["values"], stored["plural"], stored["n"])


def _refused(message: Message) -> RuleViolation:
    return RuleViolation(message, field="document")
