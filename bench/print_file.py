"""Print files and PDFs: against docx-mailmerge2 and LibreOffice by itself, how time and memory grow with the letters.

Print files are measured in processes of their own, so that neither memory nor time is another program's.
"""

from __future__ import annotations

import io
import itertools
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
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
Work = Callable[[], object]


def bench_print_file(figures: Figures) -> None:
    """Letters of a simple and a rich document, made from Word's own merge fields."""
    for name in DOCUMENTS:
        ours, theirs = interleaved(
            REPETITIONS,
            lambda name=name: apart("ours", name, LETTERS)[0],
            lambda name=name: apart("theirs", name, LETTERS)[0],
        )
        figures.faster(
            f"{name} letter in a print file, times faster than docx-mailmerge2", ours / LETTERS, theirs / LETTERS, 6
        )
    for name in DOCUMENTS:
        of_few, of_more = (apart("parts", name, count)[0] for count in (FEW, MORE))
        figures.ratio(f"{name} print files, {MORE:,} letters / {FEW:,}", of_more, of_few, 12)
        growth = apart("parts", name, MANY)[1] - apart("parts", name, FEW)[1]
        figures.amount(f"{name} print files, memory more for {MANY:,} letters than for {FEW:,}", growth, "MB", 40)
    if find_soffice() is None:
        print("      PDF: not measured, there is no LibreOffice here", flush=True)
        return
    rows = contacts(LETTERS, nasty=False)
    for name, document in DOCUMENTS.items():
        compiled = compile(document(MERGE_FIELDS))
        some = [(compiled, row) for row in rows[:PDF_LETTERS]]
        combined, batch = interleaved(
            2,
            lambda some=some: timed(lambda: write_print_pdf(some, io.BytesIO())) / PDF_LETTERS,
            lambda some=some: batch_of(some) / PDF_LETTERS,
        )
        figures.faster(f"{name} letter as PDF, times faster than one call of LibreOffice", combined, batch, 2)


def ours(name: str, count: int) -> Work:
    """One print file."""
    compiled, rows = compile(DOCUMENTS[name](MERGE_FIELDS)), contacts(count, nasty=False)
    return lambda: write_print_file([(compiled, row) for row in rows], io.BytesIO())


def theirs(name: str, count: int) -> Work:
    """The same letters by docx-mailmerge2."""
    data, rows = DOCUMENTS[name](MERGE_FIELDS), contacts(count, nasty=False)
    return lambda: theirs_of(data, rows)


def parts(name: str, count: int) -> Work:
    """Print files of `count` letters on disk."""
    compiled, rows = compile(DOCUMENTS[name](MERGE_FIELDS)), contacts(LETTERS, nasty=False)

    def work() -> None:
        with tempfile.TemporaryFile() as target:
            write_print_file_parts(letters_of(compiled, rows, count), target)

    return work


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


def apart(what: str, name: str, count: int) -> tuple[float, float]:
    """Seconds and memory (MB) of `count` letters, in a process of its own: no program tidies up after another's letters."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.print_file", what, name, str(count)], check=True, capture_output=True, text=True
    )
    seconds, memory = done.stdout.split()
    return float(seconds), float(memory)


def measure(what: str, name: str, count: int) -> None:
    """Prints seconds of work, after a first few letters, and the most memory (MB)."""
    KINDS[what](name, min(count, LETTERS))()
    work = KINDS[what](name, count)
    started = time.process_time()
    work()
    seconds = time.process_time() - started
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit)


def letters_of(
    compiled: CompiledLetter, rows: list[dict[str, str]], count: int
) -> Iterator[tuple[CompiledLetter, dict[str, str]]]:
    """`count` letters, each of another contact."""
    for number, row in enumerate(itertools.islice(itertools.cycle(rows), count)):
        yield compiled, row | {"contact.no": f"CT{number:06}"}


KINDS = {"ours": ours, "theirs": theirs, "parts": parts}

if __name__ == "__main__":
    measure(sys.argv[1], sys.argv[2], int(sys.argv[3]))
