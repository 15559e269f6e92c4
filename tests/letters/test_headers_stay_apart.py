"""The header and footer of one contact never appear in another's letter, whatever documents follow each other.

Every contact has a mark of its own in everything that is printed for it. What a section of the print file shows at its
head and foot is worked out as Word does: a section without a header takes the one of the section before it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise, product

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_SECTION
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from domain.letters.compiled_letter import CompiledLetter, compile
from domain.letters.letter_files import write_print_file_parts
from domain.letters.ooxml import r, w
from domain.letters.package import Package
from domain.letters.print_file import ODD_PAGE, PAGE_OF_THE_END, PrintRun, write_print_file
from tests.letters.documents import add_field, parts, saved
from tests.letters.test_merge_fields_in_word import with_notes

PLACES = [(kind, place) for kind in ("header", "footer") for place in ("default", "first", "even")]
MARK = re.compile(r"Q\d+Z")


def plain(document: Document) -> None:
    """No header and no footer at all."""


def header_with_tags(document: Document) -> None:
    document.sections[0].header.paragraphs[0].text = "To {{ contact.name }}"


def footer_without_tags(document: Document) -> None:
    document.sections[0].footer.paragraphs[0].text = "Our office"


def both(document: Document) -> None:
    header_with_tags(document)
    footer = document.sections[0].footer.paragraphs[0]
    footer.text = "Page of {{ contact.no }} "
    add_field(footer, "NUMPAGES", shown="1")


def first_page(document: Document) -> None:
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "First {{ contact.name }}"
    section.footer.paragraphs[0].text = "Other pages {{ contact.no }}"


def even_pages(document: Document) -> None:
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    section.even_page_header.paragraphs[0].text = "Even {{ contact.name }}"
    section.even_page_footer.paragraphs[0].text = "Even foot"
    section.footer.paragraphs[0].text = "Odd {{ contact.no }}"


def everything(document: Document) -> None:
    first_page(document)
    even_pages(document)
    document.sections[0].header.paragraphs[0].text = "Odd {{ contact.name }}"


def on_a_condition(document: Document) -> None:
    document.sections[0].header.paragraphs[0].text = "{% if contact.email %}To {{ contact.name }}{% endif %}"


def two_sections(document: Document) -> None:
    header_with_tags(document)
    second = document.add_section(WD_SECTION.NEW_PAGE)
    document.add_paragraph("Second {{ contact.name }}")
    second.footer.is_linked_to_previous = False
    second.footer.paragraphs[0].text = "Second foot {{ contact.no }}"


def two_sections_on_a_condition(document: Document) -> None:
    two_sections(document)
    document.add_paragraph("{%p if contact.email %}")
    document.add_paragraph("Mail {{ contact.name }}")
    document.add_paragraph("{%p endif %}")


def second_section_unlike_the_first(document: Document) -> None:
    document.sections[0].different_first_page_header_footer = False
    second = document.add_section(WD_SECTION.CONTINUOUS)
    document.add_paragraph("Second {{ contact.name }}")
    second.different_first_page_header_footer = True
    second.first_page_header.is_linked_to_previous = False
    second.first_page_header.paragraphs[0].text = "First of second {{ contact.name }}"


def ends_with_a_condition(document: Document) -> None:
    both(document)
    document.add_paragraph("{%p if contact.email %}")
    document.add_paragraph("PS {{ contact.name }}")
    document.add_paragraph("{%p endif %}")


def ends_with_a_table(document: Document) -> None:
    header_with_tags(document)
    document.add_table(1, 2).cell(0, 1).text = "{{ contact.name }}"


def begins_with_a_condition(document: Document) -> None:
    footer_without_tags(document)
    body = document.element.body
    for text in ("{%p if contact.email %}", "{%p endif %}"):
        paragraph = document.add_paragraph(text)
        body.insert(0, paragraph._p)
    body.insert(0, body[1])


def same_text_for_all(document: Document) -> None:
    document.sections[0].header.paragraphs[0].text = "{{ company.name }}"


def made(build: Callable[[Document], None]) -> bytes:
    document = docx.Document()
    document.add_paragraph("Body of {{ contact.name }}")
    build(document)
    return saved(document)


BUILDERS = (
    plain, header_with_tags, footer_without_tags, both, first_page, even_pages, everything, on_a_condition, two_sections,
    two_sections_on_a_condition, second_section_unlike_the_first, ends_with_a_condition, ends_with_a_table,
    begins_with_a_condition, same_text_for_all,
)  # fmt: skip


@pytest.fixture(scope="module")
def compiled() -> list[CompiledLetter]:
    documents = [made(build) for build in BUILDERS]
    documents += [with_notes(made(both)), with_notes(made(plain))]
    return [compile(document) for document in documents]


def values(number: int) -> dict[str, str]:
    return {
        "contact.name": f"Name Q{number}Z",
        "contact.no": f"No Q{number}Z",
        "contact.email": f"Q{number}Z@example.com" if number % 3 else "",
        "company.name": "The office",
    }


@dataclass(frozen=True)
class Section:
    """What a section prints in its body, and at head and foot of its pages as Word shows them."""

    body: str
    shown: dict[tuple[str, str], str]


def text_of(element: etree._Element) -> str:
    return "".join(element.itertext(w("t")))


def sections_of(data: bytes) -> list[Section]:
    package = Package.read(data)
    main = package.main_part()
    targets = {one.id: one.target for one in package.relationships(main)}
    settings_part = next((one.target for one in package.relationships(main) if one.kind == "settings"), None)
    even_and_odd = settings_part is not None and b"<w:evenAndOddHeaders" in package.parts[settings_part]
    body = etree.fromstring(package.parts[main]).find(w("body"))
    inherited = dict.fromkeys(PLACES, "")
    found, pending = [], ""
    for child in body:
        pending += text_of(child)
        ends = [child] if child.tag == w("sectPr") else list(child.iter(w("sectPr")))
        for end in ends:
            for kind in ("header", "footer"):
                for reference in end.findall(w(f"{kind}Reference")):
                    part = etree.fromstring(package.parts[targets[reference.get(r("id"))]])
                    inherited[kind, reference.get(w("type"))] = text_of(part)
            shown = dict(inherited)
            for kind in ("header", "footer"):
                if end.find(w("titlePg")) is None or end.find(w("titlePg")).get(w("val")) in ("0", "false"):
                    shown[kind, "first"] = shown[kind, "default"]
                if not even_and_odd:
                    shown[kind, "even"] = shown[kind, "default"]
            found.append((pending, shown, dict(inherited)))
            pending = ""
    return [
        Section(text, shown | {("all", place): value for place, value in parts_.items()})
        for text, shown, parts_ in found
    ]


def check(data: bytes, letters: list[tuple[CompiledLetter, dict[str, str]]]) -> None:
    """Every section belongs to one contact, and shows what the contact's letter alone shows."""
    found = sections_of(data)
    for one, contact in letters:
        whose = MARK.findall(contact["contact.name"])
        for alone in sections_of(one.letter(contact)):
            section = found.pop(0)
            marks = set(MARK.findall(" ".join([section.body, *section.shown.values()])))
            assert marks <= set(whose), (marks, whose)
            assert section.body == alone.body
            assert {place: section.shown[place] for place in PLACES} == {place: alone.shown[place] for place in PLACES}
    assert found == []


def print_of(letters, **options) -> bytes:
    target = io.BytesIO()
    assert write_print_file(letters, target, **options) == len(letters)
    return target.getvalue()


@pytest.mark.parametrize("finished", [False, True], ids=["from values", "finished letters"])
@pytest.mark.parametrize("options", [{}, {"pages": PAGE_OF_THE_END, "marked": True}, {"start": ODD_PAGE}], ids=str)
def test_hundreds_of_contacts_in_every_order(compiled, options, finished):
    """Each document follows each other one."""
    count = len(compiled)
    order = [
        one
        for first in range(count)
        for one in (first, *(x for next_ in range(first + 1, count) for x in (first, next_)))
    ]
    assert {(a, b) for a, b in pairwise([*order, order[0]])} == set(product(range(count), repeat=2))
    if finished:
        order = order[::5]
    letters = [(compiled[document], values(number)) for number, document in enumerate(order)]
    given = [one.letter(contact) for one, contact in letters] if finished else letters
    check(print_of(given, **options), letters)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_letters_one_after_the_other(compiled, data):
    """Finished letters and such made from values, in any mixture."""
    choice = st.tuples(st.integers(0, len(compiled) - 1), st.integers(0, 999), st.booleans())
    chosen = data.draw(st.lists(choice, min_size=1, max_size=25))
    letters = [(compiled[document], values(number)) for document, number, _ in chosen]
    given_ = [
        one.letter(contact) if finished else (one, contact)
        for (one, contact), (_, _, finished) in zip(letters, chosen, strict=True)
    ]
    check(print_of(given_), letters)


@settings(max_examples=10, deadline=None)
@given(
    chosen=st.lists(st.tuples(st.integers(0, 16), st.integers(0, 999)), min_size=5, max_size=30), size=st.integers(1, 6)
)
def test_in_parts_as_in_one_file(compiled, chosen, size):
    """Parts share what their documents have in common, never what is a contact's."""
    letters = [(compiled[document], values(number)) for document, number in chosen]
    target = io.BytesIO()
    assert write_print_file_parts(letters, target, letters_per_file=size) == len(letters)
    for part, data in enumerate(parts(target.getvalue()).values()):
        check(data, letters[part * size : part * size + size])


def test_most_documents_need_no_detour(compiled):
    """What can be proven is filled in; the rest is taken over letter by letter."""
    run = PrintRun()
    ready = [run.template(one) is not None for one in compiled]
    names = [build.__name__ for build in BUILDERS] + ["notes", "notes"]
    assert [name for name, is_ready in zip(names, ready, strict=True) if not is_ready] == [
        "two_sections_on_a_condition",
        "notes",
        "notes",
    ]
