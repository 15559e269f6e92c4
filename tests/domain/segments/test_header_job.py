"""The two answers to a header change in the background (A2; decisions E: above 20,000 lines)."""

import json

import pytest
from sqlalchemy import select

from domain.errors import RuleViolation
from domain.jobs.models import Job
from domain.jobs.queue import LostLease
from domain.segments import header_job
from domain.segments.header import edit_header
from domain.segments.header_job import KEEP, REPLACE, answer_in_background, is_long_work, queue_answer
from domain.segments.models import SegmentLine
from tests.domain.segments.jobs import work
from tests.factories.contacts import make_contact
from tests.factories.segments import make_segment
from tests.factories.setup import make_actor

BY = make_actor()


def changed_segment(session):
    """Two lines follow a new description, one has its own."""
    segment = make_segment(session, description="Old", contacts=[make_contact(session) for _ in range(3)])
    lines = session.scalars(select(SegmentLine).order_by(SegmentLine.line_no)).all()
    lines[2].description = "Own"
    session.flush()
    (change,) = edit_header(session, segment, {"description": "New"}, by=BY)
    return segment, change.token


def run(session, job, worker="W"):
    return work(session, job, answer_in_background, worker=worker, by=BY)


def descriptions(session):
    session.expire_all()
    return session.scalars(select(SegmentLine.description).order_by(SegmentLine.line_no)).all()


def test_only_segments_with_very_many_lines_wait(session, monkeypatch):
    """Decisions E: above 20,000 lines."""
    segment, _ = changed_segment(session)
    assert header_job.IN_BACKGROUND == 20_000
    assert not is_long_work(session, segment)
    monkeypatch.setattr(header_job, "IN_BACKGROUND", 2)
    assert is_long_work(session, segment)


@pytest.mark.parametrize(
    ("answer", "after", "told"),
    [
        (KEEP, ["Old", "Old", "Own"], "2 lines keep the value they had."),
        (REPLACE, [None, None, None], "1 own value was replaced."),
    ],
)
def test_the_job_does_what_the_answer_does_and_says_so(session, answer, after, told):
    """A2."""
    segment, token = changed_segment(session)
    job = queue_answer(session, segment, token, answer, by=BY)
    run(session, job)
    assert descriptions(session) == after
    assert (job.state, job.total, json.loads(job.result)) == ("done", 3, {"segment_no": segment.no, "text": told})


def test_an_answer_to_a_field_that_changed_again_is_refused_before_and_in_the_job(session):
    """A2: valid until the field changes again."""
    segment, token = changed_segment(session)
    job = queue_answer(session, segment, token, KEEP, by=BY)
    edit_header(session, segment, {"description": "Newer"}, by=BY)
    with pytest.raises(RuleViolation, match="changed again"):
        queue_answer(session, segment, token, KEEP, by=BY)
    with pytest.raises(RuleViolation, match="changed again"):
        run(session, job)
    assert descriptions(session) == [None, None, "Own"]


def test_a_worker_that_lost_the_job_changes_nothing(session):
    """Nothing is done twice: the lines and the end of the job are one transaction."""
    segment, token = changed_segment(session)
    job = queue_answer(session, segment, token, KEEP, by=BY)
    with pytest.raises(LostLease):
        run(session, job, worker="somebody else")
    assert descriptions(session) == [None, None, "Own"]
    assert session.get_one(Job, job.id).state == "running"
