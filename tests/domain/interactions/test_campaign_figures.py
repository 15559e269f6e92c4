"""Figures of campaigns (segments.md 1.18, R-C01) and of campaign entries (4.5)."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import event

from domain.interactions.campaign_figures import campaign_entries, campaign_figures
from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_contact
from tests.factories.interactions import make_campaign_entry, make_entry


def test_targets_responses_cost_and_duration_are_counted_without_cancelled_ones(session):
    campaign, other = make_campaign(session), make_campaign(session)
    anna, bert = make_contact(session), make_contact(session)
    make_entry(session, anna, campaign_id=campaign.id, campaign_target=True, cost=1000, duration=10)
    make_entry(session, anna, campaign_id=campaign.id, campaign_target=True, cost=500, duration=5)
    make_entry(session, bert, campaign_id=campaign.id, campaign_target=True, campaign_response=True, cost=1)
    make_entry(
        session, bert, campaign_id=campaign.id, campaign_target=True, campaign_response=True, canceled=True, cost=9
    )
    make_entry(session, bert, campaign_id=other.id, campaign_target=True, cost=7)
    figures = campaign_figures(session, campaign)
    assert (figures.interactions, figures.targets_contacted, figures.contacts.contacted) == (3, 3, 2)
    assert (figures.responded, figures.contacts.responded) == (1, 1)
    assert figures.contacts.response_rate == Decimal("50.0")
    assert (figures.cost, figures.duration) == (1501, 15)
    assert figures.response_rate == Decimal("33.3")
    assert (figures.cost_per_response, figures.duration_per_response) == (1501, 15)


def test_a_campaign_nobody_was_contacted_for_has_no_rate(session):
    figures = campaign_figures(session, make_campaign(session))
    assert (figures.response_rate, figures.cost_per_response, figures.duration_per_response) == (Decimal("0.0"), 0, 0)
    assert figures.contacts.response_rate == Decimal("0.0")


def test_the_rate_may_exceed_a_hundred(session):
    campaign = make_campaign(session)
    make_entry(session, campaign_id=campaign.id, campaign_target=True)
    for _ in range(2):
        make_entry(session, campaign_id=campaign.id, campaign_response=True)
    assert campaign_figures(session, campaign).response_rate == Decimal("200.0")


def test_an_entry_sums_the_interactions_that_are_as_cancelled_as_it_is(session):
    campaign = make_campaign(session)
    open_entry, canceled, empty = (make_campaign_entry(session, campaign, canceled=c) for c in (False, True, False))
    make_campaign_entry(session, make_campaign(session))
    make_entry(session, campaign_id=campaign.id, campaign_entry_id=open_entry.id, cost=5, duration=2)
    make_entry(session, campaign_id=campaign.id, campaign_entry_id=open_entry.id, cost=6, duration=3)
    make_entry(session, campaign_id=campaign.id, campaign_entry_id=open_entry.id, cost=7, canceled=True)
    make_entry(session, campaign_id=campaign.id, campaign_entry_id=canceled.id, cost=8, canceled=True)
    make_entry(session, campaign_id=campaign.id, campaign_entry_id=canceled.id, cost=9)
    statements = []
    listen = lambda *args: statements.append(args[2])  # noqa: E731
    event.listen(session.get_bind(), "before_cursor_execute", listen)
    rows = campaign_entries(session, campaign)
    event.remove(session.get_bind(), "before_cursor_execute", listen)
    assert len(statements) == 1
    assert [(row.entry, row.interactions, row.cost, row.duration) for row in rows] == [
        (empty, 0, 0, 0),
        (canceled, 1, 8, 0),
        (open_entry, 2, 11, 5),
    ]
