"""The profile of a contact: which questionnaires are for it, its answers, answering (contacts.md 1.3, 2.8, 2.17)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sqlalchemy import Select, Table, delete, insert, select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.classification.assign import Classified
from domain.contacts.classification.kinds import BUSINESS_RELATIONS
from domain.contacts.classification.models import (
    LOWEST_PRIORITY,
    ContactBusinessRelation,
    ContactProfileAnswer,
    ProfileAnswer,
    ProfileQuestion,
    ProfileQuestionnaire,
)
from domain.contacts.classification.questionnaires import KnownQuestionnaire
from domain.contacts.edit import touch
from domain.contacts.models import Contact
from domain.errors import RuleViolation
from domain.messages import say

_answers: Table = ContactProfileAnswer.__table__  # type: ignore[assignment]


@dataclass(frozen=True)
class AnsweredQuestion:
    """A question with the answers of a contact, as the card shows them."""

    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Profile:
    """A questionnaire as the card of a contact shows it. `hidden` counts answers of the lowest priority."""

    code: str
    description: str
    answered: tuple[AnsweredQuestion, ...]
    questions: int
    hidden: int


def given_answers(session: Session, contact: Contact) -> set[int]:
    """The ids of the answers a contact has."""
    return set(
        session.scalars(select(ContactProfileAnswer.answer_id).where(ContactProfileAnswer.contact_id == contact.id))
    )


def profiles_of(
    contact: Contact, questionnaires: Iterable[KnownQuestionnaire], classified: Classified
) -> list[Profile]:
    """Those of the `known_questionnaires` that are for a contact, with its answers; asks the database nothing.

    Questionnaires come by falling priority, answers by falling priority; the lowest priority is hidden (2.17).
    """
    relations = {one.id for one in classified.codes[BUSINESS_RELATIONS.key]}
    chosen = [one for one in questionnaires if _is_for(one, contact, relations, classified.answer_ids)]
    chosen.sort(key=lambda one: (-one.priority, one.code))
    return [_profile(one, classified.answer_ids) for one in chosen]


def is_for(session: Session, questionnaire: ProfileQuestionnaire, contact: Contact) -> bool:
    """Whether a questionnaire is for a contact: type and business relation fit, or it has answers there already."""
    return _is_for(questionnaire, contact, _relations(session, contact), given_answers(session, contact))


def answer_questions(
    session: Session,
    contact: Contact,
    questionnaire: ProfileQuestionnaire,
    *,
    add: Mapping[int, set[int]],
    remove: Mapping[int, set[int]],
    by: Actor,
) -> None:
    """Changes the answers of a contact. `add` and `remove`: line number of a question → line numbers of its answers.

    An answer to a question with one answer replaces the one before; an answer given anew counts from today. Raises
    `RuleViolation` for minors even with consent, for a questionnaire that is not for the contact, for an answer that is
    not there, for two answers where one is allowed; `Forbidden`.
    """
    by.must_be_allowed("edit contacts")
    if contact.minor:
        raise RuleViolation(say("%(name)s is a minor: no profile is kept.", name=contact.name))
    if not is_for(session, questionnaire, contact):
        raise RuleViolation(
            say("The questionnaire %(code)s is not for %(name)s.", code=questionnaire.code, name=contact.name)
        )
    given = given_answers(session, contact)
    gone: set[int] = set()
    new: set[int] = set()
    by_line = {question.line_no: question for question in questionnaire.questions}
    for line_no in {*add, *remove}:
        if line_no not in by_line:
            raise RuleViolation(say("This question no longer exists."))
        question = by_line[line_no]
        ids = {answer.line_no: answer.id for answer in question.answers}
        wanted = {_known(ids, one) for one in add.get(line_no, set())}
        lost = {ids[one] for one in remove.get(line_no, set()) if one in ids}
        if not question.multiple_answers:
            if len(wanted) > 1:
                raise RuleViolation(say("“%(question)s” has one answer.", question=question.description))
            if wanted:
                lost = set(ids.values())
        gone |= given & (lost - wanted)
        new |= wanted - given
    if gone:
        session.execute(delete(_answers).where(_answers.c.contact_id == contact.id, _answers.c.answer_id.in_(gone)))
    if new:
        rows = [{"contact_id": contact.id, "answer_id": one, "updated_on": by.today} for one in sorted(new)]
        session.execute(insert(_answers), rows)
    if gone or new:
        touch(contact, by=by)
        session.flush()


def contacts_with_answer(text: str, line_no: int) -> Select[int]:
    """The ids of contacts that have the answer `line_no` of the questionnaire `text`; none for unknown ones."""
    answer = (
        select(ProfileAnswer.id)
        .join(ProfileQuestion, ProfileQuestion.id == ProfileAnswer.question_id)
        .join(ProfileQuestionnaire, ProfileQuestionnaire.id == ProfileQuestion.questionnaire_id)
        .where(ProfileQuestionnaire.code == text.replace("\x00", ""), ProfileAnswer.line_no == line_no)
    )
    return select(ContactProfileAnswer.contact_id).where(ContactProfileAnswer.answer_id.in_(answer))


def contacts_who_answered(text: str) -> Select[int]:
    """The ids of contacts that have any answer of the questionnaire `text`; one row per answer."""
    return (
        select(ContactProfileAnswer.contact_id)
        .join(ProfileAnswer, ProfileAnswer.id == ContactProfileAnswer.answer_id)
        .join(ProfileQuestion, ProfileQuestion.id == ProfileAnswer.question_id)
        .join(ProfileQuestionnaire, ProfileQuestionnaire.id == ProfileQuestion.questionnaire_id)
        .where(ProfileQuestionnaire.code == text.replace("\x00", ""))
    )


def offered_answers(session: Session) -> list[tuple[str, str, int, str]]:
    """Every answer to choose: (questionnaire, question, line number, answer), in order, in one statement."""
    rows = session.execute(
        select(ProfileQuestionnaire.code, ProfileQuestion.description, ProfileAnswer.line_no, ProfileAnswer.description)
        .join(ProfileQuestion, ProfileQuestion.questionnaire_id == ProfileQuestionnaire.id)
        .join(ProfileAnswer, ProfileAnswer.question_id == ProfileQuestion.id)
        .order_by(ProfileQuestionnaire.code, ProfileQuestion.position, ProfileAnswer.position)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def answers_on_lines(session: Session, text: str, line_nos: Iterable[int]) -> list[tuple[int, str, str]]:
    """The answers of the questionnaire `text` with these line numbers: (line number, question, answer), in order."""
    rows = session.execute(
        select(ProfileAnswer.line_no, ProfileQuestion.description, ProfileAnswer.description)
        .join(ProfileQuestion, ProfileQuestion.id == ProfileAnswer.question_id)
        .join(ProfileQuestionnaire, ProfileQuestionnaire.id == ProfileQuestion.questionnaire_id)
        .where(ProfileQuestionnaire.code == text, ProfileAnswer.line_no.in_(line_nos))
        .order_by(ProfileQuestion.position, ProfileAnswer.position)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _known(ids: Mapping[int, int], line_no: int) -> int:
    if line_no not in ids:
        raise RuleViolation(say("This answer no longer exists. Choose another one."))
    return ids[line_no]


def _relations(session: Session, contact: Contact) -> set[int]:
    """The ids of the business relations of the contact's company."""
    if contact.company_id is None:
        return set()
    found = select(ContactBusinessRelation.code_id).where(ContactBusinessRelation.contact_id == contact.company_id)
    return set(session.scalars(found))


def _is_for(
    questionnaire: ProfileQuestionnaire | KnownQuestionnaire,
    contact: Contact,
    relations: set[int],
    given: AbstractSet[int],
) -> bool:
    if any(answer.id in given for question in questionnaire.questions for answer in question.answers):
        return True
    fits = questionnaire.contact_type in ("", contact.type)
    return fits and (questionnaire.business_relation_id is None or questionnaire.business_relation_id in relations)


def _profile(questionnaire: KnownQuestionnaire, given: AbstractSet[int]) -> Profile:
    answered, hidden = [], 0
    for question in questionnaire.questions:
        chosen = [answer for answer in question.answers if answer.id in given]
        shown = [answer for answer in chosen if answer.priority > LOWEST_PRIORITY]
        hidden += len(chosen) - len(shown)
        if shown:
            shown.sort(key=lambda one: -one.priority)
            answered.append(
                (shown[0].priority, AnsweredQuestion(question.description, tuple(one.description for one in shown)))
            )
    answered.sort(key=lambda one: -one[0])
    return Profile(
        questionnaire.code,
        questionnaire.description,
        tuple(one for _, one in answered),
        len(questionnaire.questions),
        hidden,
    )
