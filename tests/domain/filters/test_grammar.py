"""The grammar of filters (contacts.md 3.2, decisions B13): trees, printing, refusals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.filters.errors import FilterError
from domain.filters.grammar import LONGEST, parse_expression
from domain.filters.tree import (
    AllOf,
    AnyOf,
    Compare,
    Range,
    Wildcard,
    all_of,
    any_of,
    print_expression,
    term,
    values_expression,
)

STAR, ONE = Wildcard.ANY, Wildcard.ONE


def t(*pieces):
    return term(pieces)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1200", t("1200")),
        (" = 1200 ", t("1200")),
        ("1100..2100", Range(t("1100"), t("2100"))),
        ("1.5 .. 2.5", Range(t("1.5"), t("2.5"))),
        ("..2500", Range(None, t("2500"))),
        ("2500..", Range(t("2500"), None)),
        ("1200|1300", AnyOf((t("1200"), t("1300")))),
        ("<>0", Compare("<>", t("0"))),
        ("<>''", Compare("<>", t())),
        ("''", t()),
        (">200&<=1200", AllOf((Compare(">", t("200")), Compare("<=", t("1200"))))),
        ("A|B&C", AnyOf((t("A"), AllOf((t("B"), t("C")))))),
        ("(A|B)&C", AllOf((AnyOf((t("A"), t("B"))), t("C")))),
        ("((A))", t("A")),
        ("Co*", t("Co", STAR)),
        ("Hans?n", t("Hans", ONE, "n")),
        ("@*co*", t(STAR, "co", STAR)),
        ("@*@firm.no", t(STAR, "@firm.no")),
        ("@firm", t("firm")),
        ("'@firm'", t("@firm")),
        ("'J & V*'", t("J & V*")),
        ("'J & V'*", t("J & V", STAR)),
        ("'1..99'", t("1..99")),
        ("'O''Brien'", t("O'Brien")),
        ("O'Brien|l'Orée", AnyOf((t("O'Brien"), t("l'Orée")))),
        (" New York | * York ", AnyOf((t("New York"), t(STAR, " York")))),
        ("''|NO", AnyOf((t(), t("NO")))),
        ("a**b", t("a", STAR, "b")),
    ],
)
def test_the_grammar_of_3_2(text, tree):
    assert parse_expression(text) == tree


@pytest.mark.parametrize("blank", ["", "   ", "\x00"])
def test_an_empty_box_filters_nothing(blank):
    assert parse_expression(blank) is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("'abc", "At position 1: this quotation mark is not closed."),
        ("A|'B", "At position 3: this quotation mark is not closed."),
        ("(A|B", "At position 4: a parenthesis is not closed."),
        ("A)", "At position 2: there is no parenthesis to close."),
        ("1..2..3", "At position 5: a range has two ends. Put a value that contains “..” in quotation marks."),
        ("7..", None),
        ("..", "At position 2: a value is missing after “..”."),
        ("A|", "At position 2: a value is missing after “|”."),
        ("  |A", "At position 3: a value is missing before “|”."),
        ("A&&B", "At position 3: a value is missing after “&”."),
        ("()", "At position 2: a value is missing after “(”."),
        (">", "At position 1: a value is missing after “>”."),
        ("><3", "At position 2: a value is missing after “>”."),
        ("1..>3", "At position 4: a value is missing after “..”."),
        (
            "Firm (UK)",
            "At position 6: “|” or “&” is missing before “(”. Put text with special characters in quotation marks.",
        ),
        ("x" * (LONGEST + 1), "A filter can have up to 2000 characters; this one has 2001."),
        ("1|" * 250 + "1", "A filter can have up to 200 values; this one has 251."),
        ("(" * 21 + "1" + ")" * 21, "A filter can have up to 20 parentheses within each other."),
    ],
)
def test_a_refusal_says_where_and_what(text, sentence):
    if sentence is None:
        assert parse_expression(text) is not None
        return
    with pytest.raises(FilterError) as refused:
        parse_expression(text)
    assert str(refused.value.message) == sentence


def test_choosing_from_a_list_quotes_what_would_mean_something():
    assert (
        values_expression(["HR", "J & V", "1..9", "it's", "a*", "New York"])
        == "HR|'J & V'|'1..9'|'it''s'|'a*'|New York"
    )
    assert parse_expression(values_expression(["J & V", "it's"])) == any_of([t("J & V"), t("it's")])


LETTERS = some.text(some.sampled_from("abZ é09.'&|()<>=*?@!\n-_%"), min_size=1, max_size=6) | some.text(max_size=4)
TERMS = some.lists(LETTERS.map(lambda s: s.replace("\x00", "")) | some.sampled_from([STAR, ONE]), max_size=4).map(term)
LEAVES = (
    TERMS
    | some.builds(Compare, some.sampled_from(["<>", "<", "<=", ">", ">="]), TERMS)
    | some.builds(Range, TERMS, TERMS)
    | some.builds(Range, some.none(), TERMS)
    | some.builds(Range, TERMS, some.none())
)
TREES = some.recursive(
    LEAVES,
    lambda inner: some.lists(inner, min_size=1, max_size=3).map(any_of) | some.lists(inner, min_size=1).map(all_of),
)


@given(TREES)
def test_what_is_printed_is_read_back_as_the_same_tree(tree):
    text = print_expression(tree)
    if len(text) <= LONGEST:
        assert parse_expression(text) == tree


@given(some.text(some.sampled_from("ab|&()<>=*?@'. 1"), max_size=30))
def test_any_text_is_a_tree_or_a_refusal_with_a_place(text):
    tree, position = parsed_or_place(text)
    assert position is None or 1 <= position <= len(text)
    assert tree is None or parse_expression(print_expression(tree)) == tree


def parsed_or_place(text):
    try:
        return parse_expression(text), None
    except FilterError as refusal:
        return None, refusal.position
