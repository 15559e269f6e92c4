"""What a new office begins with, and finding things in it."""

from __future__ import annotations

import csv

import pytest
from sqlalchemy import select

from domain.contacts.models import Salutation
from domain.contacts.salutations import KINDS, NAME_PARTS
from domain.contacts.starting_salutations import create_salutations
from domain.errors import NotFound, RuleViolation
from domain.setup.models import ADDRESS_FORMATS, Country, Language, NumberSeries
from domain.setup.numbers import take_number
from domain.setup.queries import (
    company_information,
    country_list,
    find_country,
    find_language,
    find_salesperson,
    get_country,
    get_language,
    language_list,
    marketing_setup,
    salesperson_list,
)
from domain.setup.start import create_office
from tests.factories.setup import make_actor, make_salesperson

FACTS = {
    "name": "Nordlys AS",
    "currency": "sek",
    "time_zone": "Europe/Stockholm",
    "language_code": "SVE",
    "country_code": "SE",
}


@pytest.fixture
def office(session):
    office = create_office(session, **FACTS, by=make_actor())
    create_salutations(session, by=make_actor())
    return office


def test_the_office_is_described(session, office):
    assert company_information(session) is office
    assert (office.name, office.currency, office.time_zone, office.country.code) == (
        "Nordlys AS",
        "SEK",
        "Europe/Stockholm",
        "SE",
    )
    assert marketing_setup(session).default_language_id == get_language(session, "SVE").id


def test_four_number_series_stand_in_marketing_setup(session, office):
    given = [
        take_number(session, purpose, by=make_actor())[0] for purpose in ("segment", "contact", "campaign", "task")
    ]
    assert given == ["SM00001", "CT000001", "CP0001", "TD000001"]
    series = session.scalars(select(NumberSeries)).all()
    assert {one.code for one in series} == {"SEGM", "CONT", "CAMP", "TASK"}
    assert all(one.automatic and one.manual and one.description for one in series)


def test_an_office_is_created_once(session, office):
    with pytest.raises(RuleViolation, match="already been set up"):
        create_office(session, **FACTS, by=make_actor())


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", " ", "Enter the name"),
        ("name", "x" * 101, "up to 100"),
        ("currency", "XQX", "no currency XQX"),
        ("time_zone", "Mars/Olympus", "no time zone"),
        ("time_zone", "../etc", "no time zone"),
        ("language_code", "KLI", "no language"),
        ("country_code", "ZZ", "no country"),
    ],
)
def test_wrong_facts_are_refused_on_their_field(session, field, value, sentence):
    with pytest.raises(RuleViolation, match=sentence) as refusal:
        create_office(session, **(FACTS | {field: value}), by=make_actor())
    assert refusal.value.field == field


def test_languages_are_those_of_the_decision(session, office):
    languages = {one.code: one.locale for one in session.scalars(language_list())}
    assert list(languages) == sorted(languages)
    assert languages["ENG"] == "en-GB"
    assert languages["FRS"] == "fr-CH"
    assert languages["DES"] == "de-CH"
    assert len(languages) == 14


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("frs", "FRS"), ("fr-CH", "FRS"), ("fr_ca", "FRC"), ("fr", "FRA"), ("sv", "SVE"), ("Swedish", "SVE"),
        ("svenska", "SVE"),
        ("français", "FRA"), ("French (Canada)", "FRC"), ("Français (Canada)", "FRC"), ("schwedisch", "SVE"),
        ("norsk bokmål", "NOR"),
    ],
)  # fmt: skip
def test_a_language_is_found_by_code_tag_and_name(session, office, text, code):
    assert find_language(session, text).code == code


@pytest.mark.parametrize("text", ["", "  ", "klingon", "x" * 1000, "\x00", "-", "_"])
def test_an_unknown_language_is_none(session, office, text):
    assert find_language(session, text) is None


def test_of_several_languages_the_offices_own_comes_first(session, office):
    marketing_setup(session).default_language_id = get_language(session, "FRS").id
    assert find_language(session, "fr").code == "FRS"
    assert find_language(session, "français").code == "FRS"


def test_the_countries_of_the_world_have_address_formats(session, office):
    formats = {one.code: one.address_format for one in session.scalars(country_list())}
    assert 240 <= len(formats) <= 260
    assert set(formats.values()) <= set(ADDRESS_FORMATS)
    assert formats["SE"] == formats["CH"] == formats["DE"] == formats["FR"] == "post_code_city"
    assert formats["GB"] == formats["IN"] == "city_post_code"
    assert formats["US"] == formats["CA"] == formats["AU"] == formats["IE"] == "city_county_post_code"
    assert not {"EU", "UN", "ZZ", "XA"} & set(formats)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ch", "CH"), ("Switzerland", "CH"), ("Suisse", "CH"), ("Schweiz", "CH"), ("svizzera", "CH"), ("CHE", "CH"),
        ("UK", "GB"), ("USA", "US"), ("United States", "US"), ("Förenta staterna", "US"), ("Royaume-Uni", "GB"),
        ("Sverige", "SE"), ("SUÈDE", "SE"), ("Suomi", "FI"), ("Österreich", "AT"), ("osterreich", "AT"),
        ("Brasil", "BR"),
        ("Germany", "DE"), ("Allemagne", "DE"), ("Tyskland", "DE"), ("Venezuela", "VE"), ("Irlande", "IE"),
        ("日本", "JP"),
    ],
)  # fmt: skip
def test_a_country_is_found_by_code_and_by_name_in_several_languages(session, office, text, code):
    assert find_country(session, text).code == code


@pytest.mark.parametrize("text", ["", "Atlantis", "x" * 1000, "\x00", "%"])
def test_an_unknown_country_is_none(session, office, text):
    assert find_country(session, text) is None


def test_asking_for_what_is_not_there_says_so(session, office):
    with pytest.raises(NotFound, match="There is no country/region Atlantis"):
        get_country(session, "Atlantis")


def test_every_name_of_the_file_of_customers_is_a_country(session, office, shared):
    with open(shared / "data" / "northwind-customers.csv", encoding="utf-8-sig", newline="") as file:
        names = {row[-3] for row in csv.reader(file)} - {"country"}
    assert len(names) == 21
    assert [name for name in names if find_country(session, name) is None] == []


def test_a_salesperson_is_found_by_code_name_or_address(session, office):
    anna = make_salesperson(session, "AB", name="Anna Berg", email="Anna@example.org")
    assert find_salesperson(session, " ab ") is anna
    assert find_salesperson(session, "anna BERG") is anna
    assert find_salesperson(session, "anna@EXAMPLE.org") is anna
    make_salesperson(session, "AB2", name="Anna Berg")
    assert find_salesperson(session, "Anna Berg") is None


def test_blocked_salespeople_are_not_offered(session, office):
    make_salesperson(session, "AB", blocked=True)
    cd = make_salesperson(session, "CD")
    assert session.scalars(salesperson_list()).all() == [cd]
    assert len(session.scalars(salesperson_list(include_blocked=True)).all()) == 2


def test_salutations_have_formulas_in_four_languages_and_without_language(session, office):
    found = {one.code: one for one in session.scalars(select(Salutation))}
    assert set(found) == {"COMPANY", "F", "M", "UNISEX"}
    codes = {one.id: one.code for one in session.scalars(select(Language))} | {None: ""}
    for salutation in found.values():
        there = {(codes[one.language_id], one.kind) for one in salutation.formulas}
        assert there == {(c, k) for c in ("", "ENG", "ENU", "FRA", "FRC", "FRS", "DEU", "DES", "SVE") for k in KINDS}
        for one in salutation.formulas:
            names = [getattr(one, f"name_{i}") for i in range(1, 6)]
            assert set(names) <= set(NAME_PARTS)
            assert one.text.count("%") == len([name for name in names if name])
    setup = marketing_setup(session)
    assert setup.default_company_salutation_id == found["COMPANY"].id
    assert setup.default_person_salutation_id == found["UNISEX"].id


def test_swiss_german_letters_have_no_sharp_s(session, office):
    swiss = session.scalar(select(Language).where(Language.code == "DES"))
    assert not any(
        "ß" in one.text
        for s in session.scalars(select(Salutation))
        for one in s.formulas
        if one.language_id == swiss.id
    )


def test_every_country_has_a_name(session, office):
    assert session.scalars(select(Country).where(Country.name == "")).all() == []
