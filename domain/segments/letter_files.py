"""Files with the letters of a segment, open or logged: a print file in line order, or one file per contact in a ZIP.

Up to as many letters as Marketing setup says a print file is one Word file or PDF, above that a ZIP with numbered parts.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import IO

from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.database import writing
from domain.errors import RuleViolation
from domain.interactions.letters import (
    LetterRow,
    finish_letters,
    merged,
    print_rows,
    printable,
    size_of_documents,
    to_print,
)
from domain.interactions.logged_segments import get_logged_segment
from domain.interactions.selection import count_entries
from domain.jobs.kinds import work_of_kind
from domain.jobs.models import Job
from domain.jobs.queue import Running, queue_job
from domain.letters.letter_files import safe_name, write_letters_zip, write_print_file_parts
from domain.letters.missing import Blanks, recording_blanks
from domain.letters.print_file import NEXT_PAGE, ODD_PAGE, write_print_file
from domain.letters.print_pdf import write_pdfs_zip, write_print_pdf, write_print_pdf_parts
from domain.messages import say
from domain.segments.line_letter import count_letters_on_paper, print_rows_of_lines, size_of_letters_on_paper
from domain.segments.queries import get_open_segment
from domain.setup.queries import marketing_setup

KIND = "letter file"
PRINT, ZIP = "print", "zip"
ON_PAPER_STATES = ("to_print", "printed", "posted", "returned")
Progress = Callable[[int, int], None]
STEP = 25


@dataclass(frozen=True)
class LetterFile:
    """A file that was made: where it is, the name people save it under, how many letters it has, which with blanks."""

    path: Path
    name: str
    letters: int
    blanks: Blanks


@dataclass(frozen=True)
class Wanted:
    """What to make: "print" or "zip", of the open or the logged segment with this number.

    `pdf`: PDF instead of Word. `both_sides`: in a print file each letter begins on the front of a sheet.
    """

    what: str
    segment_no: str
    logged: bool
    pdf: bool = False
    both_sides: bool = False


@dataclass(frozen=True)
class Size:
    """How many letters a file would have, and about how many bytes they would be one by one."""

    letters: int
    bytes: int


def count_letters(session: Session, wanted: Wanted) -> int:
    """How many letters the file would have."""
    if wanted.logged:
        entries = to_print(get_logged_segment(session, wanted.segment_no), statuses=ON_PAPER_STATES)
        return count_entries(session, entries) if session.scalar(entries.limit(1)) is not None else 0
    return count_letters_on_paper(session, get_open_segment(session, wanted.segment_no))


def size_of_letters(session: Session, wanted: Wanted) -> Size:
    """How large one file per contact would be: a letter is about as large as the document it is made from.

    Raises `RuleViolation` when there is no letter to print.
    """
    letters = _must_have_letters(session, wanted)
    if wanted.logged:
        entries = to_print(get_logged_segment(session, wanted.segment_no), statuses=ON_PAPER_STATES)
        return Size(letters, size_of_documents(session, entries))
    return Size(letters, size_of_letters_on_paper(session, get_open_segment(session, wanted.segment_no)))


def _must_have_letters(session: Session, wanted: Wanted) -> int:
    letters = count_letters(session, wanted)
    if not letters:
        raise RuleViolation(
            say(
                "Segment %(no)s has no letter to print: no line with a Word letter and correspondence type Hard copy.",
                no=wanted.segment_no,
            )
        )
    return letters


def is_long_work(session: Session, wanted: Wanted) -> bool:
    """Whether the file is better made in the background: more letters than one print file has, or a PDF."""
    return wanted.pdf or count_letters(session, wanted) > marketing_setup(session).letters_per_file


def finish(session: Session, wanted: Wanted, *, by: Actor) -> None:
    """Fixes the texts of a logged segment's letters before they are printed: they never change again (A6)."""
    if wanted.logged:
        entries = to_print(get_logged_segment(session, wanted.segment_no), statuses=ON_PAPER_STATES)
        finish_letters(session, entries, by=by)


def make_letter_file(
    session: Session,
    wanted: Wanted,
    *,
    folder: str,
    by: Actor,
    prefix: str = "",
    progress: Progress = lambda done, total: None,
) -> LetterFile:
    """Writes the file into `folder`, under a name of its own that begins with `prefix`.

    Raises `RuleViolation` when there is no letter to print.
    """
    by.must_be_allowed("print letters")
    total = _must_have_letters(session, wanted)
    per_file = marketing_setup(session).letters_per_file
    rows = _counted(_rows(session, wanted, by=by), total, progress)
    path = Path(folder) / f"{prefix}{uuid.uuid4().hex}.part"
    in_parts = wanted.what == ZIP or total > per_file
    extension = ".zip" if in_parts else ".pdf" if wanted.pdf else ".docx"
    try:
        with path.open("w+b") as target, recording_blanks() as blanks:
            written = _write(session, wanted, rows, target, per_file=per_file, in_parts=in_parts)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    final = path.with_suffix(extension)
    path.replace(final)
    title = by.write(say("Letters %(no)s", no=wanted.segment_no))
    return LetterFile(final, safe_name(title, extension), written, blanks)


def _write(
    session: Session, wanted: Wanted, rows: Iterator[LetterRow], target: IO[bytes], *, per_file: int, in_parts: bool
) -> int:
    if wanted.what == ZIP and wanted.pdf:
        return write_pdfs_zip(((row.name, printable(session, row)) for row in rows), target)
    if wanted.what == ZIP:
        return write_letters_zip(((row.name, merged(session, row)) for row in rows), target)
    letters = (printable(session, row) for row in rows)
    if wanted.pdf:
        if in_parts:
            return write_print_pdf_parts(letters, target, letters_per_file=per_file, both_sides=wanted.both_sides)
        return write_print_pdf(letters, target, both_sides=wanted.both_sides)
    start = ODD_PAGE if wanted.both_sides else NEXT_PAGE
    if in_parts:
        return write_print_file_parts(letters, target, letters_per_file=per_file, start=start)
    return write_print_file(letters, target, start=start)


def queue_letter_file(session: Session, wanted: Wanted, *, by: Actor) -> Job:
    """Puts the making of a large file into the list of background work."""
    by.must_be_allowed("print letters")
    title = by.write(say("Letters of segment %(no)s", no=wanted.segment_no))
    return queue_job(session, KIND, asdict(wanted), title=title, by=by)


@work_of_kind(KIND)
def make_in_background(running: Running) -> None:
    """Makes the file outside any writing transaction, then marks the job done.

    What a worker that was killed at the same job has left behind goes first.
    """
    prefix = f"job-{running.job_id}-"
    for left in Path(running.folder).glob(f"{prefix}*"):
        left.unlink(missing_ok=True)
    names = {field.name for field in fields(Wanted)}
    wanted = Wanted(**{name: value for name, value in running.arguments.items() if name in names})
    with running.open_session() as session, writing(session):
        finish(session, wanted, by=running.actor)
    with running.open_session() as session:
        made = make_letter_file(
            session,
            wanted,
            folder=running.folder,
            by=running.actor,
            prefix=prefix,
            progress=running.progress,
        )
    with running.open_session() as session, writing(session):
        blank = {"letters": len(made.blanks.whose), "first": made.blanks.first}
        running.finish(session, {"file": made.path.name, "name": made.name, "letters": made.letters, "blank": blank})


def _rows(session: Session, wanted: Wanted, *, by: Actor) -> Iterator[LetterRow]:
    if wanted.logged:
        entries = to_print(get_logged_segment(session, wanted.segment_no), statuses=ON_PAPER_STATES)
        return print_rows(session, entries)
    return print_rows_of_lines(session, get_open_segment(session, wanted.segment_no), by=by)


def _counted(rows: Iterable[LetterRow], total: int, progress: Progress) -> Iterator[LetterRow]:
    for n, row in enumerate(rows):
        if n % STEP == 0:
            progress(n, total)
        yield row
