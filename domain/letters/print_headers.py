"""The headers and footers of a print file: those of its letters are written at once, equal ones only once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from domain.letters.ooxml import HEAD
from domain.letters.package import Relationship, relationships_name, relationships_part
from domain.letters.print_numbers import LetterNumbers
from domain.letters.print_parts import RelationshipList
from domain.letters.print_sections import REFERENCE_TYPE
from domain.letters.print_template import PrintHeader
from domain.letters.print_text import filled
from domain.letters.zip_stream import Packed, ZipStream


@dataclass
class FileHeaders:
    """Knows the headers and footers of letters that are in the file already, by a key for what stands in them."""

    zip: ZipStream
    relationships: list[Relationship] = field(default_factory=list)
    _ids: dict[tuple[str, bytes], str] = field(default_factory=dict)
    _packed: dict[tuple[Relationship, ...], Packed] = field(default_factory=dict)

    def find(self, kind: str, content: str) -> str | None:
        """The id of the relationship to a header or footer with this content."""
        return self._ids.get((kind, content.encode()))

    def add(self, kind: str, content: str, root: etree._Element, relationships: RelationshipList) -> str:
        """Writes the header or footer of a finished letter and gives its id."""
        return self._write(kind, content.encode(), etree.tostring(root, encoding="unicode"), relationships)

    def fill(self, headers: tuple[PrintHeader, ...], context: dict[str, Any], numbers: LetterNumbers) -> None:
        """Writes the headers and footers of a letter and tells `numbers` their ids (`h0`)."""
        for place, header in enumerate(headers):
            text = header.part.filled_in(context)
            whose = f"{numbers.number}" if header.is_of_one_letter else text
            key = hashlib.sha256(f"{id(header)} {header.is_of_one_letter} {whose}".encode()).digest()
            known = self._ids.get((header.kind, key))
            numbers.known[f"h{place}"] = known or self._write(
                header.kind, key, filled(text, numbers), header.relationships
            )

    def _write(self, kind: str, key: bytes, text: str, relationships: RelationshipList) -> str:
        number = len(self.relationships) + 1
        name = f"word/{kind}{number}.xml"
        one = Relationship(f"rIdL{number}", REFERENCE_TYPE + kind, name)
        self.zip.add(name, HEAD + text.encode())
        if relationships.items:
            self.zip.add_packed(relationships_name(name), self._packed_list(name, relationships))
        self.relationships.append(one)
        self._ids[kind, key] = one.id
        return one.id

    def _packed_list(self, name: str, relationships: RelationshipList) -> Packed:
        """The list of what a header points to, made once: all of them stand in the same folder."""
        items = tuple(relationships.items)
        if items not in self._packed:
            self._packed[items] = Packed.of(relationships_part(name, items))
        return self._packed[items]
