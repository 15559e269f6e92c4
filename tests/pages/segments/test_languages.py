"""The languages of a segment as people edit them: what is typed stays, and two people see both values (B26)."""

import io

import pytest
from sqlalchemy import select

from domain.segments.models import SegmentInteractionLanguage
from tests.factories.interaction_templates import make_template
from tests.factories.segments import make_segment
from tests.factories.setup import make_user

FORM = "//form[@action='/segments/S1/languages/ENG' and .//input[@name='subject']]"


@pytest.fixture
def marketing(session, visitor):
    """A visitor who may edit segments, and a segment with two languages."""
    make_segment(session, no="S1", template=make_template(session, "BUS", languages={"ENG": None, "SVE": None}))
    visitor.sign_in(make_user(session, role="marketing"))
    return visitor


def row(session):
    return next(one for one in session.scalars(select(SegmentInteractionLanguage)) if one.language.code == "ENG")


def test_a_subject_that_is_too_long_stays_typed(session, marketing):
    page = marketing.get("/segments/S1/languages/")
    answer = marketing.submit(page, FORM, subject="x" * 10_000)
    assert answer.status == 422
    assert answer.one("#subject-ENG").get("value") == "x" * 10_000
    assert answer.has("#subject-ENG-error")
    assert answer.one("#subject-SVE").get("value") == ""


def test_a_refused_document_does_not_lose_the_subject(session, marketing):
    page = marketing.get("/segments/S1/languages/")
    values = page.form(FORM) | {"subject": "Mine", "document": (io.BytesIO(b"no letter"), "letter.docx")}
    answer = marketing.post(page.action(FORM), values, files=True)
    assert answer.status == 422
    assert answer.one("#subject-ENG").get("value") == "Mine"
    marketing.submit(answer, FORM)
    assert row(session).subject == "Mine"


def test_a_subject_changed_by_two_people_shows_both_and_can_be_saved_again(session, marketing):
    page = marketing.get("/segments/S1/languages/")
    row(session).subject = "Theirs"
    answer = marketing.submit(page, FORM, subject="Mine")
    assert answer.status == 409
    assert "Theirs" in answer.text("#subject-ENG-error")
    assert answer.one("#subject-ENG").get("value") == "Mine"
    assert row(session).subject == "Theirs"
    marketing.submit(answer, FORM)
    assert row(session).subject == "Mine"
