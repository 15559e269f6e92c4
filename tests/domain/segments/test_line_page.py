"""What the worksheet shows of its lines (A1, B1-B4, section E; HDR-008, HDR-009, HDR-D13)."""

from __future__ import annotations

from random import Random

import pytest

from domain.segments.edit_line import edit_line
from domain.segments.header import edit_header
from domain.segments.line_queries import (
    SORTS,
    LinePage,
    line_page,
    line_row,
    recent_interactions,
)
from domain.segments.lines import remove_lines
from domain.segments.page_queries import page_figures
from domain.segments.problems import PROBLEMS, problems_of
from domain.segments.selection import LineFilter
from domain.segments.totals import totals
from tests.domain.segments.lines import listed
from tests.domain.segments.worlds import add_segment, make_world
from tests.factories.contacts import make_alt_address, make_contact
from tests.factories.documents import make_document
from tests.factories.interaction_templates import make_template
from tests.factories.interactions import make_entry
from tests.factories.segments import make_line, make_segment
from tests.factories.setup import TODAY, make_actor, make_language, make_salesperson

BY = make_actor()


@pytest.fixture
def template(session):
    return make_template(
        session, "BUS", languages={"ENG": ("Hi", make_document(session))}, correspondence_type="hard_copy"
    )


SHOWN = (
    "id",
    "contact_no",
    "contact_name",
    "contact_company_name",
    "template_code",
    "description",
    "language_code",
    "date",
)


def test_a_page_shows_contact_and_effective_values(session, template):
    """HDR-008, HDR-009: phone, mobile, e-mail live from the contact, person or company; codes of references."""
    seller = make_salesperson(session, "ANNA")
    company = make_contact(session, "C1", name="Nordic", phone="1", mobile="2", email="n@example.com")
    person = make_contact(session, "C2", name="Bo Ek", company=company, phone="3", mobile="4", email="b@example.com")
    segment = make_segment(session, contacts=[company, person], template=template, salesperson_id=seller.id)
    page = line_page(session, segment)
    whole = [line_row(session, segment, row.line_no) for row in page.rows]
    assert [(row.contact_phone, row.contact_mobile, row.contact_email) for row in whole] == [
        ("1", "2", "n@example.com"),
        ("3", "4", "b@example.com"),
    ]
    for shown, everything in zip(page.rows, whole, strict=True):
        assert [getattr(shown, name) for name in SHOWN] == [getattr(everything, name) for name in SHOWN]
    row = whole[1]
    assert (row.contact_name, row.contact_company_name, row.contact_type) == ("Bo Ek", "Nordic", "person")
    assert (row.salesperson_code, row.template_code, row.language_code) == ("ANNA", "BUS", "ENG")
    assert (row.description, row.own_description, row.subject) == ("A segment", None, "Hi")
    assert (page.previous, page.next) == (None, None)
    company.email = "new@example.com"
    session.flush()
    assert line_row(session, segment, 10_000).contact_email == "new@example.com"
    assert line_row(session, segment, 15_000) is None


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", SORTS)
def test_pages_by_key_show_every_line_once_there_and_back(session, sort, descending):
    """Keyset paging over every sort order, on random lines, in both directions."""
    chance = Random(f"{sort}{descending}")
    world = make_world(session, chance)
    for n in range(4):
        add_segment(session, world, chance, f"R{n}")
    segment = world.segments[0]
    for n, line in enumerate(world.lines):
        line.segment_id, line.line_no = segment.id, (n + 1) * 10
        line.interaction_id = None
    session.flush()
    whole = [row.id for row in line_page(session, segment, sort=sort, descending=descending).rows]
    assert len(whole) == len(world.lines)
    forwards, page = [], line_page(session, segment, sort=sort, descending=descending, size=3)
    assert page.previous is None
    while True:
        forwards += [row.id for row in page.rows]
        if page.next is None:
            break
        page = line_page(session, segment, sort=sort, descending=descending, after=page.next, size=3)
        assert page.previous
    assert forwards == whole
    backwards: list[int] = [row.id for row in page.rows]
    while page.previous is not None:
        page = line_page(session, segment, sort=sort, descending=descending, before=page.previous, size=3)
        assert page.next
        backwards = [row.id for row in page.rows] + backwards
    assert backwards == whole
    if sort == "line_no":
        assert whole == [row.id for row in sorted(world.lines, key=lambda one: one.line_no, reverse=descending)]


def test_lines_are_sorted_by_effective_values(session):
    """Section E: own and inherited values in one order."""
    segment = make_segment(session, description="Middle", contacts=[make_contact(session) for _ in range(3)])
    first, _, third = listed(session, segment)
    edit_line(session, first, {"description": "zebra"}, by=BY)
    edit_line(session, third, {"description": "Aardvark"}, by=BY)
    rows = line_page(session, segment, sort="description").rows
    assert [row.description for row in rows] == ["Aardvark", "Middle", "zebra"]
    rows = line_page(session, segment, sort="description", descending=True).rows
    assert [row.description for row in rows] == ["zebra", "Middle", "Aardvark"]


def test_names_in_swedish_order(session):
    """B24: å, ä, ö after z for Swedish readers."""
    segment = make_segment(session, contacts=[make_contact(session, name=name) for name in ("Åsa", "Zoe", "Adam")])
    assert [row.contact_name for row in line_page(session, segment, sort="name").rows] == ["Adam", "Åsa", "Zoe"]
    assert [row.contact_name for row in line_page(session, segment, sort="name_sv").rows] == ["Adam", "Zoe", "Åsa"]


@pytest.mark.parametrize(
    "place",
    [
        "",
        "nonsense",
        "[]",
        "[1]",
        '["x", 1]',
        "[1, true]",
        "[1, 2, 3]",
        "null",
        "[1e400, 1]",
        "\x00",
        "[" * 5_000,
        f"[{2**70}, 1]",
        f"[1, {2**70}]",
    ],
)
def test_a_place_from_nowhere_is_the_beginning(session, place):
    """Bad input: what comes back from the browser is checked."""
    segment = make_segment(session, contacts=[make_contact(session)])
    for sort in ("line_no", "date", "nonsense", "cost"):
        assert len(line_page(session, segment, sort=sort, after=place).rows) == 1
        page = line_page(session, segment, sort=sort, before=place)
        assert (len(page.rows), page.next) == (1, None)


def test_chips_and_search(session, template):
    """ux: All / Overrides / Warnings; search in contact, description and subject, accents and case ignored."""
    contacts = [
        make_contact(session, "C1", name="Åsa Öberg", city="Lund"),
        make_contact(session, "C2", name="Bo Ek", correspondence_type="email"),
        make_contact(session, "C3", name="Carl Al"),
    ]
    segment = make_segment(session, contacts=contacts, template=template)
    third = listed(session, segment)[2]
    edit_line(session, third, {"description": "Grüße 100%"}, by=BY)

    def found(**values):
        return [row.contact_no for row in line_page(session, segment, LineFilter(**values)).rows]

    assert found(chip="overrides") == ["C3"]
    assert found(chip="warnings") == ["C2"]
    assert found(problem="no_email") == ["C2"]
    assert found(search="asa lund") == ["C1"]
    assert found(search="GRÜSSE") == []
    assert found(search="GRÜßE") == ["C3"]
    assert found(search="100%") == ["C3"]
    assert found(search="_") == []
    assert found(search="hi") == ["C1", "C2", "C3"]
    assert found(chip="warnings", search="carl") == []
    assert found(search="\x00") == ["C1", "C2", "C3"]
    counts = page_figures(session, segment, LineFilter())
    assert (counts.all, counts.overrides, counts.warnings) == (3, 1, 1)


def test_a_comment_is_no_override(session, template):
    """B19, A1: what belongs to the line alone does not differ from the header."""
    segment = make_segment(session, contacts=[make_contact(session)], template=template)
    edit_line(session, listed(session, segment)[0], {"comment": "Dear", "evaluation": "neutral"}, by=BY)
    assert page_figures(session, segment, LineFilter()).overrides == 0


def test_warnings(session, template):
    """B1-B4: the problems of a line, each for itself."""
    english = make_language(session, "ENG")
    good = make_contact(session)
    contacts = {
        "blocked": make_contact(session, privacy_blocked=True),
        "excluded": make_contact(session, exclude_from_segment=True),
        "no_email": make_contact(session, correspondence_type="email"),
    }
    segment = make_segment(session, contacts=[good, *contacts.values()], template=template)
    lines = {row.contact_id: row for row in line_page(session, segment).rows}
    assert problems_of(lines[good.id]) == []
    for code, contact in contacts.items():
        assert problems_of(lines[contact.id]) == [code]
    first = listed(session, segment)[0]

    def problems(**changes):
        edit_line(session, first, changes, by=BY)
        return problems_of(line_row(session, segment, first.line_no))

    assert problems(language=make_language(session, "SVE")) == ["no_document"]
    assert problems(correspondence_type="") == []
    assert problems(correspondence_type=None, document="") == []
    assert problems(document=make_document(session), language=english) == []
    assert problems(template=make_template(session)) == []
    edit_header(session, segment, {"salesperson": None}, by=BY)
    assert problems() == ["no_salesperson"]
    good.salesperson_id = make_salesperson(session).id
    session.flush()
    assert problems() == []
    make_line(session, segment, good)
    assert problems() == ["duplicate"]
    make_line(session, segment)
    bare = listed(session, segment)[-1]
    assert problems_of(line_row(session, segment, bare.line_no)) == ["no_contact", "no_salesperson"]
    counts = {code: len(line_page(session, segment, LineFilter(problem=code)).rows) for code in PROBLEMS}
    assert counts == {
        "no_contact": 1,
        "blocked": 1,
        "no_template": 0,
        "no_salesperson": 4,
        "no_email": 1,
        "no_document": 0,
        "excluded": 1,
        "duplicate": 2,
    }
    assert page_figures(session, segment, LineFilter()).warnings == 6
    without = make_segment(session, contacts=[good])
    assert problems_of(line_page(session, without).rows[0]) == ["no_template"]


def test_an_address_for_the_day_is_an_address(session, template):
    """R-DL01: an e-mail to the alternative address needs no address on the card."""
    contact = make_contact(session, correspondence_type="email")
    make_alt_address(session, contact, ranges=[(TODAY, None)], email="alt@example.com")
    segment = make_segment(session, contacts=[contact], template=template)
    assert problems_of(line_page(session, segment).rows[0]) == []


def test_totals_of_effective_values(session, template):
    """By correspondence type and language; cost and duration."""
    template.unit_cost, template.unit_duration = 10, 2
    contacts = [
        make_contact(session),
        make_contact(session, correspondence_type="email"),
        make_contact(session, correspondence_type="email"),
    ]
    segment = make_segment(session, contacts=contacts, template=template)
    edit_line(session, listed(session, segment)[0], {"cost": 1, "language": make_language(session, "FRC")}, by=BY)
    found = totals(session, segment)
    assert (found.types, found.languages) == ({"email": 2, "hard_copy": 1}, {"ENG": 2, "FRC": 1})
    assert (found.cost, found.duration) == (21, 6)
    empty = totals(session, make_segment(session))
    assert (empty.types, empty.languages, empty.cost) == ({}, {}, 0)


def test_removed_lines_are_nowhere(session, template):
    """A3: neither on the page nor in counts and totals."""
    twice = make_contact(session)
    segment = make_segment(session, contacts=[twice, twice], template=template)
    edit_line(session, listed(session, segment)[0], {"cost": 1}, by=BY)
    assert page_figures(session, segment, LineFilter()).warnings == 2
    remove_lines(session, segment, LineFilter(line_nos=[10_000]), by=BY)
    counts = page_figures(session, segment, LineFilter())
    assert (counts.all, counts.overrides, counts.warnings) == (1, 0, 0)
    assert len(line_page(session, segment).rows) == 1
    assert sum(totals(session, segment).types.values()) == 1


def test_recent_interactions_of_a_contact(session):
    """FactBox: a company shows those of its people too; the total opens the log."""
    company = make_contact(session)
    person = make_contact(session, company=company)
    for _ in range(7):
        make_entry(session, person)
    found = recent_interactions(session, company)
    assert (len(found.rows), found.total) == (5, 7)
    assert recent_interactions(session, make_contact(session)).total == 0


def test_a_page_takes_a_handful_of_statements(session, template, statements):
    """performance.md 6: at most 8 queries for the lines, counts, totals and pane, whatever the size."""
    contact = make_contact(session)
    segment = make_segment(session, contacts=[contact] * 30, template=template)
    with statements() as asked:
        page = line_page(session, segment)
        page_figures(session, segment, LineFilter())
        recent_interactions(session, contact)
    assert len(asked) <= 8
    assert isinstance(page, LinePage)
    assert len(page.rows) == 30
