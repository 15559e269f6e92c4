"""Interactions that begin from a task, and the task that closes with them (segments.md 6.1, contacts.md 2.15)."""

from __future__ import annotations

import pytest

from domain.errors import RuleViolation
from domain.interaction_templates.template_setup import edit_template_setup
from domain.interactions.beginning import change_draft
from domain.interactions.draft_models import CALL, INTERACTION
from domain.interactions.postpone import get_draft, postpone
from domain.tasks.interactions import begin_interaction_of_task, finish_interaction_of_task
from domain.tasks.models import Task
from domain.tasks.queries import drafts_of_task, entries_of_task
from domain.tasks.tasks import close_task, delete_task
from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_contact
from tests.factories.drafts import form_key
from tests.factories.interaction_templates import make_template
from tests.factories.setup import TODAY, make_actor, make_salesperson
from tests.factories.tasks import make_task


@pytest.fixture
def anna(session):
    return make_salesperson(session, "AB", name="Anna Berg")


@pytest.fixture
def luc(session):
    return make_contact(session, "P1", type="person", name="Luc Morel", phone="+41 21 200")


@pytest.fixture
def task(session, anna, luc):
    campaign = make_campaign(session, "SPRING")
    return make_task(session, "TD1", luc, description="Ask", salesperson_id=anna.id, campaign_id=campaign.id)


def begin(session, task, by, **values):
    return begin_interaction_of_task(session, task, form_key=form_key(), by=by, **values)


def finish(session, draft, by):
    assert change_draft(session, draft, {"template": make_template(session)}) == {}
    return finish_interaction_of_task(session, draft, by=by)


def test_it_begins_with_what_the_task_says_and_closes_it(session, task, luc, anna):
    by = make_actor(user_name="Bo")
    draft = begin(session, task, by)
    assert (draft.kind, draft.contact_id, draft.salesperson_id) == (INTERACTION, luc.id, anna.id)
    assert (draft.campaign_id, draft.description, draft.task_id) == (task.campaign_id, "Ask", task.id)
    entry = finish(session, draft, by)
    assert (entry.description, entry.task_id, entry.campaign_id) == ("Ask", task.id, task.campaign_id)
    assert (task.status, task.closed, task.closed_on, task.closed_by) == ("completed", True, TODAY, "Bo")
    assert [row.entry_no for row in entries_of_task(session, task)] == [entry.entry_no]


def test_a_phone_call_opens_the_call(session, task):
    by = make_actor()
    task.type = "phone_call"
    with pytest.raises(RuleViolation):  # E-P01: no template for calls is chosen
        begin(session, task, by)
    assert begin(session, task, by, call=False).kind == INTERACTION
    task.contact_id = None
    session.flush()
    session.expire(task, ["contact"])
    assert begin(session, task, by).kind == INTERACTION


def test_a_phone_call_has_the_numbers_and_values_of_the_task(session, task, luc, anna):
    from_setup = make_template(session, "OUT")
    edit_template_setup(session, {"outgoing_calls_id": from_setup.id}, by=make_actor())
    task.type = "phone_call"
    draft = begin(session, task, make_actor())
    assert (draft.kind, draft.contact_via, draft.template_id) == (CALL, "+41 21 200", from_setup.id)
    assert (draft.salesperson_id, draft.campaign_id, draft.description) == (anna.id, task.campaign_id, "Ask")


def test_blocked_contacts_and_salespeople(session, task, luc, anna):
    anna.blocked = True
    session.flush()
    assert begin(session, task, make_actor()).salesperson_id is None
    luc.privacy_blocked = True
    with pytest.raises(RuleViolation, match="blocked for privacy"):
        begin(session, task, make_actor())


def test_a_task_somebody_closed_meanwhile_keeps_who_did(session, task):
    draft = begin(session, task, make_actor())
    close_task(session, task, by=make_actor(user_name="Somebody"))
    entry = finish(session, draft, make_actor(user_name="Bo"))
    assert (entry.task_id, task.closed_by) == (task.id, "Somebody")


def test_a_task_that_is_gone_meanwhile_does_not_lose_the_interaction(session, task):
    draft = begin(session, task, make_actor())
    task.canceled = task.closed = True
    delete_task(session, task, by=make_actor())
    assert finish(session, draft, make_actor()).task_id is None


def test_somebody_elses_task_stays_open(session, task):
    by = make_actor(role="salesperson", salesperson_id=make_salesperson(session).id)
    entry = finish(session, begin(session, task, by), by)
    assert (entry.task_id, task.closed) == (task.id, False)


def test_postponed_it_keeps_the_task_and_closes_it_later(session, task):
    by = make_actor()
    no = postpone(session, begin(session, task, by), by=by).entry_no
    assert (drafts_of_task(session, task), task.closed) == ([no], False)
    finish(session, get_draft(session, no, by=by), by)
    assert drafts_of_task(session, task) == []
    assert session.get(Task, task.id).closed
