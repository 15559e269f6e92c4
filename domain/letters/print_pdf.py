"""Letters as PDF, many by one run of LibreOffice: combined in small parts, and parted again at the bookmarks of the letters.

LibreOffice needs a time that grows with the square of the letters in one document, and seconds to start: parts of 25
letters, several parts in one run, are quickest. Where the computer has two cores, two runs work side by side.
"""

from __future__ import annotations

import io
import os
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, count, islice
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

import pikepdf

from domain.errors import RuleViolation
from domain.letters.letter_files import write_letters_zip, write_parts
from domain.letters.package import Package
from domain.letters.pdf import NO_PDF, TIME_LIMIT, convert
from domain.letters.print_file import PAGE_OF_THE_END, Letter, PrintRun
from domain.letters.print_letter import BEGIN_MARK, END_MARK

LETTERS_PER_PART = 25
# so many that LibreOffice has ended, one way or the other, before the lease of a job does
PARTS_PER_RUN = 8
SECONDS_PER_LETTER = 2.0
# a third would only wait for the others, on the small servers of offices
RUNS_SIDE_BY_SIDE = min(2, os.cpu_count() or 1)
NOWHERE = (0, 0)
# what points to other pages, which may be another contact's
POINTS_OUT = ("/Dest", "/A", "/AA", "/P", "/Parent", "/Popup")


@dataclass(frozen=True)
class PdfPages:
    """The pages of one letter in a PDF of several."""

    source: pikepdf.Pdf
    first: int
    end: int

    def alone(self) -> bytes:
        """A PDF of this letter; nothing of the others is in it."""
        target = io.BytesIO()
        with pikepdf.Pdf.new() as own:
            self.append_to(own)
            _save(own, target)
        return target.getvalue()

    def append_to(self, target: pikepdf.Pdf) -> None:
        """Adds the pages to another PDF."""
        target.pages.extend(self.source.pages[self.first : self.end])

    def __len__(self) -> int:
        return self.end - self.first


def letter_pdfs(letters: Iterable[Letter]) -> Iterator[PdfPages]:
    """The pages of each letter in order.

    Raises `RuleViolation` when LibreOffice is missing, fails or takes too long.
    """
    waiting = iter(letters)
    run = PrintRun(pages=PAGE_OF_THE_END, marked=True)
    for first in waiting:
        some = chain([first], islice(waiting, LETTERS_PER_PART * PARTS_PER_RUN - 1))
        with tempfile.TemporaryDirectory(prefix="letters-", ignore_cleanup_errors=True) as folder:
            parts = list(_write_parts(run, some, Path(folder)))
            time_limit = TIME_LIMIT + SECONDS_PER_LETTER * sum(number for _, number in parts)
            results = _convert([path for path, _ in parts], time_limit=time_limit)
            for result, (_, number) in zip(results, parts, strict=True):
                yield from _parted(pikepdf.open(io.BytesIO(result.read_bytes())), number)


def _convert(parts: Sequence[Path], *, time_limit: float) -> list[Path]:
    """The PDFs of Word files in order, by as many runs of LibreOffice as work side by side."""
    runs = [parts[first::RUNS_SIDE_BY_SIDE] for first in range(min(RUNS_SIDE_BY_SIDE, len(parts)))]
    with ThreadPoolExecutor(len(runs)) as workers:
        results = list(workers.map(lambda some: convert(some, time_limit=time_limit), runs))
    return sorted((result for some in results for result in some), key=lambda path: path.name)


def _write_parts(run: PrintRun, letters: Iterator[Letter], folder: Path) -> Iterator[tuple[Path, int]]:
    """Word files of a few letters each, with the number of letters in each.

    LibreOffice prints endnotes at the end of a document: a letter with such notes has one of its own.
    """
    some: list[Letter] = []

    def part() -> tuple[Path, int]:
        path = folder / f"part{next(numbers):03}.docx"
        with path.open("w+b") as target:
            number = run.write(some, target)
        some.clear()
        return path, number

    numbers = count()
    for letter in letters:
        alone = _has_endnotes(letter)
        if some and alone:
            yield part()
        some.append(letter)
        if alone or len(some) == LETTERS_PER_PART:
            yield part()
    if some:
        yield part()


def _has_endnotes(letter: Letter) -> bool:
    if isinstance(letter, bytes):
        package = Package.read(letter)
        return b"<w:endnoteReference" in package.parts[package.main_part()]
    return b"<w:endnoteReference" in letter[0].package.parts[letter[0].main]


def _parted(pdf: pikepdf.Pdf, letters: int) -> Iterator[PdfPages]:
    """The letters of a PDF, by the named places at their beginnings and ends.

    LibreOffice sees the beginning of a letter of one paragraph on the page before; its end is where it is.
    """
    numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    places = _named_places(pdf)

    def page_of(mark: str, letter: int) -> int:
        return numbers.get(places.get(f"{mark}{letter}", NOWHERE), -1)

    begins, last = [], -1
    for letter in range(1, letters + 1):
        begins.append(max(page_of(BEGIN_MARK, letter), last + 1))
        last = page_of(END_MARK, letter)
        if page_of(BEGIN_MARK, letter) < 0 or last < begins[-1]:
            raise RuleViolation(NO_PDF)
    ends = [*begins[1:], len(pdf.pages)]
    for page in pdf.pages:
        _cut_off(page.obj)
    pdf.remove_unreferenced_resources()
    for first, end in zip(begins, ends, strict=True):
        yield PdfPages(pdf, first, end)


def _named_places(pdf: pikepdf.Pdf) -> dict[str, tuple[int, int]]:
    """The named places of a PDF: name → the object of the page."""
    found: list[tuple[str, Any]] = []
    if "/Dests" in pdf.Root:
        found += [(str(name).lstrip("/"), value) for name, value in pdf.Root.Dests.items()]
    if "/Names" in pdf.Root and "/Dests" in pdf.Root.Names:
        found += [(str(name), value) for name, value in pikepdf.NameTree(pdf.Root.Names.Dests).items()]
    places = {}
    for name, value in found:
        place = value.D if isinstance(value, pikepdf.Dictionary) else value
        places[name] = place[0].objgen
    return places


def _cut_off(page: pikepdf.Object) -> None:
    """Takes out of a page what leads to other pages: jumps inside a letter are lost, web addresses stay."""
    for key in ("/B", "/StructParents", "/Tabs"):
        if key in page:
            del page[key]
    for note in page.get("/Annots", []):
        uri = note.A if "/A" in note and note.A.get("/S") == "/URI" else None
        for key in (*POINTS_OUT, "/StructParent"):
            if key in note:
                del note[key]
        if uri is not None:
            note.A = uri


def write_print_pdf(letters: Iterable[Letter], target: IO[bytes], *, both_sides: bool = False) -> int:
    """Writes letters into one PDF in order; gives their number. `both_sides`: each begins on the front of a sheet."""
    count = 0
    sources: list[pikepdf.Pdf] = []
    with pikepdf.Pdf.new() as file:
        for pages in letter_pdfs(letters):
            if not sources or sources[-1] is not pages.source:
                sources.append(pages.source)
            if both_sides and len(file.pages) % 2:
                _, _, width, height = (float(edge) for edge in file.pages[-1].mediabox)
                file.add_blank_page(page_size=(width, height))
            pages.append_to(file)
            count += 1
        if not count:
            raise ValueError("A print file needs at least one letter")
        _save(file, target)
    return count


def write_print_pdf_parts(
    letters: Iterable[Letter], target: IO[bytes], *, letters_per_file: int, both_sides: bool = False
) -> int:
    """A ZIP with numbered PDFs of at most `letters_per_file` letters, in order. Gives the number of letters."""

    def write(some: Iterable[Letter], content: IO[bytes]) -> int:
        return write_print_pdf(some, content, both_sides=both_sides)

    return write_parts(letters, target, write, letters_per_file=letters_per_file, extension=".pdf")


def write_pdfs_zip(letters: Iterable[tuple[str, Letter]], target: IO[bytes]) -> int:
    """A ZIP with a PDF per letter: pairs of name (`letter_name`) and letter. Gives their number."""
    names: deque[str] = deque()

    def remembered() -> Iterator[Letter]:
        for name, letter in letters:
            names.append(name)
            yield letter

    pdfs = ((names.popleft(), pages.alone()) for pages in letter_pdfs(remembered()))
    return write_letters_zip(pdfs, target, extension=".pdf")


def _save(pdf: pikepdf.Pdf, target: IO[bytes]) -> None:
    """Equal letters give equal bytes, as far as LibreOffice does."""
    pdf.save(cast(BinaryIO, target), deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
