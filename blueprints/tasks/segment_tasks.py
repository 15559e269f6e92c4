"""One task per contact of a segment: the question with the numbers, then the tasks (R-TK01)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as lazy
from wtforms import BooleanField, StringField
from wtforms.validators import Length

from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fields import ChoiceField, TypedDateField
from blueprints.web.formats import format_number
from blueprints.web.forms import Form
from blueprints.web.fragments import Answer, go_to, page_or_fragment
from blueprints.web.jobs import go_to_job
from blueprints.web.words import TASK_PRIORITY_NAMES, TASK_TYPE_NAMES
from domain.segments.models import Segment
from domain.segments.queries import get_open_segment
from domain.tasks import segment_job
from domain.tasks.segment_job import queue_segment_tasks
from domain.tasks.segment_tasks import Expected, NewTasks, create_segment_tasks, expected_tasks

bp = Blueprint("segment_tasks", __name__, url_prefix="/segments/<known:segment_no>/tasks")


class SegmentTasksForm(Form):
    """What the tasks have in common."""

    type = ChoiceField(lazy("Type"), choices=list(TASK_TYPE_NAMES.items()))
    description = StringField(lazy("Description"), [Length(max=100)])
    date = TypedDateField(lazy("Date"))
    priority = ChoiceField(lazy("Priority"), choices=list(TASK_PRIORITY_NAMES.items()), default="normal")
    again = BooleanField(lazy("Also for contacts who have an open task of this segment"))

    def meant(self) -> NewTasks:
        """As the domain takes it."""
        return NewTasks(self.type.data, self.description.data, self.date.date, self.priority.data)


@bp.get("/new")
def ask(segment_no: str) -> Answer:
    """The dialog: how many contacts get a task, who gets none."""
    by = actor()
    _must_be_allowed()
    segment = get_open_segment(reading(), segment_no)
    values = {"type": "", "description": segment.description, "date": by.work_date, "priority": "normal"}
    return _dialog(segment, SegmentTasksForm(formdata=None, data=values))


@bp.post("/")
def create(segment_no: str) -> Answer:
    """Makes the tasks; very many in the background."""
    _must_be_allowed()
    form, by = SegmentTasksForm(), actor()
    if form.validate():
        with form.reporting():
            expected = expected_tasks(reading(), get_open_segment(reading(), segment_no))
            if _number(expected, again=form.again.data) > segment_job.IN_BACKGROUND:
                return _in_background(segment_no, form, expected)
            with transaction() as session:
                segment = get_open_segment(session, segment_no)
                made = create_segment_tasks(session, segment, form.meant(), again=form.again.data, by=by)
                no = segment.no
            said = ngettext("%(n)s task was created.", "%(n)s tasks were created.", made, n=format_number(made))
            return go_to(url_for("tasks.index", segment=no), said, "ok")
    return _dialog(get_open_segment(reading(), segment_no), form, 422)


def _in_background(segment_no: str, form: SegmentTasksForm, expected: Expected) -> Answer:
    with transaction() as session:
        segment = get_open_segment(session, segment_no)
        number = _number(expected, again=form.again.data)
        job = queue_segment_tasks(session, segment, form.meant(), again=form.again.data, tasks=number, by=actor())
        job_id = job.id
    return go_to_job(job_id)


def _must_be_allowed() -> None:
    for right in ("create tasks", "edit segments"):
        actor().must_be_allowed(right)


def _number(expected: Expected, *, again: bool) -> int:
    return expected.contacts if again else expected.contacts - expected.present


def _dialog(segment: Segment, form: SegmentTasksForm, status: int = 200) -> Answer:
    expected = expected_tasks(reading(), segment)
    n = _number(expected, again=bool(form.again.data))
    partial = "tasks/_segment_dialog.html"
    return page_or_fragment(
        "shared/dialog_page.html",
        partial,
        status,
        partial=partial,
        title=gettext("Create tasks for segment %(no)s", no=segment.no),
        form=form,
        segment=segment,
        expected=expected,
        points=_points(expected),
        submit=ngettext("Create %(n)s task", "Create %(n)s tasks", n, n=format_number(n))
        if expected.contacts
        else None,
    )


def _points(expected: Expected) -> list[tuple[str, Any]]:
    """How many get a task, and who gets none."""

    def n(number: int) -> str:
        return format_number(number)

    new = expected.contacts - expected.present
    points = [("info", ngettext("%(n)s contact gets a task.", "%(n)s contacts get a task each.", new, n=n(new)))]
    if expected.present:
        text = ngettext(
            "%(n)s contact has an open task of this segment already and gets no other.",
            "%(n)s contacts have an open task of this segment already and get no other.",
            expected.present,
            n=n(expected.present),
        )
        points.append(("info", text))
    if expected.blocked:
        text = ngettext(
            "%(n)s contact is blocked for privacy and gets none.",
            "%(n)s contacts are blocked for privacy and get none.",
            expected.blocked,
            n=n(expected.blocked),
        )
        points.append(("warn", text))
    if expected.nobodys:
        text = ngettext(
            "%(n)s contact has no salesperson and gets none. Choose one on the segment.",
            "%(n)s contacts have no salesperson and get none. Choose one on the segment.",
            expected.nobodys,
            n=n(expected.nobodys),
        )
        points.append(("warn", text))
    return points
