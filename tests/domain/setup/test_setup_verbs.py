"""Creating, editing and deleting in the setup: rights, rules, refusals."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from domain.errors import Forbidden, NotFound, RuleViolation
from domain.setup.countries import create_country, delete_country, edit_country
from domain.setup.languages import create_language, delete_language, edit_language
from domain.setup.models import Country, Language, NumberSeries, NumberSeriesLine, Salesperson
from domain.setup.number_series import (
    add_series_line,
    create_series,
    delete_series,
    delete_series_line,
    edit_series,
    edit_series_line,
    get_series_line,
)
from domain.setup.office import edit_company_information, edit_marketing_setup
from domain.setup.queries import get_number_series, marketing_setup
from domain.setup.salespeople import create_salesperson, delete_salesperson, edit_salesperson
from tests.factories.campaigns import make_campaign
from tests.factories.setup import (
    make_actor,
    make_language,
    make_number_series,
    make_office,
    make_salesperson,
    make_user,
)

BY = make_actor()


def refused(field, sentence):
    class Refusal:
        def __enter__(self):
            self.raises = pytest.raises(RuleViolation, match=sentence)
            self.info = self.raises.__enter__()

        def __exit__(self, *error):
            done = self.raises.__exit__(*error)
            assert self.info.value.field == field
            return done

    return Refusal()


@pytest.mark.parametrize("role", ["read_only", "salesperson", "marketing"])
def test_only_administrators_change_the_setup(session, role):
    office = make_office(session)
    by = make_actor(role=role)
    series = get_number_series(session, "CONT")
    anna, english = make_salesperson(session), make_language(session)
    attempts = [
        lambda: create_salesperson(session, code="X", by=by),
        lambda: edit_salesperson(session, anna, changes={}, by=by),
        lambda: delete_salesperson(session, anna, by=by),
        lambda: create_language(session, code="X", locale="en", by=by),
        lambda: edit_language(session, english, changes={}, by=by),
        lambda: delete_language(session, english, by=by),
        lambda: create_country(session, code="X", name="X", by=by),
        lambda: create_series(session, code="X", by=by),
        lambda: edit_series(session, series, changes={}, by=by),
        lambda: delete_series(session, series, by=by),
        lambda: add_series_line(session, series, starting_no="X1", by=by),
        lambda: edit_series_line(session, series.lines[0], changes={}, by=by),
        lambda: delete_series_line(session, series.lines[0], by=by),
        lambda: edit_marketing_setup(session, changes={}, by=by),
        lambda: edit_company_information(session, changes={"name": office.name}, by=by),
    ]
    for attempt in attempts:
        with pytest.raises(Forbidden):
            attempt()


def test_a_salesperson_is_created_and_edited(session):
    anna = create_salesperson(session, code=" ab ", name=" Anna Berg ", email="anna@example.org", by=BY)
    assert (anna.code, anna.name) == ("AB", "Anna Berg")
    edit_salesperson(session, anna, changes={"blocked": True, "code": "anna"}, by=BY)
    assert session.scalar(select(Salesperson.code).where(Salesperson.blocked)) == "ANNA"


def test_a_salesperson_has_a_code_of_their_own_and_a_proper_address(session):
    create_salesperson(session, code="AB", by=BY)
    with refused("code", "Enter a code"):
        create_salesperson(session, code="  ", by=BY)
    with refused("code", "already a salesperson AB"):
        create_salesperson(session, code="ab", by=BY)
    with refused("email", "“?not an address”? is not an e-mail address"):
        create_salesperson(session, code="CD", email="not an address", by=BY)
    with refused("name", "up to 50 characters"):
        create_salesperson(session, code="CD", name="x" * 10_000, by=BY)
    with refused("name", "cannot be stored"):
        create_salesperson(session, code="CD", name="a\x00b", by=BY)
    assert session.scalars(select(Salesperson.code)).all() == ["AB"]


def test_the_code_of_a_salesperson_can_change_its_case_only(session):
    anna = create_salesperson(session, code="AB", by=BY)
    assert edit_salesperson(session, anna, changes={"code": "Ab"}, by=BY).code == "AB"


def test_a_salesperson_somebody_relies_on_is_not_deleted(session):
    anna = make_salesperson(session, "AB")
    campaign = make_campaign(session, salesperson_id=anna.id)
    with pytest.raises(RuleViolation, match="AB is responsible for 1 campaign\\."):
        delete_salesperson(session, anna, by=BY)
    campaign.salesperson_id = None
    user = make_user(session, salesperson_id=anna.id)
    delete_salesperson(session, anna, by=BY)
    session.refresh(user)
    assert user.salesperson_id is None
    assert session.scalar(select(Salesperson).where(Salesperson.code == "AB")) is None


def test_a_language_needs_a_locale_that_is_known(session):
    language = create_language(session, code="rom", locale="rm_ch", by=BY)
    assert (language.code, language.locale, language.name) == ("ROM", "rm-CH", "Romansh (Switzerland)")
    for wrong in ("klingon", "", "fr-fr-fr-fr", "x" * 20, "../etc"):
        with refused("locale", "is not a locale"):
            edit_language(session, language, changes={"locale": wrong}, by=BY)
    with refused("code", "already a language ROM"):
        create_language(session, code="ROM", locale="rm", by=BY)


def test_deleting_the_default_language_blanks_the_default(session):
    make_office(session)
    english = make_language(session)
    edit_marketing_setup(session, changes={"default_language_id": english.id}, by=BY)
    delete_language(session, english, by=BY)
    assert marketing_setup(session).default_language_id is None
    assert session.scalars(select(Language)).all() == []


def test_a_country_has_a_name_a_format_and_perhaps_an_iso_code(session):
    country = create_country(session, code="sco", name="Scotland", iso_code="gb", by=BY)
    assert (country.code, country.iso_code, country.address_format) == ("SCO", "GB", "post_code_city")
    edit_country(session, country, changes={"address_format": "city_post_code", "iso_code": ""}, by=BY)
    with refused("name", "Enter a name"):
        edit_country(session, country, changes={"name": " "}, by=BY)
    country.name = "Scotland"
    with refused("iso_code", "two letters"):
        edit_country(session, country, changes={"iso_code": "4"}, by=BY)
    country.iso_code = ""
    with refused("address_format", "from the list"):
        edit_country(session, country, changes={"address_format": "upside down"}, by=BY)
    country.address_format = "city_post_code"
    with refused("code", "already a country/region SCO"):
        create_country(session, code="SCO", name="S", by=BY)
    delete_country(session, country, by=BY)
    assert session.scalars(select(Country)).all() == []


def test_one_of_automatic_and_typed_numbers_stays_on(session):
    series = create_series(session, code="X", automatic=False, manual=True, by=BY)
    edit_series(session, series, changes={"manual": False}, by=BY)
    assert (series.automatic, series.manual) == (True, False)
    edit_series(session, series, changes={"automatic": False}, by=BY)
    assert (series.automatic, series.manual) == (False, True)
    both_off = create_series(session, code="Y", automatic=False, manual=False, by=BY)
    assert (both_off.automatic, both_off.manual) == (False, True)


def test_a_series_in_marketing_setup_is_not_deleted(session):
    make_office(session)
    series = get_number_series(session, "CONT")
    with pytest.raises(RuleViolation, match="CONT is used in Marketing setup"):
        delete_series(session, series, by=BY)
    edit_marketing_setup(session, changes={"contact_series_id": None}, by=BY)
    delete_series(session, series, by=BY)
    with pytest.raises(NotFound, match="There is no number series CONT"):
        get_number_series(session, "CONT")
    assert session.scalar(select(NumberSeriesLine).where(NumberSeriesLine.starting_no == "CT000001")) is None


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"starting_no": ""}, "starting_no", "Enter the first number"),
        ({"starting_no": "ABC"}, "starting_no", "needs digits"),
        ({"starting_no": "X" * 21}, "starting_no", "up to 20"),
        ({"ending_no": "Y9"}, "ending_no", "does not look like the starting number X1"),
        ({"ending_no": "Y"}, "ending_no", "does not look like"),
        ({"starting_no": "X5", "ending_no": "X4"}, "ending_no", "X4 lies before the starting number X5"),
        ({"ending_no": "X50", "warning_no": "X51"}, "warning_no", "X51 lies after the ending number X50"),
        ({"ending_no": "X50", "last_no": "X51"}, "last_no", "lies after"),
        ({"increment": 0}, "increment", "at least 1"),
        ({"increment": None}, "increment", "at least 1"),
        ({"increment": -1}, "increment", "at least 1"),
        ({"increment": 10**9}, "increment", "at least 1"),
    ],
)
def test_a_line_of_a_series_must_be_able_to_count(session, values, field, sentence):
    series = create_series(session, code="X", by=BY)
    with refused(field, sentence):
        add_series_line(session, series, **({"starting_no": "X1"} | values), by=BY)
    assert series.lines == []


def test_lines_are_added_edited_and_removed(session):
    series = create_series(session, code="X", by=BY)
    line = add_series_line(session, series, starting_no="x1", starting_date=dt.date(2026, 1, 1), by=BY)
    edit_series_line(session, line, changes={"ending_no": "X99", "warning_no": "X90", "last_no": "X99"}, by=BY)
    assert get_series_line(series, line.id) is line
    delete_series_line(session, line, by=BY)
    with pytest.raises(NotFound, match="no longer has this line"):
        get_series_line(series, line.id)


def test_the_number_of_a_series_is_its_own(session):
    make_number_series(session, "X", "X1")
    with refused("code", "already a number series X"):
        create_series(session, code="x", by=BY)
    assert len(session.scalars(select(NumberSeries)).all()) == 1


def test_marketing_setup_keeps_its_rules(session):
    make_office(session)
    with refused("letters_per_file", "from 1 to 5000"):
        edit_marketing_setup(session, changes={"letters_per_file": 0}, by=BY)
    marketing_setup(session).letters_per_file = 500
    with refused("default_correspondence_type", "from the list"):
        edit_marketing_setup(session, changes={"default_correspondence_type": "telex"}, by=BY)
    with refused("default_correspondence_type", "Fax is switched off"):
        edit_marketing_setup(session, changes={"default_correspondence_type": "fax"}, by=BY)
    edit_marketing_setup(session, changes={"default_correspondence_type": "fax", "fax_enabled": True}, by=BY)
    with refused("default_correspondence_type", "Fax is switched off"):
        edit_marketing_setup(session, changes={"fax_enabled": False}, by=BY)


def test_marketing_setup_takes_no_salesperson_who_is_blocked_and_nothing_that_is_gone(session):
    make_office(session)
    blocked = make_salesperson(session, "AB", blocked=True)
    with refused("default_salesperson_id", "AB is blocked"):
        edit_marketing_setup(session, changes={"default_salesperson_id": blocked.id}, by=BY)
    marketing_setup(session).default_salesperson_id = None
    for field in ("default_salesperson_id", "default_person_salutation_id", "segment_series_id"):
        with refused(field, "deleted meanwhile"):
            edit_marketing_setup(session, changes={field: 987654}, by=BY)


def test_the_company_keeps_its_name_and_currency(session):
    office = make_office(session)
    edit_company_information(
        session, changes={"name": "Nordlys AS", "email": "post@example.org", "iban": " CH93 "}, by=BY
    )
    assert (office.name, office.iban, office.currency) == ("Nordlys AS", "CH93", "EUR")
    with pytest.raises(KeyError):
        edit_company_information(session, changes={"currency": "USD"}, by=BY)
    with refused("email", "not an e-mail address"):
        edit_company_information(session, changes={"email": "@"}, by=BY)
    office.email = ""
    with refused("time_zone", "no time zone"):
        edit_company_information(session, changes={"time_zone": "Nowhere"}, by=BY)
    office.time_zone = "UTC"
    with refused("name", "Enter the name"):
        edit_company_information(session, changes={"name": ""}, by=BY)
