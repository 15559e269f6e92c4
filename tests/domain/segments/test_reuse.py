"""Saving criteria, reusing them and logged segments (R-SC01…R-SC03, R-RC01…R-RC04, R-RS01…R-RS05, B5, B7)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.contacts.models import Contact
from domain.errors import Conflict, NotFound, RuleViolation
from domain.segments.add_contacts import add_by_criteria
from domain.segments.lines import add_line, remove_lines
from domain.segments.models import SegmentLine
from domain.segments.paste import add_pasted
from domain.segments.pins import pin_contact
from domain.segments.reduce import refine_contacts
from domain.segments.reuse import reuse_criteria, reuse_logged_segment
from domain.segments.saved_criteria import (
    delete_saved_criteria,
    edit_saved_criteria,
    find_saved_criteria,
    get_saved_criteria,
    save_criteria,
    saved_criteria_list,
    saved_steps,
    segments_using,
)
from domain.segments.selection import LineFilter
from domain.segments.steps import go_back, step_count
from domain.segments.switch_off import switch_off
from tests.domain.segments.test_criteria import asking, group
from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_contact
from tests.factories.interactions import make_entry, make_logged_segment
from tests.factories.segments import make_segment
from tests.factories.setup import make_actor

BY = make_actor()


def names(session, segment):
    return list(
        session.scalars(
            select(Contact.name)
            .join(SegmentLine, SegmentLine.contact_id == Contact.id)
            .where(SegmentLine.segment_id == segment.id, SegmentLine.removed_step_id.is_(None))
            .order_by(SegmentLine.line_no)
        )
    )


def test_saving_needs_steps_and_a_new_code(session):
    """E-K01, E-K02, E-K03."""
    segment = make_segment(session)
    with pytest.raises(RuleViolation, match="no steps"):
        save_criteria(session, segment, "SPRING", "", by=BY)
    add_by_criteria(session, segment, asking(group("contact", city="Bern")), by=BY)
    with pytest.raises(RuleViolation, match="Enter a code"):
        save_criteria(session, segment, " ", "", by=BY)
    save_criteria(session, segment, "spring", "People of Bern", by=BY)
    with pytest.raises(RuleViolation, match="SPRING already"):
        save_criteria(session, segment, "Spring", "", by=BY)
    (row,) = session.execute(saved_criteria_list())
    assert (row.code, row.description, row.user_name, row.steps, row.uses) == (
        "SPRING",
        "People of Bern",
        BY.user_name,
        1,
        0,
    )


def test_reused_criteria_find_todays_contacts_step_by_step(session):
    """R-RC02, R-RC03: evaluated again, each run a step that Go back undoes; Refine with its entire companies."""
    alp = make_contact(session, name="Alp AG", city="Bern")
    make_contact(session, name="Ada", company=alp, city="Chur")
    segment = make_segment(session)
    add_by_criteria(session, segment, asking(group("contact", city="Bern|Chur")), by=BY)
    refine_contacts(session, segment, asking(group("contact", city="Bern")), entire_companies=True, by=BY)
    saved = save_criteria(session, segment, "BERN", "", by=BY)
    make_contact(session, name="Ben", company=alp, city="Chur")
    make_contact(session, name="Zoe", type="person", city="Chur")
    other = make_segment(session)
    assert len(reuse_criteria(session, other, saved, by=BY)) == 2
    assert sorted(names(session, other)) == ["Ada", "Alp AG", "Ben"]
    go_back(session, other, by=BY)
    assert sorted(names(session, other)) == ["Ada", "Alp AG", "Ben", "Zoe"]
    assert [(row.no, row.is_logged) for row in segments_using(session, saved)] == [(other.no, False)]


def test_lists_lines_and_pins_are_kept_as_the_contacts_they_were(session):
    """R-SC02: a pasted list in its order, a line added and removed by hand, a pin with its reason."""
    people = [make_contact(session, no, type="person", name=no) for no in ("P3", "P1", "P2", "P4")]
    segment = make_segment(session)
    add_pasted(session, segment, "P3\nP1\nP2", by=BY)
    line = add_line(session, segment, people[3], by=BY).line
    remove_lines(session, segment, LineFilter(line_nos=[line.line_no]), by=BY)
    pin_contact(session, segment, people[3], "in", reason="After all", by=BY)
    saved = save_criteria(session, segment, "LIST", "", by=BY)
    assert [row.kind for row in session.scalars(saved_steps(saved))] == ["add", "add", "reduce", "pin"]
    other = make_segment(session)
    reuse_criteria(session, other, saved, by=BY)
    assert names(session, other) == ["P3", "P1", "P2", "P4"]


def test_steps_switched_off_are_not_saved(session):
    """A3: the criteria are those the list is made of."""
    make_contact(session, name="Ada", type="person", city="Bern")
    segment = make_segment(session)
    add_by_criteria(session, segment, asking(group("contact", city="Bern")), by=BY)
    add_by_criteria(session, segment, asking(group("contact", city="Chur")), by=BY)
    switch_off(session, segment, 2, by=BY)
    saved = save_criteria(session, segment, "ONE", "", by=BY)
    assert [row.seq for row in session.scalars(saved_steps(saved))] == [1]


def test_criteria_whose_field_has_gone_change_nothing(session):
    """Bad input: the step is named, in one sentence."""
    segment = make_segment(session)
    add_by_criteria(session, segment, asking(group("contact", city="Bern")), by=BY)
    saved = save_criteria(session, segment, "OLD", "", by=BY)
    (step,) = session.scalars(saved_steps(saved))
    step.filters = step.filters.replace('"city"', '"telex"')
    other = make_segment(session)
    with pytest.raises(RuleViolation, match="Step 1 of the criteria OLD"):
        reuse_criteria(session, other, saved, by=BY)
    assert step_count(session, other) == 0


def test_saved_criteria_are_renamed_and_deleted(session):
    """Rename with was-values (B26), delete leaves the segments."""
    segment = make_segment(session)
    add_by_criteria(session, segment, asking(group("contact", city="Bern")), by=BY)
    saved = save_criteria(session, segment, "A", "First", by=BY)
    reuse_criteria(session, segment, saved, by=BY)
    edit_saved_criteria(session, saved, {"code": "b"}, was={"code": "A"}, by=BY)
    assert get_saved_criteria(session, "B") is saved
    with pytest.raises(Conflict):
        edit_saved_criteria(session, saved, {"description": "Mine"}, was={"description": "Older"}, by=BY)
    delete_saved_criteria(session, saved, by=BY)
    assert find_saved_criteria(session, "B") is None
    with pytest.raises(NotFound):
        get_saved_criteria(session, "B")
    assert step_count(session, segment) == 2


def test_a_logged_segment_gives_its_entries_in_order_with_their_campaigns(session):
    """R-RS02, R-RS03, B7: duplicates kept, no contact and cancelled left out, blocked skipped."""
    ada, ben = make_contact(session, name="Ada", type="person"), make_contact(session, name="Ben", type="person")
    gone = make_contact(session, name="Gone", type="person", privacy_blocked=True)
    campaign = make_campaign(session)
    logged = make_logged_segment(session, "SM9")
    make_entry(session, ben, logged_segment=logged, campaign=campaign)
    make_entry(session, ada, logged_segment=logged)
    make_entry(session, ben, logged_segment=logged)
    make_entry(session, ada, logged_segment=logged, canceled=True)
    make_entry(session, None, logged_segment=logged)
    make_entry(session, gone, logged_segment=logged)
    segment = make_segment(session, campaign=campaign)
    done = reuse_logged_segment(session, segment, logged, by=BY)
    assert (done.found, done.added, done.skipped) == (4, 3, {"blocked": 1})
    assert names(session, segment) == ["Ben", "Ada", "Ben"]
    lines = session.scalars(
        select(SegmentLine).where(SegmentLine.segment_id == segment.id).order_by(SegmentLine.line_no)
    ).all()
    assert [(line.campaign_id, line.no_campaign) for line in lines] == [(None, False), (None, True), (None, True)]
    with_all = make_segment(session)
    assert reuse_logged_segment(session, with_all, logged, with_canceled=True, by=BY).added == 4
    saved = save_criteria(session, with_all, "AGAIN", "", by=BY)
    third = make_segment(session)
    reuse_criteria(session, third, saved, by=BY)
    assert names(session, third) == ["Ben", "Ada", "Ben", "Ada"]
