from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from domain.campaigns.models import Campaign
from domain.documents.models import Document
from domain.errors import Forbidden, NotFound, RuleViolation
from domain.interactions.campaign_entries import (
    delete_canceled_campaign_entries,
    get_campaign_entry,
    set_campaign_entry_canceled,
)
from domain.interactions.delete_canceled import delete_canceled_entries
from domain.interactions.delivery import mark_letters
from domain.interactions.entries import (
    add_comment,
    comments_of,
    documents_of_their_own,
    evaluate,
    get_entry,
    set_canceled,
)
from domain.interactions.filters import EntryFilters
from domain.interactions.models import (
    DeliveryAttempt,
    InteractionComment,
    InteractionLogEntry,
    LetterValues,
    LoggedSegmentValues,
)
from tests.factories.contacts import make_contact
from tests.factories.interactions import make_campaign_entry, make_entry, make_logged_segment
from tests.factories.setup import NOW, make_actor, make_salesperson


def make_campaign(session, no="CP1"):
    campaign = Campaign(no=no, description="Autumn", modified_at=NOW)
    session.add(campaign)
    session.flush()
    return campaign


def make_document(session, sha="a" * 64):
    document = Document(sha256=sha, file_name="letter.docx", extension="docx", size=1, is_word=True, created_at=NOW)
    session.add(document)
    session.flush()
    return document


def canceled(session, *entries):
    session.expire_all()
    return [entry.canceled for entry in entries]


def test_entries_are_found_by_their_number(session):
    entry = make_entry(session)
    assert get_entry(session, entry.entry_no) is entry
    with pytest.raises(NotFound, match="There is no interaction 5"):
        get_entry(session, 5)


def test_r_e01_all_selected_get_the_opposite_of_the_newest(session):
    old, new = make_entry(session, canceled=True), make_entry(session)
    assert set_canceled(session, [old.id, new.id], by=make_actor()) == 1
    assert canceled(session, old, new) == [True, True]
    assert set_canceled(session, [old.id, new.id], by=make_actor()) == 2
    assert canceled(session, old, new) == [False, False]


def test_cancelling_twice_changes_nothing_the_second_time(session):
    entry = make_entry(session)
    assert set_canceled(session, [entry.id], canceled=True, by=make_actor()) == 1
    assert set_canceled(session, [entry.id], canceled=True, by=make_actor()) == 0


def test_all_that_match_filters_can_be_cancelled_at_once(session):
    kept = make_entry(session, evaluation="positive")
    gone = [make_entry(session, evaluation="negative") for _ in range(3)]
    assert set_canceled(session, EntryFilters(evaluation="negative").ids(), canceled=True, by=make_actor()) == 3
    assert canceled(session, kept, *gone) == [False, True, True, True]


def test_e_e01_an_entry_of_a_cancelled_logged_segment_stays_cancelled(session):
    logged = make_logged_segment(session, "SM1", canceled=True)
    entry = make_entry(session, logged_segment=logged, canceled=True)
    with pytest.raises(RuleViolation, match="logged segment SM1 is cancelled"):
        set_canceled(session, [entry.id], by=make_actor())
    assert canceled(session, entry) == [True]


def test_e_e01_an_entry_of_a_cancelled_campaign_entry_stays_cancelled(session):
    campaign_entry = make_campaign_entry(session, make_campaign(session), canceled=True)
    entry = make_entry(session, campaign_entry=campaign_entry, canceled=True)
    with pytest.raises(RuleViolation, match=f"campaign entry {campaign_entry.entry_no} is cancelled"):
        set_canceled(session, [entry.id], by=make_actor())


def test_salespeople_cancel_their_own_entries_only(session):
    mine, theirs = make_salesperson(session, "ME"), make_salesperson(session, "YOU")
    by = make_actor(role="salesperson", salesperson_id=mine.id)
    own, other = make_entry(session, salesperson_id=mine.id), make_entry(session, salesperson_id=theirs.id)
    assert set_canceled(session, [own.id], by=by) == 1
    for selection in ([other.id], [own.id, other.id]):
        with pytest.raises(Forbidden):
            set_canceled(session, selection, by=by)
    with pytest.raises(Forbidden):
        set_canceled(session, [own.id], by=make_actor(role="read_only"))


def test_scenario_37_only_documents_nobody_else_uses_are_taken_away(session):
    own, shared = make_document(session), make_document(session, "b" * 64)
    first, second = make_entry(session, document=own), make_entry(session, document=shared)
    third = make_entry(session, document=shared)
    assert documents_of_their_own(session, [first.id, second.id]) == [own.id]
    set_canceled(session, [first.id, second.id], canceled=True, remove_documents=True, by=make_actor())
    session.expire_all()
    assert (first.document_id, second.document_id, third.document_id) == (None, shared.id, shared.id)
    assert documents_of_their_own(session, [second.id, third.id]) == [shared.id]


def test_r_e01_documents_stay_unless_asked_for_and_when_the_mark_is_taken_away(session):
    """Q-11: keeping them is the default."""
    entry = make_entry(session, document=make_document(session))
    kept = entry.document_id
    for values in ({"canceled": True}, {"canceled": False, "remove_documents": True}):
        set_canceled(session, [entry.id], by=make_actor(), **values)
        session.expire_all()
        assert (entry.canceled, entry.document_id) == (values["canceled"], kept)


def test_r_e02_all_selected_are_evaluated_cancelled_ones_too(session):
    entries = [make_entry(session, canceled=True), make_entry(session, evaluation="negative")]
    assert evaluate(session, [one.id for one in entries], "very_positive", by=make_actor(role="salesperson")) == 2
    session.expire_all()
    assert {one.evaluation for one in entries} == {"very_positive"}


@pytest.mark.parametrize("evaluation", ["", "splendid"])
def test_r_e02_an_evaluation_is_not_taken_away(session, evaluation):
    entry = make_entry(session, evaluation="positive")
    with pytest.raises(RuleViolation):
        evaluate(session, [entry.id], evaluation, by=make_actor())
    session.expire_all()
    assert entry.evaluation == "positive"


def test_readers_evaluate_and_comment_nothing(session):
    entry = make_entry(session)
    with pytest.raises(Forbidden):
        evaluate(session, [entry.id], "positive", by=make_actor(role="read_only"))
    with pytest.raises(Forbidden):
        add_comment(session, entry, "Hm", by=make_actor(role="read_only"))


def test_b19_comments_carry_author_and_moment(session):
    entry = make_entry(session)
    add_comment(session, entry, "  Called back.\nBusy. ", by=make_actor(user_name="Ann"))
    add_comment(session, entry, "x" * 4000, by=make_actor(user_name="Bo"))
    first, second = comments_of(session, entry)
    assert (first.text, first.user_name, first.created_at) == ("Called back.\nBusy.", "Ann", NOW)
    assert second.user_name == "Bo"


@pytest.mark.parametrize("text", [" ", "x" * 4001])
def test_b19_a_comment_is_neither_empty_nor_endless(session, text):
    with pytest.raises(RuleViolation) as refused:
        add_comment(session, make_entry(session), text, by=make_actor())
    assert refused.value.field == "text"


def test_a7_letters_go_from_to_print_to_posted_and_returned(session):
    letter = make_entry(session, correspondence_type="hard_copy", delivery_status="to_print")
    mail = make_entry(session, correspondence_type="email", delivery_status="queued")
    off = make_entry(session, correspondence_type="hard_copy", delivery_status="to_print", canceled=True)
    for status in ("printed", "posted", "returned"):
        assert mark_letters(session, [letter.id, mail.id, off.id], status, by=make_actor()) == 1
    session.expire_all()
    assert [one.delivery_status for one in (letter, mail, off)] == ["returned", "queued", "to_print"]
    attempts = session.scalars(
        select(DeliveryAttempt.status).where(DeliveryAttempt.entry_id == letter.id).order_by(DeliveryAttempt.id)
    )
    assert list(attempts) == ["printed", "posted", "returned"]


def test_a7_an_email_is_not_printed(session):
    mail = make_entry(session, correspondence_type="email", delivery_status="queued")
    with pytest.raises(RuleViolation):
        mark_letters(session, [mail.id], "printed", by=make_actor())
    with pytest.raises(RuleViolation):
        mark_letters(session, [mail.id], "sent", by=make_actor())


def test_r_e09_only_cancelled_entries_are_deleted_with_all_that_is_theirs(session):
    contact = make_contact(session)
    gone, kept = make_entry(session, contact, canceled=True), make_entry(session, contact)
    shared, lonely = LoggedSegmentValues(values="{}"), LoggedSegmentValues(values="{}")
    session.add_all([shared, lonely])
    session.flush()
    session.add_all(
        [
            LetterValues(entry_id=gone.id, values_id=shared.id),
            LetterValues(entry_id=gone.id, values_id=lonely.id),
            LetterValues(entry_id=kept.id, values_id=shared.id),
        ]
    )
    for entry in (gone, kept):
        add_comment(session, entry, "Remark", by=make_actor())
    ids, shared_id = (gone.id, kept.id), shared.id
    assert delete_canceled_entries(session, EntryFilters(contact_id=contact.id).ids(), by=make_actor()) == 1
    assert list(session.scalars(select(InteractionLogEntry.id).where(InteractionLogEntry.id.in_(ids)))) == [ids[1]]
    assert list(session.scalars(select(InteractionComment.entry_id))) == [ids[1]]
    assert list(session.scalars(select(LetterValues.entry_id))) == [ids[1]]
    assert list(session.scalars(select(LoggedSegmentValues.id))) == [shared_id]
    with pytest.raises(Forbidden):
        delete_canceled_entries(session, by=make_actor(role="salesperson"))


def test_4_5_a_campaign_entry_takes_its_interactions_along(session):
    campaign = make_campaign(session)
    campaign_entry = make_campaign_entry(session, campaign)
    number = campaign_entry.entry_no
    inside, outside = make_entry(session, campaign_entry=campaign_entry), make_entry(session)
    assert set_campaign_entry_canceled(session, get_campaign_entry(session, number), by=make_actor())
    assert canceled(session, inside, outside) == [True, False]
    assert delete_canceled_campaign_entries(session, by=make_actor()) == 1
    assert list(session.scalars(select(InteractionLogEntry))) == [outside]
    assert get_entry(session, outside.entry_no)
    with pytest.raises(NotFound):
        get_campaign_entry(session, number)


def test_4_5_a_campaign_entry_can_come_back(session):
    campaign_entry = make_campaign_entry(session, make_campaign(session), canceled=True)
    entry = make_entry(session, campaign_entry=campaign_entry, canceled=True, date=dt.date(2026, 1, 1))
    assert set_campaign_entry_canceled(session, campaign_entry, by=make_actor()) is False
    assert canceled(session, entry) == [False]
    assert delete_canceled_campaign_entries(session, [campaign_entry], by=make_actor()) == 0
