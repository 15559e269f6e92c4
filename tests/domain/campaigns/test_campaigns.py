"""Campaigns (contacts.md 1.7)."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from domain.campaigns.campaigns import create_campaign, delete_campaign, edit_campaign
from domain.campaigns.models import Campaign
from domain.campaigns.queries import campaign_list, find_campaign, get_campaign, look_up_campaigns
from domain.errors import Forbidden, NotFound, RuleViolation
from domain.setup.queries import get_number_series
from tests.factories.campaigns import make_campaign
from tests.factories.interactions import make_campaign_entry, make_entry
from tests.factories.setup import NOW, make_actor, make_office, make_salesperson

JAN, FEB = dt.date(2026, 1, 1), dt.date(2026, 2, 1)


@pytest.fixture
def by(session):
    make_office(session)
    return make_actor(role="marketing", salesperson_id=make_salesperson(session, "AB").id)


def test_a_campaign_gets_the_next_number_and_the_users_salesperson(session, by):
    """CMP-006."""
    campaign = create_campaign(session, description="Spring", by=by)
    assert (campaign.no, campaign.salesperson.code, campaign.modified_at) == ("CP0001", "AB", NOW)
    assert campaign.number_series_id == get_number_series(session, "CAMP").id
    assert create_campaign(session, salesperson_id=None, by=by).salesperson is None


def test_a_number_can_be_typed_once(session, by):
    assert create_campaign(session, no="x1", by=by).no == "X1"
    with pytest.raises(RuleViolation, match="X1 is already in use") as refusal:
        create_campaign(session, no="X1", by=by)
    assert refusal.value.field == "no"


def test_a_number_in_use_is_not_given_again(session, by):
    make_campaign(session, "CP0001")
    assert create_campaign(session, by=by).no == "CP0002"


def test_the_start_is_not_after_the_end(session, by):
    with pytest.raises(RuleViolation, match="must not be after") as refusal:
        create_campaign(session, starting_date=FEB, ending_date=JAN, by=by)
    assert refusal.value.field == "ending_date"
    campaign = create_campaign(session, starting_date=JAN, ending_date=JAN, by=by)
    with pytest.raises(RuleViolation) as refusal:
        edit_campaign(session, campaign, changes={"starting_date": FEB}, by=by)
    assert refusal.value.field == "starting_date"
    campaign.starting_date = JAN
    edit_campaign(session, campaign, changes={"ending_date": None, "starting_date": FEB}, by=by)
    assert (campaign.starting_date, campaign.ending_date) == (FEB, None)


def test_a_blocked_salesperson_is_refused_but_may_stay(session, by):
    blocked = make_salesperson(session, "CD", blocked=True)
    with pytest.raises(RuleViolation, match="CD is blocked") as refusal:
        create_campaign(session, salesperson_id=blocked.id, by=by)
    assert refusal.value.field == "salesperson_id"
    campaign = make_campaign(session, salesperson_id=blocked.id)
    edit_campaign(session, campaign, changes={"salesperson_id": blocked.id, "description": "New"}, by=by)
    with pytest.raises(RuleViolation, match="deleted meanwhile"):
        edit_campaign(session, campaign, changes={"salesperson_id": 987654}, by=by)


def test_another_number_needs_a_series_that_allows_it(session, by):
    campaign = create_campaign(session, by=by)
    edit_campaign(session, campaign, changes={"no": "spring"}, by=by)
    assert (campaign.no, campaign.number_series_id) == ("SPRING", None)
    get_number_series(session, "CAMP").manual = False
    with pytest.raises(RuleViolation, match="does not allow typed numbers"):
        edit_campaign(session, campaign, changes={"no": "AUTUMN"}, by=by)
    with pytest.raises(RuleViolation, match="Enter a number"):
        edit_campaign(session, campaign, changes={"no": ""}, by=by)


def test_salespeople_only_read_campaigns(session, by):
    salesperson = make_actor(role="salesperson")
    campaign = make_campaign(session)
    for attempt in (
        lambda: create_campaign(session, by=salesperson),
        lambda: edit_campaign(session, campaign, changes={}, by=salesperson),
        lambda: delete_campaign(session, campaign, by=salesperson),
    ):
        with pytest.raises(Forbidden):
            attempt()


def test_a_campaign_with_interactions_or_entries_stays(session, by):
    campaign = make_campaign(session, "CA1")
    make_campaign_entry(session, campaign)
    with pytest.raises(RuleViolation, match="CA1 has 1 campaign entry\\."):
        delete_campaign(session, campaign, by=by)
    other = make_campaign(session, "CA2")
    make_entry(session, campaign_id=other.id)
    with pytest.raises(RuleViolation, match="CA2 stands in 1 interaction\\."):
        delete_campaign(session, other, by=by)
    third = make_campaign(session, "CA3")
    delete_campaign(session, third, by=by)
    assert session.scalars(select(Campaign.no).order_by(Campaign.no)).all() == ["CA1", "CA2"]


def test_campaigns_are_found_by_number_and_description(session, by):
    spring, summer = (
        make_campaign(session, "CP1", description="Été 100%"),
        make_campaign(session, "CP2", description="Winter"),
    )
    assert find_campaign(session, " cp1 ") is spring
    assert find_campaign(session, "été 100%") is spring
    assert find_campaign(session, "") is None
    assert find_campaign(session, "\x00") is None
    assert get_campaign(session, "cp2") is summer
    with pytest.raises(NotFound, match="There is no campaign CP9"):
        get_campaign(session, "CP9")
    assert look_up_campaigns(session, "cp") == [spring, summer]
    assert look_up_campaigns(session, "0%") == [spring]
    assert look_up_campaigns(session, "_") == []
    assert session.scalars(campaign_list()).all() == [spring, summer]
