"""Which salutation formula counts for a contact, as SQL for any number of lines (decisions B11, contacts.md 2.13).

The chain: the contact's code in the line's language → the contact's code without language → the default code of the
contact's type in the line's language → that code without language → no formula, and the name alone is written.

A formula travels as one text: its wording and its five name parts, separated by line breaks (`packed`, `unpacked`).
How the text of a letter is made of it stands in domain/letters/salutations.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, ScalarSelect, String, case, cast, exists, func, literal, select
from sqlalchemy.orm import aliased

from domain.contacts.models import COMPANY, SalutationFormula
from domain.setup.models import MarketingSetup

FORMAL = "formal"
INFORMAL = "informal"
KINDS = (FORMAL, INFORMAL)
NAME_PARTS = ("", "job_title", "first_name", "middle_name", "surname", "initials", "company_name")

# where in the chain the formula was found
OWN, OWN_ANY_LANGUAGE, DEFAULT, DEFAULT_ANY_LANGUAGE, NAME_ALONE = range(5)


@dataclass(frozen=True)
class Formula:
    """The wording of a salutation with %1 … %5, and the name part that stands for each."""

    text: str
    names: tuple[str, str, str, str, str]


def packed(formula: Formula) -> str:
    """The formula as one text."""
    return "\n".join((formula.text, *formula.names))


def unpacked(text: str) -> Formula | None:
    """The formula of a packed text; None for the blank text, which means the name alone."""
    if not text:
        return None
    wording, *names = text.split("\n")
    first, second, third, fourth, fifth = [*names, "", "", "", "", ""][:5]
    return Formula(wording, (first, second, third, fourth, fifth))


def formula_for(contact: Any, language_id: Any, kind: str) -> ColumnElement[str]:
    """The packed formula for a contact in a language, as an expression; blank when the name alone is to be written
    (B11).

    `contact` is the entity, an alias of it, or anything with the columns `salutation_id` and `type`; `language_id` a
    column of the enclosing statement or a value, NULL for no language. A formula without text counts as missing
    (R-S03).
    """
    default = _default_salutation(contact)
    return func.coalesce(
        _formula(contact.salutation_id, language_id, kind),
        _formula(contact.salutation_id, None, kind),
        _formula(default, language_id, kind),
        _formula(default, None, kind),
        literal("", String),
    )


def formula_level_for(contact: Any, language_id: Any, kind: str) -> ColumnElement[int]:
    """Where in the chain the formula was found, 0 (`OWN`) … 4 (`NAME_ALONE`), as an expression (B11)."""
    default = _default_salutation(contact)
    return case(
        (_has_formula(contact.salutation_id, language_id, kind), OWN),
        (_has_formula(contact.salutation_id, None, kind), OWN_ANY_LANGUAGE),
        (_has_formula(default, language_id, kind), DEFAULT),
        (_has_formula(default, None, kind), DEFAULT_ANY_LANGUAGE),
        else_=cast(literal(NAME_ALONE), Integer),
    )


def fell_back(contact: Any, language_id: Any, kind: str) -> ColumnElement[bool]:
    """Whether the salutation is not the contact's own in the line's language (listed on the check page, B11)."""
    return ~_has_formula(contact.salutation_id, language_id, kind)


def _default_salutation(contact: Any) -> ScalarSelect[int | None]:
    """The default code of the contact's type in Marketing setup."""
    setup = aliased(MarketingSetup)
    return (
        select(
            case(
                (contact.type == COMPANY, setup.default_company_salutation_id),
                else_=setup.default_person_salutation_id,
            )
        )
        .where(setup.id == 1)
        .correlate_except(setup)
        .scalar_subquery()
    )


def _conditions(formula: Any, salutation_id: Any, language_id: Any, kind: str) -> tuple[ColumnElement[bool], ...]:
    in_language = formula.language_id.is_(None) if language_id is None else formula.language_id == language_id
    return formula.salutation_id == salutation_id, in_language, formula.kind == kind, formula.text != ""


def _formula(salutation_id: Any, language_id: Any, kind: str) -> ScalarSelect[str]:
    """The packed formula of a salutation in exactly this language (None: any language)."""
    formula = aliased(SalutationFormula)
    text: ColumnElement[str] = cast(formula.text, String)
    for part in (formula.name_1, formula.name_2, formula.name_3, formula.name_4, formula.name_5):
        text = text + "\n" + cast(part, String)
    return (
        select(text)
        .where(*_conditions(formula, salutation_id, language_id, kind))
        .limit(1)
        .correlate_except(formula)
        .scalar_subquery()
    )


def _has_formula(salutation_id: Any, language_id: Any, kind: str) -> ColumnElement[bool]:
    formula = aliased(SalutationFormula)
    return exists(select(1).where(*_conditions(formula, salutation_id, language_id, kind)).correlate_except(formula))
