"""Beginning and deleting a segment (R-H01…R-H04, A8)."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from domain.contacts.models import Contact
from domain.errors import Forbidden, NotFound, RuleViolation
from domain.segments.add_contacts import add_contacts
from domain.segments.create import create_segment
from domain.segments.delete import delete_segment
from domain.segments.header import edit_header
from domain.segments.interactions import choose_template
from domain.segments.models import Segment, SegmentInteraction, SegmentLine
from domain.segments.queries import get_open_segment, neighbours, open_segments
from domain.segments.step_models import SegmentStep, SegmentStepSkip
from domain.setup.models import MarketingSetup
from tests.factories.contacts import make_contact
from tests.factories.documents import make_document
from tests.factories.interaction_templates import make_template
from tests.factories.interactions import make_logged_segment
from tests.factories.segments import make_segment
from tests.factories.setup import make_actor, make_office, make_salesperson


def test_a_segment_takes_number_work_date_and_own_salesperson(session):
    """R-H02: the next number of the series, the work date, the user's salesperson."""
    make_office(session)
    seller = make_salesperson(session)
    actor = make_actor(salesperson_id=seller.id, work_date=dt.date(2026, 12, 24))
    segment = create_segment(session, by=actor)
    assert (segment.no, segment.date, segment.salesperson_id) == ("SM00001", dt.date(2026, 12, 24), seller.id)
    assert segment.interaction.template_id is None
    assert segment.interaction.segment_id == segment.id
    assert create_segment(session, by=actor).no == "SM00002"


def test_without_series_a_number_must_be_typed(session):
    """E-H01: no series in Marketing setup."""
    make_office(session)
    session.get_one(MarketingSetup, 1).segment_series_id = None
    with pytest.raises(RuleViolation) as refused:
        create_segment(session, by=make_actor())
    assert refused.value.field == "no"


def test_a_number_is_unique_over_open_frozen_and_logged_segments(session):
    """A8: checked when the number is given, typed or drawn."""
    make_office(session)
    make_segment(session, "SM00001")
    make_segment(session, "SM00002", logged_segment_id=make_logged_segment(session, "SM00002").id)
    make_logged_segment(session, "SM00003")  # its worksheet has been deleted
    for number in ("sm00001", "SM00002", "SM00003"):
        with pytest.raises(RuleViolation) as refused:
            create_segment(session, no=number, by=make_actor())
        assert refused.value.field == "no"
    assert create_segment(session, by=make_actor()).no == "SM00004"
    assert create_segment(session, no=" mine ", by=make_actor()).no == "MINE"


def test_unknown_references_and_long_texts_are_refused_on_their_field(session):
    """E-H06 at creation."""
    make_office(session)
    for values, field in (
        ({"salesperson": "NOBODY"}, "salesperson"),
        ({"campaign": "C?"}, "campaign"),
        ({"description": "x" * 101}, "description"),
    ):
        with pytest.raises(RuleViolation) as refused:
            create_segment(session, by=make_actor(), **values)
        assert refused.value.field == field


def test_reading_roles_cannot_change_segments(session):
    """Rights: "edit segments"."""
    segment = make_segment(session)
    for role in ("read_only", "salesperson"):
        with pytest.raises(Forbidden):
            create_segment(session, by=make_actor(role=role))
        with pytest.raises(Forbidden):
            edit_header(session, segment, {"description": "x"}, by=make_actor(role=role))
        with pytest.raises(Forbidden):
            delete_segment(session, segment, by=make_actor(role=role))
    assert create_segment(session, by=make_actor(role="salesperson_log")).no


def test_a_logged_segment_cannot_be_changed(session):
    """A5: the worksheet is frozen; the sentence says where it is found."""
    segment = make_segment(session, "S9", logged_segment_id=make_logged_segment(session, "S9").id)
    for change in (
        lambda: edit_header(session, segment, {"description": "x"}, by=make_actor()),
        lambda: choose_template(session, segment, None, by=make_actor()),
        lambda: add_contacts(session, segment, select(Contact.id), by=make_actor()),
        lambda: delete_segment(session, segment, by=make_actor()),
    ):
        with pytest.raises(RuleViolation, match="S9 has been logged"):
            change()
    with pytest.raises(NotFound, match="Logged segments"):
        get_open_segment(session, "S9")
    assert segment not in session.scalars(open_segments()).all()


def test_deleting_a_segment_leaves_nothing_but_documents(session):
    """R-H03: header, lines, steps with what they skipped, interactions and languages go; other segments stay."""
    document = make_document(session)
    other = make_segment(session, contacts=[make_contact(session)])
    segment = create_segment(session, no="GONE", by=make_actor())
    choose_template(session, segment, make_template(session, languages={"ENG": document}), by=make_actor())
    make_contact(session, no="BLOCKED", privacy_blocked=True)
    add_contacts(session, segment, select(Contact.id), by=make_actor())
    assert session.scalar(select(func.count()).select_from(SegmentStepSkip)) == 1
    delete_segment(session, segment, by=make_actor())
    assert session.scalars(select(Segment.no)).all() == [other.no]
    assert session.scalar(select(func.count()).select_from(SegmentLine)) == 1
    for table in (SegmentStep, SegmentStepSkip):
        assert session.scalar(select(func.count()).select_from(table)) == 0
    assert session.scalar(select(func.count()).select_from(SegmentInteraction)) == 1
    session.commit()
    with pytest.raises(NotFound, match="no segment GONE"):
        get_open_segment(session, "gone")


def test_a_segment_deleted_by_somebody_else_is_said_to_be_gone(session):
    """Bad input: gone meanwhile."""
    make_office(session)
    segment = create_segment(session, by=make_actor())
    session.expunge(segment)
    delete_segment(session, session.get_one(Segment, segment.id), by=make_actor())
    with pytest.raises(NotFound, match="deleted meanwhile"):
        edit_header(session, segment, {"description": "x"}, by=make_actor())


def test_neighbours_of_a_segment(session):
    """The record pager goes through open segments only, in the order of their numbers."""
    for number in ("A1", "A2", "A4"):
        make_segment(session, number)
    make_segment(session, "A3", logged_segment_id=make_logged_segment(session, "A3").id)
    assert neighbours(session, get_open_segment(session, "a2")) == ("A1", "A4")
    assert neighbours(session, get_open_segment(session, "A4")) == ("A2", None)
