from __future__ import annotations

import pytest
from sqlalchemy import func, select

from domain.campaigns.models import Campaign, CampaignEntry
from domain.errors import Forbidden, NotFound, RuleViolation
from domain.interactions.entries import set_canceled as set_entries_canceled
from domain.interactions.logged_segments import delete_canceled, get_logged_segment, set_canceled
from domain.interactions.models import InteractionLogEntry, LetterValues, LoggedSegment, LoggedSegmentValues
from tests.factories.interactions import make_campaign_entry, make_entry, make_logged_segment
from tests.factories.setup import NOW, make_actor


def test_a_logged_segment_is_found_by_the_number_of_its_segment(session):
    logged = make_logged_segment(session, "SM00007")
    assert get_logged_segment(session, "sm00007") is logged
    with pytest.raises(NotFound, match="There is no logged segment SM00008"):
        get_logged_segment(session, "SM00008")


def make_with_entries(session, no, **values):
    campaign = Campaign(no=f"C{no}", modified_at=NOW)
    session.add(campaign)
    session.flush()
    logged = make_logged_segment(session, no, **values)
    campaign_entry = make_campaign_entry(session, campaign, logged_segment_id=logged.id)
    entries = [make_entry(session, logged_segment=logged, campaign_entry=campaign_entry) for _ in range(2)]
    return logged, campaign_entry, entries


def test_r_ls02_scenario_36_everything_of_the_logged_segment_follows_and_comes_back(session):
    """LGD-D06: also one that had been cancelled by itself."""
    logged, campaign_entry, entries = make_with_entries(session, "SM1")
    set_entries_canceled(session, [entries[0].id], canceled=True, by=make_actor())
    assert set_canceled(session, [logged], by=make_actor()) is True
    session.expire_all()
    assert [logged.canceled, campaign_entry.canceled, *(one.canceled for one in entries)] == [True] * 4
    with pytest.raises(RuleViolation):
        set_entries_canceled(session, [entries[0].id], canceled=False, by=make_actor())
    assert set_canceled(session, [logged], by=make_actor()) is False
    session.expire_all()
    assert [logged.canceled, campaign_entry.canceled, *(one.canceled for one in entries)] == [False] * 4


def test_lgd_d04_several_get_the_opposite_of_the_first(session):
    first, second = make_logged_segment(session, canceled=True), make_logged_segment(session)
    set_canceled(session, [first, second], by=make_actor())
    assert (first.canceled, second.canceled) == (False, False)
    set_canceled(session, [second, first], by=make_actor())
    assert (first.canceled, second.canceled) == (True, True)


def test_r_ls04_scenario_38_entries_survive_the_deletion(session):
    logged, campaign_entry, entries = make_with_entries(session, "SM1")
    open_one = make_logged_segment(session, "SM2")
    values = LoggedSegmentValues(logged_segment_id=logged.id, values="{}")
    session.add(values)
    session.flush()
    session.add(LetterValues(entry_id=entries[0].id, values_id=values.id))
    session.flush()
    assert delete_canceled(session, [logged, open_one], by=make_actor()) == 0
    set_canceled(session, [logged], by=make_actor())
    assert delete_canceled(session, by=make_actor()) == 1
    assert list(session.scalars(select(LoggedSegment.segment_no))) == ["SM2"]
    assert [(one.logged_segment_id, one.segment_no, one.canceled) for one in entries] == [(None, "SM1", True)] * 2
    assert session.get_one(CampaignEntry, campaign_entry.id).logged_segment_id is None
    assert session.scalar(select(func.count()).select_from(LetterValues)) == 1
    assert values.logged_segment_id is None


def test_salespeople_neither_cancel_nor_delete_logged_segments(session):
    logged = make_logged_segment(session, canceled=True)
    by = make_actor(role="salesperson")
    with pytest.raises(Forbidden):
        set_canceled(session, [logged], by=by)
    with pytest.raises(Forbidden):
        delete_canceled(session, by=by)
    assert session.scalar(select(func.count()).select_from(InteractionLogEntry)) == 0
