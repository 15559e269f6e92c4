"""A Word document made ready once, from which each contact's letter is made."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from domain.letters.context import FULL_EXAMPLE, Wanted, letter_context
from domain.letters.field_expressions import Conversion, FieldInWord
from domain.letters.literal_braces import keep_literal_braces
from domain.letters.merge_field_tags import has_merge_fields, rewrite_story
from domain.letters.merge_fields import BY_TAG, MergeField, suggest
from domain.letters.ooxml import around, parse, to_bytes, w
from domain.letters.package import Package, refusal
from domain.letters.print_file import write_print_file
from domain.letters.sanitise import DEFAULT_MAX_BYTES, sanitise, stories, story_parts
from domain.letters.template_check import Used, check_paragraphs
from domain.letters.word_template import (
    CROSSED,
    PartTemplate,
    PropertyTemplates,
    paragraphs,
    part_template,
    property_templates,
    texts_of,
    tidy,
)
from domain.letters.zip_skeleton import Skeleton
from domain.letters.zip_stream import entry_name
from domain.messages import Message, say


@dataclass(frozen=True)
class UnknownField:
    """A name in the document that is no field, the text around it, and the field it probably means."""

    name: str
    around: str
    suggestion: MergeField | None


@dataclass(frozen=True)
class CompiledLetter:
    """A document ready to be merged.

    `data`: the harmless document as it is stored. `sha256`: of `data`. `fields`: the tags it uses. `unknown_fields`:
    names that are no field; a letter leaves them empty. `report`: what was removed and what does not work, as
    sentences. `package`: the parts as they are before a contact's values are in them; `main`: the name of the document
    part among them; `parts`: the checked templates of those that hold tags; `properties`: those of the properties.
    `skeleton`: the parts without tags, packed once; `wanted`: the values a letter is made from.
    """

    data: bytes
    sha256: str
    fields: frozenset[str]
    unknown_fields: tuple[UnknownField, ...]
    report: tuple[Message, ...]
    package: Package = field(repr=False)
    main: str
    parts: tuple[PartTemplate, ...] = field(repr=False)
    properties: PropertyTemplates | None = field(repr=False)
    skeleton: Skeleton = field(repr=False)
    wanted: Wanted = field(repr=False)

    @property
    def has_fields(self) -> bool:
        """Whether letters differ from contact to contact at all (B15, R-DL02)."""
        return bool(self.fields or self.unknown_fields)

    @property
    def uses_comment(self) -> bool:
        """Whether the personal comment is printed (B19)."""
        return "comment" in self.fields

    def blank_fields(self, values: Mapping[str, Any]) -> tuple[MergeField, ...]:
        """The fields of the document that have no value for this contact (B1, "field empty")."""
        return tuple(BY_TAG[tag] for tag in sorted(self.fields) if not str(values.get(tag) or "").strip())

    def letter(self, values: Mapping[str, Any]) -> bytes:
        """One contact's letter as .docx. `values`: tag → text, as `finished_values` gives them.

        The same values always give the same bytes; inside `recording_missing()` names without value are recorded.
        Raises `RuleViolation` when a tag cannot be worked out.
        """
        return self.letter_from(letter_context(values, self.wanted))

    def letter_from(self, context: dict[str, Any]) -> bytes:
        """One letter from the names its templates see (`letter_context`)."""
        return self.skeleton.file(self.changed_parts(context))

    def changed_parts(self, context: dict[str, Any]) -> Iterator[tuple[bytes, int, bytes]]:
        """The parts that differ from letter to letter: name and flags as a ZIP holds them, content."""
        for part in self.parts:
            yield *entry_name(part.name), part.xml(context)
        if self.properties is not None:
            name = self.properties.part
            yield *entry_name(name), self.properties.xml(self.package.parts[name], context)

    def print_file(self, rows: Iterable[Mapping[str, Any]]) -> bytes:
        """One .docx with a letter for each row of values, each on a new page with its own header, footer and page
        numbers.
        """
        target = io.BytesIO()
        write_print_file(((self, row) for row in rows), target)
        return target.getvalue()


def compile(
    data: bytes, mapping: Mapping[str, str] | None = None, *, max_bytes: int = DEFAULT_MAX_BYTES
) -> CompiledLetter:
    """Makes an uploaded Word document ready for merging.

    `mapping`: names a user has assigned, folded name → tag (B21). Raises `RuleViolation` with a sentence for a file
    that is no harmless .docx and for tags that cannot work.
    """
    clean = sanitise(data, max_bytes=max_bytes)
    package = Package.read(clean.data)
    main = package.main_part()
    names = story_parts(package, main)
    roots = {name: parse(package.parts[name]) for name in names}
    all_stories = [story for root in roots.values() for story in stories(root)]
    conversion = Conversion(mapping or {})
    if any(has_merge_fields(story) for story in all_stories):
        for story in all_stories:
            for text in keep_literal_braces(story):
                conversion.note(say("“%(text)s” is printed as it stands.", text=text))
            rewrite_story(story, conversion)
    _note_revisions(roots.values(), conversion)
    for story in all_stories:
        tidy(story)
        check_paragraphs(paragraphs(story))
    used = Used()
    parts = tuple(
        part for name, root in roots.items() if (part := part_template(name, root, used, is_main=name == main))
    )
    for name, root in roots.items():
        package.parts[name] = to_bytes(root)
    properties = _properties(package, used)
    compiled = CompiledLetter(
        clean.data,
        hashlib.sha256(clean.data).hexdigest(),
        frozenset(used.known),
        _unknown_fields(conversion.unknown, used, texts_of(roots.values())),
        (*clean.removed, *conversion.notes),
        package,
        main,
        parts,
        properties,
        _skeleton(package, parts, properties),
        Wanted.by(used.names),
    )
    for values in ({}, FULL_EXAMPLE):
        _check_letter(compiled, values)
    return compiled


def _skeleton(package: Package, parts: Iterable[PartTemplate], properties: PropertyTemplates | None) -> Skeleton:
    package.settle_types()
    changed = {part.name for part in parts} | ({properties.part} if properties else set())
    names = sorted(package.parts, key="[Content_Types].xml".__ne__)
    return Skeleton.of((name, package.parts[name]) for name in names if name not in changed)


def _check_letter(compiled: CompiledLetter, values: Mapping[str, str]) -> None:
    """A letter as an example: its tags can be worked out, and it can be read."""
    for _, _, content in compiled.changed_parts(letter_context(values, compiled.wanted)):
        try:
            parse(content)
        except etree.XMLSyntaxError as error:
            raise refusal(CROSSED) from error


def _note_revisions(roots: Iterable[etree._Element], conversion: Conversion) -> None:
    """Tracked changes and comments would reach the reader of the letter."""
    tags = {element.tag for root in roots for element in root.iter(w("ins"), w("del"), w("commentReference"))}
    if tags & {w("ins"), w("del")}:
        conversion.note(say("The document contains tracked changes. Accept or reject them in Word before you use it."))
    if w("commentReference") in tags:
        conversion.note(say("The document contains comments, which everybody who gets the letter can read."))


def _properties(package: Package, used: Used) -> PropertyTemplates | None:
    for one in package.relationships(""):
        if one.kind == "core-properties":
            return property_templates(one.target, package.parts[one.target], used)
    return None


def _unknown_fields(in_word: list[FieldInWord], used: Used, texts: list[str]) -> tuple[UnknownField, ...]:
    found = {one.name: UnknownField(one.name, one.around, suggest(one.name)) for one in reversed(in_word)}
    for name in sorted(used.unknown):
        text = next((text for text in texts if name in text), "")
        found.setdefault(name, UnknownField(name, around(text, name), suggest(name)))
    return tuple(found[name] for name in sorted(found))
