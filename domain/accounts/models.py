"""Users of the application."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Boolean, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.database import Base
from domain.references import reference
from domain.setup.models import Salesperson
from domain.types import Key, Moment

ROLES = ("read_only", "salesperson", "marketing", "administrator")
INTERFACE_LOCALES = ("en_GB", "fr_CA", "fr_CH", "sv_SE")


class User(Base):
    """Somebody who signs in. `login_key` is the folded sign-in name; `session_no` ends all sessions when it grows."""

    __tablename__ = "app_user"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(50))
    login_key: Mapped[str] = mapped_column(Key(50), unique=True)
    name: Mapped[str] = mapped_column(String(100), default="")
    email: Mapped[str] = mapped_column(String(80), default="")
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[str] = mapped_column(Key(20), default="read_only")
    salesperson_id: Mapped[int | None] = reference("salesperson.id", "blank", nullable=True, index=True)
    locale: Mapped[str] = mapped_column(Key(10), default="en_GB")
    theme: Mapped[str] = mapped_column(Key(10), default="")
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    session_no: Mapped[int] = mapped_column(Integer, default=1)
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[dt.datetime] = mapped_column(Moment)
    last_sign_in_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(Integer, default=1)

    salesperson: Mapped[Salesperson | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class UserView(Base):
    """What somebody chose for a list: columns and filters under a name; '' is how the list begins for them."""

    __tablename__ = "user_view"
    __table_args__ = (UniqueConstraint("user_id", "place", "name_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = reference("app_user.id", "delete")
    place: Mapped[str] = mapped_column(Key(30))
    name: Mapped[str] = mapped_column(String(50), default="")
    name_key: Mapped[str] = mapped_column(Key(50), default="")
    query: Mapped[str] = mapped_column(Text, default="")
    columns: Mapped[str] = mapped_column(Text, default="")
