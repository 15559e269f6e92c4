"""The check page and logging as people see them (B1, A7, A8)."""

import io
import zipfile

import pytest
from sqlalchemy import func, select

from blueprints.web.worker import Worker
from domain.interactions.models import InteractionLogEntry, LoggedSegment
from domain.jobs.models import Job
from domain.letters.pdf import find_soffice
from domain.letters.upload import accept_letter
from domain.segments.models import Segment, SegmentLine
from domain.setup.models import MarketingSetup
from tests.factories.contacts import make_contact
from tests.factories.interaction_templates import make_template
from tests.factories.segments import make_segment
from tests.factories.setup import make_actor, make_salesperson, make_user
from tests.letters.documents import letter_of


@pytest.fixture
def marketing(session, visitor):
    """A visitor who may log segments."""
    visitor.sign_in(make_user(session, role="marketing"))
    return visitor


@pytest.fixture
def ready(session):
    """A segment of three contacts with a letter on paper, ready to be logged."""
    letter = accept_letter(session, letter_of("Dear {{ contact.name }}"), "letter.docx", by=make_actor())
    template = make_template(
        session, "BUS", languages={"ENG": letter}, correspondence_type="hard_copy", ignore_contact_type=True
    )
    people = [make_contact(session, no=f"C{n}", name=f"Name {n}") for n in (1, 2, 3)]
    hr = make_salesperson(session, "HR")
    return make_segment(
        session, no="S1", description="Autumn", template=template, contacts=people, salesperson_id=hr.id
    )


def entries(session):
    return session.scalar(select(func.count()).select_from(InteractionLogEntry))


def test_a_ready_segment_is_logged_and_moves(session, marketing, ready):
    page = marketing.get("/segments/S1/log/")
    assert "3 printed letters" in page.text("#log-form")
    answer = marketing.submit(page, "#log-form", follow_up="1")
    assert answer.location == "/logged-segments/S1"
    assert entries(session) == 3
    assert session.scalar(select(func.count()).select_from(Segment).where(Segment.logged_segment_id.is_(None))) == 1
    assert marketing.get("/segments/S1").status == 404
    assert "has been logged" in marketing.get("/segments/S1").plain()


def test_send_attachments_is_ticked_where_something_can_be_sent(session, marketing, ready):
    """LOG-D09: exactly when a line has a correspondence type, else it is off and closed; a follow-up is never ticked."""

    def boxes():
        page = marketing.get("/segments/S1/log/")
        return [(page.one(box).get("checked"), page.one(box).get("disabled")) for box in ("#deliver", "#follow_up")]

    (deliver, closed), (follow_up, _) = boxes()
    assert deliver is not None
    assert (closed, follow_up) == (None, None)
    for line in session.scalars(select(SegmentLine)):
        line.correspondence_type = ""
    (deliver, closed), _ = boxes()
    assert deliver is None
    assert closed is not None


def test_who_arrives_by_key_goes_on_from_the_heading(session, marketing, ready):
    """The heading can be focused without being a stop of its own, and is read with the summary; no autofocus."""
    page = marketing.get("/segments/S1/log/")
    heading = page.one("//h1[@data-arrive]")
    assert heading.get("tabindex") == "-1"
    assert page.text(f"#{heading.get('aria-describedby')}")
    assert not page.has("//*[@autofocus]")


def test_a_double_click_logs_once(session, marketing, ready):
    page = marketing.get("/segments/S1/log/")
    marketing.submit(page, "#log-form")
    again = marketing.submit(page, "#log-form")
    assert again.status == 404
    assert entries(session) == 3


def test_what_moved_since_the_check_is_shown_again(session, marketing, ready):
    page = marketing.get("/segments/S1/log/")
    session.scalar(select(SegmentLine)).description = "Changed meanwhile"
    session.get(Segment, ready.id).list_version += 1
    answer = marketing.submit(page, "#log-form")
    assert answer.status == 409
    assert "Something has changed meanwhile." in answer.plain()
    assert entries(session) == 0
    marketing.submit(answer, "#log-form")
    assert entries(session) == 3


def test_lines_that_cannot_be_logged_are_kept_in_a_new_segment(session, marketing, ready):
    session.scalar(select(SegmentLine).order_by(SegmentLine.line_no)).contact.privacy_blocked = True
    page = marketing.get("/segments/S1/log/")
    assert "1 line has a contact that is blocked for privacy." in page.plain()
    assert "Log 2, keep 1 in a new segment" in page.text("#log-form")
    assert "2 printed letters" in page.plain()
    answer = marketing.submit(page, "#log-form", keep="1")
    assert answer.location == "/logged-segments/S1"
    assert entries(session) == 2
    assert "Kept back" in marketing.follow(answer).plain() or session.scalar(select(LoggedSegment.kept_segment_no))


def test_problems_are_mended_for_all_their_lines(session, marketing, ready):
    make_salesperson(session, "BC", name="Bea Cox")
    session.get(Segment, ready.id).salesperson_id = None
    page = marketing.get("/segments/S1/log/")
    assert "3 lines have no salesperson." in page.plain()
    form = "//section[@id='problem-no_salesperson']//form[contains(@action,'mend')]"
    marketing.submit(page, form, value="BC")
    assert "no salesperson" not in marketing.get("/segments/S1/log/").plain()


def test_logging_without_delivering_sends_nothing(session, marketing, ready):
    page = marketing.get("/segments/S1/log/")
    values = page.form("#log-form")
    values.pop("deliver", None)
    marketing.post("/segments/S1/log/", values)
    assert set(session.scalars(select(InteractionLogEntry.delivery_status))) == {"none"}


def test_an_empty_segment_cannot_be_logged(session, marketing):
    make_segment(session, no="S2", description="")
    page = marketing.get("/segments/S2/log/")
    assert "Enter a description for segment S2." in page.plain()
    assert "Segment S2 has no line with a contact." in page.plain()
    assert not page.has("#log-form")


def test_read_only_people_cannot_log(session, browser, ready):
    browser.sign_in(make_user(session, role="salesperson"))
    page = browser.get("/segments/S1/log/")
    token = page.one("//meta[@name='csrf-token']").get("content")
    assert browser.post("/segments/S1/log/", {"csrf_token": token, "deliver": "1"}).status == 403
    assert entries(session) == 0


def test_letters_come_as_one_print_file_or_one_file_per_contact(session, browser, ready):
    browser.sign_in(make_user(session, role="marketing"))
    page = browser.get("/segments/S1")
    token = page.one("//meta[@name='csrf-token']").get("content")
    printed = browser.post("/segments/S1/letters/print", {"csrf_token": token})
    assert printed.answer.headers["Content-Disposition"].endswith('.docx"') or "docx" in str(printed.answer.headers)
    with zipfile.ZipFile(io.BytesIO(printed.data)) as archive:
        assert archive.read("word/document.xml").count(b"Dear") == 3
    zipped = browser.post("/segments/S1/letters/zip", {"csrf_token": token})
    with zipfile.ZipFile(io.BytesIO(zipped.data)) as archive:
        assert archive.namelist() == ["Name 1 C1.docx", "Name 2 C2.docx", "Name 3 C3.docx"]


def test_more_letters_than_a_print_file_holds_are_made_in_parts_in_the_background(session, browser, ready, application):
    session.get(MarketingSetup, 1).letters_per_file = 2
    browser.sign_in(make_user(session, role="marketing"))
    token = browser.get("/segments/S1").one("//meta[@name='csrf-token']").get("content")
    answer = browser.post("/segments/S1/letters/print", {"csrf_token": token})
    assert answer.location.startswith("/jobs/")
    with application.app_context():
        assert Worker(application).work_once()
    file = browser.get(answer.location + "/file")
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert len(archive.namelist()) == 2


def test_how_letters_are_wanted_is_asked_with_their_size(marketing, ready):
    page = marketing.get("/segments/S1/letters/zip")
    assert "3 letters, together about" in page.plain()
    assert "kB as Word files" in page.plain()
    assert not page.has("//input[@name='both_sides']")
    page = marketing.get("/segments/S1/letters/print")
    assert "3 letters in the order of the lines" in page.plain()
    printed = marketing.submit(page, "#letters-form", format="word", both_sides="1")
    with zipfile.ZipFile(io.BytesIO(printed.data)) as archive:
        assert archive.read("word/document.xml").count(b'<w:type w:val="oddPage"/>') == 3


def test_a_segment_without_letters_is_not_asked_about(session, marketing):
    make_segment(session, no="S2", description="Empty")
    answer = marketing.get("/segments/S2/letters/print")
    assert answer.status == 422
    assert "Segment S2 has no letter to print" in answer.plain()


def test_read_only_people_are_not_asked(session, browser, ready):
    browser.sign_in(make_user(session, role="read_only"))
    assert browser.get("/segments/S1/letters/print").status == 403


@pytest.mark.parametrize("what", ["print", "zip"])
def test_letters_as_pdf_are_made_in_the_background(session, browser, ready, application, what):
    if find_soffice() is None:
        pytest.skip("LibreOffice is not installed")
    browser.sign_in(make_user(session, role="marketing"))
    answer = browser.submit(browser.get(f"/segments/S1/letters/{what}"), "#letters-form", format="pdf")
    assert answer.location.startswith("/jobs/")
    with application.app_context():
        assert Worker(application).work_once()
    session.expire_all()
    assert [job.error for job in session.scalars(select(Job))] == [""]
    file = browser.get(answer.location + "/file")
    if what == "print":
        assert file.data.startswith(b"%PDF-")
        return
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert archive.namelist() == ["Name 1 C1.pdf", "Name 2 C2.pdf", "Name 3 C3.pdf"]
        assert all(archive.read(name).startswith(b"%PDF-") for name in archive.namelist())


def test_a_line_shows_its_letter_before_logging(session, browser, ready):
    browser.sign_in(make_user(session, role="read_only"))
    letter = browser.get("/segments/S1/lines/20000/letter")
    with zipfile.ZipFile(io.BytesIO(letter.data)) as archive:
        assert b"Name 2" in archive.read("word/document.xml")
