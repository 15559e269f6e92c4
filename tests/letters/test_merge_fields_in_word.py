"""Real merge fields of Word, as Word writes them: simple and complex, code in pieces, nested, with switches."""

from __future__ import annotations

import docx
import pytest
from docx.shared import RGBColor

from domain.letters.compiled_letter import CompiledLetter, compile
from tests.letters.documents import (
    add_field,
    add_simple_field,
    begin,
    changed,
    code,
    document_with_fields,
    end,
    footer_text,
    header_text,
    letter_of,
    opened,
    parts,
    saved,
    separate,
    texts,
)

VALUES = {
    "contact.name": "anna berg", "contact.city": "Bern", "contact.post_code": "3012", "contact.email": 'a"b@x.ch', "contact.first_name": "Anna",
    "contact.mail_address": "Anna Berg\nGasse 1\n3012 Bern", "salutation.formal": "Dear Ms. Berg,", "document.date": "3 September 2026",
    "document.date.iso": "2026-09-03", "entry_no": "1234567", "comment": "first\nsecond", "locale": "en-GB", "contact.phone": "-1234.5",
}  # fmt: skip


def merged(data: bytes, **values: str) -> list[str]:
    return texts(compile(data).letter(VALUES | values))


def sentences(compiled: CompiledLetter) -> list[str]:
    return [str(message) for message in compiled.report]


@pytest.mark.parametrize("pieces", [1, 2, 5, 40])
@pytest.mark.parametrize("shown", ["«Name»", "", None])
def test_a_complex_field_in_any_number_of_runs(pieces, shown):
    assert merged(document_with_fields(" MERGEFIELD  Contact_Name ", pieces=pieces, shown=shown)) == ["[anna berg]"]


def test_a_simple_field():
    document = docx.Document()
    add_simple_field(document.add_paragraph("Dear "), " MERGEFIELD First_Name ")
    assert merged(saved(document)) == ["Dear Anna"]


def test_a_field_whose_parts_share_one_run():
    run = b'<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>A </w:t><w:fldChar w:fldCharType="begin"/><w:instrText>MERGEFIELD City</w:instrText><w:fldChar w:fldCharType="separate"/><w:t>old</w:t><w:fldChar w:fldCharType="end"/><w:t> z</w:t></w:r></w:p><w:sectPr'
    assert merged(changed(letter_of("x"), {"word/document.xml": lambda old: old.replace(b"<w:sectPr", run, 1)})) == [
        "x",
        "A Bern z",
    ]


@pytest.mark.parametrize(
    ("field_code", "text"),
    [
        ('MERGEFIELD "Contact Name"', "anna berg"),
        ("MERGEFIELD Contact Name", "anna berg"),
        ("mergefield contact_name", "anna berg"),
        ("MERGEFIELD Contact_Name \\* Upper", "ANNA BERG"),
        ("MERGEFIELD Contact_Name \\*Upper", "ANNA BERG"),
        ("MERGEFIELD City \\* lower \\* MERGEFORMAT", "bern"),
        ("MERGEFIELD Contact_Name \\* Caps", "Anna Berg"),
        ("MERGEFIELD Contact_Name \\* FirstCap \\* CHARFORMAT", "Anna berg"),
        ('MERGEFIELD Document_Date \\@ "d MMMM yyyy"', "3 September 2026"),
        ('MERGEFIELD Document_Date \\@ "dddd, dd/MM/yy"', "Thursday, 03/09/26"),
        ('MERGEFIELD Document_Date \\@ "d. MMM"', "3. Sept"),
        ('MERGEFIELD Entry_No \\# "#,##0.00"', "1,234,567.00"),
        ('MERGEFIELD Entry_No \\# "0000000000"', "0001234567"),
        ('MERGEFIELD Contact_Phone_No \\# "0.00;(0.0)"', "(1234.5)"),
        ('MERGEFIELD City \\# "0.00"', "Bern"),
        ('MERGEFIELD City \\b "in " \\f "!"', "in Bern!"),
        ('MERGEFIELD County \\b "in " \\f "!"', ""),
        ('MERGEFIELD City \\b "say \\"" \\f "\\" \\\\"', 'say "Bern" \\'),
        ("MERGEFIELD City \\m", "Bern"),
        ("ADDRESSBLOCK \\f \"<<_FIRST0_>>\" \\l 2057", "Anna Berg\nGasse 1\n3012 Bern"),
        ('GREETINGLINE \\f "<<_BEFORE_ Dear >>"', "Dear Ms. Berg,"),
        ("MERGEFIELD Personal_Comment", "first\nsecond"),
    ],
)  # fmt: skip
def test_switches(field_code, text):
    assert merged(document_with_fields(field_code)) == [f"[{text}]"]


@pytest.mark.parametrize(
    ("locale", "text"),
    [("fr-CH", "jeudi 3 septembre"), ("sv-SE", "torsdag 3 september"), ("de-DE", "Donnerstag 3 September")],
)
def test_a_date_picture_speaks_the_language_of_the_letter(locale, text):
    assert merged(document_with_fields('MERGEFIELD Document_Date \\@ "dddd d MMMM"'), locale=locale) == [f"[{text}]"]


def test_a_number_picture_uses_the_signs_of_the_language():
    assert (
        merged(
            document_with_fields('MERGEFIELD Entry_No \\# "# ##0,00"', 'MERGEFIELD Entry_No \\# "#,##0.00"'),
            locale="sv-SE",
        )[1]
        == "[1\u00a0234\u00a0567,00]"
    )


def nested_if(document, *, left="MERGEFIELD City", operator="=", right='"Bern"', yes='"near"', no='"far"'):
    paragraph = document.add_paragraph("It is ")
    begin(paragraph)
    code(paragraph, " IF ")
    add_field(paragraph, f" {left} ", shown="«City»")
    code(paragraph, f" {operator} {right} {yes} {no} ")
    separate(paragraph)
    paragraph.add_run("near")
    end(paragraph)
    paragraph.add_run(".")


@pytest.mark.parametrize(
    ("operator", "right", "city", "text"),
    [
        ("=", '"Bern"', "Bern", "near"), ("=", '"bern"', "Bern", "near"), ("=", '"Bern"', "Genf", "far"), ("<>", '"Bern"', "Genf", "near"),
        ("=", '"Be*"', "Bern", "near"), ("=", '"B??n"', "Bern", "near"), ("=", '"B?n"', "Bern", "far"), ("=", '""', "", "near"),
        ("=", '"[x]"', "[x]", "near"), (">", "9", "10", "near"), ("<", "9", "10", "far"), (">=", "10", "10", "near"), ("<=", "9", "10", "far"),
        ("<>", '""', "Bern", "near"),
    ],
)  # fmt: skip
def test_if_compares_as_word_does(operator, right, city, text):
    document = docx.Document()
    nested_if(document, operator=operator, right=right)
    assert merged(saved(document), **{"contact.city": city}) == [f"It is {text}."]


def test_if_without_blanks_around_the_operator_and_without_second_text():
    document = docx.Document()
    paragraph = document.add_paragraph()
    begin(paragraph)
    code(paragraph, "IF ")
    add_field(paragraph, "MERGEFIELD City")
    code(paragraph, '="Bern" "yes & <no>"')
    separate(paragraph)
    end(paragraph)
    data = saved(document)
    assert merged(data) == ["yes & <no>"]
    assert merged(data, **{"contact.city": "Genf"}) == [""]


def test_fields_and_formatting_inside_the_branches_of_if():
    document = docx.Document()
    paragraph = document.add_paragraph()
    begin(paragraph)
    code(paragraph, "IF ")
    add_field(paragraph, "MERGEFIELD City")
    code(paragraph, ' = "Bern" "')
    code(paragraph, "Hello ").bold = True
    add_field(paragraph, "MERGEFIELD First_Name")
    code(paragraph, '" "')
    begin(paragraph)
    code(paragraph, "IF ")
    add_field(paragraph, "MERGEFIELD Post_Code")
    code(paragraph, ' > 3000 "Bye ')
    add_field(paragraph, "MERGEFIELD Contact_Name \\* Upper")
    code(paragraph, '" "nothing"')
    separate(paragraph)
    end(paragraph)
    code(paragraph, '"')
    separate(paragraph)
    paragraph.add_run("old result")
    end(paragraph)
    data = saved(document)
    letter = compile(data).letter(VALUES)
    assert texts(letter) == ["Hello Anna"]
    assert [run.text for run in opened(letter).paragraphs[0].runs if run.bold] == ["Hello "]
    assert merged(data, **{"contact.city": "Genf"}) == ["Bye ANNA BERG"]
    assert merged(data, **{"contact.city": "Genf", "contact.post_code": "1200"}) == ["nothing"]


def test_a_branch_of_several_paragraphs():
    document = docx.Document()
    first, middle, last = document.add_paragraph("Start. "), document.add_paragraph(), document.add_paragraph()
    begin(first)
    code(first, "IF ")
    add_field(first, "MERGEFIELD City")
    code(first, ' = "Bern" "one')
    code(middle, "two")
    code(last, 'three" "none"')
    separate(last)
    last.add_run("x")
    end(last)
    last.add_run(" End.")
    data = saved(document)
    assert merged(data) == ["Start. one", "two", "three End."]
    assert "".join(merged(data, **{"contact.city": "Genf"})) == "Start. none End."


def test_if_about_the_page_stays_words_own_and_its_fields_are_filled():
    document = docx.Document()
    paragraph = document.add_paragraph()
    begin(paragraph)
    code(paragraph, "IF ")
    add_field(paragraph, "PAGE", shown="1")
    code(paragraph, ' = 1 "')
    add_field(paragraph, "MERGEFIELD City")
    code(paragraph, '" ""')
    separate(paragraph)
    paragraph.add_run("old")
    end(paragraph)
    xml = parts(compile(saved(document)).letter(VALUES))["word/document.xml"].decode()
    assert xml.count('w:fldCharType="begin"') == 2
    assert "Bern" in xml


@pytest.mark.parametrize(
    "field_code",
    [
        "PAGE",
        "NUMPAGES",
        'DATE \\@ "d MMMM"',
        "TIME",
        "REF x",
        "TOC \\o",
        'HYPERLINK "https://example.org"',
        "SEQ n",
        "STYLEREF x",
        "= 1 + 1",
    ],
)
def test_fields_of_word_itself_stay(field_code):
    xml = parts(compile(document_with_fields(field_code, "MERGEFIELD City")).letter(VALUES))[
        "word/document.xml"
    ].decode()
    assert field_code.replace('"', "&quot;") in xml.replace('"', "&quot;")
    assert "Bern" in xml


def test_a_merge_field_in_a_hyperlink_fills_code_and_text():
    document = docx.Document()
    paragraph = document.add_paragraph()
    begin(paragraph)
    code(paragraph, ' HYPERLINK "mailto:')
    add_field(paragraph, "MERGEFIELD Email")
    code(paragraph, '" ')
    separate(paragraph)
    add_field(paragraph, "MERGEFIELD Email")
    end(paragraph)
    letter = compile(saved(document)).letter(VALUES)
    xml = parts(letter)["word/document.xml"].decode()
    assert "mailto:</w:instrText>" in xml
    assert ">ab@x.ch</w:instrText>" in xml
    assert texts(letter) == ['a"b@x.ch']


@pytest.mark.parametrize("field_code", ["NEXT", "NEXTIF 1 = 1", "ASK x", "FILLIN x", "MERGEREC", "SET x 1"])
def test_fields_that_make_no_sense_here_are_removed_and_named(field_code):
    compiled = compile(document_with_fields(field_code))
    assert texts(compiled.letter(VALUES)) == ["[]"]
    assert sentences(compiled) == [f"The field {field_code.split()[0]} is not supported and was removed."]


def test_an_unsupported_format_is_named():
    compiled = compile(document_with_fields("MERGEFIELD Entry_No \\* CardText"))
    assert sentences(compiled) == ["The format CardText of a merge field is not supported."]
    assert texts(compiled.letter(VALUES)) == ["[1234567]"]


def test_the_courtesy_title_nobody_has_is_named():
    assert "Courtesy_Title" in sentences(compile(document_with_fields("MERGEFIELD Courtesy_Title")))[0]


def test_unknown_fields_are_named_with_the_text_around_and_can_be_mapped():
    document = docx.Document()
    paragraph = document.add_paragraph("Your order ")
    add_field(paragraph, 'MERGEFIELD "Frist Nam"', shown="«Frist Nam»")
    paragraph.add_run(" of today")
    data = saved(document)
    compiled = compile(data)
    assert [(one.name, one.around, one.suggestion.tag) for one in compiled.unknown_fields if one.suggestion] == [
        ("Frist Nam", "Your order «Frist Nam» of today", "contact.first_name")
    ]
    assert compiled.has_fields
    assert texts(compiled.letter(VALUES)) == ["Your order  of today"]
    mapped = compile(data, {"fristnam": "contact.first_name"})
    assert mapped.unknown_fields == ()
    assert texts(mapped.letter(VALUES)) == ["Your order Anna of today"]


def test_header_footer_footnotes_table_and_text_box():
    document = docx.Document()
    add_field(document.sections[0].header.paragraphs[0], "MERGEFIELD Contact_Name")
    add_field(document.sections[0].footer.paragraphs[0], "MERGEFIELD City")
    add_field(document.add_table(1, 1).cell(0, 0).paragraphs[0], "MERGEFIELD First_Name")
    box = (
        b'<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent><w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        b'<w:r><w:instrText>MERGEFIELD Post_Code</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p><w:sectPr'
    )
    data = changed(saved(document), {"word/document.xml": lambda old: old.replace(b"<w:sectPr", box, 1)})
    letter = compile(with_notes(data)).letter(VALUES)
    assert header_text(letter) == "anna berg"
    assert footer_text(letter) == "Bern"
    assert opened(letter).tables[0].cell(0, 0).text == "Anna"
    assert b"3012" in parts(letter)["word/document.xml"]
    assert b"anna berg" in parts(letter)["word/footnotes.xml"]
    assert b"anna berg" in parts(letter)["word/endnotes.xml"]


def with_notes(data: bytes, text: str = "MERGEFIELD Contact_Name") -> bytes:
    """Adds a footnote and an endnote with a merge field to the document's first paragraph."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    field = f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{text}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    changes = {}
    relations, types, references = "", "", ""
    for tag in ("footnote", "endnote"):
        changes[f"word/{tag}s.xml"] = (
            f'<w:{tag}s {space}><w:{tag} w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:{tag}>'
            f'<w:{tag} w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:{tag}>'
            f'<w:{tag} w:id="1"><w:p><w:r><w:t xml:space="preserve">note of </w:t></w:r>{field}</w:p></w:{tag}></w:{tag}s>'
        ).encode()
        relations += f'<Relationship Id="rId{tag}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{tag}s" Target="{tag}s.xml"/>'
        types += f'<Override PartName="/word/{tag}s.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.{tag}s+xml"/>'
        references += f'<w:r><w:{tag}Reference w:id="1"/></w:r>'
    return changed(
        data,
        {
            **changes,
            "word/_rels/document.xml.rels": lambda old: old.replace(
                b"</Relationships>", relations.encode() + b"</Relationships>"
            ),
            "[Content_Types].xml": lambda old: old.replace(b"</Types>", types.encode() + b"</Types>"),
            "word/document.xml": lambda old: old.replace(b"<w:sectPr", f"<w:p>{references}</w:p><w:sectPr".encode(), 1),
        },
    )


def test_the_formatting_of_the_result_is_kept_and_charformat_takes_the_codes():
    document = docx.Document()
    for switch in ("", " \\* CHARFORMAT"):
        paragraph = document.add_paragraph()
        begin(paragraph)
        code(paragraph, f"MERGEFIELD City{switch}").font.color.rgb = RGBColor(255, 0, 0)
        separate(paragraph)
        paragraph.add_run("«City»").bold = True
        end(paragraph)
    shown, charformat = opened(compile(saved(document)).letter(VALUES)).paragraphs
    assert [run.bold for run in shown.runs if run.text] == [True]
    assert [run.font.color.rgb for run in charformat.runs if run.text] == [RGBColor(255, 0, 0)]


def test_braces_in_a_document_with_merge_fields_are_text_but_tags_work():
    document = docx.Document()
    add_field(document.add_paragraph("{{ 7*7 }} {% raw } and "), "MERGEFIELD City")
    split = document.add_paragraph("{")
    split.add_run("{ 1 + 1 }")
    split.add_run("}")
    document.add_paragraph("{{ comment }}")
    document.add_paragraph("{{ coment }}")
    document.add_paragraph("{%p if contact.city %}")
    document.add_paragraph("in {{ contact.city|upper }}")
    document.add_paragraph("{%p endif %}")
    compiled = compile(saved(document))
    assert texts(compiled.letter(VALUES)) == [
        "{{ 7*7 }} {% raw } and Bern",
        "{{ 1 + 1 }}",
        "first\nsecond",
        "",
        "in BERN",
    ]
    assert [one.name for one in compiled.unknown_fields] == ["coment"]
    assert len(sentences(compiled)) == 2


def test_a_field_without_end_is_left_alone():
    document = docx.Document()
    paragraph = document.add_paragraph("a ")
    begin(paragraph)
    code(paragraph, "MERGEFIELD City")
    assert merged(saved(document)) == ["a "]


@pytest.mark.parametrize("name", ["a' ~ 7*7 ~ '", "x }} {{ 7*7 }}", "é\u2028\\n", "{% if %}"])
def test_a_field_name_can_do_nothing(name):
    compiled = compile(document_with_fields(f'MERGEFIELD "{name}"'))
    assert texts(compiled.letter(VALUES)) == ["[]"]
    assert len(compiled.unknown_fields) == 1
