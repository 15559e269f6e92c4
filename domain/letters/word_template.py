"""The parts of a Word document that hold tags, as Jinja templates in docxtpl's language."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import Template, TemplateError
from lxml import etree

from domain.errors import RuleViolation
from domain.letters.environment import TEXT_ENVIRONMENT, XML_ENVIRONMENT, produce
from domain.letters.line_breaks import BOX, has_breaks, resolve, resolve_everywhere
from domain.letters.literal_braces import LITERAL_CLOSE, LITERAL_OPEN
from domain.letters.ooxml import HEAD, XML_SPACE, drop, in_story, paragraph_text, parse, w
from domain.letters.package import refusal
from domain.letters.proofs import FIRST_DRAWING_ID, TAG, is_whole, masked, needs_no_look, number_drawings
from domain.letters.template_check import CLOSES, Used, check_paragraphs, compile_template, tags
from domain.messages import say

CROSSED = say(
    "A tag stands in one place and its end in another, so the document would be torn apart. "
    "Put both into the same paragraph or table row."
)
NOT_WORKED_OUT = say("A tag of the document cannot be worked out. Check its conditions and filters.")
SECTION = re.compile(r"<w:sectPr[ >].*?</w:sectPr>", re.S)
DOCXTPL_LITERALS = {"{_{": "{{", "}_}": "}}", "{_%": "{%", "%_}": "%}"}


@dataclass(frozen=True)
class PartTemplate:
    """One part of the document with tags in it.

    `source`: the whole part as XML text with the tags as Jinja reads them (docxtpl's patched XML, checked); `template`:
    the same, compiled. A condition or loop in it begins and ends at the same depth of the XML, so every letter is a
    whole document. `is_main`: the document part, whose drawings docxtpl numbers. `needs_a_look`: it could not be proven
    that docxtpl leaves tables and drawings as they are, so they are mended in each letter. `is_flat`: no paragraph
    stands in another and nothing but values holds line breaks.
    """

    name: str
    source: str
    template: Template
    is_main: bool
    needs_a_look: bool
    is_flat: bool

    @property
    def section_properties(self) -> tuple[str, ...]:
        """The `w:sectPr` of the part as they stand in the source, in order; the last is the one of the body."""
        return tuple(SECTION.findall(self.source))

    def text(self, context: dict[str, Any]) -> str:
        """The part for one letter, without XML declaration. Raises `RuleViolation` when a tag cannot be worked out."""
        text = _produce(self.template, context)
        if has_breaks(text):
            text = resolve(text) if self.is_flat else resolve_everywhere(text)
        return self._mended(text) if self.needs_a_look else text

    def xml(self, context: dict[str, Any]) -> bytes:
        """The part for one letter as it stands in the file."""
        return HEAD + self.text(context).encode("utf-8")

    def _mended(self, text: str) -> str:
        """docxtpl's own way for what could not be proven."""
        if not self.is_main:
            return text
        language = DocxTemplate(io.BytesIO())
        language.docx_ids_index = FIRST_DRAWING_ID - 1
        root = language.fix_tables(text)
        language.fix_docpr_ids(root)
        return str(etree.tostring(root, encoding="unicode"))


@dataclass(frozen=True)
class PropertyTemplates:
    """The document properties (title, subject …) with tags in them: element name → template."""

    part: str
    templates: Mapping[str, Template]

    def xml(self, original: bytes, context: dict[str, Any]) -> bytes:
        """The properties for one letter."""
        root = parse(original)
        for element in root:
            template = self.templates.get(str(element.tag))
            if template is not None:
                element.text = " ".join(_produce(template, context).split())
        return HEAD + etree.tostring(root, encoding="UTF-8")


def _produce(template: Template, context: dict[str, Any]) -> str:
    try:
        return produce(template, context)
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise RuleViolation(NOT_WORKED_OUT, field="document") from error


def tidy(story: etree._Element) -> None:
    """Prepares a story for its tags: no marks of the spell checker or notes in the XML, tables with a grid, each tag in
    one piece.
    """
    for element in list(in_story(story, w("proofErr"))):
        drop(element)
    etree.strip_tags(story, etree.Comment, etree.ProcessingInstruction)
    for piece in in_story(story, w("t")):
        if piece.text and re.search(r"[\n\t\r]", piece.text):
            piece.text = re.sub(r"[\n\t\r]+", " ", piece.text)
    for table in in_story(story, w("tbl")):
        _complete_grid(table)
    for paragraph in in_story(story, w("p")):
        _gather_tags(paragraph)


def _complete_grid(table: etree._Element) -> None:
    grid = table.find(w("tblGrid"))
    if grid is None:
        grid = etree.Element(w("tblGrid"))
        properties = table.find(w("tblPr"))
        table.insert(0 if properties is None else table.index(properties) + 1, grid)
        widest = max((len(row.findall(w("tc"))) for row in table.findall(w("tr"))), default=1)
        for _ in range(widest):
            etree.SubElement(grid, w("gridCol"))
    for column in grid.findall(w("gridCol")):
        if column.get(w("w")) is None:
            column.set(w("w"), "1000")


def _gather_tags(paragraph: etree._Element) -> None:
    """Word parts a tag over several runs when it was edited; the formatting of its first character wins."""
    pieces = [piece for run in in_story(paragraph, w("r")) for piece in run if piece.tag == w("t")]
    texts = [piece.text or "" for piece in pieces]
    whole = "".join(texts)
    if "{{" not in whole and "{%" not in whole and "{#" not in whole:
        return
    owner = [number for number, text in enumerate(texts) for _ in text]
    at = 0
    for opening, content in tags(whole):
        if content is None:
            break
        start = whole.index(opening, at)
        at = start + len(opening) + len(content) + len(CLOSES[opening])
        owner[start:at] = [owner[start]] * (at - start)
    gathered = ["" for _ in pieces]
    for number, char in zip(owner, whole, strict=True):
        gathered[number] += char
    for piece, text in zip(pieces, gathered, strict=True):
        if piece.text != text and (piece.text or text):
            piece.text = text
            piece.set(XML_SPACE, "preserve")
            if not text:
                _drop_emptied(piece)


def _drop_emptied(piece: etree._Element) -> None:
    """A run whose text has moved into the tag it belongs to is gone, as docxtpl does it."""
    run = piece.getparent()
    if run is not None and all(child is piece or child.tag == w("rPr") for child in run):
        drop(run)


def paragraphs(story: etree._Element) -> list[str]:
    """The text of each paragraph of a story."""
    return [paragraph_text(paragraph) for paragraph in in_story(story, w("p"))]


def part_template(name: str, root: etree._Element, used: Used, *, is_main: bool = False) -> PartTemplate | None:
    """The template of a part, None when it holds no tag. Raises `RuleViolation` for what a template may not contain."""
    source = etree.tostring(root, encoding="unicode")
    if not re.search(r"\{[{%#]", source) and LITERAL_OPEN not in source and LITERAL_CLOSE not in source:
        return None
    for _, content in tags(source):
        if content is None or "<" in content:
            raise refusal(say("A tag is not closed, or stands where no text can stand."))
    source = DocxTemplate(io.BytesIO()).patch_xml(source)
    source = _literals(TAG.sub(lambda match: _as_typed(match.group()), source))
    template = compile_template(XML_ENVIRONMENT, source, used)
    mask = masked(source)
    if not is_whole(mask):
        raise refusal(CROSSED)
    needs_a_look = is_main and not needs_no_look(mask)
    if is_main and not needs_a_look:
        source = number_drawings(source)
        template = XML_ENVIRONMENT.from_string(source)
    is_flat = BOX not in mask and not has_breaks(mask)
    return PartTemplate(name, source, template, is_main, needs_a_look, is_flat)


def _as_typed(tag: str) -> str:
    """A tag is no XML: `&amp;` in it is the `&` somebody typed."""
    return (
        tag.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", '"')
        .replace("&amp;", "&")
        .replace("\u00a0", " ")
        .replace("\u202f", " ")
    )


def _literals(source: str) -> str:
    for written, text in DOCXTPL_LITERALS.items():
        source = source.replace(written, f"{{{{ '{text}' }}}}")
    return source.replace(LITERAL_OPEN, "{{ '{' }}").replace(LITERAL_CLOSE, "{{ '}' }}")


def property_templates(part: str, data: bytes, used: Used) -> PropertyTemplates | None:
    """The templates of the document properties that hold tags, None when none does."""
    found = {}
    for element in parse(data):
        if element.text and re.search(r"\{[{%#]", element.text):
            check_paragraphs([element.text])
            found[str(element.tag)] = compile_template(TEXT_ENVIRONMENT, element.text, used)
    return PropertyTemplates(part, found) if found else None


def texts_of(roots: Iterable[etree._Element]) -> list[str]:
    """The paragraphs of several parts, text boxes included, in order."""
    return [paragraph_text(paragraph) for root in roots for paragraph in root.iter(w("p"))]
