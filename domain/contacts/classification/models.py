"""Tables of what contacts are classified by (contacts.md 1.2, 1.3).

Six lists of codes. Four of them are assigned to contacts, any number each; organizational level and territory are
fields of the contact. Every assignment is indexed both ways: what a contact has, and who has a code.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Boolean, Date, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.database import SETUP, Base
from domain.messages import Counted
from domain.references import reference
from domain.types import Code, Key

USED_BY_CONTACTS = Counted(
    "The code %(name)s is used by %(num)s contact.", "The code %(name)s is used by %(num)s contacts."
)
LOWEST_PRIORITY, NORMAL_PRIORITY, HIGHEST_PRIORITY = 0, 2, 4


class ClassificationCode:
    """What the six lists of codes share."""

    __table_args__ = SETUP

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Code(10), unique=True)
    description: Mapped[str] = mapped_column(String(100), default="")
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False)


class MailingGroup(ClassificationCode, Base):
    """Contacts who get the same mailings."""

    __tablename__ = "mailing_group"


class IndustryGroup(ClassificationCode, Base):
    """A line of business of companies."""

    __tablename__ = "industry_group"


class JobResponsibility(ClassificationCode, Base):
    """What a person is responsible for."""

    __tablename__ = "job_responsibility"


class BusinessRelation(ClassificationCode, Base):
    """What a company is to the office: customer, prospect, press, …"""

    __tablename__ = "business_relation"


class OrganizationalLevel(ClassificationCode, Base):
    """Where a person stands in the company."""

    __tablename__ = "organizational_level"


class Territory(ClassificationCode, Base):
    """A sales district."""

    __tablename__ = "territory"


class ContactMailingGroup(Base):
    """A contact in a mailing group."""

    __tablename__ = "contact_mailing_group"
    __table_args__ = (
        UniqueConstraint("contact_id", "code_id"),
        Index("ix_contact_mailing_group_code", "code_id", "contact_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = reference("contact.id", "delete", anonymise=True)
    code_id: Mapped[int] = reference("mailing_group.id", "refuse", USED_BY_CONTACTS)


class ContactIndustryGroup(Base):
    """A company in an industry group."""

    __tablename__ = "contact_industry_group"
    __table_args__ = (
        UniqueConstraint("contact_id", "code_id"),
        Index("ix_contact_industry_group_code", "code_id", "contact_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = reference("contact.id", "delete", anonymise=True)
    code_id: Mapped[int] = reference("industry_group.id", "refuse", USED_BY_CONTACTS)


class ContactJobResponsibility(Base):
    """A job responsibility of a person."""

    __tablename__ = "contact_job_responsibility"
    __table_args__ = (
        UniqueConstraint("contact_id", "code_id"),
        Index("ix_contact_job_responsibility_code", "code_id", "contact_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = reference("contact.id", "delete", anonymise=True)
    code_id: Mapped[int] = reference("job_responsibility.id", "refuse", USED_BY_CONTACTS)


class ContactBusinessRelation(Base):
    """A business relation of a company."""

    __tablename__ = "contact_business_relation"
    __table_args__ = (
        UniqueConstraint("contact_id", "code_id"),
        Index("ix_contact_business_relation_code", "code_id", "contact_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = reference("contact.id", "delete", anonymise=True)
    code_id: Mapped[int] = reference("business_relation.id", "refuse", USED_BY_CONTACTS)


class ProfileQuestionnaire(Base):
    """A profile questionnaire: questions with answers to choose from.

    `contact_type` limits it to companies or persons ("": both), `business_relation_id` to contacts whose company has
    that relation. `priority` 0 (very low) … 4 (very high) orders the answers on the card of a contact.
    """

    __tablename__ = "profile_questionnaire"
    __table_args__ = SETUP

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Code(20), unique=True)
    description: Mapped[str] = mapped_column(String(250), default="")
    contact_type: Mapped[str] = mapped_column(Key(10), default="")
    business_relation_id: Mapped[int | None] = reference(
        "business_relation.id",
        "refuse",
        Counted(
            "The code %(name)s is used by %(num)s questionnaire.",
            "The code %(name)s is used by %(num)s questionnaires.",
        ),
        nullable=True,
    )
    priority: Mapped[int] = mapped_column(Integer, default=NORMAL_PRIORITY)
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False)

    business_relation: Mapped[BusinessRelation | None] = relationship()
    questions: Mapped[list[ProfileQuestion]] = relationship(
        back_populates="questionnaire", order_by="ProfileQuestion.position", passive_deletes="all"
    )


class ProfileQuestion(Base):
    """A question. `line_no` is its lasting address within the questionnaire, `position` its place on the page."""

    __tablename__ = "profile_question"
    __table_args__ = (UniqueConstraint("questionnaire_id", "line_no"), SETUP)

    id: Mapped[int] = mapped_column(primary_key=True)
    questionnaire_id: Mapped[int] = reference("profile_questionnaire.id", "delete")
    line_no: Mapped[int] = mapped_column(Integer)
    position: Mapped[int] = mapped_column(Integer)
    description: Mapped[str] = mapped_column(String(250))
    multiple_answers: Mapped[bool] = mapped_column(Boolean, default=False)

    questionnaire: Mapped[ProfileQuestionnaire] = relationship(back_populates="questions")
    answers: Mapped[list[ProfileAnswer]] = relationship(
        back_populates="question", order_by="ProfileAnswer.position", passive_deletes="all"
    )


class ProfileAnswer(Base):
    """An answer to choose. `priority` 0 (very low) hides it on the card of a contact.

    `line_no` is unique among questions and answers of the questionnaire, so that criteria may name it.
    """

    __tablename__ = "profile_answer"
    __table_args__ = (UniqueConstraint("question_id", "line_no"), SETUP)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = reference("profile_question.id", "delete")
    line_no: Mapped[int] = mapped_column(Integer)
    position: Mapped[int] = mapped_column(Integer)
    description: Mapped[str] = mapped_column(String(250))
    priority: Mapped[int] = mapped_column(Integer, default=NORMAL_PRIORITY)

    question: Mapped[ProfileQuestion] = relationship(back_populates="answers")


class ContactProfileAnswer(Base):
    """An answer that was given for a contact, and on which day."""

    __tablename__ = "contact_profile_answer"
    __table_args__ = (
        UniqueConstraint("contact_id", "answer_id"),
        Index("ix_contact_profile_answer_answer", "answer_id", "contact_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = reference("contact.id", "delete", anonymise=True)
    answer_id: Mapped[int] = reference(
        "profile_answer.id",
        "refuse",
        Counted(
            "“%(name)s” has %(num)s answer of a contact. Remove it first.",
            "“%(name)s” has %(num)s answers of contacts. Remove these first.",
        ),
    )
    updated_on: Mapped[dt.date] = mapped_column(Date)
