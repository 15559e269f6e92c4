"""A form with one wrong field keeps the others, and they are saved when the wrong one is mended."""

import datetime as dt

import pytest
from sqlalchemy import select

from domain.segments.models import Segment, SegmentLine
from tests.factories.contacts import make_contact
from tests.factories.segments import make_segment
from tests.factories.setup import make_user

FORM = "//form[@action='/segments/S1/lines/10000/' and .//input[@name='whole']]"


@pytest.fixture
def marketing(session, visitor):
    """A visitor who may edit segments."""
    make_segment(session, no="S1", description="Header", contacts=[make_contact(session, no="C1", name="Anna")])
    visitor.sign_in(make_user(session, role="marketing"))
    return visitor


def line(session):
    return session.scalar(select(SegmentLine).where(SegmentLine.removed_step_id.is_(None)))


def test_the_other_fields_of_a_line_are_saved_once_the_wrong_one_is_mended(session, marketing):
    page = marketing.get("/segments/S1/lines/10000/")
    answer = marketing.submit(page, FORM, description="Mine", cost="-5", comment="Dear Anna")
    assert answer.status == 422
    answer = marketing.submit(answer, FORM, cost="5")
    assert answer.status < 400
    assert (line(session).description, line(session).cost, line(session).comment) == ("Mine", 500, "Dear Anna")


def test_after_a_conflict_in_the_line_form_everything_typed_is_saved(session, marketing):
    page = marketing.get("/segments/S1/lines/10000/")
    line(session).description = "Theirs"
    line(session).version += 1
    answer = marketing.submit(page, FORM, description="Mine", cost="7", comment="Dear Anna")
    assert answer.status == 409
    assert "Theirs" in answer.source
    answer = marketing.submit(answer, FORM)
    assert answer.status < 400
    assert (line(session).description, line(session).cost, line(session).comment) == ("Mine", 700, "Dear Anna")


def test_two_conflicts_in_the_line_form_lose_nothing(session, marketing):
    page = marketing.get("/segments/S1/lines/10000/")
    line(session).description = "Theirs"
    line(session).comment = "Their comment"
    answer = marketing.submit(page, FORM, description="Mine", comment="My comment")
    assert answer.status == 409
    answer = marketing.submit(answer, FORM)
    if answer.status == 409:
        assert "Their comment" in answer.source
        answer = marketing.submit(answer, FORM)
    assert (line(session).description, line(session).comment) == ("Mine", "My comment")


def test_the_other_fields_of_the_header_are_saved_once_the_wrong_one_is_mended(session, marketing):
    page = marketing.get("/segments/S1")
    answer = marketing.submit(page, "#header", description="Mine", date="someday")
    assert answer.status == 422
    answer = marketing.submit(answer, "#header", date="24/12/2026")
    segment = session.scalar(select(Segment))
    assert (segment.description, segment.date) == ("Mine", dt.date(2026, 12, 24))


def test_a_conflict_in_the_header_keeps_the_other_fields(session, marketing):
    page = marketing.get("/segments/S1")
    session.scalar(select(Segment)).description = "Theirs"
    answer = marketing.submit(page, "#header", description="Mine", date="24/12/2026")
    assert answer.status == 409
    if not marketing.htmx:
        answer = marketing.submit(answer, "#header")
        segment = session.scalar(select(Segment))
        assert (segment.description, segment.date) == ("Mine", dt.date(2026, 12, 24))
