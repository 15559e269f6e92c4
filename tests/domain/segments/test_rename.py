"""Giving a segment another number (R-H01, A8, B26)."""

import pytest

from domain.errors import Conflict, Forbidden, RuleViolation
from domain.interactions.models import LoggedSegment
from domain.segments.lines import add_line
from domain.segments.log import log_segment
from domain.segments.queries import find_segment
from domain.segments.rename import rename_segment
from domain.segments.take_back import take_back
from domain.setup.models import NumberSeries
from tests.domain.segments.ready import make_ready_segment
from tests.factories.contacts import make_contact
from tests.factories.segments import make_segment
from tests.factories.setup import make_actor

BY = make_actor()


def allow_typed(session, allowed=True):
    session.query(NumberSeries).filter_by(code="SEGM").one().manual = allowed
    session.flush()


def test_a_segment_gets_another_number_and_leaves_its_series(session):
    """R-H01: accepted where the series allows typed numbers; then the series is blanked."""
    segment = make_segment(session, no="S1")
    segment.number_series_id = session.query(NumberSeries).filter_by(code="SEGM").one().id
    assert rename_segment(session, segment, " fair-2026 ", by=BY) == "FAIR-2026"
    assert (find_segment(session, "FAIR-2026").id, segment.number_series_id) == (segment.id, None)
    assert find_segment(session, "S1") is None


def test_another_number_is_refused_where_the_series_allows_none(session):
    """R-H01."""
    segment = make_segment(session, no="S1")
    allow_typed(session, False)
    with pytest.raises(RuleViolation, match="does not allow typed numbers") as refusal:
        rename_segment(session, segment, "S2", by=BY)
    assert refusal.value.field == "no"
    assert rename_segment(session, segment, "s1", by=BY) == "S1"  # the same number is no change


def test_a_number_is_unique_over_open_frozen_and_logged_segments(session):
    """A8."""
    make_segment(session, no="OPEN")
    frozen = make_ready_segment(session, no="FROZEN")
    log_segment(session, frozen, deliver=False, follow_up=False, by=BY)
    session.add(LoggedSegment(entry_no=999, segment_no="GONE", created_on=BY.today, created_at=BY.now))
    segment = make_segment(session, no="S1")
    for number in ("OPEN", "FROZEN", "GONE"):
        with pytest.raises(RuleViolation, match="already in use"):
            rename_segment(session, segment, number, by=BY)
    for wrong in ("", "   ", "X" * 21):
        with pytest.raises(RuleViolation) as refusal:
            rename_segment(session, segment, wrong, by=BY)
        assert refusal.value.field == "no"
    with pytest.raises(RuleViolation, match="has been logged"):
        rename_segment(session, frozen, "NEW", by=BY)


def test_a_log_knows_its_follow_up_under_the_new_number(session):
    """A5, A8: a renamed follow-up has been touched, so it stays when the log is taken back."""
    segment = make_ready_segment(session, no="S1")
    done = log_segment(session, segment, deliver=False, follow_up=True, by=BY)
    rename_segment(session, done.follow_up, "NEXT", by=BY)
    assert session.get_one(LoggedSegment, done.logged.id).follow_up_no == "NEXT"
    take_back(session, session.get_one(LoggedSegment, done.logged.id), by=BY)
    assert find_segment(session, "NEXT").id == done.follow_up.id


def test_two_people_giving_numbers_do_not_overwrite_each_other(session):
    """B26."""
    segment = make_segment(session, no="S1")
    rename_segment(session, segment, "THEIRS", by=BY)
    with pytest.raises(Conflict):
        rename_segment(session, segment, "MINE", was="S1", by=BY)


def test_renaming_needs_the_right(session):
    segment = make_segment(session, no="S1")
    add_line(session, segment, make_contact(session), by=BY)
    with pytest.raises(Forbidden):
        rename_segment(session, segment, "S2", by=make_actor(role="read_only"))
