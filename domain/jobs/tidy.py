"""Files that jobs left and jobs that ended long ago: they hold names and addresses, so they go (decision 0021)."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from pathlib import Path

from sqlalchemy import delete
from sqlalchemy.orm import Session

from domain.jobs.models import Job

FILES_KEPT_FOR = dt.timedelta(days=30)
JOBS_KEPT_FOR = dt.timedelta(days=90)


def remove_old_files(folder: str, *, now: dt.datetime) -> int:
    """Removes files of the folder that are older than 30 days; those another process removes first do not count. Returns
    how many."""
    limit, removed = (now - FILES_KEPT_FOR).timestamp(), 0
    for file in Path(folder).iterdir():
        with suppress(FileNotFoundError):
            if file.is_file() and file.stat().st_mtime < limit:
                file.unlink()
                removed += 1
    return removed


def remove_old_jobs(session: Session, *, now: dt.datetime) -> int:
    """Removes jobs that ended more than 90 days ago. Returns how many."""
    gone = session.execute(delete(Job).where(Job.finished_at < now - JOBS_KEPT_FOR).returning(Job.id))
    return len(gone.all())
