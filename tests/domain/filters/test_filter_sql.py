"""The SQL of a filter gives what plain Python says, for every kind, on both databases (decisions B13, B24)."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import delete, insert, select

from domain.filters.conditions import is_matched
from domain.filters.errors import FilterError
from domain.filters.notes import notes
from domain.filters.read import read_filter, read_filters
from domain.filters.sql import condition_of, contacts_with
from domain.filters.tree import Compare, Range, Wildcard, all_of, any_of, print_expression, term
from tests.domain.filters.table import FIELDS, TODAY, Base, Colour, Thing, reader

COLOURS = {1: "BLUE", 2: "GREEN", 3: "BLUEISH"}
ALPHABET = "aAbBéÉ ßΣς1%_*?'&|İǅ"
TEXTS = some.text(some.sampled_from(ALPHABET), max_size=4).map(lambda text: text.replace("\x00", ""))
DAYS = some.dates(dt.date(2025, 12, 25), dt.date(2026, 2, 5))
MOMENTS = some.datetimes(
    dt.datetime(2025, 12, 31), dt.datetime(2026, 1, 18), timezones=some.just(dt.UTC)
) | some.sampled_from(
    [
        dt.datetime(2026, 1, day, 23, 0, tzinfo=dt.UTC) + dt.timedelta(microseconds=m)
        for day in (13, 14)
        for m in (-1, 0)
    ]
)
ROWS = some.lists(
    some.fixed_dictionaries(
        {
            "name": TEXTS,
            "code": TEXTS.map(lambda text: text.strip().upper()),
            "number": some.integers(-3, 3),
            "cost": some.none() | some.integers(-300, 300),
            "day": some.none() | DAYS,
            "at": some.none() | MOMENTS,
            "size": some.sampled_from(["", "small", "rather_big", "big"]),
            "open": some.booleans(),
            "colour_id": some.none() | some.sampled_from([1, 2, 3]),
        }
    ),
    min_size=1,
    max_size=8,
)
PATTERNS = some.lists(TEXTS | some.sampled_from(list(Wildcard)), max_size=3).map(term)


def one(texts):
    return texts.map(lambda text: term([text]))


VALUES = {
    "name": one(TEXTS),
    "code": one(TEXTS),
    "number": one(some.integers(-4, 4).map(str)) | some.just(term([])),
    "cost": one(some.sampled_from(["-1.5", "0", "1", "2.25", "1,000.00"])),
    "day": one(some.sampled_from(["t", "week", "-1M", "cm", "month-1m", "1.1.2026", "2026-01-15", "year"])),
    "at": one(some.sampled_from(["t", "week", "y", "2026-01-14", "15", "month"])),
    "size": one(some.sampled_from(["small", "SMALL", "Rather big", "big"])) | some.just(term([])),
    "open": one(some.sampled_from(["yes", "No", "true", "0"])),
    "colour": one(some.sampled_from(["blue", "GREEN", "none", "b"])) | some.just(term([])),
}


@some.composite
def expressions(draw, key):
    values = VALUES[key]
    equals = values | PATTERNS if key in ("name", "code", "colour") else values
    if key in ("day", "at"):
        equals = equals | some.just(term([]))
    leaves = (
        equals
        | some.builds(Compare, some.just("<>"), equals)
        | some.builds(Compare, some.sampled_from(["<", "<=", ">", ">="]), values)
        | some.builds(Range, values, values)
        | some.builds(Range, some.none(), values)
        | some.builds(Range, values, some.none())
    )
    nested = some.recursive(
        leaves,
        lambda inner: (
            some.lists(inner, min_size=2, max_size=3).map(any_of)
            | some.lists(inner, min_size=2, max_size=3).map(all_of)
        ),
        max_leaves=6,
    )
    return draw(nested)


@pytest.fixture
def things(session):
    Base.metadata.create_all(session.connection())
    session.execute(insert(Colour), [{"id": id, "code": code} for id, code in COLOURS.items()])
    return session


def fill(session, rows):
    session.execute(delete(Thing))
    session.execute(insert(Thing), [{"id": id, "contact_id": id, **row} for id, row in enumerate(rows, 1)])


def found(session, condition):
    return set(session.scalars(select(Thing.id).where(condition)))


@pytest.mark.parametrize("key", list(VALUES))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=some.data(), rows=ROWS)
def test_sql_and_python_agree(things, key, data, rows):
    fill(things, rows)
    field = FIELDS.fields[key]
    for _ in range(3):
        one = read_filter(field, print_expression(data.draw(expressions(key))), reader())
        expected = set()
        for id, row in enumerate(rows, 1):
            value = COLOURS.get(row["colour_id"]) if key == "colour" else row[key]
            if is_matched(one.condition, value, field, time_zone=one.time_zone):
                expected.add(id)
        assert found(things, condition_of(one)) == expected, one


def row(**values):
    blank = {"name": "", "code": "", "number": 0, "cost": None, "day": None, "at": None}
    return blank | {"size": "", "open": False, "colour_id": None} | values


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("name", "co*", {1, 2}),
        ("name", "@*CO*", {1, 2}),
        ("name", "<>co*", {3, 4, 5}),
        ("name", "'J & V*'", {3}),
        ("name", "'J & V'*", {3, 4}),
        ("name", "''", {5}),
        ("name", "?*", {1, 2, 3, 4}),
        ("name", "*", {1, 2, 3, 4, 5}),
        ("name", "cof?ee", {2}),
        ("name", "<>''&<>j*", {1, 2}),
        ("code", "10000..10042", {1, 2}),
        ("code", "c?1|C2", {3, 4}),
        ("number", "1..2|7", {1, 2, 5}),
        ("number", ">2&<9", {5}),
        ("number", "''", {4}),
        ("cost", "1.50..", {1, 2}),
        ("cost", "0", {3, 4, 5}),
        ("day", "week", {1}),
        ("day", "..t-1Y|''", {2, 3, 4, 5}),
        ("day", "<>''", {1, 2}),
        ("at", "t", {1}),
        ("at", "<t", {2}),
        ("size", "Big|''", {1, 3, 4, 5}),
        ("size", "small..rather big", {2}),
        ("open", "yes", {1}),
        ("open", "<>Yes", {2, 3, 4, 5}),
        ("colour", "blue*", {1, 3}),
        ("colour", "<>BLUE", {2, 3, 4, 5}),
        ("colour", "''", {4, 5}),
        ("colour", "''|green", {2, 4, 5}),
        ("colour", "%me", {2}),
    ],
)
def test_the_examples_of_3_2(things, key, text, expected):
    at = [dt.datetime(2026, 1, 13, 23, 0, tzinfo=dt.UTC), dt.datetime(2026, 1, 13, 22, 59, 59, tzinfo=dt.UTC)]
    rows = [
        row(name="Co-op", code="10000", number=1, cost=150, day=TODAY, at=at[0], size="big", open=True, colour_id=1),
        row(name="COFFEE", code="100000", number=2, cost=99999, day=dt.date(2024, 2, 29), at=at[1], size="rather_big"),
        row(name="J & V*", code="CX1", number=-1, size="big", colour_id=3),
        row(name="J & V Ltd", code="C2"),
        row(number=7),
    ]
    rows[1]["colour_id"] = 2
    fill(things, rows)
    one = read_filter(FIELDS.fields[key], text, reader(salesperson="GREEN"))
    assert found(things, condition_of(one)) == expected


@pytest.mark.parametrize("text", ["'; DROP TABLE test_thing; --", "x' OR '1'='1", "%", "_", "\\", "'%''--'"])
def test_sql_that_is_typed_is_a_value(things, text):
    fill(things, [row(name=text), row(name="other")])
    quoted = "'" + text.replace("'", "''") + "'"
    one = read_filter(FIELDS.fields["name"], quoted, reader())
    assert found(things, condition_of(one)) == {1}
    assert text.lower() in condition_of(one).compile().params.values()
    starts = read_filter(FIELDS.fields["name"], quoted + "*", reader())
    assert found(things, condition_of(starts)) == {1}


@pytest.mark.parametrize(
    "text", ["<>1.1.0001", ">=9999-12-31", "<=31.12.9999", ">9999-12-31", "<1.1.0001", "0001-01-01.."]
)
def test_the_ends_of_the_calendar(things, text):
    rows = [row(day=TODAY, at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)), row()]
    fill(things, rows)
    for key in ("day", "at"):
        one = read_filter(FIELDS.fields[key], text, reader())
        expected = {id for id, r in enumerate(rows, 1) if is_matched(one.condition, r[key], one.field)}
        assert found(things, condition_of(one)) == expected


@pytest.mark.parametrize(
    ("locale", "key", "text", "expected"),
    [
        ("fr_CH", "cost", "1,50", {1}),
        ("fr_CH", "cost", "1 000,00", {2}),
        ("fr_CH", "size", "Petit|assez grand", {1, 2}),
        ("fr_CH", "size", "rather big", {2}),
        ("fr_CH", "open", "oui", {1}),
        ("fr_CH", "open", "yes", {1}),
        ("sv_SE", "cost", "1,50..", {1, 2}),
    ],
)
def test_numbers_captions_and_yes_in_the_language_of_the_user(things, locale, key, text, expected):
    fill(things, [row(cost=150, size="small", open=True), row(cost=100000, size="rather_big")])
    assert found(things, condition_of(read_filter(FIELDS.fields[key], text, reader(locale)))) == expected


@pytest.mark.parametrize(
    ("key", "text", "sentence"),
    [
        ("day", ">a", "At position 2: “a” is not a date."),
        ("day", "t|31.02.2026", "At position 3: “31.02.2026” is not a date."),
        ("day", "2026*", "At position 1: “*” and “?” can only stand in filters on texts and codes."),
        ("number", "1|x", "At position 3: “x” is not a whole number."),
        ("cost", "1.234", "At position 1: An amount can have up to 2 decimals."),
        ("size", "small|huge", "At position 7: “huge” is not one of the choices: Small, Rather big, Big."),
        ("open", "maybe", "At position 1: “maybe” is neither yes nor no."),
        (
            "name",
            "A*..C",
            "At position 1: “*” and “?” cannot stand in a range or after “<” and “>”. "
            "Quotation marks make them ordinary signs.",
        ),
        ("colour", "%me", "At position 1: you are no salesperson, so “%me” stands for nobody."),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_with_its_place(key, text, sentence):
    with pytest.raises(FilterError) as refused:
        read_filter(FIELDS.fields[key], text, reader())
    assert refused.value.field == key
    assert str(refused.value.message) == sentence


def test_filters_of_a_table_are_read_together_and_unknown_fields_are_refused():
    typed = read_filters(FIELDS, {"name": "a*", "number": "x", "gone": "1", "day": " "}, reader())
    assert [one.field.key for one in typed.filters] == ["name"]
    assert set(typed.refused) == {"number", "gone"}
    assert str(typed.refused["gone"]) == "There is no field “gone” to filter by."


def test_codes_that_do_not_exist_are_noted_and_the_filter_runs(things):
    fill(things, [row(colour_id=1)])
    one = read_filter(FIELDS.fields["colour"], "BLUE|pink|r*", reader())
    assert [str(note) for note in notes(things, one)] == ["There is no PINK."]
    assert found(things, condition_of(one)) == {1}
    assert notes(things, read_filter(FIELDS.fields["colour"], "BLUE", reader())) == []


def test_two_not_equals_joined_by_or_are_noted(things):
    one = read_filter(FIELDS.fields["name"], "<>a|<>b", reader())
    assert len(notes(things, one)) == 1
    assert notes(things, read_filter(FIELDS.fields["name"], "<>a&<>b", reader())) == []


def test_one_row_must_pass_every_filter_of_a_table(things):
    fill(things, [row(name="a", number=1), row(name="b", number=2), row(name="a", number=2)])
    typed = read_filters(FIELDS, {"name": "a", "number": "2"}, reader())
    assert set(things.scalars(contacts_with(FIELDS, typed.filters))) == {3}
