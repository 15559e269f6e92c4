"""What contacts are classified by, for tests."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from domain.contacts.classification.assign import change_codes
from domain.contacts.classification.codes import create_code, find_code
from domain.contacts.classification.kinds import BY_KEY
from domain.contacts.classification.models import ProfileQuestionnaire
from domain.contacts.classification.questionnaires import (
    add_answer,
    add_question,
    create_questionnaire,
    get_questionnaire,
)
from domain.contacts.models import Contact
from tests.factories.setup import make_actor


def make_code(session: Session, key: str, code: str, **values: Any) -> Any:
    """The code of a list ("mailing_group", …), made if it is not there."""
    found = find_code(session, BY_KEY[key], code)
    return found or create_code(session, BY_KEY[key], code=code, by=make_actor(), **values)


def give_codes(session: Session, contact: Contact, key: str, *codes: str) -> None:
    """A contact gets codes of a list; they are made if they are not there."""
    for code in codes:
        make_code(session, key, code)
    change_codes(session, contact, BY_KEY[key], add=codes, by=make_actor())


def make_questionnaire(session: Session, code: str = "SIZE", **values: Any) -> ProfileQuestionnaire:
    """A questionnaire with a question of one answer (10000: 20000, 30000) and one of several (40000: 50000, 60000)."""
    by = make_actor()
    made = create_questionnaire(session, code=code, description=f"About {code}", by=by, **values)
    for text, several in (("How many people?", False), ("What do they buy?", True)):
        question = add_question(session, made, description=text, multiple_answers=several, by=by)
        for answer in ("Few", "Many") if not several else ("Cards", "Paper"):
            add_answer(session, question, description=answer, by=by)
    session.expire(made)
    return get_questionnaire(session, code)
