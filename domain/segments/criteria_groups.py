"""The seven groups of filters of Add, Reduce and Refine (contacts.md 3.1), in the order of the dialog."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select

from domain.contacts.classification.kinds import (
    BUSINESS_RELATIONS,
    INDUSTRY_GROUPS,
    JOB_RESPONSIBILITIES,
    MAILING_GROUPS,
    ORGANIZATIONAL_LEVELS,
    TERRITORIES,
)
from domain.contacts.classification.kinds import Kind as CodeList
from domain.contacts.classification.models import (
    ContactMailingGroup,
    ContactProfileAnswer,
    ProfileAnswer,
    ProfileQuestion,
    ProfileQuestionnaire,
)
from domain.contacts.models import Contact
from domain.filters.fields import Field, FilterTable, Kind, Reference
from domain.interactions.filter_fields import CONTACT_FILTERS_WITH_LOG, ENTRY_FILTERS
from domain.interactions.models import InteractionLogEntry
from domain.messages import Message, say

_answers = (
    select(ProfileAnswer.id, ProfileAnswer.line_no, ProfileQuestionnaire.code)
    .join(ProfileQuestion, ProfileQuestion.id == ProfileAnswer.question_id)
    .join(ProfileQuestionnaire, ProfileQuestionnaire.id == ProfileQuestion.questionnaire_id)
    .subquery("answers")
)
_groups_of_contact = (
    select(func.count())
    .select_from(ContactMailingGroup)
    .where(ContactMailingGroup.contact_id == Contact.id)
    .correlate(Contact)
    .scalar_subquery()
)


def _of_contact(kind: CodeList, label: Message) -> Field:
    column = getattr(Contact, kind.field)
    return Field(kind.key, label, Kind.CODE, column, Reference(kind.model.id, kind.model.code, kind.model.description))


def _assigned(kind: CodeList, label: Message) -> FilterTable:
    code = Reference(kind.model.id, kind.model.code, kind.model.description)
    return FilterTable.of(
        kind.key,
        kind.label,
        [Field("code", label, Kind.CODE, kind.link.code_id, code)],
        shown=("code",),
        row_id=kind.link.id,
        contact_ids=(kind.link.contact_id,),
    )


CONTACT = CONTACT_FILTERS_WITH_LOG.plus(
    [
        _of_contact(TERRITORIES, say("Territory")),
        _of_contact(ORGANIZATIONAL_LEVELS, say("Organisational level")),
        Field("mailing_groups", say("No. of mailing groups"), Kind.NUMBER, _groups_of_contact),
    ],
    shown=("territory",),
)
PROFILE_ANSWER = FilterTable.of(
    "profile_answer",
    say("Profile"),
    [
        Field(
            "questionnaire",
            say("Profile questionnaire"),
            Kind.CODE,
            ContactProfileAnswer.answer_id,
            Reference(_answers.c.id, _answers.c.code),
        ),
        Field(
            "line_no",
            say("Line No."),
            Kind.NUMBER,
            ContactProfileAnswer.answer_id,
            Reference(_answers.c.id, _answers.c.line_no),
        ),
        Field("updated_on", say("Last updated"), Kind.DATE, ContactProfileAnswer.updated_on),
    ],
    shown=("questionnaire", "line_no"),
    row_id=ContactProfileAnswer.id,
    contact_ids=(ContactProfileAnswer.contact_id,),
)
# a person's interaction does not select its company (segments.md 3.2)
INTERACTION = replace(ENTRY_FILTERS, key="interaction", contact_ids=(InteractionLogEntry.contact_id,))

GROUPS: dict[str, FilterTable] = {
    table.key: table
    for table in (
        CONTACT,
        PROFILE_ANSWER,
        _assigned(MAILING_GROUPS, say("Mailing group")),
        INTERACTION,
        _assigned(JOB_RESPONSIBILITIES, say("Job responsibility")),
        _assigned(INDUSTRY_GROUPS, say("Industry group")),
        _assigned(BUSINESS_RELATIONS, say("Business relation")),
    )
}
THROUGH_COMPANY = ("industry_group", "business_relation")
"""Groups of companies: a person is found through its company."""
