"""Address lines without holes, salutations, dates: what a letter says in its language."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from domain.letters.address_block import (
    Address,
    AddressFormat,
    ContactPosition,
    Country,
    address_lines,
    as_locale,
    country_name,
)
from domain.letters.merge_fields import FIELDS
from domain.letters.salutations import FORMAL, INFORMAL, Fallback, Formula, find_formula, formula_text, salutation
from domain.letters.values import RawValues, finished_values, letter_date

FULL = Address(
    "Anna Berg",
    "ignored 2",
    "Nordlys AS",
    "Dept. 5",
    "Storgatan 1",
    "2nd floor",
    "111 22",
    "Stockholm",
    "Uppland",
    "Sweden",
)


def test_a_person_at_a_company():
    assert address_lines(FULL) == [
        "Nordlys AS",
        "Dept. 5",
        "Anna Berg",
        "Storgatan 1",
        "2nd floor",
        "111 22 Stockholm",
        "Uppland",
        "Sweden",
    ]


def test_a_contact_of_its_own():
    address = Address("Nordlys AS", "Dept. 5", address="Storgatan 1", post_code="111 22", city="Stockholm")
    assert address_lines(address) == ["Nordlys AS", "Dept. 5", "Storgatan 1", "111 22 Stockholm"]


def test_a_company_whose_address_names_it_again_stands_once():
    assert address_lines(Address("Nordlys AS", "Dept. 5", "Nordlys AS", city="Oslo")) == [
        "Nordlys AS",
        "Dept. 5",
        "Oslo",
    ]


@pytest.mark.parametrize(
    ("address_format", "town"),
    [
        (AddressFormat.POST_CODE_CITY, ["111 22 Stockholm", "Uppland"]),
        (AddressFormat.CITY_POST_CODE, ["Stockholm, 111 22", "Uppland"]),
        (AddressFormat.CITY_COUNTY_POST_CODE, ["Stockholm, Uppland 111 22"]),
        (AddressFormat.BLANK_LINE_POST_CODE_CITY, ["", "111 22 Stockholm", "Uppland"]),
    ],
)
def test_the_formats_of_countries(address_format, town):
    address = Address(
        "Anna", address="Gatan 1", post_code="111 22", city="Stockholm", county="Uppland", country="Sweden"
    )
    assert address_lines(address, address_format=address_format) == ["Anna", "Gatan 1", *town, "Sweden"]


@pytest.mark.parametrize(
    ("address_format", "given", "line"),
    [
        ("city_post_code", {"city": "Bath"}, "Bath"),
        ("city_post_code", {"post_code": "BA1"}, "BA1"),
        ("city_county_post_code", {"city": "Bath", "post_code": "BA1"}, "Bath, BA1"),
        ("city_county_post_code", {"county": "Avon"}, "Avon"),
        ("post_code_city", {"city": "Bath"}, "Bath"),
    ],
)
def test_a_town_with_gaps_has_no_stray_signs(address_format, given, line):
    assert address_lines(Address("A", **given), address_format=address_format) == ["A", line]


def test_the_place_of_the_person():
    assert address_lines(FULL, contact_position=ContactPosition.FIRST)[:2] == ["Anna Berg", "Nordlys AS"]
    assert address_lines(FULL, contact_position=ContactPosition.LAST)[-1] == "Anna Berg"


words = st.text(alphabet="ab \n\t\u00a0", max_size=8)


@given(st.builds(Address, *[words] * 10), st.sampled_from(AddressFormat), st.sampled_from(ContactPosition))
def test_no_address_has_holes_or_outer_blanks(address, address_format, position):
    lines = address_lines(address, address_format=address_format, contact_position=position)
    assert len(lines) <= 8
    assert all(line == " ".join(line.split()) for line in lines)
    wanted_blank = 1 if address_format == AddressFormat.BLANK_LINE_POST_CODE_CITY else 0
    assert lines.count("") <= wanted_blank
    assert not lines or lines[0]
    assert not lines or lines[-1]


def test_country_names_in_the_language_of_the_letter():
    countries = {"UK": Country("GB", name="United Kingdom of mine"), "XX": Country("", name="Atlantis")}
    assert country_name("SE", Locale("fr"), countries) == "Suède"
    assert country_name("UK", Locale("sv"), countries) == "Storbritannien"
    assert country_name("XX", Locale("sv"), countries) == "Atlantis"
    assert country_name("??", Locale("sv"), countries) == country_name("", Locale("sv")) == ""


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["Anna", "Maria", "Berg"], "Dear Ms. Anna Maria Berg,"),
        (["Anna", "", "Berg"], "Dear Ms. Anna Berg,"),
        (["", "", "Berg"], "Dear Ms. Berg,"),
        (["Anna", "", ""], "Dear Ms. Anna,"),
        (["", "", ""], "Dear Ms.,"),
        (["Anna"], "Dear Ms. Anna,"),
        (["Anna %2", "x", ""], "Dear Ms. Anna %2 x,"),
    ],
)
def test_the_examples_of_the_specification(names, text):
    """R-S02 with the quirk of the stray blank mended (contacts.md 2.13)."""
    assert formula_text("Dear Ms. %1 %2 %3,", names) == text


def test_french_keeps_its_no_break_blank():
    assert formula_text("Bonjour %1\u00a0!", ["Anna"]) == "Bonjour Anna\u00a0!"
    assert formula_text("Bonjour %1 %2\u00a0:", ["Anna", ""]) == "Bonjour Anna\u00a0:"
    assert formula_text("Hej %1 !", [""]) == "Hej!"


@given(st.text(alphabet="Da %12345,.!: ", max_size=30), st.lists(st.text(alphabet="ab ,", max_size=6), max_size=5))
def test_no_double_blank_and_none_before_punctuation(formula, names):
    text = formula_text(formula, names)
    assert "  " not in text
    assert not re.search(r" [,.;:!?]", text)
    assert text == text.strip()


FORMULAS = {
    ("F", "ENG", FORMAL): Formula("Dear Ms. %1,", ("surname",)),
    ("F", "", FORMAL): Formula("Madam %1,", ("surname",)),
    ("F", "SVE", FORMAL): Formula("  ", ()),
    ("UNISEX", "SVE", FORMAL): Formula("Hej %1!", ("first_name",)),
    ("UNISEX", "", FORMAL): Formula("To %1,", ("name",)),
}


@pytest.mark.parametrize(
    ("code", "language", "kind", "text", "fallback"),
    [
        ("F", "ENG", FORMAL, "Dear Ms. Berg,", Fallback.NONE),
        ("F", "FRC", FORMAL, "Madam Berg,", Fallback.LANGUAGE),
        ("F", "SVE", FORMAL, "Madam Berg,", Fallback.LANGUAGE),
        ("F", "", FORMAL, "Madam Berg,", Fallback.NONE),
        ("M", "SVE", FORMAL, "Hej Anna!", Fallback.DEFAULT),
        ("", "FRC", FORMAL, "To Anna Berg,", Fallback.DEFAULT),
        ("F", "ENG", INFORMAL, "Anna Berg", Fallback.NAME),
    ],
)
def test_the_chain_of_b11(code, language, kind, text, fallback):
    contact = {"name": "Anna Berg", "first_name": "Anna", "surname": "Berg"}
    found = find_formula(FORMULAS, kind=kind, language=language, code=code, default_code="UNISEX")
    assert found.fallback == fallback
    assert salutation(found.formula, contact) == text


def test_a_formula_that_gives_nothing_leaves_the_name():
    assert salutation(Formula("%1,", ("first_name",)), {"name": "Nordlys AS"}) == "Nordlys AS"


@given(st.text(alphabet="ab|%1 ", max_size=20), st.lists(st.sampled_from(["first_name", "surname", ""]), max_size=5))
def test_a_stored_formula_is_read_back(text, names):
    read = Formula.from_stored(Formula(text, tuple(names)).stored())
    assert read.text == text
    assert list(read.names) == [*names, *[""] * (5 - len(names))]


@pytest.mark.parametrize(
    ("locale", "first", "third"),
    [
        ("en-GB", "1 September 2026", "3 September 2026"), ("en-US", "September 1, 2026", "September 3, 2026"),
        ("fr-CA", "1er septembre 2026", "3 septembre 2026"), ("fr-CH", "1er septembre 2026", "3 septembre 2026"),
        ("sv-SE", "1 september 2026", "3 september 2026"), ("de-CH", "1. September 2026", "3. September 2026"),
        ("es-ES", "1 de septiembre de 2026", "3 de septiembre de 2026"), ("fi-FI", "1. syyskuuta 2026", "3. syyskuuta 2026"),
        ("pl-PL", "1 września 2026", "3 września 2026"), ("not a locale", "1 September 2026", "3 September 2026"),
    ],
)  # fmt: skip
def test_dates_at_the_head_of_a_letter(locale, first, third):
    assert letter_date(dt.date(2026, 9, 1), as_locale(locale)) == first
    assert letter_date(dt.date(2026, 9, 3), as_locale(locale)) == third


RAW: RawValues = {
    "entry_no": 17, "contact_no": "CT000007", "name": "Anna Berg", "first_name": "Anna", "surname": "Berg", "company_name": "Nordlys AS",
    "address": "Card street 1", "country_code": "SE", "mail_company_name": "Nordlys AS", "mail_address": "Summer road 2",
    "mail_post_code": "1003", "mail_city": "Lausanne", "mail_country_code": "CH", "mail_to": "anna@example.org",
    "formal_formula": Formula("Chère Madame %1,", ("surname",)).stored(), "salesperson_name": "Bo", "document_date": dt.date(2026, 9, 1),
    "today": "2026-11-24", "description": "Thanks\x01", "comment": "one\r\ntwo", "company": {"name": "Ours", "country_code": "CA", "iban": "CH1"},
    "campaign_description": "Autumn",
}  # fmt: skip


def test_finished_values():
    values = finished_values(RAW, "fr-CH")
    assert values["contact.mail_address"] == "Nordlys AS\nAnna Berg\nSummer road 2\n1003 Lausanne\nSuisse"
    assert values["contact.address"] == "Card street 1"
    assert values["contact.country"] == "Suède"
    assert values["company.country"] == "Canada"
    assert values["salutation.formal"] == "Chère Madame Berg,"
    assert values["salutation.informal"] == "Anna Berg"
    assert values["document.date"] == "1er septembre 2026"
    assert values["document.date.iso"] == "2026-09-01"
    assert values["today"] == "24 novembre 2026"
    assert values["comment"] == "one\ntwo"
    assert values["document.description"] == "Thanks"
    assert values["entry_no"] == "17"
    assert values["campaign.description"] == "Autumn"
    assert values["locale"] == "fr-CH"


def test_finished_values_cover_every_field_and_survive_storing():
    for raw in (RAW, RawValues()):
        values = finished_values(raw, "sv-SE")
        assert {field.tag for field in FIELDS} <= set(values)
        assert all(isinstance(value, str) for value in values.values())
        assert json.loads(json.dumps(values)) == values


def test_the_own_country_and_the_countrys_format():
    countries = {"CH": Country("CH", AddressFormat.CITY_POST_CODE)}
    assert (
        finished_values(RAW, "en-GB", countries=countries, own_country="CH")["contact.mail_address"].splitlines()[-1]
        == "Lausanne, 1003"
    )
