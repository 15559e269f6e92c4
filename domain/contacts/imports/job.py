"""A large import as background work."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.imports.run import get_import, run_import
from domain.contacts.models import ContactImport
from domain.database import writing
from domain.jobs.kinds import when_given_up, work_of_kind
from domain.jobs.models import Job
from domain.jobs.queue import Running, queue_job
from domain.messages import say

KIND = "import contacts"


def queue_import(session: Session, started: ContactImport, *, by: Actor) -> Job:
    """Puts the import into the list of background work."""
    by.must_be_allowed("import contacts")
    title = by.write(say("Import of %(file)s", file=started.file_name))
    started.state = "running"
    return queue_job(session, KIND, {"import_id": started.id}, title=title, by=by)


@work_of_kind(KIND)
def import_in_background(running: Running) -> None:
    """Imports the file in one transaction together with the job's end."""
    import_id = int(running.arguments["import_id"])
    with running.open_session() as session, writing(session):
        started = get_import(session, import_id, by=running.actor)
        run_import(session, started, by=running.actor)
        running.finish(session, {"import_id": import_id})


@when_given_up(KIND)
def may_be_run_again(session: Session, arguments: dict[str, Any]) -> None:
    """An import whose work was refused or failed is as it was before: it can be changed and started again."""
    session.get_one(ContactImport, int(arguments["import_id"])).state = "draft"
