"""Leading people to background work they have asked for."""

from __future__ import annotations

from flask import current_app, url_for

from blueprints.web.fragments import Answer, go_to


def go_to_job(job_id: int) -> Answer:
    """Wakes the worker and shows how far the work is. Call it after the transaction that queued the job."""
    if worker := current_app.extensions.get("worker"):
        worker.wake()
    return go_to(url_for("jobs.show", job_id=job_id))
