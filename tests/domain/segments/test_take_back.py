from __future__ import annotations

import pytest
from sqlalchemy import func, select

from domain.campaigns.models import CampaignEntry
from domain.contacts.models import Contact
from domain.errors import Forbidden, RuleViolation
from domain.interactions.delivery import mark_letters
from domain.interactions.entries import add_comment, evaluate, set_canceled
from domain.interactions.models import (
    InteractionLogEntry,
    LetterValues,
    LoggedSegment,
    LoggedSegmentValues,
)
from domain.references import delete_row
from domain.segments.models import Segment
from domain.segments.queries import get_open_segment
from domain.segments.step_models import SegmentStep
from domain.segments.take_back import look_at_take_back, take_back
from tests.domain.segments.ready import lines_of, log, make_ready_segment
from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_contact
from tests.factories.documents import make_letter
from tests.factories.interactions import make_entry
from tests.factories.segments import make_step
from tests.factories.setup import make_actor


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def first_entry(session):
    return session.scalars(select(InteractionLogEntry).order_by(InteractionLogEntry.entry_no).limit(1)).one()


def test_a5_the_worksheet_opens_again_with_everything_it_had(session):
    segment = make_ready_segment(session, "SM1", make_contact(session), make_contact(session), description="Autumn")
    step = make_step(session, segment, "add")
    first, second = lines_of(session, segment)
    document = make_letter(session, "Own")
    first.description, first.comment, first.document_id, first.added_step_id = "Own", "Nice", document.id, step.id
    second.removed_step_id = step.id
    session.flush()
    done = log(session, segment)
    back = take_back(session, done.logged, by=make_actor())
    assert (back.segment.no, back.entries, back.notes) == ("SM1", 1, ())
    assert get_open_segment(session, "SM1").description == "Autumn"
    first, second = lines_of(session, segment)
    assert (first.description, first.comment, first.document_id, first.added_step_id) == (
        "Own",
        "Nice",
        document.id,
        step.id,
    )
    assert second.removed_step_id == step.id
    assert count(session, SegmentStep) == 1
    for table in (InteractionLogEntry, LetterValues, LoggedSegment, LoggedSegmentValues, CampaignEntry):
        assert count(session, table) == 0, table


def test_a5_logging_again_gives_new_entry_numbers(session):
    segment = make_ready_segment(session, "SM1")
    before = log(session, segment)
    number = first_entry(session).entry_no
    take_back(session, before.logged, by=make_actor())
    log(session, segment)
    assert first_entry(session).entry_no == number + 1


def test_a5_a_campaign_entry_that_others_use_stays_without_the_link(session):
    campaign, other = make_campaign(session), make_campaign(session)
    segment = make_ready_segment(session, "SM1", make_contact(session), make_contact(session), campaign_id=campaign.id)
    lines_of(session, segment)[1].campaign_id = other.id
    done = log(session, segment)
    used = session.scalars(select(CampaignEntry).where(CampaignEntry.campaign_id == campaign.id)).one()
    call = make_entry(session, make_contact(session), campaign_entry=used, segment_no="SM1")
    take_back(session, done.logged, by=make_actor())
    (left,) = session.scalars(select(CampaignEntry))
    assert (left.campaign_id, left.logged_segment_id) == (campaign.id, None)
    assert list(session.scalars(select(InteractionLogEntry))) == [call]


def test_a5_an_untouched_follow_up_goes_with_it(session):
    done = log(session, make_ready_segment(session, "SM00009"), follow_up=True)
    assert look_at_take_back(session, done.logged, by=make_actor()).follow_up is done.follow_up
    take_back(session, done.logged, by=make_actor())
    assert list(session.scalars(select(Segment.no))) == ["SM00009"]


def test_a5_a_follow_up_somebody_works_on_stays(session):
    done = log(session, make_ready_segment(session, "SM00009"), follow_up=True)
    done.follow_up.list_version += 1
    session.flush()
    back = take_back(session, done.logged, by=make_actor())
    assert [str(note) for note in back.notes] == ["The follow-up segment SM00001 has been changed and stays."]
    assert set(session.scalars(select(Segment.no))) == {"SM00009", "SM00001"}


def test_a5_a_follow_up_that_was_logged_stays(session):
    done = log(session, make_ready_segment(session, "SM00009"), follow_up=True)
    done.follow_up.interaction.template_id = session.scalars(select(InteractionLogEntry.template_id)).first()
    done.follow_up.salesperson_id = session.scalars(select(InteractionLogEntry.salesperson_id)).first()
    session.flush()
    log(session, done.follow_up, deliver=False)
    take_back(session, done.logged, by=make_actor())
    assert count(session, LoggedSegment) == 1
    assert set(session.scalars(select(Segment.no))) == {"SM00009", "SM00001"}


def delivered(status):
    def change(session, entry):
        entry.delivery_status = status

    return change


def posted(session, entry):
    mark_letters(session, [entry.id], "posted", by=make_actor())


def evaluated(session, entry):
    evaluate(session, [entry.id], "positive", by=make_actor())


def canceled(session, entry):
    set_canceled(session, [entry.id], by=make_actor())


def commented(session, entry):
    add_comment(session, entry, "Remark", by=make_actor())


def resent(session, entry):
    session.add(LetterValues(entry_id=entry.id))


def sent_again_as_new_entry(session, entry):
    make_entry(session, entry.contact, logged_segment=entry.logged_segment)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (delivered("sending"), "1 e-mail is being sent."),
        (delivered("sent"), "1 e-mail has been sent."),
        (delivered("uncertain"), "It is not certain whether 1 e-mail was sent."),
        (posted, "1 letter has been posted."),
        (delivered("returned"), "1 letter has come back."),
        (evaluated, "1 interaction has been evaluated."),
        (canceled, "1 interaction is cancelled."),
        (commented, "1 interaction has comments."),
        (resent, "1 interaction has been sent again."),
        (sent_again_as_new_entry, "1 interaction has been sent again."),
    ],
)
def test_a5_what_has_gone_out_or_been_worked_on_is_not_taken_back(session, change, sentence):
    segment = make_ready_segment(session, "SM1", make_contact(session), make_contact(session))
    done = log(session, segment)
    change(session, first_entry(session))
    session.flush()
    assert [str(one) for one in look_at_take_back(session, done.logged, by=make_actor()).reasons] == [sentence]
    before = count(session, InteractionLogEntry)
    with pytest.raises(RuleViolation) as refused:
        take_back(session, done.logged, by=make_actor())
    assert str(refused.value.message) == sentence
    assert (count(session, InteractionLogEntry), segment.logged_segment_id) == (before, done.logged.id)


def test_a5_a_contact_that_is_gone_forbids_it(session):
    company = make_contact(session)
    person, private = make_contact(session, company=company), make_contact(session)
    segment = make_ready_segment(session, "SM1", person, private, company)
    done = log(session, segment)
    delete_row(session, Contact.__table__, [private.id], name="private")
    delete_row(session, Contact.__table__, [person.id], name="person", successor=company.id)
    with pytest.raises(RuleViolation, match="The contacts of 2 interactions are not there any more"):
        take_back(session, done.logged, by=make_actor())


def test_a5_an_evaluation_that_stood_on_the_line_does_not_forbid_it(session):
    segment = make_ready_segment(session, "SM1")
    lines_of(session, segment)[0].evaluation = "neutral"
    done = log(session, segment)
    assert take_back(session, done.logged, by=make_actor()).entries == 1


def test_a5_printed_letters_only_warn(session):
    done = log(session, make_ready_segment(session, "SM1"))
    mark_letters(session, [first_entry(session).id], "printed", by=make_actor())
    look = look_at_take_back(session, done.logged, by=make_actor())
    assert (look.reasons, [str(one) for one in look.warnings]) == ((), ["1 letter has been printed already."])
    take_back(session, done.logged, by=make_actor())


def test_a_cancelled_logged_segment_is_not_taken_back(session):
    done = log(session, make_ready_segment(session, "SM1"))
    done.logged.canceled = True
    session.flush()
    with pytest.raises(RuleViolation, match="SM1 is cancelled"):
        take_back(session, done.logged, by=make_actor())


def test_it_cannot_be_taken_back_twice(session):
    segment = make_ready_segment(session, "SM1")
    done = log(session, segment)
    take_back(session, done.logged, by=make_actor())
    log(session, segment)
    assert count(session, LoggedSegment) == 1


@pytest.mark.parametrize("role", ["read_only", "salesperson"])
def test_not_everybody_may_take_back(session, role):
    done = log(session, make_ready_segment(session, "SM1"))
    with pytest.raises(Forbidden):
        take_back(session, done.logged, by=make_actor(role=role))


def log_and_keep(session):
    segment = make_ready_segment(
        session, "SM00009", make_contact(session, "A"), make_contact(session, "B", privacy_blocked=True)
    )
    line = lines_of(session, segment)[1]
    line.description, line.comment = "Own", "Kept"
    session.flush()
    return segment, log(session, segment, keep_problems=["blocked"])


def test_a8_kept_lines_return_when_their_segment_is_untouched(session):
    segment, done = log_and_keep(session)
    back = take_back(session, done.logged, by=make_actor())
    assert back.notes == ()
    assert list(session.scalars(select(Segment.no))) == ["SM00009"]
    lines = lines_of(session, segment)
    assert [(line.contact.no, line.description, line.comment, line.removed_step_id) for line in lines] == [
        ("A", None, "", None),
        ("B", "Own", "Kept", None),
    ]
    assert count(session, SegmentStep) == 0


def test_a8_kept_lines_stay_where_somebody_has_worked_on_them(session):
    segment, done = log_and_keep(session)
    done.kept.list_version += 1
    session.flush()
    back = take_back(session, done.logged, by=make_actor())
    assert "SM00001" in str(back.notes[0])
    assert [line.removed_step_id is None for line in lines_of(session, segment)] == [True, False]
    assert len(lines_of(session, done.kept)) == 1
    assert session.scalars(select(SegmentStep.kind).where(SegmentStep.segment_id == segment.id)).one() == "kept_back"
