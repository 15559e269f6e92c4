"""Very many lines added, removed or reused in the background, and what is known before (issue: choosing contacts)."""

import pytest
from sqlalchemy import func, select

from domain.errors import Conflict, RuleViolation
from domain.jobs.queue import LostLease
from domain.segments import list_job
from domain.segments.add_contacts import add_by_criteria
from domain.segments.criteria import Criteria
from domain.segments.expected import (
    Expected,
    expected_of_criteria,
    expected_of_logged,
)
from domain.segments.list_job import change_in_background, queue_criteria, queue_reuse_criteria, queue_reuse_logged
from domain.segments.models import SegmentLine
from domain.segments.reduce import reduce_contacts
from domain.segments.saved_criteria import save_criteria, saved_steps
from domain.segments.steps import step_count
from tests.domain.segments.jobs import work
from tests.domain.segments.test_criteria import asking, group
from tests.factories.contacts import make_contact
from tests.factories.interactions import make_entry, make_logged_segment
from tests.factories.segments import make_segment
from tests.factories.setup import make_actor

BY = make_actor()
BERN = asking(group("contact", city="Bern"))


@pytest.fixture
def people(session):
    """Three people of Bern, one of Chur."""
    return [make_contact(session, type="person", name=f"P{n}", city="Bern" if n < 3 else "Chur") for n in range(4)]


def run(session, job, worker="W"):
    return work(session, job, change_in_background, worker=worker, by=BY)


def lines(session, segment):
    session.expire_all()
    listed = select(func.count()).where(SegmentLine.segment_id == segment.id, SegmentLine.removed_step_id.is_(None))
    return session.scalar(listed)


def queue(session, segment, kind, criteria, **options):
    return queue_criteria(session, segment, kind, criteria, options, list_version=segment.list_version, lines=3, by=BY)


def test_add_reduce_and_refine_in_the_background_do_what_they_do_at_once(session, people):
    """R-ADD01, R-RED01: the same steps, and the words of the report."""
    segment = make_segment(session)
    job = queue(session, segment, "add", BERN)
    assert job.title == f"Add contacts to segment {segment.no}"
    assert run(session, job) == {"segment_no": segment.no, "text": "3 found, 3 added."}
    assert (job.state, job.total, job.done) == ("done", 3, 3)
    assert run(session, queue(session, segment, "add", Criteria()))["text"] == "4 found, 1 added, 3 skipped."
    refine = queue(session, segment, "refine", BERN, entire_companies=False)
    assert run(session, refine)["text"] == "3 stay, 1 lines removed."
    emptied = run(session, queue(session, segment, "reduce", BERN))
    assert emptied == {"segment_no": segment.no, "text": "3 found, 3 lines removed.", "emptied": True}
    assert lines(session, segment) == 0
    assert step_count(session, segment) == 4


def test_a_list_that_moved_is_told_before_and_in_the_job(session, people):
    """The second of two people sees that the list has changed; nothing is done."""
    segment = make_segment(session)
    job = queue(session, segment, "add", BERN)
    seen = segment.list_version
    add_by_criteria(session, segment, asking(group("contact", city="Chur")), by=BY)
    with pytest.raises(Conflict, match="changed meanwhile"):
        queue_criteria(session, segment, "add", BERN, {}, list_version=seen, lines=3, by=BY)
    with pytest.raises(Conflict, match="changed meanwhile"):
        run(session, job)
    assert lines(session, segment) == 1


def test_a_worker_that_lost_the_job_changes_nothing(session, people):
    segment = make_segment(session)
    job = queue(session, segment, "add", BERN)
    with pytest.raises(LostLease):
        run(session, job, worker="somebody else")
    assert lines(session, segment) == 0


def test_saved_criteria_and_logged_segments_are_reused_in_the_background(session, people):
    """R-RC02, R-RS02: the result leads to the report of the steps."""
    segment, other = make_segment(session), make_segment(session)
    add_by_criteria(session, segment, BERN, by=BY)
    saved = save_criteria(session, segment, "BERN", "", by=BY)
    version = other.list_version
    done = run(session, queue_reuse_criteria(session, other, saved, list_version=version, lines=3, by=BY))
    assert (done["key"], done["first"], done["last"], done["text"]) == ("BERN", 1, 1, "3 found, 3 added.")
    logged = make_logged_segment(session, "L1")
    for contact in people[:2]:
        make_entry(session, contact, logged_segment=logged, canceled=contact is people[0])
    for with_canceled, added in ((False, 1), (True, 2)):
        job = queue_reuse_logged(
            session,
            other,
            logged,
            with_canceled=with_canceled,
            list_version=other.list_version,
            lines=added,
            by=BY,
        )
        assert run(session, job)["text"] == f"{added} found, {added} added."
    assert lines(session, other) == 6


def test_what_reusing_would_do_is_known_before(session, people, monkeypatch):
    """A filter that finds everybody is told, in saved criteria too; named lists and logged segments are counted."""
    monkeypatch.setattr("domain.segments.expected.NAMED", 1)
    segment = make_segment(session)
    add_by_criteria(session, segment, BERN, by=BY)
    add_by_criteria(session, segment, asking(group("contact", city="*")), by=BY)
    add_by_criteria(session, segment, Criteria(), by=BY)
    reduce_contacts(session, segment, BERN, by=BY)
    saved = save_criteria(session, segment, "ALL", "", by=BY)
    assert expected_of_criteria(session, None, saved, by=BY) == Expected(11, (2, 3))
    logged = make_logged_segment(session, "L1")
    for contact in people:
        make_entry(session, contact, logged_segment=logged, canceled=contact is people[0])
    assert expected_of_logged(session, logged, with_canceled=False).lines == 3
    assert expected_of_logged(session, logged, with_canceled=True).lines == 4


def test_removing_counts_the_lines_it_goes_through(session, people):
    segment, other = make_segment(session), make_segment(session)
    add_by_criteria(session, other, BERN, by=BY)
    reduce_contacts(session, segment, BERN, by=BY)
    saved = save_criteria(session, segment, "OUT", "", by=BY)
    assert expected_of_criteria(session, other, saved, by=BY) == Expected(3)
    assert expected_of_criteria(session, None, saved, by=BY) == Expected(0)


def test_criteria_that_cannot_be_read_are_refused_before_anything_is_queued(session, people):
    segment = make_segment(session)
    add_by_criteria(session, segment, BERN, by=BY)
    saved = save_criteria(session, segment, "OLD", "", by=BY)
    (step,) = session.scalars(saved_steps(saved))
    step.filters = step.filters.replace('"city"', '"telex"')
    with pytest.raises(RuleViolation, match="Step 1 of the criteria OLD"):
        expected_of_criteria(session, segment, saved, by=BY)


def test_only_very_many_lines_wait(session):
    assert list_job.IN_BACKGROUND == 20_000
