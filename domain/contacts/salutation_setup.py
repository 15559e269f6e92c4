"""Salutations and their formulas: create, edit, delete (contacts.md 1.5, R-S01…R-S03)."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from domain.accounts.actor import Actor
from domain.contacts.models import Salutation, SalutationFormula
from domain.contacts.salutations import KINDS, NAME_PARTS
from domain.errors import NotFound, RuleViolation
from domain.messages import Message, say
from domain.references import delete_row
from domain.setup.fields import refuse_blank_code, refuse_used_code, save, set_fields
from domain.setup.models import Language
from domain.types import code

FIELDS = ("code", "description")
NAME_FIELDS = ("name_1", "name_2", "name_3", "name_4", "name_5")
FORMULA_FIELDS = ("language_id", "kind", "text", *NAME_FIELDS)
_PLACEHOLDER = re.compile(r"%(.?)")


def salutation_list() -> Select[Salutation]:
    """All salutations in code order."""
    return select(Salutation).order_by(Salutation.code)


def get_salutation(session: Session, text: str) -> Salutation:
    """The salutation with this code, formulas loaded. Raises `NotFound`."""
    found = None
    if "\x00" not in text:
        statement = salutation_list().where(Salutation.code == code(text))
        found = session.scalar(
            statement.options(selectinload(Salutation.formulas).joinedload(SalutationFormula.language))
        )
    if found is None:
        raise NotFound(say("There is no salutation %(text)s.", text=text[:50]))
    return found


def create_salutation(session: Session, *, by: Actor, **values: Any) -> Salutation:
    """A new salutation without formulas. `values`: `FIELDS`. Raises `Forbidden`, `RuleViolation` on the field."""
    by.must_be_allowed("change setup")
    salutation = Salutation()
    _change(session, salutation, {"code": "", "description": "", **values})
    session.add(salutation)
    save(session, _taken(salutation))
    return salutation


def edit_salutation(session: Session, salutation: Salutation, *, changes: dict[str, Any], by: Actor) -> Salutation:
    """Changes fields of a salutation. Raises as `create_salutation`."""
    by.must_be_allowed("change setup")
    _change(session, salutation, changes)
    save(session, _taken(salutation))
    return salutation


def delete_salutation(session: Session, salutation: Salutation, *, by: Actor) -> None:
    """Deletes a salutation no contact has, with its formulas. Marketing setup loses it as default."""
    by.must_be_allowed("change setup")
    delete_row(session, Salutation.metadata.tables["salutation"], [salutation.id], name=salutation.code)


def get_formula(salutation: Salutation, formula_id: int) -> SalutationFormula:
    """The formula of a salutation with this id. Raises `NotFound`."""
    for formula in salutation.formulas:
        if formula.id == formula_id:
            return formula
    raise NotFound(say("The salutation %(code)s no longer has this formula.", code=salutation.code))


def add_formula(session: Session, salutation: Salutation, *, by: Actor, **values: Any) -> SalutationFormula:
    """A new formula. `values`: `FORMULA_FIELDS`; one formula per language (None: any language) and kind.

    Raises `Forbidden`, `RuleViolation` on the field.
    """
    by.must_be_allowed("change setup")
    formula = SalutationFormula(**dict.fromkeys(NAME_FIELDS, ""))
    _change_formula(session, salutation, formula, {"language_id": None, "kind": "", "text": "", **values})
    salutation.formulas.append(formula)
    save(session, _formula_taken(session, formula), field="language_id")
    return formula


def edit_formula(
    session: Session, formula: SalutationFormula, *, changes: dict[str, Any], by: Actor
) -> SalutationFormula:
    """Changes fields of a formula. Raises as `add_formula`."""
    by.must_be_allowed("change setup")
    with session.no_autoflush:
        _change_formula(session, formula.salutation, formula, changes)
    save(session, _formula_taken(session, formula), field="language_id")
    return formula


def delete_formula(session: Session, formula: SalutationFormula, *, by: Actor) -> None:
    """Removes a formula from its salutation."""
    by.must_be_allowed("change setup")
    formula.salutation.formulas.remove(formula)
    session.flush()


def _change(session: Session, salutation: Salutation, changes: dict[str, Any]) -> None:
    with session.no_autoflush:
        set_fields(salutation, changes)
        refuse_blank_code(salutation.code)
        refuse_used_code(session, Salutation, salutation, _taken(salutation))


def _change_formula(
    session: Session, salutation: Salutation, formula: SalutationFormula, changes: dict[str, Any]
) -> None:
    if changes.get("language_id") is not None and session.get(Language, changes["language_id"]) is None:
        raise RuleViolation(say("This language has been deleted meanwhile."), field="language_id")
    set_fields(formula, changes)
    if formula.kind not in KINDS:
        raise RuleViolation(say("Choose formal or informal."), field="kind")
    for field in NAME_FIELDS:
        if getattr(formula, field) not in NAME_PARTS:
            raise RuleViolation(say("Choose a part of the name from the list."), field=field)
    if not formula.text:
        raise RuleViolation(say("Enter the text of the salutation."), field="text")
    if "\n" in formula.text or "\r" in formula.text:
        raise RuleViolation(say("A salutation is one line."), field="text")
    for number in _PLACEHOLDER.findall(formula.text):
        if number not in ("1", "2", "3", "4", "5"):
            raise RuleViolation(say("Only %%1 to %%5 stand for parts of the name."), field="text")
        if not getattr(formula, f"name_{number}"):
            raise RuleViolation(say("Choose what %%%(number)s stands for.", number=number), field=f"name_{number}")
    for other in salutation.formulas:
        if other is not formula and (other.language_id, other.kind) == (formula.language_id, formula.kind):
            raise RuleViolation(_formula_taken(session, formula), field="language_id")


def _taken(salutation: Salutation) -> Message:
    return say("There is already a salutation %(code)s.", code=salutation.code)


def _formula_taken(session: Session, formula: SalutationFormula) -> Message:
    language = session.get(Language, formula.language_id) if formula.language_id else None
    if language is None:
        return say("There is already such a formula without language.")
    return say("There is already such a formula in the language %(language)s.", language=language.code)


def formula_counts(session: Session) -> dict[int, int]:
    """How many formulas each salutation has: salutation id → number."""
    rows = session.execute(
        select(SalutationFormula.salutation_id, func.count()).group_by(SalutationFormula.salutation_id)
    )
    return {row[0]: row[1] for row in rows}
