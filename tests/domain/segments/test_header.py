"""Changing the header: lines follow, and the two answers (A1, A2, R-H10…R-H19, R-H26, R-H33)."""

from __future__ import annotations

import datetime as dt

import pytest

from domain.campaigns.models import Campaign
from domain.errors import Conflict, RuleViolation
from domain.interaction_templates.templates import delete_template
from domain.segments.edit_line import edit_line
from domain.segments.header import edit_header, find_header_change
from domain.segments.header_answers import keep_lines, replace_lines
from domain.segments.interactions import choose_template
from domain.segments.lines import add_line
from tests.domain.segments.lines import listed, shown
from tests.factories.contacts import make_contact
from tests.factories.documents import make_document
from tests.factories.interaction_templates import make_template
from tests.factories.segments import make_segment, make_segment_interaction
from tests.factories.setup import NOW, TODAY, make_actor, make_language, make_salesperson

BY = make_actor()
DAY = dt.date(2027, 1, 15)


def make_campaign(session, no="CP1"):
    campaign = Campaign(no=no, description=no, modified_at=NOW)
    session.add(campaign)
    session.flush()
    return campaign


@pytest.fixture
def template(session):
    return make_template(
        session,
        "BUS",
        languages={"ENG": ("Thanks", make_document(session)), "FRC": ("Merci", make_document(session))},
        correspondence_type="hard_copy",
        unit_cost=150,
        unit_duration=5,
        information_flow="outbound",
        initiated_by="us",
    )


@pytest.fixture
def segment(session, template):
    """Four lines: two follow, one has everything of its own, one has another template."""
    contacts = [make_contact(session) for _ in range(4)]
    segment = make_segment(session, contacts=contacts, template=template, campaign_id=make_campaign(session).id)
    third, fourth = listed(session, segment)[2:]
    third.description = third.subject = "Own"
    third.salesperson_id = make_salesperson(session).id
    third.date = TODAY
    third.campaign_id = make_campaign(session, "CP2").id
    third.send_as_attachment = third.campaign_target = third.campaign_response = False
    third.cost, third.duration = 1, 1
    third.information_flow, third.initiated_by, third.correspondence_type = "inbound", "them", "email"
    third.language_id = make_language(session, "ENG").id
    fourth.interaction_id = make_segment_interaction(session, segment, make_template(session), description="Other").id
    session.flush()
    return segment


SIMPLE = [
    ("description", "description", "New", (2, 1, 1)),
    ("date", "date", DAY, (3, 1, 0)),
    ("send_as_attachment", "send_as_attachment", True, (3, 1, 0)),
    ("unit_cost", "cost", 999, (2, 1, 1)),
    ("unit_duration", "duration", 99, (2, 1, 1)),
    ("information_flow", "information_flow", "", (2, 1, 1)),
    ("initiated_by", "initiated_by", "", (2, 1, 1)),
    ("campaign_target", "campaign_target", True, (2, 1, 1)),
    ("campaign_response", "campaign_response", True, (2, 1, 1)),
]


@pytest.mark.parametrize(("field", "effective", "new", "counts"), SIMPLE)
def test_lines_follow_and_are_counted(session, segment, field, effective, new, counts):
    """A2, R-H10, R-H15…R-H19: lines take the new value at once; own values and other templates are counted."""
    before = shown(session, segment, effective)
    (change,) = edit_header(session, segment, {field: new}, by=BY)
    assert (change.follow, change.own, change.other) == counts
    after = shown(session, segment, effective)
    assert after[:2] == [new, new]
    assert after[2] == before[2]
    assert after[3] == (new if counts[2] == 0 else before[3])


@pytest.mark.parametrize(("field", "effective", "new", "counts"), SIMPLE)
def test_lines_keep_the_value_they_had(session, segment, field, effective, new, counts):
    """A2: the former effective value becomes the line's own; the header keeps the new one."""
    before = shown(session, segment, effective)
    (change,) = edit_header(session, segment, {field: new}, by=BY)
    kept = keep_lines(session, segment, change.token, by=BY)
    assert (kept.kept, kept.without_value) == (counts[0], 0)
    assert shown(session, segment, effective) == before
    added = add_line(session, segment, make_contact(session), by=BY)
    assert added.warnings == ()
    assert shown(session, segment, effective)[-1] == new


@pytest.mark.parametrize(("field", "effective", "new", "counts"), SIMPLE)
def test_own_values_are_replaced(session, segment, field, effective, new, counts):
    """A2: replacing makes own values inherited again; lines with another template are never touched."""
    before = shown(session, segment, effective)
    (change,) = edit_header(session, segment, {field: new}, by=BY)
    assert replace_lines(session, segment, change.token, by=BY) == 1
    after = shown(session, segment, effective)
    assert after[:3] == [new] * 3
    assert after[3] == (new if counts[2] == 0 else before[3])


def test_the_answers_are_valid_until_the_field_changes_again(session, segment):
    """A2: a second change takes the first notice away; another field does not."""
    (first,) = edit_header(session, segment, {"description": "One"}, by=BY)
    edit_header(session, segment, {"date": DAY}, by=BY)
    assert find_header_change(session, segment, first.token).before == "A segment"
    (second,) = edit_header(session, segment, {"description": "Two"}, by=BY)
    assert find_header_change(session, segment, first.token) is None
    with pytest.raises(RuleViolation, match="changed again"):
        keep_lines(session, segment, first.token, by=BY)
    with pytest.raises(RuleViolation, match="changed again"):
        replace_lines(session, segment, "nonsense", by=BY)
    keep_lines(session, segment, second.token, by=BY)
    assert shown(session, segment, "description") == ["One", "One", "Own", "Other"]


def test_lines_added_since_do_not_keep_what_they_never_had(session, segment):
    """A2: keeping reaches the lines that followed."""
    (change,) = edit_header(session, segment, {"description": "New"}, by=BY)
    add_line(session, segment, make_contact(session), by=BY)
    keep_lines(session, segment, change.token, by=BY)
    assert shown(session, segment, "description")[-1] == "New"


def test_removed_lines_are_neither_counted_nor_written(session, segment):
    """A2: the notice is about lines on the list."""
    from_list = listed(session, segment)[0]
    from_list.removed_step_id = add_line(session, segment, make_contact(session), by=BY).line.added_step_id
    session.flush()
    (change,) = edit_header(session, segment, {"description": "New"}, by=BY)
    assert (change.follow, change.own, change.other) == (2, 1, 1)
    keep_lines(session, segment, change.token, by=BY)
    session.expire_all()
    assert from_list.description is None


def test_salesperson_is_kept_where_there_was_one(session, segment):
    """R-H12, A2: header's, else the contact's; where there was none the line goes on following and is counted."""
    seller, new = make_salesperson(session), make_salesperson(session)
    edit_header(session, segment, {"salesperson": None}, by=BY)
    first, second, third, fourth = listed(session, segment)
    first.contact.salesperson_id = seller.id
    session.flush()
    (change,) = edit_header(session, segment, {"salesperson": new.code.lower()}, by=BY)
    assert (change.follow, change.own, change.other) == (3, 1, 0)
    kept = keep_lines(session, segment, change.token, by=BY)
    assert (kept.kept, kept.without_value) == (1, 2)
    assert shown(session, segment, "salesperson_id") == [seller.id, new.id, third.salesperson_id, new.id]
    assert (second.salesperson_id, fourth.salesperson_id) == (None, None)
    assert segment.salesperson_id == new.id


def test_campaign_is_kept_as_a_deliberate_blank(session, segment):
    """R-H11, A2: none is an own value of the campaign; another template's campaign stays."""
    edit_header(session, segment, {"campaign": ""}, by=BY)
    own = make_campaign(session, "TPL")
    lines = listed(session, segment)
    lines[3].interaction.campaign_id = own.id
    session.flush()
    before = shown(session, segment, "campaign_id")
    assert before == [None, None, lines[2].campaign_id, own.id]
    (change,) = edit_header(session, segment, {"campaign": "CP1"}, by=BY)
    assert (change.follow, change.own) == (3, 1)
    assert keep_lines(session, segment, change.token, by=BY).kept == 3
    assert shown(session, segment, "campaign_id") == before
    assert [line.no_campaign for line in listed(session, segment)] == [True, True, False, False]
    assert replace_lines(session, segment, change.token, by=BY) == 4
    assert set(shown(session, segment, "campaign_id")) == {segment.campaign_id}


def test_blanking_the_campaign_clears_target_and_response(session, segment):
    """R-H11: the header's two marks go; the lines' own ones stay."""
    edit_header(session, segment, {"campaign_target": True, "campaign_response": True}, by=BY)
    edit_line(session, listed(session, segment)[0], {"campaign_target": True}, by=BY)
    edit_header(session, segment, {"campaign": None}, by=BY)
    assert (segment.interaction.campaign_target, segment.interaction.campaign_response) == (False, False)
    assert shown(session, segment, "campaign_target")[:2] == [True, False]
    with pytest.raises(RuleViolation) as refused:
        edit_header(session, segment, {"campaign_target": True}, by=BY)
    assert refused.value.field == "campaign_target"


def test_correspondence_type_needs_ignore_and_reaches_every_line(session, segment):
    """1.1, B17: changed only while contacts' types are ignored; then it counts for other templates too."""
    with pytest.raises(RuleViolation) as refused:
        edit_header(session, segment, {"correspondence_type": "email"}, by=BY)
    assert refused.value.field == "correspondence_type"
    for line in listed(session, segment):
        line.contact.correspondence_type = "hard_copy"
    session.flush()
    (ignore,) = edit_header(session, segment, {"ignore_contact_type": True}, by=BY)
    assert (ignore.follow, ignore.own, ignore.other) == (3, 1, 0)
    (change,) = edit_header(session, segment, {"correspondence_type": "email"}, by=BY)
    assert (change.follow, change.own, change.other) == (3, 1, 0)
    assert shown(session, segment, "correspondence_type") == ["email"] * 4
    assert keep_lines(session, segment, change.token, by=BY).kept == 3
    assert shown(session, segment, "correspondence_type") == ["hard_copy", "hard_copy", "email", "hard_copy"]
    assert segment.interaction.correspondence_type == "email"


def test_switching_ignore_moves_the_lines(session, segment):
    """B17 instead of R-H14: switching it is a change of the lines' type, and the former one can be kept."""
    listed(session, segment)[0].contact.correspondence_type = "email"
    session.flush()
    assert shown(session, segment, "correspondence_type") == ["email", "hard_copy", "email", ""]
    (change,) = edit_header(session, segment, {"ignore_contact_type": True}, by=BY)
    assert shown(session, segment, "correspondence_type") == ["hard_copy", "hard_copy", "email", "hard_copy"]
    assert keep_lines(session, segment, change.token, by=BY).kept == 3
    assert shown(session, segment, "correspondence_type") == ["email", "hard_copy", "email", ""]
    assert segment.interaction.ignore_contact_type is True


def test_default_language_moves_only_lines_without_a_row_of_their_contact(session, segment):
    """B12, R-H30, R-H32: contacts whose language has a row do not follow; the others can keep."""
    french, swedish = make_language(session, "FRC"), make_language(session, "SVE")
    lines = listed(session, segment)
    lines[0].contact.language_id = swedish.id
    session.flush()
    (change,) = edit_header(session, segment, {"language": "FRC"}, by=BY)
    assert (change.follow, change.own, change.other) == (1, 1, 1)
    english = make_language(session, "ENG")
    assert shown(session, segment, "language_id")[:3] == [french.id, english.id, english.id]
    kept = keep_lines(session, segment, change.token, by=BY)
    assert (kept.kept, kept.without_value) == (1, 0)
    assert [line.language_id for line in listed(session, segment)] == [english.id, None, english.id, None]
    with pytest.raises(RuleViolation) as refused:
        edit_header(session, segment, {"language": "SVE"}, by=BY)
    assert refused.value.field == "language"


def test_subject_belongs_to_the_default_language(session, segment):
    """R-H33, B18: only lines in the default language follow; the segment's row is written, the template is not."""
    lines = listed(session, segment)
    lines[1].contact.language_id = make_language(session, "FRC").id
    session.flush()
    (change,) = edit_header(session, segment, {"subject": "Hello"}, by=BY)
    assert (change.follow, change.own, change.other) == (1, 1, 1)
    assert shown(session, segment, "subject")[:3] == ["Hello", "Merci", "Own"]
    assert {row.subject for row in segment.interaction.template.languages} == {"Thanks", "Merci"}
    assert keep_lines(session, segment, change.token, by=BY).kept == 1
    assert shown(session, segment, "subject")[:3] == ["Thanks", "Merci", "Own"]
    assert replace_lines(session, segment, change.token, by=BY) == 2
    assert shown(session, segment, "subject")[:3] == ["Hello", "Merci", "Hello"]


def test_without_template_the_fields_of_the_interaction_are_closed(session):
    """R-H26, R-H33."""
    segment = make_segment(session)
    for field, value in (
        ("unit_cost", 1),
        ("unit_duration", 1),
        ("information_flow", "inbound"),
        ("initiated_by", "us"),
        ("ignore_contact_type", True),
        ("language", make_language(session, "ENG").id),
        ("subject", "x"),
    ):
        with pytest.raises(RuleViolation) as refused:
            edit_header(session, segment, {field: value}, by=BY)
        assert refused.value.field == field


def test_bad_input_is_refused_on_its_field(session, segment):
    """E-H05, E-H06, B14, and lengths."""
    blocked = make_salesperson(session, "GONE", blocked=True)
    for field, value in (
        ("unit_cost", -1),
        ("unit_cost", 10**30),
        ("unit_duration", -1),
        ("unit_duration", "five"),
        ("description", "x" * 10_000),
        ("description", "nul \x00"),
        ("salesperson", "NOBODY"),
        ("salesperson", blocked.id),
        ("salesperson", 10**9),
        ("campaign", "CP404"),
        ("date", None),
        ("date", "tomorrow"),
        ("information_flow", "sideways"),
        ("language", "KLINGON"),
    ):
        with pytest.raises(RuleViolation) as refused:
            edit_header(session, segment, {field: value}, by=BY)
        assert refused.value.field == field, (field, value)
    edit_header(session, segment, {"ignore_contact_type": True}, by=BY)
    with pytest.raises(RuleViolation, match="Fax is switched off"):
        edit_header(session, segment, {"correspondence_type": "fax"}, by=BY)


def test_different_fields_do_not_conflict_the_same_field_does(session, segment):
    """B26: changed = differs from was; conflict = the stored value differs from both."""
    edit_header(session, segment, {"description": "Theirs"}, by=make_actor(user_name="Anna"))
    both = {"description": "A segment", "date": DAY}
    (change,) = edit_header(session, segment, both, was={"description": "A segment", "date": segment.date}, by=BY)
    assert change.field == "date"
    with pytest.raises(Conflict) as conflict:
        edit_header(session, segment, {"description": "Mine"}, was={"description": "A segment"}, by=BY)
    assert (conflict.value.mine, conflict.value.theirs) == ("Mine", "Theirs")
    assert edit_header(session, segment, {"description": "Theirs"}, was={"description": "A segment"}, by=BY) == []
    assert edit_header(session, segment, {"description": "Theirs"}, by=BY) == []


def test_a_change_marks_the_segment(session, segment):
    """B1: the list version is part of the state token of the check."""
    before = segment.list_version
    edit_header(session, segment, {"description": "New"}, by=make_actor(user_name="Anna"))
    assert (segment.list_version, segment.modified_by) == (before + 1, "Anna")


def test_lines_cannot_keep_a_template_that_was_deleted_meanwhile(session, template):
    """A2: the former interaction goes with its template when nothing else has it."""
    segment = make_segment(session, template=template, contacts=[make_contact(session)])
    change = choose_template(session, segment, make_template(session, "GOLF"), by=BY)
    delete_template(session, template, by=BY)
    with pytest.raises(RuleViolation, match="has been deleted meanwhile"):
        keep_lines(session, segment, change.token, by=BY)
    assert [line.interaction_id for line in listed(session, segment)] == [None]
