"""Choosing an interaction template, reading it again, languages (A1, A2, R-H21…R-H24, R-A12, B12, B18, ATT-D02)."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from domain.errors import Conflict, NotFound, RuleViolation
from domain.segments.edit_line import edit_line
from domain.segments.header import edit_header
from domain.segments.header_answers import keep_lines, replace_lines
from domain.segments.interactions import choose_template, differs_from_template, read_template_again
from domain.segments.languages import add_language, edit_language, get_language_row, language_rows, remove_language
from domain.segments.models import SegmentInteraction
from tests.domain.segments.lines import listed, shown
from tests.domain.segments.test_header import make_campaign
from tests.factories.contacts import make_contact
from tests.factories.documents import make_document
from tests.factories.interaction_templates import make_template
from tests.factories.segments import make_segment
from tests.factories.setup import make_actor, make_language

BY = make_actor()


@pytest.fixture
def letters(session):
    """A template in three languages, English by default, with every field filled."""
    documents = {code: (f"Subject {code}", make_document(session)) for code in ("ENG", "DEU", "FRC")}
    return make_template(
        session,
        "BUS",
        languages=documents,
        correspondence_type="email",
        ignore_contact_type=True,
        unit_cost=150,
        unit_duration=5,
        information_flow="outbound",
        initiated_by="us",
        campaign_target=True,
        campaign_response=True,
        campaign_id=make_campaign(session, "TPL").id,
    )


def languages_of(session, segment):
    return [row.language.code for row in session.scalars(language_rows(segment))]


def test_choosing_a_template_copies_everything(session, letters):
    """R-H21, HDR-D04: fields, languages, subjects, documents; the template's campaign replaces the header's."""
    segment = make_segment(session, contacts=[make_contact(session)], campaign_id=make_campaign(session).id)
    change = choose_template(session, segment, "bus", by=BY)
    assert (change.follow, change.own, change.taken_up_again) == (1, 0, False)
    mine = segment.interaction
    for name in (
        "description",
        "group_id",
        "correspondence_type",
        "ignore_contact_type",
        "language_id",
        "unit_cost",
        "unit_duration",
        "information_flow",
        "initiated_by",
        "campaign_target",
        "campaign_response",
    ):
        assert getattr(mine, name) == getattr(letters, name), name
    assert segment.campaign_id == letters.campaign_id
    assert languages_of(session, segment) == ["DEU", "ENG", "FRC"]
    assert shown(session, segment, "template_id", "cost", "correspondence_type", "subject") == [
        (letters.id, 150, "email", "Subject ENG")
    ]
    assert segment.description == "A segment"


def test_a_template_without_campaign_leaves_the_header_its_own(session):
    """HDR-D04: the campaign is replaced only if the template has one."""
    campaign = make_campaign(session)
    segment = make_segment(session, campaign_id=campaign.id)
    choose_template(session, segment, make_template(session), by=BY)
    assert segment.campaign_id == campaign.id


def test_the_template_is_not_touched_by_the_segment_nor_the_other_way(session, letters):
    """R-A21, A1: copies; editing the template later does not change open segments, *Read template again* does."""
    segment = make_segment(session, contacts=[make_contact(session)])
    choose_template(session, segment, letters, by=BY)
    edit_header(session, segment, {"unit_cost": 1, "subject": "Mine"}, by=BY)
    assert letters.unit_cost == 150
    assert {row.subject for row in letters.languages} == {"Subject ENG", "Subject DEU", "Subject FRC"}
    letters.unit_cost = 300
    session.flush()
    assert shown(session, segment, "cost", "subject") == [(1, "Mine")]
    assert differs_from_template(session, segment)
    again = read_template_again(session, segment, by=BY)
    assert (again.template, again.lines) == ("BUS", 1)
    assert shown(session, segment, "cost", "subject") == [(300, "Subject ENG")]
    assert not differs_from_template(session, segment)


def test_reading_again_needs_a_template(session):
    """A1."""
    with pytest.raises(RuleViolation, match="interaction template first"):
        read_template_again(session, make_segment(session), by=BY)


def test_a_template_chosen_before_is_taken_up_again_with_its_edits(session, letters):
    """A1: and the answer says so."""
    segment = make_segment(session)
    choose_template(session, segment, letters, by=BY)
    edit_header(session, segment, {"unit_cost": 7}, by=BY)
    first = segment.interaction_id
    assert not choose_template(session, segment, make_template(session), by=BY).taken_up_again
    change = choose_template(session, segment, letters, by=BY)
    assert change.taken_up_again
    assert (segment.interaction_id, segment.interaction.unit_cost) == (first, 7)
    assert choose_template(session, segment, letters, by=BY) is None


def test_a_template_may_be_blank(session, letters):
    """R-H24: fields and languages are gone, and so is the template's campaign; another campaign stays."""
    segment = make_segment(session, contacts=[make_contact(session)])
    choose_template(session, segment, letters, by=BY)
    choose_template(session, segment, "", by=BY)
    assert segment.campaign_id is None
    assert shown(session, segment, "template_id", "cost", "subject", "document_id") == [(None, 0, "", None)]
    choose_template(session, segment, letters, by=BY)
    own = make_campaign(session, "OWN")
    edit_header(session, segment, {"campaign": own}, by=BY)
    choose_template(session, segment, None, by=BY)
    assert segment.campaign_id == own.id


def test_unknown_and_conflicting_templates_are_refused(session, letters):
    """E-H04, B26."""
    segment = make_segment(session)
    with pytest.raises(RuleViolation) as refused:
        choose_template(session, segment, "NOPE", by=BY)
    assert refused.value.field == "template"
    choose_template(session, segment, letters, by=BY)
    with pytest.raises(Conflict):
        choose_template(session, segment, make_template(session), was={"template": ""}, by=BY)


def test_lines_follow_a_new_template_keep_the_former_or_are_taken_along(session, letters):
    """A2 (HDR-D03, HDR-D05 overruled): own values and own documents survive; keeping copies nothing."""
    own = make_document(session)
    segment = make_segment(session, contacts=[make_contact(session) for _ in range(3)])
    choose_template(session, segment, letters, by=BY)
    first, _, third = listed(session, segment)
    other = make_template(session, "MEMO", unit_cost=9)
    edit_line(session, first, {"document": own, "cost": 3}, by=BY)
    edit_line(session, third, {"template": other}, by=BY)
    new = make_template(session, "NEW", unit_cost=50)
    change = choose_template(session, segment, new, by=BY)
    assert (change.follow, change.own, change.other) == (2, 1, 0)
    assert shown(session, segment, "template_id", "cost", "document_id") == [
        (new.id, 3, own.id),
        (new.id, 50, None),
        (other.id, 9, None),
    ]
    interactions = session.scalar(select(func.count()).select_from(SegmentInteraction))
    assert keep_lines(session, segment, change.token, by=BY).kept == 2
    assert session.scalar(select(func.count()).select_from(SegmentInteraction)) == interactions
    assert [a for a, _ in shown(session, segment, "template_id", "cost")] == [letters.id, letters.id, other.id]
    assert shown(session, segment, "document_id")[0] == own.id
    assert replace_lines(session, segment, change.token, by=BY) == 3
    assert shown(session, segment, "template_id") == [new.id] * 3
    assert shown(session, segment, "document_id") == [own.id, None, None]


def test_a_line_with_the_new_template_of_the_header_becomes_inherited(session, letters):
    """A1: a line's template is never stored when it equals the header's."""
    segment = make_segment(session, contacts=[make_contact(session)])
    choose_template(session, segment, make_template(session), by=BY)
    (line,) = listed(session, segment)
    edit_line(session, line, {"template": letters}, by=BY)
    shared = line.interaction_id
    change = choose_template(session, segment, letters, by=BY)
    assert change.taken_up_again
    assert segment.interaction_id == shared
    assert listed(session, segment)[0].interaction_id is None


def test_answers_to_the_former_interaction_end_with_a_new_template(session, letters):
    """A2: the former cost belongs to an interaction that no longer counts."""
    segment = make_segment(session, contacts=[make_contact(session)])
    choose_template(session, segment, letters, by=BY)
    (change,) = edit_header(session, segment, {"unit_cost": 7}, by=BY)
    choose_template(session, segment, make_template(session), by=BY)
    with pytest.raises(RuleViolation, match="changed again"):
        keep_lines(session, segment, change.token, by=BY)


def test_adding_a_language_reaches_its_contacts_at_once(session, letters):
    """R-A10, B12: only contacts of the language take it; twice is refused."""
    segment = make_segment(session, contacts=[make_contact(session), make_contact(session, language="SVE")])
    choose_template(session, segment, letters, by=BY)
    document = make_document(session)
    make_language(session, "SVE", "sv-SE")
    add_language(session, segment, "SVE", subject="Tack", document=document, by=BY)
    assert shown(session, segment, "subject", "document_id")[1] == ("Tack", document.id)
    assert shown(session, segment, "subject")[0] == "Subject ENG"
    with pytest.raises(RuleViolation, match="already"):
        add_language(session, segment, "SVE", by=BY)
    assert len(letters.languages) == 3


def test_the_first_language_becomes_the_default(session):
    """Q-04: a template without languages gets its first one."""
    segment = make_segment(session, contacts=[make_contact(session, language=None)])
    with pytest.raises(RuleViolation, match="interaction template first"):
        add_language(session, segment, make_language(session, "ENG"), by=BY)
    choose_template(session, segment, make_template(session), by=BY)
    row = add_language(session, segment, make_language(session, "ENG"), subject="First", by=BY)
    assert segment.interaction.language_id == row.language_id
    assert shown(session, segment, "subject") == ["First"]


def test_document_and_subject_of_a_language(session, letters):
    """R-A08, R-A20: lines follow, own documents stay; the default language's subject is the header's."""
    segment = make_segment(session, contacts=[make_contact(session), make_contact(session)])
    choose_template(session, segment, letters, by=BY)
    own, new = make_document(session), make_document(session)
    edit_line(session, listed(session, segment)[0], {"document": own}, by=BY)
    row = get_language_row(session, segment, "ENG")
    assert edit_language(session, segment, row, {"document": new}, by=BY) is None
    assert shown(session, segment, "document_id") == [own.id, new.id]
    change = edit_language(session, segment, row, {"subject": "Hi"}, was={"subject": "Subject ENG"}, by=BY)
    assert (change.field, change.follow) == ("subject", 2)
    assert edit_language(session, segment, get_language_row(session, segment, "DEU"), {"subject": "Tag"}, by=BY) is None
    edit_language(session, segment, row, {"document": None}, by=BY)
    assert shown(session, segment, "document_id") == [own.id, None]
    with pytest.raises(Conflict):
        edit_language(session, segment, row, {"subject": "Mine"}, was={"subject": "Subject ENG"}, by=BY)


def test_when_the_default_language_goes_the_next_in_code_order_takes_over(session, letters):
    """B12, R-A12, ATT-D02: contacts of another language keep theirs; the last one leaves no default."""
    contacts = [make_contact(session), make_contact(session, language="DEU")]
    segment = make_segment(session, contacts=contacts)
    choose_template(session, segment, letters, by=BY)
    remove_language(session, segment, get_language_row(session, segment, "ENG"), by=BY)
    assert shown(session, segment, "subject") == ["Subject FRC", "Subject DEU"]
    remove_language(session, segment, get_language_row(session, segment, "FRC"), by=BY)
    assert shown(session, segment, "subject") == ["Subject DEU", "Subject DEU"]
    row = get_language_row(session, segment, "DEU")
    remove_language(session, segment, row, by=BY)
    assert segment.interaction.language_id is None
    assert shown(session, segment, "subject", "document_id") == [("", None), ("", None)]
    with pytest.raises(NotFound):
        get_language_row(session, segment, "DEU")
    assert len(letters.languages) == 3
