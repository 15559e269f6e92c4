"""One letter on its way into a print file: what only makes sense in a file of its own is removed, names and ids become
unique.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from domain.letters.ooxml import MC, W14, WP, V, drop, r, w

REMOVED = (
    "proofErr", "lastRenderedPageBreak", "commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef",
    "sectPrChange", "permStart", "permEnd", "dataBinding", "docPartObj",
)  # fmt: skip
LONGEST_NAME = 30
BEGIN_MARK = "BeginOfLetter"
END_MARK = "EndOfLetter"
PREFIXES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "mc": MC,
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "wp": WP,
    "v": V,
    "o": "urn:schemas-microsoft-com:office:office",
    "w10": "urn:schemas-microsoft-com:office:word",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "sl": "http://schemas.openxmlformats.org/schemaLibrary/2006/main",
    "wne": "http://schemas.microsoft.com/office/word/2006/wordml",
    "wpc": "http://schemas.microsoft.com/office/word/2010/wordprocessingCanvas",
    "wpg": "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup",
    "wpi": "http://schemas.microsoft.com/office/word/2010/wordprocessingInk",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "wp14": "http://schemas.microsoft.com/office/word/2010/wordprocessingDrawing",
    "w14": W14,
    "w15": "http://schemas.microsoft.com/office/word/2012/wordml",
    "w16": "http://schemas.microsoft.com/office/word/2018/wordml",
    "w16cex": "http://schemas.microsoft.com/office/word/2018/wordml/cex",
    "w16cid": "http://schemas.microsoft.com/office/word/2016/wordml/cid",
    "w16se": "http://schemas.microsoft.com/office/word/2015/wordml/symex",
    "w16sdtdh": "http://schemas.microsoft.com/office/word/2020/wordml/sdtdatahash",
    "cx": "http://schemas.microsoft.com/office/drawing/2014/chartex",
    "cx1": "http://schemas.microsoft.com/office/drawing/2015/9/8/chartex",
    "aink": "http://schemas.microsoft.com/office/drawing/2016/ink",
    "am3d": "http://schemas.microsoft.com/office/drawing/2017/model3d",
}
IGNORABLE = "w14 w15 w16 w16cex w16cid w16se w16sdtdh wp14"


@dataclass
class Ids:
    """Numbers that may stand only once in a file."""

    last: int = 0

    def next(self) -> str:
        """The next one."""
        self.last += 1
        return str(self.last)

    def mark(self) -> str:
        """The next one, for a bookmark: it stands at its beginning and at its end."""
        return self.next()


@dataclass
class LetterNames:
    """The names of one letter in the file: its number, its bookmarks, how it counts its pages."""

    number: str
    ids: Ids
    pages: str
    bookmarks: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    @property
    def begin_mark(self) -> str:
        """The bookmark at the beginning of the letter."""
        return f"{BEGIN_MARK}{self.number}"

    @property
    def end_mark(self) -> str:
        """The bookmark at the end of the letter, by which its pages are counted."""
        return f"{END_MARK}{self.number}"

    def collect(self, root: etree._Element) -> None:
        """Learns the bookmarks of the letter."""
        for mark in root.iter(w("bookmarkStart")):
            name = mark.get(w("name"), "")
            self.bookmarks[name] = f"{name[:LONGEST_NAME]}_{self.number}"

    def bookmark(self, name: str) -> str | None:
        """The name of a bookmark in the file; None when the letter has one of this name already: Word keeps the first."""
        own = self.bookmarks.setdefault(name, f"{name[:LONGEST_NAME]}_{self.number}")
        if own in self.used:
            return None
        self.used.add(own)
        return own


def clean(root: etree._Element, ignorable: dict[str | None, str]) -> None:
    """Removes comments, spelling marks, revision ids, links to data, and extensions only the source declares."""
    for tag in REMOVED:
        for element in list(root.iter(w(tag))):
            drop(element)
    for properties in root.iter(w("sdtPr")):
        for element in properties.findall(w("id")):
            properties.remove(element)
    _settle_choices(root)
    ours = set(PREFIXES.values())
    foreign = {uri for uri in ignorable.values() if uri not in ours}
    for element in list(root.iter(etree.Element)):
        if etree.QName(element).namespace in foreign:
            drop(element)
            continue
        for key in list(element.attrib):
            name = etree.QName(str(key))
            is_revision = name.localname.startswith("rsid") or (
                name.namespace == W14 and name.localname in ("paraId", "textId")
            )
            if is_revision or name.namespace in foreign:
                del element.attrib[key]


def _settle_choices(root: etree._Element) -> None:
    """A choice between contents names what it needs by prefix: by those of the print file; unknown ones are dropped."""
    prefixes = {uri: prefix for prefix, uri in PREFIXES.items()}
    for choice in list(root.iter(f"{{{MC}}}Choice")):
        needed = [prefixes.get(choice.nsmap.get(prefix, "")) for prefix in choice.get("Requires", "").split()]
        if None in needed:
            drop(choice)
        elif root.tag == w("body"):
            choice.set("Requires", " ".join(str(prefix) for prefix in needed))
    for element in root.iter(etree.Element):
        if element is not root:
            element.attrib.pop(f"{{{MC}}}Ignorable", "")


def make_unique(root: etree._Element, names: LetterNames) -> None:
    """Bookmarks, what refers to them, and the ids of drawings and shapes."""
    open_marks: dict[str, str] = {}
    for mark in list(root.iter(w("bookmarkStart"), w("bookmarkEnd"))):
        old = mark.get(w("id"), "")
        if mark.tag == w("bookmarkEnd"):
            if old in open_marks:
                mark.set(w("id"), open_marks[old])
            else:
                drop(mark)
        elif (name := names.bookmark(mark.get(w("name"), ""))) is None or mark.get(w("name")) == "_GoBack":
            drop(mark)
        else:
            open_marks[old] = names.ids.mark()
            mark.set(w("id"), open_marks[old])
            mark.set(w("name"), name)
    for link in root.iter(w("hyperlink")):
        anchor = link.get(w("anchor"))
        if anchor in names.bookmarks:
            link.set(w("anchor"), names.bookmarks[str(anchor)])
    for properties in root.iter(f"{{{WP}}}docPr"):
        properties.set("id", names.ids.next())
    for shape in root.iter(etree.Element):
        if etree.QName(shape).namespace == V and etree.QName(shape).localname != "shapetype" and shape.get("id"):
            shape.set("id", f"shape_{names.ids.next()}")
    _each_code(root, lambda code: _code(code, names))


def _each_code(root: etree._Element, change: Callable[[str], str]) -> None:
    for piece in root.iter(w("instrText")):
        piece.text = change(piece.text or "")
    for simple in root.iter(w("fldSimple")):
        simple.set(w("instr"), change(simple.get(w("instr"), "")))


def _code(code: str, names: LetterNames) -> str:
    """The code of a field: the number of pages is that of the letter, a reference stays inside the letter."""
    pages = f"PAGEREF {names.end_mark}" if names.pages == "PAGEREF" else "SECTIONPAGES"
    code = re.sub(r"\bNUMPAGES\b", pages, code, flags=re.I)
    match = re.match(r"""(\s*(?:REF|PAGEREF|NOTEREF|HYPERLINK\s+\\l)\s+"?)([^\s"\\]+)""", code, re.I)
    if match and match.group(2) in names.bookmarks:
        code = match.group(1) + names.bookmarks[match.group(2)] + code[match.end() :]
    return code


def relationship_id(element: etree._Element) -> str:
    """The `r:id` of an element."""
    return element.get(r("id"), "")
