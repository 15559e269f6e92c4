"""Files taken in for letters and e-mails: checked, stored, and what is known about them (R-M01, R-M02, B21)."""

import pytest
from sqlalchemy import func, select

from domain.documents.models import Document
from domain.documents.store import facts_of, read_document
from domain.errors import Forbidden, RuleViolation
from domain.letters.merge_fields import BY_TAG
from domain.letters.upload import (
    accept_letter,
    check_upload,
    confirm_mapping,
    letter_of,
    mapping_of,
    report_of,
    store_upload,
)
from tests.factories.documents import make_document, word_file
from tests.factories.setup import make_actor


def accept(session, *paragraphs, name="letter.docx"):
    return accept_letter(session, word_file(*paragraphs), name, by=make_actor())


def test_a_letter_is_stored_with_what_is_known_about_it(session):
    document = accept(session, "Dear {{ contact.name }}, {{ contact.nme }}")
    assert (document.is_word, document.extension, document.file_name) == (True, "docx", "letter.docx")
    report = report_of(document)
    assert report.fields == (BY_TAG["contact.name"],)
    assert [(one.name, one.suggestion.tag) for one in report.unknown] == [("contact.nme", "contact.name")]
    assert "Dear {{ contact.name }}" in report.unknown[0].around


@pytest.mark.parametrize("name", ["letter.docm", "Letter.DOTM"])
def test_a_document_of_a_kind_with_macros_is_refused_even_without_any(session, name):
    """R-M01: the name promises macros, so people are asked to save it without."""
    with pytest.raises(RuleViolation, match="carries macros") as refusal:
        accept(session, "Dear {{ contact.name }}", name=name)
    assert refusal.value.field == "document"
    assert session.scalar(select(func.count()).select_from(Document)) == 0


def test_the_same_upload_is_stored_once_and_keeps_its_mapping(session):
    document = accept(session, "Hello {{ contact.name }}")
    data = read_document(session, document)
    confirm_mapping(session, document, {"Firma X": "contact.company_name"}, data=data, by=make_actor())
    again = accept(session, "Hello {{ contact.name }}", name="other.docx")
    assert again is document
    assert mapping_of(again) == {"firmax": "contact.company_name"}
    assert session.scalar(select(func.count()).select_from(Document)) == 1


def test_what_was_removed_is_still_said_after_fields_were_assigned(session, shared):
    """The four letters come from a mail merge with a data source of its own."""
    data = (shared / "data" / "letters" / "thanks-note.en-GB.docx").read_bytes()
    document = accept_letter(session, data, "thanks-note.en-GB.docx", by=make_actor())
    before = [str(sentence) for sentence in report_of(document).removed]
    assert report_of(document).unknown == ()
    confirm_mapping(session, document, {"X": "today"}, data=read_document(session, document), by=make_actor())
    assert [str(sentence) for sentence in report_of(document).removed] == before
    assert letter_of(session, document).fields


def test_a_mapping_counts_at_once(session):
    document = accept(session, "Hello {{ contact.name }}")
    first = letter_of(session, document)
    assert letter_of(session, document) is first
    data = read_document(session, document)
    confirm_mapping(session, document, {"Firma": "contact.company_name"}, data=data, by=make_actor())
    assert letter_of(session, document) is not first


def test_only_people_who_edit_segments_or_templates_assign_fields(session):
    document = accept(session, "Hello")
    for role in ("read_only", "salesperson"):
        with pytest.raises(Forbidden):
            confirm_mapping(session, document, {"A": "today"}, data=b"", by=make_actor(role=role))
    assert mapping_of(document) == {}


def test_a_field_that_does_not_exist_is_refused(session):
    document = accept(session, "Hello")
    with pytest.raises(RuleViolation, match=r"There is no merge field contact\.password"):
        confirm_mapping(session, document, {"A": "contact.password"}, data=b"", by=make_actor())


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.4 x", "a.pdf"),
        (b"\x89PNG\r\n\x1a\nx", "a.PNG"),
        (b"\xff\xd8\xffx", "a.jpeg"),
        (b"GIF89a", "a.gif"),
        ("Grüße".encode(), "a.txt"),
        (b"a;b", "a.csv"),
        (b"BEGIN:VCARD", "a.vcf"),
    ],
)
def test_other_files_are_kept_as_they_are(session, data, name):
    upload = check_upload(data, name)
    assert upload.is_word is False
    document = store_upload(session, upload, by=make_actor())
    assert read_document(session, document) == data
    assert facts_of(document) == {}


def test_a_file_that_is_no_letter_gives_no_letters(session):
    with pytest.raises(RuleViolation, match=r"notes\.txt is no Word document"):
        letter_of(session, make_document(session))


def test_too_large_a_file_is_refused():
    with pytest.raises(RuleViolation, match="larger than 10 MB"):
        check_upload(b"x" * (10 * 1024 * 1024 + 1), "a.txt")


def test_a_template_file_of_word_becomes_a_document(session):
    assert check_upload(word_file("Hello"), "Brief.dotx").file_name == "Brief.docx"
