"""Our letters are those docxtpl makes of the same document: it is the language's reference."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import docx
import docx.document
import pytest
from docxtpl import DocxTemplate
from lxml import etree

from bench.letter_contacts import contacts
from bench.letter_documents import LOGO, rich_letter, simple_letter
from domain.letters.compiled_letter import CompiledLetter, compile
from domain.letters.context import letter_context
from domain.letters.environment import LetterEnvironment
from tests.letters.documents import changed, letter_of, parts, saved, texts

CONTACTS = 1000
PORTIONS = 4


def canonical(part: bytes | etree._Element) -> bytes:
    return bytes(etree.tostring(etree.fromstring(part) if isinstance(part, bytes) else part, method="c14n"))


def without_spelling_marks(data: bytes) -> bytes:
    """Marks of the spell checker do not print; docxtpl keeps those outside of tags, we keep none."""

    def drop_marks(xml: bytes) -> bytes:
        root = etree.fromstring(xml)
        etree.strip_elements(root, "{*}proofErr", with_tail=False)
        return bytes(etree.tostring(root))

    return changed(data, {"word/document.xml": drop_marks})


class Reference:
    """docxtpl's letters of a document."""

    def __init__(self, data: bytes) -> None:
        self.template = DocxTemplate(io.BytesIO(data))

    def parts(self, context: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
        """The document, headers, footers and footnotes it renders in our environment: name and canonical XML."""
        self.template.render(context, LetterEnvironment(), autoescape=True)
        return self.rendered()

    def usual_parts(self, context: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
        """The same as docxtpl is documented to be used."""
        self.template.render(context)
        return self.rendered()

    def rendered(self) -> Iterator[tuple[str, bytes]]:
        """The parts as they are now."""
        main = self.template.docx.part
        yield str(main.partname).lstrip("/"), canonical(main._element)
        for relationship in main.rels.values():
            if relationship.reltype.endswith(("/header", "/footer", "/footnotes")):
                part = relationship.target_part
                yield str(part.partname).lstrip("/"), canonical(part.blob)


def ours(compiled: CompiledLetter, context: dict[str, Any]) -> dict[str, bytes]:
    return {name.decode(): content for name, _, content in compiled.changed_parts(context)}


def assert_equal(compiled: CompiledLetter, reference: Reference, context: dict[str, Any]) -> int:
    """Gives how many parts with tags were compared."""
    rendered = ours(compiled, context)
    seen = 0
    for name, theirs in reference.parts(context):
        if name in rendered:
            seen += 1
            assert canonical(rendered[name]) == theirs, name
    return seen


@pytest.mark.parametrize("portion", range(PORTIONS))
@pytest.mark.parametrize(("letter", "changing"), [(simple_letter, 1), (rich_letter, 3)])
def test_a_thousand_letters_are_equal(letter, changing, portion):
    data = letter()
    compiled, reference = compile(data), Reference(without_spelling_marks(data))
    assert not any(part.needs_a_look for part in compiled.parts)
    # braces that docxtpl would turn into others when they come with a value: see test_braces_in_values_stay
    for values in contacts(CONTACTS)[portion::PORTIONS]:
        usual = {tag: text.replace("{_", "{").replace("_}", "}") for tag, text in values.items()}
        assert assert_equal(compiled, reference, letter_context(usual)) == changing


def table(*rows: tuple[str, ...], style: str | None = None) -> docx.document.Document:
    document = docx.Document()
    made = document.add_table(len(rows), len(rows[0]), style=style)
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            made.cell(number, column).text = text
    return document


def rows_and_columns() -> docx.document.Document:
    return table(("head", "{%tc for line in comment|lines %}", "{{ line }}", "{%tc endfor %}"))


def cells_that_merge() -> docx.document.Document:
    return table(
        ("a", "b"), ("{%tr for line in comment|lines %}", ""), ("{% vm %}{{ contact.name }}", "{{ line }}"),
        ("{%tr endfor %}", ""),
    )  # fmt: skip


def cells_with_colour_and_width() -> docx.document.Document:
    return table(("{% cellbg contact.no %}{{ contact.city }}", "x"), ("{% colspan 2 %}{{ contact.name }}", ""))


def rows_that_may_all_go() -> docx.document.Document:
    return table(("{%tr if comment %}", ""), ("{{ comment }}", "y"), ("{%tr endif %}", ""))


def a_table_in_a_table() -> docx.document.Document:
    document = table(("{{ contact.name }}", "x"))
    inner = document.tables[0].cell(0, 1).add_table(1, 1)
    inner.cell(0, 0).text = "{{ contact.city }}"
    return document


def a_picture_for_some() -> docx.document.Document:
    document = docx.Document()
    document.add_paragraph("{%p if comment %}")
    document.add_paragraph().add_run().add_picture(io.BytesIO(LOGO))
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{{ contact.name }}").add_run().add_picture(io.BytesIO(LOGO))
    return document


def blanks_that_go() -> docx.document.Document:
    document = docx.Document()
    document.add_paragraph("a {%- if comment %} b {% endif -%} ")
    document.add_paragraph(" c {# not printed #}{% for a in comment|lines %}{{ a }}, {% else %}none{% endfor %}")
    document.add_paragraph("{#p gone #}")
    document.add_paragraph("{_{ braces }_} {{ contact.name }}")
    return document


PROVEN = (cells_that_merge, a_table_in_a_table, blanks_that_go)
MENDED = (rows_and_columns, cells_with_colour_and_width, rows_that_may_all_go, a_picture_for_some)


@pytest.mark.parametrize("document", [*PROVEN, *MENDED])
def test_what_the_language_has_gives_equal_letters(document):
    """Where nothing could be proven, docxtpl mends each letter."""
    data = saved(document())
    compiled, reference = compile(data), Reference(data)
    assert [part.needs_a_look for part in compiled.parts] == [document in MENDED]
    for comment in ("", "one", "a & b\nc\td\n<e>"):
        values = {"comment": comment, "contact.name": "Åsa & <Bo>", "contact.city": "Bern", "contact.no": "FF0000"}
        assert_equal(compiled, reference, letter_context(values))


def test_braces_in_values_stay():
    """docxtpl turns `{_{` of a value into `{{`; only those of the document stand for braces."""
    compiled = compile(letter_of("{_{ ours }_} {{ contact.name }}"))
    assert texts(compiled.letter({"contact.name": "{_{ x }_} {{ y }}"})) == ["{{ ours }} {_{ x }_} {{ y }}"]


def test_a_letter_is_a_sound_zip_and_the_document_is_its_frame():
    data = changed(rich_letter(), {"word/media/é.png": b"\x89PNG"})
    compiled = compile(data)
    letter = parts(compiled.letter({"contact.name": "Anna"}))
    assert next(iter(letter)) == "[Content_Types].xml"
    assert set(letter) == set(parts(compiled.data))
    assert letter["word/media/é.png"] == b"\x89PNG"
    changing = {part.name for part in compiled.parts}
    assert changing == {"word/document.xml", "word/header1.xml", "word/footer1.xml"}
    stored = parts(compiled.data)
    assert all(letter[name] == stored[name] for name in stored if name not in changing)
