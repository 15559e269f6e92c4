"""The codes themselves: create, edit, delete, find (contacts.md 1.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.classification.kinds import KINDS, Kind
from domain.contacts.models import Contact
from domain.database import folded
from domain.errors import NotFound
from domain.messages import Message, say
from domain.references import delete_row
from domain.setup.fields import refuse_blank_code, refuse_used_code, save, set_fields
from domain.types import code, fold

RIGHT = "edit classification"
FIELDS = ("code", "description")
LONGEST = 10


def create_code(session: Session, kind: Kind, *, by: Actor, **values: Any) -> Any:
    """A new code of a list. `values`: `FIELDS`, and `is_demo`. Raises `Forbidden`, `RuleViolation` on the field."""
    by.must_be_allowed(RIGHT)
    row = kind.model()
    _change(session, kind, row, {"code": "", "description": "", **values})
    session.add(row)
    save(session, _taken(row))
    return row


def edit_code(session: Session, row: Any, *, kind: Kind, changes: dict[str, Any], by: Actor) -> Any:
    """Changes code or description; contacts keep the renamed code. Raises as `create_code`."""
    by.must_be_allowed(RIGHT)
    _change(session, kind, row, changes)
    save(session, _taken(row))
    return row


def delete_code(session: Session, row: Any, *, kind: Kind, by: Actor) -> None:
    """Deletes a code no contact and no questionnaire uses. Raises `RuleViolation` that says how many do."""
    by.must_be_allowed(RIGHT)
    delete_row(session, kind.table, [row.id], name=row.code)


def code_list(kind: Kind) -> Select[Any]:
    """All codes of a list, in code order."""
    return select(kind.model).order_by(kind.model.code)


@dataclass(frozen=True)
class OfferedCode:
    """A code as lists of choices offer it."""

    id: int
    code: str
    description: str

    @property
    def text(self) -> str:
        """Code and description."""
        return f"{self.code} {self.description}".strip()


def all_codes(session: Session) -> dict[str, list[OfferedCode]]:
    """Every code of every list by `Kind.key`, in code order, in one statement."""
    parts = [
        select(literal(kind.key).label("kind"), kind.model.id, kind.model.code, kind.model.description)
        for kind in KINDS
    ]
    found: dict[str, list[OfferedCode]] = {kind.key: [] for kind in KINDS}
    for row in sorted(session.execute(union_all(*parts)), key=lambda one: one.code):
        found[row.kind].append(OfferedCode(row.id, row.code, row.description))
    return found


def find_code(session: Session, kind: Kind, text: str) -> Any | None:
    """The code of a list, or None."""
    if "\x00" in text:
        return None
    return session.scalar(select(kind.model).where(kind.model.code == code(text)))


def get_code(session: Session, kind: Kind, text: str) -> Any:
    """As `find_code`. Raises `NotFound`."""
    found = find_code(session, kind, text)
    if found is None:
        raise NotFound(say("There is no code %(text)s in this list.", text=text[:50]))
    return found


def look_up_codes(session: Session, kind: Kind, text: str, limit: int = 20) -> list[Any]:
    """Codes that begin with the text or whose description contains it, in code order."""
    typed = text.replace("\x00", "").strip()[:100]
    fitting = or_(
        kind.model.code.startswith(code(typed), autoescape=True),
        folded(kind.model.description).contains(fold(typed), autoescape=True),
    )
    return list(session.scalars(code_list(kind).where(fitting).limit(limit)))


def contact_counts(session: Session, kind: Kind) -> dict[int, int]:
    """How many contacts have each code themselves: id of the code → number, in one statement."""
    column = kind.links.c.code_id if kind.link is not None else getattr(Contact, kind.field)
    counted = select(column, func.count()).where(column.is_not(None)).group_by(column)
    return {row[0]: row[1] for row in session.execute(counted)}


def _change(session: Session, kind: Kind, row: Any, changes: dict[str, Any]) -> None:
    with session.no_autoflush:
        set_fields(row, changes)
        refuse_blank_code(row.code)
        refuse_used_code(session, kind.model, row, _taken(row))


def _taken(row: Any) -> Message:
    return say("There is already a code %(code)s in this list.", code=row.code)
