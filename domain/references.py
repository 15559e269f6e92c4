"""What happens to the rows that point somewhere when the thing they point to goes.

Rooms look down through this one place: a table declares on its foreign key what shall happen, and `delete_row` (and later
merge, anonymise and where-used) read the declarations. A test refuses a foreign key without one.

* `refuse`: the thing cannot be deleted while rows point to it; the sentence says why.
* `blank`: the reference becomes empty.
* `follow`: the reference moves to the successor (a person's entries move to its company), or becomes empty.
* `delete`: the rows go too, with what hangs on them.
* `together`: the row owns the thing it points to; both go in one transaction.

Rows that copied something personal from what they point to say what becomes of the copies (`erased`): deleting and
anonymising a person reach them through `erase_copies`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ColumnElement, ForeignKey, Select, Table, delete, func, select, true, update
from sqlalchemy.orm import MappedColumn, Session, mapped_column

from domain.database import Base
from domain.errors import RuleViolation
from domain.messages import Counted, Message, say


class Going(StrEnum):
    """What a reference does when its target goes."""

    REFUSE = "refuse"
    BLANK = "blank"
    FOLLOW = "follow"
    DELETE = "delete"
    TOGETHER = "together"


Condition = Callable[[Table], ColumnElement[bool]]
Erased = Mapping[str, Any]
GONE: Erased = {}
"""For `erased`: the whole row is a copy and goes."""

# databases take only so many values in one statement
IDS_AT_ONCE = 10_000


@dataclass(frozen=True)
class Rule:
    """The declaration on a foreign key. `only` limits it to some rows; the others do as `otherwise` says.

    `erased`: column → value (or a function of the table that gives one) of the copies in this row; `GONE` for all of it.
    """

    going: Going
    sentence: str | Counted = ""
    merge: bool = True
    anonymise: bool = False
    only: Condition | None = None
    otherwise: Going | None = None
    erased: Erased | None = None


def reference(
    target: str,
    going: str,
    sentence: str | Counted = "",
    *,
    merge: bool = True,
    anonymise: bool = False,
    only: Condition | None = None,
    otherwise: str | None = None,
    erased: Erased | None = None,
    nullable: bool = False,
    deferred: bool = False,
    use_alter: bool = False,
    **options: Any,
) -> MappedColumn[Any]:
    """A column that points to `target` ("contact.id") and says what happens when that goes.

    `sentence` (with `%(name)s`; a `Counted` one also with `%(num)s`, the number of rows) is shown when `refuse` refuses;
    `merge` and `anonymise` say whether merging two targets or anonymising a person reaches this column; `erased` what
    then becomes of copies in the row (and, on a reference to such a row, in the rows below it); `deferred` checks the
    key at commit.
    """
    rule = Rule(Going(going), sentence, merge, anonymise, only, Going(otherwise) if otherwise else None, erased)
    if rule.going is Going.REFUSE and not sentence:
        raise ValueError(f"The reference to {target} refuses without a sentence")
    if isinstance(sentence, str) and "%(num)s" in sentence:
        raise ValueError(f"The reference to {target} counts without a plural")
    timing: dict[str, Any] = {"deferrable": True, "initially": "DEFERRED"} if deferred else {}
    key = ForeignKey(target, use_alter=use_alter, **timing)
    return mapped_column(key, nullable=nullable, info={"reference": rule}, **options)


def references_to(table: Table) -> list[tuple[Column[Any], Rule]]:
    """Every column that points to `table`, with its rule, in a stable order."""
    found = []
    for other in sorted(Base.metadata.tables.values(), key=lambda t: t.name):
        for column in other.columns:
            if any(key.column.table is table for key in column.foreign_keys):
                found.append((column, column.info["reference"]))
    return found


@dataclass(frozen=True)
class Use:
    """Rows of a table that keep something from being deleted, and the sentence that says so."""

    table: str
    sentence: Message


def uses(session: Session, table: Table, ids: list[int], *, name: str, moving: bool = False) -> Iterator[Use]:
    """What refuses that the rows `ids` go: rows that point to them, also through rows that would go along.

    `moving`: the target stays and only goes elsewhere; rows that follow a successor are no reason against that.
    """
    for column, rule in references_to(table):
        other = column.table
        if moving and rule.otherwise is Going.FOLLOW:
            continue
        if rule.going is Going.REFUSE:
            condition = rule.only(other) if rule.only else true()
            counting = select(func.count()).select_from(other)
            used = sum(session.scalar(counting.where(column.in_(part), condition)) or 0 for part in _parts(ids))
            if used:
                yield Use(other.name, _reason(rule.sentence, used, name))
        elif rule.going is Going.DELETE and other is not table and "id" in other.c:
            going = [one for part in _parts(ids) for one in session.scalars(select(other.c.id).where(column.in_(part)))]
            if going:
                yield from uses(session, other, going, name=name)


def _reason(sentence: str | Counted, number: int, name: str) -> Message:
    return sentence.of(number, name=name) if isinstance(sentence, Counted) else say(sentence, name=name)


def refuse_if_used(session: Session, table: Table, ids: list[int], *, name: str, moving: bool = False) -> None:
    """Raises `RuleViolation` with the first of `uses`."""
    for use in uses(session, table, ids, name=name, moving=moving):
        raise RuleViolation(use.sentence)


def delete_row(session: Session, table: Table, ids: list[int], *, name: str, successor: int | None = None) -> None:
    """Deletes the rows `ids` of `table` and treats everything that points to them as declared.

    `successor` is the id that `follow` references move to. Raises `RuleViolation` with the declared sentence. Objects
    already loaded into the session are expired.
    """
    session.flush()
    refuse_if_used(session, table, ids, name=name)
    _delete(session, table, ids, successor)
    session.expire_all()


def _delete(session: Session, table: Table, ids: list[int], successor: int | None) -> None:
    if not ids:
        return
    if len(ids) > IDS_AT_ONCE:
        for part in _parts(ids):
            _delete(session, table, part, successor)
        return
    for column, rule in references_to(table):
        other = column.table
        going = rule.otherwise if rule.going is Going.REFUSE else rule.going
        if going is Going.DELETE:
            below = list(session.scalars(select(other.c.id).where(column.in_(ids))))
            _delete(session, other, [i for i in below if other is not table or i not in ids], None)
        elif going is Going.BLANK or (going is Going.FOLLOW and successor is None):
            session.execute(update(other).where(column.in_(ids)).values({column.name: None}))
        elif going is Going.FOLLOW:
            session.execute(update(other).where(column.in_(ids)).values({column.name: successor}))
    session.execute(delete(table).where(table.c.id.in_(ids)))


def blank_references(session: Session, table: Table, rows: Select[Any]) -> None:
    """Empties the references to `rows` (a select of ids of `table`) that are declared `blank`.

    For verbs that delete rows with statements of their own. Objects already loaded are not expired.
    """
    for column, rule in references_to(table):
        if rule.going is Going.BLANK:
            session.execute(update(column.table).where(column.in_(rows)).values({column.name: None}))


def erase_copies(session: Session, table: Table, ids: list[int]) -> None:
    """Blanks or removes what rows have copied from the rows `ids` of `table`, as declared (`erased`), and what rows
    below those have copied. Call it while they still point there. Objects already loaded are expired.
    """
    session.flush()
    for part in _parts(ids):
        _erase(session, table, select(table.c.id).where(table.c.id.in_(part)))
    session.expire_all()


def _erase(session: Session, table: Table, rows: Select[Any]) -> None:
    for column, rule in references_to(table):
        other = column.table
        if rule.erased is None:
            continue
        reached = column.in_(rows)
        if "id" in other.c:
            _erase(session, other, select(other.c.id).where(reached))
        if rule.erased is GONE:
            session.execute(delete(other).where(reached))
        else:
            values = {name: value(other) if callable(value) else value for name, value in rule.erased.items()}
            session.execute(update(other).where(reached).values(values))


def _parts(ids: list[int]) -> list[list[int]]:
    return [ids[start : start + IDS_AT_ONCE] for start in range(0, len(ids), IDS_AT_ONCE)]
