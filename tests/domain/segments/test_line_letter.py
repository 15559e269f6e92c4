from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from domain.errors import NotFound, RuleViolation
from domain.interactions.letters import letter_of_entry, letter_text_values, merged
from domain.interactions.models import InteractionLogEntry, LetterValues
from domain.letters.merge_fields import FIELDS
from domain.letters.upload import accept_letter
from domain.segments.line_letter import (
    count_letters_on_paper,
    letter_of_line,
    print_rows_of_lines,
    raw_values_of_lines,
)
from tests.domain.segments.ready import lines_of, log, make_ready_segment
from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_alt_address, make_contact, make_country, make_salutation, make_setup
from tests.factories.documents import make_document, make_letter
from tests.factories.segments import make_line
from tests.factories.setup import TODAY, make_actor, make_language, make_salesperson
from tests.letters.documents import texts

OF_THE_ENTRY = ("entry_no", "letter_code")  # a line has no entry yet
EVERY_FIELD = [f"{field.tag}: {{{{ {field.tag} }}}}" for field in FIELDS if field.tag not in OF_THE_ENTRY]


def preview(session, segment, number=0):
    return letter_of_line(session, segment, lines_of(session, segment)[number], by=make_actor())


def make_rich_segment(session):
    """Lines with everything a letter can say: languages, addresses, salutations, comments."""
    make_setup(session, inherit_address=True)
    swedish = make_language(session, "SVE", "sv-SE")
    country = make_country(session, "SE", name="Sweden")
    salesperson = make_salesperson(session, "PS", name="Peter", email="p@us.com", phone="1", job_title="Seller")
    mr = make_salutation(
        session,
        "MR",
        {
            ("ENG", "formal"): ("Dear Mr %1,", "surname"),
            ("ENG", "informal"): ("Hi %1,", "first_name"),
            ("SVE", "formal"): ("Bäste %1 %2,", "first_name", "surname"),
        },
    )
    company = make_contact(
        session, "C1", name="Nordlys & Sons", name_2="Dept", address="Main 1", city="Lund", country_id=country.id
    )
    same = {"address": "Main 1", "city": "Lund", "country_id": country.id, "salutation_id": mr.id}
    person = make_contact(session, "P1", name="Anna Berg", company=company, job_title="Buyer", email="a@b.com", **same)
    swede = make_contact(session, "P2", name="Åke Öst", company=company, language="SVE", **same)
    away = make_contact(session, "P3", name="Eva Ek", type="person", fax="9")
    make_alt_address(session, company, "FAIR", ranges=[(TODAY, None)], address="Fair 3", city="Malmö")
    make_alt_address(session, away, "HOME", ranges=[(TODAY, None)], address="Beach 2", email="home@b.com", fax="8")
    letter = make_letter(session, *EVERY_FIELD)
    segment = make_ready_segment(
        session,
        "SM1",
        person,
        company,
        document=letter,
        description="Autumn",
        campaign_id=make_campaign(session, "CP1", description="Fair").id,
        salesperson_id=salesperson.id,
    )
    make_line(
        session, segment, swede, language_id=swedish.id, document_id=letter.id, comment="Tack <för> & allt!\nVi ses."
    )
    make_line(
        session,
        segment,
        away,
        correspondence_type="email",
        evaluation="positive",
        date=dt.date(2026, 12, 1),
        no_campaign=True,
    )
    make_line(session, segment, away, correspondence_type="fax", subject="Own subject", description="Own")
    return segment


def test_r_m05_a_preview_says_what_the_logged_letter_says(session):
    segment = make_rich_segment(session)
    previews = [texts(preview(session, segment, number).content) for number in range(5)]
    before = session.scalar(select(func.count()).select_from(LetterValues))
    log(session, segment)
    entries = session.scalars(select(InteractionLogEntry).order_by(InteractionLogEntry.entry_no)).all()
    assert before == 0
    assert [texts(letter_of_entry(session, entry).content) for entry in entries] == previews
    said = dict(line.split(": ", 1) for line in previews[2] if ": " in line)
    assert said["salutation.formal"] == "Bäste Åke Öst,"
    assert said["document.date"] == "24 november 2026"
    assert said["campaign.description"] == "Fair"
    assert said["comment"] == "Tack <för> & allt!\nVi ses."


def test_raw_values_of_lines_and_entries_have_one_shape(session):
    segment = make_rich_segment(session)
    rows = session.execute(raw_values_of_lines(segment)).all()
    raw = {column.name for column in LetterValues.__table__.columns} - {
        "id",
        "entry_id",
        "values_id",
        "finished",
        "sha256",
    }
    assert raw <= set(rows[0]._fields)
    log(session, segment)
    values = session.scalars(select(LetterValues).order_by(LetterValues.id)).all()
    for row, stored in zip(rows, values, strict=True):
        assert {name: getattr(row, name) for name in raw} == {name: getattr(stored, name) for name in raw}
    entry = session.scalars(select(InteractionLogEntry).order_by(InteractionLogEntry.entry_no)).first()
    assert letter_text_values(session, entry)["contact.mail_address"].splitlines()[:4] == [
        "Nordlys & Sons",
        "Dept",
        "Anna Berg",
        "Fair 3",
    ]


def test_a_preview_has_the_number_of_the_line(session):
    segment = make_ready_segment(session, "SM1", document=make_letter(session, "{{ entry_no }}"))
    assert texts(preview(session, segment).content) == ["10000"]


def test_r_dl03_the_file_names_company_name_and_number(session):
    company = make_contact(session, name="Nordlys: AS")
    segment = make_ready_segment(
        session, "SM1", make_contact(session, "P7", name="Anna Berg", company=company), company
    )
    assert preview(session, segment).file_name == "Nordlys AS - Anna Berg P7.docx"
    assert preview(session, segment, 1).file_name == f"Nordlys AS {company.no}.docx"


def test_scenario_31_three_letters_in_the_right_languages_in_line_order(session):
    english, swedish, french = (
        make_letter(session, f"{word} {{{{ contact.name }}}}") for word in ("Dear", "Hej", "Bonjour")
    )
    segment = make_ready_segment(session, "SM1", make_contact(session, name="Zoe"), document=english)
    make_line(session, segment, make_contact(session, name="Åke"), document_id=swedish.id)
    make_line(session, segment, make_contact(session, name="Ann"), document_id=french.id)
    rows = list(print_rows_of_lines(session, segment, by=make_actor()))
    assert [texts(merged(session, row)) for row in rows] == [["Dear Zoe"], ["Hej Åke"], ["Bonjour Ann"]]
    assert [row.no for row in rows] == [10000, 20000, 30000]


def test_a_print_file_leaves_out_what_is_not_printed(session):
    blocked = make_contact(session, privacy_blocked=True)
    segment = make_ready_segment(session, "SM1", make_contact(session, "GOOD"), blocked)
    make_line(session, segment)
    make_line(session, segment, make_contact(session), correspondence_type="email")
    make_line(session, segment, make_contact(session), document_id=make_document(session).id)
    make_line(session, segment, make_contact(session), no_document=True)
    chosen = make_line(session, segment, make_contact(session, "CHOSEN"))
    rows = list(print_rows_of_lines(session, segment, by=make_actor()))
    assert [row.contact_no for row in rows] == ["GOOD", "CHOSEN"]
    assert count_letters_on_paper(session, segment) == 2
    assert [row.contact_no for row in print_rows_of_lines(session, segment, [chosen.id], by=make_actor())] == ["CHOSEN"]


def test_b2_no_letter_is_made_for_a_blocked_contact(session):
    segment = make_ready_segment(session, "SM1", make_contact(session, "CT9", privacy_blocked=True))
    with pytest.raises(RuleViolation, match="CT9 is blocked for privacy"):
        preview(session, segment)


def test_a_line_without_contact_or_document_has_no_letter(session):
    segment = make_ready_segment(session, "SM1")
    make_line(session, segment)
    make_line(session, segment, make_contact(session), no_document=True)
    for number in (1, 2):
        with pytest.raises(NotFound):
            preview(session, segment, number)


def test_a_file_that_is_no_word_document_is_given_as_it_is(session):
    segment = make_ready_segment(session, "SM1", document=make_document(session, b"%PDF-1.4", file_name="offer.pdf"))
    letter = preview(session, segment)
    assert (letter.content, letter.file_name[-4:]) == (b"%PDF-1.4", ".pdf")


def test_the_four_thank_you_letters_say_the_same_before_and_after_logging(session, shared):
    """Real letters with Word's own merge fields, one per language of a template, through the log."""
    make_country(session, "CH", name="Switzerland")
    languages = {"ENG": "en-GB", "FRC": "fr-CA", "FRS": "fr-CH", "SVE": "sv-SE"}
    segment, names = None, ["Ann Trujillo", "Jean Fresnière", "Yang Wang", "Christina Berglund"]
    for (code, locale), name in zip(languages.items(), names, strict=True):
        language = make_language(session, code, locale)
        data = (shared / "data" / "letters" / f"thanks-note.{locale}.docx").read_bytes()
        document = accept_letter(session, data, f"thanks-note.{locale}.docx", by=make_actor())
        contact = make_contact(session, name=name, type="person", language=code, city="Bern", address="Hauptstr. 29")
        if segment is None:
            segment = make_ready_segment(session, "SM1", contact, document=document)
        else:
            make_line(session, segment, contact, language_id=language.id, document_id=document.id)
    before = [texts(preview(session, segment, number).content) for number in range(4)]
    log(session, segment)
    entries = session.scalars(select(InteractionLogEntry).order_by(InteractionLogEntry.entry_no)).all()
    after = [texts(letter_of_entry(session, entry).content) for entry in entries]
    # the letters print the number of the entry nowhere
    assert after == before
    for letter, name in zip(after, names, strict=True):
        text = "\n".join(letter)
        assert name in text
        assert "«" not in text
        assert "{{" not in text
    assert len({"\n".join(letter).replace(name, "") for letter, name in zip(after, names, strict=True)}) == 4
