"""Criteria in words: “Postcode starts with 75, salesperson is HR or BC – or – has no interaction: date is …”."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.classification.profiles import answers_on_lines
from domain.filters.conditions import Is
from domain.filters.read import Filter
from domain.filters.reader import Reader, reader_of
from domain.filters.sentences import sentence
from domain.filters.tree import AnyOf
from domain.messages import Message, say
from domain.segments.criteria import Criteria, GroupFilter
from domain.segments.matching import read_group, reader_for

HAS_NO: dict[str, Message] = {
    "contact": say("Everybody but these"),
    "profile_answer": say("Has no profile answer"),
    "mailing_group": say("Has no mailing group"),
    "interaction": say("Has no interaction"),
    "job_responsibility": say("Has no job responsibility"),
    "industry_group": say("Has no industry group"),
    "business_relation": say("Has no business relation"),
}
"""What the switch of a group that turns it round is called, and how its sentence begins."""
_HAS: dict[str, Message] = {
    "profile_answer": say("Has a profile answer"),
    "interaction": say("Has an interaction"),
}


def criteria_sentence(session: Session, criteria: Criteria, by: Actor) -> str:
    """What criteria ask for, in the actor's language; relative dates as they fall today.

    Raises `RuleViolation` when a filter cannot be read any more (its field or table is gone).
    """
    typed_by, shown_to = reader_for(session, criteria, by=by), reader_of(session, by)
    said = [
        "; ".join(group_sentence(session, one, read_group(one, typed_by), shown_to) for one in groups)
        for groups in criteria.alternatives
    ]
    if not said:
        return by.write(say("All contacts"))
    told = said[0]
    for more in said[1:]:
        told = by.write(say("%(first)s – or – %(other)s", first=told, other=more))
    return told


def group_sentence(session: Session, one: GroupFilter, filters: tuple[Filter, ...], reader: Reader) -> str:
    """What one group asks for. Answers of questionnaires are told by question."""
    told = _answers_in_words(session, filters) if one.group == "profile_answer" else ""
    if not told:
        told = sentence(filters, reader)
        if one.absent or one.group in _HAS:
            told = told if told[1:2].isupper() else told[:1].lower() + told[1:]
    begin = HAS_NO[one.group] if one.absent else _HAS.get(one.group)
    if begin is None:
        return told
    if not told:
        return reader.write(begin)
    return reader.write(say("%(begin)s: %(filters)s", begin=reader.write(begin), filters=told))


def _answers_in_words(session: Session, filters: tuple[Filter, ...]) -> str:
    """“Number of employees: 100–499 | 500 and more”; '' when the filters are not answers picked from a list."""
    conditions = {one.field.key: one.condition for one in filters}
    named, lines = conditions.get("questionnaire"), conditions.get("line_no")
    parts = lines.parts if isinstance(lines, AnyOf) else (lines,)
    if len(conditions) != 2 or not isinstance(named, Is) or not all(isinstance(part, Is) for part in parts):
        return ""
    numbers = [part.value for part in parts if isinstance(part, Is)]
    found = answers_on_lines(session, named.value, numbers)
    if len({line_no for line_no, _, _ in found}) != len(set(numbers)):
        return ""
    by_question: dict[str, list[str]] = {}
    for _, question, answer in found:
        by_question.setdefault(question, []).append(answer)
    return " | ".join(f"{question}: {' | '.join(answers)}" for question, answers in by_question.items())
