"""One task per contact of a segment (R-TK01, contacts.md 2.15)."""

from __future__ import annotations

import pytest
from sqlalchemy import event, insert, select

from domain.contacts.models import Contact
from domain.errors import Forbidden, RuleViolation
from domain.segments.models import SegmentLine
from domain.setup.models import MarketingSetup, NumberSeriesLine
from domain.tasks.models import Task
from domain.tasks.segment_tasks import Expected, NewTasks, create_segment_tasks, expected_tasks
from domain.tasks.tasks import close_task
from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_contact
from tests.factories.segments import make_line, make_segment, make_step
from tests.factories.setup import TODAY, make_actor, make_salesperson
from tests.factories.tasks import make_task

CALL = NewTasks("phone_call", " Ask about the catalogue ", TODAY, "high")


def tasks(session):
    session.expire_all()
    return list(session.scalars(select(Task).order_by(Task.no)))


def test_every_contact_on_the_list_gets_one(session):
    campaign = make_campaign(session)
    people = [make_contact(session) for _ in range(4)]
    segment = make_segment(session, "S1", contacts=people[:3], campaign_id=campaign.id)
    make_line(session, segment, people[0])
    make_line(session, segment)
    make_line(session, segment, people[3], removed_step_id=make_step(session, segment).id)
    assert expected_tasks(session, segment) == Expected(3, 0, 0, 0)
    by = make_actor(user_name="Anna")
    assert create_segment_tasks(session, segment, CALL, by=by) == 3
    made = tasks(session)
    assert [one.no for one in made] == ["TD000001", "TD000002", "TD000003"]
    assert [one.contact_id for one in made] == sorted(one.id for one in people[:3])
    assert {
        (one.type, one.description, one.date, one.priority, one.status, one.closed, one.canceled) for one in made
    } == {("phone_call", "Ask about the catalogue", TODAY, "high", "not_started", False, False)}
    assert {(one.salesperson_id, one.campaign_id, one.segment_id) for one in made} == {
        (segment.salesperson_id, campaign.id, segment.id)
    }
    assert {(one.user_name, one.version, one.closed_by) for one in made} == {("Anna", 1, "")}
    close_task(session, made[0], by=by)


def test_blocked_contacts_and_those_of_nobody_get_none(session):
    company = make_contact(session, privacy_blocked=True)
    anna, gone = make_salesperson(session, "AB"), make_salesperson(session, "XX", blocked=True)
    people = [
        company,
        make_contact(session, company=company),
        make_contact(session, salesperson_id=gone.id),
        make_contact(session),
        make_contact(session, salesperson_id=anna.id),
    ]
    segment = make_segment(session, contacts=people, salesperson_id=None)
    assert expected_tasks(session, segment) == Expected(1, 2, 2, 0)
    assert create_segment_tasks(session, segment, CALL, by=make_actor()) == 1
    assert [(one.contact_id, one.salesperson_id) for one in tasks(session)] == [(people[4].id, anna.id)]


def test_who_has_an_open_task_of_the_segment_gets_another_only_when_asked_for(session):
    people = [make_contact(session) for _ in range(2)]
    segment = make_segment(session, contacts=people)
    make_task(session, contact=people[0], segment_id=segment.id)
    make_task(session, contact=people[1], segment_id=segment.id, closed=True)
    make_task(session, contact=people[1])
    by = make_actor()
    assert expected_tasks(session, segment).present == 1
    assert create_segment_tasks(session, segment, CALL, by=by) == 1
    with pytest.raises(RuleViolation, match="Nobody on this segment"):
        create_segment_tasks(session, segment, CALL, by=by)
    assert create_segment_tasks(session, segment, CALL, again=True, by=by) == 2


def test_numbers_in_use_are_passed_over_and_a_series_that_ends_refuses_all(session):
    segment = make_segment(session, contacts=[make_contact(session) for _ in range(3)])
    make_task(session, "TD000002")
    by = make_actor()
    create_segment_tasks(session, segment, CALL, by=by)
    assert [one.no for one in tasks(session)] == ["TD000001", "TD000002", "TD000003", "TD000004"]
    series_id = session.get(MarketingSetup, 1).task_series_id
    line = session.scalars(select(NumberSeriesLine).where(NumberSeriesLine.series_id == series_id)).one()
    line.ending_no = "TD000006"
    with pytest.raises(RuleViolation, match="used up"):
        create_segment_tasks(session, segment, CALL, again=True, by=by)
    assert len(tasks(session)) == 4


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (NewTasks("party", "x", TODAY), "type"),
        (NewTasks("", "  ", TODAY), "description"),
        (NewTasks("", "x" * 101, TODAY), "description"),
        (NewTasks("", "x", None), "date"),
        (NewTasks("", "x", TODAY.replace(year=3000)), "date"),
        (NewTasks("", "x", TODAY, "urgent"), "priority"),
    ],
)
def test_what_the_tasks_cannot_be(session, new, field):
    segment = make_segment(session, contacts=[make_contact(session)])
    with pytest.raises(RuleViolation) as refused:
        create_segment_tasks(session, segment, new, by=make_actor())
    assert refused.value.field == field


def test_a_blocked_salesperson_of_the_segment_is_refused(session):
    gone = make_salesperson(session, "XX", blocked=True)
    segment = make_segment(session, contacts=[make_contact(session)], salesperson_id=gone.id)
    with pytest.raises(RuleViolation, match="XX is blocked"):
        create_segment_tasks(session, segment, CALL, by=make_actor())


def test_it_needs_the_rights_of_segments_and_tasks(session):
    segment = make_segment(session, contacts=[make_contact(session)])
    for role in ("read_only", "salesperson"):
        with pytest.raises(Forbidden):
            create_segment_tasks(session, segment, CALL, by=make_actor(role=role))
    assert create_segment_tasks(session, segment, CALL, by=make_actor(role="salesperson_log")) == 1


def test_very_many_take_a_handful_of_statements(session):
    segment = make_segment(session)
    contact = make_contact(session, "X")
    columns = {one.name: getattr(contact, one.name) for one in Contact.__table__.columns}
    del columns["id"]
    session.execute(insert(Contact), [columns | {"no": f"Z{i}", "company_id": None} for i in range(3_000)])
    ids = session.scalars(select(Contact.id).where(Contact.no.like("Z%"))).all()
    lines = [{"segment_id": segment.id, "line_no": place, "contact_id": one} for place, one in enumerate(ids, 1)]
    session.execute(insert(SegmentLine), lines)
    statements = []

    def note(connection, cursor, statement, *rest):
        statements.append(statement.lstrip()[:40])

    event.listen(session.get_bind().engine, "before_cursor_execute", note)
    try:
        assert create_segment_tasks(session, segment, CALL, by=make_actor()) == 3_000
    finally:
        event.remove(session.get_bind().engine, "before_cursor_execute", note)
    assert len(statements) <= 12
    assert sum("INSERT INTO task" in one for one in statements) == 1
    numbers = session.scalars(select(Task.no).order_by(Task.id)).all()
    assert numbers == [f"TD{i:06}" for i in range(1, 3_001)]
