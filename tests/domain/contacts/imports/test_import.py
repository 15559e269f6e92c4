"""The import: problems by row and column, matching, inheritance, undo that spares what was used since."""

import json

import pytest
from sqlalchemy import func, select

from domain.contacts.edit import edit_contact
from domain.contacts.imports.reading import read_sheet
from domain.contacts.imports.run import begin_import, change_settings, dry_run, run_import
from domain.contacts.imports.settings import ImportSettings
from domain.contacts.imports.undo import undo_import
from domain.contacts.models import COMPANY, PERSON, Contact, ContactEmail, ContactImportRow
from domain.errors import Forbidden, RuleViolation
from domain.setup.models import Language
from tests.factories.setup import make_actor, make_salesperson


def run(session, started, by, text, **settings):
    begun = started(text)
    if settings:
        chosen = ImportSettings.from_json(begun.settings)
        for key, value in settings.items():
            setattr(chosen, key, value)
        change_settings(session, begun, chosen, by=by)
    plan = run_import(session, begun, by=by)
    return begun, plan


def contact(session, name):
    return session.scalar(select(Contact).where(Contact.name == name))


def problems(plan):
    return [(p.row_no, p.heading, str(p.message), p.error) for p in plan.problems]


@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8"), (";", "cp1252"), ("\t", "utf-8")])
def test_delimiter_and_encoding_are_guessed(delimiter, encoding):
    text = f"name{delimiter}city\nÅsa{delimiter}Örebro\n"
    sheet = read_sheet(text.encode(encoding))
    assert (sheet.delimiter, sheet.encoding, sheet.rows[0].cells) == (delimiter, encoding, ["Åsa", "Örebro"])


def test_a_byte_order_mark_is_no_part_of_the_first_heading():
    assert read_sheet("\ufeffname\nA\n".encode()).headings == ["name"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_known_by_its_byte_order_mark(encoding):
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    sheet = read_sheet(mark + "name;city\r\nÅsa;Zürich\r\n".encode(encoding))
    assert (sheet.encoding, sheet.headings, sheet.rows[0].cells) == ("utf-16", ["name", "city"], ["Åsa", "Zürich"])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_each_system_writes_them(end):
    sheet = read_sheet(end.join(["name,note", '"A, B","two', 'lines"', "C,", ""]).encode())
    assert [row.cells for row in sheet.rows] == [["A, B", "two\nlines"], ["C", ""]]
    assert not any(row.open_quote for row in sheet.rows)


@pytest.mark.parametrize(
    ("text", "row", "beginning", "rows"),
    [
        ('name,city\nA,B\n"never closed\nC,D\n', 2, "never closed", 2),
        ('name,city\n"never closed\nC,D', 1, "never closed", 1),
        ('name,city\n"never closed\nC,"D"\nE,F\n', 1, "never closed", 2),
        ('name,city\n"long' + "\nx,y" * 400_000, 1, "long", 1),
    ],
    ids=["to the end", "no last line end", "to another one", "very long"],
)
def test_a_quotation_mark_that_is_not_closed_is_named(text, row, beginning, rows):
    sheet = read_sheet(text.encode())
    (found,) = [one for one in sheet.rows if one.open_quote or one.no == row]
    assert (found.no, found.open_quote) == (row, beginning)
    assert len(sheet.rows) == rows


def test_quotation_marks_can_be_plain_signs():
    text = b'name,city\n"never closed,B\n5" pipes,D\n'
    sheet = read_sheet(text, plain_quotes=True)
    assert [row.cells for row in sheet.rows] == [['"never closed', "B"], ['5" pipes', "D"]]
    assert not read_sheet(b'name,city\n5" pipes,D\n"Nord" AB,E\n').rows[0].open_quote


def test_an_open_quotation_mark_in_the_headings_is_a_plain_sign():
    sheet = read_sheet(b'name,"city\nA,B\n')
    assert (sheet.plain_quotes, sheet.headings, len(sheet.rows)) == (True, ["name", '"city'], 1)


def test_guesses_can_be_overruled():
    assert read_sheet(b"a;b,c\n1;2,3\n", delimiter=",").headings == ["a;b", "c"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04abc", "workbook"),
        (b"name\n", "no rows"),
        (b"", "no rows"),
        (b"na\x00me\nA\n", "not a text file"),
        (b'name\n"unclosed' + b"x" * 1_100_000, "cannot be read"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(data, words):
    with pytest.raises(RuleViolation) as refusal:
        read_sheet(data)
    assert words in str(refusal.value)
    assert refusal.value.field == "file"


def test_every_problem_is_named_by_row_and_column(session, started):
    plan = dry_run(
        session,
        started(
            "company name;e-mail;country;language;phone;city\n"
            "Good;a@example.com;Sweden;sv;08-1;Örebro\n"
            "Bad;not an address;Atlantis;Klingon;call me;" + "x" * 31 + "\n"
            ";;;;;Nowhere\n"
        ),
    )
    assert problems(plan) == [
        (2, "country", "Country/region code “Atlantis” is unknown.", True),
        (2, "language", "Language code “Klingon” is unknown.", True),
        (2, "e-mail", "“not an address” is no e-mail address. Separate several addresses by semicolons.", True),
        (2, "phone", "A phone number has no letters: “callme” in call me.", True),
        (2, "city", "City can have up to 30 characters; these are 31.", True),
        (3, "", "The row names neither a company nor a person.", True),
    ]
    assert plan.counts["created"] == {COMPANY: 1, PERSON: 0}


def test_unknown_codes_can_be_left_blank(session, started, by):
    _, plan = run(session, started, by, "company name,country\nOne,Atlantis\n", leave_unknown=True)
    assert plan.failed_rows == []
    assert contact(session, "One").country_id == session.scalar(select(Contact.country_id))


def test_codes_are_understood_by_code_tag_and_name(session, started, by):
    make_salesperson(session, "HR", name="Helena Ray")
    run(
        session, started, by,
        "person,language,country,salesperson,correspondence type\n"
        "Anna Ek,SVE,SE,hr,E-Mail\nBo Ek,sv-SE,Sweden,Helena Ray,Papperskopia\nCia Ek,Swedish,Suède,HR,1\n",
    )  # fmt: skip
    people = session.scalars(select(Contact).order_by(Contact.name)).all()
    assert {p.language.code for p in people} == {"SVE"}
    assert {p.country.code for p in people} == {"SE"}
    assert {p.salesperson.code for p in people} == {"HR"}
    assert [p.correspondence_type for p in people] == ["email", "hard_copy", "hard_copy"]


def test_several_persons_of_one_company_share_it(session, started, by):
    run(
        session,
        started,
        by,
        "company;contact;address;city\nNord AB;Anna Ek;Gatan 1;Örebro\nNord AB;Bo Ek;Gatan 1;Örebro\n",
    )
    company = contact(session, "Nord AB")
    assert session.scalar(select(func.count()).select_from(Contact)) == 3
    assert {contact(session, n).company_id for n in ("Anna Ek", "Bo Ek")} == {company.id} == {company.company_id}


def test_an_external_id_per_person_is_not_the_companys(session, started, by):
    run(session, started, by, "id;company;contact\n1;Nord AB;Anna Ek\n2;Nord AB;Bo Ek\n")
    assert contact(session, "Nord AB").external_id == ""
    assert (contact(session, "Anna Ek").external_id, contact(session, "Bo Ek").external_id) == ("1", "2")


def test_a_new_person_joins_the_company_that_exists_and_takes_over_its_data(session, started, by):
    run(session, started, by, "company;address;city;language\nNord AB;Gatan 1;Örebro;SVE\n")
    run(session, started, by, "company;contact\nNord AB;Anna Ek\n")
    anna = contact(session, "Anna Ek")
    assert (anna.company_name, anna.address, anna.city, anna.language.code) == ("Nord AB", "Gatan 1", "Örebro", "SVE")


def test_a_list_of_persons_keeps_the_rows_data_with_the_persons(session, started, by):
    run(session, started, by, "type,name,company name,city,e-mail\nPerson,Anna Ek,Nord AB,Malmö,anna@example.com\n")
    assert (contact(session, "Anna Ek").city, contact(session, "Nord AB").city) == ("Malmö", "")
    assert contact(session, "Anna Ek").email == "anna@example.com"


@pytest.mark.parametrize("again", ["no", "external", "email", "name"])
def test_the_match_is_number_external_id_email_or_name_and_company(session, started, by, again):
    """B28."""
    run(
        session,
        started,
        by,
        "no,external id,type,name,company name,e-mail\nP1,X1,person,Anna Ek,Nord AB,anna@example.com\n",
    )
    second = {
        "no": "no,type,name,job title\nP1,person,Anna Berg,Boss\n",
        "external": "external id,type,name,job title\nX1,person,Anna Berg,Boss\n",
        "email": "e-mail,type,name,job title\nANNA@example.com,person,Anna Berg,Boss\n",
        "name": "type,name,company name,job title\nperson,ANNA EK,nord ab,Boss\n",
    }[again]
    _, plan = run(session, started, by, second)
    assert plan.failed_rows == []
    assert session.scalar(select(func.count()).select_from(Contact)) == 2
    anna = session.scalar(select(Contact).where(Contact.type == PERSON))
    assert anna.job_title == "Boss"


def test_an_email_of_the_other_type_is_no_match(session, started, by):
    run(session, started, by, "type,name,e-mail\ncompany,Nord AB,info@example.com\n")
    run(session, started, by, "type,name,e-mail\nperson,Anna Ek,info@example.com\n")
    assert session.scalar(select(func.count()).select_from(Contact)) == 2


def test_a_row_that_matches_several_contacts_fails_and_names_them(session, started, by):
    run(session, started, by, "no,type,name\nA1,company,Twins\nA2,company,Twins\n")
    plan = dry_run(session, started("company name,city\nTwins,Oslo\n"))
    assert problems(plan) == [(1, "", "2 contacts match Twins: A1, A2. Name the right one in a column No.", True)]


def test_blank_cells_change_nothing_and_updating_can_be_switched_off(session, started, by):
    run(session, started, by, "no,company name,city\nA1,Nord AB,Oslo\n")
    run(session, started, by, "no,company name,city\nA1,Nord AB,\n")
    assert contact(session, "Nord AB").city == "Oslo"
    _, plan = run(session, started, by, "no,company name,city\nA1,Nord AB,Bergen\n", update=False)
    assert contact(session, "Nord AB").city == "Oslo"
    assert plan.counts["unchanged"][COMPANY] == 1


def test_blank_markers_mean_nothing(session, started, by):
    run(
        session,
        started,
        by,
        "company name,city,fax\nNord AB,NULL,-\nSyd AB,n/a,tba\n",
        blank_markers=["NULL", "N/A", "-", "TBA"],
    )
    assert {(c.city, c.fax) for c in session.scalars(select(Contact))} == {("", "")}


def test_numbers_come_from_the_series_and_miss_those_typed_in_the_file(session, started, by):
    run(session, started, by, "no,company name\nCT000002,Typed\n,First\n,Second\n")
    assert [contact(session, n).no for n in ("First", "Second")] == ["CT000001", "CT000003"]


def test_email_addresses_can_be_found_afterwards(session, started, by):
    run(session, started, by, 'company name;e-mail\nNord AB;"Info@Example.com; post@example.com"\n')
    assert set(session.scalars(select(ContactEmail.address_key))) == {"info@example.com", "post@example.com"}


def test_undo_spares_contacts_that_were_changed_since_and_gives_former_values_back(session, started, by):
    run(session, started, by, "no,company name,city\nA1,Old,Oslo\n")
    begun, _ = run(session, started, by, "no,company name,city\nA1,Old,Bergen\nA2,New,Malmö\nA3,Kept,Malmö\n")
    edit_contact(session, contact(session, "Kept"), {"city": "Lund"}, by=by)
    session.flush()
    undone = undo_import(session, begun, by=by)
    assert (undone.removed, undone.restored, undone.kept) == (1, 1, 1)
    assert contact(session, "New") is None
    assert (contact(session, "Old").city, contact(session, "Kept").city) == ("Oslo", "Lund")
    with pytest.raises(RuleViolation):
        undo_import(session, begun, by=by)


def test_undo_keeps_a_company_that_got_a_person_since(session, started, by):
    begun, _ = run(session, started, by, "company\nNord AB\n")
    run(session, started, by, "company,contact\nNord AB,Anna Ek\n")
    assert undo_import(session, begun, by=by).kept == 1
    assert contact(session, "Nord AB") is not None


def test_an_import_runs_once(session, started, by):
    begun, _ = run(session, started, by, "company\nNord AB\n")
    with pytest.raises(RuleViolation):
        run_import(session, begun, by=by)


def test_failed_rows_are_kept_with_their_reasons(session, started, by):
    begun, _ = run(session, started, by, "company,country\nNord AB,Atlantis\nSyd AB,SE\n")
    assert json.loads(begun.counts)["problems"] == [[1, "country", "Country/region code “Atlantis” is unknown."]]
    assert session.scalar(select(func.count()).select_from(ContactImportRow)) == 1


def test_salespeople_may_not_import(session, office):
    with pytest.raises(Forbidden):
        begin_import(session, b"company\nA\n", file_name="a.csv", by=make_actor(role="salesperson"))


def test_languages_exist(session, office):
    assert session.scalar(select(func.count()).select_from(Language)) == 14
