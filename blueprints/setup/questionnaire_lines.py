"""The questions and answers of a profile questionnaire: new, edit, move, delete, each in a dialog over the card."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from blueprints.setup.forms import AnswerForm, QuestionForm
from blueprints.setup.questionnaires import question_rows
from blueprints.web.actor import actor
from blueprints.web.cards import ask
from blueprints.web.database import reading, transaction
from blueprints.web.forms import Form, value_of
from blueprints.web.fragments import (
    Answer,
    close_dialog,
    fragments,
    go_to,
    in_dialog,
    page_or_fragment,
    wants_fragment,
)
from blueprints.web.languages import translate
from domain.contacts.classification.codes import RIGHT
from domain.contacts.classification.models import ProfileAnswer, ProfileQuestion, ProfileQuestionnaire
from domain.contacts.classification.questionnaires import (
    ANSWER_FIELDS,
    QUESTION_FIELDS,
    add_answer,
    add_question,
    delete_answer,
    delete_question,
    edit_answer,
    edit_question,
    get_answer,
    get_question,
    get_questionnaire,
    move_line,
)
from domain.errors import Conflict, RuleViolation
from domain.references import refuse_if_used

bp = Blueprint("questionnaire_lines", __name__, url_prefix="/setup/questionnaires")


def save(form: Form, change: Callable[[Session], None]) -> int:
    """Makes a change in a transaction. 200: done; 422: the form says what is wrong; 409: and what is stored now (B26)."""
    if form.validate():
        try:
            with form.reporting():
                with transaction() as session:
                    change(session)
                return 200
        except Conflict:
            if not form.stored_now:
                raise
            return 409
    return 422


@bp.get("/<known:key>/questions/new")
def new_question(key: str) -> Answer:
    """The dialog for a new question."""
    actor().must_be_allowed(RIGHT)
    return show_question(get_questionnaire(reading(), key), None, QuestionForm(formdata=None))


@bp.post("/<known:key>/questions/")
def create_question(key: str) -> Answer:
    """Adds a question."""
    by = actor()
    by.must_be_allowed(RIGHT)
    form = QuestionForm()

    def add(session: Session) -> None:
        values = {name: value_of(form[name]) for name in QUESTION_FIELDS}
        add_question(session, get_questionnaire(session, key), by=by, **values)

    status = save(form, add)
    if status == 200:
        return show_questions(key)
    return show_question(get_questionnaire(reading(), key), None, form, status)


@bp.get("/<known:key>/questions/<int:line_no>/")
def show_one_question(key: str, line_no: int) -> Answer:
    """The dialog to change a question."""
    actor().must_be_allowed(RIGHT)
    questionnaire = get_questionnaire(reading(), key)
    question = get_question(questionnaire, line_no)
    return show_question(questionnaire, question, QuestionForm(formdata=None, data=values_of(question)))


@bp.post("/<known:key>/questions/<int:line_no>/")
def update_question(key: str, line_no: int) -> Answer:
    """Changes what the user changed of a question (B26)."""
    by = actor()
    by.must_be_allowed(RIGHT)
    form = QuestionForm()

    def edit(session: Session) -> None:
        question = get_question(get_questionnaire(session, key), line_no)
        edit_question(session, question, changes=form.changes(values_of(question)), by=by)

    status = save(form, edit)
    if status == 200:
        return show_questions(key)
    questionnaire = get_questionnaire(reading(), key)
    return show_question(questionnaire, get_question(questionnaire, line_no), form, status)


@bp.get("/<known:key>/questions/<int:line_no>/answers/new")
def new_answer(key: str, line_no: int) -> Answer:
    """The dialog for a new answer of a question."""
    actor().must_be_allowed(RIGHT)
    questionnaire = get_questionnaire(reading(), key)
    return show_answer(questionnaire, get_question(questionnaire, line_no), None, AnswerForm(formdata=None))


@bp.post("/<known:key>/questions/<int:line_no>/answers/")
def create_answer(key: str, line_no: int) -> Answer:
    """Adds an answer to a question."""
    by = actor()
    by.must_be_allowed(RIGHT)
    form = AnswerForm()

    def add(session: Session) -> None:
        question = get_question(get_questionnaire(session, key), line_no)
        add_answer(session, question, by=by, **{name: value_of(form[name]) for name in ANSWER_FIELDS})

    status = save(form, add)
    if status == 200:
        return show_questions(key)
    questionnaire = get_questionnaire(reading(), key)
    return show_answer(questionnaire, get_question(questionnaire, line_no), None, form, status)


@bp.get("/<known:key>/answers/<int:line_no>/")
def show_one_answer(key: str, line_no: int) -> Answer:
    """The dialog to change an answer."""
    actor().must_be_allowed(RIGHT)
    questionnaire = get_questionnaire(reading(), key)
    answer = get_answer(questionnaire, line_no)
    form = AnswerForm(formdata=None, data=values_of(answer))
    return show_answer(questionnaire, answer.question, answer, form)


@bp.post("/<known:key>/answers/<int:line_no>/")
def update_answer(key: str, line_no: int) -> Answer:
    """Changes what the user changed of an answer (B26)."""
    by = actor()
    by.must_be_allowed(RIGHT)
    form = AnswerForm()

    def edit(session: Session) -> None:
        answer = get_answer(get_questionnaire(session, key), line_no)
        edit_answer(session, answer, changes=form.changes(values_of(answer)), by=by)

    status = save(form, edit)
    if status == 200:
        return show_questions(key)
    questionnaire = get_questionnaire(reading(), key)
    answer = get_answer(questionnaire, line_no)
    return show_answer(questionnaire, answer.question, answer, form, status)


@bp.post("/<known:key>/questions/<int:line_no>/move")
def move_question(key: str, line_no: int) -> Answer:
    """A question changes places with its neighbour (`?down=1`: the next one)."""
    with transaction() as session:
        line = get_question(get_questionnaire(session, key), line_no)
        move_line(session, line, down=_down(), by=actor())
    return show_questions(key)


@bp.post("/<known:key>/answers/<int:line_no>/move")
def move_answer(key: str, line_no: int) -> Answer:
    """An answer changes places with its neighbour."""
    with transaction() as session:
        line = get_answer(get_questionnaire(session, key), line_no)
        move_line(session, line, down=_down(), by=actor())
    return show_questions(key)


@bp.get("/<known:key>/questions/<int:line_no>/delete")
def ask_remove_question(key: str, line_no: int) -> Answer:
    """What deleting a question means; or why it is refused."""
    question = get_question(get_questionnaire(reading(), key), line_no)
    text = ngettext("Its %(num)d answer is deleted too.", "Its %(num)d answers are deleted too.", len(question.answers))
    title = gettext("Delete the question “%(text)s”?", text=question.description)
    return _ask_remove(key, question, title, text, "questionnaire_lines.remove_question")


@bp.post("/<known:key>/questions/<int:line_no>/delete")
def remove_question(key: str, line_no: int) -> Answer:
    """Deletes a question with its answers."""
    with transaction() as session:
        delete_question(session, get_question(get_questionnaire(session, key), line_no), by=actor())
    return show_questions(key)


@bp.get("/<known:key>/answers/<int:line_no>/delete")
def ask_remove_answer(key: str, line_no: int) -> Answer:
    """What deleting an answer means; or why it is refused."""
    answer = get_answer(get_questionnaire(reading(), key), line_no)
    title = gettext("Delete the answer “%(text)s”?", text=answer.description)
    return _ask_remove(key, answer, title, "", "questionnaire_lines.remove_answer")


@bp.post("/<known:key>/answers/<int:line_no>/delete")
def remove_answer(key: str, line_no: int) -> Answer:
    """Deletes an answer."""
    with transaction() as session:
        delete_answer(session, get_answer(get_questionnaire(session, key), line_no), by=actor())
    return show_questions(key)


def _ask_remove(key: str, line: ProfileQuestion | ProfileAnswer, title: str, lead: str, endpoint: str) -> Answer:
    actor().must_be_allowed(RIGHT)
    cancel = url_for("questionnaires.show", key=key)
    try:
        refuse_if_used(reading(), type(line).__table__, [line.id], name=line.description)
    except RuleViolation as refusal:
        return ask(title, "", points=[("bad", translate(refusal.message))], cancel=cancel)
    action = url_for(endpoint, key=key, line_no=line.line_no)
    return ask(title, lead, submit=gettext("Delete"), danger=True, action=action, cancel=cancel)


def _down() -> bool:
    return bool(request.form.get("down"))


def values_of(line: ProfileQuestion | ProfileAnswer) -> dict[str, Any]:
    """What the form shows of a question or an answer."""
    names = QUESTION_FIELDS if isinstance(line, ProfileQuestion) else ANSWER_FIELDS
    return {name: getattr(line, name) for name in names}


def show_question(
    questionnaire: ProfileQuestionnaire, question: ProfileQuestion | None, form: QuestionForm, status: int = 200
) -> Answer:
    """The dialog of a question."""
    action = (
        url_for("questionnaire_lines.update_question", key=questionnaire.code, line_no=question.line_no)
        if question
        else url_for("questionnaire_lines.create_question", key=questionnaire.code)
    )
    title = gettext("Question") if question else gettext("New question")
    return _show_line(questionnaire, question, form, status, title, action)


def show_answer(
    questionnaire: ProfileQuestionnaire,
    question: ProfileQuestion,
    answer: ProfileAnswer | None,
    form: AnswerForm,
    status: int = 200,
) -> Answer:
    """The dialog of an answer."""
    action = (
        url_for("questionnaire_lines.update_answer", key=questionnaire.code, line_no=answer.line_no)
        if answer
        else url_for("questionnaire_lines.create_answer", key=questionnaire.code, line_no=question.line_no)
    )
    title = gettext("Answer") if answer else gettext("New answer")
    return _show_line(questionnaire, answer, form, status, title, action, lead=question.description)


def _show_line(
    questionnaire: ProfileQuestionnaire, line: Any, form: Form, status: int, title: str, action: str, lead: str = ""
) -> Answer:
    partial = "setup/_profile_line_dialog.html"
    values = {
        "title": title,
        "lead": lead,
        "action": action,
        "new": line is None,
        "form": form,
        "cancel": url_for("questionnaires.show", key=questionnaire.code),
    }
    return page_or_fragment("shared/dialog_page.html", partial, status, partial=partial, **values)


def show_questions(key: str) -> Answer:
    """The questions after a change."""
    if not wants_fragment():
        return go_to(url_for("questionnaires.show", key=key))
    values = question_rows(get_questionnaire(reading(), key)) | {"may_edit": actor().may(RIGHT)}
    if in_dialog():
        return close_dialog("setup/_questions.html", **values)
    return fragments("setup/_questions.html", **values)
