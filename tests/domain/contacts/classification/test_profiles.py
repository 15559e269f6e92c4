"""Profile questionnaires (contacts.md 1.3, 2.8, 2.17): setting up, who is asked, answering, what the card shows."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.contacts.classification.assign import classification_of
from domain.contacts.classification.models import ContactProfileAnswer, ProfileQuestionnaire
from domain.contacts.classification.profiles import answer_questions, contacts_with_answer, profiles_of
from domain.contacts.classification.questionnaires import (
    add_answer,
    add_question,
    answer_counts,
    create_questionnaire,
    delete_answer,
    delete_question,
    delete_questionnaire,
    edit_answer,
    edit_question,
    edit_questionnaire,
    get_answer,
    get_questionnaire,
    known_questionnaires,
    move_line,
    questionnaire_figures,
)
from domain.contacts.models import Contact
from domain.errors import Forbidden, RuleViolation
from tests.factories.classification import give_codes, make_code, make_questionnaire
from tests.factories.contacts import make_contact
from tests.factories.setup import TODAY, make_actor

BY = make_actor()
ONE, FEW, MANY, SEVERAL, CARDS, PAPER = 10_000, 20_000, 30_000, 40_000, 50_000, 60_000


def answer(session, contact, questionnaire, add=(), remove=(), by=BY):
    chosen = {ONE: {n for n in add if n < SEVERAL}, SEVERAL: {n for n in add if n > SEVERAL}}
    lost = {ONE: {n for n in remove if n < SEVERAL}, SEVERAL: {n for n in remove if n > SEVERAL}}
    answer_questions(session, contact, questionnaire, add=chosen, remove=lost, by=by)


def given(session, contact, questionnaire):
    ids = set(
        session.scalars(select(ContactProfileAnswer.answer_id).where(ContactProfileAnswer.contact_id == contact.id))
    )
    return sorted(one.line_no for question in questionnaire.questions for one in question.answers if one.id in ids)


def test_line_numbers_are_unique_in_a_questionnaire_and_never_move(session):
    """1.3: answers are addressed by line number; moving changes the place, and given answers follow."""
    made = make_questionnaire(session)
    lines = [(q.line_no, [a.line_no for a in q.answers]) for q in made.questions]
    assert lines == [(ONE, [FEW, MANY]), (SEVERAL, [CARDS, PAPER])]
    contact = make_contact(session)
    answer(session, contact, made, [FEW])
    move_line(session, get_answer(made, FEW), down=True, by=BY)
    move_line(session, made.questions[0], down=True, by=BY)
    made = get_questionnaire(session, made.code)
    assert [(q.line_no, [a.line_no for a in q.answers]) for q in made.questions] == [
        (SEVERAL, [CARDS, PAPER]),
        (ONE, [MANY, FEW]),
    ]
    move_line(session, made.questions[-1], down=True, by=BY)
    assert [q.line_no for q in get_questionnaire(session, made.code).questions] == [SEVERAL, ONE]
    assert given(session, contact, made) == [FEW]
    assert add_question(session, made, description="More?", by=BY).line_no == 70_000


def test_an_answer_to_a_question_with_one_answer_replaces_the_one_before(session):
    """2.17: ticking a second answer replaces it; several may stand where the question allows."""
    made, contact = make_questionnaire(session), make_contact(session)
    answer(session, contact, made, [FEW, CARDS])
    answer(session, contact, made, [MANY, PAPER])
    assert given(session, contact, made) == [MANY, CARDS, PAPER]
    answer(session, contact, made, [], [MANY, CARDS])
    assert given(session, contact, made) == [PAPER]
    with pytest.raises(RuleViolation, match="has one answer"):
        answer(session, contact, made, [FEW, MANY])


def test_an_answer_remembers_its_day_and_touches_the_contact(session):
    """1.3 Last Date Updated, 1.1 last modified."""
    made, contact = make_questionnaire(session), make_contact(session)
    later = make_actor(now=BY.now.replace(hour=23))
    answer(session, contact, made, [FEW], by=later)
    assert session.scalars(select(ContactProfileAnswer.updated_on)).one() == TODAY
    assert contact.modified_at == later.now


def test_minors_have_no_profile_even_with_consent(session):
    """2.8."""
    made, contact = make_questionnaire(session), make_contact(session, type="person", minor=True, parental_consent=True)
    with pytest.raises(RuleViolation, match="is a minor"):
        answer(session, contact, made, [FEW])


def shown(session, contact):
    """The questionnaires as the card of the contact shows them."""
    return profiles_of(contact, known_questionnaires(session), classification_of(session, contact))


def test_a_questionnaire_is_for_contacts_of_its_type_and_relation_or_who_answered_already(session):
    """1.3, 2.17: the relation is that of the company."""
    relation = make_code(session, "business_relation", "CUST")
    made = make_questionnaire(session, contact_type="person", business_relation_id=relation.id)
    customer, other = make_contact(session), make_contact(session)
    give_codes(session, customer, "business_relation", "CUST")
    buyer, stranger = make_contact(session, company=customer), make_contact(session, company=other)
    assert [bool(shown(session, one)) for one in (buyer, stranger, customer)] == [True, False, False]
    for one in (stranger, customer):
        with pytest.raises(RuleViolation, match="is not for"):
            answer(session, one, made, [FEW])
    answer(session, buyer, made, [FEW])
    edit_questionnaire(session, made, changes={"contact_type": "company"}, by=BY)
    assert shown(session, buyer)
    answer(session, buyer, made, [MANY])


def test_the_card_shows_answers_by_priority_and_hides_the_lowest(session):
    """2.17: sorted by answer priority, then questionnaire priority; "Very low (hidden)" is not shown."""
    first, second = make_questionnaire(session, "A"), make_questionnaire(session, "B", priority=4)
    contact = make_contact(session)
    answer(session, contact, first, [FEW, CARDS, PAPER])
    answer(session, contact, second, [FEW])
    edit_answer(session, get_answer(first, PAPER), changes={"priority": 4}, by=BY)
    edit_answer(session, get_answer(second, FEW), changes={"priority": 0}, by=BY)
    session.expire_all()
    profiles = shown(session, contact)
    assert [one.code for one in profiles] == ["B", "A"]
    assert (profiles[0].answered, profiles[0].hidden) == ((), 1)
    assert [(one.question, one.answers) for one in profiles[1].answered] == [
        ("What do they buy?", ("Paper", "Cards")),
        ("How many people?", ("Few",)),
    ]


def test_what_contacts_answered_is_not_deleted(session):
    """1.3: delete guards of answer, question and questionnaire; without answers everything goes."""
    made, contact = make_questionnaire(session), make_contact(session)
    answer(session, contact, made, [FEW])
    attempts = [
        lambda: delete_answer(session, get_answer(get_questionnaire(session, "SIZE"), FEW), by=BY),
        lambda: delete_question(session, get_questionnaire(session, "SIZE").questions[0], by=BY),
        lambda: delete_questionnaire(session, get_questionnaire(session, "SIZE"), by=BY),
    ]
    for attempt in attempts:
        with pytest.raises(RuleViolation, match="has 1 answer of a contact"):
            attempt()
    answer(session, contact, get_questionnaire(session, "SIZE"), [], [FEW])
    for attempt in attempts:
        attempt()
    assert session.scalar(select(ProfileQuestionnaire)) is None


def test_a_question_allows_one_answer_only_when_nobody_has_several(session):
    made, contact = make_questionnaire(session), make_contact(session)
    answer(session, contact, made, [CARDS, PAPER])
    question = made.questions[1]
    with pytest.raises(RuleViolation, match=r"1 contact has several answers to this question\.") as refusal:
        edit_question(session, question, changes={"multiple_answers": False}, by=BY)
    assert refusal.value.field == "multiple_answers"
    answer(session, contact, made, [], [PAPER])
    edit_question(session, question, changes={"multiple_answers": False}, by=BY)


def test_counts_and_the_contacts_with_an_answer(session):
    made = make_questionnaire(session)
    contacts = [make_contact(session, f"C{n}") for n in range(3)]
    for contact in contacts[:2]:
        answer(session, contact, made, [FEW, CARDS])
    assert answer_counts(session, made)[get_answer(made, FEW).id] == 2
    assert questionnaire_figures(session) == {made.id: (2, 2)}
    found = select(Contact.no).where(Contact.id.in_(contacts_with_answer("SIZE", FEW))).order_by(Contact.no)
    assert list(session.scalars(found)) == ["C0", "C1"]


def test_wrong_values_are_refused_on_their_field(session):
    make_questionnaire(session)

    def fresh():
        return get_questionnaire(session, "SIZE")

    for field, attempt in (
        ("code", lambda: create_questionnaire(session, code="size", by=BY)),
        ("code", lambda: create_questionnaire(session, code="", by=BY)),
        ("contact_type", lambda: create_questionnaire(session, code="X", contact_type="robot", by=BY)),
        ("priority", lambda: create_questionnaire(session, code="X", priority=5, by=BY)),
        ("business_relation_id", lambda: create_questionnaire(session, code="X", business_relation_id=99, by=BY)),
        ("description", lambda: add_question(session, fresh(), description=" ", by=BY)),
        ("description", lambda: add_answer(session, fresh().questions[0], description="", by=BY)),
        ("priority", lambda: add_answer(session, fresh().questions[0], description="x", priority=None, by=BY)),
    ):
        with pytest.raises(RuleViolation) as refusal, session.begin_nested():
            attempt()
        assert refusal.value.field == field


def test_salespeople_answer_and_only_marketing_sets_questionnaires_up(session):
    """contacts.md 7."""
    made, contact = make_questionnaire(session), make_contact(session)
    answer(session, contact, made, [FEW], by=make_actor(role="salesperson"))
    with pytest.raises(Forbidden):
        answer(session, contact, made, [MANY], by=make_actor(role="read_only"))
    for attempt in (
        lambda by: create_questionnaire(session, code="X", by=by),
        lambda by: edit_questionnaire(session, made, changes={}, by=by),
        lambda by: delete_questionnaire(session, made, by=by),
        lambda by: add_question(session, made, description="x", by=by),
        lambda by: move_line(session, made.questions[0], down=True, by=by),
    ):
        with pytest.raises(Forbidden):
            attempt(make_actor(role="salesperson"))
