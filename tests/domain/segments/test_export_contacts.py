"""Export contacts (R-EX01, B2)."""

import csv
import datetime as dt
import io
import zipfile

import pytest
from sqlalchemy import select

from domain.errors import Forbidden, RuleViolation
from domain.segments.export_contacts import (
    defused,
    export_rows,
    headings,
    last_export,
    look_at_export,
    record_export,
    write_csv,
    write_xlsx,
)
from domain.segments.models import ContactExport
from tests.factories.contacts import make_contact
from tests.factories.segments import make_line, make_segment
from tests.factories.setup import NOW, TODAY, make_actor, make_salesperson

BY = make_actor()


@pytest.fixture
def segment(session):
    """A company whose name is a formula, on a line with own values; a blocked contact; a line without contact."""
    evil = make_contact(session, "C1", name="=1+1", phone="+41 31 311 00 00", city="Bern")
    hr = make_salesperson(session, "HR")
    segment = make_segment(session, "S1", description="Spring", salesperson_id=hr.id)
    make_line(session, segment, evil, comment="Dear; all", date=TODAY + dt.timedelta(days=1))
    make_line(session, segment, make_contact(session, "C2", privacy_blocked=True))
    make_line(session, segment, None)
    return segment


def as_csv(session, segment, separator=";"):
    file = io.BytesIO()
    write_csv(session, segment, file, separator=separator, by=BY)
    data = file.getvalue()
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=separator))


def test_a_row_is_a_contact_with_the_values_that_count_for_its_line(session, segment):
    """R-EX01 and the effective values; blocked contacts are left out (B2)."""
    heading, row = as_csv(session, segment)
    values = dict(zip(heading, row, strict=True))
    assert len(values) == len(heading) == 40
    assert (values["No."], values["Name"], values["City"]) == ("C1", "'=1+1", "Bern")
    assert values["Phone No."] == "+41 31 311 00 00"
    assert (values["Line: Description"], values["Line: Salesperson"]) == ("Spring", "HR")
    assert values["Line: Date"] == (TODAY + dt.timedelta(days=1)).isoformat()
    assert values["Line: Comment"] == "Dear; all"
    found = look_at_export(session, segment, by=BY)
    assert (found.rows, found.blocked) == (1, 1)


def test_a_workbook_keeps_formulas_as_text(session, segment):
    file = io.BytesIO()
    write_xlsx(session, segment, file, by=BY)
    with zipfile.ZipFile(file) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "=1+1" in sheet


@pytest.mark.parametrize(
    "text", ["=1+1", "+A1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "+41-31-311", "-"]
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert defused(text) == "'" + text


@pytest.mark.parametrize(
    "text", ["", "Ada", "-12.50", "+41 (0)31 311 00 00", "-1’000,5", "a=b", "'", "ada@example.com"]
)
def test_other_texts_stay(text):
    assert defused(text) == text


def test_who_exported_is_recorded(session, segment):
    assert last_export(session, segment) is None
    record_export(session, segment, "csv", by=BY)
    record_export(session, segment, "xlsx", by=BY)
    last = last_export(session, segment)
    assert (last.user_name, last.at, last.format, last.rows, last.segment_no) == (BY.user_name, NOW, "xlsx", 1, "S1")


def test_only_marketing_exports_and_only_to_known_formats(session, segment):
    with pytest.raises(Forbidden):
        record_export(session, segment, "csv", by=make_actor(role="salesperson"))
    with pytest.raises(RuleViolation, match="format"):
        record_export(session, segment, "exe", by=BY)
    assert session.scalar(select(ContactExport)) is None


def test_rows_are_as_wide_as_the_headings(session, segment):
    assert [len(row) for row in export_rows(session, segment, by=BY)] == [len(headings(BY))]
