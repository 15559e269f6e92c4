"""The code of a letter: an entry number with a check digit."""

from __future__ import annotations

import pytest

from domain.letters.letter_code import entry_no_in, letter_code, looks_like_code


@pytest.mark.parametrize(("number", "code"), [(572, "572-4"), (10427, "10427-7"), ("1", "1-3")])
def test_a_number_and_its_code(number, code):
    assert letter_code(number) == code
    assert entry_no_in(f" {code} ") == int(number)


@pytest.mark.parametrize("text", [None, "", "x", "12a", "²"])
def test_what_is_no_number_has_no_code(text):
    assert letter_code(text) == ""


@pytest.mark.parametrize("text", ["", "572", "572-5", "C1-3", "572-44", "-4", "٣-3", "1234567890123456789-0"])
def test_what_is_no_code(text):
    assert entry_no_in(text) is None


def test_every_wrong_digit_and_every_exchange_of_neighbours_is_seen():
    number, check = "90210735", letter_code(90210735)[-1]
    for place, right in enumerate(number):
        for digit in "0123456789":
            changed = number[:place] + digit + number[place + 1 :]
            assert (entry_no_in(f"{changed}-{check}") is None) == (digit != right)
    for place in range(len(number) - 1):
        a, b = number[place : place + 2]
        exchanged = number[:place] + b + a + number[place + 2 :]
        assert (entry_no_in(f"{exchanged}-{check}") is None) == (a != b)


def test_written_like_a_code_right_or_wrong():
    assert looks_like_code("572-5")
    assert not looks_like_code("572")
