"""Criteria told in words (contacts.md 3.1): groups, alternatives, “has no …”, answers by question."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from blueprints.segments.criteria_words import criteria_sentence
from domain.contacts.classification.models import ProfileAnswer, ProfileQuestion, ProfileQuestionnaire
from domain.errors import RuleViolation
from domain.segments.criteria import Criteria, GroupFilter, criteria_of
from tests.factories.setup import make_actor

BY = make_actor()


def group(name: str, absent: bool = False, /, **filters: str) -> GroupFilter:
    return GroupFilter(name, tuple(filters.items()), absent)


def told(session: Session, *alternatives: list[GroupFilter]) -> str:
    return criteria_sentence(session, criteria_of(alternatives, locale="en_GB"), BY)


def test_no_filter_means_all_contacts(session: Session) -> None:
    """R-F03."""
    assert criteria_sentence(session, Criteria(), BY) == "All contacts"


def test_groups_and_alternatives(session: Session) -> None:
    said = told(
        session,
        [group("contact", post_code="75*", salesperson="HR|BC"), group("interaction", True, template="BUS")],
        [group("mailing_group", code="VIP")],
        [group("mailing_group", True), group("interaction", date="01/01/2026..")],
    )
    assert said == (
        "Postcode starts with 75, salesperson is HR or BC; Has no interaction: interaction template is BUS – or – "
        "Mailing group is VIP – or – Has no mailing group; Has an interaction: date is on or after 01/01/2026"
    )


def test_answers_are_told_by_question(session: Session) -> None:
    sizes = ProfileQuestion(line_no=10000, position=1, description="Employees")
    sizes.answers = [
        ProfileAnswer(line_no=20000, position=1, description="1..99"),
        ProfileAnswer(line_no=30000, position=2, description="100..499"),
    ]
    session.add(ProfileQuestionnaire(code="FIRM", questions=[sizes]))
    session.flush()
    said = told(session, [group("profile_answer", questionnaire="FIRM", line_no="20000|30000")])
    assert said == "Has a profile answer: Employees: 1..99 | 100..499"
    unknown = told(session, [group("profile_answer", questionnaire="FIRM", line_no="40000")])
    assert unknown == "Has a profile answer: profile questionnaire is FIRM; line No. is 40,000"


def test_a_field_that_is_gone_is_refused(session: Session) -> None:
    with pytest.raises(RuleViolation, match="There is no field"):
        told(session, [group("contact", shoe_size="42")])
