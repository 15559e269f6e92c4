"""Salutations and their formulas (contacts.md 1.5)."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from domain.contacts.models import Salutation, SalutationFormula
from domain.contacts.salutation_setup import (
    add_formula,
    create_salutation,
    delete_formula,
    delete_salutation,
    edit_formula,
    edit_salutation,
    get_formula,
    get_salutation,
)
from domain.errors import Forbidden, NotFound, RuleViolation
from domain.setup.queries import marketing_setup
from tests.factories.contacts import make_contact
from tests.factories.setup import make_actor, make_language, make_office

BY = make_actor()


@pytest.fixture
def dear(session):
    salutation = create_salutation(session, code="dear", description="Dear", by=BY)
    add_formula(session, salutation, kind="formal", text="Dear %1 %2,", name_1="first_name", name_2="surname", by=BY)
    return salutation


def test_a_salutation_has_formulas_per_language_and_kind(session, dear):
    english = make_language(session)
    add_formula(session, dear, language_id=english.id, kind="formal", text="Dear %1,", name_1="surname", by=BY)
    add_formula(session, dear, language_id=english.id, kind="informal", text="Hello", by=BY)
    session.expire_all()
    assert [(one.kind, one.text) for one in get_salutation(session, "DEAR").formulas] == [
        ("formal", "Dear %1 %2,"),
        ("formal", "Dear %1,"),
        ("informal", "Hello"),
    ]


def test_one_formula_per_language_and_kind(session, dear):
    with pytest.raises(RuleViolation, match="such a formula without language") as refusal:
        add_formula(session, dear, kind="formal", text="Again", by=BY)
    assert refusal.value.field == "language_id"
    english = make_language(session)
    formula = add_formula(session, dear, language_id=english.id, kind="formal", text="Dear", by=BY)
    with pytest.raises(RuleViolation, match="in the language ENG"):
        add_formula(session, dear, language_id=english.id, kind="formal", text="Again", by=BY)
    with pytest.raises(RuleViolation, match="without language"):
        edit_formula(session, formula, changes={"language_id": None}, by=BY)


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"text": " "}, "text", "Enter the text"),
        ({"text": "x" * 101}, "text", "up to 100"),
        ({"text": "a\nb"}, "text", "one line"),
        ({"text": "Dear %1,"}, "name_1", "Choose what %1 stands for"),
        ({"text": "100 % sure"}, "text", "Only %1 to %5 stand"),
        ({"text": "Dear %6,"}, "text", "Only %1 to %5 stand"),
        ({"text": "Dear", "kind": "rude"}, "kind", "formal or informal"),
        ({"text": "Dear %1", "name_1": "password"}, "name_1", "part of the name"),
        ({"text": "Dear", "language_id": 987654}, "language_id", "deleted meanwhile"),
    ],
)
def test_a_wrong_formula_is_refused_on_its_field(session, dear, values, field, sentence):
    with pytest.raises(RuleViolation, match=sentence) as refusal:
        add_formula(session, dear, **({"kind": "informal"} | values), by=BY)
    assert refusal.value.field == field
    assert session.scalar(select(func.count()).select_from(SalutationFormula)) == 1


def test_codes_are_unique(session, dear):
    with pytest.raises(RuleViolation, match="already a salutation DEAR"):
        create_salutation(session, code="Dear", by=BY)
    edit_salutation(session, dear, changes={"code": "D", "description": "Friends"}, by=BY)
    assert get_salutation(session, "d").description == "Friends"
    with pytest.raises(NotFound):
        get_salutation(session, "DEAR")


def test_a_salutation_of_a_contact_stays(session, dear):
    make_office(session)
    contact = make_contact(session, salutation_id=dear.id)
    with pytest.raises(RuleViolation, match="DEAR is used by 1 contact\\."):
        delete_salutation(session, dear, by=BY)
    contact.salutation_id = None
    marketing_setup(session).default_person_salutation_id = dear.id
    delete_salutation(session, dear, by=BY)
    assert session.scalars(select(Salutation)).all() == []
    assert session.scalars(select(SalutationFormula)).all() == []
    assert marketing_setup(session).default_person_salutation_id is None


def test_a_formula_is_removed(session, dear):
    formula = dear.formulas[0]
    assert get_formula(dear, formula.id) is formula
    delete_formula(session, formula, by=BY)
    with pytest.raises(NotFound, match="no longer has this formula"):
        get_formula(dear, formula.id)


def test_only_administrators_change_salutations(session, dear):
    by = make_actor(role="marketing")
    for attempt in (
        lambda: create_salutation(session, code="X", by=by),
        lambda: edit_salutation(session, dear, changes={}, by=by),
        lambda: delete_salutation(session, dear, by=by),
        lambda: add_formula(session, dear, kind="informal", text="Hi", by=by),
        lambda: edit_formula(session, dear.formulas[0], changes={}, by=by),
        lambda: delete_formula(session, dear.formulas[0], by=by),
    ):
        with pytest.raises(Forbidden):
            attempt()
