"""Two letters as Word saves them: a simple one of a page and a rich one of two, in the tags of three programs."""

from __future__ import annotations

import io
import random
import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from bench.word_marks import as_word_saves

TEXTS = (
    "Following our conversation of last week we are pleased to confirm the terms of our service for the coming year. "
    "All conditions of the annex stay valid, and your personal adviser remains at your disposal for every question "
    "about deliveries, invoices and returns.",
    "Please note that our opening hours change from next month: we welcome you from Monday to Friday between 8:30 and "
    "17:30, and on Saturday by appointment. Outside these hours the emergency line remains reachable, and messages "
    "left there are answered on the next working day.",
    "We would like to take this opportunity to thank you for the trust you have placed in our house, and are always "
    "happy to hear your suggestions.",
)


@dataclass(frozen=True)
class Tags:
    """How a program writes a field, a condition around a paragraph, and a table row for each line of the comment."""

    field: Callable[[str], str]
    condition: Callable[[str], tuple[str, str]] | None
    row: tuple[str, str, tuple[str, str]] | None

    @property
    def are_merge_fields(self) -> bool:
        """Whether fields are Word's own."""
        return self.condition is None


JINJA = Tags(
    lambda tag: f"{{{{ {tag} }}}}",
    lambda tag: (f"{{%p if {tag} %}}", "{%p endif %}"),
    ("{%tr for line in comment|lines %}", "{%tr endfor %}", ("{{ loop.index }}", "{{ line }}")),
)
EASY = Tags(
    lambda tag: f"{{{tag.replace('.', '_')}}}",
    lambda tag: (f"{{#has_{tag.replace('.', '_')}}}", f"{{/has_{tag.replace('.', '_')}}}"),
    ("{#lines}", "{/lines}", ("{no}", "{text}")),
)
MERGE_FIELDS = Tags(lambda tag: tag.replace(".", "_"), None, None)


def picture(width: int, height: int, seed: int) -> bytes:
    """A picture that packs about as well as a logo: soft colours with noise, as PNG."""
    noise = random.Random(seed)
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            rows += bytes((200 + (x * 55 // width), 190 + (y * 60 // height), 210 + noise.randrange(5)))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(rows), 6))
        + chunk(b"IEND", b"")
    )


LOGO, SIGNATURE, BANNER = picture(420, 140, 1), picture(200, 70, 2), picture(480, 150, 3)


class _Letter:
    """A letter being written."""

    def __init__(self, tags: Tags) -> None:
        self.tags = tags
        self.document: Document = docx.Document()
        self.document.core_properties.title = "Letter"

    def paragraph(self, text: str, *, style: str | None = None, bold: bool = False) -> Paragraph:
        """A paragraph with `[tag]` where a field stands."""
        paragraph = self.document.add_paragraph(style=style)
        self.write(paragraph, text, bold=bold)
        return paragraph

    def write(self, paragraph: Paragraph, text: str, *, bold: bool = False) -> None:
        for at, piece in enumerate(re.split(r"\[([\w.]+)\]", text)):
            if at % 2 and self.tags.are_merge_fields:
                word_field(paragraph, f"MERGEFIELD {self.tags.field(piece)} \\* MERGEFORMAT", f"«{piece}»")
            elif piece:
                paragraph.add_run(self.tags.field(piece) if at % 2 else piece).bold = bold or None

    def only_if(self, tag: str, text: str, *, style: str | None = None) -> None:
        """A paragraph that stands there only when a field has a value."""
        if self.tags.condition is None:
            name = self.tags.field(tag)
            paragraph = self.document.add_paragraph(style=style)
            outer = [("begin", ""), ("", " IF "), ("begin", ""), ("", f" MERGEFIELD {name} "), ("end", "")]
            plain = re.sub(r"\[[\w.]+\]", "", text).replace('"', "")
            for kind, code in (*outer, ("", f' <> "" "{plain}" "" '), ("separate", ""), ("end", "")):
                _field_piece(paragraph, kind, code)
            return
        opens, closes = self.tags.condition(tag)
        self.document.add_paragraph(opens)
        self.paragraph(text, style=style)
        self.document.add_paragraph(closes)

    def head(self, *, rich: bool) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.5)
        header = section.header.paragraphs[0]
        header.add_run().add_picture(io.BytesIO(LOGO), width=Cm(5))
        if rich:
            self.write(header, "\tYour number: [contact.no]")
        footer = section.footer.paragraphs[0]
        self.write(footer, "Example Ltd, 12 Main Street" + (" - for [contact.name]" if rich else "") + "\tPage ")
        word_field(footer, "PAGE", "1")
        footer.add_run(" of ")
        word_field(footer, "NUMPAGES", "1")
        for line in (
            "[contact.company_name]",
            "[contact.name]",
            "[contact.address]",
            "[contact.post_code] [contact.city]",
            "[contact.country]",
        ):
            self.paragraph(line).paragraph_format.space_after = Pt(0)
        self.paragraph("Brussels, [document.date]").alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self.paragraph("Subject: your number [contact.no]", bold=True)
        self.paragraph("[salutation.formal],")

    def close(self) -> None:
        self.paragraph("Yours sincerely,")
        self.document.add_paragraph().add_run().add_picture(io.BytesIO(SIGNATURE), width=Cm(3.5))
        self.paragraph("[salesperson.name], [salesperson.job_title]")


def _field_piece(paragraph: Paragraph, kind: str, code: str = "") -> None:
    element: BaseOxmlElement = OxmlElement("w:fldChar" if kind else "w:instrText")
    if kind:
        element.set(qn("w:fldCharType"), kind)
    else:
        element.text = code
        element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    paragraph.add_run()._r.append(element)


def word_field(paragraph: Paragraph, code: str, shown: str) -> None:
    """A field of Word: its code and what it showed last."""
    _field_piece(paragraph, "begin")
    _field_piece(paragraph, "", f" {code} ")
    _field_piece(paragraph, "separate")
    paragraph.add_run(shown)
    _field_piece(paragraph, "end")


def simple_letter(tags: Tags = JINJA) -> bytes:
    """One page: address, date, salutation, three paragraphs, a logo in the header, a signature."""
    letter = _Letter(tags)
    letter.head(rich=False)
    letter.paragraph(f"{TEXTS[0]} Your number is [contact.no].")
    letter.paragraph(f"{TEXTS[1]} We will write to [contact.email] or call you at [contact.phone].")
    letter.paragraph(TEXTS[2])
    letter.close()
    return as_word_saves(letter.document, parts_tags=not tags.are_merge_fields)


def rich_letter(tags: Tags = JINJA) -> bytes:
    """Two pages: also a table with a row per line of the comment, paragraphs that are there for some contacts, a
    numbered list, a banner, fields in header and footer, a bookmark.
    """
    letter = _Letter(tags)
    letter.head(rich=True)
    letter.paragraph(TEXTS[0])
    letter.only_if(
        "contact.vat_no", "As a registered business you order free of tax under your number [contact.vat_no]."
    )
    letter.only_if(
        "contact.mobile", "We will send a message to [contact.mobile] when we deliver.", style="Intense Quote"
    )
    letter.paragraph("Your orders", style="Heading 2")
    _add_table(letter)
    letter.paragraph("Next steps", style="Heading 2")
    for text in (
        "Check the address above: [contact.address], [contact.post_code] [contact.city].",
        "Confirm your e-mail address: [contact.email].",
        "Use the code [document.campaign_no] before [document.date].",
    ):
        letter.paragraph(text, style="List Number")
    letter.document.add_paragraph().add_run().add_picture(io.BytesIO(BANNER), width=Cm(12))
    letter.only_if("comment", "Remark: [comment]")
    for text in (*TEXTS, *TEXTS[:2]):
        letter.paragraph(text)
    marked = letter.paragraph("To be returned signed.")._p
    marked.append(parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="0" w:name="sign"/>'))
    marked.append(parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="0"/>'))
    letter.close()
    return as_word_saves(letter.document, parts_tags=not tags.are_merge_fields)


def _add_table(letter: _Letter) -> None:
    table = letter.document.add_table(1, 2)
    table.style = "Table Grid"
    table.cell(0, 0).text, table.cell(0, 1).text = "No.", "Remark"
    row = letter.tags.row
    if row is None:
        cells = table.add_row().cells
        letter.write(cells[0].paragraphs[0], "[entry_no]")
        letter.write(cells[1].paragraphs[0], "[comment]")
    elif letter.tags is EASY:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = row[0] + row[2][0], row[2][1] + row[1]
    else:
        for texts in ((row[0], ""), row[2], (row[1], "")):
            cells = table.add_row().cells
            cells[0].text, cells[1].text = texts
    cells = table.add_row().cells
    cells[0].text = "For"
    letter.write(cells[1].paragraphs[0], "[contact.name]")
