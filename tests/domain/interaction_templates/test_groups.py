"""Interaction groups (segments.md 1.8)."""

import pytest

from domain.errors import Forbidden, RuleViolation
from domain.interaction_templates.groups import create_group, delete_group, edit_group
from domain.interaction_templates.queries import find_group, get_group, group_list, template_counts
from tests.factories.interaction_templates import make_group, make_template
from tests.factories.setup import make_actor


def test_a_code_is_trimmed_and_upper_case(session):
    assert create_group(session, code=" letter ", description="Letters", by=make_actor()).code == "LETTER"
    assert get_group(session, "letter").description == "Letters"


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("", "Enter a code."),
        ("x" * 11, "A code has at most 10 characters."),
        ("letter", "There is already an interaction group LETTER."),
    ],
)
def test_a_code_is_needed_short_and_free(session, code, sentence):
    make_group(session, "LETTER")
    with pytest.raises(RuleViolation) as refusal:
        create_group(session, code=code, by=make_actor())
    assert (str(refusal.value), refusal.value.field) == (sentence, "code")


def test_a_group_can_be_renamed_and_keeps_its_templates(session):
    template = make_template(session, "BUS", group="LETTER")
    edit_group(session, template.group, {"code": "mail", "description": "All  letters"}, by=make_actor())
    assert (template.group.code, template.group.description) == ("MAIL", "All letters")


def test_a_group_with_templates_is_not_deleted(session):
    make_template(session, "BUS", group="LETTER")
    make_template(session, "MEMO", group="LETTER")
    group = get_group(session, "LETTER")
    assert template_counts(session) == {group.id: 2}
    with pytest.raises(RuleViolation) as refusal:
        delete_group(session, group, by=make_actor())
    assert str(refusal.value) == "The interaction group LETTER has 2 interaction templates."


def test_an_empty_group_is_deleted(session):
    delete_group(session, make_group(session, "DOC"), by=make_actor())
    assert find_group(session, "DOC") is None


@pytest.mark.parametrize("role", ["read_only", "salesperson"])
def test_only_marketing_and_administrators_change_groups(session, role):
    group = make_group(session, "LETTER")
    by = make_actor(role=role)
    for attempt in (
        lambda: create_group(session, code="X", by=by),
        lambda: edit_group(session, group, {"code": "X"}, by=by),
        lambda: delete_group(session, group, by=by),
    ):
        with pytest.raises(Forbidden):
            attempt()
    assert [one.code for one in session.scalars(group_list())] == ["LETTER"]
