"""Profile questionnaires: create, edit, delete; their questions and answers (contacts.md 1.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from domain.accounts.actor import Actor
from domain.contacts.classification.codes import RIGHT
from domain.contacts.classification.models import (
    HIGHEST_PRIORITY,
    LOWEST_PRIORITY,
    NORMAL_PRIORITY,
    BusinessRelation,
    ContactProfileAnswer,
    ProfileAnswer,
    ProfileQuestion,
    ProfileQuestionnaire,
)
from domain.database import Base
from domain.errors import NotFound, RuleViolation
from domain.messages import Message, say, say_n
from domain.references import delete_row
from domain.setup.fields import refuse_blank_code, refuse_used_code, save, set_fields
from domain.types import code

FIELDS = ("code", "description", "contact_type", "business_relation_id", "priority")
QUESTION_FIELDS = ("description", "multiple_answers")
ANSWER_FIELDS = ("description", "priority")
CONTACT_TYPES = ("", "company", "person")
LINE_STEP = 10_000


def questionnaire_list() -> Select[ProfileQuestionnaire]:
    """All questionnaires in code order."""
    return select(ProfileQuestionnaire).order_by(ProfileQuestionnaire.code)


def whole_questionnaires() -> Select[ProfileQuestionnaire]:
    """As `questionnaire_list`, questions and answers loaded in their order (three statements in all)."""
    return questionnaire_list().options(
        selectinload(ProfileQuestionnaire.questions).selectinload(ProfileQuestion.answers)
    )


@dataclass(frozen=True)
class KnownAnswer:
    """An answer of a questionnaire."""

    id: int
    line_no: int
    description: str
    priority: int


@dataclass(frozen=True)
class KnownQuestion:
    """A question with its answers in their order."""

    description: str
    answers: tuple[KnownAnswer, ...]


@dataclass(frozen=True)
class KnownQuestionnaire:
    """A questionnaire with its questions in their order, as plain values that outlive a session."""

    code: str
    description: str
    contact_type: str
    business_relation_id: int | None
    priority: int
    questions: tuple[KnownQuestion, ...]


def known_questionnaires(session: Session) -> tuple[KnownQuestionnaire, ...]:
    """Every questionnaire in code order; three statements."""
    return tuple(
        KnownQuestionnaire(
            one.code,
            one.description,
            one.contact_type,
            one.business_relation_id,
            one.priority,
            tuple(
                KnownQuestion(
                    question.description,
                    tuple(
                        KnownAnswer(each.id, each.line_no, each.description, each.priority) for each in question.answers
                    ),
                )
                for question in one.questions
            ),
        )
        for one in session.scalars(whole_questionnaires())
    )


def get_questionnaire(session: Session, text: str) -> ProfileQuestionnaire:
    """The questionnaire with this code, questions and answers loaded. Raises `NotFound`."""
    found = None
    if "\x00" not in text:
        found = session.scalar(whole_questionnaires().where(ProfileQuestionnaire.code == code(text)))
    if found is None:
        raise NotFound(say("There is no profile questionnaire %(text)s.", text=text[:50]))
    return found


def create_questionnaire(session: Session, *, by: Actor, **values: Any) -> ProfileQuestionnaire:
    """A new questionnaire without questions. `values`: `FIELDS`, and `is_demo`.

    Raises `Forbidden`, `RuleViolation` on the field.
    """
    by.must_be_allowed(RIGHT)
    questionnaire = ProfileQuestionnaire()
    blank = {"code": "", "description": "", "contact_type": "", "priority": NORMAL_PRIORITY}
    _change(session, questionnaire, blank | values)
    session.add(questionnaire)
    save(session, _taken(questionnaire))
    return questionnaire


def edit_questionnaire(
    session: Session, questionnaire: ProfileQuestionnaire, *, changes: dict[str, Any], by: Actor
) -> ProfileQuestionnaire:
    """Changes fields of a questionnaire; answers that were given stay. Raises as `create_questionnaire`."""
    by.must_be_allowed(RIGHT)
    _change(session, questionnaire, changes)
    save(session, _taken(questionnaire))
    return questionnaire


def delete_questionnaire(session: Session, questionnaire: ProfileQuestionnaire, *, by: Actor) -> None:
    """Deletes a questionnaire with its questions. Refused while contacts have answers of it."""
    by.must_be_allowed(RIGHT)
    _delete(session, ProfileQuestionnaire, questionnaire.id, questionnaire.code)


def get_question(questionnaire: ProfileQuestionnaire, line_no: int) -> ProfileQuestion:
    """The question with this line number. Raises `NotFound`."""
    for question in questionnaire.questions:
        if question.line_no == line_no:
            return question
    raise NotFound(say("The questionnaire %(code)s no longer has this question.", code=questionnaire.code))


def get_answer(questionnaire: ProfileQuestionnaire, line_no: int) -> ProfileAnswer:
    """The answer with this line number, of whatever question. Raises `NotFound`."""
    for question in questionnaire.questions:
        for answer in question.answers:
            if answer.line_no == line_no:
                return answer
    raise NotFound(say("The questionnaire %(code)s no longer has this answer.", code=questionnaire.code))


def add_question(session: Session, questionnaire: ProfileQuestionnaire, *, by: Actor, **values: Any) -> ProfileQuestion:
    """A new question at the end. `values`: `QUESTION_FIELDS`. Raises `RuleViolation` on the field, `Forbidden`."""
    by.must_be_allowed(RIGHT)
    question = ProfileQuestion(
        line_no=_next_line(questionnaire),
        position=max((one.position for one in questionnaire.questions), default=0) + 1,
    )
    _describe(session, question, {"description": "", "multiple_answers": False, **values}, _blank_question())
    questionnaire.questions.append(question)
    session.flush()
    return question


def edit_question(session: Session, question: ProfileQuestion, *, changes: dict[str, Any], by: Actor) -> None:
    """Changes a question. From several answers to one: refused while a contact has several."""
    by.must_be_allowed(RIGHT)
    if changes.get("multiple_answers") is False and question.multiple_answers:
        _refuse_several(session, question)
    _describe(session, question, changes, _blank_question())
    session.flush()


def delete_question(session: Session, question: ProfileQuestion, *, by: Actor) -> None:
    """Deletes a question with its answers. Refused while contacts have one of them."""
    by.must_be_allowed(RIGHT)
    _delete(session, ProfileQuestion, question.id, question.description)


def add_answer(session: Session, question: ProfileQuestion, *, by: Actor, **values: Any) -> ProfileAnswer:
    """A new answer at the end of a question. `values`: `ANSWER_FIELDS`. Raises as `add_question`."""
    by.must_be_allowed(RIGHT)
    answer = ProfileAnswer(
        line_no=_next_line(question.questionnaire),
        position=max((one.position for one in question.answers), default=0) + 1,
    )
    _describe(session, answer, {"description": "", "priority": NORMAL_PRIORITY, **values}, _blank_answer())
    question.answers.append(answer)
    session.flush()
    return answer


def edit_answer(session: Session, answer: ProfileAnswer, *, changes: dict[str, Any], by: Actor) -> None:
    """Changes an answer; contacts who have it keep it."""
    by.must_be_allowed(RIGHT)
    _describe(session, answer, changes, _blank_answer())
    session.flush()


def delete_answer(session: Session, answer: ProfileAnswer, *, by: Actor) -> None:
    """Deletes an answer. Refused while contacts have it."""
    by.must_be_allowed(RIGHT)
    _delete(session, ProfileAnswer, answer.id, answer.description)


def move_line(session: Session, line: ProfileQuestion | ProfileAnswer, *, down: bool, by: Actor) -> None:
    """Swaps a question or an answer with its neighbour; the first stays first, the last stays last.

    Only the place changes: line numbers, given answers and criteria that name them stay what they are.
    """
    by.must_be_allowed(RIGHT)
    around: list[Any] = list(
        line.questionnaire.questions if isinstance(line, ProfileQuestion) else line.question.answers
    )
    around.sort(key=lambda one: one.position)
    here = around.index(line)
    there = here + (1 if down else -1)
    if 0 <= there < len(around):
        around[here].position, around[there].position = around[there].position, around[here].position
        session.flush()
        session.expire(line.questionnaire if isinstance(line, ProfileQuestion) else line.question)


def answer_counts(session: Session, questionnaire: ProfileQuestionnaire) -> dict[int, int]:
    """How many contacts have each answer: id of the answer → number, in one statement."""
    counted = (
        select(ContactProfileAnswer.answer_id, func.count())
        .join(ProfileAnswer, ProfileAnswer.id == ContactProfileAnswer.answer_id)
        .join(ProfileQuestion, ProfileQuestion.id == ProfileAnswer.question_id)
        .where(ProfileQuestion.questionnaire_id == questionnaire.id)
        .group_by(ContactProfileAnswer.answer_id)
    )
    return {row[0]: row[1] for row in session.execute(counted)}


def questionnaire_figures(session: Session) -> dict[int, tuple[int, int]]:
    """Id of a questionnaire → how many questions it has, and how many contacts answered; two statements."""
    questions = select(ProfileQuestion.questionnaire_id, func.count()).group_by(ProfileQuestion.questionnaire_id)
    contacts = (
        select(ProfileQuestion.questionnaire_id, func.count(ContactProfileAnswer.contact_id.distinct()))
        .join(ProfileAnswer, ProfileAnswer.question_id == ProfileQuestion.id)
        .join(ContactProfileAnswer, ContactProfileAnswer.answer_id == ProfileAnswer.id)
        .group_by(ProfileQuestion.questionnaire_id)
    )
    answered = {row[0]: row[1] for row in session.execute(contacts)}
    return {row[0]: (row[1], answered.get(row[0], 0)) for row in session.execute(questions)}


def _next_line(questionnaire: ProfileQuestionnaire) -> int:
    """Line numbers are unique among questions and answers of a questionnaire."""
    numbers = [question.line_no for question in questionnaire.questions]
    numbers += [answer.line_no for question in questionnaire.questions for answer in question.answers]
    return max(numbers, default=0) + LINE_STEP


def _change(session: Session, questionnaire: ProfileQuestionnaire, changes: dict[str, Any]) -> None:
    with session.no_autoflush:
        relation = changes.get("business_relation_id")
        if relation is not None and session.get(BusinessRelation, relation) is None:
            raise RuleViolation(say("This code no longer exists. Choose another one."), field="business_relation_id")
        set_fields(questionnaire, changes)
        refuse_blank_code(questionnaire.code)
        if questionnaire.contact_type not in CONTACT_TYPES:
            raise RuleViolation(say("A contact is a company or a person."), field="contact_type")
        _refuse_priority(questionnaire.priority)
        refuse_used_code(session, ProfileQuestionnaire, questionnaire, _taken(questionnaire))


def _describe(session: Session, line: Any, changes: dict[str, Any], blank: Message) -> None:
    with session.no_autoflush:
        set_fields(line, changes)
        if not line.description:
            raise RuleViolation(blank, field="description")
        if isinstance(line, ProfileAnswer):
            _refuse_priority(line.priority)


def _refuse_priority(priority: Any) -> None:
    if not isinstance(priority, int) or not LOWEST_PRIORITY <= priority <= HIGHEST_PRIORITY:
        raise RuleViolation(say("Choose a priority from the list."), field="priority")


def _refuse_several(session: Session, question: ProfileQuestion) -> None:
    several = (
        select(ContactProfileAnswer.contact_id)
        .join(ProfileAnswer, ProfileAnswer.id == ContactProfileAnswer.answer_id)
        .where(ProfileAnswer.question_id == question.id)
        .group_by(ContactProfileAnswer.contact_id)
        .having(func.count() > 1)
    )
    number = session.scalar(select(func.count()).select_from(several.subquery())) or 0
    if number:
        raise RuleViolation(
            say_n(
                "%(num)s contact has several answers to this question. Leave it one.",
                "%(num)s contacts have several answers to this question. Leave them one each.",
                number,
            ),
            field="multiple_answers",
        )


def _delete(session: Session, model: type[Base], row_id: int, name: str) -> None:
    delete_row(session, model.metadata.tables[model.__tablename__], [row_id], name=name)


def _blank_question() -> Message:
    return say("Enter the question.")


def _blank_answer() -> Message:
    return say("Enter the answer.")


def _taken(questionnaire: ProfileQuestionnaire) -> Message:
    return say("There is already a profile questionnaire %(code)s.", code=questionnaire.code)
