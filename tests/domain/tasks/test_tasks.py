"""Tasks: made, changed, closed, and what becomes of them when what they are about goes (contacts.md 1.8, 2.15)."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import event, select, text

from domain.campaigns.campaigns import delete_campaign
from domain.contacts.delete import delete_contact
from domain.contacts.edit import edit_contact
from domain.errors import Conflict, Forbidden, NotFound, RuleViolation
from domain.interactions.models import InteractionLogEntry
from domain.segments.delete import delete_segment
from domain.segments.models import ContactExport
from domain.setup.salespeople import delete_salesperson
from domain.tasks.models import Task
from domain.tasks.queries import (
    TaskFilters,
    count_tasks,
    get_task,
    my_tasks,
    open_tasks,
    select_open_tasks,
    task_page,
)
from domain.tasks.tasks import (
    cancel_task,
    close_task,
    create_task,
    date_warning,
    delete_task,
    edit_task,
    reopen_task,
)
from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_contact
from tests.factories.drafts import make_draft
from tests.factories.interactions import make_entry
from tests.factories.segments import make_line, make_segment
from tests.factories.setup import NOW, TODAY, make_actor, make_office, make_salesperson, make_user
from tests.factories.tasks import make_task

DAY = dt.timedelta(days=1)


@pytest.fixture
def anna(session):
    make_office(session)
    return make_salesperson(session, "AB", name="Anna Berg")


@pytest.fixture
def by(anna):
    return make_actor(salesperson_id=anna.id)


def test_a_task_begins_with_the_next_number_the_work_date_and_my_salesperson(session, anna):
    day = TODAY + 3 * DAY
    by = make_actor(salesperson_id=anna.id, work_date=day)
    task = create_task(session, description=" Send the prices ", by=by)
    assert (task.no, task.description, task.date, task.salesperson_id) == ("TD000001", "Send the prices", day, anna.id)
    assert (task.type, task.status, task.priority, task.closed) == ("", "not_started", "normal", False)
    assert create_task(session, description="Next", by=by).no == "TD000002"
    assert create_task(session, no="td7", description="Typed", by=by).no == "TD7"
    with pytest.raises(RuleViolation, match="TD7 is already in use"):
        create_task(session, no="TD7", description="Again", by=by)


def test_without_a_salesperson_of_mine_it_is_the_contacts(session, anna):
    contact = make_contact(session, salesperson_id=anna.id)
    assert create_task(session, contact_id=contact.id, by=make_actor()).salesperson_id == anna.id
    with pytest.raises(RuleViolation, match="Choose a salesperson") as refused:
        create_task(session, description="Nobody's", by=make_actor())
    assert refused.value.field == "salesperson_id"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"date": None}, "date"),
        ({"date": dt.date(1899, 12, 31)}, "date"),
        ({"date": dt.date(3000, 1, 1)}, "date"),
        ({"type": "party"}, "type"),
        ({"status": "done"}, "status"),
        ({"priority": "urgent"}, "priority"),
        ({"description": ""}, "description"),
        ({"description": "x" * 101}, "description"),
        ({"description": "a\x00b"}, "description"),
        ({"contact_id": 987_654}, "contact_id"),
        ({"campaign_id": 987_654}, "campaign_id"),
        ({"segment_id": 987_654}, "segment_id"),
        ({"salesperson_id": 987_654}, "salesperson_id"),
        ({"no": "x" * 21}, "no"),
    ],
)
def test_what_a_task_cannot_be(session, by, values, field):
    with pytest.raises(RuleViolation) as refused:
        create_task(session, **({"description": "To do"} | values), by=by)
    assert refused.value.field == field
    assert session.scalars(select(Task)).all() == []


def test_a_date_far_away_is_stored_and_told(session, by):
    assert date_warning(create_task(session, description="x", date=TODAY + 400 * DAY, by=by), by=by) is None
    ahead = create_task(session, description="x", date=dt.date(2126, 11, 24), by=by)
    ago = create_task(session, description="x", date=dt.date(1926, 11, 24), by=by)
    assert "far in the future" in str(date_warning(ahead, by=by))
    assert "far in the past" in str(date_warning(ago, by=by))


def test_blocked_contacts_get_no_task(session, by):
    company = make_contact(session, "C1", privacy_blocked=True)
    person = make_contact(session, "P1", company=company)
    for contact in (company, person):
        with pytest.raises(RuleViolation, match=r"\(C1\) is blocked for privacy") as refused:
            create_task(session, contact_id=contact.id, by=by)
        assert refused.value.field == "contact_id"
    task = make_task(session, contact=person)
    assert edit_task(session, task, changes={"contact_id": person.id, "priority": "high"}, by=by).priority == "high"


def test_a_blocked_salesperson_stays_and_is_not_chosen(session, by):
    gone = make_salesperson(session, "XX", blocked=True)
    with pytest.raises(RuleViolation, match="XX is blocked"):
        create_task(session, description="x", salesperson_id=gone.id, by=by)
    task = make_task(session, salesperson_id=gone.id)
    edit_task(session, task, changes={"salesperson_id": gone.id, "type": "meeting"}, by=by)
    assert task.type == "meeting"


def test_completed_is_closed_and_reopened_is_in_progress(session, by):
    task = create_task(session, description="x", by=by)
    close_task(session, task, by=by)
    assert (task.status, task.closed, task.closed_on, task.closed_by) == ("completed", True, TODAY, "Tester")
    with pytest.raises(Conflict, match="closed by Tester"):
        close_task(session, task, by=by)
    with pytest.raises(Conflict):
        edit_task(session, task, changes={"description": "y"}, by=by)
    reopen_task(session, task, by=by)
    assert (task.status, task.closed, task.closed_on, task.closed_by) == ("in_progress", False, None, "")
    edit_task(session, task, changes={"status": "completed"}, by=by)
    assert task.closed


def test_cancelled_implies_closed_and_only_cancelled_ones_are_deleted(session, by):
    task = create_task(session, description="x", by=by)
    with pytest.raises(RuleViolation, match="Cancel the task first"):
        delete_task(session, task, by=by)
    cancel_task(session, task, by=by)
    assert (task.status, task.canceled, task.closed) == ("not_started", True, True)
    with pytest.raises(Conflict, match="cancelled by Tester"):
        cancel_task(session, task, by=by)
    reopen_task(session, task, by=by)
    assert (task.status, task.canceled, task.closed) == ("not_started", False, False)
    cancel_task(session, task, by=by)
    entry, draft = make_entry(session, task_id=task.id), make_draft(session, make_contact(session))
    draft.task_id = task.id
    delete_task(session, task, by=by)
    assert session.scalars(select(Task)).all() == []
    assert session.get(InteractionLogEntry, entry.id).task_id is None
    assert draft.task_id is None


@pytest.mark.parametrize("verb", ["edit", "close", "cancel", "reopen"])
def test_salespeople_change_their_own_tasks(session, anna, verb):
    other = make_salesperson(session, "XY")
    user = make_user(session, role="salesperson", salesperson_id=anna.id)
    by = make_actor(user)
    do = {
        "edit": lambda task, by: edit_task(session, task, changes={"priority": "low"}, by=by),
        "close": lambda task, by: close_task(session, task, by=by),
        "cancel": lambda task, by: cancel_task(session, task, by=by),
        "reopen": lambda task, by: reopen_task(session, task, by=by),
    }[verb]
    do(make_task(session, salesperson_id=anna.id), by)
    do(make_task(session, salesperson_id=other.id, user_id=user.id), by)
    do(make_task(session, salesperson_id=other.id), make_actor(role="marketing"))
    with pytest.raises(Forbidden):
        do(make_task(session, salesperson_id=other.id), by)
    with pytest.raises(Forbidden):
        do(make_task(session, salesperson_id=anna.id), make_actor(role="read_only", salesperson_id=anna.id))


def test_who_may_create_and_delete(session, anna):
    create_task(session, description="x", by=make_actor(role="salesperson", salesperson_id=anna.id))
    with pytest.raises(Forbidden):
        create_task(session, description="x", by=make_actor(role="read_only", salesperson_id=anna.id))
    with pytest.raises(Forbidden):
        own = make_task(session, salesperson_id=anna.id, canceled=True, closed=True)
        delete_task(session, own, by=make_actor(role="salesperson", salesperson_id=anna.id))


def test_a_contact_with_an_open_task_is_not_deleted_and_closed_ones_go_to_the_company(session, by):
    company = make_contact(session, "C1")
    person = make_contact(session, "P1", name="Luc Morel", company=company)
    task = make_task(session, contact=person)
    for contact in (person, company):
        with pytest.raises(RuleViolation, match="The contact Luc Morel has an open task"):
            delete_contact(session, contact, by=by)
    close_task(session, task, by=by)
    delete_contact(session, person, by=by)
    assert session.get(Task, task.id).contact_id == company.id
    delete_contact(session, company, by=by)
    assert session.get(Task, task.id).contact_id is None


def test_tasks_stay_with_the_company_a_person_leaves_unless_taken_along(session, by):
    old, new = make_contact(session, "C1"), make_contact(session, "C2")
    person = make_contact(session, "P1", company=old)
    task = make_task(session, contact=person)
    assert edit_contact(session, person, {"company_id": new.id}, by=by, along=True).history == 0
    assert session.get(Task, task.id).contact_id == person.id
    assert edit_contact(session, person, {"company_id": old.id}, by=by).history == 1
    session.expire_all()
    assert session.get(Task, task.id).contact_id == new.id


def test_a_contact_with_a_task_keeps_its_type(session, by):
    contact = make_contact(session)
    make_task(session, contact=contact, closed=True, status="completed")
    with pytest.raises(RuleViolation, match="1 interaction or task") as refused:
        edit_contact(session, contact, {"type": "person"}, by=by)
    assert refused.value.field == "type"


def test_a_salesperson_goes_when_the_tasks_are_closed(session, anna, by):
    task = make_task(session, salesperson_id=anna.id)
    admin = make_actor()
    with pytest.raises(RuleViolation, match="AB still has 1 open task\\."):
        delete_salesperson(session, anna, by=admin)
    close_task(session, task, by=admin)
    delete_salesperson(session, anna, by=admin)
    assert session.get(Task, task.id).salesperson_id is None


def test_a_campaign_of_a_task_stays_and_a_segment_may_go(session, by):
    campaign, segment = make_campaign(session), make_segment(session)
    task = make_task(session, campaign_id=campaign.id, segment_id=segment.id)
    with pytest.raises(RuleViolation, match="stands in 1 task\\."):
        delete_campaign(session, campaign, by=by)
    export = ContactExport(segment_id=segment.id, segment_no=segment.no, at=NOW, format="csv", rows=1)
    call = make_draft(session, make_contact(session), by=by)
    call.segment_line_id = make_line(session, segment).id
    session.add(export)
    session.flush()
    delete_segment(session, segment, by=by)
    assert session.get(Task, task.id).segment_id is None
    assert (export.segment_id, call.segment_line_id) == (None, None)


def test_pages_are_found_by_key(session, by, anna):
    numbers = [make_task(session, date=TODAY + (i % 3) * DAY, salesperson_id=anna.id).no for i in range(7)]
    expected = [numbers[i] for i in (0, 3, 6, 1, 4, 2, 5)]
    seen, page, filters = [], None, TaskFilters()
    while page is None or page.after:
        page = task_page(session, filters, after=page.after if page else None, limit=3, by=by)
        seen += [row.no for row in page.rows]
    assert seen == expected
    back = task_page(session, filters, before=page.before, limit=3, by=by)
    assert [row.no for row in back.rows] == expected[3:6]
    first = task_page(session, filters, before=back.before, limit=3, by=by)
    assert ([row.no for row in first.rows], first.before) == (expected[:3], None)


def test_filters(session, by, anna):
    company = make_contact(session, "C1")
    person = make_contact(session, "P1", company=company)
    campaign, segment = make_campaign(session), make_segment(session)
    late = make_task(session, "LATE", person, date=TODAY - DAY, salesperson_id=anna.id, type="meeting")
    make_task(session, "NOW", company, salesperson_id=anna.id, campaign_id=campaign.id, segment_id=segment.id)
    make_task(session, "DONE", person, salesperson_id=anna.id, status="completed", closed=True)
    make_task(session, "OTHER", priority="high", canceled=True, closed=True)

    def found(by=by, **values):
        filters = TaskFilters(**values)
        page = task_page(session, filters, by=by)
        assert count_tasks(session, filters, by=by) == len(page.rows)
        return {row.no for row in page.rows}

    assert found() == {"LATE", "NOW", "DONE", "OTHER"}
    assert found(mine=True, closed=False) == {"LATE", "NOW"}
    assert found(mine=True, by=make_actor()) == set()
    assert found(due="today", closed=False) == {"NOW"}
    assert found(due="late", closed=False) == {"LATE"}
    assert found(contact=company) == {"LATE", "NOW", "DONE"}
    assert found(contact=person) == {"LATE", "DONE"}
    assert found(type="meeting") == {"LATE"}
    assert found(type="") == {"NOW", "DONE", "OTHER"}
    assert found(status="completed") == {"DONE"}
    assert found(canceled=True) == found(priority="high") == {"OTHER"}
    assert found(segment_id=segment.id) == found(campaign_id=campaign.id) == {"NOW"}
    assert found(salesperson_id=anna.id, closed=True) == {"DONE"}
    mine = my_tasks(session, limit=1, by=by)
    assert (mine.today, mine.late, [row.no for row in mine.rows]) == (1, 1, ["LATE"])
    counted = session.execute(select_open_tasks(company.id, company.id)).one()
    assert tuple(counted) == (2, late.date)
    assert [row.no for row in open_tasks(session, company, limit=5)] == ["LATE", "NOW"]
    nobody = make_contact(session)
    assert tuple(session.execute(select_open_tasks(nobody.id, None)).one()) == (0, None)
    assert open_tasks(session, nobody, limit=5) == []


def test_a_number_that_is_not_there(session, by):
    for no in ("TD999999", "", "x" * 10_000, "a\x00b"):
        with pytest.raises(NotFound):
            get_task(session, no)


@pytest.mark.parametrize("filters", [{}, {"mine": True}, {"contact": True}, {"segment_id": 1}])
def test_pages_of_open_tasks_come_from_an_index(session, by, filters):
    if "contact" in filters:
        filters = {"contact": make_contact(session)}
    sqlite = session.get_bind().dialect.name == "sqlite"
    if not sqlite:
        session.execute(text("SET LOCAL enable_seqscan = off"))  # in an empty table nothing else is cheaper
    plans = []

    def explain(connection, cursor, statement, parameters, *rest):
        if statement.startswith("SELECT task.id, task.date"):
            words = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
            plans.extend(row[-1] for row in cursor.connection.execute(words + statement, parameters).fetchall())

    event.listen(session.get_bind().engine, "before_cursor_execute", explain)
    try:
        task_page(session, TaskFilters(closed=False, **filters), by=by)
    finally:
        event.remove(session.get_bind().engine, "before_cursor_execute", explain)
    assert any("ix_task_" in plan for plan in plans)
    assert not [plan for plan in plans if plan.strip(" ->") == "SCAN task" or "Seq Scan on task" in plan]
