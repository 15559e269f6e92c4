"""Saved segmentation criteria: the list, one of them with its steps in words, renaming, deleting, a new segment."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as lazy
from wtforms import StringField

from blueprints.segments.reuse_words import very_many
from blueprints.segments.saved_step_words import saved_step_words
from blueprints.web.actor import actor
from blueprints.web.cards import NOTHING, Card, Words, ask
from blueprints.web.database import reading, transaction
from blueprints.web.fields import CodeField
from blueprints.web.forms import Form
from blueprints.web.fragments import Answer, go_to, page_or_fragment
from blueprints.web.jobs import go_to_job
from blueprints.web.listing import Column, listing
from domain.segments import list_job
from domain.segments.create import create_segment
from domain.segments.expected import expected_of_criteria
from domain.segments.list_job import queue_reuse_criteria
from domain.segments.reuse import reuse_criteria
from domain.segments.saved_criteria import (
    delete_saved_criteria,
    edit_saved_criteria,
    get_saved_criteria,
    named_contacts,
    saved_criteria_list,
    saved_steps,
    segments_using,
)
from domain.segments.saved_criteria_models import SavedCriteria
from domain.segments.steps import step_count

bp = Blueprint("saved_criteria", __name__, url_prefix="/criteria")
RIGHT = "edit segments"


class SavedCriteriaCardForm(Form):
    """Code and description."""

    code = CodeField(lazy("Code"), length=200)
    description = StringField(lazy("Description"))


@bp.get("/")
def index() -> Answer:
    """All saved criteria."""
    actor().must_be_allowed("view")
    columns = [
        Column(gettext("Code"), lambda one: one.code, "code"),
        Column(gettext("Description"), lambda one: one.description, "description"),
        Column(gettext("Steps"), lambda one: one.steps, "steps", num=True),
        Column(gettext("Used on segments"), lambda one: one.uses, "uses", num=True),
        Column(gettext("User ID"), lambda one: one.user_name, "user"),
        Column(gettext("Saved on"), lambda one: one.created_at, "saved"),
    ]
    rows = reading().execute(saved_criteria_list())
    found = listing(rows, columns, search=lambda one: (one.code, one.description, one.user_name))
    return page_or_fragment("segments/saved_criteria.html", "segments/_saved_criteria.html", list=found)


@bp.post("/<known:key>/new-segment")
def new_segment(key: str) -> Answer:
    """A new segment with the people the criteria find today; asks first when these are everybody or very many."""
    by, session = actor(), reading()
    by.must_be_allowed(RIGHT)
    saved = get_saved_criteria(session, key)
    expected = expected_of_criteria(session, None, saved, by=by)
    if not request.form.get("confirmed") and (points := very_many(expected)):
        return ask(
            gettext("New segment from these criteria"),
            "",
            points=points,
            fields={"confirmed": "1"},
            submit=gettext("New segment from these criteria"),
            action=url_for("saved_criteria.new_segment", key=key),
            cancel=url_for("saved_criteria.show", key=key),
        )
    waits = expected.lines > list_job.IN_BACKGROUND
    with transaction() as session:
        saved = get_saved_criteria(session, key)
        segment = create_segment(session, description=saved.description, by=by)
        if waits:
            version = segment.list_version
            job_id = queue_reuse_criteria(session, segment, saved, list_version=version, lines=expected.lines, by=by).id
        else:
            reuse_criteria(session, segment, saved, by=by)
        number, last, code = segment.no, step_count(session, segment), saved.code
    if waits:
        return go_to_job(job_id)
    return go_to(url_for("segment_reuse.report", segment_no=number, first=1, last=last, key=code))


def more(saved: SavedCriteria) -> dict[str, Any]:
    """The steps in words, and the segments the criteria were reused on."""
    session = reading()
    contacts = named_contacts(session, saved)
    steps = [
        saved_step_words(session, step, contacts=contacts.get(step.id, 0))
        for step in session.scalars(saved_steps(saved))
    ]
    return {"saved": saved, "steps": steps, "uses": segments_using(session, saved)}


card = Card(
    bp=bp,
    words=Words(
        things=lazy("Saved segmentation criteria"),
        new="",
        create="",
        created="",
        changed=lazy("The saved criteria %(name)s were changed."),
        deleted=lazy("The saved criteria %(name)s were deleted."),
        delete=lazy("Delete the saved criteria %(name)s?"),
        consequence=lazy("Segments they were reused on keep their lists."),
    ),
    form=SavedCriteriaCardForm,
    fields=("code", "description"),
    fields_template="setup/_code_fields.html",
    template="segments/saved_criteria_card.html",
    get=get_saved_criteria,
    create=NOTHING,
    edit=lambda session, saved, *, changes, by: edit_saved_criteria(session, saved, changes, was={}, by=by),
    delete=delete_saved_criteria,
    right=RIGHT,
    title=lambda one: f"{one.code} {one.description}".strip(),
    more=more,
    stay=True,
    crumbs=lambda: [
        (gettext("Segments"), url_for("segments.index")),
        (gettext("Saved segmentation criteria"), url_for("saved_criteria.index")),
    ],
)
# saved from a segment, never made here
bp.add_url_rule("/<known:key>/", "show", card.show_one)
bp.add_url_rule("/<known:key>/", "update", card.update_one, methods=["POST"])
bp.add_url_rule("/<known:key>/delete", "ask_delete", card.ask_delete)
bp.add_url_rule("/<known:key>/delete", "delete", card.delete_one, methods=["POST"])
