"""What people type arrives in the letter as it is: in the text, header, footer, text boxes, notes and document properties."""

from __future__ import annotations

import io
import re

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.letters.compiled_letter import compile
from domain.letters.missing import SHOWN, recording_blanks, recording_missing
from domain.letters.ooxml import plain
from domain.letters.print_file import write_print_file
from tests.letters.documents import changed, footer_text, header_text, letter_of, opened, parts, saved, texts

AWKWARD = [
    "Smith & Sons <Ltd> \"q\" 'a' &amp; &lt;",
    "Åsa Öberg-Müller, Łódź, Ñandú, Çağ",
    "李小龍 株式会社 🎉👩‍👩‍👧",
    "{{ 7*7 }} {% raw %} {# x #} {_{ }_} {{ contact.email }}",
    "a\tb",
    "first\nsecond\n\nfourth",
    "]]> <w:p/> </w:t></w:r>",
    "  two  blanks  ",
    "%(name)s %s \\n \\x41",
]

ONE = compile(
    letter_of(
        "[{{ contact.name }}] tail",
        "after",
        header="H {{ contact.name }}",
        footer="F {{ contact.name }}",
        title="T {{ contact.name }}",
    )
)


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_values_arrive_as_they_are(text):
    letter = ONE.letter({"contact.name": text})
    assert texts(letter) == [f"[{text}] tail", "after"]
    assert header_text(letter) == f"H {text}"
    assert footer_text(letter) == f"F {text}"
    assert opened(letter).core_properties.title == " ".join(f"T {text}".split())


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_value_arrives_without_the_characters_xml_forbids(text):
    assert texts(ONE.letter({"contact.name": text})) == [f"[{plain(text)}] tail", "after"]


def test_line_ends_of_every_system_are_one_line_break():
    assert texts(ONE.letter({"contact.name": "a\r\nb\rc\nd"}))[0] == "[a\nb\nc\nd] tail"


def test_control_characters_and_lone_surrogates_are_left_out():
    assert texts(ONE.letter({"contact.name": "a\x01b\x0bc\ud800d\uffffe\x07f\x0cg"}))[0] == "[abcdefg] tail"


@pytest.mark.parametrize("values", [{}, {"contact.name": None}, {"contact": {}}, {"contact": {"name": ""}}])
def test_missing_values_are_blank(values):
    assert texts(ONE.letter(values))[0] == "[] tail"


def test_nested_values_are_taken_too():
    assert texts(ONE.letter({"contact": {"name": "Anna"}}))[0] == "[Anna] tail"


def test_names_without_value_can_be_recorded():
    compiled = compile(letter_of("{{ contact.name }}{{ commnt }}{{ contact.city }}"))
    with recording_missing() as names:
        compiled.letter({"contact.name": "Anna"})
    assert names == {"commnt", "contact.city"}


def test_blank_values_are_recorded_where_they_are_printed_and_change_nothing():
    compiled = compile(
        letter_of(
            "{{ contact.name }}{{ contact.city|upper }}{{ comment }}{% if contact.phone %}{{ contact.email }}{% endif %}"
        )
    )
    values = {"contact.name": "", "contact.city": " ", "comment": None, "contact.phone": "", "contact.email": ""}
    with recording_missing() as names:
        recorded = compiled.letter(values)
    assert names == {"contact.name", "contact.city", "comment"}
    assert recorded == compiled.letter(values)


def test_what_is_missing_is_recorded_contact_by_contact():
    compiled = compile(letter_of("{{ contact.name }} {{ contact.city }}"))
    found = []
    for values in ({"contact.name": "Anna", "contact.city": ""}, {"contact.name": "", "contact.city": "Bern"}):
        with recording_missing() as names:
            compiled.letter(values)
        found.append(names)
    assert found == [{"contact.city"}, {"contact.name"}]


def test_blank_fields_are_noted_under_their_contact_in_whatever_order_letters_are_made():
    compiled = compile(letter_of("{{ contact.name }} {{ contact.city }}{{ commnt }}"))
    cities = {"Anna": "", "Bo": "Bern", **{f"Cy{n}": " " for n in range(SHOWN)}}
    rows = [{"contact.no": "C1", "contact.name": name, "contact.city": city} for name, city in cities.items()]
    with recording_blanks() as blanks:
        write_print_file([(compiled, row) for row in rows], io.BytesIO())
        compiled.letter(rows[0])
    assert blanks.first["C1 Anna"] == ["contact.city"]
    assert "C1 Bo" not in blanks.whose
    assert (len(blanks.whose), len(blanks.first)) == (SHOWN + 1, SHOWN)


def test_a_text_has_no_attributes():
    """`contact.name.upper` is no field, and prints nothing of how texts are made."""
    compiled = compile(letter_of("[{{ contact.name.upper }}{{ comment.date }}] {{ contact.name }}{{ comment }}"))
    assert texts(compiled.letter({"contact.name": "Anna", "comment": "x"})) == ["[] Annax"]


def test_a_sign_of_markup_cut_in_two_cannot_tear_the_letter():
    compiled = compile(letter_of("{{ ('<' ~ nothing)|first }}{{ ('&' ~ contact.name)|first }}{{ '\\x01&' }}"))
    assert texts(compiled.letter({"contact.name": "A"})) == ["<&&"]


def test_a_group_named_alone_brings_its_fields():
    compiled = compile(letter_of("{{ (contact if comment else company).name }}"))
    assert texts(compiled.letter({"comment": "x", "contact.name": "A", "company.name": "B"})) == ["A"]
    assert texts(compiled.letter({"contact.name": "A", "company.name": "B"})) == ["B"]


def test_a_group_alone_prints_nothing():
    compiled = compile(letter_of("[{{ contact }}{{ contact.items }}]"))
    assert texts(compiled.letter({"contact.name": "Anna"})) == ["[]"]
    assert [one.name for one in compiled.unknown_fields] == ["contact", "contact.items"]


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("contact.city == ''", True), ("contact.city != ''", False), ("contact.city == 'Bern'", False), ("contact.city < 'A'", True),
        ("contact.city > 'A'", False), ("contact.city <= ''", True), ("contact.city >= ''", True), ("contact.city >= 'A'", False),
        ("'B' > contact.city", True), ("contact.city", False), ("'e' in contact.city", False),
    ],
)  # fmt: skip
def test_a_missing_value_compares_as_blank(condition, holds):
    compiled = compile(letter_of(f"{{{{ 'yes' if {condition} else 'no' }}}}"))
    assert texts(compiled.letter({})) == texts(compiled.letter({"contact.city": ""})) == ["yes" if holds else "no"]


def test_blank_fields_are_listed():
    compiled = compile(letter_of("{{ contact.name }}{{ comment }}{{ contact.city }}"))
    assert [field.tag for field in compiled.blank_fields({"contact.name": "Anna", "contact.city": "  "})] == [
        "comment",
        "contact.city",
    ]
    assert compiled.uses_comment
    assert not ONE.uses_comment


def test_the_same_values_give_the_same_bytes():
    assert ONE.letter({"contact.name": "Anna"}) == ONE.letter({"contact.name": "Anna"})


def test_one_letter_never_shows_in_the_next():
    ONE.letter({"contact.name": "Secret"})
    assert not any(b"Secret" in part for part in parts(ONE.letter({})).values())


def test_an_ampersand_inside_a_tag_prints_once():
    assert texts(compile(letter_of('{{ contact.name ~ " & co <x>" }}')).letter({"contact.name": "A"})) == ["A & co <x>"]


def test_tags_word_has_parted_over_runs_work_and_keep_their_first_formatting():
    document = docx.Document()
    paragraph = document.add_paragraph("Dear ")
    for piece in ("{", "{ cont", "act.na", "me }", "}", ","):
        paragraph.add_run(piece).bold = piece == "{"
    letter = compile(saved(document)).letter({"contact.name": "Anna"})
    assert texts(letter) == ["Dear Anna,"]
    assert [run.text for run in opened(letter).paragraphs[0].runs if run.bold] == ["Anna"]


def test_curly_quotes_and_no_break_blanks_in_tags_work():
    compiled = compile(
        letter_of("{{\u00a0contact.name|default(“nobody”)\u00a0}}", "{{ contact.city|default(‘nowhere’) }}")
    )
    assert texts(compiled.letter({})) == ["nobody", "nowhere"]


def test_escaped_braces_of_docxtpl_are_braces():
    assert texts(compile(letter_of("{_{ not a tag }_} {{ contact.name }}")).letter({"contact.name": "A"})) == [
        "{{ not a tag }} A"
    ]


def test_rows_of_a_table_repeat_and_paragraphs_disappear():
    document = docx.Document()
    table = document.add_table(4, 1)
    for row, text in enumerate(("head", "{%tr for line in comment|lines %}", "{{ line }}", "{%tr endfor %}")):
        table.cell(row, 0).text = text
    document.add_paragraph("{%p if comment %}")
    document.add_paragraph("shown")
    document.add_paragraph("{%p endif %}")
    compiled = compile(saved(document))
    full = opened(compiled.letter({"comment": "a & b\nc"}))
    assert [cell.text for cell in full.tables[0].columns[0].cells] == ["head", "a & b", "c"]
    assert [paragraph.text for paragraph in full.paragraphs] == ["shown"]
    assert [paragraph.text for paragraph in opened(compiled.letter({})).paragraphs] == []


def test_a_table_without_grid_is_completed():
    bare = b"<w:tbl><w:tblPr/><w:tr><w:tc><w:tcPr/><w:p><w:r><w:t>{{ contact.name }}</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:sectPr"
    data = changed(letter_of("x"), {"word/document.xml": lambda old: old.replace(b"<w:sectPr", bare, 1)})
    assert opened(compile(data).letter({"contact.name": "A"})).tables[0].cell(0, 0).text == "A"


def test_values_in_text_boxes():
    box = (
        b'<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent><w:p><w:r><w:t>in {{ contact.name }}</w:t></w:r></w:p>'
        b"</w:txbxContent></v:textbox></v:shape></w:pict></w:r><w:r><w:t>out {{ contact.city }}</w:t></w:r></w:p><w:sectPr"
    )
    compiled = compile(changed(letter_of("x"), {"word/document.xml": lambda old: old.replace(b"<w:sectPr", box, 1)}))
    xml = parts(compiled.letter({"contact.name": "A & b\nc", "contact.city": "Bern"}))["word/document.xml"].decode()
    assert re.sub(r"<w:br/>", "|", xml).count("in A &amp; b</w:t>|") == 1
    assert "out Bern" in xml


def test_unknown_names_are_listed_with_the_text_around_and_a_suggestion():
    compiled = compile(letter_of("Hello", "Dear {{ contact.nmae }}, from {{ quux }}", header="{{ coment }}"))
    found = {one.name: (one.around, one.suggestion.tag if one.suggestion else None) for one in compiled.unknown_fields}
    assert found["contact.nmae"] == ("Dear {{ contact.nmae }}, from {{ quux }}", "contact.name")
    assert found["quux"][1] is None
    assert found["coment"] == ("{{ coment }}", "comment")
    assert texts(compiled.letter({})) == ["Hello", "Dear , from "]


def test_a_document_without_fields_has_none():
    compiled = compile(letter_of("Season's greetings"))
    assert not compiled.has_fields
    assert texts(compiled.letter({})) == ["Season's greetings"]
    assert ONE.has_fields


@pytest.mark.parametrize(
    ("xml", "sentence"),
    [
        ('<w:ins w:id="1" w:author="x"><w:r><w:t>new</w:t></w:r></w:ins>', "The document contains tracked changes."),
        (
            '<w:del w:id="1" w:author="x"><w:r><w:delText>old</w:delText></w:r></w:del>',
            "The document contains tracked changes.",
        ),
        ('<w:r><w:commentReference w:id="1"/></w:r>', "The document contains comments,"),
    ],
)
def test_tracked_changes_and_comments_are_named(xml, sentence):
    data = changed(
        letter_of("x"), {"word/document.xml": lambda old: old.replace(b"</w:p>", xml.encode() + b"</w:p>", 1)}
    )
    assert [str(one).startswith(sentence) for one in compile(data).report] == [True]
