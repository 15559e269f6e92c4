"""PDF by LibreOffice: without macros, without network, within a time limit; a clear sentence when it is not there."""

from __future__ import annotations

import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from domain.errors import RuleViolation
from domain.letters import pdf
from tests.letters.documents import changed, letter_of


@pytest.fixture
def soffice():
    if pdf.find_soffice() is None:
        pytest.skip("LibreOffice is not installed")


def test_a_letter_becomes_a_pdf_and_nothing_is_left_behind(soffice, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    data = pdf.to_pdf(letter_of("Dear Åsa,"))
    assert data.startswith(b"%PDF-")
    assert list(tmp_path.iterdir()) == []


def test_two_at_once_do_not_disturb_each_other(soffice):
    with ThreadPoolExecutor(2) as pool:
        assert all(data.startswith(b"%PDF-") for data in pool.map(pdf.to_pdf, [letter_of("one"), letter_of("two")]))


def test_without_libreoffice_there_is_a_sentence(monkeypatch):
    monkeypatch.setattr(pdf, "find_soffice", lambda: None)
    with pytest.raises(RuleViolation) as caught:
        pdf.to_pdf(letter_of("x"))
    assert "LibreOffice is not installed" in str(caught.value)


def test_a_path_that_is_no_program_is_not_found(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setattr(pdf, "PLACES", ())
    assert pdf.find_soffice() is None


def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\n" + script)
    program.chmod(0o755)
    monkeypatch.setattr(pdf, "find_soffice", lambda: str(program))


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
def test_a_failure_and_a_timeout_are_sentences_and_no_process_stays(tmp_path, monkeypatch):
    fake(tmp_path, monkeypatch, "exit 1\n")
    with pytest.raises(RuleViolation, match="could not make a PDF"):
        pdf.to_pdf(letter_of("x"))
    fake(tmp_path, monkeypatch, f"echo $$ > {tmp_path}/pid\nexec sleep 60\n")
    started = time.monotonic()
    with pytest.raises(RuleViolation, match="took too long"):
        pdf.to_pdf(letter_of("x"), time_limit=1)
    assert time.monotonic() - started < 30
    pid = int((tmp_path / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
def test_the_converter_sees_no_network(tmp_path, monkeypatch):
    if not pdf._without_network():
        pytest.skip("this system lets no process give up its network")
    fake(tmp_path, monkeypatch, f"cat /proc/net/dev > {tmp_path}/net\n")
    with pytest.raises(RuleViolation):
        pdf.to_pdf(letter_of("x"))
    interfaces = [line.split(":")[0].strip() for line in (tmp_path / "net").read_text().splitlines() if ":" in line]
    assert interfaces in ([], ["lo"])


def test_a_broken_document_is_a_sentence(soffice):
    with pytest.raises(RuleViolation):
        pdf.to_pdf(b"PK\x03\x04 broken")


def test_a_local_file_is_not_read_into_the_pdf(soffice, tmp_path):
    """A field that includes a file is refused at upload; even unrefused it is not followed."""
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret words")
    field = f'<w:p><w:fldSimple w:instr="INCLUDETEXT &quot;{secret}&quot;"><w:r><w:t>shown</w:t></w:r></w:fldSimple></w:p><w:sectPr'
    data = pdf.to_pdf(
        changed(letter_of("x"), {"word/document.xml": lambda old: old.replace(b"<w:sectPr", field.encode(), 1)})
    )
    (tmp_path / "x.pdf").write_bytes(data)
    try:
        text = subprocess.run(
            ["pdftotext", "x.pdf", "-"], cwd=tmp_path, capture_output=True, check=True, text=True
        ).stdout
    except FileNotFoundError:
        pytest.skip("pdftotext (poppler) is not installed")
    assert "secret words" not in text
