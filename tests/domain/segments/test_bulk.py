"""Editing many lines at once, and undoing edits (B27, A1, E-S01, E-S02)."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from domain.errors import NotFound, RuleViolation
from domain.segments import bulk
from domain.segments.bulk import all_back_to_inherited, count_chosen, edit_lines
from domain.segments.edit_line import edit_line, own_fields
from domain.segments.interactions import choose_template
from domain.segments.lines import remove_lines
from domain.segments.models import SegmentLine, Undo
from domain.segments.selection import LineFilter
from domain.segments.undo import undo_edit
from tests.domain.segments.lines import listed, shown
from tests.factories.contacts import make_contact
from tests.factories.documents import make_document
from tests.factories.interaction_templates import make_template
from tests.factories.segments import make_line, make_segment
from tests.factories.setup import NOW, make_actor, make_language, make_salesperson

BY = make_actor()
LATER = make_actor(now=NOW + dt.timedelta(minutes=16))
FIRST_TWO = LineFilter(line_nos=[10_000, 20_000])


@pytest.fixture
def template(session):
    return make_template(session, "BUS", languages={"ENG": ("Hi", make_document(session))}, unit_cost=5)


@pytest.fixture
def segment(session, template):
    contacts = [make_contact(session, name=name) for name in ("Anna Ek", "Bo Ek", "Carl Al")]
    return make_segment(session, contacts=contacts, template=template)


def test_ticked_lines_get_the_same_values(session, segment):
    """B27: chosen lines, and only these."""
    seller = make_salesperson(session)
    day = dt.date(2027, 2, 2)
    values = {"salesperson": seller.code, "date": day, "description": "", "evaluation": "neutral", "comment": "Hej"}
    edited = edit_lines(session, segment, FIRST_TWO, values, by=BY)
    assert (edited.lines, edited.changed) == (2, 2)
    assert [(a, b, c) for a, b, c in shown(session, segment, "salesperson_id", "date", "description")][:2] == [
        (seller.id, day, "")
    ] * 2
    first, second, third = listed(session, segment)
    assert (first.comment, second.evaluation, third.evaluation) == ("Hej", "neutral", "")
    assert own_fields(third) == []


def test_all_that_match_the_search(session, segment):
    """All n matching, as an explicit choice."""
    which = LineFilter(search="ek")
    assert count_chosen(session, segment, which) == 2
    edit_lines(session, segment, which, {"cost": 8}, by=BY)
    assert shown(session, segment, "cost") == [8, 8, 5]
    assert edit_lines(session, segment, LineFilter("overrides"), {"cost": None}, by=BY).changed == 2
    assert shown(session, segment, "cost") == [5, 5, 5]


def test_an_edit_of_many_can_be_undone_but_overwrites_nothing_newer(session, segment):
    """B27: lines that changed since, or are gone, are left and counted."""
    first, second, third = listed(session, segment)
    edit_line(session, first, {"description": "Before"}, by=BY)
    edited = edit_lines(session, segment, LineFilter(), {"description": "Bulk"}, by=BY)
    edit_line(session, second, {"description": "Newer"}, by=BY)
    remove_lines(session, segment, LineFilter(line_nos=[30_000]), by=BY)
    undone = undo_edit(session, segment, edited.undo, by=BY)
    assert (undone.restored, undone.left) == (1, 2)
    assert shown(session, segment, "description") == ["Before", "Newer"]
    assert third.description == "Bulk"
    with pytest.raises(RuleViolation, match="no longer be undone"):
        undo_edit(session, segment, edited.undo, by=BY)


def test_undo_ends_after_a_quarter_of_an_hour(session, segment):
    """B27: and what is older is thrown away."""
    edited = edit_lines(session, segment, LineFilter(), {"cost": 1}, by=BY)
    with pytest.raises(RuleViolation, match="no longer be undone"):
        undo_edit(session, segment, edited.undo, by=LATER)
    edit_lines(session, segment, LineFilter(), {"cost": 2}, by=LATER)
    assert session.query(Undo).count() == 1
    other = make_segment(session)
    with pytest.raises(RuleViolation):
        undo_edit(session, other, session.query(Undo).one().token, by=LATER)


def test_too_many_lines_cannot_be_undone(session, segment, monkeypatch):
    """B27: above 5,000 lines there is no token, and the edit is made all the same."""
    monkeypatch.setattr(bulk, "MOST_LINES", 2)
    edited = edit_lines(session, segment, LineFilter(), {"cost": 1}, by=BY)
    assert (edited.changed, edited.undo) == (3, "")
    assert session.query(Undo).count() == 0
    assert edit_lines(session, segment, FIRST_TWO, {"cost": 2}, by=BY).undo


def test_every_kind_of_value_comes_back(session, segment):
    """B27: dates, times, references, flags and texts survive the way through the undo row."""
    line = listed(session, segment)[0]
    first = {
        "date": dt.date(2027, 1, 1),
        "time": dt.time(8, 15),
        "campaign": "",
        "salesperson": make_salesperson(session),
        "send_as_attachment": True,
        "comment": "Å",
    }
    edit_line(session, line, first, by=BY)
    stored = {name: getattr(line, name) for name in ("date", "time", "no_campaign", "salesperson_id", "comment")}
    undo = edit_line(
        session,
        line,
        {"date": None, "time": None, "campaign": None, "salesperson": None, "send_as_attachment": None, "comment": ""},
        by=BY,
    ).undo
    assert len(json.loads(session.query(Undo).filter_by(token=undo).one().values)[str(line.id)]) == 6
    undo_edit(session, segment, undo, by=BY)
    assert {name: getattr(line, name) for name in stored} == stored


def test_a_template_for_many_lines_clears_only_where_it_changes(session, segment):
    """R-L10, A1: lines that have it already keep their own values; one shared interaction; it can be undone."""
    other = make_template(session, "MEMO", unit_cost=9)
    first, second, _ = listed(session, segment)
    edit_line(session, first, {"template": other}, by=BY)
    edit_line(session, first, {"cost": 1}, by=BY)
    edit_line(session, second, {"cost": 2}, by=BY)
    edited = edit_lines(session, segment, LineFilter(), {"template": "MEMO"}, by=BY)
    assert edited.changed == 2
    assert shown(session, segment, "template_id", "cost") == [(other.id, 1), (other.id, 9), (other.id, 9)]
    assert len({line.interaction_id for line in listed(session, segment)}) == 1
    undo_edit(session, segment, edited.undo, by=BY)
    assert shown(session, segment, "cost") == [1, 2, 5]
    edit_line(session, first, {"duration": 30}, by=BY)
    edit_line(session, second, {"duration": 20}, by=BY)
    edit_lines(session, segment, LineFilter(), {"template": other, "cost": 4}, by=BY)
    assert shown(session, segment, "template_id", "cost", "duration") == [(other.id, 4, 30)] + [(other.id, 4, 0)] * 2
    edit_lines(session, segment, LineFilter(), {"template": "BUS"}, by=BY)
    assert [own_fields(line) for line in listed(session, segment)] == [[], [], []]


def test_undoing_a_template_never_stores_that_of_the_header(session, segment):
    """A1, B27: the header took the line's former template meanwhile."""
    other = make_template(session, "MEMO")
    (line, *_) = listed(session, segment)
    edit_line(session, line, {"template": other}, by=BY)
    undo = edit_line(session, line, {"template": None}, by=BY).undo
    choose_template(session, segment, other, by=BY)
    undo_edit(session, segment, undo, by=BY)
    assert line.interaction_id is None


def test_rules_of_one_line_hold_for_many(session, segment):
    """E-S01, E-S02, 1.2: contact before template, template before language, addresses belong to one contact."""
    make_line(session, segment)
    with pytest.raises(RuleViolation) as refused:
        edit_lines(session, segment, LineFilter(), {"template": make_template(session)}, by=BY)
    assert refused.value.field == "template"
    with pytest.raises(RuleViolation) as refused:
        edit_lines(session, segment, LineFilter(), {"alt_address": 1}, by=BY)
    assert refused.value.field == "alt_address"
    with pytest.raises(RuleViolation) as refused:
        edit_lines(session, segment, LineFilter(), {"cost": -1}, by=BY)
    assert refused.value.field == "cost"
    with pytest.raises(RuleViolation, match="what to change"):
        edit_lines(session, segment, LineFilter(), {}, by=BY)
    with pytest.raises(NotFound):
        edit_lines(session, segment, LineFilter(line_nos=[1]), {"cost": 1}, by=BY)
    language = make_language(session, "SVE")
    edit_lines(session, segment, LineFilter(), {"language": language}, by=BY)
    choose_template(session, segment, None, by=BY)
    with pytest.raises(RuleViolation) as refused:
        edit_lines(session, segment, LineFilter(), {"language": language}, by=BY)
    assert refused.value.field == "language"


def test_language_of_the_lines_of_some_countries(session, segment):
    """The bulk edit of the journey: letters change with the language."""
    swedish = make_language(session, "SVE", "sv-SE")
    edit_lines(session, segment, LineFilter(search="anna"), {"language": "sv-SE"}, by=BY)
    assert shown(session, segment, "language_id", "document_id")[0] == (swedish.id, None)


def test_nothing_to_change(session, segment):
    """B27: no line changes, no token."""
    edited = edit_lines(session, segment, LineFilter(), {"cost": None}, by=BY)
    assert (edited.lines, edited.changed, edited.undo) == (3, 0, "")


def test_all_back_to_inherited(session, segment):
    """A1: own values of many lines; comments stay; some fields only."""
    edit_lines(session, segment, LineFilter(), {"cost": 1, "campaign": "", "comment": "Hej"}, by=BY)
    assert all_back_to_inherited(session, segment, FIRST_TWO, ["cost"], by=BY).changed == 2
    assert [own_fields(line) for line in listed(session, segment)] == [["campaign"], ["campaign"], ["cost", "campaign"]]
    all_back_to_inherited(session, segment, LineFilter(), by=BY)
    assert [(own_fields(line), line.comment) for line in listed(session, segment)] == [([], "Hej")] * 3


def test_giving_a_template_back_clears_what_depends_on_it(session, segment):
    """R-L11: also for many lines; others keep their own values."""
    edit_lines(session, segment, FIRST_TWO, {"template": make_template(session)}, by=BY)
    edit_lines(session, segment, LineFilter(), {"cost": 1}, by=BY)
    all_back_to_inherited(session, segment, LineFilter(), ["template"], by=BY)
    assert [own_fields(line) for line in listed(session, segment)] == [[], [], ["cost"]]


def test_one_update_whatever_the_number(session, segment, statements):
    """Set-based."""
    for _ in range(50):
        make_line(session, segment, make_contact(session))
    with statements() as asked:
        edit_lines(session, segment, LineFilter(), {"cost": 1}, by=BY)
    writes = [one for one in asked if one.startswith("UPDATE segment_line")]
    assert (len(writes), len(asked) <= 8) == (1, True)
    assert session.query(SegmentLine).filter_by(cost=1).count() == 53
