"""Random Add, Reduce, Refine, pins, Go back and switching off against the plain model (A3)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import select

from domain.contacts.models import Contact
from domain.segments.add_contacts import AddOptions, add_by_criteria
from domain.segments.criteria import Criteria, GroupFilter, criteria_of
from domain.segments.models import SegmentLine
from domain.segments.pins import pin_contact
from domain.segments.reduce import reduce_contacts, refine_contacts
from domain.segments.step_models import SegmentStepLine
from domain.segments.steps import go_back, step_count, switched_off
from domain.segments.switch_off import switch_off
from domain.segments.switch_off_preview import preview_switch_off
from tests.domain.segments.list_model import ListModel, Person
from tests.factories.contacts import make_contact
from tests.factories.segments import make_segment
from tests.factories.setup import make_actor

BY = make_actor()
CITIES = ["Arvika", "Borås", "Chur"]

cities = st.sets(st.sampled_from(CITIES))
flag = st.booleans()
operation = st.one_of(
    st.tuples(st.just("add"), cities, flag, flag, flag, flag),
    st.tuples(st.just("add"), cities, st.just(False), st.just(False), st.just(False), st.just(True)),
    st.tuples(st.sampled_from(["reduce", "refine"]), cities, flag),
    st.tuples(st.just("pin"), st.integers(0, 7), st.sampled_from(["in", "out"])),
    st.tuples(st.just("back")),
    st.tuples(st.just("off"), st.integers(1, 6)),
)


@pytest.fixture
def people(session):
    """Two companies, four of their persons, two persons alone; in three cities, one blocked, one excluded."""
    first = make_contact(session, name="Alp AG", type="company", city="Arvika")
    second = make_contact(session, name="Berg AB", type="company", city="Borås", exclude_from_segment=True)
    rows = [first, second]
    for number, (company, city) in enumerate([(first, "Borås"), (first, "Chur"), (second, "Arvika"), (second, "Chur")]):
        rows.append(make_contact(session, name=f"Person {number}", type="person", company=company, city=city))
    rows.append(make_contact(session, name="Zoe", type="person", city="Borås"))
    rows.append(make_contact(session, name="Zed", type="person", city="Chur", privacy_blocked=True))
    session.flush()
    order = list(session.scalars(select(Contact.id).order_by(Contact.list_key, Contact.id)))
    return [
        Person(
            one.id,
            order.index(one.id),
            one.company_id or one.id,
            one.city,
            blocked=one.privacy_blocked,
            excluded=one.exclude_from_segment,
        )
        for one in rows
    ]


def criteria(chosen: set[str]) -> Criteria:
    """The contacts of some cities; of all without any."""
    return criteria_of([[GroupFilter("contact", (("city", "|".join(sorted(chosen))),))]], locale="en_GB")


def listed(session, segment):
    """The contact ids on the list, in order."""
    return list(
        session.scalars(
            select(SegmentLine.contact_id)
            .where(SegmentLine.segment_id == segment.id, SegmentLine.removed_step_id.is_(None))
            .order_by(SegmentLine.line_no)
        )
    )


def play(session, segment, model, people, step):
    """One operation on both. Those the product refuses are left out."""
    kind, *given_values = step
    found = {
        one
        for one in people
        if not given_values
        or not isinstance(given_values[0], set)
        or not given_values[0]
        or one.city in given_values[0]
    }
    if kind == "add":
        existing, expand, related, ignore = given_values[1:]
        options = AddOptions(existing, expand, related, ignore)
        add_by_criteria(session, segment, criteria(given_values[0]), options=options, by=BY)
        model.add(found, existing=existing, expand=expand, related=related, ignore=ignore)
    elif kind in ("reduce", "refine"):
        verb = reduce_contacts if kind == "reduce" else refine_contacts
        verb(session, segment, criteria(given_values[0]), entire_companies=given_values[1], by=BY)
        model.reduce(kind, found, entire=given_values[1])
    elif kind == "pin" and not people[given_values[0]].blocked:
        person = people[given_values[0]]
        pin_contact(session, segment, person.id, given_values[1], reason="so", by=BY)
        model.pin_person(person, given_values[1])
    elif kind == "back" and model.steps:
        go_back(session, segment, by=BY)
        model.go_back()
    elif kind == "off":
        possible = [one for one in model.steps if one.kind != "without" and one not in model.off()]
        if given_values[0] <= len(possible):
            off = possible[given_values[0] - 1]
            seen = preview_switch_off(session, segment, off.seq, by=BY)
            done = switch_off(session, segment, off.seq, by=BY)
            assert (seen.went, seen.returned, seen.came_in) == (done.went, done.returned, done.came_in)
            assert seen.after == len(listed(session, segment))
            assert names_of(seen) == names_that_changed(session, done)
            model.switch_off(off)


def names_of(seen):
    """The people a preview of switching a step off names: who goes, comes back, comes in."""
    return [[row.name for row in rows] for rows in (seen.going, seen.returning, seen.coming)]


def names_that_changed(session, done):
    """The same, read from the lines when it has been done."""
    brought = select(SegmentStepLine.line_id).where(SegmentStepLine.step_id == done.step.id)
    own = SegmentStepLine.removed_step_id == done.step.id
    live = SegmentLine.removed_step_id.is_(None)
    conditions = (
        SegmentLine.removed_step_id == done.step.id,
        live & SegmentLine.id.in_(brought.where(~own)),
        live & SegmentLine.id.in_(brought.where(own)),
    )
    lines = select(Contact.name).select_from(SegmentLine).outerjoin(Contact, Contact.id == SegmentLine.contact_id)
    return [list(session.scalars(lines.where(one).order_by(SegmentLine.line_no))) for one in conditions]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(operation, max_size=9))
def test_the_list_is_what_the_model_says_after_every_step(session, people, steps):
    """A3, R-ADD01…R-ADD07, R-RED01…R-RED06, R-B01…R-B03: and going back to the beginning leaves nothing."""
    with session.begin_nested() as savepoint:
        segment, model = make_segment(session), ListModel(people)
        for step in steps:
            note(str(step))
            play(session, segment, model, people, step)
            assert listed(session, segment) == model.listed(), step
            assert step_count(session, segment) == len(model.steps)
            assert set(switched_off(session, segment)) == {one.seq for one in model.off()}
        while model.steps:
            go_back(session, segment, by=BY)
            model.go_back()
            assert listed(session, segment) == model.listed()
        assert listed(session, segment) == []
        savepoint.rollback()
