from __future__ import annotations

import datetime as dt
import json

import pytest
from sqlalchemy import select

from domain.errors import NotFound
from domain.interactions.letters import (
    finish_letters,
    letter_of_entry,
    letter_text_values,
    merged,
    pack_texts,
    print_rows,
    shared_values,
    to_print,
    unpack_texts,
)
from domain.interactions.models import LetterValues, LoggedSegmentValues
from domain.setup.models import CompanyInformation
from tests.factories.contacts import make_contact, make_country
from tests.factories.documents import make_document, make_letter
from tests.factories.interactions import make_entry, make_logged_segment
from tests.factories.setup import TODAY, make_actor, make_office
from tests.letters.documents import texts


def make_shared(session):
    office = make_office(session)
    office.name = "Our Office"
    shared = shared_values(session, today=TODAY) | {"campaigns": {}}
    row = LoggedSegmentValues(values=json.dumps(shared))
    session.add(row)
    session.flush()
    return row


def make_letter_entry(session, document, shared, *, name="Anna Berg", locale="en-GB", comment="", formula="", **values):
    contact = make_contact(session, name=name)
    facts = {"correspondence_type": "hard_copy", "delivery_status": "to_print", "date": dt.date(2026, 3, 1)}
    entry = make_entry(session, contact, document=document, **(facts | values))
    raw = LetterValues(
        entry_id=entry.id,
        values_id=shared.id,
        contact_no=contact.no,
        name=name,
        first_name="Anna",
        mail_address="Storgatan 1",
        mail_city="Lund",
        mail_post_code="222 22",
        mail_country_code="SE",
        locale=locale,
        comment=comment,
        formal_formula=formula,
    )
    session.add(raw)
    session.flush()
    return entry


def test_a6_a_letter_is_made_from_the_values_as_they_were_logged(session):
    make_country(session, "SE", name="Sweden")
    document = make_letter(
        session,
        "{{ salutation.formal }}",
        "{{ contact.mail_address }}",
        "{{ document.date }}",
        "{{ company.name }}",
        "{{ comment }}",
    )
    formula = "Dear %1,\nfirst_name\n\n\n\n"
    entry = make_letter_entry(session, document, make_shared(session), comment="See <you> & all", formula=formula)
    entry.contact.name = "Somebody Else"
    session.get_one(CompanyInformation, 1).name = "Renamed"
    session.flush()
    letter = letter_of_entry(session, entry)
    assert letter.file_name.endswith(f"{entry.contact_no}.docx")
    assert texts(letter.content) == [
        "Dear Anna,",
        "Anna Berg\nStorgatan 1\n222 22 Lund\nSweden",
        "1 March 2026",
        "Our Office",
        "See <you> & all",
    ]


def test_a_letter_speaks_the_language_of_its_entry(session):
    document = make_letter(session, "{{ document.date }} {{ document.evaluation }}")
    shared = make_shared(session)
    said = {
        locale: texts(
            letter_of_entry(
                session, make_letter_entry(session, document, shared, locale=locale, evaluation="positive")
            ).content
        )
        for locale in ("sv-SE", "fr-CH", "de-DE", "fi-FI")
    }
    assert said == {
        "sv-SE": ["1 mars 2026 Positiv"],
        "fr-CH": ["1er mars 2026 Positif"],
        "de-DE": ["1. März 2026 Positiv"],
        "fi-FI": ["1. maaliskuuta 2026 Positive"],
    }


def test_a6_a_finished_letter_never_changes(session):
    document = make_letter(session, "{{ contact.name }}")
    entry = make_letter_entry(session, document, make_shared(session))
    assert finish_letters(session, [entry.id], by=make_actor()) == 1
    session.expire_all()
    values = session.scalars(select(LetterValues)).one()
    assert values.sha256 == document.sha256
    assert unpack_texts(values.finished)["contact.name"] == "Anna Berg"
    before = letter_of_entry(session, entry).content
    values.name, values.locale = "Changed", "sv-SE"
    session.flush()
    assert finish_letters(session, [entry.id], by=make_actor()) == 0
    assert letter_of_entry(session, entry).content == before
    assert letter_text_values(session, entry)["contact.name"] == "Anna Berg"


def test_finished_texts_keep_their_order(session):
    values = {"b": "ö\n2", "a": "1"}
    assert list(unpack_texts(pack_texts(values)).items()) == list(values.items())


def test_a_newer_row_of_values_counts(session):
    document = make_letter(session, "{{ contact.name }}")
    shared = make_shared(session)
    entry = make_letter_entry(session, document, shared)
    session.add(LetterValues(entry_id=entry.id, values_id=shared.id, name="New Name", locale="en-GB"))
    session.flush()
    assert texts(letter_of_entry(session, entry).content) == ["New Name"]


def test_a_document_that_is_no_word_file_is_given_as_it_is(session):
    document = make_document(session, b"%PDF-1.4 x", file_name="offer.pdf")
    letter = letter_of_entry(session, make_letter_entry(session, document, make_shared(session)))
    assert (letter.content, letter.file_name.rsplit(".")[-1]) == (b"%PDF-1.4 x", "pdf")


def test_an_entry_without_document_has_no_letter(session):
    with pytest.raises(NotFound, match="has no document"):
        letter_of_entry(session, make_entry(session))


def test_a_print_file_has_the_letters_on_paper_in_line_order(session):
    shared, document = make_shared(session), make_letter(session, "{{ contact.name }}")
    logged = make_logged_segment(session)
    wanted = [make_letter_entry(session, document, shared, name=name, logged_segment=logged) for name in ("Zoe", "Ann")]
    make_letter_entry(session, document, shared, logged_segment=logged, canceled=True)
    make_letter_entry(
        session, document, shared, logged_segment=logged, correspondence_type="email", delivery_status="queued"
    )
    make_letter_entry(session, make_document(session), shared, logged_segment=logged)
    make_letter_entry(session, document, shared, logged_segment=logged, delivery_status="printed")
    make_letter_entry(session, document, shared)
    rows = list(print_rows(session, to_print(logged)))
    assert [row.no for row in rows] == [entry.entry_no for entry in wanted]
    assert [texts(merged(session, row)) for row in rows] == [["Zoe"], ["Ann"]]
    assert rows[0].name.startswith("Zoe ")
    assert len(list(print_rows(session, to_print()))) == 3
    assert len(list(print_rows(session, to_print(logged, statuses=("to_print", "printed"))))) == 3


def test_b2_no_letter_of_a_blocked_contact_is_printed(session):
    entry = make_letter_entry(session, make_letter(session), make_shared(session))
    assert len(list(print_rows(session, to_print()))) == 1
    entry.contact.privacy_blocked = True
    session.flush()
    assert list(print_rows(session, to_print())) == []
