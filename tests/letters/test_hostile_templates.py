"""Templates that try to run code, to never end or to fill the memory are refused before they are rendered."""

from __future__ import annotations

import time

import docx
import pytest

from domain.errors import RuleViolation
from domain.letters import environment
from domain.letters.compiled_letter import compile
from tests.letters.documents import changed, letter_of, saved, texts

ATTACKS = [
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ contact.__class__ }}",
    "{{ contact['__class__'] }}",
    "{{ contact['__cl' ~ 'ass__'] }}",
    "{{ contact|attr('__class__') }}",
    "{{ self }}{{ self._TemplateReference__context }}",
    "{{ lipsum() }}",
    "{{ range(10**9)|list }}",
    "{% for a in range(9) %}{% endfor %}",
    "{{ 'a' * 10**9 }}",
    "{{ '%s' % contact.name }}",
    "{{ 10 ** 10 ** 10 }}",
    "{% import 'os' as os %}",
    "{% from 'os' import path %}",
    "{% include '/etc/passwd' %}",
    "{% extends 'x' %}",
    "{% macro m() %}x{% endmacro %}",
    "{% call m() %}x{% endcall %}",
    "{% block x %}{% endblock %}",
    "{% set x = 'a' %}",
    "{% filter upper %}x{% endfilter %}",
    "{% raw %}x{% endraw %}{{ namespace() }}",
    "{% for a in comment recursive %}{{ loop(a) }}{% endfor %}",
    "{% for a in comment %}{% for b in comment %}{% for c in comment %}{% endfor %}{% endfor %}{% endfor %}",
    "{{ comment|safe }}",
    "{{ comment|map('upper')|join }}",
    "{{ comment|format(1) }}",
    "{{ comment|default(*contact) }}",
    "{{ comment is callable }}",
    "{{ _missing }}",
    "{{ " + "(" * 100 + "1" + ")" * 100 + " + 1 }}",
    "{{ " + "not " * 3000 + "comment }}",
    "{{r comment }}",
    "{{p comment }}",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_in_the_text_is_refused(attack):
    with pytest.raises(RuleViolation):
        compile(letter_of(attack))


@pytest.mark.parametrize("attack", ATTACKS[:5])
def test_an_attack_in_header_or_footer_is_refused(attack):
    with pytest.raises(RuleViolation):
        compile(letter_of("x", header=attack))
    with pytest.raises(RuleViolation):
        compile(letter_of("x", footer=attack))


@pytest.mark.parametrize("attack", ATTACKS[:5])
def test_an_attack_in_the_document_properties_is_refused(attack):
    with pytest.raises(RuleViolation):
        compile(letter_of("x", title=attack))


def test_nothing_is_called_while_checking(monkeypatch):
    """The tree is judged before it is compiled: Jinja works constants out while compiling."""
    called = []
    monkeypatch.setattr(environment.XML_ENVIRONMENT, "from_string", lambda *_: called.append(1))
    with pytest.raises(RuleViolation):
        compile(letter_of("{{ 'a' * 10**9 }}"))
    assert called == []


@pytest.mark.parametrize(
    "text", ["{{ contact.name", "{% if comment", "{{ contact.name }", "{# note", "{{ a {{ b }} }}", "{{r " * 4000]
)
def test_unclosed_tags_are_refused_at_once(text):
    started = time.process_time()
    with pytest.raises(RuleViolation) as caught:
        compile(letter_of("Before", text))
    assert "tag" in str(caught.value)
    assert time.process_time() - started < 2


def test_a_tag_that_ends_in_another_paragraph_is_refused_with_its_text():
    with pytest.raises(RuleViolation) as caught:
        compile(letter_of("Dear {{ contact.name", "}},"))
    assert "Dear {{ contact.name" in str(caught.value)


def test_an_unclosed_tag_outside_of_text_is_refused():
    data = changed(
        letter_of("x"),
        {
            "word/document.xml": lambda old: old.replace(
                b"<w:sectPr", b'<w:p><w:bookmarkStart w:id="1" w:name="{{ x"/></w:p><w:sectPr', 1
            )
        },
    )
    with pytest.raises(RuleViolation):
        compile(data)


def test_a_syntax_error_names_the_text_around_it():
    with pytest.raises(RuleViolation) as caught:
        compile(letter_of("All fine", "Dear {{ contact..name }} & co,", "Fine again"))
    assert str(caught.value) == "A tag cannot be read: “Dear {{ contact..name }} & co,”."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Dear {{ greet(contact) }}", "Functions and macros cannot be used in a letter: “Dear {{ greet(contact) }}”."),
        ("{{ entry_no * 2 }} pieces", "A letter cannot calculate: “{{ entry_no * 2 }} pieces”."),
        ("{{ comment|shout }}", "There is no filter shout: “{{ comment|shout }}”."),
        ("{{ comment is odd }}", "There is no test odd: “{{ comment is odd }}”."),
        ("{% include 'x' %}", "A letter cannot take in other templates: “{% include 'x' %}”."),
        (
            "{% set x = comment %}",
            "A letter can use fields, filters, conditions and loops only: “{% set x = comment %}”.",
        ),
    ],
)
def test_a_refusal_says_what_and_where(text, sentence):
    with pytest.raises(RuleViolation) as caught:
        compile(letter_of("All fine", text, "Fine again"))
    assert str(caught.value) == sentence


def test_a_comparison_that_makes_no_sense_is_a_sentence():
    with pytest.raises(RuleViolation, match="cannot be worked out"):
        compile(letter_of("{{ 'x' if comment < 3 else 'y' }}"))


def test_a_condition_without_end_is_refused():
    with pytest.raises(RuleViolation):
        compile(letter_of("{% if comment %}never closed"))


def test_tags_that_cross_the_structure_are_refused():
    document = docx.Document()
    document.add_paragraph("{% if comment %}")
    document.add_table(1, 1).cell(0, 0).text = "{% endif %}"
    with pytest.raises(RuleViolation) as caught:
        compile(saved(document))
    assert "same paragraph" in str(caught.value)


def test_tags_that_would_tear_only_some_letters_apart_are_refused_too():
    """No example shows it: the branch is for one town only."""
    document = docx.Document()
    document.add_paragraph("{% if contact.city == 'Bern' %}")
    document.add_table(1, 1).cell(0, 0).text = "{% else %}"
    document.add_paragraph("{% endif %}")
    with pytest.raises(RuleViolation, match="same paragraph"):
        compile(saved(document))


def test_a_condition_over_several_paragraphs_is_whole_in_every_case():
    compiled = compile(letter_of("a {% if contact.city < 'C' %}b", "c", "d{% else %}e{% endif %} f"))
    assert texts(compiled.letter({"contact.city": "Bern"})) == ["a b", "c", "d f"]
    assert texts(compiled.letter({"contact.city": "Genf"})) == ["a e f"]


def test_a_letter_that_grows_without_end_is_stopped(monkeypatch):
    monkeypatch.setattr(environment, "LONGEST_PART", 200_000)
    compiled = compile(
        letter_of("{% for a in comment %}{% for b in comment %}" + "x" * 50 + "{% endfor %}{% endfor %}")
    )
    with pytest.raises(RuleViolation) as caught:
        compiled.letter({"comment": "y" * 2000})
    assert "too long" in str(caught.value)


def test_replacing_cannot_multiply_without_end():
    with pytest.raises(RuleViolation) as caught:
        compile(letter_of("{{ comment" + "|replace('a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')" * 8 + " }}"))
    assert "too long" in str(caught.value)


def test_what_letters_need_is_allowed():
    compiled = compile(
        letter_of(
            "{%p if contact.country == 'Sweden' and not comment %}",
            "{{ contact.name|upper|default('x') }}{{ 'a' ~ contact.city }}",
            "{%p elif comment is defined %}",
            "{% for line in comment|lines %}{{ loop.index }} {{ line }};{% endfor %}",
            "{%p endif %}",
            "{{ comment if comment else 'nothing' }}",
        )
    )
    assert compiled.fields == {"contact.country", "contact.name", "contact.city", "comment"}
    assert compiled.unknown_fields == ()
    assert texts(compiled.letter({"contact.country": "Sweden", "contact.name": "åsa", "contact.city": "b"})) == [
        "ÅSAab",
        "nothing",
    ]
    assert texts(compiled.letter({"comment": "one\ntwo"})) == ["1 one;2 two;", "one\ntwo"]
