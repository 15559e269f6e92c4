"""Make phone call: from a contact, a line of a segment or a task (segments.md 6.5)."""

from __future__ import annotations

from flask import Blueprint, request
from sqlalchemy.orm import Session

from blueprints.interactions.interaction_form import new_key
from blueprints.interactions.interaction_view import show_form
from blueprints.web.actor import actor
from blueprints.web.database import reading
from blueprints.web.fragments import Answer
from domain.contacts.queries import get_contact
from domain.interactions.calls import begin_call, prefer_mobile
from domain.interactions.draft_models import InteractionDraft
from domain.segments.line_calls import begin_call_of_line
from domain.segments.lines import get_line
from domain.segments.queries import get_open_segment
from domain.tasks.interactions import begin_interaction_of_task
from domain.tasks.queries import get_task

bp = Blueprint("calls", __name__, url_prefix="/interactions/call")


def _shown(session: Session, draft: InteractionDraft) -> Answer:
    """The form; on a telephone the mobile number comes first (R-PC01)."""
    return show_form(prefer_mobile(session, draft) if "Mobi" in request.user_agent.string else draft)


@bp.get("/contacts/<known:no>")
def of_contact(no: str) -> Answer:
    """A call to a contact: its numbers, then the result."""
    session = reading()
    return _shown(session, begin_call(session, get_contact(session, no), form_key=new_key(), by=actor()))


@bp.get("/segments/<known:segment_no>/lines/<int:line_no>")
def of_line(segment_no: str, line_no: int) -> Answer:
    """A call to the contact of a line."""
    session = reading()
    segment = get_open_segment(session, segment_no)
    line = get_line(session, segment, line_no)
    return _shown(session, begin_call_of_line(session, segment, line, form_key=new_key(), by=actor()))


@bp.get("/tasks/<known:no>")
def of_task(no: str) -> Answer:
    """A call to the contact of a task; the task is closed with it."""
    session = reading()
    task = get_task(session, no)
    return _shown(session, begin_interaction_of_task(session, task, form_key=new_key(), call=True, by=actor()))
