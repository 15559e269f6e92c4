"""Checks that verbs of the setup share: lengths, required texts, codes in use, e-mail addresses."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

from domain.database import Base
from domain.errors import RuleViolation
from domain.messages import Message, say
from domain.types import Code, code

EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+")


def set_fields(row: Any, changes: dict[str, Any]) -> None:
    """Sets columns of a row; texts are trimmed.

    Raises `RuleViolation` on a field whose text does not fit its column or holds a character that cannot be stored,
    `KeyError` for a name that is not a column.
    """
    columns = type(row).__table__.columns
    for name, value in changes.items():
        kind = columns[name].type
        if isinstance(value, str):
            value = code(value) if isinstance(kind, Code) else value.strip()
            _refuse_text(value, kind, field=name)
        setattr(row, name, value)


def _refuse_text(text: str, kind: Any, *, field: str) -> None:
    length = getattr(kind.impl_instance if isinstance(kind, TypeDecorator) else kind, "length", None)
    if length is not None and len(text) > length:
        raise RuleViolation(say("This text can have up to %(length)s characters.", length=length), field=field)
    if "\x00" in text:
        raise RuleViolation(say("This text contains a character that cannot be stored."), field=field)


def refuse_blank_code(text: str, *, field: str = "code") -> None:
    """Raises `RuleViolation` when a code is missing."""
    if not text:
        raise RuleViolation(say("Enter a code."), field=field)


def refuse_used_code(session: Session, table: type[Base], row: Any, taken: Message, *, field: str = "code") -> None:
    """Raises `RuleViolation` with the sentence `taken` when another row has the code of `row`."""
    wanted = getattr(row, field)
    with session.no_autoflush:
        other = session.scalar(select(table).where(getattr(table, field) == wanted))
    if other is not None and other is not row:
        raise RuleViolation(taken, field=field)


def refuse_wrong_email(text: str, *, field: str = "email") -> None:
    """Raises `RuleViolation` for something that is not one e-mail address; blank is allowed."""
    if text and not EMAIL.fullmatch(text):
        raise RuleViolation(say("%(text)s is not an e-mail address.", text=text), field=field)


def save(session: Session, taken: Message, *, field: str = "code") -> None:
    """Writes what is pending. Somebody else who took the code at the same moment is a `RuleViolation` too."""
    try:
        session.flush()
    except IntegrityError as clash:
        raise RuleViolation(taken, field=field) from clash
