"""Filters that indexes answer (what a field begins with, what it contains) give what plain Python says (B13, B24)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import delete, insert, select

from domain.contacts.filter_fields import CONTACT_FILTERS, FOUND_BY
from domain.contacts.keys import refresh_keys
from domain.contacts.models import Contact
from domain.contacts.search import BY_BEGINNING, occurring
from domain.filters.conditions import is_matched
from domain.filters.read import read_filter
from domain.filters.sql import condition_of
from domain.filters.tree import Wildcard, print_expression, term
from domain.types import code
from tests.domain.filters.table import reader
from tests.factories.contacts import make_contact
from tests.factories.setup import NOW

# letters that fold to others, to several, or to none; signs that mean something to SQL and to the search index
PARTS = [
    "ab",
    "Ab",
    "É",
    "é",
    "e\u0301",
    "ﬁ",
    "fi",
    "Ｂ",
    "ß",
    "ẞ",
    "Σ",
    "ς",
    "İ",
    "ŋ",
    "한",
    "ᄒ",
    "\u00a0",
    "  ",
    " ",
]
SIGNS = ["%", "_", "\\", "/", '"', "*", "'", "-", ".", "ström", "berg", "\U0001f600", "\u200b"]
TEXTS = some.lists(some.sampled_from([*PARTS, *SIGNS]), max_size=6).map("".join)
FIELDS = (*FOUND_BY, "post_code", "surname", "address")


@some.composite
def rows_and_pattern(draw, key):
    """Contacts that differ in one field, and a pattern made of parts of their texts."""
    texts = draw(some.lists(TEXTS, min_size=1, max_size=6))
    pieces = []
    for _ in range(draw(some.integers(1, 3))):
        text = draw(some.sampled_from(texts))
        start, end = sorted((draw(some.integers(0, len(text))), draw(some.integers(0, len(text)))))
        pieces.append(draw(some.sampled_from([text[start:end], text[:end], text, Wildcard.ANY, Wildcard.ONE])))
    if draw(some.booleans()):
        pieces = [Wildcard.ANY, *pieces, Wildcard.ANY]
    return texts, term(pieces)


@pytest.mark.parametrize("key", FIELDS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=some.data())
def test_indexed_fields_agree_with_python(session, key, data):
    texts, pattern = data.draw(rows_and_pattern(key))
    field = CONTACT_FILTERS.fields[key]
    longest = getattr(Contact, key).property.columns[0].type.length
    is_code = key in ("no", "search_name")
    stored = [(code(text) if is_code else text)[:longest] for text in texts]
    if key == "no":
        stored = [f"{text[:15]}{n}" for n, text in enumerate(stored)]
    fill(session, key, stored)
    one = read_filter(field, print_expression(pattern), reader())
    expected = {n for n, text in enumerate(stored, 1) if is_matched(one.condition, text, field)}
    assert set(session.scalars(select(Contact.id).where(condition_of(one)))) == expected, one


def fill(session, key, texts):
    session.execute(delete(Contact))
    columns = [column.name for column in Contact.__table__.columns if column.name != "version"]
    for n, text in enumerate(texts, 1):
        contact = Contact(id=n, no=f"C{n}", type="person", name="", created_at=NOW, modified_at=NOW)
        for name in ("company_name", "city", "email", "search_name"):
            setattr(contact, name, "")
        setattr(contact, key, text)
        refresh_keys(contact)
        values = {name: getattr(contact, name) for name in columns}
        session.execute(insert(Contact), [{name: value for name, value in values.items() if value is not None}])


def plan(session, condition):
    """How the database finds the contacts."""
    bound = select(Contact.id).where(condition)
    question = str(bound.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        explained = connection.exec_driver_sql("EXPLAIN QUERY PLAN " + question)
    else:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explained = connection.exec_driver_sql("EXPLAIN " + question)
    return "\n".join(str(row[-1]) for row in explained)


@pytest.mark.parametrize("key", BY_BEGINNING)
@pytest.mark.parametrize("text", ["75*", "75001", "7..8", "75*|12*"])
def test_an_index_knows_what_a_field_begins_with(session, key, text):
    condition = condition_of(read_filter(CONTACT_FILTERS.fields[key], text, reader()))
    assert f"ix_contact_search_by_{key}" in plan(session, condition)


@pytest.mark.parametrize("key", FOUND_BY)
def test_an_index_knows_what_a_field_contains(session, key):
    condition = condition_of(read_filter(CONTACT_FILTERS.fields[key], "@*berg*", reader()))
    assert ("contact_search" if session.get_bind().dialect.name == "sqlite" else "ix_contact_search") in plan(
        session, condition
    )


def test_a_long_contact_is_found_by_its_end(session):
    """The search name stands last in what contacts are found by, however long the rest is."""
    make_contact(session, name="Ｗ" * 100, company_name="ﷺ" * 30, city="x" * 30, search_name="ENDING")
    condition = condition_of(read_filter(CONTACT_FILTERS.fields["search_name"], "*NDIN*", reader()))
    assert len(session.scalars(select(Contact.id).where(condition)).all()) == 1


def test_short_words_are_looked_for_without_the_index():
    assert occurring(["ab", "é "]) is None
    assert occurring(["STRASSE", "ÅRE"], is_code=True) is not None
    assert occurring(["ÅREN"], is_code=True) is None
