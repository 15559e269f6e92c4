"""Form fields of the product's own: what is typed, what it means, what is shown."""

from __future__ import annotations

import pytest
from flask import g

from blueprints.web.fields import CodeField, LookupField, MinutesField, MoneyField, WholeNumberField
from blueprints.web.formats import format_money
from blueprints.web.forms import Form


class Everything(Form):
    cost = MoneyField("Cost")
    balance = MoneyField("Balance", negative=True)
    duration = MinutesField("Duration")
    parts = WholeNumberField("Letters per file", least=1, most=5000)
    code = CodeField("Code", length=10, required=True)
    contact = LookupField("Contact")

    class Meta:
        csrf = False


@pytest.fixture
def typed(application):
    def fill(locale="en_GB", currency="CHF", **values):
        with application.test_request_context(method="POST", data={"code": "x1"} | values):
            g.locale, g.currency = locale, currency
            form = Everything()
            form.validate()
            return form

    return fill


def test_what_is_typed_gets_its_meaning(typed):
    form = typed(cost="1'234.5", balance="-3", duration="1:30", parts="1 000", code=" abc ", contact="Anna")
    assert form.errors == {}
    assert form.cost.meaning == 123450
    assert form.balance.meaning == -300
    assert form.duration.meaning == 90
    assert form.parts.meaning == 1000
    assert form.code.data == "ABC"
    assert form.contact.data == "Anna"


def test_blank_means_nothing(typed):
    form = typed(cost=" ", duration="", parts="")
    assert form.errors == {}
    assert (form.cost.meaning, form.duration.meaning, form.parts.meaning) == (None, None, None)


def test_wrong_texts_stay_and_are_told(typed):
    long = "9" * 10000
    form = typed(cost="-5", balance="many", duration="soon", parts="0", code="x" * 11, contact="a\x00")
    assert set(form.errors) == {"cost", "balance", "duration", "parts", "code", "contact"}
    assert form.cost.errors == ["The amount cannot be negative."]
    assert form.parts.errors == ["Enter a number from 1 to 5000."]
    assert (form.cost.data, form.cost.meaning) == ("-5", None)
    assert set(typed(cost=long, duration=long, parts=long, code=long).errors) == {"cost", "duration", "parts", "code"}


@pytest.mark.parametrize("text", ["A\r\nB", "A\x07", "A\tB"])
def test_a_code_is_one_line_of_visible_characters(typed, text):
    assert set(typed(code=text).errors) == {"code"}


def test_the_currency_says_how_many_decimals(typed):
    assert typed(currency="JPY", cost="1234").cost.meaning == 1234
    assert typed(currency="JPY", cost="12.5").cost.errors == ["The currency has no decimals."]


@pytest.mark.parametrize(("locale", "shown"), [("en_GB", "1234.50"), ("fr_CA", "1234,50"), ("sv_SE", "1234,50")])
def test_stored_values_are_shown_as_the_reader_writes_them(application, locale, shown):
    with application.test_request_context():
        g.locale, g.currency = locale, "EUR"
        form = Everything(data={"cost": 123450, "duration": 90, "parts": 500})
        assert form.cost._value() == shown
        assert form.duration._value() == "90"
        assert (form.cost.meaning, form.parts.meaning) == (123450, 500)


@pytest.mark.parametrize(
    ("locale", "currency", "shown"),
    [
        ("en_GB", "CHF", "CHF\u00a01,234.50"),
        ("en_GB", "GBP", "£1,234.50"),
        ("fr_CH", "CHF", "1\u202f234,50\u00a0CHF"),
        ("sv_SE", "SEK", "1\u00a0234,50\u00a0kr"),
    ],
)
def test_money_keeps_its_currency_apart(application, locale, currency, shown):
    with application.test_request_context():
        g.locale, g.currency = locale, currency
        assert format_money(123450) == shown
