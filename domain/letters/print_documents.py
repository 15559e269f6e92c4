"""What the letters of a print run have in common: styles, list definitions, settings, pictures, headers without tags.

A run makes one print file or several parts of it. What a document brings along is taken over once, however many letters
are made from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from lxml import etree

from domain.letters.ooxml import HEAD, WORD_TYPE, R, parse, w
from domain.letters.package import Package
from domain.letters.print_letter import PREFIXES, Ids, LetterNames, clean, make_unique
from domain.letters.print_notes import PrintNotes, keep_endnotes_in_sections
from domain.letters.print_numbering import ListNumber, NumberIds, PrintNumbering
from domain.letters.print_parts import PrintParts, RelationshipList, part_of_kind
from domain.letters.print_sections import NEXT_PAGE, REFERENCE_TYPE, PrintSections, take_sections
from domain.letters.print_styles import PrintStyles, StyleSet, settle_first_paragraph
from domain.letters.print_text import place
from domain.letters.schema_order import BEFORE_EVEN_AND_ODD

COPIED_ONCE = ("theme", "fontTable")
SECTION_PAGES = "SECTIONPAGES"
PAGE_OF_THE_END = "PAGEREF"
HOLDER_END = "</w:body>"
NOT_TAKEN_OVER = ("rsids", "docVars", "documentProtection", "writeProtection")


class Headers(Protocol):
    """Where the headers and footers of a letter go. `content` is a key for what stands in one."""

    def find(self, kind: str, content: str) -> str | None:
        """The id of the relationship to a header or footer that is in the file already."""

    def add(self, kind: str, content: str, root: etree._Element, relationships: RelationshipList) -> str:
        """Takes a header or footer into the file and gives the id of the relationship to it."""


@dataclass
class SharedNumbers:
    """The lists that are the same in all letters. In a document stand places (`s0`), each file gives them numbers."""

    numbers: list[ListNumber] = field(default_factory=list)
    _places: dict[ListNumber, str] = field(default_factory=dict)

    def own(self, key: str, number: ListNumber) -> str:
        """Styles belong to no letter."""
        return self.shared(number)

    def shared(self, number: ListNumber) -> str:
        """The place for the number of this list."""
        if number not in self._places:
            self._places[number] = place(f"s{len(self.numbers)}")
            self.numbers.append(number)
        return self._places[number]


@dataclass(frozen=True)
class Adapted:
    """A letter or document as it stands in a print file: its body, and the XML of the section that ends it."""

    body: etree._Element
    section: str


@dataclass
class PrintDocuments:
    """`pages`: how a letter counts its pages; Word knows SECTIONPAGES, LibreOffice only PAGEREF. `start`: where a letter
    begins, on the next page or, for printing on both sides, on the next odd one.
    """

    pages: str = SECTION_PAGES
    start: str = NEXT_PAGE
    ids: Ids = field(default_factory=Ids)
    parts: PrintParts = field(default_factory=lambda: PrintParts(Package.empty()))
    relationships: RelationshipList = field(default_factory=RelationshipList)
    styles: PrintStyles = field(default_factory=PrintStyles)
    numbering: PrintNumbering = field(default_factory=PrintNumbering)
    shared_numbers: SharedNumbers = field(default_factory=SharedNumbers)
    settings: etree._Element | None = None
    _static_headers: dict[tuple[str, str], str] = field(default_factory=dict)

    def static_header(self, kind: str, text: str, relationships: RelationshipList) -> str:
        """The id of the relationship to a header or footer that is the same in all letters."""
        if (kind, text) not in self._static_headers:
            name = self.parts.add(f"word/shared_{kind}.xml", HEAD + text.encode(), f"{WORD_TYPE}{kind}+xml")
            self.parts.package.set_relationships(name, relationships.items)
            self._static_headers[kind, text] = self.relationships.id_for(REFERENCE_TYPE + kind, name)
        return self._static_headers[kind, text]

    def adapt(
        self,
        source: Package,
        *,
        number: str,
        ids: Ids,
        lists: NumberIds,
        headers: Headers,
        notes: tuple[PrintNotes, ...],
    ) -> Adapted:
        """A finished letter or a document with its tags, made to fit the file. `number`: of the letter in the file."""
        main = source.main_part()
        body = parse(source.parts[main]).find(w("body"))
        if body is None:
            raise ValueError("A letter has no body")
        even_and_odd = self._take_settings(source, main)
        key, styles, is_new = self.styles.set_for(source, main)
        if is_new:
            self.numbering.take(key, source, main, styles)
            if self.styles.root is not None:
                self.numbering.number_styles(key, styles, self.styles.root, self.shared_numbers)
        sections, last = take_sections(body)
        names = LetterNames(number, ids, self.pages if len(sections) == 1 else PAGE_OF_THE_END)
        names.collect(body)

        def fit(root: etree._Element) -> None:
            self._fit(root, names, key, styles, lists)

        def fit_part(root: etree._Element, part: str, own: RelationshipList) -> None:
            fit(root)
            self.parts.connect(root, source, part, own)

        fit(body)
        clean(last, dict(body.nsmap))
        with_notes = [one.tag for one in notes if one.take(body, source, main, fit_part)]
        self.parts.connect(body, source, main, self.relationships)

        def place_header(kind: str, rel_id: str) -> str:
            part = next((one.target for one in source.relationships(main) if one.id == rel_id), None)
            if part is None:
                return ""
            own_pages = names.pages == PAGE_OF_THE_END and b"NUMPAGES" in source.parts[part]
            content = f"{key} {self.parts.digest(source, part)} {number if own_pages else ''}"
            known = headers.find(kind, content)
            if known is not None:
                return known
            root, own = parse(source.parts[part]), RelationshipList()
            fit_part(root, part, own)
            return headers.add(kind, content, root, own)

        PrintSections(self.parts, self.relationships, self.start).adapt(
            sections, place_header, even_and_odd=even_and_odd, with_notes=with_notes
        )
        if self.styles.root is not None:
            settle_first_paragraph(body, self.styles.root)
        holder = etree.Element(w("body"))
        holder.append(last)
        return Adapted(body, content_of(holder))

    def _fit(self, root: etree._Element, names: LetterNames, key: str, styles: StyleSet, lists: NumberIds) -> None:
        clean(root, dict(root.nsmap))
        styles.apply(root)
        self.numbering.apply(root, key, styles, lists)
        make_unique(root, names)

    def _take_settings(self, source: Package, main: str) -> bool:
        """The settings of the first letter count; gives whether this letter has headers of its own for even pages."""
        name = part_of_kind(source, main, "settings")
        settings = parse(source.parts[name]) if name else etree.Element(w("settings"), nsmap={"w": PREFIXES["w"]})
        even_and_odd = settings.find(w("evenAndOddHeaders")) is not None
        if self.settings is None:
            self.settings = settings
            for element in list(settings):
                points_out = any(
                    str(key).startswith(f"{{{R}}}") for inner in element.iter(etree.Element) for key in inner.attrib
                )
                if points_out or element.tag in [w(tag) for tag in NOT_TAKEN_OVER]:
                    settings.remove(element)
            keep_endnotes_in_sections(settings)
            for kind in COPIED_ONCE:
                part = part_of_kind(source, main, kind)
                if part is not None:
                    self.relationships.id_for(REFERENCE_TYPE + kind, self.parts.take(source, part))
        elif even_and_odd and self.settings.find(w("evenAndOddHeaders")) is None:
            _switch_even_and_odd_on(self.settings)
        return even_and_odd


def _switch_even_and_odd_on(settings: etree._Element) -> None:
    """Adds `w:evenAndOddHeaders` where the schema wants it; Word is strict here."""
    mark = etree.Element(w("evenAndOddHeaders"))
    places = [at + 1 for at, element in enumerate(settings) if etree.QName(element).localname in BEFORE_EVEN_AND_ODD]
    settings.insert(max(places, default=0), mark)


def content_of(holder: etree._Element) -> str:
    """The content of an element as it stands inside the file's root, which declares the usual names."""
    text = as_holder(holder)
    return text[text.index(">") + 1 : text.rindex(HOLDER_END)] if text.endswith(HOLDER_END) else ""


def as_holder(holder: etree._Element) -> str:
    """The content of an element inside a body that declares the usual names."""
    root = etree.Element(w("body"), nsmap=PREFIXES)
    root.extend(list(holder))
    etree.cleanup_namespaces(root, top_nsmap=PREFIXES, keep_ns_prefixes=list(PREFIXES))
    return etree.tostring(root, encoding="unicode")
