"""Own values of a line (A1, R-L10…R-L24, E-S01, E-S02, B19, B26, HDR-D10, ATT-D01)."""

from __future__ import annotations

import datetime as dt

import pytest

from domain.errors import Conflict, NotFound, RuleViolation
from domain.segments.edit_line import back_to_inherited, edit_line, own_fields
from domain.segments.lines import remove_lines
from domain.segments.models import SegmentInteraction
from domain.segments.selection import LineFilter
from domain.segments.undo import undo_edit
from tests.domain.segments.lines import listed, shown
from tests.domain.segments.test_header import make_campaign
from tests.factories.contacts import make_alt_address, make_contact
from tests.factories.documents import make_document
from tests.factories.interaction_templates import make_template
from tests.factories.segments import make_line, make_segment
from tests.factories.setup import TODAY, make_actor, make_language, make_salesperson

BY = make_actor()


@pytest.fixture
def template(session):
    return make_template(
        session, "BUS", languages={"ENG": ("Hello", make_document(session))}, correspondence_type="email", unit_cost=5
    )


@pytest.fixture
def segment(session, template):
    contacts = [make_contact(session, email="a@example.com"), make_contact(session)]
    return make_segment(session, contacts=contacts, template=template)


@pytest.fixture
def line(session, segment):
    return listed(session, segment)[0]


def test_every_field_can_have_an_own_value_and_be_inherited_again(session, segment, line):
    """A1, R-L21, R-L24: own values win; None is back to inherited."""
    address = make_alt_address(session, line.contact, "HOME")
    day = dt.date(2027, 3, 1)
    own = {
        "description": ("description", "Own"),
        "subject": ("subject", "Own subject"),
        "salesperson": ("salesperson_id", make_salesperson(session).id),
        "correspondence_type": ("correspondence_type", "hard_copy"),
        "language": ("language_id", make_language(session, "FRC").id),
        "date": ("date", day),
        "cost": ("cost", 77),
        "duration": ("duration", 7),
        "information_flow": ("information_flow", "inbound"),
        "initiated_by": ("initiated_by", "them"),
        "campaign": ("campaign_id", make_campaign(session).id),
        "campaign_target": ("campaign_target", True),
        "campaign_response": ("campaign_response", True),
        "send_as_attachment": ("send_as_attachment", True),
        "alt_address": ("alt_address_id", address.id),
        "document": ("document_id", make_document(session).id),
    }
    names = [name for name, _ in own.values()]
    before = shown(session, segment, *names)
    edit_line(session, line, {name: value for name, (_, value) in own.items()}, by=BY)
    assert shown(session, segment, *names)[0] == tuple(value for _, value in own.values())
    assert set(own_fields(line)) == set(own)
    assert shown(session, segment, *names)[1] == before[1]
    for name in own:
        edit_line(session, line, {name: None}, by=BY)
    assert own_fields(line) == []
    assert shown(session, segment, *names) == before


def test_deliberate_blanks(session, segment, line):
    """A1: '' is an own value of texts, types and some references; of the others it means inherited."""
    segment.campaign_id = make_campaign(session).id
    address = make_alt_address(session, line.contact, ranges=[(TODAY, None)])
    assert shown(session, segment, "alt_address_id")[0] == address.id
    blank = dict.fromkeys(
        (
            "description",
            "subject",
            "correspondence_type",
            "information_flow",
            "initiated_by",
            "campaign",
            "alt_address",
            "document",
        ),
        "",
    )
    edit_line(session, line, blank, by=BY)
    assert shown(
        session,
        segment,
        "description",
        "subject",
        "correspondence_type",
        "campaign_id",
        "alt_address_id",
        "document_id",
    )[0] == ("", "", "", None, None, None)
    assert set(own_fields(line)) == set(blank)
    edit_line(session, line, {"salesperson": "", "date": "", "cost": "", "language": "", "template": ""}, by=BY)
    assert set(own_fields(line)) == set(blank)
    edit_line(session, line, {"campaign": make_campaign(session, "CP9")}, by=BY)
    assert (line.no_campaign, line.campaign.no) == (False, "CP9")


def test_another_template_clears_what_depends_on_it(session, segment, line):
    """R-L10, R-L11, R-L12: own template-dependent values go; the others stay; lines share one row."""
    edit_line(
        session,
        line,
        {"description": "Own", "cost": 1, "document": make_document(session), "date": TODAY, "comment": "Dear"},
        by=BY,
    )
    other = make_template(session, "MEMO", unit_cost=9, correspondence_type="hard_copy", description="A memo")
    edit_line(session, line, {"template": "memo"}, by=BY)
    assert set(own_fields(line)) == {"template", "date"}
    assert line.comment == "Dear"
    assert shown(session, segment, "template_id", "description", "cost", "correspondence_type", "document_id")[0] == (
        other.id,
        "A memo",
        9,
        "hard_copy",
        None,
    )
    second = listed(session, segment)[1]
    edit_line(session, second, {"template": other}, by=BY)
    assert second.interaction_id == line.interaction_id
    assert session.query(SegmentInteraction).filter_by(template_id=other.id).count() == 1


def test_the_template_of_the_header_is_never_stored(session, segment, line, template):
    """A1, R-L11: back to the header's template is inherited, and clears as well."""
    edit_line(session, line, {"template": template}, by=BY)
    assert line.interaction_id is None
    edit_line(session, line, {"template": make_template(session)}, by=BY)
    edit_line(session, line, {"cost": 3}, by=BY)
    edit_line(session, line, {"template": "BUS"}, by=BY)
    assert own_fields(line) == []


def test_values_given_with_the_template_stay(session, segment, line):
    """R-L10: one post of several fields; the order does not matter."""
    edit_line(session, line, {"cost": 3, "template": make_template(session)}, by=BY)
    assert set(own_fields(line)) == {"template", "cost"}


def test_a_template_needs_a_contact(session, segment):
    """E-S01, HDR-D10."""
    bare = make_line(session, segment)
    with pytest.raises(RuleViolation, match="contact first") as refused:
        edit_line(session, bare, {"template": make_template(session)}, by=BY)
    assert refused.value.field == "template"


def test_a_language_needs_a_template(session):
    """E-S02: but the template may come in the same change."""
    segment = make_segment(session, contacts=[make_contact(session)])
    (line,) = listed(session, segment)
    with pytest.raises(RuleViolation, match="template first") as refused:
        edit_line(session, line, {"language": make_language(session, "ENG")}, by=BY)
    assert refused.value.field == "language"
    template = make_template(session)
    edit_line(session, line, {"language": make_language(session, "ENG"), "template": template}, by=BY)
    assert set(own_fields(line)) == {"language", "template"}


def test_the_campaign_of_a_template_counts_only_where_the_header_has_none(session, segment, line):
    """R-L13: header's campaign; else that of the line's own template."""
    of_template = make_campaign(session, "TPL")
    edit_line(session, line, {"template": make_template(session, campaign_id=of_template.id)}, by=BY)
    assert shown(session, segment, "campaign_id") == [of_template.id, None]
    segment.campaign_id = make_campaign(session, "HDR").id
    assert shown(session, segment, "campaign_id") == [segment.campaign_id] * 2


def test_the_address_follows_the_date(session, segment, line):
    """R-L05, R-L22: the alternative address that is active on the date of the line."""
    summer = make_alt_address(session, line.contact, "SUMMER", ranges=[(dt.date(2027, 6, 1), dt.date(2027, 8, 31))])
    assert shown(session, segment, "alt_address_id")[0] is None
    edit_line(session, line, {"date": dt.date(2027, 7, 1)}, by=BY)
    assert shown(session, segment, "alt_address_id")[0] == summer.id


def test_an_address_of_somebody_else_is_refused(session, segment, line):
    """1.2: the alternative addresses of the contact."""
    other = make_alt_address(session, listed(session, segment)[1].contact, "HOME")
    for given in (other.id, "HOME", "??"):
        with pytest.raises(RuleViolation) as refused:
            edit_line(session, line, {"alt_address": given}, by=BY)
        assert refused.value.field == "alt_address"
    mine = make_alt_address(session, line.contact, "WORK")
    edit_line(session, line, {"alt_address": "work"}, by=BY)
    assert line.alt_address_id == mine.id


def test_own_document_and_back(session, segment, line):
    """ATT-D01, A4: one own document per line; the header's file is untouched; back to the one of its language."""
    inherited_one = shown(session, segment, "document_id")[0]
    own = make_document(session)
    edit_line(session, line, {"document": own.id}, by=BY)
    assert shown(session, segment, "document_id") == [own.id, inherited_one]
    edit_line(session, line, {"document": None}, by=BY)
    assert shown(session, segment, "document_id") == [inherited_one] * 2


def test_a_personal_comment_keeps_its_paragraphs(session, segment, line):
    """B19: up to 2,000 characters, several paragraphs, never inherited, no override."""
    edit_line(session, line, {"comment": "  Dear Anna,\r\n\r\nthank you.\n"}, by=BY)
    assert line.comment == "  Dear Anna,\n\nthank you.".strip("\n ")
    assert own_fields(line) == []
    edit_line(session, line, {"comment": "x" * 2_000}, by=BY)
    with pytest.raises(RuleViolation) as refused:
        edit_line(session, line, {"comment": "x" * 2_001}, by=BY)
    assert refused.value.field == "comment"


def test_plain_fields(session, segment, line):
    """R-L24: evaluation, time, attempt failed, contact via."""
    values = {"evaluation": "positive", "time": dt.time(14, 30), "attempt_failed": True, "contact_via": "+46 8 123"}
    edit_line(session, line, values, by=BY)
    assert {name: getattr(line, name) for name in values} == values
    for field, value in (("evaluation", "splendid"), ("time", "noon"), ("contact_via", "1" * 81)):
        with pytest.raises(RuleViolation) as refused:
            edit_line(session, line, {field: value}, by=BY)
        assert refused.value.field == field


def test_bad_values_are_refused_on_their_field(session, segment, line):
    """E-H05, E-H06."""
    for field, value in (
        ("cost", -1),
        ("duration", 10**12),
        ("description", "x" * 10_000),
        ("date", "2026-13-45"),
        ("template", "NOPE"),
        ("salesperson", "NOPE"),
        ("document", 10**9),
        ("correspondence_type", "pigeon"),
    ):
        with pytest.raises(RuleViolation) as refused:
            edit_line(session, line, {field: value}, by=BY)
        assert refused.value.field == field


def test_the_same_cell_conflicts_other_cells_do_not(session, segment, line):
    """B26: own values are compared, None where inherited."""
    edit_line(session, line, {"description": "Theirs"}, was={"description": None}, by=BY)
    edited = edit_line(session, line, {"description": None, "cost": 4}, was={"description": None, "cost": None}, by=BY)
    assert edited.changed == ("cost",)
    with pytest.raises(Conflict) as conflict:
        edit_line(session, line, {"description": "Mine"}, was={"description": None}, by=BY)
    assert conflict.value.field == "description"
    with pytest.raises(Conflict):
        edit_line(session, line, {"template": make_template(session)}, was={"template": make_template(session)}, by=BY)
    with pytest.raises(Conflict):
        edit_line(session, line, {"evaluation": "neutral"}, was={"evaluation": "positive"}, by=BY)


def test_a_value_shown_that_no_longer_exists_does_not_break_the_save(session, segment, line):
    """B26: the page may have been shown with a salesperson who is blocked by now."""
    seller = make_salesperson(session, "OLD")
    edit_line(session, line, {"salesperson": seller}, by=BY)
    seller.blocked = True
    session.flush()
    assert edit_line(session, line, {"salesperson": None}, was={"salesperson": "OLD"}, by=BY).changed


def test_a_removed_line_cannot_be_edited(session, segment, line):
    """Two tabs: the sentence says that it is gone."""
    remove_lines(session, segment, LineFilter(line_nos=[line.line_no]), by=BY)
    with pytest.raises(NotFound, match="removed meanwhile"):
        edit_line(session, line, {"cost": 1}, by=BY)


def test_back_to_inherited(session, segment, line):
    """A1: all own values or some of them; the comment stays; it can be undone."""
    edit_line(session, line, {"template": make_template(session), "cost": 3, "date": TODAY, "comment": "Dear"}, by=BY)
    back_to_inherited(session, line, ["date"], by=BY)
    assert set(own_fields(line)) == {"template", "cost"}
    undo = back_to_inherited(session, line, by=BY).undo
    assert (own_fields(line), line.comment) == ([], "Dear")
    assert undo_edit(session, segment, undo, by=BY).restored == 1
    assert set(own_fields(line)) == {"template", "cost"}
    back_to_inherited(session, line, ["template"], by=BY)
    assert own_fields(line) == []
