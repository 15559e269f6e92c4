"""Letters as PDF: many by one run of LibreOffice, each with the text and pages it has when it is converted alone."""

from __future__ import annotations

import io
import os
import subprocess
import time
from pathlib import Path

import docx
import pikepdf
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from domain.errors import RuleViolation
from domain.letters import pdf, print_pdf
from domain.letters.compiled_letter import compile
from domain.letters.pdf import convert, find_soffice
from domain.letters.print_pdf import LETTERS_PER_PART, letter_pdfs, write_print_pdf
from tests.letters.documents import add_field, letter_of, opened, saved


@pytest.fixture
def soffice():
    if find_soffice() is None:
        pytest.skip("LibreOffice is not installed")


def text_of(data: bytes, folder: Path) -> list[str]:
    """The text of each page, as it is laid out."""
    (folder / "x.pdf").write_bytes(data)
    try:
        done = subprocess.run(
            ["pdftotext", "-layout", "x.pdf", "-"], cwd=folder, capture_output=True, check=True, text=True
        )
    except FileNotFoundError:
        pytest.skip("pdftotext (poppler) is not installed")
    return done.stdout.split("\f")[:-1]


def page_numbers() -> bytes:
    """Two pages, a list, a reference inside the letter, page 1 of 2 at the foot."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Reference {{ contact.no }}"
    footer = document.sections[0].footer.paragraphs[0]
    footer.add_run("Page ")
    add_field(footer, "PAGE", shown="1")
    footer.add_run(" of ")
    add_field(footer, "NUMPAGES", shown="1")
    document.add_paragraph("Dear {{ contact.name }},")
    for text in ("first", "second"):
        document.add_paragraph(text, style="List Number")
    link = f'<w:p {nsdecls("w")}><w:hyperlink w:anchor="place"><w:r><w:t>see the end</w:t></w:r></w:hyperlink></w:p>'
    document.element.body.insert(2, parse_xml(link))
    document.add_page_break()
    end = f'<w:p {nsdecls("w")}><w:bookmarkStart w:id="1" w:name="place"/><w:r><w:t>The end</w:t></w:r><w:bookmarkEnd w:id="1"/></w:p>'
    document.element.body.insert(-1, parse_xml(end))
    return saved(document)


def values(number: int) -> dict[str, str]:
    return {
        "contact.name": f"Contact Q{number}Z",
        "contact.no": f"C{number:03}",
        "contact.address": f"Road {number}\nTown",
    }


def test_the_text_of_each_letter_is_that_of_the_letter_alone(soffice, tmp_path, shared):
    """In more parts than one, with letters of several documents and lengths one after the other."""
    thanks = (shared / "data/letters/thanks-note.sv-SE.docx").read_bytes()
    documents = [compile(page_numbers()), compile(thanks), compile(letter_of("Short {{ contact.name }}"))]
    letters = [(documents[number % 3], values(number)) for number in range(LETTERS_PER_PART + 5)]
    sources = []
    for number, (one, contact) in enumerate(letters):
        sources.append(tmp_path / f"{number}.docx")
        sources[-1].write_bytes(one.letter(contact))
        assert opened(sources[-1].read_bytes())
    alone = [text_of(result.read_bytes(), tmp_path) for result in convert(sources, time_limit=300)]
    together = [pages.alone() for pages in letter_pdfs(letters)]
    assert [text_of(data, tmp_path) for data in together] == alone
    assert "Page 2 of 2" in alone[0][1]
    assert "Page 1 of 2" in alone[0][0]
    for data in together:
        with pikepdf.open(io.BytesIO(data)) as file:
            pages = [one for one in file.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Page"]
            assert len(pages) == len(file.pages), "a page of somebody else hides in the file"
    target = io.BytesIO()
    assert write_print_pdf(letters, target) == len(letters)
    assert text_of(target.getvalue(), tmp_path) == [page for pages in alone for page in pages]


def test_on_both_sides_every_letter_begins_on_the_front_of_a_sheet(soffice, tmp_path):
    one, two = compile(letter_of("Short {{ contact.name }}")), compile(page_numbers())
    target = io.BytesIO()
    write_print_pdf([(one, values(1)), (two, values(2)), (one, values(3)), (one, values(4))], target, both_sides=True)
    pages = text_of(target.getvalue(), tmp_path)
    assert [page.strip()[:5] for page in pages] == ["Short", "", "Refer", "Refer", "Short", "", "Short"]


def test_without_letters_there_is_no_file():
    with pytest.raises(ValueError, match="at least one"):
        write_print_pdf([], io.BytesIO())


def test_a_pdf_whose_letters_cannot_be_told_apart_is_refused(monkeypatch):
    """Better no letters than one contact's page in another's letter."""

    def without_places(sources, **options):
        for source in sources:
            with pikepdf.Pdf.new() as file:
                file.add_blank_page()
                file.save(source.with_suffix(".pdf"))
        return [source.with_suffix(".pdf") for source in sources]

    monkeypatch.setattr(print_pdf, "convert", without_places)
    letter = compile(letter_of("{{ contact.name }}"))
    with pytest.raises(RuleViolation, match="could not make a PDF"):
        list(letter_pdfs([(letter, values(1)), (letter, values(2))]))


def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> Path:
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\n" + script)
    program.chmod(0o755)
    monkeypatch.setattr(pdf, "find_soffice", lambda: str(program))
    source = tmp_path / "letter.docx"
    source.write_bytes(b"")
    return source


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
def test_the_converter_has_bounded_memory_a_home_of_its_own_and_no_way_out(tmp_path, monkeypatch):
    if not pdf._within_memory(pdf.MEMORY_LIMIT):
        pytest.skip("this system bounds no memory")
    script = f'(ulimit -v; echo "$HOME"; echo "$https_proxy"; cat "$HOME/profile/user/registrymodifications.xcu") > {tmp_path}/seen\n'
    source = fake(tmp_path, monkeypatch, script)
    with pytest.raises(RuleViolation):
        convert([source], memory_limit=3 * 1024 * 1024 * 1024)
    limit, home, proxy, *settings = (tmp_path / "seen").read_text().splitlines()
    assert int(limit) == 3 * 1024 * 1024
    assert Path(home).parent == tmp_path
    assert not Path(home).exists()
    assert proxy == "http://127.0.0.1:9"
    assert any("ooInetProxyType" in line for line in settings)


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
def test_what_the_converter_started_ends_with_it(tmp_path, monkeypatch):
    source = fake(tmp_path, monkeypatch, f"sleep 300 &\necho $! > {tmp_path}/child\nwait\n")
    with pytest.raises(RuleViolation, match="took too long"):
        convert([source], time_limit=2)
    child = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 20
    while _runs(child):
        assert time.monotonic() < deadline, "the child of the converter is still there"


def _runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False
