"""A document made ready for print files once, so that each of its letters only has its tags filled in.

What would differ from letter to letter besides the tags (ids, bookmarks, list numbers, headers) are places with names:
`n` the letter's number, `i` a number nothing else has, `b3` that of bookmark 3, `l1` of list 1, `s1` of a list all letters
share, `h0` of header 0. A document that cannot be proven safe has no template: its letters are taken over one by one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from lxml import etree

from domain.letters.context import Wanted
from domain.letters.ooxml import MC, parse, w
from domain.letters.package import Package
from domain.letters.print_documents import HOLDER_END, PrintDocuments, as_holder
from domain.letters.print_letter import Ids
from domain.letters.print_numbering import ListNumber
from domain.letters.print_parts import RelationshipList
from domain.letters.print_sections import KINDS
from domain.letters.print_text import filled, kinds_of_places, place
from domain.letters.template_check import Used
from domain.letters.word_template import PartTemplate, part_template

BLOCK = "{%"
OF_ONE_LETTER = {"n", "b", "l"}
LOOP = re.compile(r"\{%-?(?:p|tr|tc|r)?\s*for\b")


class Printable(Protocol):
    """What a print file needs of a document that is ready for merging."""

    @property
    def sha256(self) -> str:
        """Of the stored document."""

    @property
    def package(self) -> Package:
        """The document with its tags, each in one piece."""

    @property
    def main(self) -> str:
        """The name of its document part."""

    @property
    def parts(self) -> tuple[PartTemplate, ...]:
        """The templates of its parts."""

    @property
    def wanted(self) -> Wanted:
        """The values its letters are made from."""

    def letter(self, values: Mapping[str, Any]) -> bytes:
        """One contact's letter."""


@dataclass
class PlaceIds(Ids):
    """Gives places instead of numbers."""

    def next(self) -> str:
        """A number that nothing else has, another one wherever it stands."""
        return place("i")

    def mark(self) -> str:
        """The number of a bookmark: the same at its beginning and end."""
        self.last += 1
        return place(f"b{self.last}")


@dataclass
class PlaceNumbers:
    """The lists of a letter that begin anew, and those it shares."""

    documents: PrintDocuments
    lists: list[ListNumber] = field(default_factory=list)
    _places: dict[str, str] = field(default_factory=dict)

    def own(self, key: str, number: ListNumber) -> str:
        """The place for the number of this list."""
        if key not in self._places:
            self._places[key] = place(f"l{len(self.lists)}")
            self.lists.append(number)
        return self._places[key]

    def shared(self, number: ListNumber) -> str:
        """The place for the number of a list all letters share."""
        return self.documents.shared_numbers.shared(number)


@dataclass(frozen=True)
class PrintPart:
    """XML with places in it and, mostly, tags."""

    text: str
    template: PartTemplate | None

    def filled_in(self, context: dict[str, Any]) -> str:
        """The XML of one letter, its places still in it."""
        return self.text if self.template is None else self.template.text(context)


@dataclass(frozen=True)
class PrintHeader:
    """A header or footer that differs from letter to letter. `is_of_one_letter`: also where its texts are the same."""

    kind: str
    part: PrintPart
    relationships: RelationshipList
    is_of_one_letter: bool


@dataclass
class TemplateHeaders:
    """Headers and footers of a document: those without tags are taken into the file at once, the others kept."""

    documents: PrintDocuments
    own: list[PrintHeader] = field(default_factory=list)
    _known: dict[tuple[str, str], str] = field(default_factory=dict)

    def find(self, kind: str, content: str) -> str | None:
        """The id of, or the place for, one that was met before in this document."""
        return self._known.get((kind, content))

    def add(self, kind: str, content: str, root: etree._Element, relationships: RelationshipList) -> str:
        """The id of one that all letters share, else the place for one of the letter's own."""
        part = _part(_lean(root))
        places = kinds_of_places(part.text)
        if part.template is None and places <= {"i"}:
            known = self.documents.static_header(
                kind, filled(part.text, lambda _: self.documents.ids.next()), relationships
            )
        else:
            known = place(f"h{len(self.own)}")
            self.own.append(PrintHeader(kind, part, relationships, bool(places & OF_ONE_LETTER)))
        self._known[kind, content] = known
        return known


@dataclass(frozen=True)
class PrintTemplate:
    """A document as its letters stand in a print file. `begin`: how long the opening tag of `body` is."""

    body: PrintPart
    begin: int
    section: str
    headers: tuple[PrintHeader, ...]
    lists: tuple[ListNumber, ...]

    def body_of(self, context: dict[str, Any]) -> str:
        """The content of the body of one letter."""
        text = self.body.filled_in(context)
        return text[self.begin : text.rindex(HOLDER_END)]


def print_template(document: Printable, documents: PrintDocuments) -> PrintTemplate | None:
    """The document made ready for the files of a run; None when its letters have to be taken over one by one."""
    source, main = document.package, document.main
    if any(part.needs_a_look for part in document.parts) or not _is_safe(source, main):
        return None
    numbers, headers = PlaceNumbers(documents), TemplateHeaders(documents)
    adapted = documents.adapt(source, number=place("n"), ids=PlaceIds(), lists=numbers, headers=headers, notes=())
    text = as_holder(adapted.body)
    return PrintTemplate(
        _part(text if text.endswith(HOLDER_END) else f"{text[:-2]}>{HOLDER_END}"),
        text.index(">") + 1,
        adapted.section,
        tuple(headers.own),
        tuple(numbers.lists),
    )


def _lean(root: etree._Element) -> str:
    """The XML of a header without the names it declares and does not use."""
    named = [root.get(f"{{{MC}}}Ignorable", ""), *(one.get("Requires", "") for one in root.iter(f"{{{MC}}}Choice"))]
    etree.cleanup_namespaces(root, keep_ns_prefixes=" ".join(named).split())
    return etree.tostring(root, encoding="unicode")


def _part(text: str) -> PrintPart:
    return PrintPart(text, part_template("", parse(text.encode()), Used()))


def _is_safe(source: Package, main: str) -> bool:
    """Whether filling in the tags of the adapted document gives what adapting each filled-in letter would give."""
    body = parse(source.parts[main]).find(w("body"))
    if body is None or any(one.kind in ("footnotes", "endnotes") for one in source.relationships(main)):
        return False
    headers = [parse(source.parts[one.target]) for one in source.relationships(main) if one.kind in KINDS]
    text = _text(body)
    first = next(iter(body), None)
    return (
        not any(_has_tag_outside_text(root) for root in (body, *headers))
        and all(_bookmarks_stay(root) for root in (body, *headers))
        and (BLOCK not in text or len(list(body.iter(w("sectPr")))) <= 1)
        and (first is None or BLOCK not in _text(first) or b"eforeAutospacing" not in _all_xml(source, main))
    )


def _text(element: etree._Element) -> str:
    return "".join(str(piece) for piece in element.itertext())


def _all_xml(source: Package, main: str) -> bytes:
    styles = [source.parts[one.target] for one in source.relationships(main) if one.kind == "styles"]
    return b"".join([source.parts[main], *styles])


def _has_tag_outside_text(root: etree._Element) -> bool:
    return any(
        "{{" in str(value) or BLOCK in str(value)
        for element in root.iter(etree.Element)
        for value in element.attrib.values()
    )


def _bookmarks_stay(root: etree._Element) -> bool:
    """Whether every bookmark is in each letter once and whole."""
    text = _text(root)
    if BLOCK not in text:
        return True
    marks = [mark for mark in root.iter(w("bookmarkStart")) if mark.get(w("name")) != "_GoBack"]
    if marks and LOOP.search(text):
        return False
    ends = {mark.get(w("id")): mark.getparent() for mark in root.iter(w("bookmarkEnd"))}
    return all(
        (parent := mark.getparent()) is not None
        and ends.get(mark.get(w("id"))) is parent
        and BLOCK not in _text(parent)
        for mark in marks
    )
