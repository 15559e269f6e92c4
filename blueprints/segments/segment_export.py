"""Export contacts: who exported last, and the file."""

from __future__ import annotations

import tempfile

from flask import Blueprint, request, send_file
from flask_babel import gettext

from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, page_or_fragment
from blueprints.web.languages import choose_locale, translate
from domain.errors import RuleViolation
from domain.segments.export_contacts import CSV, last_export, look_at_export, record_export, write_csv, write_xlsx
from domain.segments.queries import get_open_segment

bp = Blueprint("segment_export", __name__, url_prefix="/segments/<known:segment_no>/export")


@bp.get("/")
def show(segment_no: str) -> Answer:
    """What the file would hold, and who exported last."""
    return _dialog(segment_no)


@bp.post("/")
def create(segment_no: str) -> Answer:
    """Notes who exports, then the file."""
    by, wanted = actor(), request.form.get("format", "")
    try:
        with transaction() as session:
            record_export(session, get_open_segment(session, segment_no), wanted, by=by)
    except RuleViolation as refusal:
        if refusal.field != "format":
            raise
        return _dialog(segment_no, 422, error=translate(refusal.message))
    session = reading()
    segment = get_open_segment(session, segment_no)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    if wanted == CSV:
        # where numbers have a decimal comma, spreadsheets separate by semicolons
        separator = "," if choose_locale().startswith("en") else ";"
        write_csv(session, segment, file, separator=separator, by=by)
    else:
        write_xlsx(session, segment, file, by=by)
    file.seek(0)
    name = gettext("Contacts of %(no)s", no=segment.no)
    kinds = {CSV: "text/csv; charset=utf-8"}
    mimetype = kinds.get(wanted, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    return send_file(file, mimetype=mimetype, as_attachment=True, download_name=f"{name}.{wanted}")


def _dialog(segment_no: str, status: int = 200, **values: object) -> Answer:
    session = reading()
    segment = get_open_segment(session, segment_no)
    partial = "segments/_export_dialog.html"
    known = {
        "title": gettext("Export the contacts of segment %(no)s", no=segment.no),
        "segment": segment,
        "found": look_at_export(session, segment, by=actor()),
        "last": last_export(session, segment),
        "partial": partial,
    }
    return page_or_fragment("shared/dialog_page.html", partial, status, **known, **values)
