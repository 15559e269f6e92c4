"""Log n, keep m in a new segment (A8)."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from domain.errors import RuleViolation
from domain.interactions.models import InteractionLogEntry
from domain.segments.log import NotReady
from domain.segments.models import SegmentInteraction
from domain.segments.step_models import SegmentStep
from tests.domain.segments.ready import lines_of, log, make_ready_segment
from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_contact, make_setup
from tests.factories.documents import make_letter
from tests.factories.interaction_templates import make_template
from tests.factories.segments import make_segment_interaction
from tests.factories.setup import TODAY


def entries(session):
    session.expire_all()
    return list(session.scalars(select(InteractionLogEntry).order_by(InteractionLogEntry.entry_no)))


def test_a8_lines_that_cannot_be_logged_stay_behind_in_a_new_segment(session):
    good, bad = make_contact(session, "GOOD"), make_contact(session, "BAD", privacy_blocked=True)
    segment = make_ready_segment(
        session, "SM00007", good, bad, description="Autumn", campaign_id=make_campaign(session).id
    )
    other = make_segment_interaction(
        session, segment, make_template(session), description="Other", languages={"ENG": ("S", None)}
    )
    document = make_letter(session, "Own")
    line = lines_of(session, segment)[1]
    line.description, line.comment, line.document_id, line.interaction_id = "Own", "Kept", document.id, other.id
    done = log(session, segment, keep_problems=["blocked"])
    kept = done.kept
    assert (done.entries, done.kept_lines, kept.no, done.logged.kept_segment_no) == (1, 1, "SM00001", "SM00001")
    assert [entry.contact_no for entry in entries(session)] == ["GOOD"]
    assert (kept.description, kept.date, kept.salesperson_id, kept.campaign_id) == (
        "Autumn",
        TODAY,
        segment.salesperson_id,
        segment.campaign_id,
    )
    assert kept.logged_segment_id is None
    (moved,) = lines_of(session, kept)
    assert (moved.contact.no, moved.line_no, moved.description, moved.comment, moved.document_id) == (
        "BAD",
        20000,
        "Own",
        "Kept",
        document.id,
    )
    assert (moved.interaction.description, moved.interaction.segment_id) == ("Other", kept.id)
    assert [row.subject for row in moved.interaction.languages] == ["S"]
    assert kept.interaction.template_id == segment.interaction.template_id
    assert [row.subject for row in kept.interaction.languages] == ["Hello"]
    assert kept.interaction.id not in {
        one.id for one in session.scalars(select(SegmentInteraction).where(SegmentInteraction.segment_id == segment.id))
    }
    (step,) = session.scalars(select(SegmentStep).where(SegmentStep.segment_id == kept.id))
    assert (step.kind, step.changed, json.loads(step.options)) == ("kept_from", 1, {"segment": "SM00007"})
    last = session.scalars(select(SegmentStep).where(SegmentStep.segment_id == segment.id)).one()
    assert (last.kind, json.loads(last.options)) == ("kept_back", {"segment": "SM00001"})
    assert [line.removed_step_id for line in lines_of(session, segment)] == [None, last.id]


def test_a8_chosen_lines_stay_behind_too(session):
    segment = make_ready_segment(session, "SM00007", *(make_contact(session) for _ in range(3)))
    chosen = lines_of(session, segment)[2]
    done = log(session, segment, keep_lines=[chosen.id])
    assert (done.entries, done.kept_lines) == (2, 1)
    assert [line.line_no for line in lines_of(session, done.kept)] == [30000]


def test_a8_the_new_segment_can_be_logged_once_it_is_mended(session):
    bad = make_contact(session, privacy_blocked=True)
    segment = make_ready_segment(session, "SM00007", make_contact(session), bad)
    kept = log(session, segment, keep_problems=["blocked"]).kept
    bad.privacy_blocked = False
    session.flush()
    assert log(session, kept).entries == 1
    assert [entry.segment_no for entry in entries(session)] == ["SM00007", "SM00001"]


def test_nothing_is_kept_when_no_line_has_the_problem(session):
    done = log(session, make_ready_segment(session, "SM00007"), keep_problems=["blocked"])
    assert (done.kept, done.kept_lines, done.logged.kept_segment_no) == (None, 0, "")


def test_keeping_every_line_logs_nothing(session):
    segment = make_ready_segment(session, "SM00007", make_contact(session, privacy_blocked=True))
    with pytest.raises(NotReady, match="no line with a contact"):
        log(session, segment, keep_problems=["blocked"])


def test_what_remains_must_still_be_sound(session):
    segment = make_ready_segment(
        session,
        "SM00007",
        make_contact(session, privacy_blocked=True),
        make_contact(session),
        correspondence_type="email",
    )
    with pytest.raises(NotReady, match="no e-mail address"):
        log(session, segment, keep_problems=["blocked"])


def test_e_h01_keeping_needs_a_number_series(session):
    segment = make_ready_segment(session, "SM00007", make_contact(session), make_contact(session, privacy_blocked=True))
    make_setup(session, segment_series_id=None)
    with pytest.raises(RuleViolation, match="number series"):
        log(session, segment, keep_problems=["blocked"])
