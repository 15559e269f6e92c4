"""Lines by hand (1.2, A1, B2, B3, B4, R-K01…R-K04, R-L01, R-L09b, R-L30, CRI-002, Q-05)."""

from __future__ import annotations

import json

import pytest

from domain.errors import NotFound, RuleViolation
from domain.segments.edit_line import edit_line
from domain.segments.lines import add_line, change_contact, get_line, remove_lines
from domain.segments.selection import LineFilter
from domain.segments.step_models import SegmentStep
from domain.segments.steps import go_back, reset_steps, step_count, step_list
from tests.domain.segments.lines import listed
from tests.factories.contacts import make_contact
from tests.factories.segments import make_segment
from tests.factories.setup import make_actor

BY = make_actor()


def numbers(session, segment):
    return [line.line_no for line in listed(session, segment)]


def steps(session, segment):
    return [(step.seq, step.kind, step.changed) for step in session.scalars(step_list(segment))]


def test_a_contact_typed_is_a_line_and_a_step(session):
    """CRI-002, R-K01, R-K04: one line, one step with the contact as its filter."""
    contact = make_contact(session, "C7", name="Nordic")
    segment = make_segment(session)
    added = add_line(session, segment, "nordic", by=make_actor(user_name="Anna"))
    assert (added.line.line_no, added.line.contact_id, added.warnings) == (10_000, contact.id, ())
    (step,) = session.scalars(step_list(segment))
    assert (step.kind, step.source, step.user_name) == ("add", "line", "Anna")
    assert json.loads(step.filters) == {"contact": {"no": "C7"}}
    assert added.line.added_step_id == step.id
    assert step_count(session, segment) == 1


def test_unknown_and_blocked_contacts_are_refused_and_record_nothing(session):
    """B2, E-H06: the reason stands on the field."""
    segment = make_segment(session)
    make_contact(session, "C1", name="Secret", privacy_blocked=True)
    for given, sentence in (("C9", "There is no contact C9"), ("", "Choose a contact"), ("C1", "blocked for privacy")):
        with pytest.raises(RuleViolation, match=sentence) as refused:
            add_line(session, segment, given, by=BY)
        assert refused.value.field == "contact"
    assert steps(session, segment) == []


def test_excluded_contacts_and_duplicates_are_added_with_a_warning(session):
    """B3, B4, R-L09b."""
    contact = make_contact(session, exclude_from_segment=True)
    segment = make_segment(session)
    assert add_line(session, segment, contact, by=BY).warnings == ("excluded",)
    assert add_line(session, segment, contact.id, by=BY).warnings == ("excluded", "duplicate")
    assert len(listed(session, segment)) == 2


def test_line_numbers(session):
    """1.2: step 10,000; inserted between they take the middle; without room they come last."""
    contacts = [make_contact(session) for _ in range(20)]
    segment = make_segment(session)
    for contact in contacts[:2]:
        add_line(session, segment, contact, by=BY)
    assert add_line(session, segment, contacts[2], after=10_000, by=BY).line.line_no == 15_000
    for contact in contacts[3:18]:
        last = add_line(session, segment, contact, after=10_000, by=BY).line.line_no
    assert last > 20_000
    assert add_line(session, segment, contacts[18], after=last, by=BY).line.line_no == last + 10_000
    assert len(set(numbers(session, segment))) == 19


def test_numbers_are_never_given_twice(session):
    """A1: removed lines and those of undone steps keep theirs."""
    segment = make_segment(session)
    for _ in range(2):
        add_line(session, segment, make_contact(session), by=BY)
    add_line(session, segment, make_contact(session), after=10_000, by=BY)
    go_back(session, segment, by=BY)
    assert add_line(session, segment, make_contact(session), after=10_000, by=BY).line.line_no == 12_500
    remove_lines(session, segment, LineFilter(line_nos=[20_000]), by=BY)
    assert add_line(session, segment, make_contact(session), by=BY).line.line_no == 30_000
    go_back(session, segment, by=BY)
    assert add_line(session, segment, make_contact(session), by=BY).line.line_no == 40_000


def test_a_middle_number_is_never_given_twice(session):
    """A1: the middle of two neighbours after Go back, again and again, and behind a line that a reset took away."""
    segment = make_segment(session)
    given = [add_line(session, segment, make_contact(session), by=BY).line.line_no for _ in range(2)]
    for _ in range(16):  # the room between 10,000 and 20,000 is used up on the way
        given.append(add_line(session, segment, make_contact(session), after=10_000, by=BY).line.line_no)
        go_back(session, segment, by=BY)
    line = listed(session, segment)[0]
    given.append(change_contact(session, segment, line, make_contact(session), by=BY).line.line_no)
    remove_lines(session, segment, LineFilter(), by=BY)
    reset_steps(session, segment, by=BY)
    given += [add_line(session, segment, make_contact(session), by=BY).line.line_no for _ in range(2)]
    for behind in (10_000, 15_000, given[-2]):
        given.append(add_line(session, segment, make_contact(session), after=behind, by=BY).line.line_no)
    assert len(given) == len(set(given)), given


def test_another_contact_takes_the_place_of_a_line(session):
    """A1, R-K03: the line goes (a step), a fresh one comes right after it (a step)."""
    old, new, last = (make_contact(session) for _ in range(3))
    segment = make_segment(session)
    for contact in (old, last):
        add_line(session, segment, contact, by=BY)
    line = listed(session, segment)[0]
    edit_line(session, line, {"description": "Own", "comment": "Dear"}, by=BY)
    changed = change_contact(session, segment, line, new, by=BY)
    assert (changed.line.line_no, changed.line.description, changed.line.comment) == (15_000, None, "")
    assert [one.contact_id for one in listed(session, segment)] == [new.id, last.id]
    assert [kind for _, kind, _ in steps(session, segment)] == ["add", "add", "remove", "add"]
    go_back(session, segment, by=BY)
    go_back(session, segment, by=BY)
    first = listed(session, segment)[0]
    assert (first.line_no, first.contact_id, first.description, first.comment) == (10_000, old.id, "Own", "Dear")


def test_the_same_contact_again_changes_nothing(session):
    """A1 instead of R-L01: own values stay, no step."""
    contact = make_contact(session)
    segment = make_segment(session, contacts=[contact])
    (line,) = listed(session, segment)
    edit_line(session, line, {"description": "Own"}, by=BY)
    assert change_contact(session, segment, line, contact.no, by=BY) is None
    assert (listed(session, segment)[0].description, steps(session, segment)) == ("Own", [])


def test_removing_lines_is_one_step(session):
    """R-K02: however many lines; they stay marked."""
    segment = make_segment(session, contacts=[make_contact(session) for _ in range(4)])
    gone = remove_lines(session, segment, LineFilter(line_nos=[10_000, 30_000]), by=BY)
    assert (gone.removed, gone.may_reset) == (2, False)
    assert numbers(session, segment) == [20_000, 40_000]
    assert steps(session, segment) == [(1, "remove", 2)]
    with pytest.raises(NotFound, match="removed meanwhile"):
        remove_lines(session, segment, LineFilter(line_nos=[10_000]), by=BY)
    with pytest.raises(NotFound):
        get_line(session, segment, 10_000)


def test_removing_all_that_match(session):
    """All n matching, as an explicit choice."""
    contacts = [make_contact(session, name=name) for name in ("Anna Ek", "Bo Ek", "Carl Al")]
    segment = make_segment(session, contacts=contacts)
    assert remove_lines(session, segment, LineFilter(search="ék"), by=BY).removed == 2
    step = session.scalars(step_list(segment)).one()
    assert json.loads(step.filters)["lines"]["search"] == "ék"
    assert [line.contact_id for line in listed(session, segment)] == [contacts[2].id]


def test_emptying_a_segment_may_reset_it(session):
    """Q-05, R-L30: asked with two steps or more; reset throws steps and removed lines away for good."""
    segment = make_segment(session)
    add_line(session, segment, make_contact(session), by=BY)
    with pytest.raises(RuleViolation, match="Only an empty segment"):
        reset_steps(session, segment, by=BY)
    assert remove_lines(session, segment, LineFilter(), by=BY).may_reset
    reset_steps(session, segment, by=BY)
    assert step_count(session, segment) == 0
    assert session.query(SegmentStep).count() == 0
    with pytest.raises(RuleViolation):
        go_back(session, segment, by=BY)
    assert add_line(session, segment, make_contact(session), by=BY).line.line_no == 20_000
    assert remove_lines(session, segment, LineFilter(), by=BY).may_reset


def test_one_step_alone_is_not_worth_asking(session):
    """Q-05: a single step (the removal) does not ask."""
    segment = make_segment(session, contacts=[make_contact(session)])
    assert not remove_lines(session, segment, LineFilter(), by=BY).may_reset
