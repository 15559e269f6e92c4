"""Interactions that begin from a task, and the task that closes when they are finished (segments.md 6.1, contacts.md 2.15)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.interactions.beginning import begin_interaction
from domain.interactions.calls import begin_call
from domain.interactions.draft_models import InteractionDraft
from domain.interactions.models import InteractionLogEntry
from domain.segments.line_calls import finish_call_of_line
from domain.tasks.models import PHONE_CALL, Task
from domain.tasks.tasks import close_task, is_own


def begin_interaction_of_task(
    session: Session, task: Task, *, form_key: str, call: bool | None = None, by: Actor
) -> InteractionDraft:
    """A new interaction, not stored, with contact, salesperson, campaign and description of the task (6.1).

    A phone call when the task is one (`call` None) or `call` says so, and there is a contact. Raises as
    `begin_interaction` and `begin_call`.
    """
    wanted = task.type == PHONE_CALL if call is None else call
    salesperson = task.salesperson if task.salesperson is not None and not task.salesperson.blocked else None
    if wanted and task.contact is not None:
        draft = begin_call(session, task.contact, form_key=form_key, by=by)
        draft.salesperson_id = salesperson.id if salesperson is not None else draft.salesperson_id
        draft.campaign_id = task.campaign_id
    else:
        draft = begin_interaction(
            session, form_key=form_key, contact=task.contact, salesperson=salesperson, campaign=task.campaign, by=by
        )
    draft.description = task.description
    draft.task_id = task.id
    return draft


def finish_interaction_of_task(
    session: Session, draft: InteractionDraft, *, accepted_date: dt.date | None = None, by: Actor
) -> InteractionLogEntry:
    """Finishes an interaction; the task it began from is closed with it if it is open and the actor may close it (2.15).

    A task that is gone meanwhile is passed over: what took place is logged. Raises as `finish_interaction`.
    """
    task = session.scalar(select(Task).where(Task.id == draft.task_id).with_for_update())
    draft.task_id = task.id if task is not None else None
    entry = finish_call_of_line(session, draft, accepted_date=accepted_date, by=by)
    if task is not None and not task.closed and by.may("edit tasks", own=is_own(task, by=by)):
        close_task(session, task, by=by)
    return entry
