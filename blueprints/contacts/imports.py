"""Importing contacts: upload, columns and options beside the dry run, import, result, failed rows, undo."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext, ngettext

from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, go_to, page
from blueprints.web.jobs import go_to_job
from blueprints.web.languages import translate
from domain.contacts.imports.columns import BY_KEY, FIELDS, guess_surplus_column
from domain.contacts.imports.job import queue_import
from domain.contacts.imports.plan import CREATED, UNCHANGED, UPDATED, Plan, failed_cells
from domain.contacts.imports.run import (
    IN_BACKGROUND,
    begin_import,
    change_settings,
    dry_run,
    get_import,
    import_list,
    run_import,
)
from domain.contacts.imports.settings import ImportSettings, split_markers
from domain.contacts.imports.undo import undo_import
from domain.contacts.models import COMPANY, PERSON, ContactImport
from domain.errors import RuleViolation

bp = Blueprint("contact_imports", __name__, url_prefix="/contacts/imports")
SHOWN_PROBLEMS = 200
SHOWN_ROWS = 5


@bp.get("/")
def index() -> Answer:
    """The imports so far, newest first."""
    rows = [_listed(one) for one in import_list(reading(), by=actor())]
    return page("contacts/imports/index.html", rows=rows)


@bp.get("/new")
def new() -> Answer:
    """Choose a file."""
    actor().must_be_allowed("import contacts")
    return page("contacts/imports/new.html", error=None)


@bp.post("/")
def create() -> Answer:
    """Takes in the file and goes on to columns and dry run."""
    by = actor()
    by.must_be_allowed("import contacts")
    file = request.files.get("file")
    data = file.read() if file else b""
    if not file or not file.filename:
        return page("contacts/imports/new.html", 422, error=gettext("Choose a file."))
    try:
        with transaction() as session:
            started = begin_import(session, data, file_name=file.filename, by=by)
    except RuleViolation as refusal:
        if refusal.field != "file":
            raise
        return page("contacts/imports/new.html", 422, error=translate(refusal.message))
    return go_to(url_for("contact_imports.show", import_id=started.id))


@bp.get("/<int:import_id>")
def show(import_id: int) -> Answer:
    """Columns, options and the dry run; after the import its result."""
    started = get_import(reading(), import_id, by=actor())
    if started.state != "draft":
        return page("contacts/imports/result.html", **_result(started))
    return page("contacts/imports/show.html", **_prepared(started, dry_run(reading(), started)))


@bp.post("/<int:import_id>")
def update(import_id: int) -> Answer:
    """Other columns or options; the dry run is shown anew."""
    with transaction() as session:
        started = get_import(session, import_id, by=actor())
        settings = ImportSettings.from_json(started.settings)
        _read_settings(settings)
        change_settings(session, started, settings, by=actor())
    return go_to(url_for("contact_imports.show", import_id=import_id, _anchor="dry-run"))


@bp.post("/<int:import_id>/run")
def run(import_id: int) -> Answer:
    """Imports; above 2,000 rows in the background."""
    plan = dry_run(reading(), get_import(reading(), import_id, by=actor()))
    if len(plan.sheet.rows) > IN_BACKGROUND:
        with transaction() as session:
            job = queue_import(session, get_import(session, import_id, by=actor()), by=actor())
        return go_to_job(job.id)
    with transaction() as session:
        run_import(session, get_import(session, import_id, by=actor()), by=actor())
    return go_to(url_for("contact_imports.show", import_id=import_id))


@bp.post("/<int:import_id>/undo")
def undo(import_id: int) -> Answer:
    """Takes the import back."""
    with transaction() as session:
        undone = undo_import(session, get_import(session, import_id, by=actor()), by=actor())
    text = ngettext("%(num)d contact was removed again.", "%(num)d contacts were removed again.", undone.removed)
    if undone.restored:
        text += " " + ngettext(
            "%(num)d contact got its former values back.",
            "%(num)d contacts got their former values back.",
            undone.restored,
        )
    if undone.kept:
        text += " " + ngettext(
            "%(num)d contact was kept because it has been changed or used since.",
            "%(num)d contacts were kept because they have been changed or used since.",
            undone.kept,
        )
    return go_to(url_for("contact_imports.show", import_id=import_id), text, "warn" if undone.kept else "ok")


@bp.get("/<int:import_id>/failed.csv")
def failed(import_id: int) -> Answer:
    """The rows that failed with their reasons, to mend and import again."""
    started = get_import(reading(), import_id, by=actor())
    out = io.StringIO()
    settings = ImportSettings.from_json(started.settings)
    writer = csv.writer(out, delimiter=settings.delimiter or ",")
    plan = dry_run(reading(), started)
    reasons = _reasons(started, plan)
    writer.writerow([*plan.sheet.headings, gettext("Problem")])
    for row in plan.sheet.rows:
        if row.no in reasons:
            cells = [*row.cells, *[""] * (len(plan.sheet.headings) - len(row.cells))]
            writer.writerow([*cells, reasons[row.no]])
    answer = Response("\ufeff" + out.getvalue(), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=f"failed-rows-{started.id}.csv")
    return answer


def _read_settings(settings: ImportSettings) -> None:
    """What the form says."""
    form = request.form
    settings.encoding = form.get("encoding", settings.encoding)
    settings.delimiter = {"comma": ",", "semicolon": ";", "tab": "\t"}.get(
        form.get("delimiter", ""), settings.delimiter
    )
    if form.get("quotes") in ("cells", "plain"):
        settings.plain_quotes = form["quotes"] == "plain"
    columns = [form.get(f"column-{n}") for n in range(len(settings.columns))]
    if all(column is not None for column in columns):
        settings.columns = [column or "" for column in columns]
    surplus = form.get("surplus", "")
    settings.surplus = int(surplus) if surplus.lstrip("-").isdigit() and len(surplus) < 4 else -1
    settings.blank_markers = split_markers(form.get("blank_markers", "")[:500])
    settings.update = bool(form.get("update"))
    settings.leave_unknown = bool(form.get("leave_unknown"))
    settings.unknown_codes = form.get("unknown_codes", settings.unknown_codes)


def _prepared(started: ContactImport, plan: Plan) -> dict[str, Any]:
    """Values for the page before the import."""
    headings, rows = plan.sheet.headings, plan.sheet.rows
    columns = [
        {
            "name": f"column-{n}",
            "heading": heading or gettext("Column %(n)s", n=n + 1),
            "value": plan.settings.columns[n],
            "samples": [row.cells[n] if n < len(row.cells) else "" for row in rows[:SHOWN_ROWS]],
        }
        for n, heading in enumerate(headings)
    ]
    guessed = guess_surplus_column(plan.settings.columns)
    return {
        "started": started,
        "plan": plan,
        "columns": columns,
        "field_choices": [(field.key, translate(field.label)) for field in FIELDS],
        "counts": _sentences(plan.counts),
        "new_codes": sum(len(codes) for codes in plan.new_codes.values()),
        "failed": len(plan.failed_rows),
        "problems": [_problem(p) for p in plan.problems[:SHOWN_PROBLEMS]],
        "more_problems": max(0, len(plan.problems) - SHOWN_PROBLEMS),
        "open_quotes": [row for row in rows if row.open_quote][:1],
        "surplus_choices": [(str(n), heading) for n, heading in enumerate(headings)],
        "surplus_guess": headings[guessed] if headings else "",
        "surplus_guess_no": guessed,
        "importable": sum(sum(by_type.values()) for outcome, by_type in plan.counts.items() if outcome != UNCHANGED),
        "fields": BY_KEY,
        "delimiter": {",": "comma", ";": "semicolon", "\t": "tab"}[plan.sheet.delimiter],
        "in_background": len(rows) > IN_BACKGROUND,
    }


def _result(started: ContactImport) -> dict[str, Any]:
    """Values for the page after the import."""
    counts = json.loads(started.counts)
    problems = counts.get("problems", [])
    return {
        "started": started,
        "counts": _sentences(counts) if started.state in ("done", "undone") else [],
        "failed": counts.get("failed", 0),
        "problems": [{"row": p[0], "heading": p[1], "text": p[2], "tone": "error"} for p in problems[:SHOWN_PROBLEMS]],
        "more_problems": max(0, len(problems) - SHOWN_PROBLEMS),
        "nothing_new": not any(sum(counts.get(outcome, {}).values()) for outcome in (CREATED, UPDATED)),
    }


def _sentences(counts: dict[str, dict[str, int]]) -> list[tuple[str, str]]:
    """The counts as sentences with a tone."""
    created, updated, unchanged = counts[CREATED], counts[UPDATED], counts[UNCHANGED]
    lines = []
    if n := created[COMPANY]:
        lines.append(("ok", ngettext("%(num)d new company", "%(num)d new companies", n)))
    if n := created[PERSON]:
        lines.append(("ok", ngettext("%(num)d new person", "%(num)d new persons", n)))
    if n := sum(updated.values()):
        lines.append(("ok", ngettext("%(num)d contact gets new values", "%(num)d contacts get new values", n)))
    if n := sum(unchanged.values()):
        lines.append(
            (
                "ok",
                ngettext(
                    "%(num)d contact is there already and stays as it is",
                    "%(num)d contacts are there already and stay as they are",
                    n,
                ),
            )
        )
    return lines


def _problem(problem: Any) -> dict[str, Any]:
    return {
        "row": problem.row_no,
        "heading": problem.heading,
        "text": translate(problem.message),
        "tone": "error" if problem.error else "warn",
    }


def _reasons(started: ContactImport, plan: Plan) -> dict[int, str]:
    """Row number → reasons: as they were at the import, or of the dry run before it."""
    if started.state in ("done", "undone"):
        reasons: dict[int, list[str]] = {}
        for row_no, heading, text in json.loads(started.counts).get("problems", []):
            reasons.setdefault(row_no, []).append(f"{heading}: {text}" if heading else text)
        return {row_no: " ".join(texts) for row_no, texts in reasons.items()}
    return {
        row.no: " ".join(
            f"{p.heading}: {translate(p.message)}" if p.heading else translate(p.message) for p in problems
        )
        for row, problems in failed_cells(plan)
    }


def _listed(started: ContactImport) -> dict[str, Any]:
    """An import as the list shows it."""
    counts = json.loads(started.counts)
    created = sum(counts.get(CREATED, {}).values())
    states = {
        "draft": ("quiet", gettext("Not imported yet")),
        "running": ("busy", gettext("Working…")),
        "done": ("ok", ngettext("%(num)d new contact", "%(num)d new contacts", created)),
        "failed": ("error", gettext("Failed")),
        "undone": ("quiet", gettext("Undone")),
    }
    tone, text = states[started.state]
    return {
        "started": started,
        "url": url_for("contact_imports.show", import_id=started.id),
        "tone": tone,
        "text": text,
    }
