"""Apply mailing group, overlap, export contacts: as a browser and as HTMX."""

import datetime as dt

import pytest
from sqlalchemy import select

from domain.contacts.classification.models import ContactMailingGroup
from domain.segments.models import ContactExport, SegmentLine
from tests.factories.classification import make_code
from tests.factories.contacts import make_contact
from tests.factories.interaction_templates import make_template
from tests.factories.interactions import make_entry
from tests.factories.segments import make_segment
from tests.factories.setup import TODAY, make_salesperson, make_user


@pytest.fixture
def marketing(session, visitor):
    """S1 with Ada and Bo, S2 with Ada; Ada had a letter 29 days ago."""
    ada, bo = make_contact(session, "P1", name="Ada"), make_contact(session, "P2", name="Bo")
    make_segment(session, no="S1", contacts=[ada, bo])
    make_segment(session, no="S2", contacts=[ada])
    make_entry(
        session,
        ada,
        template=make_template(session, "BUS"),
        salesperson_id=make_salesperson(session, "J & V").id,
        date=TODAY - dt.timedelta(days=29),
    )
    make_code(session, "mailing_group", "CARDS", description="Season's greetings")
    return visitor.sign_in(make_user(session, role="marketing"))


def listed(session):
    return len(session.scalars(select(SegmentLine).where(SegmentLine.removed_step_id.is_(None))).all())


def test_a_mailing_group_is_applied_and_told(session, marketing):
    assert "CARDS" in marketing.get("/segments/S1/mailing-group/look-up?q=season").plain()
    page = marketing.get("/segments/S1/mailing-group/")
    done = marketing.submit(page, "#mailing-group-form", group="CARDS · Season's greetings")
    assert "2 contacts of segment S1 were put into the mailing group CARDS." in marketing.follow(done).plain()
    assert len(session.scalars(select(ContactMailingGroup)).all()) == 2


@pytest.mark.parametrize("typed", ["", "NONE", "C*"])
def test_exactly_one_group_must_be_named(session, marketing, typed):
    """E-K04."""
    page = marketing.get("/segments/S1/mailing-group/")
    answer = marketing.submit(page, "#mailing-group-form", group=typed, delete_old="1")
    assert answer.status == 422
    assert answer.has("#apply-group-error")
    assert answer.form("#mailing-group-form")["delete_old"] == "1"


@pytest.mark.parametrize("kind", ["by-template", "by-salesperson", "shared"])
def test_each_row_of_the_overlap_reduces_by_its_people(session, marketing, kind):
    """The step removes whom the row counted, and the answer leads back."""
    page = marketing.get("/segments/S1/overlap/")
    done = marketing.submit(page, f"//table[@id='{kind}']//form")
    after = marketing.follow(done)
    assert "1 line was removed." in after.plain()
    assert not after.has(f"//table[@id='{kind}']//form")
    assert listed(session) == 2


def test_days_are_chosen_and_checked(session, marketing):
    assert not marketing.get("/segments/S1/overlap/?days=29").has("//table[@id='by-template']//form")
    for typed in ("0", "x", "99999"):
        answer = marketing.get(f"/segments/S1/overlap/?days={typed}")
        assert answer.status == 422
        assert answer.has("#days-error")


@pytest.mark.parametrize(("file_format", "start"), [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")])
def test_the_export_is_a_download_and_is_recorded(session, marketing, file_format, start):
    page = marketing.get("/segments/S1/export/")
    assert "Not exported yet" in page.text("#last-export")
    done = marketing.submit(page, "#export-form", format=file_format)
    assert done.data.startswith(start)
    assert "attachment" in done.answer.headers["Content-Disposition"]
    assert session.scalars(select(ContactExport)).one().rows == 2
    assert "Last exported by" in marketing.get("/segments/S1/export/").text("#last-export")


def test_an_unknown_format_is_refused_in_the_dialog(session, marketing):
    page = marketing.get("/segments/S1/export/")
    assert marketing.submit(page, "#export-form", format="exe").status == 422


def test_salespeople_neither_export_nor_apply_groups(session, marketing, visitor):
    visitor.sign_in(make_user(session, role="salesperson"))
    for url in ("/segments/S1/export/", "/segments/S1/mailing-group/"):
        assert visitor.get(url).status == 403
    assert not visitor.get("/segments/S1").has("//a[contains(@href, '/export/')]")
