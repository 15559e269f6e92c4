"""The profile of a contact: answering a questionnaire."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext

from blueprints.contacts.codes import done
from blueprints.contacts.forms import ProfileForm
from blueprints.contacts.places import dialog
from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer
from domain.contacts.classification.models import ProfileQuestion, ProfileQuestionnaire
from domain.contacts.classification.profiles import answer_questions, given_answers
from domain.contacts.classification.questionnaires import get_questionnaire
from domain.contacts.models import Contact
from domain.contacts.queries import get_contact
from domain.errors import Conflict

bp = Blueprint("contact_profiles", __name__, url_prefix="/contacts/<known:no>/profile/<known:code>")


@dataclass
class Asked:
    """A question as the dialog shows it: chosen answers, those it was shown with, what is wrong."""

    question: ProfileQuestion
    chosen: set[int]
    was: set[int]
    errors: list[str] = field(default_factory=list)


@bp.get("/")
def edit(no: str, code: str) -> Answer:
    """The questions with the answers of the contact."""
    actor().must_be_allowed("edit contacts")
    contact, questionnaire = get_contact(reading(), no), get_questionnaire(reading(), code)
    stored = _stored(questionnaire, given_answers(reading(), contact))
    asked = [Asked(one, stored[one.line_no], stored[one.line_no]) for one in questionnaire.questions]
    return show(contact, questionnaire, ProfileForm(formdata=None), asked)


@bp.post("/")
def update(no: str, code: str) -> Answer:
    """Changes the answers the user changed; the same question answered otherwise by somebody else is shown (B26)."""
    by = actor()
    by.must_be_allowed("edit contacts")
    form, status = ProfileForm(), 422
    asked: list[Asked] = []
    if form.validate():
        try:
            with form.reporting():
                with transaction() as session:
                    contact, questionnaire = get_contact(session, no), get_questionnaire(session, code)
                    stored = _stored(questionnaire, given_answers(session, contact))
                    asked = [_compared(form, one, stored[one.line_no]) for one in questionnaire.questions]
                    if any(one.errors for one in asked):
                        raise Conflict
                    add = {one.question.line_no: one.chosen - one.was for one in asked}
                    remove = {one.question.line_no: one.was - one.chosen for one in asked}
                    answer_questions(session, contact, questionnaire, add=add, remove=remove, by=by)
                return done(get_contact(reading(), no))
        except Conflict:
            if not any(one.errors for one in asked):
                raise
            status = 409
    questionnaire = get_questionnaire(reading(), code)
    again = {one.question.line_no: one for one in asked}
    shown = [
        Asked(one, form.chosen(one.line_no), again[one.line_no].was, again[one.line_no].errors)
        if one.line_no in again
        else Asked(one, form.chosen(one.line_no), form.shown(one.line_no))
        for one in questionnaire.questions
    ]
    return show(get_contact(reading(), no), questionnaire, form, shown, status)


def _stored(questionnaire: ProfileQuestionnaire, given: set[int]) -> dict[int, set[int]]:
    """Line number of a question → line numbers of the answers the contact has."""
    return {
        question.line_no: {answer.line_no for answer in question.answers if answer.id in given}
        for question in questionnaire.questions
    }


def _compared(form: ProfileForm, question: ProfileQuestion, stored: set[int]) -> Asked:
    """What was chosen for a question, against what is stored now. Several answers are changed one by one."""
    chosen, was = form.chosen(question.line_no), form.shown(question.line_no)
    asked = Asked(question, chosen, was)
    if not question.multiple_answers and stored != was and chosen not in (was, stored):
        texts = [answer.description for answer in question.answers if answer.line_no in stored]
        asked.was = stored
        asked.errors.append(
            gettext(
                "Someone else changed this to “%(theirs)s”. Save again to use yours.",
                theirs=", ".join(texts) or gettext("(blank)"),
            )
        )
    return asked


def show(
    contact: Contact, questionnaire: ProfileQuestionnaire, form: ProfileForm, asked: list[Asked], status: int = 200
) -> Answer:
    """The dialog."""
    values: dict[str, Any] = {
        "form": form,
        "contact": contact,
        "questionnaire": questionnaire,
        "asked": asked,
        "action": url_for("contact_profiles.update", no=contact.no, code=questionnaire.code),
    }
    title = questionnaire.description or questionnaire.code
    return dialog("contacts/_profile_dialog.html", title, status, **values)
