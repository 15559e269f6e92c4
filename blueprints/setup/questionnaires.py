"""Profile questionnaires: list, card, new, edit, delete. Their lines: `questionnaire_lines`."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as lazy

from blueprints.setup import choices
from blueprints.setup.forms import PRIORITY_NAMES, QuestionnaireForm
from blueprints.web.actor import actor
from blueprints.web.cards import Card, Words
from blueprints.web.database import reading
from blueprints.web.forms import Form
from blueprints.web.fragments import Answer, page_or_fragment
from blueprints.web.listing import Column, listing
from domain.contacts.classification.codes import RIGHT
from domain.contacts.classification.models import LOWEST_PRIORITY, ProfileQuestionnaire
from domain.contacts.classification.questionnaires import (
    FIELDS,
    answer_counts,
    create_questionnaire,
    delete_questionnaire,
    edit_questionnaire,
    get_questionnaire,
    questionnaire_figures,
    questionnaire_list,
)

bp = Blueprint("questionnaires", __name__, url_prefix="/setup/questionnaires")


@bp.get("/")
def index() -> Answer:
    """Every questionnaire with how many contacts answered."""
    by = actor()
    by.must_be_allowed("view")
    session = reading()
    figures = questionnaire_figures(session)
    columns = [
        Column(gettext("Code"), lambda one: one.code, "code"),
        Column(gettext("Description"), lambda one: one.description, "description"),
        Column(gettext("Priority"), lambda one: one.priority, "priority"),
        Column(gettext("Questions"), lambda one: figures.get(one.id, (0, 0))[0], "questions", num=True),
        Column(gettext("No. of contacts"), lambda one: figures.get(one.id, (0, 0))[1], "contacts", num=True),
    ]
    rows = session.scalars(questionnaire_list())
    return page_or_fragment(
        "setup/questionnaires.html",
        "setup/_questionnaires.html",
        list=listing(rows, columns, search=lambda one: (one.code, one.description)),
        figures=figures,
        priority_names=PRIORITY_NAMES,
        may_edit=by.may(RIGHT),
    )


def question_rows(questionnaire: ProfileQuestionnaire) -> dict[str, Any]:
    """The questions with their answers and how many contacts have each."""
    counts = answer_counts(reading(), questionnaire)
    return {
        "questionnaire": questionnaire,
        "counts": counts,
        "priority_names": PRIORITY_NAMES,
        "hidden_priority": LOWEST_PRIORITY,
    }


def set_choices(form: Form, questionnaire: ProfileQuestionnaire | None) -> None:
    """The business relations to limit a questionnaire to."""
    form.business_relation_id.choices = choices.business_relations()


Card(
    bp=bp,
    words=Words(
        things=lazy("Profile questionnaires"),
        new=lazy("New profile questionnaire"),
        create=lazy("Create questionnaire"),
        created=lazy("The questionnaire %(name)s was created. Add its first question."),
        changed=lazy("The questionnaire %(name)s was changed."),
        deleted=lazy("The questionnaire %(name)s was deleted."),
        delete=lazy("Delete the questionnaire %(name)s?"),
        consequence=lazy(
            "Its questions are deleted with it. A questionnaire with answers of contacts cannot be deleted."
        ),
    ),
    form=QuestionnaireForm,
    fields=FIELDS,
    fields_template="setup/_questionnaire_fields.html",
    template="setup/questionnaire.html",
    get=get_questionnaire,
    create=create_questionnaire,
    edit=edit_questionnaire,
    delete=delete_questionnaire,
    right=RIGHT,
    title=lambda one: f"{one.code} {one.description}".strip(),
    prepare=set_choices,
    more=question_rows,
    stay=True,
    crumbs=lambda: [
        (gettext("Setup"), url_for("setup.index")),
        (gettext("Profile questionnaires"), url_for("questionnaires.index")),
    ],
).register()
