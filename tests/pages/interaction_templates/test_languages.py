"""Languages and documents of interaction templates: upload, report, assigned fields, download, preview."""

import io
import zipfile

import pytest
from docx import Document as WordDocument
from sqlalchemy import func, select

from domain.documents.models import Document
from domain.interaction_templates.models import InteractionTemplate, InteractionTemplateSetup
from domain.interaction_templates.queries import default_language_row, get_template, get_template_language
from domain.letters.upload import letter_of, mapping_of
from tests.factories.documents import make_document, make_letter, word_file
from tests.factories.interaction_templates import make_template
from tests.factories.setup import make_language, make_user

FORM = "//form[contains(@class,'dlg')]"
LANGUAGES = "/interaction-templates/BUS/languages"


@pytest.fixture
def marketing(session, visitor):
    """Somebody who may change interaction templates."""
    return visitor.sign_in(make_user(session, role="marketing"))


def dialog(visitor, url):
    return visitor.get(url, fragment=visitor.htmx)


def upload(visitor, url, data, name="letter.docx", **values):
    page = dialog(visitor, url)
    fields = page.form(FORM) | values | {"document": (io.BytesIO(data), name)}
    return visitor.post(page.action(FORM), fields, files=True)


def rows(session):
    session.expire_all()
    template = get_template(session, "BUS")
    return {row.language.code: row for row in template.languages}


def test_the_first_language_with_its_letter(session, marketing):
    make_template(session, "BUS")
    language = make_language(session, "SVE", "sv-SE")
    answer = upload(
        marketing,
        f"{LANGUAGES}/new",
        word_file("{{ salutation.formal }}", "Hej {{ contact.name }}"),
        language_id=str(language.id),
        subject="Tack",
    )
    assert answer.location == f"{LANGUAGES}/SVE/document/"
    row = rows(session)["SVE"]
    assert (row.subject, row.document.file_name, row.document.is_word) == ("Tack", "letter.docx", True)
    assert default_language_row(get_template(session, "BUS")).language.code == "SVE"
    report = marketing.follow(answer)
    assert "The document uses 2 merge fields." in report.text("#ready-notice")
    assert "contact.name" in report.text("#known")


def test_a_language_without_document_is_marked_on_the_card(session, marketing):
    make_template(session, "BUS")
    language = make_language(session, "ENG")
    page = dialog(marketing, f"{LANGUAGES}/new")
    answer = marketing.post(page.action(FORM), page.form(FORM) | {"language_id": str(language.id)}, files=True)
    if marketing.htmx:
        assert "No document in this language" in answer.text("#languages")
    else:
        assert "No document in this language" in marketing.follow(answer).text("#languages")


def test_a_subject_is_changed_and_two_people_are_noticed(session, marketing):
    make_template(session, "BUS", languages={"ENG": ("Old", None)})
    page = dialog(marketing, f"{LANGUAGES}/ENG/edit")
    rows(session)["ENG"].subject = "Theirs"
    session.commit()
    answer = marketing.submit(page, FORM, subject="Mine")
    assert answer.status == 409
    assert "Theirs" in answer.text("#row-subject-error")
    marketing.post(answer.action(FORM), answer.form(FORM))
    assert rows(session)["ENG"].subject == "Mine"


def test_a_language_is_removed_and_the_next_becomes_default(session, marketing):
    make_template(session, "BUS", languages={"ENG": make_letter(session), "SVE": None})
    page = dialog(marketing, f"{LANGUAGES}/ENG/delete")
    answer = marketing.post(page.action(FORM), page.form(FORM))
    assert answer.status in (200, 303)
    template = get_template(session, "BUS")
    assert [row.language.code for row in template.languages] == ["SVE"]
    assert template.language.code == "SVE"
    assert session.scalar(select(func.count()).select_from(Document)) == 1


def test_a_document_is_replaced_and_removed(session, marketing):
    first = make_letter(session, "First {{ contact.name }}")
    make_template(session, "BUS", languages={"ENG": ("Thanks", first)})
    upload(marketing, f"{LANGUAGES}/ENG/document/new", word_file("Second"), "second.docx")
    assert rows(session)["ENG"].document.file_name == "second.docx"
    page = dialog(marketing, f"{LANGUAGES}/ENG/document/delete")
    marketing.post(page.action(FORM), page.form(FORM))
    row = rows(session)["ENG"]
    assert (row.document, row.subject) == (None, "Thanks")
    assert session.scalar(select(func.count()).select_from(Document)) == 2


def test_a_download_is_never_shown_in_the_browser(session, browser):
    browser.sign_in(make_user(session, role="read_only"))
    letter = make_letter(session, "Dear {{ contact.name }}")
    picture = make_document(session, b"<script>alert(1)</script>", file_name="page.txt")
    make_template(session, "BUS", languages={"ENG": letter, "SVE": picture})
    answer = browser.get(f"{LANGUAGES}/ENG/document/file")
    assert answer.answer.headers["Content-Disposition"] == 'attachment; filename="BUS ENG.docx"'
    assert WordDocument(io.BytesIO(answer.data)).paragraphs[0].text == "Dear {{ contact.name }}"
    other = browser.get(f"{LANGUAGES}/SVE/document/file")
    assert other.answer.headers["Content-Disposition"].startswith("attachment")
    assert other.answer.mimetype == "application/octet-stream"
    assert other.answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_preview_is_a_letter_to_an_invented_contact(session, browser):
    """R-M05: it changes nothing."""
    browser.sign_in(make_user(session, role="read_only"))
    make_language(session, "SVE", "sv-SE")
    letter = make_letter(session, "{{ contact.name }} {{ document.subject }} {{ document.date }} {{ company.name }}")
    make_template(session, "BUS", languages={"SVE": ("Tack & hej", letter)})
    answer = browser.get(f"{LANGUAGES}/SVE/document/preview.docx")
    assert answer.answer.headers["Content-Disposition"].startswith("attachment")
    text = WordDocument(io.BytesIO(answer.data)).paragraphs[0].text
    assert text == "Åsa Björklund Tack & hej 24 november 2026 Example Office"


def test_a_preview_without_letter_is_a_sentence(session, browser):
    browser.sign_in(make_user(session))
    make_template(session, "BUS", languages={"ENG": None, "SVE": make_document(session, file_name="a.txt")})
    assert browser.get(f"{LANGUAGES}/ENG/document/preview.docx").status == 404
    answer = browser.get(f"{LANGUAGES}/SVE/document/preview.docx")
    assert answer.status == 422
    assert "a.txt is no Word document, so no letters are made from it." in answer.plain()


def field(name):
    """A real Word field with this name."""
    word = WordDocument()
    paragraph = word.add_paragraph("Dear ")
    simple = paragraph._p.makeelement(
        "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}fldSimple",
        {"{http://schemas.openxmlformats.org/wordprocessingml/2006/main}instr": f" MERGEFIELD {name} "},
    )
    run = paragraph.add_run(f"«{name}»")
    simple.append(run._r)
    paragraph._p.append(simple)
    buffer = io.BytesIO()
    word.save(buffer)
    return buffer.getvalue()


def test_unknown_fields_are_named_with_a_suggestion_and_can_be_assigned(session, marketing):
    """R-M01, B21: what a user confirms is stored with the document."""
    make_template(session, "BUS", languages={"ENG": None})
    answer = upload(marketing, f"{LANGUAGES}/ENG/document/new", field("Kontakt_Name_X"))
    report = marketing.follow(answer)
    assert "1 name is no merge field." in report.text("#unknown-notice")
    assert "Kontakt_Name_X" in report.text("#mapping")
    form = report.form("#mapping")
    assert form["name"] == "Kontakt_Name_X"
    done = marketing.post(report.action("#mapping"), form | {"tag": "contact.name"})
    document = rows(session)["ENG"].document
    assert mapping_of(document) == {"kontaktnamex": "contact.name"}
    letter = letter_of(session, document).letter({"contact.name": "Ada"})
    assert "Dear Ada" in WordDocument(io.BytesIO(letter)).paragraphs[0].text
    report = marketing.follow(done)
    assert not report.has("#unknown-notice")
    assert report.form("#mapping")["tag"] == "contact.name"
    marketing.post(report.action("#mapping"), report.form("#mapping") | {"tag": ""})
    assert mapping_of(rows(session)["ENG"].document) == {}


def test_fields_are_not_assigned_to_a_document_that_was_replaced_meanwhile(session, marketing):
    make_template(session, "BUS", languages={"ENG": None})
    report = marketing.follow(upload(marketing, f"{LANGUAGES}/ENG/document/new", field("Whatever_X")))
    upload(marketing, f"{LANGUAGES}/ENG/document/new", field("Another_X"), "other.docx")
    answer = marketing.post(report.action("#mapping"), report.form("#mapping") | {"tag": "contact.name"})
    assert answer.status == 409
    assert mapping_of(rows(session)["ENG"].document) == {}


def test_a_field_that_does_not_exist_is_not_assigned(session, marketing):
    make_template(session, "BUS", languages={"ENG": None})
    report = marketing.follow(upload(marketing, f"{LANGUAGES}/ENG/document/new", field("Whatever_X")))
    answer = marketing.post(report.action("#mapping"), report.form("#mapping") | {"tag": "contact.password"})
    assert answer.status == 422
    assert "There is no merge field contact.password." in answer.plain()


def test_an_unknown_tag_is_corrected_in_the_document(session, marketing):
    make_template(session, "BUS", languages={"ENG": None})
    answer = upload(marketing, f"{LANGUAGES}/ENG/document/new", word_file("Dear {{ contact.nam }}, welcome"))
    text = marketing.follow(answer).text("#mapping")
    assert "Did you mean {{ contact.name }}?" in text
    assert "Dear {{ contact.nam }}, welcome" in text
    assert "Correct this tag in Word and upload the document again." in text


def zipped(**parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def with_part(name, data):
    """A Word document with one part more."""
    buffer = io.BytesIO(word_file("Hello"))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


HOSTILE = {
    "no Word file": (b"hello", "letter.docx", "The file is not a Word document"),
    "an old Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "letter.doc", "old format of Word"),
    "macros": (with_part("word/vbaProject.bin", b"x"), "letter.docx", "contains macros"),
    "another archive": (zipped(a="b"), "letter.docx", "The file is not a Word document"),
    "a bomb": (zipped(**{"[Content_Types].xml": b"0" * 30_000_000}), "letter.docx", "unpacks to far more data"),
    "code in a tag": (word_file("{{ ''.__class__ }}"), "letter.docx", "underscore"),
    "an open tag": (word_file("Dear {{ contact.name"), "letter.docx", "A tag is not closed"),
    "a program": (b"MZ\x90", "letter.exe", "Files of this kind cannot be used"),
    "a web page": (b"<script>alert(1)</script>", "letter.html", "Files of this kind cannot be used"),
    "a program called PDF": (b"MZ\x90\x00", "letter.pdf", "is not what its name says"),
    "a workbook with macros": (zipped(**{"xl/vbaProject.bin": b"x"}), "list.xlsx", "contains macros"),
    "nothing": (b"", "letter.docx", "The file letter.docx is empty."),
    "no name": (b"x", "", "Choose a file."),
}


@pytest.mark.parametrize("case", HOSTILE, ids=str)
def test_a_hostile_upload_is_refused_with_a_sentence(session, marketing, case):
    data, name, sentence = HOSTILE[case]
    make_template(session, "BUS", languages={"ENG": None})
    answer = upload(marketing, f"{LANGUAGES}/ENG/document/new", data, name)
    assert answer.status == 422
    assert sentence in answer.text("#upload-document-error")
    assert rows(session)["ENG"].document is None
    assert session.scalar(select(func.count()).select_from(Document)) == 0


def test_a_refused_file_leaves_no_new_language(session, marketing):
    make_template(session, "BUS")
    language = make_language(session, "SVE")
    answer = upload(marketing, f"{LANGUAGES}/new", b"hello", language_id=str(language.id), subject="Typed and not lost")
    assert answer.status == 422
    assert answer.form(FORM)["subject"] == "Typed and not lost"
    assert rows(session) == {}


def test_a_file_that_is_no_letter_is_kept_for_e_mails(session, marketing):
    """R-M02, B14."""
    make_template(session, "BUS", languages={"ENG": None})
    upload(marketing, f"{LANGUAGES}/ENG/document/new", b"%PDF-1.7 leaflet", "Leaflet.PDF")
    document = rows(session)["ENG"].document
    assert (document.file_name, document.extension, document.is_word) == ("Leaflet.PDF", "pdf", False)
    card = marketing.get("/interaction-templates/BUS/")
    assert "Only with e-mails" in card.text("#languages")


def test_what_was_removed_from_a_file_is_said(session, marketing, shared):
    data = (shared / "data" / "letters" / "thanks-note.sv-SE.docx").read_bytes()
    make_template(session, "BUS", languages={"ENG": None})
    report = marketing.follow(upload(marketing, f"{LANGUAGES}/ENG/document/new", data, "thanks-note.sv-SE.docx"))
    assert not report.has("#unknown-notice")
    assert report.one("#known").xpath(".//li")


def test_the_same_file_for_two_languages_is_stored_once(session, marketing):
    make_template(session, "BUS", languages={"ENG": None, "SVE": None})
    for code in ("ENG", "SVE"):
        upload(marketing, f"{LANGUAGES}/{code}/document/new", word_file("Same {{ contact.name }}"))
    found = rows(session)
    assert found["ENG"].document_id == found["SVE"].document_id
    assert session.scalar(select(func.count()).select_from(Document)) == 1


def test_a_template_gone_meanwhile_is_said(session, marketing):
    template = make_template(session, "BUS", languages={"ENG": None})
    page = dialog(marketing, f"{LANGUAGES}/ENG/document/new")
    session.delete(template)
    session.commit()
    data = page.form(FORM) | {"document": (io.BytesIO(word_file("x")), "x.docx")}
    assert marketing.post(page.action(FORM), data, files=True).status == 404
    assert session.scalar(select(func.count()).select_from(InteractionTemplate)) == 0
    assert session.scalar(select(func.count()).select_from(Document)) == 0


def test_the_language_of_the_row_is_found_by_code_in_any_case(session):
    template = make_template(session, "BUS", languages={"ENG": None})
    assert get_template_language(template, "eng").language.code == "ENG"


def test_a_template_chosen_in_the_setup_gets_no_document(session, marketing):
    """The sentence stands at the file, whether the language is new or there already (1.16)."""
    template = make_template(session, "BUS", languages={"ENG": None})
    make_language(session, "FRC")
    session.add(InteractionTemplateSetup(id=1, outgoing_calls_id=template.id))
    session.flush()
    sentence = "BUS is chosen in Interaction template setup and can have no document."
    new = upload(marketing, f"{LANGUAGES}/new", word_file("Hello"), language_id=str(make_language(session, "FRC").id))
    replaced = upload(marketing, f"{LANGUAGES}/ENG/document/new", word_file("Hello"))
    for answer in (new, replaced):
        assert answer.status == 422
        assert sentence in answer.plain()
    assert [row.document for row in rows(session).values()] == [None]
