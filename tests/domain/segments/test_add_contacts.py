"""Adding and pasting many contacts (R-ADD01…R-ADD09, A3, B2, B3, CRI-001, CRI-D06, HDR-002)."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from domain.contacts.models import Contact
from domain.errors import Forbidden, RuleViolation
from domain.segments import steps
from domain.segments.add_contacts import AddOptions, add_contacts
from domain.segments.lines import add_line
from domain.segments.paste import add_pasted, pasted_entries
from domain.segments.step_models import SegmentStepSkip
from domain.segments.steps import skipped_contacts, step_list
from tests.domain.segments.lines import listed, shown
from tests.factories.contacts import make_contact
from tests.factories.interaction_templates import make_template
from tests.factories.segments import make_segment
from tests.factories.setup import make_actor

BY = make_actor()


def names(session, segment):
    return [line.contact.name for line in listed(session, segment)]


def test_one_run_adds_in_list_order_with_numbers_of_ten_thousand(session):
    """CRI-001, CRI-D06, R-ADD06: company name, number, company before its persons, name; after the last line."""
    beta, alpha = make_contact(session, name="Beta"), make_contact(session, name="Alpha")
    make_contact(session, name="Zoe", company=alpha)
    make_contact(session, name="Ann", company=alpha)
    make_contact(session, name="Ben", company=beta)
    segment = make_segment(session, contacts=[make_contact(session, name="Zzz")])
    added = add_contacts(session, segment, select(Contact.id).where(Contact.name != "Zzz"), by=BY)
    assert (added.found, added.added, added.skipped) == (5, 5, {})
    assert names(session, segment) == ["Zzz", "Alpha", "Ann", "Zoe", "Beta", "Ben"]
    assert [line.line_no for line in listed(session, segment)] == [n * 10_000 for n in range(1, 7)]
    assert add_line(session, segment, beta, by=BY).line.line_no == 70_000


def test_new_lines_have_the_template_of_the_header(session):
    """HDR-002, A1: nothing is copied, everything inherited."""
    template = make_template(session)
    segment = make_segment(session, template=template)
    make_contact(session)
    make_contact(session)
    add_contacts(session, segment, select(Contact.id), by=BY)
    assert shown(session, segment, "template_id") == [template.id] * 2
    line = listed(session, segment)[0]
    assert (line.interaction_id, line.description, line.no_document, line.comment, line.version) == (
        None,
        None,
        False,
        "",
        1,
    )


def test_who_is_skipped_and_why(session):
    """B2, B3, R-ADD05, R-ADD06, R-ADD08, R-ADD09: counted, and kept with the step."""
    here = make_contact(session, "HERE")
    make_contact(session, "NEW")
    make_contact(session, "EXCLUDED", exclude_from_segment=True)
    make_contact(session, "BLOCKED", privacy_blocked=True, exclude_from_segment=True)
    segment = make_segment(session, contacts=[here])
    added = add_contacts(session, segment, select(Contact.id), by=BY)
    assert (added.found, added.added) == (4, 1)
    assert added.skipped == {"blocked": 1, "excluded": 1, "present": 1}
    assert (added.step.found, added.step.changed, added.step.skipped) == (4, 1, 3)
    assert {row.no: row.reason for row in session.execute(skipped_contacts(added.step))} == {
        "HERE": "present",
        "EXCLUDED": "excluded",
        "BLOCKED": "blocked",
    }


def test_existing_contacts_and_excluded_ones_on_demand(session):
    """R-ADD05, R-ADD07: a second line; excluded ones come in; blocked ones never do."""
    here = make_contact(session)
    make_contact(session, exclude_from_segment=True)
    make_contact(session, privacy_blocked=True)
    segment = make_segment(session, contacts=[here])
    options = AddOptions(allow_existing=True, include_excluded=True)
    added = add_contacts(session, segment, select(Contact.id), options=options, by=BY)
    assert (added.added, added.skipped) == (2, {"blocked": 1})
    assert json.loads(added.step.options) == {"allow_existing": True, "include_excluded": True}
    assert [line.contact_id for line in listed(session, segment)].count(here.id) == 2


def test_a_contact_that_was_removed_is_not_present(session):
    """R-ADD06: only lines on the list count."""
    contact = make_contact(session)
    segment = make_segment(session)
    add_contacts(session, segment, select(Contact.id), by=BY)
    steps.go_back(session, segment, by=BY)
    assert add_contacts(session, segment, select(Contact.id), by=BY).added == 1
    assert [line.contact_id for line in listed(session, segment)] == [contact.id]


def test_the_step_says_what_was_asked(session):
    """R-ADD01: kind, source, filters."""
    segment = make_segment(session)
    add_contacts(session, segment, select(Contact.id), source="contacts", filters={"contact": {"city": "Lund"}}, by=BY)
    (step,) = session.scalars(step_list(segment))
    assert (step.kind, step.source, json.loads(step.filters)) == ("add", "contacts", {"contact": {"city": "Lund"}})


def test_skipped_contacts_are_kept_up_to_a_limit(session, monkeypatch):
    """A3: above it they are counted."""
    monkeypatch.setattr(steps, "MOST_SKIPS", 2)
    for _ in range(3):
        make_contact(session, privacy_blocked=True)
    segment = make_segment(session)
    added = add_contacts(session, segment, select(Contact.id), by=BY)
    assert added.skipped == {"blocked": 3}
    assert session.query(SegmentStepSkip).count() == 2


def test_the_number_of_statements_does_not_grow_with_the_contacts(session, statements):
    """Set-based: the same statements for three contacts and for three hundred."""
    asked = []
    for n in (3, 300):
        segment = make_segment(session)
        ids = [make_contact(session).id for _ in range(n)]
        with statements() as now:
            add_contacts(session, segment, select(Contact.id).where(Contact.id.in_(ids)), by=BY)
        asked.append(len(now))
        assert len(listed(session, segment)) == n
    assert asked[0] == asked[1]
    assert asked[1] <= 8


def test_pasting_finds_numbers_addresses_and_names_in_their_order(session):
    """Found, several, not found; duplicates in the paste once."""
    first = make_contact(session, "C1", name="Nordic Foods")
    second = make_contact(session, "C2", name="Anna Ek", email="anna@example.com")
    make_contact(session, "C3", name="Twin")
    make_contact(session, "C4", name="Twin")
    segment = make_segment(session)
    pasted = add_pasted(session, segment, "Anna@Example.com\r\n\r\nnordic foods\nC1\nTwin\nNobody\n", by=BY)
    assert (pasted.entries, pasted.found, pasted.added, pasted.repeated) == (5, 2, 2, 1)
    assert (pasted.several, pasted.not_found) == ([("Twin", 2)], ["Nobody"])
    assert [line.contact_id for line in listed(session, segment)] == [second.id, first.id]
    (step,) = session.scalars(step_list(segment))
    assert (step.kind, step.source) == ("paste", "paste")
    assert json.loads(step.filters) == {"paste": {"entries": 5, "several": 1, "not_found": 1}}


def test_pasting_skips_like_adding(session):
    """B2, B3, R-ADD06."""
    here = make_contact(session, "HERE")
    make_contact(session, "OUT", exclude_from_segment=True)
    make_contact(session, "BLOCKED", privacy_blocked=True)
    segment = make_segment(session, contacts=[here])
    pasted = add_pasted(session, segment, "HERE\nOUT\nBLOCKED", by=BY)
    assert (pasted.added, pasted.present, pasted.excluded, pasted.blocked) == (0, 1, 1, 1)
    again = add_pasted(
        session, segment, "HERE\nOUT", options=AddOptions(allow_existing=True, include_excluded=True), by=BY
    )
    assert again.added == 2


def test_what_is_pasted_is_read_by_rows(session):
    """A column of a spreadsheet, several columns, several addresses in a row; names keep their commas."""
    assert pasted_entries("C1\nC2\r\n\n  C3 ") == ["C1", "C2", "C3"]
    assert pasted_entries("\tC1\tNordic\nC2\t\t") == ["C1", "C2"]
    assert pasted_entries("a@x.se; b@x.se,c@x.se\nEk, Anna") == ["a@x.se", "b@x.se", "c@x.se", "Ek, Anna"]
    assert pasted_entries("C\x001") == ["C1"]


def test_an_empty_paste_is_refused(session):
    """And one by somebody who may not change segments."""
    segment = make_segment(session)
    for text in ("", " \n\t\n"):
        with pytest.raises(RuleViolation) as refused:
            add_pasted(session, segment, text, by=BY)
        assert refused.value.field == "pasted"
    with pytest.raises(Forbidden):
        add_pasted(session, segment, "C1", by=make_actor(role="read_only"))


def test_the_last_write_fails_and_nothing_remains(session, monkeypatch):
    """Atomicity: the step is not there without its lines when the caller rolls back."""
    make_contact(session, privacy_blocked=True)
    make_contact(session)
    segment = make_segment(session)
    session.commit()

    def fail(*arguments):
        raise RuntimeError("disk full")

    monkeypatch.setattr("domain.segments.add_contacts.record_skips", fail)
    with pytest.raises(RuntimeError):
        add_contacts(session, segment, select(Contact.id), by=BY)
    session.rollback()
    assert listed(session, segment) == []
    assert session.scalars(step_list(segment)).all() == []
    assert (segment.last_line_no, segment.list_version) == (0, 1)
