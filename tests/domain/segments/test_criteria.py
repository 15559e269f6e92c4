"""What criteria find (R-F01…R-F04, contacts.md 3.1), and what Add, Reduce and Refine do with it."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import event, select

from domain.contacts.classification.models import (
    BusinessRelation,
    ContactBusinessRelation,
    ContactIndustryGroup,
    ContactMailingGroup,
    ContactProfileAnswer,
    IndustryGroup,
    MailingGroup,
    ProfileAnswer,
    ProfileQuestion,
    ProfileQuestionnaire,
)
from domain.contacts.models import Contact
from domain.errors import RuleViolation
from domain.segments import matching as matching_module
from domain.segments import preview as preview_module
from domain.segments.add_contacts import AddOptions, add_by_criteria
from domain.segments.criteria import Criteria, GroupFilter, criteria_from_json, criteria_of
from domain.segments.matching import matching, matching_contacts
from domain.segments.overlap import recent_interactions, reduce_by_segment, shared_segments
from domain.segments.pins import pin_contact
from domain.segments.preview import preview_add, preview_reduce
from domain.segments.reduce import reduce_contacts, refine_contacts
from domain.segments.steps import skipped_contacts
from domain.segments.switch_off import switch_off
from domain.segments.switch_off_preview import preview_switch_off
from domain.segments.why import why
from tests.factories.contacts import make_contact
from tests.factories.interaction_templates import make_template
from tests.factories.interactions import make_entry
from tests.factories.segments import make_line, make_segment
from tests.factories.setup import TODAY, make_actor, make_salesperson

BY = make_actor()


def group(name: str, absent: bool = False, /, **filters: str) -> GroupFilter:
    return GroupFilter(name, tuple(filters.items()), absent)


def asking(*groups: GroupFilter, locale: str = "en_GB") -> Criteria:
    """Criteria of one alternative."""
    return criteria_of([groups], locale=locale)


def found(session, criteria, by=BY):
    """Names of the contacts that meet criteria, in alphabetical order; the same whichever way they are asked for."""
    ids = matching_contacts(session, criteria, by=by)
    names = sorted(session.scalars(select(Contact.name).where(Contact.id.in_(ids))))
    for one_by_one in (False, True):
        meets = matching(session, criteria, one_by_one=one_by_one, by=by)
        assert sorted(session.scalars(select(Contact.name).where(meets))) == names
    return names


def give(session, link, code_model, code, contact):
    """Gives a contact a code of a list."""
    row = session.scalar(select(code_model).where(code_model.code == code))
    if row is None:
        row = code_model(code=code)
        session.add(row)
        session.flush()
    session.add(link(contact_id=contact.id, code_id=row.id))
    session.flush()


@pytest.fixture
def office(session):
    """Alp AG with Ada and Ben, Berg AB with Cleo, and Dan alone."""
    alp = make_contact(session, name="Alp AG", city="Bern")
    berg = make_contact(session, name="Berg AB", city="Borås")
    return {
        "alp": alp,
        "berg": berg,
        "ada": make_contact(session, name="Ada", company=alp, city="Bern"),
        "ben": make_contact(session, name="Ben", company=alp, city="Chur"),
        "cleo": make_contact(session, name="Cleo", company=berg, city="Borås"),
        "dan": make_contact(session, name="Dan", type="person", city="Chur"),
    }


def test_without_filters_everybody_is_meant(session, office):
    """R-F03."""
    assert found(session, Criteria()) == ["Ada", "Alp AG", "Ben", "Berg AB", "Cleo", "Dan"]
    assert asking(group("contact", city="  "), group("mailing_group")).asks_nothing


def test_fields_of_a_contact_are_all_to_hold(session, office):
    """R-F01: AND between fields."""
    assert found(session, asking(group("contact", city="Bern|Chur", type="Person"))) == ["Ada", "Ben", "Dan"]


def test_one_row_must_pass_all_filters_of_its_group(session, office):
    """R-F01: EXISTS within a group, so one interaction has date and template."""
    bus, memo = make_template(session, "BUS"), make_template(session, "MEMO")
    make_entry(session, office["ada"], template=bus, date=TODAY)
    make_entry(session, office["ben"], template=bus, date=TODAY - dt.timedelta(days=400))
    make_entry(session, office["ben"], template=memo, date=TODAY)
    assert found(session, asking(group("interaction", template="BUS", date="-1Y.."))) == ["Ada"]


def test_an_interaction_of_a_person_does_not_select_the_company(session, office):
    """segments.md 3.2, group 4."""
    make_entry(session, office["cleo"], segment_no="SM1")
    assert found(session, asking(group("interaction", segment_no="SM1"))) == ["Cleo"]


def test_groups_are_all_to_hold_and_several_codes_never_in_one_row(session, office):
    """contacts.md 3.1: AND between groups; A&B of one group can never match, the group twice can."""
    for code in ("PRESS", "VIP"):
        give(session, ContactMailingGroup, MailingGroup, code, office["ada"])
    give(session, ContactMailingGroup, MailingGroup, "PRESS", office["ben"])
    assert found(session, asking(group("mailing_group", code="PRESS"), group("contact", city="Chur"))) == ["Ben"]
    assert found(session, asking(group("mailing_group", code="PRESS&VIP"))) == []
    twice = asking(group("mailing_group", code="PRESS"), group("mailing_group", code="VIP"))
    assert found(session, twice) == ["Ada"]


def test_industry_groups_and_relations_count_through_the_company(session, office):
    """segments.md 3.2, groups 6 and 7; a contact without company has none."""
    give(session, ContactIndustryGroup, IndustryGroup, "WOOD", office["alp"])
    give(session, ContactBusinessRelation, BusinessRelation, "CUST", office["berg"])
    assert found(session, asking(group("industry_group", code="WOOD"))) == ["Ada", "Alp AG", "Ben"]
    assert found(session, asking(group("business_relation", code="CUST"))) == ["Berg AB", "Cleo"]
    none = asking(group("industry_group", True))
    assert found(session, none) == ["Berg AB", "Cleo", "Dan"]


def test_has_no_turns_a_group_round(session, office):
    """Has no interaction with template BUS this year; entries whose contact is gone change nothing."""
    bus = make_template(session, "BUS")
    make_entry(session, office["ada"], template=bus, date=TODAY)
    make_entry(session, None, template=bus, date=TODAY)
    lacking = asking(group("interaction", True, template="BUS", date="-1Y.."))
    assert found(session, lacking) == ["Alp AG", "Ben", "Berg AB", "Cleo", "Dan"]
    assert found(session, asking(group("contact", True, city="Bern|Chur"))) == ["Berg AB", "Cleo"]


def test_has_no_counts_those_without_any_value(session, office):
    """A contact without salesperson is none whose salesperson is HR."""
    office["ada"].salesperson_id = make_salesperson(session, "HR").id
    session.flush()
    assert found(session, asking(group("contact", True, salesperson="HR"))) == [
        "Alp AG",
        "Ben",
        "Berg AB",
        "Cleo",
        "Dan",
    ]
    assert found(session, asking(group("contact", salesperson="<>HR", type="person"))) == ["Ben", "Cleo", "Dan"]


def test_codes_are_looked_up_beforehand_as_far_as_they_are_few(session, office, monkeypatch):
    """The same contacts either way, also for codes nobody knows."""
    for code in ("PRESS", "VIP"):
        give(session, ContactMailingGroup, MailingGroup, code, office["ada"])
    for most in (100, 1):
        monkeypatch.setattr(matching_module, "MOST_IDS", most)
        assert found(session, asking(group("mailing_group", code="PRESS|VIP"))) == ["Ada"]
        assert found(session, asking(group("mailing_group", code="NONE"))) == []
        assert len(found(session, asking(group("mailing_group", True, code="NONE")))) == 6


def test_alternatives_are_joined_by_or(session, office):
    """Beyond NAV: blocks, kept as JSON and back."""
    give(session, ContactMailingGroup, MailingGroup, "PRESS", office["dan"])
    either = criteria_of(
        [[group("contact", city="Bern", type="person")], [group("mailing_group", code="PRESS")]], locale="en_GB"
    )
    assert found(session, either) == ["Ada", "Dan"]
    assert criteria_from_json(either.as_json()) == either


def test_answers_are_found_by_questionnaire_and_line(session, office):
    """contacts.md 3.1: both filters on one given answer."""
    sheet = ProfileQuestionnaire(code="SIZE")
    session.add(sheet)
    session.flush()
    question = ProfileQuestion(questionnaire_id=sheet.id, line_no=10, position=1, description="How many?")
    session.add(question)
    session.flush()
    answers = [ProfileAnswer(question_id=question.id, line_no=n, position=n, description=str(n)) for n in (20, 30)]
    session.add_all(answers)
    session.flush()
    for name, answer in (("alp", answers[0]), ("berg", answers[1])):
        session.add(ContactProfileAnswer(contact_id=office[name].id, answer_id=answer.id, updated_on=TODAY))
    session.flush()
    assert found(session, asking(group("profile_answer", questionnaire="SIZE", line_no="20|40"))) == ["Alp AG"]
    assert found(session, asking(group("profile_answer", questionnaire="SIZE"))) == ["Alp AG", "Berg AB"]


def test_a_filter_that_cannot_be_read_or_has_gone_is_one_sentence(session, office):
    """Bad input: named with the field, nothing changed."""
    with pytest.raises(RuleViolation) as refused:
        found(session, asking(group("contact", city="(Bern")))
    assert refused.value.field == "contact-city"
    with pytest.raises(RuleViolation, match="no field “telex”"):
        found(session, asking(group("contact", telex="x")))
    with pytest.raises(RuleViolation, match="no contacts by “value_entry”"):
        found(session, asking(group("value_entry", item="1")))


# --- adding ----------------------------------------------------------------------------------------------------------


def test_adding_says_who_was_skipped_and_why(session, office):
    """R-ADD05, R-ADD06, R-ADD08, R-ADD09."""
    office["dan"].privacy_blocked = True
    office["cleo"].exclude_from_segment = True
    segment = make_segment(session, contacts=[office["ada"]])
    criteria = asking(group("contact", type="person"))
    shown = preview_add(session, segment, criteria, options=AddOptions(), by=BY)
    assert shown.counts == {"new": 1, "present": 1, "excluded": 1, "blocked": 1}
    assert (shown.people[0].name, shown.people[0].fate) == ("Ben", "new")
    added = add_by_criteria(session, segment, criteria, by=BY)
    assert (added.found, added.added, added.skipped) == (4, 1, {"present": 1, "excluded": 1, "blocked": 1})
    reasons = {row.name: row.reason for row in session.execute(skipped_contacts(added.step))}
    assert reasons == {"Ada": "present", "Cleo": "excluded", "Dan": "blocked"}


def test_the_first_of_very_many_are_those_at_the_top_of_the_list(session, office, monkeypatch):
    """The preview shows the same people whether it sorts those who meet the criteria or goes through the list."""
    give(session, ContactMailingGroup, MailingGroup, "PRESS", office["dan"])
    give(session, ContactMailingGroup, MailingGroup, "PRESS", office["cleo"])
    office["ada"].exclude_from_segment = True
    segment = make_segment(session, contacts=[office["ben"]])
    pin_contact(session, segment, office["berg"], "out", reason="Never", by=BY)
    for criteria in (asking(group("mailing_group", code="PRESS")), asking(group("contact", type="person")), Criteria()):
        shown = preview_add(session, segment, criteria, options=AddOptions(), by=BY)
        for looked_through in (1, 3, 100):
            monkeypatch.setattr(preview_module, "MANY", 0)
            monkeypatch.setattr(preview_module, "LOOKED_THROUGH", looked_through)
            for first in (1, 10):
                again = preview_add(session, segment, criteria, options=AddOptions(), first=first, by=BY)
                assert again.people == shown.people[:first]
        monkeypatch.undo()


def test_a_run_that_finds_nobody_is_a_step_too(session, office):
    """R-ADD01."""
    segment = make_segment(session)
    added = add_by_criteria(session, segment, asking(group("contact", city="Nowhere")), by=BY)
    assert (added.found, added.step.seq) == (0, 1)


def test_expanding_companies_and_adding_related_ones(session, office):
    """R-ADD03, R-ADD04."""
    criteria = asking(group("contact", name="Ada|Dan"))

    def names(options):
        segment = make_segment(session)
        add_by_criteria(session, segment, criteria, options=options, by=BY)
        shown = preview_reduce(session, segment, "reduce", Criteria(), by=BY)
        return [row.name for row in shown.people]

    assert sorted(names(AddOptions(expand_companies=True))) == ["Ada", "Alp AG", "Ben", "Dan"]
    assert sorted(names(AddOptions(related_companies=True))) == ["Ada", "Alp AG", "Dan"]


# --- reduce, refine --------------------------------------------------------------------------------------------------


def on_list(session, segment):
    shown = preview_reduce(session, segment, "reduce", Criteria(), first=100, by=BY)
    return sorted(row.name or "" for row in shown.people)


def test_reduce_removes_and_refine_keeps_with_their_lines_without_contact(session, office):
    """R-RED03, R-RED04, R-RED06."""
    for verb, left in ((reduce_contacts, ["", "Ben", "Dan"]), (refine_contacts, ["Ada"])):
        segment = make_segment(session, contacts=[office[name] for name in ("ada", "ben", "dan")])
        make_line(session, segment)
        verb(session, segment, asking(group("contact", city="Bern")), by=BY)
        assert on_list(session, segment) == left


def test_entire_companies_count_for_people_who_are_not_on_the_list(session, office):
    """R-RED02, B5: Ben meets the filter and is not on the list; Dan is his own company."""
    segment = make_segment(session, contacts=[office["ada"], office["cleo"], office["dan"]])
    done = reduce_contacts(session, segment, asking(group("contact", city="Chur")), entire_companies=True, by=BY)
    assert (done.removed, on_list(session, segment)) == (2, ["Cleo"])


def test_emptying_asks_whether_to_reset(session, office):
    """R-RED05, Q-05: only when there were steps before."""
    segment = make_segment(session)
    add_by_criteria(session, segment, asking(group("contact", city="Bern")), by=BY)
    assert reduce_contacts(session, segment, Criteria(), by=BY).may_reset


def test_a_pin_survives_later_steps_and_says_so(session, office):
    """Pinned in stays through Reduce, pinned out is passed over by Add; going back ends the pin."""
    segment = make_segment(session, contacts=[office["ada"], office["ben"]])
    pin_contact(session, segment, office["ada"], "in", reason="She asked for it", by=BY)
    pin_contact(session, segment, office["cleo"], "out", reason="Asked not to be written to", by=BY)
    shown = preview_reduce(session, segment, "reduce", Criteria(), by=BY)
    assert shown.counts == {"pinned_in": 1, "goes": 1}
    reduced = reduce_contacts(session, segment, Criteria(), by=BY)
    assert (reduced.removed, reduced.pinned, on_list(session, segment)) == (1, 1, ["Ada"])
    added = add_by_criteria(session, segment, asking(group("contact", name="Cleo|Dan")), by=BY)
    assert added.skipped == {"pinned_out": 1}


def test_a_pin_needs_a_reason(session, office):
    """So that others understand the list."""
    segment = make_segment(session)
    with pytest.raises(RuleViolation) as refused:
        pin_contact(session, segment, office["ada"], "in", reason=" ", by=BY)
    assert refused.value.field == "reason"


def test_switching_a_reduce_off_meets_later_steps(session, office):
    """A3: lines that come back meet the later Refine."""
    segment = make_segment(session)
    add_by_criteria(session, segment, asking(group("contact", type="person")), by=BY)
    reduce_contacts(session, segment, asking(group("contact", city="Chur|Borås")), by=BY)
    refine_contacts(session, segment, asking(group("contact", city="Bern|Chur")), by=BY)
    assert on_list(session, segment) == ["Ada"]
    done = switch_off(session, segment, 2, by=BY)
    assert (done.returned, on_list(session, segment)) == (2, ["Ada", "Ben", "Dan"])
    with pytest.raises(RuleViolation, match="switched off already"):
        switch_off(session, segment, 2, by=BY)


def test_switching_an_addition_off_lets_in_whom_a_later_one_had_passed_over(session, office):
    """A3: contacts that a later step skipped because of a line of it come in; in the name of that step."""
    segment = make_segment(session)
    add_by_criteria(session, segment, asking(group("contact", city="Bern")), by=BY)
    add_by_criteria(session, segment, asking(group("contact", type="person")), by=BY)
    done = switch_off(session, segment, 1, by=BY)
    assert (done.went, done.came_in, on_list(session, segment)) == (2, 1, ["Ada", "Ben", "Cleo", "Dan"])
    assert (done.returned, done.step.changed) == (0, 3)


# --- why, overlap ----------------------------------------------------------------------------------------------------


def test_why_names_the_steps_and_the_value_that_decided(session, office):
    """Added by 1, removed by 2 because of the city; never found by 3."""
    segment = make_segment(session)
    add_by_criteria(session, segment, asking(group("contact", type="person")), by=BY)
    reduce_contacts(session, segment, asking(group("contact", city="Chur")), by=BY)
    add_by_criteria(session, segment, asking(group("contact", name="Ada")), by=BY)
    answer = why(session, segment, office["ben"], by=BY)
    assert [(fate.step.seq, fate.what) for fate in answer.fates] == [(1, "added"), (2, "removed"), (3, "unmatched")]
    ((decision,),) = answer.fates[1].alternatives
    ((one, values, fits),) = decision.values
    assert (one.field.key, values, fits, decision.passes) == ("city", ["Chur"], True, True)
    assert why(session, segment, office["ada"], by=BY).fates[2].reason == "present"


def test_overlap_counts_people_not_lines_and_reduces_by_a_segment(session, office):
    """Interactions of the last days; other open segments."""
    mine = make_segment(session, contacts=[office["ada"], office["ada"], office["ben"], office["dan"]])
    other = make_segment(session, "OTHER", contacts=[office["ada"], office["cleo"]])
    bus = make_template(session, "BUS")
    make_entry(session, office["ada"], template=bus, date=TODAY - dt.timedelta(days=29))
    make_entry(session, office["ben"], template=bus, date=TODAY - dt.timedelta(days=30))
    make_entry(session, office["dan"], template=bus, date=TODAY, canceled=True)
    total, by_template, _ = recent_interactions(session, mine, days=30, by=BY)
    assert (total, [(row.code, row.contacts) for row in by_template]) == (1, [("BUS", 1)])
    assert [(row.no, row.contacts) for row in shared_segments(session, mine)] == [("OTHER", 1)]
    assert reduce_by_segment(session, mine, other, by=BY).removed == 2
    assert on_list(session, mine) == ["Ben", "Dan"]


def test_a_step_is_switched_off_before_one_that_named_its_contacts(session, office):
    """A3: a later Reduce by another segment has no criteria; it takes those whose lines it removed."""
    segment = make_segment(session, contacts=[office["ada"], office["ben"]])
    add_by_criteria(session, segment, asking(group("contact", type="person")), options=AddOptions(True), by=BY)
    reduce_contacts(session, segment, asking(group("contact", city="Chur")), by=BY)
    other = make_segment(session, contacts=[office["ada"]])
    reduce_by_segment(session, segment, other, by=BY)
    seen = preview_switch_off(session, segment, 2, by=BY)
    done = switch_off(session, segment, 2, by=BY)
    assert (seen.went, seen.returned, seen.after) == (done.went, done.returned, 4)


def test_the_preview_of_switching_off_only_reads(session, office):
    """Nobody who writes has to wait for somebody who looks."""
    segment = make_segment(session)
    add_by_criteria(session, segment, asking(group("contact", type="person")), by=BY)
    reduce_contacts(session, segment, asking(group("contact", city="Chur")), by=BY)
    session.flush()
    statements = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *args: statements.append(args[2]))
    for seq in (1, 2):
        preview_switch_off(session, segment, seq, by=BY)
    assert statements
    assert [one for one in statements if not one.startswith("SELECT")] == []
