"""Amounts and durations as people type them (B23)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as some

from domain.amounts import read_amount, read_minutes
from domain.errors import RuleViolation

LOCALES = ("en_GB", "fr_CA", "fr_CH", "sv_SE")


@pytest.mark.parametrize(
    ("locale", "text", "minor"),
    [
        ("en_GB", "12", 1200),
        ("en_GB", "1,234.50", 123450),
        ("en_GB", "1,234", 123400),
        ("en_GB", ".5", 50),
        ("en_GB", "-0", 0),
        ("fr_CH", "1'234.50", 123450),
        ("fr_CH", "1’234,5", 123450),
        ("fr_CH", "1 234,50", 123450),
        ("fr_CA", "1\u00a0234,50", 123450),
        ("fr_CA", "1\u202f234\u202f567,50", 123456750),
        ("fr_CA", "12.50", 1250),
        ("sv_SE", "1.234,50", 123450),
        ("sv_SE", "1,234.50", 123450),
        ("sv_SE", "12,5", 1250),
        ("sv_SE", "1.234.567", 123456700),
        ("en_GB", "", None),
        ("en_GB", "  ", None),
    ],
)
def test_amounts_are_understood_in_the_readers_language(locale, text, minor):
    assert read_amount(text, locale=locale, digits=2) == minor


@pytest.mark.parametrize(
    ("locale", "text", "sentence"),
    [
        ("en_GB", "12,50", "is not an amount"),
        ("en_GB", "1,23,4", "is not an amount"),
        ("en_GB", "1.2,3.4", "is not an amount"),
        ("en_GB", "1.234,567,890.1", "is not an amount"),
        ("en_GB", "twelve", "“twelve” is not an amount"),
        ("en_GB", "12 EUR", "is not an amount"),
        ("en_GB", "١٢", "is not an amount"),
        ("en_GB", "\x00", "is not an amount"),
        ("en_GB", "9" * 10000, "is not an amount"),
        ("en_GB", "9" * 16, "too large"),
        ("en_GB", "-5", "cannot be negative"),
        ("en_GB", "−5", "cannot be negative"),
        ("fr_CA", "1.234", "up to 2 decimals"),
        ("en_GB", "1.005", "up to 2 decimals"),
    ],
)
def test_other_texts_are_refused_with_a_sentence(locale, text, sentence):
    with pytest.raises(RuleViolation, match=sentence) as refusal:
        read_amount(text, locale=locale, digits=2, field="cost")
    assert refusal.value.field == "cost"


def test_currencies_without_decimals():
    assert read_amount("1,234", locale="en_GB", digits=0) == 1234
    with pytest.raises(RuleViolation, match="no decimals"):
        read_amount("1.5", locale="en_GB", digits=0)


def test_negative_amounts_where_they_mean_something():
    assert read_amount("-12.50", locale="en_GB", digits=2, negative=True) == -1250


@given(some.text(max_size=60), some.sampled_from(LOCALES))
def test_any_text_is_an_amount_or_refused_in_words(text, locale):
    try:
        minor = read_amount(text, locale=locale, digits=2)
    except RuleViolation:
        return
    assert (minor is None and not text.strip(" \t'’")) or 0 <= (minor or 0) < 10**15


@given(some.integers(0, 10**15 - 1), some.sampled_from(LOCALES))
def test_what_is_shown_is_understood(minor, locale):
    shown = format_decimal(Decimal(minor).scaleb(-2), format="#,##0.00", locale=locale)
    assert read_amount(shown, locale=locale, digits=2) == minor


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("90", 90),
        ("1:30", 90),
        ("1h30", 90),
        ("1 h 30 min", 90),
        ("2 h", 120),
        ("45 min", 45),
        ("1 tim 5", 65),
        ("", None),
        ("0", 0),
    ],
)
def test_durations(text, minutes):
    assert read_minutes(text) == minutes


@pytest.mark.parametrize("text", ["-5", "half an hour", "1:2:3", "9" * 10, "9" * 10000, "99999999", "\x00", "1.5"])
def test_other_durations_are_refused(text):
    with pytest.raises(RuleViolation):
        read_minutes(text)
