"""The print file: every letter on its own page with its own header, footer, page, list and note numbers."""

from __future__ import annotations

import io
import re
import struct
import subprocess
import zlib
from collections import Counter
from pathlib import Path

import docx
import pytest
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from lxml import etree

from domain.letters.compiled_letter import CompiledLetter, compile
from domain.letters.ooxml import r, w
from domain.letters.package import Package
from domain.letters.pdf import find_soffice, to_pdf
from domain.letters.print_file import PAGE_OF_THE_END, Letter, write_print_file
from tests.letters.documents import add_field, changed, letter_of, opened, parts, saved
from tests.letters.test_merge_fields_in_word import with_notes

NAMES = ["Anna Berg", "Bo Ek & Co <AB>", "李小龍"]


WAY = {"finished": True}


@pytest.fixture(autouse=True, params=["finished letters", "values"])
def way(request):
    """Letters are taken over finished, or made in the file from the values of their contacts: with the same result."""
    WAY["finished"] = request.param == "finished letters"


def made(compiled: CompiledLetter, values: dict[str, str]) -> Letter:
    return compiled.letter(values) if WAY["finished"] else (compiled, values)


def printed(letters: list[Letter], **options: str) -> bytes:
    target = io.BytesIO()
    assert write_print_file(letters, target, **options) == len(letters)
    check_package(target.getvalue())
    return target.getvalue()


def check_package(data: bytes) -> None:
    """What Word insists on: parts that exist, relationships that lead somewhere, ids that are used once."""
    package = Package.read(data)
    main = package.main_part()
    for source in package.sources():
        assert source == "" or source in package.parts, source
        for one in package.relationships(source):
            assert one.external or one.target in package.parts, (source, one)
        ids = [one.id for one in package.relationships(source)]
        assert len(ids) == len(set(ids))
    for name in package.parts:
        assert name == "[Content_Types].xml" or package.type_of(name), name
    for name in package.xml_names():
        root = etree.fromstring(package.parts[name])
        known = {one.id for one in package.relationships(name)}
        for element in root.iter(etree.Element):
            for key, value in element.attrib.items():
                if str(key).startswith(r("")):
                    assert value in known, (name, element.tag, key, value)
    body = etree.fromstring(package.parts[main])
    for tag, attribute in ((w("bookmarkStart"), w("id")), (w("bookmarkStart"), w("name")), (w("bookmarkEnd"), w("id"))):
        values = [element.get(attribute) for element in body.iter(tag)]
        assert len(values) == len(set(values)), tag
    drawings = [
        element.get("id")
        for element in body.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr")
    ]
    assert len(drawings) == len(set(drawings))
    styles = {
        element.get(w("styleId")) for element in etree.fromstring(package.parts["word/styles.xml"]).iter(w("style"))
    }
    for use in ("pStyle", "rStyle", "tblStyle"):
        assert {element.get(w("val")) for element in body.iter(w(use))} <= styles
    numbers = set()
    if "word/numbering.xml" in package.parts:
        numbers = {
            element.get(w("numId"))
            for element in etree.fromstring(package.parts["word/numbering.xml"]).findall(w("num"))
        }
    assert {element.get(w("val")) for element in body.iter(w("numId"))} <= numbers | {"0"}
    assert opened(data)


def sections(data: bytes) -> list[etree._Element]:
    return list(etree.fromstring(parts(data)["word/document.xml"]).iter(w("sectPr")))


def letters_of(document: bytes, names: list[str] = NAMES) -> list[Letter]:
    compiled = compile(document)
    return [
        made(compiled, {"contact.name": name, "contact.city": f"Town {number}"}) for number, name in enumerate(names)
    ]


def test_each_letter_has_its_own_text_header_and_footer():
    data = printed(
        letters_of(letter_of("Dear {{ contact.name }},", header="To {{ contact.name }}", footer="{{ contact.city }}"))
    )
    document = opened(data)
    assert [paragraph.text for paragraph in document.paragraphs] == [f"Dear {name}," for name in NAMES]
    assert [section.header.paragraphs[0].text for section in document.sections] == [f"To {name}" for name in NAMES]
    assert [section.footer.paragraphs[0].text for section in document.sections] == ["Town 0", "Town 1", "Town 2"]


def test_a_letter_without_header_does_not_take_the_one_before_it():
    with_header, without = (
        compile(letter_of("a {{ contact.name }}", header="To {{ contact.name }}")),
        compile(letter_of("b")),
    )
    document = opened(
        printed(
            [
                made(with_header, {"contact.name": "Secret"}),
                made(without, {}),
                made(with_header, {"contact.name": "Third"}),
            ]
        )
    )
    assert [section.header.paragraphs[0].text for section in document.sections] == ["To Secret", "", "To Third"]
    for section in document.sections:
        for part in (
            section.header,
            section.footer,
            section.first_page_header,
            section.first_page_footer,
            section.even_page_header,
            section.even_page_footer,
        ):
            assert not part.is_linked_to_previous
    assert document.sections[1].first_page_header.paragraphs[0].text == ""
    assert document.sections[1].even_page_header.paragraphs[0].text == ""


def first_and_even(name: str) -> bytes:
    document = docx.Document()
    document.add_paragraph("x")
    section = document.sections[0]
    section.different_first_page_header_footer = True
    document.settings.odd_and_even_pages_header_footer = True
    section.first_page_header.paragraphs[0].text = f"first {name}"
    section.even_page_footer.paragraphs[0].text = f"even {name}"
    section.header.paragraphs[0].text = f"odd {name}"
    return saved(document)


def test_first_and_even_pages_keep_theirs_and_others_show_their_only_header_on_even_pages():
    document = opened(printed([first_and_even("A"), letter_of("plain", header="only"), first_and_even("B")]))
    assert document.settings.odd_and_even_pages_header_footer
    assert [section.first_page_header.paragraphs[0].text for section in document.sections] == ["first A", "", "first B"]
    assert [section.even_page_footer.paragraphs[0].text for section in document.sections] == ["even A", "", "even B"]
    assert [section.even_page_header.paragraphs[0].text for section in document.sections] == ["", "only", ""]
    assert [section.different_first_page_header_footer for section in document.sections] == [True, False, True]


def test_even_pages_are_switched_on_when_a_later_document_needs_them():
    data = printed([letter_of("plain", header="only"), first_and_even("B")])
    assert opened(data).settings.odd_and_even_pages_header_footer


def test_equal_headers_are_kept_once():
    data = printed(letters_of(letter_of("Dear {{ contact.name }},", header="Our office")))
    assert len([name for name in parts(data) if re.fullmatch(r"word/(shared_)?header\d*\.xml", name)]) == 1


def test_every_letter_begins_on_a_new_page_with_page_one():
    for section in sections(printed(letters_of(letter_of("Dear {{ contact.name }},")))):
        assert section.find(w("type")).get(w("val")) == "nextPage"
        assert section.find(w("pgNumType")).get(w("start")) == "1"
    order = [etree.QName(child).localname for child in section]
    assert (
        order.index("type")
        < order.index("pgSz")
        < order.index("pgMar")
        < order.index("pgNumType")
        < order.index("cols")
    )


def test_the_number_of_pages_is_that_of_the_letter():
    document = docx.Document()
    document.add_paragraph("x")
    add_field(document.sections[0].footer.paragraphs[0], "NUMPAGES", shown="1")
    letters = letters_of(saved(document))
    word = printed(letters)
    footers = [
        content for name, content in parts(word).items() if name.startswith(("word/footer", "word/shared_footer"))
    ]
    assert len(footers) == 1
    assert b">SECTIONPAGES<" in footers[0]
    libreoffice = parts(printed(letters, pages=PAGE_OF_THE_END))
    assert sorted(re.findall(rb"PAGEREF (EndOfLetter\d)", b"".join(v for k, v in libreoffice.items() if k.startswith("word/footer")))) == [
        b"EndOfLetter1", b"EndOfLetter2", b"EndOfLetter3",
    ]  # fmt: skip
    assert libreoffice["word/document.xml"].count(b"EndOfLetter") == 3


def two_sections() -> bytes:
    document = docx.Document()
    document.add_paragraph("one {{ contact.name }}")
    document.sections[0].header.paragraphs[0].text = "H1 {{ contact.name }}"
    second = document.add_section(WD_SECTION.NEW_PAGE)
    second.header.is_linked_to_previous = False
    second.header.paragraphs[0].text = "H2 {{ contact.name }}"
    add_field(second.footer.paragraphs[0], "NUMPAGES", shown="1")
    document.add_paragraph("two")
    return saved(document)


def test_a_letter_of_several_sections_keeps_them_and_counts_all_its_pages():
    data = printed(letters_of(two_sections()))
    assert [section.header.paragraphs[0].text for section in opened(data).sections] == [
        f"H{part} {name}" for name in NAMES for part in (1, 2)
    ]
    starts = [section.find(w("pgNumType")) is not None for section in sections(data)]
    assert starts == [True, False] * 3
    assert b"PAGEREF EndOfLetter2" in b"".join(parts(data).values())


def test_a_letter_that_ends_with_a_table_and_one_that_ends_with_a_section():
    document = docx.Document()
    document.add_paragraph("{{ contact.name }}")
    document.add_table(1, 1).cell(0, 0).text = "end"
    data = printed(letters_of(saved(document)))
    assert len(opened(data).sections) == 3
    assert len(opened(data).tables) == 3


def numbered(*, style_only: bool = False) -> bytes:
    document = docx.Document()
    document.add_paragraph("{{ contact.name }}")
    for text in ("one", "two"):
        paragraph = document.add_paragraph(text, style="List Number")
        if not style_only:
            number = document.styles["List Number"].element.pPr.numPr.numId.val
            paragraph._p.get_or_add_pPr().append(
                parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>')
            )
        document.add_paragraph("point", style="List Bullet")
    return saved(document)


@pytest.mark.parametrize("style_only", [True, False])
def test_lists_begin_again_in_every_letter(style_only):
    data = printed(letters_of(numbered(style_only=style_only)))
    numbering = etree.fromstring(parts(data)["word/numbering.xml"])
    used = [
        paragraph._p.pPr.numPr.numId.val
        for paragraph in opened(data).paragraphs
        if paragraph.style.name == "List Number"
    ]
    assert len(used) == 6
    assert [used[0::2], len(set(used[0::2]))] == [used[1::2], 3]
    for number in set(used):
        own = next(one for one in numbering.findall(w("num")) if one.get(w("numId")) == str(number))
        assert [start.get(w("val")) for start in own.iter(w("startOverride"))] == ["1"] * 9


def test_lists_of_one_style_keep_the_numbers_of_their_document():
    roman = changed(
        numbered(style_only=True),
        {"word/numbering.xml": lambda old: old.replace(b'w:val="decimal"', b'w:val="upperRoman"')},
    )
    data = printed([*letters_of(numbered(style_only=True)), *letters_of(roman)])
    numbering = etree.fromstring(parts(data)["word/numbering.xml"])
    of_number = {one.get(w("numId")): one.find(w("abstractNumId")).get(w("val")) for one in numbering.findall(w("num"))}
    formats = {
        one.get(w("abstractNumId")): next(one.iter(w("numFmt"))).get(w("val"))
        for one in numbering.findall(w("abstractNum"))
    }
    found = [
        formats[of_number[str(paragraph._p.pPr.numPr.numId.val)]]
        for paragraph in opened(data).paragraphs
        if paragraph.text in ("one", "two")
    ]
    assert found == ["decimal"] * 6 + ["upperRoman"] * 6
    styles = etree.fromstring(parts(data)["word/styles.xml"])
    of_styles = [
        formats[of_number[style.find(f"{w('pPr')}/{w('numPr')}/{w('numId')}").get(w("val"))]]
        for style in styles.iter(w("style"))
        if style.get(w("styleId")) in ("ListNumber", "ListNumber_2")
    ]
    assert of_styles == ["decimal", "upperRoman"]


def test_bookmarks_and_what_refers_to_them_are_the_letters_own():
    document = docx.Document()
    marks = f'<w:p {nsdecls("w")}><w:bookmarkStart w:id="1" w:name="place"/><w:r><w:t>here</w:t></w:r><w:bookmarkEnd w:id="1"/><w:hyperlink w:anchor="place"><w:r><w:t>there</w:t></w:r></w:hyperlink></w:p>'
    document.element.body.insert(0, parse_xml(marks))
    add_field(document.add_paragraph("{{ contact.name }} page "), "PAGEREF place \\h", shown="1")
    xml = parts(printed(letters_of(saved(document))))["word/document.xml"].decode()
    for number in (1, 2, 3):
        assert f'w:name="place_{number}"' in xml
        assert f'w:anchor="place_{number}"' in xml
        assert f"PAGEREF place_{number} \\h" in xml


def picture(colour: int) -> io.BytesIO:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    pixels = zlib.compress(b"\0" + bytes([colour, 0, 0]))
    return io.BytesIO(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", pixels)
        + chunk(b"IEND", b"")
    )


def test_pictures_are_kept_once_and_different_ones_apart():
    def pictured(colour: int) -> bytes:
        document = docx.Document()
        document.add_paragraph("{{ contact.name }}").add_run().add_picture(picture(colour))
        document.sections[0].header.paragraphs[0].add_run().add_picture(picture(colour))
        return saved(document)

    data = printed([*letters_of(pictured(10)), *letters_of(pictured(200))])
    media = {name: content for name, content in parts(data).items() if "media" in name}
    assert set(media.values()) == {picture(10).getvalue(), picture(200).getvalue()}
    assert len(media) == 2


def test_notes_are_the_letters_own_and_begin_again():
    compiled = compile(with_notes(letter_of("x")))
    data = printed([made(compiled, {"contact.name": name}) for name in NAMES])
    for tag in ("footnote", "endnote"):
        notes = etree.fromstring(parts(data)[f"word/{tag}s.xml"])
        texts_of_notes = {
            note.get(w("id")): "".join(note.itertext(w("t"))) for note in notes if note.get(w("type")) is None
        }
        references = [
            element.get(w("id"))
            for element in etree.fromstring(parts(data)["word/document.xml"]).iter(w(f"{tag}Reference"))
        ]
        assert [texts_of_notes[number] for number in references] == [f"note of {name}" for name in NAMES]
        assert len(texts_of_notes) == 3
    assert all(
        section.find(f"{w(kind)}/{w('numRestart')}").get(w("val")) == "eachSect"
        for section in sections(data)
        for kind in ("footnotePr", "endnotePr")
    )


@pytest.mark.parametrize("own", ["", '<w:endnotePr><w:pos w:val="docEnd"/><w:endnote w:id="0"/></w:endnotePr>'])
def test_the_endnotes_of_a_letter_stay_in_its_section(own):
    """Word prints endnotes after the last letter unless told otherwise, and passes on those of a section without."""

    def settings(xml: bytes) -> bytes:
        return xml.replace(b"<w:compat>", own.encode() + b"<w:compat>")

    def body(xml: bytes) -> bytes:
        return xml.replace(b"<w:docGrid", b"<w:noEndnote/><w:docGrid")

    document = changed(with_notes(letter_of("x")), {"word/settings.xml": settings, "word/document.xml": body})
    assert b"noEndnote" in parts(document)["word/document.xml"]
    data = printed([made(compile(document), {"contact.name": name}) for name in NAMES])
    root = etree.fromstring(parts(data)["word/settings.xml"])
    names = [etree.QName(one).localname for one in root]
    assert names.count("endnotePr") == 1
    assert names.index("endnotePr") + 1 == names.index("compat")
    properties = root.find(w("endnotePr"))
    assert next((etree.QName(one).localname, one.get(w("val"))) for one in properties) == ("pos", "sectEnd")
    assert len(properties.findall(w("pos"))) == 1
    assert b"noEndnote" not in parts(data)["word/document.xml"]
    notes = {note.get(w("id")): note for note in etree.fromstring(parts(data)["word/endnotes.xml"])}
    letters = [""]
    for paragraph in etree.fromstring(parts(data)["word/document.xml"]).find(w("body")):
        for reference in paragraph.iter(w("endnoteReference")):
            letters[-1] += "".join(notes[reference.get(w("id"))].itertext(w("t")))
        if paragraph.find(f"{w('pPr')}/{w('sectPr')}") is not None:
            letters.append("")
    assert letters == [f"note of {name}" for name in NAMES]


def styled(font: str, size: int, *, after: int, text: str) -> bytes:
    document = docx.Document()
    document.styles["Heading 1"].font.name = font
    document.styles["Heading 1"].font.size = Pt(size)
    document.styles["Normal"].font.size = Pt(size)
    defaults = document.styles.element.find(qn("w:docDefaults"))
    spacing = defaults.find(qn("w:pPrDefault")).find(qn("w:pPr")).find(qn("w:spacing"))
    spacing.set(qn("w:after"), str(after))
    document.styles.add_style(f"Only {font}", WD_STYLE_TYPE.PARAGRAPH)
    document.add_heading(f"Heading {text}", 1)
    document.add_paragraph(f"Body {text} {{{{ contact.name }}}}")
    document.add_paragraph("own", style=f"Only {font}")
    document.add_table(1, 1).cell(0, 0).text = "cell"
    return saved(document)


def test_documents_with_different_styles_keep_their_looks():
    a, b = styled("Arial", 20, after=200, text="a"), styled("Courier New", 9, after=0, text="b")
    document = opened(printed([*letters_of(a), *letters_of(b)]))
    looks = {}
    for paragraph in document.paragraphs:
        if " " in paragraph.text:
            looks.setdefault("".join(paragraph.text.split()[:2]), []).append(
                (paragraph.style.font.name, paragraph.style.font.size)
            )
    assert looks["Headinga"] == [("Arial", Pt(20))] * 3
    assert looks["Headingb"] == [("Courier New", Pt(9))] * 3
    assert {size for _, size in looks["Bodya"]} == {Pt(20)}
    assert {size for _, size in looks["Bodyb"]} == {Pt(9)}
    body_b = next(paragraph for paragraph in document.paragraphs if paragraph.text.startswith("Body b"))
    assert body_b.style.paragraph_format.space_after == Pt(0)


def test_what_documents_have_in_common_stands_once():
    one, other = letter_of("Dear {{ contact.name }}"), letter_of("Cher {{ contact.name }}")
    together = parts(printed([*letters_of(one), *letters_of(other)]))
    assert together["word/styles.xml"] == parts(printed(letters_of(one)))["word/styles.xml"]


def themed(font: str) -> bytes:
    document = docx.Document()
    document.add_paragraph("{{ contact.name }}")
    return changed(
        saved(document),
        {
            "word/theme/theme1.xml": lambda old: re.sub(
                rb'(<a:minorFont>\s*<a:latin typeface=)"[^"]*"', rb'\1"' + font.encode() + b'"', old
            )
        },
    )


def test_another_theme_is_written_out():
    data = printed([*letters_of(themed("Verdana")), *letters_of(themed("Georgia"))])
    xml = parts(data)["word/styles.xml"].decode()
    assert "Georgia" in xml
    assert "Verdana" in parts(data)["word/theme/theme1.xml"].decode()


def test_comments_revision_marks_and_properties_of_contacts_stay_out():
    compiled = compile(letter_of("Dear {{ contact.name }}", title="To {{ contact.name }}"))
    xml = '<w:commentRangeStart w:id="1"/><w:r w:rsidR="00AA" ><w:commentReference w:id="1"/></w:r>'
    letters = [
        changed(
            compiled.letter({"contact.name": name}),
            {"word/document.xml": lambda old: old.replace(b"</w:p>", xml.encode() + b"</w:p>", 1)},
        )
        for name in NAMES
    ]
    data = printed(letters)
    content = b"".join(parts(data).values())
    assert b"omment" not in parts(data)["word/document.xml"]
    assert b"rsid" not in parts(data)["word/document.xml"]
    assert b"To Anna" not in content


def test_extensions_of_other_programs_are_left_out_and_other_prefixes_understood():
    data = letter_of("Dear {{ contact.name }}")
    odd = changed(
        data,
        {
            "word/document.xml": lambda old: old.replace(
                b"<w:document ", b'<w:document xmlns:loext="urn:org:documentfoundation" ', 1
            ).replace(b"<w:sectPr", b'<w:p loext:x="1"><loext:y/><w:r><w:t>kept</w:t></w:r></w:p><w:sectPr', 1)
        },
    )
    xml = parts(printed([*letters_of(data), *letters_of(odd)]))["word/document.xml"]
    assert xml.count(b"kept") == 3
    assert b"loext" not in xml


def alternatives(needs: str, *spaces: str) -> bytes:
    declared = " ".join(spaces)
    xml = (
        f'<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" {declared}>'
        f'<mc:Choice Requires="{needs}"><w:t>new</w:t></mc:Choice><mc:Fallback><w:t>old</w:t></mc:Fallback>'
        "</mc:AlternateContent></w:r></w:p><w:sectPr"
    )
    return changed(letter_of("x"), {"word/document.xml": lambda old: old.replace(b"<w:sectPr", xml.encode(), 1)})


@pytest.mark.parametrize(
    ("needs", "spaces", "choice"),
    [
        ("wps", ['xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'], 'Requires="wps"'),
        ("ns7", ['xmlns:ns7="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'], 'Requires="wps"'),
        ("zz", ['xmlns:zz="urn:of-the-future"'], None),
    ],
)
def test_choices_need_only_what_the_file_declares(needs, spaces, choice):
    xml = parts(printed([alternatives(needs, *spaces)]))["word/document.xml"].decode()
    assert "<w:t>old</w:t>" in xml
    assert ("<mc:Choice" in xml) == (choice is not None)
    assert choice is None or choice in xml


def test_equal_letters_give_equal_files():
    letters = letters_of(numbered())
    assert printed(letters) == printed(letters)


def test_one_letter_and_none():
    assert len(opened(printed(letters_of(letter_of("x"))[:1])).sections) == 1
    with pytest.raises(ValueError, match="at least one"):
        write_print_file([], io.BytesIO())


def test_the_print_file_of_one_document():
    compiled = compile(letter_of("Dear {{ contact.name }}"))
    data = compiled.print_file({"contact.name": name} for name in NAMES)
    assert [paragraph.text for paragraph in opened(data).paragraphs] == [f"Dear {name}" for name in NAMES]


def test_time_and_size_grow_with_the_number_of_letters_only():
    """No quadratic work: the parts of a file of 100 letters are ten times those of 10, not a hundred times."""
    compiled = compile(letter_of("Dear {{ contact.name }}", header="To {{ contact.name }}"))
    sizes = {}
    for count in (10, 100):
        names = [f"Name {number:04}" for number in range(count)]
        data = compiled.print_file({"contact.name": name} for name in names)
        found = parts(data)
        sizes[count] = len(found["word/document.xml"])
        assert Counter(name.split("/")[1][:6] for name in found if "/" in name)["header"] == count
    assert sizes[100] < 10.5 * sizes[10]


@pytest.fixture(scope="module")
def pdf_tools():
    if find_soffice() is None:
        pytest.skip("LibreOffice is not installed")
    try:
        subprocess.run(["pdftotext", "-v"], capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("pdftotext (poppler) is not installed")


def pages_of(pdf: bytes, folder: Path) -> list[str]:
    (folder / "x.pdf").write_bytes(pdf)
    done = subprocess.run(
        ["pdftotext", "-layout", "x.pdf", "-"], cwd=folder, capture_output=True, check=True, text=True
    )
    return done.stdout.split("\f")[:-1]


def test_libreoffice_opens_letters_of_different_documents_in_one_file(pdf_tools, shared, tmp_path):
    letters = []
    for locale, dear in (("en-GB", "Dear"), ("fr-CA", "Cher/Chère"), ("fr-CH", "Cher/Chère"), ("sv-SE", "Bästa")):
        compiled = compile((shared / f"data/letters/thanks-note.{locale}.docx").read_bytes())
        letters += [(f"{dear} {name},", made(compiled, {"contact.first_name": name})) for name in ("Anna", "Bo")]
    own = docx.Document()
    own.add_paragraph("Own {{ contact.name }}")
    own.sections[0].header.paragraphs[0].text = "Header of {{ contact.name }}"
    footer = own.sections[0].footer.paragraphs[0]
    footer.add_run("Page ")
    add_field(footer, "PAGE", shown="1")
    footer.add_run(" of ")
    add_field(footer, "NUMPAGES", shown="1")
    for text in ("first", "second"):
        own.add_paragraph(text, style="List Number")
    own.add_page_break()
    own.add_paragraph("The end")
    compiled = compile(saved(own))
    letters += [(f"Own {name}", made(compiled, {"contact.name": name})) for name in ("Cleo", "Dan")]
    pages = pages_of(to_pdf(printed([letter for _, letter in letters], pages=PAGE_OF_THE_END)), tmp_path)
    assert len(pages) == 8 + 4
    for (greeting, _), page in zip(letters[:8], pages[:8], strict=True):
        assert greeting in page
    for page in pages:
        assert not any(mark in page for mark in ("«", "{{", "Error"))
    for name, first, second in (("Cleo", pages[8], pages[9]), ("Dan", pages[10], pages[11])):
        assert f"Own {name}" in first
        assert f"Header of {name}" in first
        assert f"Header of {name}" in second
        assert re.search(r"1\.\s+first\s+2\.\s+second", first)
        assert "Page 1 of 2" in first
        assert "Page 2 of 2" in second
    assert not any("Header of" in page for page in pages[:8])


def test_a_page_of_the_print_file_looks_like_the_letter_alone(pdf_tools, tmp_path, shared):
    """Word for word at the same place, to a tenth of a point, whatever other documents are in the file."""
    thanks = {name: (shared / f"data/letters/thanks-note.{name}.docx").read_bytes() for name in ("en-GB", "sv-SE")}
    others = [
        thanks["sv-SE"],
        styled("DejaVu Serif", 9, after=0, text="b"),
        themed("DejaVu Sans Mono"),
        two_sections(),
    ]
    letters = [
        (compiled, {"contact.name": name, "contact.address": "One\nTwo"})
        for compiled in map(compile, [thanks["en-GB"], numbered(style_only=True), *others])
        for name in ("Anna", "Bo")
    ]
    together = places(to_pdf(printed([made(*letter) for letter in letters])), tmp_path)[4:]
    for compiled, values in letters[4::2]:
        pages = places(to_pdf(compiled.letter(values)), tmp_path)
        assert together[: len(pages)] == pages
        del together[: 2 * len(pages)]
    assert together == []


def places(pdf: bytes, folder: Path) -> list[list[tuple[str, ...]]]:
    """Per page: each word with its place."""
    (folder / "x.pdf").write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-bbox", "x.pdf", "-"], cwd=folder, capture_output=True, check=True, text=True)
    word = re.compile(r'<word xMin="(\d+\.\d)\d*" yMin="(\d+\.\d)\d*" xMax="[^"]*" yMax="[^"]*">([^<]*)<')
    return [word.findall(page) for page in done.stdout.split("<page ")[1:]]
