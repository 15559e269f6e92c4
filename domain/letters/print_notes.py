"""Footnotes and endnotes of a print file."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from domain.letters.ooxml import drop, parse, w
from domain.letters.package import Package
from domain.letters.print_letter import PREFIXES
from domain.letters.print_parts import RelationshipList, part_of_kind
from domain.letters.schema_order import AFTER_ENDNOTES

SEPARATORS = ("separator", "continuationSeparator", "continuationNotice")


@dataclass
class PrintNotes:
    """One of the two: `footnote` or `endnote`. Its separators are those of the first letter that has notes."""

    tag: str
    root: etree._Element | None = None
    relationships: RelationshipList = field(default_factory=RelationshipList)
    _last: int = 0

    def take(
        self,
        body: etree._Element,
        package: Package,
        main: str,
        adapt: Callable[[etree._Element, str, RelationshipList], None],
    ) -> bool:
        """Copies the notes a letter refers to and renumbers the references; gives whether there were any.

        `adapt(note, part, relationships)` makes a note fit the file.
        """
        name = part_of_kind(package, main, f"{self.tag}s")
        references = list(body.iter(w(f"{self.tag}Reference")))
        if name is None:
            for reference in references:
                drop(reference)
            return False
        source = parse(package.parts[name])
        if self.root is None:
            self.root = etree.Element(w(f"{self.tag}s"), nsmap=PREFIXES)
            for note in source:
                if note.get(w("type")) in SEPARATORS:
                    separator = copy.deepcopy(note)
                    adapt(separator, name, self.relationships)
                    self.root.append(separator)
                    self._last = max(self._last, int(note.get(w("id"), "0")))
        notes = {note.get(w("id"), ""): note for note in source}
        for reference in references:
            original = notes.get(reference.get(w("id"), ""))
            if original is None:
                drop(reference)
                continue
            own = copy.deepcopy(original)
            self._last += 1
            own.set(w("id"), str(self._last))
            reference.set(w("id"), str(self._last))
            adapt(own, name, self.relationships)
            self.root.append(own)
        return bool(references)


def keep_endnotes_in_sections(settings: etree._Element) -> None:
    """Endnotes stand at the end of their section: Word would print those of all letters after the last one."""
    properties = settings.find(w("endnotePr"))
    if properties is None:
        properties = etree.Element(w("endnotePr"))
        after = [at for at, one in enumerate(settings) if etree.QName(one).localname in AFTER_ENDNOTES]
        settings.insert(min(after, default=len(settings)), properties)
    for place in properties.findall(w("pos")):
        properties.remove(place)
    place = etree.Element(w("pos"))
    place.set(w("val"), "sectEnd")
    properties.insert(0, place)
