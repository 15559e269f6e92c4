"""The Word documents the product comes with, made from our own words: the same texts always give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from domain.demo.letter_texts import BUSINESS_LETTER, EMAIL, MEMO, WORDS

FONT = "Calibri"
INK = RGBColor(0x1A, 0x22, 0x30)
QUIET = RGBColor(0x4D, 0x58, 0x66)
ACCENT = "1F5BB8"
LANGUAGE_TAGS = {"ENG": "en-GB", "FRC": "fr-CA", "FRS": "fr-CH", "SVE": "sv-SE", "DEU": "de-DE"}
LANGUAGES = tuple(LANGUAGE_TAGS)


def business_letter(language: str) -> bytes:
    """A letter on the office's paper: address, place and date, subject, salutation, comment, closing."""
    text = BUSINESS_LETTER[language]
    page = _Page(language)
    page.letterhead()
    page.lines("{{ contact.mail_address }}", before=14, after=26)
    page.lines("{% if company.city %}{{ company.city }}, {% endif %}{{ document.date }}", after=18)
    page.when("document.subject", "{{ document.subject }}", bold=True, after=10)
    page.lines("{{ salutation.formal }}")
    page.body(text.opening)
    page.when("comment", "{{ comment }}")
    page.body(text.ending)
    page.signature(text.closing)
    return page.file()


def memo(language: str) -> bytes:
    """A memo: who to whom, when and about what, then the comment."""
    text = MEMO[language]
    page = _Page(language)
    page.letterhead()
    page.title(text.title)
    page.facts(
        (
            (text.to, "{{ contact.name }}{% if contact.company_name %}, {{ contact.company_name }}{% endif %}"),
            (text.sender, "{{ salesperson.name }}{% if salesperson.name %}, {% endif %}{{ company.name }}"),
            (text.date, "{{ document.date }}"),
            (text.about, "{{ document.subject or document.description }}"),
        )
    )
    page.lines("{{ salutation.informal }}", before=10)
    page.body(text.opening)
    page.when("comment", "{{ comment }}")
    page.signature("")
    return page.file()


def email(language: str) -> bytes:
    """The text of an e-mail: no paper around it."""
    text = EMAIL[language]
    page = _Page(language)
    page.lines("{{ salutation.informal }}")
    page.body(text.opening)
    page.when("comment", "{{ comment }}")
    page.body(text.ending)
    page.signature(text.closing, room=0)
    page.lines("{{ company.name }}", size=9, quiet=True, after=0)
    page.when("company.home_page", "{{ company.home_page }}", size=9, quiet=True, after=0)
    return page.file()


class _Page:
    """A document that is being written."""

    def __init__(self, language: str) -> None:
        self.words = WORDS[language]
        self.word = docx.Document()
        self._style(LANGUAGE_TAGS[language])
        section = self.word.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin, section.right_margin = Mm(25), Mm(22)
        section.top_margin, section.bottom_margin = Mm(20), Mm(20)
        section.header_distance, section.footer_distance = Mm(12), Mm(10)
        self.section = section

    def _style(self, tag: str) -> None:
        normal = self.word.styles["Normal"]
        normal.font.name, normal.font.size, normal.font.color.rgb = FONT, Pt(10.5), INK
        properties = normal.element.get_or_add_rPr()
        fonts = properties.get_or_add_rFonts()
        for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(kind), FONT)
        spelling = OxmlElement("w:lang")
        spelling.set(qn("w:val"), tag)
        properties.append(spelling)
        normal.paragraph_format.space_after = Pt(8)
        normal.paragraph_format.line_spacing = 1.12
        normal.paragraph_format.widow_control = True

    def letterhead(self) -> None:
        """The office at the top of the first page, a small line on the others, page numbers at the foot."""
        section = self.section
        section.different_first_page_header_footer = True
        head = section.first_page_header
        _write(head.paragraphs[0], "{{ company.name }}", size=15, bold=True, accent=True, after=1)
        _write(
            head.add_paragraph(),
            "{% if company.address %}{{ company.address }} · {% endif %}"
            "{% if company.address_2 %}{{ company.address_2 }} · {% endif %}"
            "{{ company.post_code }} {{ company.city }}",
            size=8.5,
            quiet=True,
            after=0,
        )
        _rule(head.paragraphs[-1])
        later = section.header.paragraphs[0]
        _write(later, "{{ company.name }} · {{ document.date }}", size=8.5, quiet=True, after=0)
        _rule(later)
        for footer in (section.first_page_footer, section.footer):
            paragraph = footer.paragraphs[0]
            # the style of footers has tab stops of its own
            paragraph.style = self.word.styles["Normal"]
            paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(163), WD_TAB_ALIGNMENT.RIGHT)
            _write(
                paragraph,
                "{% if company.phone %}" + self.words.phone + " {{ company.phone }}{% endif %}"
                "{% if company.email %}{% if company.phone %} · {% endif %}{{ company.email }}{% endif %}"
                "{% if company.home_page %}{% if company.phone or company.email %} · {% endif %}"
                "{{ company.home_page }}{% endif %}",
                size=8.5,
                quiet=True,
                after=0,
            )
            _write(paragraph, f"\t{self.words.page} ", size=8.5, quiet=True, after=0)
            _page_number(paragraph)

    def title(self, text: str) -> None:
        """A large word at the top of the page."""
        _write(self.word.add_paragraph(), text, size=20, bold=True, before=14, after=10)

    def lines(self, text: str, **look: Any) -> None:
        """A paragraph; values of several lines keep their lines."""
        _write(self.word.add_paragraph(), text, **look)

    def when(self, field: str, text: str, **look: Any) -> None:
        """A paragraph that is there only when the field has a value."""
        _write(self.word.add_paragraph(), "{%p if " + field + " %}")
        _write(self.word.add_paragraph(), text, **look)
        _write(self.word.add_paragraph(), "{%p endif %}")

    def body(self, paragraphs: Sequence[str]) -> None:
        """Paragraphs of text."""
        for text in paragraphs:
            self.lines(text)

    def facts(self, rows: Sequence[tuple[str, str]]) -> None:
        """Words and values side by side, with a line under each."""
        table = self.word.add_table(rows=0, cols=2)
        table.autofit = False
        widths = (Mm(28), Mm(135))
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for word, value in rows:
            cells = table.add_row().cells
            for cell, width in zip(cells, widths, strict=True):
                cell.width = width
            _write(cells[0].paragraphs[0], word, size=9.5, quiet=True, before=3, after=3)
            _write(cells[1].paragraphs[0], value, before=3, after=3)
            for cell in cells:
                _line_below(cell)
        _write(self.word.add_paragraph(), "", after=4)

    def signature(self, closing: str, *, room: float = 30) -> None:
        """Closing words, room for a signature, and who writes."""
        if closing:
            self.lines(closing, before=4, after=room or 4, keep=True)
        else:
            self.lines("", before=0, after=room, keep=True)
        self.when("salesperson.name", "{{ salesperson.name }}", bold=True, after=0, keep=True)
        self.when("salesperson.job_title", "{{ salesperson.job_title }}", after=0, keep=True)
        self.when("salesperson.phone", self.words.phone + " {{ salesperson.phone }}", after=0, keep=True)
        self.when("salesperson.email", "{{ salesperson.email }}", after=8)

    def file(self) -> bytes:
        """The document as .docx."""
        properties = self.word.core_properties
        properties.author, properties.title, properties.comments = "", "", ""
        buffer = io.BytesIO()
        self.word.save(buffer)
        return buffer.getvalue()


def _write(
    paragraph: Paragraph,
    text: str,
    *,
    size: float = 0,
    bold: bool = False,
    quiet: bool = False,
    accent: bool = False,
    before: float | None = None,
    after: float | None = None,
    keep: bool = False,
) -> None:
    run = paragraph.add_run(text)
    run.bold = bold or None
    if size:
        run.font.size = Pt(size)
    if quiet:
        run.font.color.rgb = QUIET
    if accent:
        run.font.color.rgb = RGBColor.from_string(ACCENT)
    shape = paragraph.paragraph_format
    if before is not None:
        shape.space_before = Pt(before)
    if after is not None:
        shape.space_after = Pt(after)
    if keep:
        shape.keep_with_next = True
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT


def _page_number(paragraph: Paragraph) -> None:
    """The number of the page as a field that Word keeps up to date; in a print file every letter begins with 1."""
    for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("", "1"), ("end", "")):
        run = paragraph.add_run()
        run.font.size, run.font.color.rgb = Pt(8.5), QUIET
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText" if text == "PAGE" else "w:t")
            mark.text = text
        run._r.append(mark)


def _rule(paragraph: Paragraph) -> None:
    """A line under a paragraph."""
    paragraph._p.get_or_add_pPr().append(_border("w:pBdr", size="6", space="4"))


def _line_below(cell: Any) -> None:
    cell._tc.get_or_add_tcPr().append(_border("w:tcBorders", size="4", space="0"))


def _border(kind: str, *, size: str, space: str) -> Any:
    borders, line = OxmlElement(kind), OxmlElement("w:bottom")
    for name, value in (("w:val", "single"), ("w:sz", size), ("w:space", space), ("w:color", "C9D0D9")):
        line.set(qn(name), value)
    borders.append(line)
    return borders
