"""Filters read back in words."""

from __future__ import annotations

import pytest

from domain.filters.read import read_filter, read_filters
from domain.filters.sentences import sentence
from tests.domain.filters.table import FIELDS, reader


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("name", "75*", "Name starts with 75"),
        ("name", "*Ltd", "Name ends with Ltd"),
        ("name", "*'Smith & Co'*", "Name contains “Smith & Co”"),
        ("name", "<>A*", "Name does not start with A"),
        ("name", "a?b*", "Name fits a?b*"),
        ("name", "''", "Name is blank"),
        ("name", "<>''", "Name is not blank"),
        ("name", "?*", "Name is not blank"),
        ("name", "A..C", "Name is from A to C"),
        ("name", "A..", "Name is A or comes after it"),
        ("name", "<C", "Name comes before C"),
        ("name", "(A*|B*)&<>*Ltd", "Name (starts with A or starts with B) and does not end with Ltd"),
        ("colour", "hr|bc", "Colour is HR or BC"),
        ("colour", "a|b|c", "Colour is A, B or C"),
        ("colour", "<>a&<>b", "Colour is not A or B"),
        ("colour", "a|b*|c", "Colour is A or C or starts with B"),
        ("colour", "|".join("abcdefghij"), "Colour is A, B, C, D, E, F, G or one of 3 others"),
        ("colour", "<>a", "Colour is not A"),
        ("number", ">3&<=1000", "Number is more than 3 and is at most 1,000"),
        ("cost", "..12.5", "Cost is at most 12.50"),
        ("day", "month", "Date is from 01/01/2026 to 31/01/2026"),
        ("day", "t-1Y..", "Date is on or after 14/01/2025"),
        ("day", "<t|''", "Date is before 14/01/2026 or is blank"),
        ("day", "<>week", "Date is not from 12/01/2026 to 18/01/2026"),
        ("at", "t", "Created is 14/01/2026"),
        ("size", "big|small", "Size is big or small"),
        ("size", "''", "Size is blank"),
        ("open", "yes", "Open is yes"),
    ],
)
def test_a_filter_in_words(key, text, words):
    assert sentence([read_filter(FIELDS.fields[key], text, reader())], reader()) == words


def test_several_fields_make_one_sentence():
    typed = read_filters(FIELDS, {"name": "75*", "colour": "HR|BC"}, reader())
    assert sentence(typed.filters, reader()) == "Name starts with 75, colour is HR or BC"
    assert sentence([], reader()) == ""
