"""The letter of one line: merged, and as the document it is made from."""

from __future__ import annotations

import io

from flask import Blueprint, request, send_file

from blueprints.web.actor import actor
from blueprints.web.database import reading
from blueprints.web.fragments import (
    Answer,
)
from domain.documents.store import get_document, read_document
from domain.errors import NotFound
from domain.letters.pdf import to_pdf
from domain.messages import say
from domain.segments.line_letter import letter_of_line
from domain.segments.line_queries import line_row
from domain.segments.lines import get_line
from domain.segments.queries import get_open_segment

bp = Blueprint("line_letters", __name__, url_prefix="/segments/<known:segment_no>/lines")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.get("/<int:line_no>/letter")
def letter(segment_no: str, line_no: int) -> Answer:
    """The merged letter of a line: the Word file, or a PDF in the browser with `?as=pdf`."""
    session = reading()
    segment = get_open_segment(session, segment_no)
    made = letter_of_line(session, segment, get_line(session, segment, line_no), by=actor())
    if request.args.get("as") == "pdf" and made.file_name.endswith(".docx"):
        content = to_pdf(made.content)
        return send_file(io.BytesIO(content), mimetype="application/pdf", download_name=made.file_name[:-5] + ".pdf")
    kind = WORD if made.file_name.endswith(".docx") else "application/octet-stream"
    return send_file(io.BytesIO(made.content), mimetype=kind, as_attachment=True, download_name=made.file_name)


@bp.get("/<int:line_no>/document")
def document(segment_no: str, line_no: int) -> Answer:
    """The document of a line, unmerged: to change it for this contact."""
    session = reading()
    segment = get_open_segment(session, segment_no)
    row = line_row(session, segment, line_no)
    if row is None or row.document_id is None:
        raise NotFound(say("This line has no letter."))
    stored = get_document(session, row.document_id)
    return send_file(io.BytesIO(read_document(session, stored)), as_attachment=True, download_name=stored.file_name)
