from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from domain.errors import Forbidden, RuleViolation
from domain.interactions.models import InteractionLogEntry
from domain.segments.effective import LIVE, effective, line
from domain.segments.follow_up import create_follow_up
from domain.segments.header import edit_header
from domain.segments.interactions import choose_template
from domain.segments.lines import add_line
from domain.segments.log import NotReady
from domain.segments.models import Segment
from domain.segments.queries import find_segment
from domain.segments.step_models import SegmentStep, SegmentStepSkip
from domain.segments.take_back import take_back
from tests.domain.segments.ready import lines_of, log, make_ready_segment
from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_contact, make_setup
from tests.factories.interaction_templates import make_template
from tests.factories.interactions import make_entry, make_logged_segment
from tests.factories.setup import NOW, TODAY, make_actor, make_salesperson


def contact_numbers(session, segment):
    return [one.contact.no for one in lines_of(session, segment)]


def test_b8_scenario_29_the_same_contacts_in_a_new_segment(session):
    campaign, me = make_campaign(session), make_salesperson(session, "ME")
    a, b = make_contact(session, "A"), make_contact(session, "B")
    segment = make_ready_segment(session, "SM00042", b, a, b, campaign_id=campaign.id)
    by = make_actor(salesperson_id=me.id, work_date=dt.date(2026, 12, 24), user_name="Ann")
    done = log(session, segment, follow_up=True, by=by)
    follow_up = done.follow_up
    assert contact_numbers(session, follow_up) == ["B", "A", "B"]
    assert (follow_up.no, follow_up.description) == ("SM00001", "Follow-up on segment SM00042")
    assert (follow_up.campaign_id, follow_up.salesperson_id, follow_up.date) == (
        campaign.id,
        me.id,
        dt.date(2026, 12, 24),
    )
    assert (follow_up.interaction.template_id, follow_up.interaction.description) == (None, "")
    assert follow_up.created_at == NOW
    assert done.logged.follow_up_no == "SM00001"
    (step,) = session.scalars(select(SegmentStep).where(SegmentStep.segment_id == follow_up.id))
    assert (step.kind, step.seq, step.found, step.changed, step.skipped) == ("follow_up", 1, 3, 3, 0)
    lines = lines_of(session, follow_up)
    assert [(one.line_no, one.added_step_id, one.campaign_id, one.no_campaign) for one in lines] == [
        (10000, step.id, None, False),
        (20000, step.id, None, False),
        (30000, step.id, None, False),
    ]
    assert follow_up.last_line_no == 30000


def test_a_follow_up_is_followed_up_in_turn(session):
    """B8, R-FU01: a follow-up is a segment like any other once it has a template and texts."""
    a, b = make_contact(session, "A"), make_contact(session, "B")
    first = log(session, make_ready_segment(session, "SM00042", a, b), follow_up=True)
    follow_up = first.follow_up
    add_line(session, follow_up, make_contact(session, "C"), by=make_actor())
    template = make_template(session, "CALL")
    choose_template(session, follow_up, template.id, by=make_actor())
    edit_header(session, follow_up, {"salesperson": make_salesperson(session, "ME").id}, by=make_actor())
    second = log(session, follow_up, deliver=False, follow_up=True)
    assert contact_numbers(session, second.follow_up) == ["A", "B", "C"]
    assert second.follow_up.description == f"Follow-up on segment {follow_up.no}"
    assert (second.logged.segment_no, second.logged.follow_up_no) == (follow_up.no, second.follow_up.no)
    taken = take_back(session, second.logged, by=make_actor())
    assert contact_numbers(session, taken.segment) == ["A", "B", "C"]
    assert find_segment(session, "SM00002") is None
    take_back(session, first.logged, by=make_actor())  # somebody has worked on the first follow-up: it stays
    assert find_segment(session, follow_up.no) is not None


def test_e_h01_scenario_30_without_number_series_nothing_is_logged(session):
    segment = make_ready_segment(session, "SM00042")
    make_setup(session, segment_series_id=None)
    with pytest.raises(NotReady, match="number series"):
        log(session, segment, follow_up=True)
    assert session.scalar(select(func.count()).select_from(InteractionLogEntry)) == 0


def test_r_rs03_each_line_has_the_campaign_of_its_entry(session):
    one, two = make_campaign(session), make_campaign(session)
    segment = make_ready_segment(session, "SM00042", *(make_contact(session) for _ in range(3)), campaign_id=one.id)
    lines = lines_of(session, segment)
    lines[1].campaign_id, lines[2].no_campaign = two.id, True
    follow_up = log(session, segment, follow_up=True).follow_up
    assert follow_up.campaign_id == one.id
    campaigns = effective("campaign_id").where(line.segment_id == follow_up.id, LIVE).order_by(line.line_no)
    assert list(session.scalars(campaigns)) == [one.id, two.id, None]


def test_r_fu03_a_follow_up_can_be_made_later_from_the_stored_entries(session):
    contact, gone, off, blocked = (make_contact(session, no) for no in ("A", "GONE", "OFF", "BLOCKED"))
    logged = make_logged_segment(session, "SM00042")
    make_entry(session, contact, logged_segment=logged)
    make_entry(session, logged_segment=logged, contact_no="GONE")
    make_entry(session, off, logged_segment=logged, canceled=True)
    make_entry(session, blocked, logged_segment=logged)
    blocked.privacy_blocked = True
    session.flush()
    follow_up = create_follow_up(session, logged, by=make_actor())
    assert contact_numbers(session, follow_up) == ["A"]
    (step,) = session.scalars(select(SegmentStep))
    assert (step.found, step.changed, step.skipped) == (2, 1, 1)
    (skip,) = session.scalars(select(SegmentStepSkip))
    assert (skip.contact_id, skip.reason, skip.step_id) == (blocked.id, "blocked", step.id)
    assert gone.no == "GONE"


def make_outcomes(session):
    campaign = make_campaign(session)
    logged = make_logged_segment(session, "SM00042")

    def entry(no, **values):
        contact = make_contact(session, no)
        make_entry(session, contact, logged_segment=logged, campaign_id=campaign.id, **values)
        return contact

    entry("GOOD", evaluation="positive", delivery_status="sent")
    answered = entry("ANSWERED", evaluation="very_positive", delivery_status="posted")
    failed = entry("FAILED", delivery_status="failed")
    entry("RETURNED", delivery_status="returned")
    entry("MARKED", campaign_response=True)
    make_entry(session, answered, campaign_id=campaign.id, campaign_response=True)
    make_entry(session, failed, campaign_id=campaign.id, campaign_response=True, canceled=True)
    make_entry(session, failed, campaign_id=make_campaign(session).id, campaign_response=True)
    return logged


@pytest.mark.parametrize(
    ("outcome", "evaluations", "expected"),
    [
        (None, (), ["GOOD", "ANSWERED", "FAILED", "RETURNED", "MARKED"]),
        ("evaluation", ["positive", "very_positive"], ["GOOD", "ANSWERED"]),
        ("evaluation", [""], ["FAILED", "RETURNED", "MARKED"]),
        ("responded", (), ["ANSWERED", "MARKED"]),
        ("not_responded", (), ["GOOD", "FAILED", "RETURNED"]),
        ("delivery_failed", (), ["FAILED", "RETURNED"]),
    ],
)
def test_b8_a_follow_up_by_outcome(session, outcome, evaluations, expected):
    follow_up = create_follow_up(
        session, make_outcomes(session), outcome=outcome, evaluations=evaluations, by=make_actor()
    )
    assert contact_numbers(session, follow_up) == expected


def test_b8_nobody_left_makes_no_segment(session):
    logged = make_logged_segment(session, "SM00042")
    make_entry(session, make_contact(session), logged_segment=logged)
    with pytest.raises(RuleViolation, match="No contact of segment SM00042 is left"):
        create_follow_up(session, logged, outcome="delivery_failed", by=make_actor())
    assert session.scalar(select(func.count()).select_from(Segment)) == 0


@pytest.mark.parametrize(("outcome", "evaluations"), [("evaluation", ()), ("evaluation", ["great"]), ("other", ())])
def test_an_unknown_outcome_is_refused(session, outcome, evaluations):
    logged = make_logged_segment(session)
    with pytest.raises(RuleViolation):
        create_follow_up(session, logged, outcome=outcome, evaluations=evaluations, by=make_actor())


def test_not_everybody_may_create_segments(session):
    logged = make_logged_segment(session)
    make_entry(session, make_contact(session), logged_segment=logged, date=TODAY)
    with pytest.raises(Forbidden):
        create_follow_up(session, logged, by=make_actor(role="salesperson"))
