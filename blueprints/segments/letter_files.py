"""Print files and ZIPs with the letters of a segment, open or logged."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import BinaryIO

from flask import Blueprint, abort, request, send_file, url_for
from flask_babel import gettext

from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, page_or_fragment
from blueprints.web.jobs import go_to_job
from domain.letters.pdf import find_soffice
from domain.segments.letter_files import (
    PRINT,
    ZIP,
    Wanted,
    finish,
    is_long_work,
    make_letter_file,
    queue_letter_file,
    size_of_letters,
)

bp = Blueprint("letter_files", __name__)
# only Windows has these
_ON_CLOSE = getattr(os, "O_TEMPORARY", 0) | getattr(os, "O_BINARY", 0)
DIALOG = "segments/_letters_dialog.html"


@bp.get("/segments/<known:segment_no>/letters/<what>")
def ask_of_segment(segment_no: str, what: str) -> Answer:
    """How the letters of an open segment are wanted."""
    return _ask(_wanted(what, segment_no, logged=False))


@bp.post("/segments/<known:segment_no>/letters/<what>")
def of_segment(segment_no: str, what: str) -> Answer:
    """The letters of an open segment as they would be logged now."""
    return _answer(_wanted(what, segment_no, logged=False))


@bp.get("/logged-segments/<known:segment_no>/letters/<what>")
def ask_of_logged(segment_no: str, what: str) -> Answer:
    """How the letters of a logged segment are wanted."""
    return _ask(_wanted(what, segment_no, logged=True))


@bp.post("/logged-segments/<known:segment_no>/letters/<what>")
def of_logged(segment_no: str, what: str) -> Answer:
    """The letters of a logged segment, as they were logged."""
    return _answer(_wanted(what, segment_no, logged=True))


def _wanted(what: str, segment_no: str, *, logged: bool) -> Wanted:
    if what not in (PRINT, ZIP):
        abort(404)
    pdf, both_sides = request.form.get("format") == "pdf", bool(request.form.get("both_sides"))
    return Wanted(what, segment_no, logged, pdf=pdf, both_sides=both_sides and what == PRINT)


def _ask(wanted: Wanted) -> Answer:
    """Word or PDF, on one side or both; how many letters there are, and how large they will be one by one.

    Refused when there is none.
    """
    actor().must_be_allowed("print letters")
    size = size_of_letters(reading(), wanted)
    show = "logged_segments.show" if wanted.logged else "segments.show"
    make = "letter_files.of_logged" if wanted.logged else "letter_files.of_segment"
    title = gettext("Print file") if wanted.what == PRINT else gettext("One file per contact (ZIP)")
    return page_or_fragment(
        "shared/dialog_page.html",
        DIALOG,
        partial=DIALOG,
        title=title,
        back_url=url_for(show, segment_no=wanted.segment_no),
        make_url=url_for(make, segment_no=wanted.segment_no, what=wanted.what),
        one_file=wanted.what == PRINT,
        size=size,
        offers_pdf=find_soffice() is not None,
    )


def _answer(wanted: Wanted) -> Answer:
    """The file at once, or the job that makes it."""
    if is_long_work(reading(), wanted):
        with transaction() as session:
            job = queue_letter_file(session, wanted, by=actor())
        return go_to_job(job.id)
    with transaction() as session:
        finish(session, wanted, by=actor())
    with tempfile.TemporaryDirectory(prefix="letters-", ignore_cleanup_errors=True) as folder:
        made = make_letter_file(reading(), wanted, folder=folder, by=actor())
        return send_file(_opened(made.path), as_attachment=True, download_name=made.name)


def _opened(path: Path) -> BinaryIO:
    """A file that is read from disk and goes when it is closed: at once where open files can be removed, else then."""
    return path.open("rb") if os.name == "posix" else os.fdopen(os.open(path, os.O_RDONLY | _ON_CLOSE), "rb")
