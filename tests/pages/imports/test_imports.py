"""Importing contacts as people do it: upload, dry run, columns and options, import, result, failed rows, undo."""

import datetime as dt
import io

import pytest
from sqlalchemy import func, select

from blueprints.web.worker import Worker
from domain.contacts.imports.tidy import tidy_imports
from domain.contacts.models import Contact, ContactImport
from domain.setup.start import create_office
from tests.factories.setup import NOW, make_actor, make_user


@pytest.fixture
def importing(session, visitor):
    """A visitor of an office as *Start empty* makes it, who may import."""
    create_office(
        session, name="Office", currency="EUR", time_zone="UTC", language_code="ENG", country_code="GB", by=make_actor()
    )
    visitor.sign_in(make_user(session, role="marketing"))
    return visitor


def upload(visitor, content, name="contacts.csv"):
    data = content if isinstance(content, bytes) else content.encode()
    page = visitor.get("/contacts/imports/new")
    values = page.form("#import-form") | {"file": (io.BytesIO(data), name)}
    return visitor.post("/contacts/imports/", values, files=True)


def contacts(session):
    return session.scalar(select(func.count()).select_from(Contact))


def test_a_file_goes_through_dry_run_import_result_and_undo(session, importing):
    answer = upload(importing, "company,contact,city,country\nNord AB,Anna Ek,Örebro,Sweden\nSyd AB,,Malmö,Atlantis\n")
    dry_run = importing.follow(answer)
    assert "1 new company" in dry_run.text("#dry-run")
    assert "1 new person" in dry_run.text("#dry-run")
    assert "Country/region code “Atlantis” is unknown." in dry_run.text("#problems")
    assert contacts(session) == 0
    result = importing.follow(importing.submit(dry_run, "#run-form"))
    assert "1 new company" in result.text("#result-counts")
    assert "1 row failed" in result.text("#result-counts")
    assert contacts(session) == 2
    failed = importing.get(result.one("//a[contains(@href,'failed.csv')]").get("href"))
    assert failed.data.decode("utf-8-sig").splitlines()[1].startswith("Syd AB,,Malmö,Atlantis,country: ")
    undone = importing.follow(importing.submit(result, "//form[contains(@action,'/undo')]"))
    assert contacts(session) == 0
    assert "This import was undone" in undone.plain()


def test_the_same_file_again_says_that_nothing_was_created(session, importing):
    for _ in range(2):
        page = importing.follow(upload(importing, "company\nNord AB\n"))
        if page.has("#run-form"):
            importing.submit(page, "#run-form")
    assert "There is nothing to import" in page.text("#dry-run")
    assert contacts(session) == 1


def test_a_file_whose_rows_all_failed_does_not_say_they_were_there(session, importing):
    page = importing.follow(upload(importing, "company,country\nNord AB,Atlantis\n"))
    page = importing.follow(
        importing.post(
            f"{page.one('#settings').get('action')}/run", {"csrf_token": page.form("#settings")["csrf_token"]}
        )
    )
    assert "1 row failed" in page.text("#result-counts")
    assert "was there already" not in page.plain()


def test_columns_and_options_can_be_changed_before_the_import(session, importing):
    page = importing.follow(upload(importing, "Wer;Wo\nNord AB;Örebro\n".encode("cp1252")))
    assert "The row names neither a company nor a person." in page.text("#problems")
    assert page.form("#settings")["encoding"] == "cp1252"
    assert page.form("#settings")["delimiter"] == "semicolon"
    changed = importing.submit(page, "#settings", **{"column-0": "company_name", "column-1": "city"})
    page = importing.get(changed.location.split("#")[0])
    assert "1 new company" in page.text("#dry-run")
    importing.submit(page, "#run-form")
    assert session.scalar(select(Contact.city)) == "Örebro"


def test_surplus_cells_are_offered_to_be_joined(session, importing):
    page = importing.follow(upload(importing, "company,address,city\nNord AB,Gatan 1, 2 tr,Örebro\n"))
    assert "Join the surplus cells into address" in page.plain()
    changed = importing.submit(page, "#settings", surplus="1")
    page = importing.get(changed.location.split("#")[0])
    importing.submit(page, "#run-form")
    assert session.scalar(select(Contact.address)) == "Gatan 1, 2 tr"


def test_an_open_quotation_mark_fails_its_row_and_can_be_an_ordinary_sign(session, importing):
    page = importing.follow(upload(importing, 'Type,Name\ncompany,First\ncompany,"never closed\ncompany,Third\n'))
    assert "1 new company" in page.text("#dry-run")
    assert "1 row fails" in page.text("#dry-run")
    assert "In row 2 a quotation mark before “never closed” is not closed" in page.text("#open-quote")
    assert "is not closed" in page.text("#problems")
    button = page.one("//button[@name='quotes']")
    changed = importing.submit(page, "#settings", quotes=button.get("value"))
    page = importing.get(changed.location.split("#")[0])
    assert not page.has("#open-quote")
    assert page.form("#settings")["quotes"] == "plain"
    assert "3 new companies" in page.text("#dry-run")
    importing.submit(page, "#run-form")
    assert set(session.scalars(select(Contact.name))) == {"First", '"never closed', "Third"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no rows"),
        (b"PK\x03\x04rest", "workbook"),
        (b"\x00\x01name\nA\n", "not a text file"),
        (b"only headings\n", "no rows"),
    ],
)
def test_a_file_that_is_no_table_is_refused_on_its_field(importing, content, words):
    answer = upload(importing, content)
    assert answer.status == 422
    assert words in answer.text("#file-error")


def test_no_file_is_asked_for(importing):
    page = importing.get("/contacts/imports/new")
    answer = importing.post("/contacts/imports/", page.form("#import-form"), files=True)
    assert (answer.status, answer.text("#file-error")) == (422, "Choose a file.")


def test_a_large_file_is_imported_in_the_background(session, importing, application):
    rows = "".join(f"Company {n}\n" for n in range(2_001))
    page = importing.follow(upload(importing, "company\n" + rows))
    answer = importing.submit(page, "#run-form")
    assert answer.location.startswith("/jobs/")
    assert contacts(session) == 0
    with application.app_context():
        assert Worker(application).work_once()
    session.rollback()
    assert contacts(session) == 2_001
    assert "Done." in importing.get(answer.location).plain()


def test_an_import_runs_once_whatever_the_double_click(session, importing):
    page = importing.follow(upload(importing, "company\nNord AB\n"))
    importing.submit(page, "#run-form")
    again = importing.submit(page, "#run-form")
    assert again.status == 422
    assert contacts(session) == 1


def test_salespeople_may_not_import(session, visitor):
    visitor.sign_in(make_user(session, role="salesperson"))
    token = visitor.get("/me/").form("#settings-form")["csrf_token"]
    assert visitor.post("/contacts/imports/", {"csrf_token": token}).status == 403
    assert visitor.get("/contacts/imports/new").status == 403
    assert visitor.get("/contacts/imports/").status == 403


def test_the_list_shows_earlier_imports(session, importing):
    importing.submit(importing.follow(upload(importing, "company\nNord AB\n", "autumn.csv")), "#run-form")
    page = importing.get("/contacts/imports/")
    assert "autumn.csv" in page.text("#imports")
    assert "1 new contact" in page.text("#imports")


def test_after_ninety_days_an_import_says_what_is_gone(session, importing):
    """Decision 0021: no failed rows, no undo; how many contacts came stays."""
    upload(importing, "company,country\nNord AB,Sweden\nSyd AB,Atlantis\n")
    started = session.scalars(select(ContactImport)).one()
    importing.follow(importing.submit(importing.get(f"/contacts/imports/{started.id}"), "#run-form"))
    started.created_at -= dt.timedelta(days=91)
    session.commit()
    tidy_imports(session, now=NOW)
    session.commit()
    result = importing.get(f"/contacts/imports/{started.id}")
    assert result.text("#import-tidied") == "The file and the former values were deleted after 90 days."
    assert "1 new company" in result.text("#result-counts")
    assert not result.has("//a[contains(@href,'failed.csv')]")
    assert not result.has("//form[contains(@action,'/undo')]")
    assert importing.get(f"/contacts/imports/{started.id}/failed.csv").status == 422
