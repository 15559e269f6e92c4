"""Phone calls from a line of a segment (segments.md 6.5, R-G04)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.campaigns.models import CampaignEntry
from domain.errors import RuleViolation
from domain.interaction_templates.template_setup import edit_template_setup
from domain.interactions.models import InteractionLogEntry
from domain.interactions.postpone import postpone
from domain.segments.line_calls import begin_call_of_line, finish_call_of_line
from domain.segments.models import SegmentLine
from tests.domain.segments.ready import log, make_ready_segment
from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_contact
from tests.factories.drafts import form_key
from tests.factories.interaction_templates import make_template
from tests.factories.setup import make_actor, make_salesperson


@pytest.fixture
def by(session):
    return make_actor(salesperson_id=make_salesperson(session, "ME").id)


@pytest.fixture
def segment(session, by):
    people = [make_contact(session, f"C{n}", phone=f"+41 {n}") for n in (1, 2)]
    segment = make_ready_segment(
        session, "S1", *people, description="Autumn", salesperson_id=make_salesperson(session, "AB").id
    )
    calls = make_template(session, "OUT", description="Call", unit_duration=15)
    edit_template_setup(session, {"outgoing_calls_id": calls.id}, by=by)
    return segment


def first_line(session, segment):
    return session.scalars(
        select(SegmentLine).where(SegmentLine.segment_id == segment.id).order_by(SegmentLine.line_no)
    ).first()


def call(session, segment, by):
    return begin_call_of_line(session, segment, first_line(session, segment), form_key=form_key(), by=by)


def test_r_pc01_salesperson_and_campaign_come_from_the_line(session, segment, by):
    campaign = make_campaign(session, "SPRING")
    segment.campaign_id = campaign.id
    line = first_line(session, segment)
    line.campaign_target = True
    session.flush()
    draft = call(session, segment, by)
    assert draft.salesperson_id == segment.salesperson_id
    assert (draft.campaign_id, draft.campaign_target, draft.campaign_response) == (campaign.id, True, False)
    assert (draft.segment_no, draft.segment_line_id, draft.contact_via) == ("S1", line.id, "+41 1")
    assert draft.is_fixed("contact")
    assert draft.is_fixed("campaign")


def test_a_line_without_campaign_has_none_whatever_the_template_says(session, segment, by):
    spring = make_campaign(session, "SPRING")
    make = make_template(session, "OUT2", description="Call", campaign_id=spring.id)
    edit_template_setup(session, {"outgoing_calls_id": make.id}, by=by)
    assert finish_call_of_line(session, call(session, segment, by), by=by).campaign_id is None


def test_r_pc03_the_entry_has_the_segment_and_the_line_keeps_the_number(session, segment, by):
    segment.campaign_id = make_campaign(session, "SPRING").id
    session.flush()
    line = first_line(session, segment)
    version = line.version
    entry = finish_call_of_line(session, call(session, segment, by), by=by)
    session.refresh(line)
    assert (line.contact_via, line.version, line.removed_step_id) == ("+41 1", version + 1, None)
    assert (entry.segment_no, entry.logged_segment_id, entry.contact_no) == ("S1", None, "C1")
    found = session.scalars(select(CampaignEntry)).one()
    assert (found.segment_no, found.description, found.logged_segment_id) == ("S1", "Autumn", None)
    logged = log(session, segment, by=make_actor()).logged
    session.expire_all()
    assert found.logged_segment_id == logged.id
    assert {one.campaign_entry_id for one in session.scalars(select(InteractionLogEntry))} == {found.id}
    vias = select(InteractionLogEntry.contact_via).where(InteractionLogEntry.logged_segment_id == logged.id)
    assert session.scalars(vias.order_by(InteractionLogEntry.entry_no)).all() == ["+41 1", ""]


def test_a_call_postponed_and_finished_after_the_segment_was_logged(session, segment, by):
    draft = postpone(session, call(session, segment, by), by=by)
    line = first_line(session, segment)
    log(session, segment, by=make_actor())
    entry = finish_call_of_line(session, draft, by=by)
    session.refresh(line)
    assert line.contact_via == ""
    assert entry.segment_no == "S1"


def test_a_line_without_contact_is_not_called(session, segment, by):
    line = first_line(session, segment)
    line.contact_id = None
    session.flush()
    session.expire(line)
    with pytest.raises(RuleViolation, match="has no contact"):
        begin_call_of_line(session, segment, line, form_key=form_key(), by=by)
