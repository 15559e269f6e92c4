"""The sections of a print file: each letter has its own header and footer and begins with page 1.

A section without a header takes the one before it, which would be another contact's: every letter names all six of
its own, empty ones where it has none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from lxml import etree

from domain.letters.ooxml import WORD_TYPE, W, r, to_bytes, w
from domain.letters.print_letter import relationship_id
from domain.letters.print_parts import PrintParts, RelationshipList
from domain.letters.schema_order import SECTION_ORDER, in_order

KINDS = ("header", "footer")
NEXT_PAGE, ODD_PAGE = "nextPage", "oddPage"
PLACES = ("default", "first", "even")
REFERENCE_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


@dataclass
class PrintSections:
    """Knows the empty header and footer of the file. `start`: where a letter begins, on the next page or the next odd one."""

    parts: PrintParts
    relationships: RelationshipList
    start: str

    def _empty(self, kind: str) -> str:
        name = f"word/empty_{kind}.xml"
        if name not in self.parts.package.parts:
            root = etree.Element(w("hdr" if kind == "header" else "ftr"), nsmap={"w": W})
            etree.SubElement(root, w("p"))
            self.parts.add(name, to_bytes(root), f"{WORD_TYPE}{kind}+xml")
        return self.relationships.id_for(REFERENCE_TYPE + kind, name)

    def adapt(
        self,
        sections: list[etree._Element],
        copy_part: Callable[[str, str], str],
        *,
        even_and_odd: bool,
        with_notes: Collection[str],
    ) -> None:
        """Prepares the sections of one letter, in order.

        `copy_part(kind, rel_id)` copies a header or footer of the letter and gives the id of the copy. `with_notes`:
        the notes the letter has (`footnote`, `endnote`).
        """
        for number, section in enumerate(sections):
            for kind in KINDS:
                self._references(section, kind, copy_part, first=number == 0, even_and_odd=even_and_odd)
            # a section without endnotes of its own would hand them on to the next contact's
            for element in (*section.findall(w("printerSettings")), *section.findall(w("noEndnote"))):
                section.remove(element)
            if number == 0:
                _start_on_new_page(section, self.start)
            for tag in with_notes:
                _restart_notes(section, f"{tag}Pr")
            in_order(section, SECTION_ORDER)

    def _references(
        self,
        section: etree._Element,
        kind: str,
        copy_part: Callable[[str, str], str],
        *,
        first: bool,
        even_and_odd: bool,
    ) -> None:
        found: dict[str, str] = {}
        for element in section.findall(w(f"{kind}Reference")):
            found[element.get(w("type"), "default")] = copy_part(kind, relationship_id(element))
            section.remove(element)
        if not even_and_odd and (first or "default" in found):
            found["even"] = found.get("default") or self._empty(kind)
        for place in PLACES:
            target = found.get(place) or (self._empty(kind) if first else None)
            if target is not None:
                reference = etree.Element(w(f"{kind}Reference"))
                reference.set(w("type"), place)
                reference.set(r("id"), target)
                section.insert(0, reference)


def _start_on_new_page(section: etree._Element, start: str) -> None:
    kind = section.find(w("type"))
    if kind is None:
        kind = etree.SubElement(section, w("type"))
    if start == ODD_PAGE or kind.get(w("val")) not in (ODD_PAGE, "evenPage"):
        kind.set(w("val"), start)
    numbers = section.find(w("pgNumType"))
    if numbers is None:
        numbers = etree.SubElement(section, w("pgNumType"))
    if numbers.get(w("start")) is None:
        numbers.set(w("start"), "1")


def _restart_notes(section: etree._Element, kind: str) -> None:
    properties = section.find(w(kind))
    if properties is None:
        properties = etree.SubElement(section, w(kind))
    restart = properties.find(w("numRestart"))
    if restart is None:
        restart = etree.SubElement(properties, w("numRestart"))
        restart.set(w("val"), "eachSect")


def take_sections(body: etree._Element) -> tuple[list[etree._Element], etree._Element]:
    """All sections of a body in order, and the last one, which is taken out of it; one is made when there is none."""
    last = body.find(w("sectPr"))
    if last is None:
        last = etree.Element(w("sectPr"))
    else:
        body.remove(last)
    inner = list(body.iter(w("sectPr")))
    return [*inner, last], last
