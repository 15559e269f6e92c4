"""Tidying up: what is kept of people no longer than it is needed (A4, decision 0021). The worker does it once a day."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy.orm import Session

from blueprints.web.actor import now
from blueprints.web.database import db
from domain.contacts.imports.tidy import tidy_imports
from domain.database import writing
from domain.documents.clean import clean_documents
from domain.jobs.tidy import remove_old_files, remove_old_jobs

log = logging.getLogger("segmenta.tidying")


@dataclass(frozen=True)
class Tidied:
    """How much went: stored files nobody refers to, files and jobs of background work, imports begun and emptied."""

    documents: int
    files: int
    jobs: int
    imports_begun: int
    imports_emptied: int


def jobs_folder() -> str:
    """Where jobs leave files for people; made when it is not there."""
    folder = Path(current_app.config.get("JOBS_FOLDER") or Path(current_app.instance_path) / "jobs")
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)


def tidy_up() -> Tidied:
    """Removes what has been kept long enough. Needs an application context; several at once do no harm."""
    moment = now()
    files = remove_old_files(jobs_folder(), now=moment)
    with Session(db.engine) as session, writing(session):
        jobs = remove_old_jobs(session, now=moment)
    with Session(db.engine) as session, writing(session):
        begun, emptied = tidy_imports(session, now=moment)
    documents = clean_documents(lambda: Session(db.engine), now=moment)
    done = Tidied(documents, files, jobs, begun, emptied)
    log.info("Tidied up: %s", done)
    return done
