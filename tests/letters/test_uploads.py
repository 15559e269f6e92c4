"""What is refused at upload, what is removed, and that equal files give equal bytes."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import docx
import pytest

from domain.errors import RuleViolation
from domain.letters.package import Package
from domain.letters.sanitise import sanitise
from tests.letters.documents import (
    add_field,
    changed,
    letter_of,
    opened,
    packed,
    parts,
    saved,
    texts,
    with_relationship,
)

DOCUMENT = "word/document.xml"
TYPES = "[Content_Types].xml"


def refusal(data: bytes, **options: int) -> str:
    with pytest.raises(RuleViolation) as caught:
        sanitise(data, **options)
    assert caught.value.field == "document"
    return str(caught.value)


def test_an_ordinary_letter_is_taken_and_nothing_is_removed():
    clean = sanitise(letter_of("Dear {{ contact.name }},", header="Ours"))
    assert clean.removed == ()
    assert texts(clean.data) == ["Dear {{ contact.name }},"]


def test_equal_files_give_equal_bytes_and_cleaning_again_changes_nothing():
    data = letter_of("Dear {{ contact.name }},")
    once = sanitise(data).data
    assert once == sanitise(packed(parts(data))).data
    assert sanitise(once).data == once


@pytest.mark.parametrize("data", [b"", b"Dear Sir", b"%PDF-1.7", b"{\\rtf1 }", b"\x89PNG\r\n"])
def test_something_else_is_refused(data):
    assert refusal(data) == "The file is not a Word document (.docx)."


def test_the_old_word_format_is_refused_with_the_way_out():
    assert ".doc" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)


def test_a_word_document_with_a_password_is_refused():
    assert "encrypted" in refusal(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    )


def test_an_encrypted_zip_is_refused():
    data = bytearray(letter_of("x"))
    at = -1
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    assert "encrypted" in refusal(bytes(data))


def test_an_opendocument_file_is_refused():
    data = packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"})
    assert refusal(data) == "The file is not a Word document (.docx)."
    assert "OpenDocument" in refusal(changed(letter_of("x"), {"mimetype": b"application/vnd.oasis.opendocument.text"}))


def test_a_zip_of_something_else_is_refused():
    assert "not a Word document" in refusal(packed({"holiday.txt": b"sun"}))


def test_a_workbook_is_refused():
    data = changed(
        letter_of("x"), {TYPES: lambda old: old.replace(b"wordprocessingml.document.main", b"spreadsheetml.sheet.main")}
    )
    assert "not a Word document" in refusal(data)


def test_a_word_template_is_taken_as_a_document():
    data = changed(
        letter_of("Dear {{ contact.name }}"),
        {TYPES: lambda old: old.replace(b"document.main+xml", b"template.main+xml")},
    )
    assert texts(sanitise(data).data) == ["Dear {{ contact.name }}"]


@pytest.mark.parametrize(
    "changes",
    [
        {
            TYPES: lambda old: old.replace(
                b"openxmlformats-officedocument.wordprocessingml.document.main", b"ms-word.document.macroEnabled.main"
            )
        },
        {
            TYPES: lambda old: old.replace(
                b"openxmlformats-officedocument.wordprocessingml.document.main",
                b"ms-word.template.macroEnabledTemplate.main",
            )
        },
        {"word/vbaProject.bin": b"Attribute VB_Name"},
        {"word/vbaData.xml": b"<a/>"},
    ],
)
def test_macros_are_refused(changes):
    assert "macros" in refusal(changed(letter_of("x"), changes))


def test_a_macro_button_is_refused():
    document = docx.Document()
    add_field(document.add_paragraph(), "MACROBUTTON Evil Click", shown=None)
    assert "macros" in refusal(saved(document))


def test_activex_is_refused():
    assert "ActiveX" in refusal(changed(letter_of("x"), {"word/activeX/activeX1.xml": b"<a/>"}))
    assert "ActiveX" in refusal(with_relationship(letter_of("x"), "control", "styles.xml", external=False))


@pytest.mark.parametrize("kind", ["oleObject", "package", "aFChunk", "subDocument"])
def test_embedded_objects_are_refused(kind):
    assert "OLE" in refusal(with_relationship(letter_of("x"), kind, "styles.xml", external=False))


def test_an_embedded_binary_is_refused():
    assert "OLE" in refusal(changed(letter_of("x"), {"word/embeddings/oleObject1.bin": b"x"}))


@pytest.mark.parametrize(
    ("kind", "target"),
    [("image", "http://192.0.2.1/x.png"), ("image", "file:///etc/passwd"), ("oleObject", "http://a/b"), ("subDocument", "other.docx"),
     ("frame", "http://a/b"), ("hyperlink", "javascript:alert(1)")],
)  # fmt: skip
def test_what_lies_outside_is_refused(kind, target):
    assert "outside" in refusal(with_relationship(letter_of("x"), kind, target))


def test_hyperlinks_stay():
    clean = sanitise(with_relationship(letter_of("x"), "hyperlink", "https://example.org/?a=1"))
    assert b"https://example.org/?a=1" in parts(clean.data)["word/_rels/document.xml.rels"]
    assert clean.removed == ()


@pytest.mark.parametrize(
    "field_code",
    [
        'INCLUDEPICTURE "http://192.0.2.1/x.png" \\d',
        'INCLUDETEXT "C:\\\\x.docx"',
        "DDEAUTO cmd /c",
        "LINK Excel.Sheet.8 x",
        " database \\d x",
    ],
)
@pytest.mark.parametrize("pieces", [1, 4])
def test_fields_that_reach_outside_are_refused(field_code, pieces):
    document = docx.Document()
    add_field(document.sections[0].header.paragraphs[0], field_code, pieces=pieces)
    assert "outside" in refusal(saved(document))


def test_the_mail_merge_source_is_removed_and_listed_without_its_path():
    settings = b'<w:mailMerge><w:connectString w:val="Data Source=C:\\Users\\jane\\x.xlsx"/></w:mailMerge></w:settings>'
    data = changed(letter_of("x"), {"word/settings.xml": lambda old: old.replace(b"</w:settings>", settings)})
    data = with_relationship(data, "mailMergeSource", "file:///C:\\Users\\jane\\x.xlsx", source="word/settings.xml")
    clean = sanitise(data)
    assert [str(one) for one in clean.removed] == ["The link to a mail merge data source was removed."]
    assert not any(b"jane" in part or b"mailMerge" in part for part in parts(clean.data).values())
    assert opened(clean.data)


def test_the_attached_template_and_private_paths_are_removed_and_listed():
    settings = b'<w:attachedTemplate xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rIdTest"/><w:smartTagType w:name="\\\\server\\share\\x"/></w:settings>'
    data = changed(
        letter_of("x"),
        {
            "word/settings.xml": lambda old: old.replace(b"</w:settings>", settings),
            "docProps/app.xml": lambda old: old.replace(
                b"</Properties>", b"<HyperlinkBase>C:\\Users\\jane</HyperlinkBase></Properties>"
            ),
        },
    )
    data = with_relationship(data, "attachedTemplate", "file:///C:/Users/jane/brief.dotx", source="word/settings.xml")
    clean = sanitise(data)
    assert [str(one) for one in clean.removed] == [
        "The link to an attached template was removed.",
        "Private file paths were removed.",
    ]
    assert not any(b"jane" in part or b"share" in part for part in parts(clean.data).values())


def test_the_path_of_a_picture_is_shortened_to_its_file_name():
    picture = b'<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" alt="C:\\Users\\jane\\logo.png"/></w:pict></w:r></w:p><w:sectPr'
    clean = sanitise(changed(letter_of("x"), {DOCUMENT: lambda old: old.replace(b"<w:sectPr", picture, 1)}))
    assert [str(one) for one in clean.removed] == ["Private file paths were removed."]
    assert b'alt="logo.png"' in parts(clean.data)[DOCUMENT]


def test_a_hyperlink_to_a_private_file_is_unlinked():
    link = b'<w:p><w:hyperlink r:id="rIdTest"><w:r><w:t>my file</w:t></w:r></w:hyperlink></w:p><w:sectPr'
    data = changed(letter_of("x"), {DOCUMENT: lambda old: old.replace(b"<w:sectPr", link, 1)})
    clean = sanitise(with_relationship(data, "hyperlink", "file:///C:\\Users\\jane\\x.docx"))
    assert [str(one) for one in clean.removed] == ["Private file paths were removed."]
    assert b"jane" not in parts(clean.data)["word/_rels/document.xml.rels"]
    assert b"rIdTest" not in parts(clean.data)[DOCUMENT]
    assert b"my file" in parts(clean.data)[DOCUMENT]


@pytest.mark.parametrize(
    "address", ["https://example.org/home/x", "https://a.example/Users/", "mailto:profile:x@example.org"]
)
def test_a_web_address_is_no_private_path(address):
    clean = sanitise(with_relationship(letter_of("x", title=f"See {address}"), "hyperlink", address))
    assert clean.removed == ()
    assert address.encode() in parts(clean.data)["word/_rels/document.xml.rels"]
    assert opened(clean.data).core_properties.title == f"See {address}"


@pytest.mark.parametrize(
    "path", ["C:\\x\\y.docx", "\\\\server\\share\\x", "file:///x", "/home/jane/x", "/Users/jane/x", "c:/temp/x"]
)
def test_every_kind_of_private_path_is_removed(path):
    clean = sanitise(letter_of("x", title=path))
    assert [str(one) for one in clean.removed] == ["Private file paths were removed."]
    assert opened(clean.data).core_properties.title == ""


def test_the_settings_of_building_blocks_are_cleaned_too():
    space = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    data = changed(letter_of("x"), {"word/glossary/document.xml": b"<w:glossaryDocument " + space + b"/>"})
    data = changed(
        data,
        {"word/glossary/settings.xml": b"<w:settings " + space + b'><w:attachedTemplate r:id="rIdTest"/></w:settings>'},
    )
    data = with_relationship(data, "glossaryDocument", "glossary/document.xml", external=False)
    data = with_relationship(data, "settings", "settings.xml", external=False, source="word/glossary/document.xml")
    data = with_relationship(
        data, "attachedTemplate", "file:///C:/Users/jane/x.dotx", source="word/glossary/settings.xml"
    )
    clean = sanitise(data)
    assert [str(one) for one in clean.removed] == ["The link to an attached template was removed."]
    assert b"attachedTemplate" not in parts(clean.data)["word/glossary/settings.xml"]


def test_schema_addresses_are_no_private_paths():
    compat = b'<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>'
    clean = sanitise(
        changed(
            letter_of("x"),
            {
                "word/settings.xml": lambda old: re.sub(rb"<w:compat>.*?</w:compat>", b"", old, flags=re.S).replace(
                    b"</w:settings>", compat
                )
            },
        )
    )
    assert clean.removed == ()
    assert b"compatibilityMode" in parts(clean.data)["word/settings.xml"]


@pytest.mark.parametrize(
    "head", [b'<!DOCTYPE x [<!ENTITY a "lol">]>', b'<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd">', b"<!DOCTYPE x>"]
)
@pytest.mark.parametrize("name", [DOCUMENT, "word/styles.xml", "word/_rels/document.xml.rels", TYPES])
def test_entities_are_refused(head, name):
    data = changed(letter_of("x"), {name: lambda old: head + re.sub(rb"^<\?xml[^>]*\?>\s*", b"", old)})
    assert "XML entities" in refusal(data)


def test_entities_in_another_encoding_are_refused():
    def recoded(old: bytes) -> bytes:
        text = re.sub(r"^<\?xml[^>]*\?>\s*", "", old.decode())
        return ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "lol">]>' + text).encode("utf-16")

    assert "XML entities" in refusal(changed(letter_of("x"), {DOCUMENT: recoded}))


def test_a_file_over_the_limit_is_refused_before_it_is_opened():
    assert refusal(b"PK" + b"x" * (2 * 1024 * 1024), max_bytes=1024 * 1024) == "The file is larger than 1 MB."


def test_a_zip_bomb_is_refused_by_what_its_directory_says():
    assert "far more data" in refusal(changed(letter_of("x"), {"word/media/a.png": b"\0" * 30_000_000}))
    assert "far more data" in refusal(changed(letter_of("x"), {"word/media/a.png": b"\0" * 5_000_000}))


def test_too_many_entries_are_refused():
    assert "far more data" in refusal(changed(letter_of("x"), {f"word/media/{n}.png": b"x" for n in range(2_001)}))


def test_a_zip_bomb_that_lies_about_its_sizes_is_refused():
    honest = changed(letter_of("x"), {"word/media/a.png": bytes(range(256)) * 100_000})
    lying = honest.replace((25_600_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    assert lying != honest
    assert refusal(lying)


def test_the_parts_of_a_package_stay_inside_it():
    assert "damaged" in refusal(changed(letter_of("x"), {"../../etc/cron.d/x": b"x"}))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused():
    buffer = io.BytesIO(letter_of("x"))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(DOCUMENT, b"<other/>")
    assert "damaged" in refusal(buffer.getvalue())


@pytest.mark.parametrize("name", [DOCUMENT, "word/styles.xml", "word/settings.xml", TYPES, "_rels/.rels"])
@pytest.mark.parametrize("content", [b"", b"<w:document", b"\xff\xfe\x00", b"plain text"])
def test_a_damaged_part_is_refused(name, content):
    assert refusal(changed(letter_of("x"), {name: content}))


@pytest.mark.parametrize("name", [DOCUMENT, "_rels/.rels", TYPES, "word/styles.xml"])
def test_a_missing_part_is_refused(name):
    assert refusal(changed(letter_of("x"), {name: None}))


@pytest.mark.parametrize("length", [30, 400, 4_000])
def test_a_file_cut_short_is_refused(length):
    assert "damaged" in refusal(letter_of("x")[:length])


def test_a_strict_document_is_refused():
    data = changed(
        letter_of("x"),
        {
            DOCUMENT: lambda old: old.replace(
                b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                b"http://purl.oclc.org/ooxml/wordprocessingml/main",
            )
        },
    )
    assert "Strict" in refusal(data)


def test_every_byte_may_be_wrong(shared: Path):
    """A flipped byte is refused or harmless; it never ends in another error."""
    data = (shared / "data/letters/thanks-note.sv-SE.docx").read_bytes()
    refused = 0
    for at in range(0, len(data), 97):
        broken = data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
        try:
            Package.read(sanitise(broken).data)
        except RuleViolation:
            refused += 1
    assert refused > 20
