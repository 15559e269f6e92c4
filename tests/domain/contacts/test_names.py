"""The parts of a person's name (contacts.md 2.2)."""

from __future__ import annotations

import pytest

from domain.contacts.names import join_name, split_name


@pytest.mark.parametrize(
    ("typed", "first", "middle", "surname"),
    [
        ("Anna", "Anna", "", ""),
        ("Anna Berg", "Anna", "", "Berg"),
        ("Anna Maria Berg", "Anna", "Maria", "Berg"),
        ("Anna Maria von Berg", "Anna Maria", "von", "Berg"),
        ("Dr. Anna Berg", "Dr.", "Anna", "Berg"),
        ("Berg, Anna", "Berg,", "", "Anna"),
        ("X Y Z", "X", "Y", "Z"),  # SAL-007
        ("  Anna   Berg  ", "Anna", "", "Berg"),
        ("", "", "", ""),
    ],
)
def test_a_name_is_split_at_its_blanks(typed, first, middle, surname):
    assert split_name(typed) == (first, middle, surname)


def test_each_part_is_cut_at_thirty_characters():
    first, middle, surname = split_name(f"{'a' * 29} b {'c' * 40} {'d' * 40}")
    assert (first, middle, surname) == ("a" * 29, "c" * 30, "d" * 30)


def test_the_name_is_built_of_its_parts_without_blanks_for_missing_ones():
    assert join_name("Anna", "", "Berg") == "Anna Berg"
    assert join_name("", "", " Berg ") == "Berg"
    assert join_name("a" * 30, "b" * 30, "c" * 30) == f"{'a' * 30} {'b' * 30} {'c' * 30}"
