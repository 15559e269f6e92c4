"""What every office starts with: groups, templates, and letters of our own (segments.md 11.1, 11.2)."""

import io

import pytest
from docx import Document as WordDocument
from sqlalchemy import select

from domain.contacts.starting_salutations import create_salutations
from domain.demo.letters import LANGUAGES, business_letter, email, memo
from domain.demo.start import create_start_templates
from domain.documents.models import Document
from domain.interaction_templates.queries import find_group, get_template, group_list, template_languages
from domain.interaction_templates.templates import edit_template
from domain.letters.compiled_letter import compile
from domain.letters.sample import sample_values
from domain.letters.upload import letter_of, report_of
from domain.setup.models import Language
from domain.setup.queries import marketing_setup
from domain.setup.start import create_office
from tests.factories.setup import make_actor

LETTERS = (business_letter, memo, email)


@pytest.fixture
def office(session):
    """An office as first run makes it."""
    office = create_office(
        session,
        name="Lind & Partner",
        currency="SEK",
        time_zone="Europe/Stockholm",
        language_code="SVE",
        country_code="SE",
        by=make_actor(),
    )
    create_salutations(session, by=make_actor())
    return office


def text_of(data):
    return "\n".join(paragraph.text for paragraph in WordDocument(io.BytesIO(data)).paragraphs)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("letter", LETTERS, ids=lambda one: one.__name__)
def test_our_letters_use_only_fields_there_are_and_are_always_the_same(letter, language):
    compiled = compile(letter(language))
    assert compiled.unknown_fields == ()
    assert compiled.report == ()
    assert compiled.uses_comment
    assert compile(letter(language)).sha256 == compiled.sha256


@pytest.mark.parametrize("letter", LETTERS, ids=lambda one: one.__name__)
def test_a_letter_without_any_value_has_no_holes(letter):
    """Paragraphs for a salesperson's phone or a comment are there only when there is one."""
    full = compile(letter("ENG")).letter({"comment": "A", "salesperson.phone": "1", "salesperson.email": "a@b.example"})
    bare = compile(letter("ENG")).letter({})
    assert len(WordDocument(io.BytesIO(full)).paragraphs) - len(WordDocument(io.BytesIO(bare)).paragraphs) == 3
    assert "Phone" not in text_of(bare)
    assert "{" not in text_of(bare)


def test_an_office_starts_with_groups_and_templates(session, office):
    made = create_start_templates(session, by=make_actor())
    assert [one.code for one in made] == ["BUS", "MEMO", "EMAIL", "INCOME", "OUTGOING"]
    assert [one.code for one in session.scalars(group_list())] == ["DOC", "LETTER", "MEETING", "PHONE", "SYSTEM"]
    facts = {
        one.code: (
            one.group.code, one.unit_cost, one.unit_duration, one.information_flow, one.initiated_by,
            one.correspondence_type, one.wizard_action, one.ignore_contact_type, len(one.languages),
        )
        for one in made
    }  # fmt: skip
    assert facts == {
        "BUS": ("LETTER", 800, 30, "outbound", "us", "hard_copy", "open", True, 5),
        "MEMO": ("LETTER", 800, 15, "outbound", "us", "hard_copy", "open", True, 5),
        "EMAIL": ("SYSTEM", 800, 1, "outbound", "us", "email", "", True, 5),
        "INCOME": ("PHONE", 0, 15, "inbound", "them", "", "", True, 0),
        "OUTGOING": ("PHONE", 100, 15, "outbound", "us", "", "", True, 0),
    }


def test_every_language_has_a_subject_and_a_letter_without_problems(session, office):
    for template in create_start_templates(session, by=make_actor()):
        for row in template_languages(template):
            assert row.subject, (template.code, row.language.code)
            assert "{" not in row.subject
            assert report_of(row.document).unknown == ()
    email_rows = {row.language.code: row.subject for row in get_template(session, "EMAIL").languages}
    assert email_rows["SVE"] == "Nyheter från Lind & Partner"


@pytest.mark.parametrize(("office_language", "default"), [("SVE", "SVE"), ("FRS", "FRS"), ("ITA", "ENG")])
def test_the_default_language_is_the_office_s_if_there_are_letters_in_it(session, office, office_language, default):
    language = session.scalars(select(Language).where(Language.code == office_language)).one()
    marketing_setup(session).default_language_id = language.id
    create_start_templates(session, by=make_actor())
    assert get_template(session, "BUS").language.code == default


def test_what_is_there_already_stays(session, office):
    create_start_templates(session, by=make_actor())
    edit_template(session, get_template(session, "BUS"), {"description": "Ours"}, by=make_actor())
    documents = session.scalars(select(Document.id)).all()
    assert create_start_templates(session, by=make_actor()) == []
    assert get_template(session, "BUS").description == "Ours"
    assert session.scalars(select(Document.id)).all() == documents


def test_descriptions_are_written_in_the_language_of_the_user(session, office):
    class Shouting:
        def __call__(self, message):
            return str(message).upper()

    create_start_templates(session, by=make_actor(translate=Shouting()))
    assert get_template(session, "BUS").description == "BUSINESS LETTER"
    assert find_group(session, "PHONE").description == "TELEPHONE CONVERSATIONS"


CLOSINGS = {
    "ENG": ("Dear", "Yours sincerely,"),
    "FRC": ("", "Je vous prie d’agréer mes salutations distinguées."),
    "FRS": ("", "je vous présente mes meilleures salutations."),
    "SVE": ("Hej", "Med vänlig hälsning"),
    "DEU": ("Guten Tag", "Mit freundlichen Grüßen"),
}


def test_a_business_letter_is_whole_in_every_language(session, office):
    create_start_templates(session, by=make_actor())
    for row in get_template(session, "BUS").languages:
        salutation, closing = CLOSINGS[row.language.code]
        values = sample_values(session, row.language, subject=row.subject, by=make_actor())
        text = text_of(letter_of(session, row.document).letter(values))
        assert values["salutation.formal"].startswith(salutation)
        expected = (values["contact.mail_address"], values["salutation.formal"], values["comment"])
        for piece in (*expected, row.subject, "Lind & Partner", closing):
            assert piece in text, (row.language.code, piece)
