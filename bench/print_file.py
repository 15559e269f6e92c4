"""Print files and PDFs: against docx-mailmerge2 and LibreOffice by itself, how time and memory grow with the letters.

What is measured over many letters runs in processes of its own, so that the memory is that of the print file alone.
"""

from __future__ import annotations

import io
import itertools
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from mailmerge import MailMerge

from bench.letter_contacts import contacts
from bench.letter_documents import MERGE_FIELDS, rich_letter, simple_letter
from bench.measure import Figures, interleaved, timed
from domain.letters.compiled_letter import CompiledLetter, compile
from domain.letters.letter_files import write_print_file_parts
from domain.letters.pdf import convert, find_soffice
from domain.letters.print_file import write_print_file
from domain.letters.print_pdf import write_print_pdf

DOCUMENTS = {"simple": simple_letter, "rich": rich_letter}
LETTERS, REPETITIONS = 500, 5
FEW, MORE, MANY = 1_000, 10_000, 100_000
PDF_LETTERS = 75


def bench_print_file(figures: Figures) -> None:
    """Letters of a simple and a rich document, made from Word's own merge fields."""
    rows = contacts(LETTERS, nasty=False)
    for name, document in DOCUMENTS.items():
        data = document(MERGE_FIELDS)
        compiled = compile(data)
        ours, theirs = interleaved(
            REPETITIONS,
            lambda compiled=compiled: timed(lambda: ours_of(compiled, rows)) / LETTERS,
            lambda data=data: timed(lambda: theirs_of(data, rows)) / LETTERS,
        )
        figures.faster(f"{name} letter in a print file, times faster than docx-mailmerge2", ours, theirs, 6)
    for name in DOCUMENTS:
        of_few, of_more = (apart(name, count)[0] for count in (FEW, MORE))
        figures.ratio(f"{name} print files, {MORE:,} letters / {FEW:,}", of_more, of_few, 12)
        growth = apart(name, MANY)[1] - apart(name, FEW)[1]
        figures.amount(f"{name} print files, memory more for {MANY:,} letters than for {FEW:,}", growth, "MB", 40)
    if find_soffice() is None:
        print("      PDF: not measured, there is no LibreOffice here", flush=True)
        return
    for name, document in DOCUMENTS.items():
        compiled = compile(document(MERGE_FIELDS))
        some = [(compiled, row) for row in rows[:PDF_LETTERS]]
        combined, batch = interleaved(
            2,
            lambda some=some: timed(lambda: write_print_pdf(some, io.BytesIO())) / PDF_LETTERS,
            lambda some=some: batch_of(some) / PDF_LETTERS,
        )
        figures.faster(f"{name} letter as PDF, times faster than one call of LibreOffice", combined, batch, 2)


def ours_of(compiled: CompiledLetter, rows: list[dict[str, str]]) -> None:
    """One print file."""
    write_print_file([(compiled, row) for row in rows], io.BytesIO())


def theirs_of(data: bytes, rows: list[dict[str, str]]) -> None:
    """As docx-mailmerge2's documentation shows it: each letter in a section of its own."""
    with MailMerge(io.BytesIO(data)) as document:
        document.merge_templates(
            [{tag.replace(".", "_"): text for tag, text in row.items()} for row in rows], "nextPage_section"
        )
        document.write(io.BytesIO())


def batch_of(letters: list[tuple[CompiledLetter, dict[str, str]]]) -> float:
    """Seconds for a PDF of each letter, all converted by one call."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        sources = [Path(folder, f"{number:04}.docx") for number in range(len(letters))]
        for source, (compiled, row) in zip(sources, letters, strict=True):
            source.write_bytes(compiled.letter(row))
        return timed(lambda: convert(sources, time_limit=900))


def apart(name: str, count: int) -> tuple[float, float]:
    """Seconds and memory (MB) of print files of `count` letters, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.print_file", name, str(count)], check=True, capture_output=True, text=True
    )
    seconds, memory = done.stdout.split()
    return float(seconds), float(memory)


def write_many(name: str, count: int) -> None:
    """Print files of `count` letters on disk; prints seconds of work and the most memory (MB)."""
    compiled = compile(DOCUMENTS[name](MERGE_FIELDS))
    rows = contacts(LETTERS, nasty=False)
    with tempfile.TemporaryFile() as target:
        write_print_file_parts(letters_of(compiled, rows, LETTERS), target)
        target.seek(0)
        started = time.process_time()
        write_print_file_parts(letters_of(compiled, rows, count), target)
        seconds = time.process_time() - started
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit)


def letters_of(
    compiled: CompiledLetter, rows: list[dict[str, str]], count: int
) -> Iterator[tuple[CompiledLetter, dict[str, str]]]:
    """`count` letters, each of another contact."""
    for number, row in enumerate(itertools.islice(itertools.cycle(rows), count)):
        yield compiled, row | {"contact.no": f"CT{number:06}"}


if __name__ == "__main__":
    write_many(sys.argv[1], int(sys.argv[2]))
