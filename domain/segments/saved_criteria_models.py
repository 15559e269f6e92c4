"""Tables of saved segmentation criteria (segments.md 1.5)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Boolean, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.database import Base
from domain.references import reference
from domain.types import Code, Key, Moment


class SavedCriteria(Base):
    """Steps kept under a code, for any segment (segments.md 1.5). Shared by all users."""

    __tablename__ = "saved_criteria"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Code(10), unique=True)
    description: Mapped[str] = mapped_column(String(100), default="")
    user_id: Mapped[int | None] = reference("app_user.id", "blank", nullable=True)
    user_name: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[dt.datetime] = mapped_column(Moment)
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}


class SavedCriteriaStep(Base):
    """One step of saved criteria: `kind` add, reduce, refine, pin or reuse, with filters and options as a step has them.

    A step that named its contacts one by one (a pasted list) keeps them as `SavedCriteriaContact`.
    """

    __tablename__ = "saved_criteria_step"
    __table_args__ = (UniqueConstraint("criteria_id", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    criteria_id: Mapped[int] = reference("saved_criteria.id", "delete")
    seq: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(Key(20))
    filters: Mapped[str] = mapped_column(Text, default="{}")
    options: Mapped[str] = mapped_column(Text, default="{}")


class SavedCriteriaContact(Base):
    """A contact that a step of saved criteria names, in the order of the list."""

    __tablename__ = "saved_criteria_contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = reference("saved_criteria_step.id", "delete", index=True)
    contact_id: Mapped[int] = reference("contact.id", "delete", index=True)


class SavedCriteriaUse(Base):
    """That saved criteria were reused on a segment: who uses them."""

    __tablename__ = "saved_criteria_use"
    __table_args__ = (UniqueConstraint("criteria_id", "segment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    criteria_id: Mapped[int] = reference("saved_criteria.id", "delete")
    segment_id: Mapped[int] = reference("segment.id", "delete", index=True)
    user_name: Mapped[str] = mapped_column(String(100), default="")
    at: Mapped[dt.datetime] = mapped_column(Moment)
