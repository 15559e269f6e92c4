from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from domain.campaigns.models import CampaignEntry
from domain.database import Base
from domain.errors import Conflict, Forbidden, NotFound
from domain.interactions.letters import letter_of_entry
from domain.interactions.logged_segments import delete_canceled, set_canceled
from domain.interactions.models import InteractionLogEntry, LoggedSegment
from domain.references import delete_row
from domain.segments.check import check_segment
from domain.segments.log import CheckedStateChanged, NotReady, freeze
from domain.segments.models import Segment, SegmentInteraction, SegmentLine, Undo
from domain.segments.queries import get_open_segment, open_segments
from domain.segments.step_models import SegmentStep
from tests.domain.segments.ready import lines_of, log, make_ready_segment
from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_alt_address, make_contact
from tests.factories.documents import make_letter
from tests.factories.interactions import make_campaign_entry, make_logged_segment
from tests.factories.segments import make_line, make_segment, make_step
from tests.factories.setup import NOW, TODAY, make_actor, make_salesperson, make_user
from tests.letters.documents import texts


def entries(session):
    session.expire_all()
    return list(session.scalars(select(InteractionLogEntry).order_by(InteractionLogEntry.entry_no)))


def table_counts(session):
    session.flush()
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) for table in Base.metadata.sorted_tables
    }


def test_r_g02_a_logged_segment_remembers_what_was_logged(session):
    user = make_user(session, name="Ann")
    segment = make_ready_segment(session, "SM1", description="Autumn letter")
    logged = log(session, segment, by=make_actor(user)).logged
    assert (logged.segment_no, logged.description, logged.created_on, logged.created_at) == (
        "SM1",
        "Autumn letter",
        TODAY,
        NOW,
    )
    assert (logged.user_id, logged.user_name, logged.canceled) == (user.id, "Ann", False)


def test_a5_scenario_26_the_worksheet_freezes_and_is_found_in_logged_segments_only(session):
    segment = make_ready_segment(session, "SM1")
    done = log(session, segment, deliver=False)
    assert (done.entries, done.emails, done.letters) == (1, 0, 0)
    assert segment.logged_segment_id == done.logged.id
    assert list(session.scalars(open_segments())) == []
    with pytest.raises(NotFound, match="has been logged"):
        get_open_segment(session, "SM1")
    assert [entry.delivery_status for entry in entries(session)] == ["none"]
    assert len(lines_of(session, segment)) == 1


def test_r_g06_an_entry_takes_over_all_fields_of_its_line(session):
    company = make_contact(session, "C1", name="Nordlys AS")
    person = make_contact(session, "P1", name="Anna Berg", company=company)
    salesperson, campaign = make_salesperson(session, "PS"), make_campaign(session, "CP1")
    document = make_letter(session, "Own")
    segment = make_ready_segment(
        session,
        "SM1",
        person,
        description="Header text",
        salesperson_id=salesperson.id,
        interaction={
            "unit_cost": 250,
            "unit_duration": 10,
            "information_flow": "outbound",
            "initiated_by": "us",
            "campaign_target": True,
        },
    )
    address = make_alt_address(session, person, "HOME")
    own = make_line(
        session,
        segment,
        company,
        description="Own text",
        subject="Own subject",
        date=dt.date(2026, 1, 2),
        time=dt.time(14, 30),
        cost=999,
        duration=3,
        information_flow="",
        initiated_by="them",
        campaign_id=campaign.id,
        campaign_target=False,
        campaign_response=True,
        send_as_attachment=True,
        document_id=document.id,
        evaluation="positive",
        attempt_failed=True,
        contact_via="+46 1",
        comment="So nice",
    )
    lines_of(session, segment)[0].alt_address_id = address.id
    log(session, segment, by=make_actor(user_name="Bo"))
    first, second = entries(session)
    assert (first.contact_id, first.contact_no, first.contact_name) == (person.id, "P1", "Anna Berg")
    assert (first.company_id, first.company_no, first.company_name) == (company.id, "C1", "Nordlys AS")
    assert (first.description, first.subject, first.date, first.time) == ("Header text", "Hello", TODAY, None)
    assert (first.cost, first.duration, first.information_flow, first.initiated_by) == (250, 10, "outbound", "us")
    assert (first.campaign_id, first.campaign_entry_id, first.campaign_target, first.campaign_response) == (
        None,
        None,
        True,
        False,
    )
    assert (first.template_id, first.group_id) == (segment.interaction.template_id, segment.interaction.group_id)
    assert (first.salesperson_id, first.language.code, first.correspondence_type) == (
        salesperson.id,
        "ENG",
        "hard_copy",
    )
    assert (first.alt_address_code, first.send_as_attachment, first.user_name) == ("HOME", False, "Bo")
    assert (first.segment_no, first.segment_line_no, first.personal_comment) == ("SM1", 10000, "")
    assert (second.company_id, second.company_no, second.company_name) == (company.id, "C1", "Nordlys AS")
    assert (second.description, second.subject, second.date, second.time) == (
        "Own text",
        "Own subject",
        dt.date(2026, 1, 2),
        dt.time(14, 30),
    )
    assert (second.cost, second.duration, second.information_flow, second.initiated_by) == (999, 3, "", "them")
    assert (second.campaign_id, second.campaign_target, second.campaign_response) == (campaign.id, False, True)
    assert (second.document_id, second.send_as_attachment) == (document.id, True)
    assert (second.evaluation, second.attempt_failed, second.contact_via, second.personal_comment) == (
        "positive",
        True,
        "+46 1",
        "So nice",
    )
    assert (second.segment_line_no, second.segment_line_id, second.created_at) == (20000, own.id, NOW)


def test_r_g06_entry_numbers_follow_each_other_in_line_order(session):
    first = make_ready_segment(session, "SM1", *(make_contact(session) for _ in range(3)))
    second = make_ready_segment(session, "SM2", *(make_contact(session) for _ in range(2)))
    make_line(session, first, make_contact(session), line_no=15000)
    log(session, first)
    log(session, second)
    logged = entries(session)
    numbers = [entry.entry_no for entry in logged]
    assert numbers == list(range(numbers[0], numbers[0] + 6))
    assert [(entry.segment_no, entry.segment_line_no) for entry in logged] == [
        ("SM1", 10000),
        ("SM1", 15000),
        ("SM1", 20000),
        ("SM1", 30000),
        ("SM2", 10000),
        ("SM2", 20000),
    ]
    first_no, second_no = session.scalars(select(LoggedSegment.entry_no).order_by(LoggedSegment.entry_no))
    assert second_no == first_no + 1


def test_lines_without_contact_and_removed_lines_are_left_behind(session):
    segment = make_ready_segment(session, "SM1")
    make_line(session, segment)
    make_line(session, segment, make_contact(session), removed_step_id=make_step(session, segment, "remove").id)
    done = log(session, segment)
    assert (done.entries, done.without_contact, len(entries(session))) == (1, 1, 1)


def test_r_g03_r_g04_each_campaign_gets_one_entry_of_its_earliest_line(session):
    one, two = make_campaign(session, "CP1"), make_campaign(session, "CP2")
    early = make_salesperson(session, "EARLY")
    segment = make_ready_segment(session, "SM1", description="Autumn", campaign_id=one.id)
    make_line(session, segment, make_contact(session), date=dt.date(2026, 1, 1), salesperson_id=early.id)
    make_line(session, segment, make_contact(session), campaign_id=two.id)
    make_line(session, segment, make_contact(session), no_campaign=True, date=dt.date(2025, 1, 1))
    done = log(session, segment, by=make_actor(user_name="Bo"))
    of_one, of_two = session.scalars(select(CampaignEntry).order_by(CampaignEntry.campaign_id))
    assert (of_one.campaign_id, of_one.date, of_one.salesperson_id) == (one.id, dt.date(2026, 1, 1), early.id)
    assert (of_two.campaign_id, of_two.date, of_two.salesperson_id) == (two.id, TODAY, segment.salesperson_id)
    assert {(entry.description, entry.segment_no, entry.user_name) for entry in (of_one, of_two)} == {
        ("Autumn", "SM1", "Bo")
    }
    assert {of_one.logged_segment_id, of_two.logged_segment_id} == {done.logged.id}
    assert done.campaign_entries == 2
    assert [entry.campaign_entry_id for entry in entries(session)] == [of_one.id, of_one.id, of_two.id, None]


def test_r_g04_a_campaign_entry_that_is_there_is_used_and_linked(session):
    campaign = make_campaign(session)
    make_campaign_entry(session, campaign, segment_no="OTHER")
    make_campaign_entry(session, campaign, segment_no="SM1", canceled=True)
    there = make_campaign_entry(session, campaign, segment_no="SM1")
    make_campaign_entry(session, make_campaign(session), segment_no="SM1")
    done = log(session, make_ready_segment(session, "SM1", campaign_id=campaign.id))
    assert session.scalar(select(func.count()).select_from(CampaignEntry)) == 4
    assert entries(session)[0].campaign_entry_id == there.id
    assert there.logged_segment_id == done.logged.id


def test_r_g07_emails_are_queued_and_letters_set_to_print(session):
    mail, paper, fax, none = (make_contact(session, email="a@b.com") for _ in range(4))
    segment = make_ready_segment(session, "SM1", mail, paper, fax, none, correspondence_type="")
    for line, kind in zip(lines_of(session, segment), ("email", "hard_copy", "fax", ""), strict=True):
        line.correspondence_type = kind
    done = log(session, segment)
    assert [(entry.correspondence_type, entry.delivery_status) for entry in entries(session)] == [
        ("email", "queued"),
        ("hard_copy", "to_print"),
        ("fax", "to_print"),
        ("", "none"),
    ]
    assert (done.emails, done.letters) == (1, 2)


def test_b1_without_delivery_only_emails_without_address_lose_their_type(session):
    without, address, elsewhere = make_contact(session), make_contact(session, email="a@b.com"), make_contact(session)
    make_alt_address(session, elsewhere, ranges=[(TODAY, None)], email="away@b.com")
    segment = make_ready_segment(session, "SM1", without, address, elsewhere, correspondence_type="email", subject="")
    make_line(session, segment, make_contact(session), correspondence_type="hard_copy")
    with pytest.raises(NotReady):
        log(session, segment)
    log(session, segment, without_delivery=True)
    assert [(entry.correspondence_type, entry.delivery_status) for entry in entries(session)] == [
        ("", "none"),
        ("email", "none"),
        ("email", "none"),
        ("hard_copy", "none"),
    ]


def test_scenario_25_nothing_is_written_when_a_line_cannot_be_logged(session):
    segment = make_ready_segment(session, "SM1", salesperson_id=None)
    before = table_counts(session)
    with pytest.raises(NotReady, match="1 line has no salesperson") as refused:
        log(session, segment)
    assert refused.value.check.blocked_lines == 1
    assert table_counts(session) == before
    assert segment.logged_segment_id is None


@pytest.mark.parametrize(
    ("header", "sentence"),
    [({"description": ""}, "Enter a description"), ({}, "no line with a contact")],
)
def test_scenario_25_the_header_is_refused(session, header, sentence):
    segment = make_segment(session, **header)
    if header:
        make_line(session, segment, make_contact(session))
    with pytest.raises(NotReady, match=sentence):
        log(session, segment)


def test_e_l01_scenario_27_a_number_is_logged_once(session):
    make_logged_segment(session, "SM1")
    with pytest.raises(NotReady, match="A segment SM1 has been logged already"):
        log(session, make_ready_segment(session, "SM1"))


def test_scenario_28_an_email_without_address_stops_the_log(session):
    segment = make_ready_segment(session, "SM1", make_contact(session), correspondence_type="email")
    with pytest.raises(NotReady, match="no e-mail address"):
        log(session, segment)
    assert entries(session) == []


def test_b2_a_blocked_contact_stops_the_log(session):
    segment = make_ready_segment(session, "SM1", make_contact(session, privacy_blocked=True))
    with pytest.raises(NotReady, match="blocked for privacy"):
        log(session, segment, without_delivery=True)


def test_a_segment_is_logged_once(session):
    segment = make_ready_segment(session, "SM1")
    log(session, segment)
    with pytest.raises(Conflict, match="Segment SM1 has been logged meanwhile"):
        log(session, segment)
    assert len(entries(session)) == 1


def test_the_worksheet_is_closed_by_one_guarded_update(session):
    segment = make_ready_segment(session, "SM1")
    freeze(session, segment, make_logged_segment(session))
    with pytest.raises(Conflict, match="logged meanwhile"):
        freeze(session, segment, make_logged_segment(session))


def test_a_segment_that_was_deleted_meanwhile_is_not_logged(session):
    segment = make_ready_segment(session, "SM1")
    session.expunge(segment)
    delete_row(session, Segment.__table__, [segment.id], name="SM1")
    with pytest.raises(NotFound, match="deleted meanwhile"):
        log(session, segment)


def test_b1_a_state_that_moved_since_the_check_is_shown_again(session):
    segment = make_ready_segment(session, "SM1")
    token = check_segment(session, segment, by=make_actor()).token
    make_line(session, segment, make_contact(session))
    with pytest.raises(CheckedStateChanged) as moved:
        log(session, segment, token=token)
    assert moved.value.check.lines == 2
    assert entries(session) == []
    log(session, segment, token=moved.value.check.token)
    assert len(entries(session)) == 2


@pytest.mark.parametrize("role", ["read_only", "salesperson"])
def test_not_everybody_may_log(session, role):
    segment = make_ready_segment(session, "SM1")
    with pytest.raises(Forbidden):
        log(session, segment, by=make_actor(role=role))
    log(session, segment, by=make_actor(role="salesperson_log"))


def test_undo_of_cells_ends_with_the_log(session):
    segment = make_ready_segment(session, "SM1")
    session.add(Undo(token="t", segment_id=segment.id, at=NOW, values="{}"))
    session.flush()
    log(session, segment)
    assert session.scalar(select(func.count()).select_from(Undo)) == 0


def test_r_g12_nothing_is_written_on_the_contact(session):
    contact = make_contact(session, email="a@b.com")
    before = {column.name: getattr(contact, column.name) for column in contact.__table__.columns}
    log(session, make_ready_segment(session, "SM1", contact))
    session.expire_all()
    assert {column.name: getattr(contact, column.name) for column in contact.__table__.columns} == before


def test_r_ls04_deleting_the_logged_segment_takes_the_worksheet_and_leaves_entries_and_letters(session):
    segment = make_ready_segment(session, "SM1", document=make_letter(session, "{{ company.name }}"))
    make_step(session, segment)
    logged = log(session, segment).logged
    set_canceled(session, [logged], by=make_actor())
    assert delete_canceled(session, by=make_actor()) == 1
    for table in (Segment, SegmentInteraction, SegmentLine, SegmentStep):
        assert session.scalar(select(func.count()).select_from(table)) == 0, table
    (entry,) = entries(session)
    assert (entry.logged_segment_id, entry.segment_line_id, entry.segment_no, entry.canceled) == (
        None,
        None,
        "SM1",
        True,
    )
    assert texts(letter_of_entry(session, entry).content) == ["Example Office"]
