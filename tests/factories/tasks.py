"""Tasks for tests."""

from __future__ import annotations

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from domain.contacts.models import Contact
from domain.tasks.models import Task
from tests.factories.setup import NOW, TODAY, make_office

_numbers = count(900_001)


def make_task(session: Session, no: str = "", contact: Contact | None = None, **values: Any) -> Task:
    """An open task of the day, of a contact if one is given."""
    make_office(session)
    facts: dict[str, Any] = {
        "no": no or f"TD{next(_numbers)}",
        "description": "To do",
        "date": TODAY,
        "status": "not_started",
        "contact_id": contact.id if contact is not None else None,
        "created_at": NOW,
        "modified_at": NOW,
    }
    task = Task(**(facts | values))
    session.add(task)
    session.flush()
    return task
