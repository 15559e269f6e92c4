"""The select of effective values (A1, B12, B17, B18, section E)."""

from __future__ import annotations

from random import Random

import pytest
from sqlalchemy import select

from domain.segments.effective import LIVE, VALUES, contact, effective, joins_of, line, line_ids, salesperson, value
from domain.segments.models import SegmentLine
from tests.domain.segments.reference import effective_values
from tests.domain.segments.worlds import add_segment, make_world
from tests.factories.contacts import make_alt_address, make_contact
from tests.factories.documents import make_document
from tests.factories.interaction_templates import make_template
from tests.factories.segments import make_segment, make_segment_interaction
from tests.factories.setup import TODAY, make_language, make_salesperson


def the(session, segment_line, *names):
    row = session.execute(effective(*names).where(line.id == segment_line.id)).one()
    return row[0] if len(names) == 1 else tuple(row)


@pytest.mark.parametrize("seed", range(6))
def test_random_segments_equal_a_plain_reference(session, seed):
    """Section E: 6 × 60 random segments; each value for itself, and all together."""
    chance = Random(seed)
    world = make_world(session, chance)
    for n in range(60):
        add_segment(session, world, chance, f"R{seed}-{n}")
    contacts = {one.id: one for one in world.contacts}
    segments = {one.id: one for one in world.segments}
    expected = {
        one.id: effective_values(one, segments[one.segment_id], world.interactions, contacts, world.ranges)
        for one in world.lines
    }
    names = [name for name in VALUES if name != "mail_to"]
    found = {row.id: row for row in session.execute(effective(*names).add_columns(line.id))}
    assert len(found) == len(world.lines)
    for one in world.lines:
        assert {name: getattr(found[one.id], name) for name in names} == expected[one.id]
    for name in names:
        alone = {row.id: getattr(row, name) for row in session.execute(effective(name).add_columns(line.id))}
        assert alone == {id: values[name] for id, values in expected.items()}


def test_only_the_joins_a_value_needs_are_made():
    """Section E: a count of lines joins nothing; a description no contact."""
    assert joins_of(["date"]) == ["segment"]
    assert joins_of(["description"]) == ["segment", "interaction"]
    assert joins_of(["subject"]) == ["segment", "interaction", "contact", "contact_row", "language_row"]
    assert " JOIN " not in str(line_ids(1))


def test_the_active_address_is_asked_once(session):
    """Section E: the sub-select of the alternative address stands in the ON of one join, also with all values."""
    assert str(effective(*VALUES)).count("alt_address_range.") == str(effective("alt_address_id")).count(
        "alt_address_range."
    )


def test_names_of_joined_tables(session):
    """Codes and names of effective references come from joins asked for with `using`."""
    seller = make_salesperson(session, "ANNA")
    segment = make_segment(session, contacts=[make_contact(session, name="Nordic")], salesperson_id=seller.id)
    question = effective("salesperson_id", using=("salesperson", "contact")).add_columns(salesperson.code, contact.name)
    assert session.execute(question.where(line.segment_id == segment.id, LIVE)).one() == (seller.id, "ANNA", "Nordic")


def test_lines_are_found_by_an_effective_value(session):
    """Section E: ids first, by a condition on an effective value."""
    first = make_contact(session, correspondence_type="email")
    segment = make_segment(session, contacts=[first, make_contact(session, correspondence_type="hard_copy")])
    found = session.scalars(
        line_ids(segment.id, value("correspondence_type") == "email", using=("correspondence_type",))
    )
    assert [session.get_one(SegmentLine, one).contact_id for one in found] == [first.id]


def test_correspondence_type(session):
    """B17: own; header's default that ignores; interaction's that ignores or contact without; else the contact's."""
    paper = make_contact(session, correspondence_type="hard_copy")
    none = make_contact(session, correspondence_type="")
    segment = make_segment(
        session, contacts=[paper, none], template=make_template(session, correspondence_type="email")
    )
    first, second = session.scalars(select(SegmentLine).order_by("line_no"))
    name = "correspondence_type"
    assert (the(session, first, name), the(session, second, name)) == ("hard_copy", "email")
    segment.interaction.ignore_contact_type = True
    session.flush()
    assert the(session, first, name) == "email"
    other = make_segment_interaction(session, segment, make_template(session), correspondence_type="hard_copy")
    first.interaction_id = other.id
    session.flush()
    assert the(session, first, name) == "email"  # the header ignores what the contact wants, for every line
    segment.interaction.correspondence_type = ""
    session.flush()
    assert the(session, first, name) == "hard_copy"
    first.correspondence_type = ""
    session.flush()
    assert the(session, first, name) == ""


def test_language_and_document(session):
    """B12: own; the contact's if there is a row; the default; without rows the contact's. FRS never becomes FRC."""
    english, french = make_document(session), make_document(session)
    template = make_template(session, languages={"ENG": ("Thanks", english), "FRC": ("Merci", french)})
    contacts = [make_contact(session, language=code) for code in ("FRC", "FRS", None)]
    make_segment(session, contacts=contacts, template=template)
    lines = list(session.scalars(select(SegmentLine).order_by("line_no")))
    codes = {make_language(session, code).id: code for code in ("ENG", "FRC", "FRS")}
    found = [the(session, one, "language_id", "subject", "document_id") for one in lines]
    assert [(codes[a], b, c) for a, b, c in found] == [
        ("FRC", "Merci", french.id),
        ("ENG", "Thanks", english.id),
        ("ENG", "Thanks", english.id),
    ]
    lines[0].language_id = make_language(session, "FRS").id
    session.flush()
    assert the(session, lines[0], "subject", "document_id") == ("", None)
    lines[0].language_id = None
    lines[0].no_document = True
    session.flush()
    assert the(session, lines[0], "document_id") is None
    bare = make_segment(session, contacts=[contacts[1]])
    line_of_bare = session.scalars(select(SegmentLine).where(SegmentLine.segment_id == bare.id)).one()
    assert codes[the(session, line_of_bare, "language_id")] == "FRS"


def test_mail_goes_to_the_alternative_address(session):
    """R-DL01: the e-mail of the active alternative address, if blank the contact's."""
    from_card = make_contact(session, email="card@example.com")
    segment = make_segment(session, contacts=[from_card])
    segment_line = session.scalars(select(SegmentLine).where(SegmentLine.segment_id == segment.id)).one()
    assert the(session, segment_line, "mail_to") == "card@example.com"
    address = make_alt_address(session, from_card, ranges=[(TODAY, None)])
    assert the(session, segment_line, "alt_address_id", "mail_to") == (address.id, "card@example.com")
    address.email = "summer@example.com"
    session.flush()
    assert the(session, segment_line, "mail_to") == "summer@example.com"
    segment_line.no_alt_address = True
    session.flush()
    assert the(session, segment_line, "alt_address_id", "mail_to") == (None, "card@example.com")
