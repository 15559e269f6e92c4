"""The languages of interaction templates: subjects, documents, the default (1.10, R-T01…R-T04, B12, B18)."""

import pytest

from domain.errors import Forbidden, RuleViolation
from domain.interaction_templates.languages import (
    add_language,
    edit_language,
    next_default,
    remove_language,
    set_document,
)
from domain.interaction_templates.queries import default_language_row, get_template_language, template_languages
from tests.factories.documents import make_document, make_letter
from tests.factories.interaction_templates import make_template
from tests.factories.setup import NOW, make_actor, make_language


def codes(template):
    return [row.language.code for row in template_languages(template)]


def test_the_first_language_becomes_the_default(session):
    template = make_template(session, "BUS")
    add_language(session, template, make_language(session, "SVE"), subject=" Hej  där ", by=make_actor())
    add_language(session, template, make_language(session, "ENG"), by=make_actor())
    assert codes(template) == ["ENG", "SVE"]
    assert template.language_id == make_language(session, "SVE").id
    assert default_language_row(template).subject == "Hej där"


def test_a_language_comes_once(session):
    template = make_template(session, "BUS", languages={"ENG": None})
    with pytest.raises(RuleViolation) as refusal:
        add_language(session, template, make_language(session, "ENG"), by=make_actor())
    assert str(refusal.value) == "The interaction template BUS already has ENG."
    add_language(session, template, make_language(session, "SVE"), by=make_actor())
    with pytest.raises(RuleViolation):
        edit_language(
            session,
            get_template_language(template, "SVE"),
            {"language_id": make_language(session, "ENG").id},
            by=make_actor(),
        )


def test_the_default_follows_when_its_row_gets_another_language(session):
    template = make_template(session, "BUS", languages={"FRC": None, "ENG": None})
    row = get_template_language(template, "FRC")
    edit_language(session, row, {"language_id": make_language(session, "FRS").id, "subject": "Merci"}, by=make_actor())
    session.expire_all()
    assert codes(template) == ["ENG", "FRS"]
    assert template.language.code == "FRS"
    assert (row.subject, row.description) == ("Merci", "BUS FRS")


@pytest.mark.parametrize(
    ("removed", "others", "following"),
    [
        ("ENG", ["DEU", "SVE", "FRC"], "FRC"),
        ("SVE", ["DEU", "ENG"], "DEU"),
        ("DEU", ["SVE", "ENG"], "ENG"),
        ("ENG", [], None),
    ],
)
def test_the_next_in_code_order_becomes_default(removed, others, following):
    """B12."""
    assert next_default(removed, others) == following


def test_removing_the_default_language_gives_another_default(session):
    template = make_template(session, "BUS", languages={"ENG": None, "FRC": None, "SVE": None})
    remove_language(session, get_template_language(template, "ENG"), by=make_actor())
    assert (codes(template), template.language.code) == (["FRC", "SVE"], "FRC")
    remove_language(session, get_template_language(template, "SVE"), by=make_actor())
    assert (codes(template), template.language.code) == (["FRC"], "FRC")
    remove_language(session, get_template_language(template, "FRC"), by=make_actor())
    assert (codes(template), template.language) == ([], None)


def test_a_document_of_a_missing_language_makes_its_row(session):
    """R-T04."""
    template = make_template(session, "BUS")
    document = make_letter(session)
    row = set_document(session, template, make_language(session, "DEU"), document, by=make_actor())
    assert (row.language.code, row.document, row.description) == ("DEU", document, "BUS DEU")
    assert template.language_id == row.language_id


def test_replacing_and_removing_a_document_leaves_the_row_and_the_subject(session):
    """ATT-001, ATT-D03."""
    first, second = make_letter(session), make_document(session)
    template = make_template(session, "BUS", languages={"ENG": ("Thanks", first)})
    row = get_template_language(template, "ENG")
    set_document(session, template, row.language, second, by=make_actor())
    assert row.document is second
    set_document(session, template, row.language, None, by=make_actor())
    assert (row.document, row.subject) == (None, "Thanks")


def test_a_template_stops_merging_when_its_letter_goes(session):
    """R-T01: if it was Merge and the row has none, the action becomes blank."""
    template = make_template(
        session,
        "BUS",
        languages={"ENG": make_letter(session), "SVE": make_letter(session)},
        wizard_action="merge",
    )
    set_document(session, template, make_language(session, "SVE"), None, by=make_actor())
    assert template.wizard_action == "merge"
    set_document(session, template, make_language(session, "ENG"), make_document(session), by=make_actor())
    assert template.wizard_action == ""


def test_a_change_of_a_language_is_a_change_of_the_template(session):
    """Two people who change different languages at once are noticed by the version of the template."""
    template = make_template(session, "BUS", languages={"ENG": None})
    version = template.version
    later = NOW.replace(hour=15)
    edit_language(session, get_template_language(template, "ENG"), {"subject": "New"}, by=make_actor(now=later))
    assert (template.modified_at, template.version) == (later, version + 1)


@pytest.mark.parametrize("role", ["read_only", "salesperson"])
def test_only_marketing_and_administrators_change_languages(session, role):
    template = make_template(session, "BUS", languages={"ENG": None})
    row = get_template_language(template, "ENG")
    by = make_actor(role=role)
    for attempt in (
        lambda: add_language(session, template, make_language(session, "SVE"), by=by),
        lambda: edit_language(session, row, {"subject": "X"}, by=by),
        lambda: remove_language(session, row, by=by),
        lambda: set_document(session, template, row.language, None, by=by),
    ):
        with pytest.raises(Forbidden):
            attempt()
    assert codes(template) == ["ENG"]
