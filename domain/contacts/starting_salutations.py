"""Salutations a new office begins with: formulas in English, French, German and Swedish (contacts.md 1.5)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.models import Salutation, SalutationFormula
from domain.contacts.salutations import FORMAL, INFORMAL
from domain.messages import say
from domain.setup.models import Language
from domain.setup.queries import marketing_setup

FIRST, SURNAME = ("first_name",), ("surname",)
FULL = ("first_name", "surname")

SALUTATIONS = (
    ("COMPANY", say("Company or office")),
    ("F", say("Woman")),
    ("M", say("Man")),
    ("UNISEX", say("Person, not specified")),
)

# salutation: {languages ("" = any language): (formal text, its names, informal text, its names)}
# Swiss letters in German have no comma after the salutation and no ß.
_Formulas = dict[str, tuple[str, tuple[str, ...], str, tuple[str, ...]]]
FORMULAS: dict[str, _Formulas] = {
    "COMPANY": {
        "": ("Dear Sir or Madam,", (), "Hello,", ()),
        "ENG": ("Dear Sir or Madam,", (), "Hello,", ()),
        "ENU": ("To whom it may concern:", (), "Hello,", ()),
        "FRA": ("Madame, Monsieur,", (), "Bonjour,", ()),
        "FRC": ("Mesdames, Messieurs,", (), "Bonjour,", ()),
        "FRS": ("Mesdames, Messieurs,", (), "Bonjour,", ()),
        "DEU": ("Sehr geehrte Damen und Herren,", (), "Guten Tag,", ()),
        "DES": ("Sehr geehrte Damen und Herren", (), "Guten Tag", ()),
        "SVE": ("Hej,", (), "Hej!", ()),
    },
    "F": {
        "": ("Dear Ms %1,", SURNAME, "Dear %1,", FIRST),
        "ENG": ("Dear Ms %1,", SURNAME, "Dear %1,", FIRST),
        "ENU": ("Dear Ms. %1:", SURNAME, "Dear %1,", FIRST),
        "FRA": ("Madame,", (), "Bonjour %1,", FIRST),
        "FRC": ("Madame,", (), "Bonjour %1,", FIRST),
        "FRS": ("Madame,", (), "Bonjour %1,", FIRST),
        "DEU": ("Sehr geehrte Frau %1,", SURNAME, "Liebe %1,", FIRST),
        "DES": ("Sehr geehrte Frau %1", SURNAME, "Liebe %1", FIRST),
        "SVE": ("Bästa %1 %2,", FULL, "Hej %1!", FIRST),
    },
    "M": {
        "": ("Dear Mr %1,", SURNAME, "Dear %1,", FIRST),
        "ENG": ("Dear Mr %1,", SURNAME, "Dear %1,", FIRST),
        "ENU": ("Dear Mr. %1:", SURNAME, "Dear %1,", FIRST),
        "FRA": ("Monsieur,", (), "Bonjour %1,", FIRST),
        "FRC": ("Monsieur,", (), "Bonjour %1,", FIRST),
        "FRS": ("Monsieur,", (), "Bonjour %1,", FIRST),
        "DEU": ("Sehr geehrter Herr %1,", SURNAME, "Lieber %1,", FIRST),
        "DES": ("Sehr geehrter Herr %1", SURNAME, "Lieber %1", FIRST),
        "SVE": ("Bäste %1 %2,", FULL, "Hej %1!", FIRST),
    },
    "UNISEX": {
        "": ("Dear %1 %2,", FULL, "Dear %1,", FIRST),
        "ENG": ("Dear %1 %2,", FULL, "Dear %1,", FIRST),
        "ENU": ("Dear %1 %2:", FULL, "Dear %1,", FIRST),
        "FRA": ("Madame, Monsieur,", (), "Bonjour %1,", FIRST),
        "FRC": ("Madame, Monsieur,", (), "Bonjour %1,", FIRST),
        "FRS": ("Madame, Monsieur,", (), "Bonjour %1,", FIRST),
        "DEU": ("Guten Tag %1 %2,", FULL, "Hallo %1,", FIRST),
        "DES": ("Guten Tag %1 %2", FULL, "Hallo %1", FIRST),
        "SVE": ("Hej %1 %2,", FULL, "Hej %1!", FIRST),
    },
}


def create_salutations(session: Session, *, by: Actor) -> None:
    """The salutations COMPANY, F, M and UNISEX with their formulas; COMPANY and UNISEX become the defaults.

    Follows `create_office`. Formulas of languages the office does not have are left out.
    """
    languages = {one.code: one.id for one in session.scalars(select(Language))}
    made = {}
    for code, description in SALUTATIONS:
        made[code] = Salutation(code=code, description=by.write(description))
        for language, (formal, formal_names, informal, informal_names) in FORMULAS[code].items():
            if language and language not in languages:
                continue
            made[code].formulas += [
                _formula(languages.get(language), FORMAL, formal, formal_names),
                _formula(languages.get(language), INFORMAL, informal, informal_names),
            ]
    session.add_all(made.values())
    session.flush()
    setup = marketing_setup(session)
    setup.default_company_salutation_id = made["COMPANY"].id
    setup.default_person_salutation_id = made["UNISEX"].id
    session.flush()


def _formula(language_id: int | None, kind: str, text: str, names: tuple[str, ...]) -> SalutationFormula:
    parts = {f"name_{i}": name for i, name in enumerate(names, 1)}
    return SalutationFormula(language_id=language_id, kind=kind, text=text, **parts)
