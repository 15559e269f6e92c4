"""Steps and Go back (A3, B27, R-B01…R-B04, CRI-D14)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.contacts.models import Contact
from domain.errors import NotFound, RuleViolation
from domain.segments.add_contacts import AddOptions, add_contacts
from domain.segments.edit_line import edit_line
from domain.segments.lines import add_line, remove_lines
from domain.segments.models import SegmentLine
from domain.segments.selection import LineFilter
from domain.segments.steps import (
    bring_back,
    get_step,
    go_back,
    last_step,
    skipped_contacts,
    step_count,
    step_list,
)
from tests.domain.segments.lines import listed
from tests.factories.contacts import make_contact
from tests.factories.documents import make_document
from tests.factories.segments import make_segment
from tests.factories.setup import make_actor

BY = make_actor()


def kinds(session, segment):
    return [(step.seq, step.kind) for step in session.scalars(step_list(segment))]


def test_removed_lines_return_to_their_place_with_everything(session):
    """A3: own values, comment and document; NAV loses them."""
    segment = make_segment(session)
    for _ in range(3):
        add_line(session, segment, make_contact(session), by=BY)
    middle = listed(session, segment)[1]
    document = make_document(session)
    edit_line(session, middle, {"description": "Own", "comment": "Dear", "document": document}, by=BY)
    remove_lines(session, segment, LineFilter(line_nos=[middle.line_no]), by=BY)
    undone = go_back(session, segment, by=BY)
    assert (undone.kind, undone.seq, undone.returned, undone.removed) == ("remove", 4, 1, 0)
    back = listed(session, segment)[1]
    assert (back.id, back.line_no, back.description, back.comment, back.document_id) == (
        middle.id,
        20_000,
        "Own",
        "Dear",
        document.id,
    )


def test_going_back_over_an_addition_removes_exactly_what_it_added(session):
    """CRI-D14: the line of the same contact that was there before stays."""
    contact = make_contact(session)
    segment = make_segment(session, contacts=[contact])
    add_contacts(session, segment, select(Contact.id), options=AddOptions(allow_existing=True), by=BY)
    assert len(listed(session, segment)) == 2
    assert go_back(session, segment, by=BY).removed == 1
    assert [line.line_no for line in listed(session, segment)] == [10_000]


def test_back_to_the_empty_segment(session):
    """R-B03, R-B04: repeated to the beginning, never a question; then there is nothing to go back to."""
    segment = make_segment(session)
    add_line(session, segment, make_contact(session), by=BY)
    add_line(session, segment, make_contact(session), by=BY)
    remove_lines(session, segment, LineFilter(), by=BY)
    counts = []
    while step_count(session, segment):
        go_back(session, segment, by=BY)
        counts.append(len(listed(session, segment)))
    assert counts == [2, 1, 0]
    with pytest.raises(RuleViolation, match="no step"):
        go_back(session, segment, by=BY)


def test_a_new_step_after_going_back_takes_the_number(session):
    """A3: No. of criteria actions = number of steps; undone ones are not counted or listed."""
    segment = make_segment(session)
    add_line(session, segment, make_contact(session), by=BY)
    add_line(session, segment, make_contact(session), by=BY)
    go_back(session, segment, by=BY)
    assert (step_count(session, segment), kinds(session, segment)) == (1, [(1, "add")])
    remove_lines(session, segment, LineFilter(), by=BY)
    assert kinds(session, segment) == [(1, "add"), (2, "remove")]
    assert last_step(session, segment).kind == "remove"


def test_a_step_that_changed_nothing_is_still_a_step(session):
    """A3, R-ADD01."""
    segment = make_segment(session)
    added = add_contacts(session, segment, select(Contact.id).where(Contact.no == "?"), by=BY)
    assert (added.found, added.added) == (0, 0)
    assert kinds(session, segment) == [(1, "add")]
    undone = go_back(session, segment, by=BY)
    assert (undone.returned, undone.removed, step_count(session, segment)) == (0, 0, 0)


def test_somebody_else_has_added_a_step(session):
    """Two tabs: the step the user saw is no longer the last."""
    segment = make_segment(session)
    add_line(session, segment, make_contact(session), by=BY)
    add_line(session, segment, make_contact(session), by=BY)
    with pytest.raises(RuleViolation, match="Someone else"):
        go_back(session, segment, seq=1, by=BY)
    go_back(session, segment, seq=2, by=BY)


def test_a_removal_that_is_not_the_last_step_is_brought_back_by_a_step(session):
    """B27: and Go back takes that step back, too."""
    segment = make_segment(session, contacts=[make_contact(session) for _ in range(3)])
    removal = remove_lines(session, segment, LineFilter(line_nos=[10_000, 20_000]), by=BY).step
    add_line(session, segment, make_contact(session), by=BY)
    brought = bring_back(session, segment, removal, by=BY)
    assert brought.returned == 2
    assert [line.line_no for line in listed(session, segment)] == [10_000, 20_000, 30_000, 40_000]
    assert kinds(session, segment) == [(1, "remove"), (2, "add"), (3, "bring_back")]
    with pytest.raises(RuleViolation, match="back already"):
        bring_back(session, segment, get_step(session, segment, 1), by=BY)
    assert go_back(session, segment, by=BY).removed == 2
    assert [line.line_no for line in listed(session, segment)] == [30_000, 40_000]
    go_back(session, segment, by=BY)
    go_back(session, segment, by=BY)
    assert [line.line_no for line in listed(session, segment)] == [10_000, 20_000, 30_000]


def test_the_last_removal_is_simply_gone_back_over(session):
    """B27: Go back while it is the last step."""
    segment = make_segment(session, contacts=[make_contact(session)])
    removal = remove_lines(session, segment, LineFilter(), by=BY).step
    bring_back(session, segment, removal, by=BY)
    assert (kinds(session, segment), len(listed(session, segment))) == ([], 1)
    with pytest.raises(NotFound):
        bring_back(session, segment, removal, by=BY)


def test_lines_of_other_segments_are_left_alone(session):
    """A3."""
    other = make_segment(session, contacts=[make_contact(session)])
    segment = make_segment(session, contacts=[make_contact(session)])
    remove_lines(session, segment, LineFilter(), by=BY)
    assert len(listed(session, other)) == 1
    assert session.query(SegmentLine).filter(SegmentLine.removed_step_id.is_not(None)).count() == 1


def test_skipped_contacts_go_with_the_step(session):
    """A3: and they come again when the step is done again."""
    segment = make_segment(session)
    make_contact(session, "C1", privacy_blocked=True)
    for _ in range(2):
        added = add_contacts(session, segment, select(Contact.id), by=BY)
        assert [(row.no, row.reason) for row in session.execute(skipped_contacts(added.step))] == [("C1", "blocked")]
        step = added.step
        go_back(session, segment, by=BY)
        assert session.execute(skipped_contacts(step)).all() == []
