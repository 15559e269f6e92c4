"""What imports keep of people: the file, former values, sentences about rows. It goes when nobody needs it any more
(decision 0021).
"""

from __future__ import annotations

import datetime as dt
import json

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from domain.contacts.models import ContactImport, ContactImportRow

DRAFTS_KEPT_FOR = dt.timedelta(days=30)
FILES_KEPT_FOR = dt.timedelta(days=90)
DONE_WITH = ("done", "undone", "failed")


def tidy_imports(session: Session, *, now: dt.datetime) -> tuple[int, int]:
    """Removes imports that were never run and are older than 30 days, and takes file, former values and problems out of
    those older than 90 days: after that they cannot be undone. Returns how many of each.
    """
    drafts = session.execute(
        delete(ContactImport)
        .where(ContactImport.state == "draft", ContactImport.created_at < now - DRAFTS_KEPT_FOR)
        .returning(ContactImport.id)
    ).all()
    old = session.scalars(
        select(ContactImport).where(
            ContactImport.state.in_(DONE_WITH),
            ContactImport.created_at < now - FILES_KEPT_FOR,
            ContactImport.document_id.is_not(None),
        )
    ).all()
    for one in old:
        counts = json.loads(one.counts)
        counts.pop("problems", None)
        one.document_id, one.counts = None, json.dumps(counts)
    emptied = [one.id for one in old]
    session.execute(update(ContactImportRow).where(ContactImportRow.import_id.in_(emptied)).values(before=""))
    session.flush()
    return len(drafts), len(old)
