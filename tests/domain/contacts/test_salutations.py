"""Which salutation formula counts (decisions B11, contacts.md 2.13)."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select

from domain.contacts.models import Contact, ContactEmail
from domain.contacts.salutations import (
    DEFAULT,
    DEFAULT_ANY_LANGUAGE,
    NAME_ALONE,
    OWN,
    OWN_ANY_LANGUAGE,
    Formula,
    fell_back,
    formula_for,
    formula_level_for,
    packed,
    unpacked,
)
from domain.setup.models import Language
from tests.factories.contacts import make_contact, make_salutation, make_setup
from tests.factories.setup import make_language


@pytest.fixture
def codes(session):
    """F: Swedish and any language. M: Swedish only, and blank text for English. UNISEX is the default of persons, with
    English and any language; COMPANY that of companies, English only."""
    f = make_salutation(
        session, "F", {("SVE", "formal"): ("Bästa %1,", "surname"), (None, "formal"): ("Dear Ms %1,", "surname")}
    )
    m = make_salutation(session, "M", {("SVE", "formal"): ("Bäste %1,", "surname"), ("ENG", "formal"): ("",)})
    unisex = make_salutation(
        session,
        "UNISEX",
        {("ENG", "formal"): ("Dear %1 %2,", "first_name", "surname"), (None, "formal"): ("Hello %1,", "first_name")},
    )
    company = make_salutation(session, "COMPANY", {("ENG", "formal"): ("Dear Sirs,",)})
    make_setup(session, default_person_salutation_id=unisex.id, default_company_salutation_id=company.id)
    for code in ("ENG", "SVE", "DEU"):
        make_language(session, code)
    return {"F": f, "M": m}


def resolved(session, contact, language, kind="formal"):
    question = (
        select(
            formula_for(Contact, Language.id, kind),
            formula_level_for(Contact, Language.id, kind),
            fell_back(Contact, Language.id, kind),
        )
        .join_from(Contact, Language, Language.code == language, isouter=True)
        .where(Contact.id == contact.id)
    )
    text, level, fell = session.execute(question).one()
    formula = unpacked(text)
    return (formula.text if formula else ""), level, bool(fell)


@pytest.mark.parametrize(
    ("salutation", "language", "text", "level"),
    [
        ("F", "SVE", "Bästa %1,", OWN),
        ("F", "DEU", "Dear Ms %1,", OWN_ANY_LANGUAGE),
        ("F", "none", "Dear Ms %1,", OWN_ANY_LANGUAGE),
        ("M", "ENG", "Dear %1 %2,", DEFAULT),  # its own text is blank: counts as missing (R-S03)
        ("M", "DEU", "Hello %1,", DEFAULT_ANY_LANGUAGE),
        ("", "ENG", "Dear %1 %2,", DEFAULT),
        ("", "SVE", "Hello %1,", DEFAULT_ANY_LANGUAGE),
    ],
)
def test_the_chain_for_a_person(session, codes, salutation, language, text, level):
    person = make_contact(session, type="person", salutation_id=codes[salutation].id if salutation else None)
    assert resolved(session, person, language) == (text, level, level != OWN)


def test_a_company_falls_back_to_the_default_of_companies_then_to_the_name_alone(session, codes):
    company = make_contact(session)
    assert resolved(session, company, "ENG") == ("Dear Sirs,", DEFAULT, True)
    assert resolved(session, company, "SVE") == ("", NAME_ALONE, True)


def test_informal_is_a_chain_of_its_own(session, codes):
    assert resolved(session, make_contact(session, type="person", salutation_id=codes["F"].id), "SVE", "informal") == (
        "",
        NAME_ALONE,
        True,
    )


def test_without_setup_the_name_alone_is_written(session):
    make_language(session, "ENG")
    assert resolved(session, make_contact(session, type="person"), "ENG") == ("", NAME_ALONE, True)


def test_a_formula_travels_as_one_text():
    formula = Formula("Dear %1 %2,", ("first_name", "surname", "", "", ""))
    assert unpacked(packed(formula)) == formula
    assert unpacked("") is None


def test_the_formula_comes_packed_from_the_database(session, codes):
    person = make_contact(session, type="person")
    text = session.scalar(select(formula_for(Contact, None, "formal")).where(Contact.id == person.id))
    assert text == "Hello %1,\nfirst_name\n\n\n\n"


def test_formulas_can_be_written_by_insert_select(session, codes):
    person = make_contact(session, type="person", language="ENG")
    source = select(Contact.id, formula_for(Contact, Contact.language_id, "formal"))
    session.execute(insert(ContactEmail).from_select(["contact_id", "address_key"], source))
    text = session.scalar(select(ContactEmail.address_key).where(ContactEmail.contact_id == person.id))
    assert text.startswith("Dear %1 %2,\nfirst_name\nsurname")
