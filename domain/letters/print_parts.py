"""The parts of a print file that come from its letters: pictures, charts, headers … each kept once."""

from __future__ import annotations

import hashlib
import posixpath
from dataclasses import dataclass, field

from lxml import etree

from domain.letters.ooxml import R, parse
from domain.letters.package import Package, Relationship


@dataclass
class RelationshipList:
    """The relationships of one part of the print file; the same target gets the same id."""

    items: list[Relationship] = field(default_factory=list)
    _ids: dict[tuple[str, str, bool], str] = field(default_factory=dict)

    def id_for(self, kind: str, target: str, external: bool = False) -> str:
        """The id of a relationship of this type to this target, new or known."""
        key = (kind, target, external)
        if key not in self._ids:
            self._ids[key] = f"rId{len(self.items) + 1}"
            self.items.append(Relationship(self._ids[key], kind, target, external))
        return self._ids[key]


@dataclass
class PrintParts:
    """The package being built."""

    package: Package
    _names: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, data: bytes, content_type: str) -> str:
        """Adds a part under `name` or, when that is taken, a similar name; gives the name."""
        stem, extension = posixpath.splitext(name)
        number = 1
        while name in self.package.parts:
            number += 1
            name = f"{stem}_{number}{extension}"
        self.package.add(name, data, content_type)
        return name

    def take(self, source: Package, name: str) -> str:
        """Copies a part of a letter with everything it points to; equal parts are copied once. Gives its name."""
        key = self.digest(source, name)
        if key not in self._names:
            relationships = [
                Relationship(
                    one.id, one.type, one.target if one.external else self.take(source, one.target), one.external
                )
                for one in source.relationships(name)
            ]
            self._names[key] = self.add(name, source.parts[name], source.type_of(name))
            self.package.set_relationships(self._names[key], relationships)
        return self._names[key]

    def digest(self, source: Package, name: str, depth: int = 0) -> str:
        """A key for the content of a part and of everything it points to."""
        digest = hashlib.sha256(source.parts[name])
        digest.update(source.type_of(name).encode())
        for one in source.relationships(name) if depth < 8 else []:
            digest.update(f"{one.id} {one.type} {one.external} ".encode())
            digest.update((one.target if one.external else self.digest(source, one.target, depth + 1)).encode())
        return digest.hexdigest()

    def connect(self, root: etree._Element, source: Package, name: str, relationships: RelationshipList) -> None:
        """Points the `r:` attributes of XML that came from the part `name` to copies in the print file."""
        known = {one.id: one for one in source.relationships(name)}
        for element in root.iter(etree.Element):
            for key, value in list(element.attrib.items()):
                if not str(key).startswith(f"{{{R}}}"):
                    continue
                one = known.get(str(value))
                if one is None:
                    del element.attrib[key]
                elif one.kind not in ("header", "footer"):
                    target = one.target if one.external else self.take(source, one.target)
                    element.set(key, relationships.id_for(one.type, target, one.external))


def part_of_kind(package: Package, main: str, kind: str) -> str | None:
    """The name of the part `main` points to as `styles`, `numbering` …, None when there is none."""
    return next((one.target for one in package.relationships(main) if one.kind == kind), None)


def root_of_kind(package: Package, main: str, kind: str) -> etree._Element | None:
    """The parsed part of that kind."""
    name = part_of_kind(package, main, kind)
    return None if name is None else parse(package.parts[name])
