"""Interaction templates (segments.md 1.9, 2.8)."""

import pytest
from sqlalchemy import select

from domain.documents.models import Document
from domain.errors import Forbidden, NotFound, RuleViolation
from domain.interaction_templates.models import InteractionTemplate, InteractionTemplateLanguage
from domain.interaction_templates.queries import correspondence_types, find_template, get_template, template_list
from domain.interaction_templates.templates import create_template, delete_template, edit_template
from tests.factories.contacts import make_contact, make_setup
from tests.factories.documents import make_document, make_letter
from tests.factories.drafts import make_draft
from tests.factories.interaction_templates import make_group, make_template
from tests.factories.interactions import make_entry
from tests.factories.setup import make_actor, make_language, make_office


def create(session, code="BUS", **values):
    group = make_group(session, "LETTER")
    return create_template(session, values={"code": code, "group_id": group.id} | values, by=make_actor())


def refused(field, attempt):
    with pytest.raises(RuleViolation) as refusal:
        attempt()
    assert refusal.value.field == field
    return str(refusal.value)


def test_a_template_keeps_what_it_is_given(session):
    template = create(
        session,
        "bus",
        description="Business letter",
        unit_cost=800,
        unit_duration=30,
        information_flow="outbound",
        initiated_by="us",
        correspondence_type="hard_copy",
        ignore_contact_type=True,
    )
    session.expire_all()
    template = get_template(session, "Bus")
    assert (template.code, template.unit_cost, template.unit_duration) == ("BUS", 800, 30)
    assert (template.information_flow, template.initiated_by, template.correspondence_type) == (
        "outbound",
        "us",
        "hard_copy",
    )
    assert template.ignore_contact_type is True
    assert template.campaign_target is False
    assert template.group.code == "LETTER"


def test_a_template_needs_a_code_and_a_group(session):
    assert refused("code", lambda: create(session, "  ")) == "Enter a code."
    assert refused("group_id", lambda: create(session, "BUS", group_id=None)) == "Choose an interaction group."
    create(session, "BUS")
    assert refused("code", lambda: create(session, "bus")) == "There is already an interaction template BUS."


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("unit_cost", -1, "Enter a number that is not negative."),
        ("unit_duration", -1, "Enter a number that is not negative."),
        ("unit_duration", 10**9, "This number is too large."),
        ("unit_cost", 10**18, "This number is too large."),
        ("information_flow", "sideways", "Choose a value from the list."),
        ("initiated_by", "nobody", "Choose a value from the list."),
        ("wizard_action", "jump", "Choose a value from the list."),
        ("correspondence_type", "pigeon", "Choose a value from the list."),
        ("campaign_id", 999_999, "Choose a campaign from the list."),
        ("language_id", 999_999, "Choose a language from the list."),
        ("description", "x" * 101, "Enter at most 100 characters."),
    ],
)
def test_bad_values_are_refused_on_their_field(session, field, value, sentence):
    template = create(session)
    assert refused(field, lambda: edit_template(session, template, {field: value}, by=make_actor())) == sentence


def test_fax_is_a_type_only_when_it_is_switched_on(session):
    """B14: but a template that has it already keeps it."""
    make_office(session)
    template = create(session)
    assert correspondence_types(session) == ("", "hard_copy", "email")
    refused(
        "correspondence_type", lambda: edit_template(session, template, {"correspondence_type": "fax"}, by=make_actor())
    )
    make_setup(session, fax_enabled=True)
    edit_template(session, template, {"correspondence_type": "fax"}, by=make_actor())
    make_setup(session, fax_enabled=False)
    edit_template(session, template, {"correspondence_type": "fax", "description": "Faxes"}, by=make_actor())
    assert (template.correspondence_type, template.description) == ("fax", "Faxes")


def test_a_default_language_without_row_gets_one(session):
    """R-T01."""
    template = create(session, language_id=make_language(session, "ENG").id)
    assert [(row.language.code, row.description) for row in template.languages] == [("ENG", "BUS ENG")]
    edit_template(session, template, {"language_id": make_language(session, "SVE").id}, by=make_actor())
    assert sorted(row.language.code for row in template.languages) == ["ENG", "SVE"]
    assert template.language.code == "SVE"


def test_a_template_with_languages_has_a_default(session):
    template = create(session, language_id=make_language(session, "ENG").id)
    refused("language_id", lambda: edit_template(session, template, {"language_id": None}, by=make_actor()))


def test_merge_needs_a_word_document_with_fields_in_the_default_language(session):
    """R-T02 with B15."""
    sentence = "Merge needs a Word document with merge fields for the default language ENG."

    def merging(document):
        template = make_template(session, languages={"ENG": document, "SVE": make_letter(session)})
        edit_template(session, template, {"wizard_action": "merge"}, by=make_actor())
        return template.wizard_action

    assert refused("wizard_action", lambda: merging(None)) == sentence
    assert refused("wizard_action", lambda: merging(make_document(session))) == sentence
    assert refused("wizard_action", lambda: merging(make_letter(session, "No fields here"))) == sentence
    assert merging(make_letter(session, "Dear {{ contact.name }}")) == "merge"
    assert create(session, "FREE", wizard_action="merge").wizard_action == "merge"


def test_other_actions_need_nothing(session):
    template = make_template(session, languages={"ENG": None})
    for action in ("open", "import", ""):
        edit_template(session, template, {"wizard_action": action}, by=make_actor())
        assert template.wizard_action == action


def test_deleting_a_template_takes_its_languages_and_leaves_the_documents(session):
    document = make_letter(session)
    template = make_template(session, "BUS", languages={"ENG": document, "SVE": document})
    delete_template(session, template, by=make_actor())
    assert find_template(session, "BUS") is None
    assert session.scalars(select(InteractionTemplateLanguage)).all() == []
    assert session.scalars(select(Document.id)).all() == [document.id]


def test_a_template_interactions_were_made_with_stays(session):
    template = make_template(session, "BUS")
    make_entry(session, template_id=template.id)
    with pytest.raises(RuleViolation) as refusal:
        delete_template(session, template, by=make_actor())
    assert str(refusal.value) == "The interaction template BUS stands in 1 interaction."


def test_a_template_of_a_postponed_interaction_stays(session):
    """What is postponed is never lost half-way (B9)."""
    template = make_template(session, "BUS")
    make_draft(session, make_contact(session), template)
    with pytest.raises(RuleViolation, match="stands in 1 postponed interaction\\."):
        delete_template(session, template, by=make_actor())


@pytest.mark.parametrize("role", ["read_only", "salesperson"])
def test_only_marketing_and_administrators_change_templates(session, role):
    template = make_template(session, "BUS")
    by = make_actor(role=role)
    for attempt in (
        lambda: create_template(session, values={"code": "X", "group_id": template.group_id}, by=by),
        lambda: edit_template(session, template, {"description": "X"}, by=by),
        lambda: delete_template(session, template, by=by),
    ):
        with pytest.raises(Forbidden):
            attempt()
    assert session.scalars(select(InteractionTemplate.description)).all() == ["Template BUS"]


def test_templates_are_found_by_code_and_words_of_the_description(session):
    make_template(session, "BUS", description="Business letter")
    make_template(session, "MEMO", description="Lettre d’été")
    make_template(session, "INCOME", group="PHONE", description="Incoming phone call")

    def codes(**values):
        return [one.code for one in session.scalars(template_list(**values))]

    assert codes() == ["BUS", "INCOME", "MEMO"]
    assert codes(search="LETT busi") == ["BUS"]
    assert codes(search="ÉTÉ") == ["MEMO"]
    assert codes(search="me") == ["INCOME", "MEMO"]
    assert codes(search="%") == []
    assert codes(group=make_group(session, "PHONE")) == ["INCOME"]


def test_an_unknown_template_is_a_sentence(session):
    with pytest.raises(NotFound, match="There is no interaction template X9"):
        get_template(session, "x9")
    assert find_template(session, "a\x00b") is None
