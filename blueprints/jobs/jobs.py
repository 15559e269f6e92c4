"""Background work: the list of one's jobs, one job with its progress, what it left, taking it back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, render_template, send_from_directory, url_for
from flask_babel import gettext, ngettext

from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, go_to, page, wants_fragment
from blueprints.web.languages import choose_locale
from blueprints.web.tidying import jobs_folder
from domain.errors import NotFound
from domain.jobs.kinds import give_up
from domain.jobs.models import Job
from domain.jobs.queue import UNFINISHED, arguments_of, cancel_job, get_job, job_list, result_of, waits_for_worker
from domain.letters.merge_fields import BY_TAG
from domain.messages import say

bp = Blueprint("jobs", __name__, url_prefix="/jobs")


@bp.get("/")
def index() -> Answer:
    """The user's latest jobs."""
    return page("jobs/index.html", jobs=[described(job) for job in job_list(reading(), by=actor())])


@bp.get("/<int:job_id>")
def show(job_id: int) -> Answer:
    """One job. The partial asks for itself until the work is done."""
    found = get_job(reading(), job_id, by=actor())
    job = {**described(found), "warning": _warning(found)}
    if wants_fragment():
        return current_app.make_response(render_template("shared/_job.html", **job))
    answer = page("shared/job.html", **job)
    if not job["ended"]:
        answer.headers["Refresh"] = "3"
    return answer


@bp.post("/<int:job_id>/delete")
def delete(job_id: int) -> Answer:
    """Takes back a job that has not begun."""
    with transaction() as session:
        job = get_job(session, job_id, by=actor())
        cancel_job(session, job, by=actor())
        give_up(session, job.kind, arguments_of(job))
    return go_to(url_for("jobs.index"), gettext("The job was taken back."))


@bp.get("/<int:job_id>/file")
def file(job_id: int) -> Answer:
    """The file a job left, as a download."""
    job = get_job(reading(), job_id, by=actor())
    result = result_of(job)
    folder = jobs_folder()
    if "file" not in result or not (Path(folder) / result["file"]).is_file():
        raise NotFound(say("This file is no longer here. Make it again."))
    return send_from_directory(
        folder, result["file"], as_attachment=True, download_name=result.get("name", result["file"])
    )


def described(job: Job) -> dict[str, Any]:
    """A job as the templates show it."""
    result = result_of(job)
    texts = {
        "queued": gettext("Waiting to begin…"),
        "running": gettext("Working…"),
        "done": gettext("Done."),
        "failed": job.error,
        "canceled": gettext("Taken back."),
    }
    ended = job.state not in UNFINISHED
    text = texts[job.state]
    if job.state == "running" and job.total:
        text = gettext("%(done)s of %(total)s", done=job.done, total=job.total)
    open_url, open_label = _result_url(result), gettext("Open")
    if "file" in result and job.state == "done":
        if (Path(jobs_folder()) / result["file"]).is_file():
            open_url, open_label = url_for("jobs.file", job_id=job.id), gettext("Download")
        else:
            text = gettext("Done. The file was deleted after 30 days; make it again when you need it.")
    return {
        "job": job,
        "job_url": url_for("jobs.show", job_id=job.id),
        "title": job.title,
        "done": job.total if job.state == "done" else job.done,
        "total": job.total,
        "text": text,
        "ended": ended,
        "results": result.get("text", ""),
        "blanks": _blanks(result.get("blank")),
        "back_url": _result_url(result) or url_for("jobs.index"),
        "open_url": open_url if job.state == "done" else "",
        "open_label": open_label,
        "cancel_url": url_for("jobs.delete", job_id=job.id) if job.state == "queued" else "",
        "tone": {"done": "ok", "failed": "error", "canceled": "quiet"}.get(job.state, "busy"),
    }


def _result_url(result: dict[str, Any]) -> str:
    """Where to see what a job did, '' for nowhere: the worker names the thing, the page knows its address."""
    if "key" in result:
        shown = {name: result[name] for name in ("segment_no", "key", "first", "last")}
        return url_for("segment_reuse.report", **shown)
    if "emptied" in result:
        return url_for("segment_steps.ask_reset", segment_no=result["segment_no"])
    if "segment_no" in result:
        return url_for("segments.show", segment_no=result["segment_no"])
    if "tasks_of_segment" in result:
        return url_for("tasks.index", segment=result["tasks_of_segment"])
    if "logged_segment_no" in result:
        return url_for("logged_segments.show", segment_no=result["logged_segment_no"])
    if "import_id" in result:
        return url_for("contact_imports.show", import_id=result["import_id"])
    return ""


def _blanks(blank: dict[str, Any] | None) -> dict[str, Any] | None:
    """Letters that were printed with blank fields: how many, and the first with their fields in the reader's words."""
    if not blank or not blank["letters"]:
        return None
    locale, number = choose_locale(), blank["letters"]
    return {
        "text": ngettext("%(num)d letter has empty fields.", "%(num)d letters have empty fields.", number),
        "first": [
            (whose, ", ".join(BY_TAG[tag].name(locale) if tag in BY_TAG else tag for tag in tags))
            for whose, tags in blank["first"].items()
        ],
        "more": number - len(blank["first"]),
    }


def _warning(job: Job) -> str:
    """What people are told about a job that nobody takes."""
    if not waits_for_worker(reading(), job, now=actor().now):
        return ""
    return gettext(
        "No worker has taken this work yet. Ask whoever runs Segmenta to start it with “flask --app app serve”: "
        "“flask run” answers pages only."
    )
