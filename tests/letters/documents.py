"""Word documents made for tests, and ways to look into them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run


def saved(document: Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def letter_of(*paragraphs: str, header: str = "", footer: str = "", title: str = "") -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    if footer:
        document.sections[0].footer.paragraphs[0].text = footer
    document.core_properties.title = title
    return saved(document)


def opened(data: bytes) -> Document:
    return docx.Document(io.BytesIO(data))


def texts(data: bytes) -> list[str]:
    return [paragraph.text for paragraph in opened(data).paragraphs]


def header_text(data: bytes, section: int = 0) -> str:
    return opened(data).sections[section].header.paragraphs[0].text


def footer_text(data: bytes, section: int = 0) -> str:
    return opened(data).sections[section].footer.paragraphs[0].text


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def changed(data: bytes, changes: dict[str, Callable[[bytes], bytes] | bytes | None]) -> bytes:
    """The package with parts changed (function), replaced or added (bytes), or removed (None)."""
    files = parts(data)
    for name, change in changes.items():
        if change is None:
            files.pop(name)
        else:
            files[name] = change if isinstance(change, bytes) else change(files[name])
    return packed(files)


def with_relationship(
    data: bytes, kind: str, target: str, *, external: bool = True, source: str = "word/document.xml"
) -> bytes:
    folder, _, base = source.rpartition("/")
    listing = f"{folder}/_rels/{base}.rels"
    entry = (
        f'<Relationship Id="rIdTest" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
        f'Target="{target}"{" TargetMode=" + chr(34) + "External" + chr(34) if external else ""}/></Relationships>'
    )
    empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    old = parts(data).get(listing, empty)
    return changed(data, {listing: old.replace(b"</Relationships>", entry.encode())})


def _special(paragraph: Paragraph, tag: str, text: str = "", **attributes: str) -> Run:
    run = paragraph.add_run()
    element = OxmlElement(tag)
    if text:
        element.text = text
        element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    run._r.append(element)
    return run


def begin(paragraph: Paragraph) -> None:
    _special(paragraph, "w:fldChar", fldCharType="begin")


def separate(paragraph: Paragraph) -> None:
    _special(paragraph, "w:fldChar", fldCharType="separate")


def end(paragraph: Paragraph) -> None:
    _special(paragraph, "w:fldChar", fldCharType="end")


def code(paragraph: Paragraph, text: str) -> Run:
    return _special(paragraph, "w:instrText", text)


def add_field(paragraph: Paragraph, text: str, *, shown: str | None = "«x»", pieces: int = 1) -> None:
    """A complex field; its code in `pieces` runs. `shown=None`: without a result."""
    begin(paragraph)
    size = max(1, -(-len(text) // pieces))
    for at in range(0, len(text), size):
        code(paragraph, text[at : at + size])
    if shown is not None:
        separate(paragraph)
        paragraph.add_run(shown)
    end(paragraph)


def add_simple_field(paragraph: Paragraph, text: str, shown: str = "«x»") -> None:
    simple = OxmlElement("w:fldSimple")
    simple.set(qn("w:instr"), text)
    run = OxmlElement("w:r")
    piece = OxmlElement("w:t")
    piece.text = shown
    run.append(piece)
    simple.append(run)
    paragraph._p.append(simple)


def document_with_fields(*codes: str | Iterable[str], **options: object) -> bytes:
    document = docx.Document()
    for one in codes:
        paragraph = document.add_paragraph("[")
        for field_code in [one] if isinstance(one, str) else one:
            add_field(paragraph, field_code, **options)  # type: ignore[arg-type]
        paragraph.add_run("]")
    return saved(document)
