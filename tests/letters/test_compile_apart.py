"""The first compilation of an uploaded file happens in a process of its own, with limits of time and memory."""

from __future__ import annotations

import subprocess
import sys
import time

import docx
import pytest

from domain.errors import RuleViolation
from domain.letters import compile_apart as apart
from domain.letters.compile_apart import compile_apart
from domain.letters.upload import check_upload
from tests.letters.documents import changed, letter_of, saved, texts

ENOUGH_FOR_ONE_LETTER = 72 * 1024 * 1024


def endless() -> bytes:
    """A table cell on which docxtpl's patterns work for hours."""
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).text = "x"
    cell = b"</w:tcPr><w:p>" + b"<w:r><w:t/></w:r>" * 9000 + b'<w:bookmarkStart w:id="1" w:name="{% vm %}"/></w:p>'
    return changed(
        saved(document),
        {"word/document.xml": lambda old: old.replace(b"</w:tcPr><w:p><w:r><w:t>x</w:t></w:r></w:p>", cell)},
    )


def test_a_good_letter_is_compiled():
    assert texts(compile_apart(letter_of("Dear {{ contact.name }}")).letter({"contact.name": "Anna"})) == ["Dear Anna"]


def test_a_refusal_is_the_same_sentence():
    with pytest.raises(RuleViolation) as caught:
        check_upload(letter_of("Dear {{ contact..name }},"), "letter.docx")
    assert str(caught.value) == "A tag cannot be read: “Dear {{ contact..name }},”."
    assert caught.value.field == "document"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits the time that passes, not the processor's")
def test_a_document_that_takes_hours_is_stopped():
    started = time.perf_counter()
    with pytest.raises(RuleViolation, match="takes too long to read"):
        compile_apart(endless(), processor_seconds=1, longest_wait=300)
    assert time.perf_counter() - started < 250


def test_without_limits_of_the_processor_the_clock_ends_it():
    with pytest.raises(RuleViolation, match="takes too long to read"):
        compile_apart(endless(), processor_seconds=1000, longest_wait=3)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a process's memory")
def test_a_document_that_fills_the_memory_is_stopped():
    compile_apart(letter_of("x"), memory=ENOUGH_FOR_ONE_LETTER)
    large = changed(letter_of("x"), {f"word/media/{n}.dat": b"\x00" * 900_000 for n in range(50)})
    with pytest.raises(RuleViolation, match="takes too long to read"):
        compile_apart(large, memory=ENOUGH_FOR_ONE_LETTER)


def test_the_process_knows_no_secrets(monkeypatch):
    seen = {}
    monkeypatch.setenv("SECRET_KEY", "secret")

    def run(command, **options):
        seen.update(options["env"])
        return subprocess.CompletedProcess(command, 0, b"null", b"")

    monkeypatch.setattr(subprocess, "run", run)
    compile_apart(letter_of("x"))
    assert "SECRET_KEY" not in seen


def test_a_failure_of_our_own_is_no_refusal(monkeypatch):
    monkeypatch.setattr(
        subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 1, b"", b"ImportError: x")
    )
    with pytest.raises(RuntimeError, match="ImportError: x"):
        compile_apart(letter_of("x"))


def test_too_large_a_file_starts_nothing(monkeypatch):
    monkeypatch.setattr(subprocess, "run", None)
    with pytest.raises(RuleViolation, match="larger than 10 MB"):
        compile_apart(b"x" * (apart.DEFAULT_MAX_BYTES + 1))
