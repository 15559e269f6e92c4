from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from domain.contacts.models import Contact
from domain.errors import RuleViolation
from domain.segments.bulk import edit_lines
from domain.segments.check import CANNOT_BE_DELIVERED, CANNOT_BE_LOGGED, ONLY_SHOWN, check_segment, lines_with
from domain.segments.lines import remove_lines
from domain.segments.models import SegmentLine
from domain.segments.selection import LineFilter
from tests.factories.contacts import make_alt_address, make_contact, make_salutation, make_setup
from tests.factories.documents import make_document, make_letter
from tests.factories.interaction_templates import make_template
from tests.factories.interactions import make_logged_segment
from tests.factories.segments import make_line, make_segment, make_segment_interaction, make_step
from tests.factories.setup import TODAY, make_actor, make_language


def check(session, segment, **options):
    return check_segment(session, segment, by=make_actor(), **options)


def codes(check, group=None):
    return {problem.code for problem in check.problems if group in (None, problem.group)}


def make_ready_segment(session, *contacts, document=None, correspondence_type="hard_copy", subject="Hello", **values):
    """A segment whose lines can be logged and delivered."""
    template = make_template(session, correspondence_type=correspondence_type, ignore_contact_type=True)
    document = document if document is not None else make_letter(session, "Dear reader")
    segment = make_segment(session, template=template, **values)
    row = make_segment_interaction(session, segment, template, languages={"ENG": (subject, document)})
    row.language_id = make_language(session, "ENG").id
    segment.interaction_id = row.id
    session.flush()
    session.refresh(segment)
    for contact in contacts or (make_contact(session, email="a@example.com"),):
        make_line(session, segment, contact)
    return segment


def numbers(session, segment, *wanted):
    ids = lines_with(session, segment, wanted)
    return list(
        session.scalars(select(SegmentLine.line_no).where(SegmentLine.id.in_(ids)).order_by(SegmentLine.line_no))
    )


def test_a_sound_segment_has_no_problems(session):
    segment = make_ready_segment(session, *(make_contact(session) for _ in range(3)))
    found = check(session, segment)
    assert (found.problems, found.header_problems, found.is_ready) == ((), (), True)
    assert (found.lines, found.letters, found.emails, found.other, found.without_contact) == (3, 3, 0, 0, 0)


def test_what_would_be_logged_is_counted_by_type(session):
    mail, paper, fax, none = (
        make_contact(session, correspondence_type=kind) for kind in ("email", "hard_copy", "fax", "")
    )
    segment = make_segment(session, contacts=[mail, paper, fax, none, none])
    make_line(session, segment)
    make_line(session, segment, paper, removed_step_id=make_step(session, segment, "remove").id)
    found = check(session, segment)
    assert (found.lines, found.emails, found.letters, found.other, found.without_contact) == (5, 1, 2, 2, 1)


def test_a8_lines_that_would_be_kept_are_not_counted_among_the_letters(session):
    fine, blocked = make_contact(session), make_contact(session, privacy_blocked=True)
    without = make_contact(session)
    segment = make_ready_segment(session, fine, blocked, without)
    line = session.scalars(select(SegmentLine).where(SegmentLine.contact_id == without.id)).one()
    line.correspondence_type = "email"
    session.flush()
    ready = ("stuck_lines", "ready_letters", "ready_emails", "ready_other")
    assert [getattr(check(session, segment, deliver=True), one) for one in ready] == [2, 1, 0, 0]
    assert [getattr(check(session, segment, deliver=False), one) for one in ready] == [1, 1, 1, 0]


def test_r_d01_nothing_is_sent_when_no_line_has_a_type(session):
    """LOG-D09."""
    segment = make_segment(session, contacts=[make_contact(session)])
    found = check(session, segment)
    assert (found.can_send, found.deliver) == (False, False)
    make_line(session, segment, make_contact(session), correspondence_type="email")
    found = check(session, segment)
    assert (found.can_send, found.deliver) == (True, True)


def test_e_l05_e_l06_template_and_salesperson_are_needed(session):
    segment = make_segment(session, contacts=[make_contact(session)], salesperson_id=None)
    found = check(session, segment)
    assert codes(found, CANNOT_BE_LOGGED) == {"no_template", "no_salesperson"}
    assert (found.blocked_lines, found.is_ready) == (1, False)
    assert [str(problem.message) for problem in found.problems[:2]] == [
        "1 line has no interaction template.",
        "1 line has no salesperson.",
    ]


def test_b2_a_blocked_contact_cannot_be_logged(session):
    open_one, blocked = make_contact(session), make_contact(session, "CT9", name="Ann", privacy_blocked=True)
    segment = make_ready_segment(session, open_one, blocked, blocked)
    found = check(session, segment, deliver=False)
    assert (found.lines_with("blocked"), found.blocked_lines) == (2, 2)
    first = found.of_group(CANNOT_BE_LOGGED)[0].first
    assert [(line.line_no, line.contact_no, line.contact_name) for line in first] == [
        (20000, "CT9", "Ann"),
        (30000, "CT9", "Ann"),
    ]
    assert numbers(session, segment, "blocked") == [20000, 30000]


def test_an_email_needs_an_address_and_an_alternative_one_counts(session):
    without, elsewhere = make_contact(session), make_contact(session)
    make_alt_address(session, elsewhere, ranges=[(TODAY, None)], email="away@example.com")
    segment = make_ready_segment(session, without, elsewhere, correspondence_type="email")
    found = check(session, segment)
    assert (found.lines_with("no_email"), found.stuck_lines, found.blocked_lines) == (1, 1, 0)
    assert numbers(session, segment, "no_email") == [10000]


def test_problems_of_delivery_are_not_looked_for_without_delivery(session):
    segment = make_ready_segment(session, make_contact(session), correspondence_type="email", subject="")
    assert codes(check(session, segment)) == {"no_email", "no_subject"}
    found = check(session, segment, deliver=False)
    assert (codes(found), found.is_ready) == (set(), True)


def test_e_m03_a_document_in_the_language_is_needed(session):
    segment = make_ready_segment(session, make_contact(session))
    make_line(session, segment, make_contact(session), language_id=make_language(session, "SVE").id)
    make_line(session, segment, make_contact(session), no_document=True)
    make_line(session, segment, make_contact(session), no_document=True, correspondence_type="")
    assert numbers(session, segment, "no_document") == [20000, 30000]
    assert check(session, segment).lines_with("no_document") == 2


def test_e_m05_an_unreadable_document_is_named_before_logging(session):
    sound, broken = make_letter(session, "Sound"), make_letter(session, "Broken")
    segment = make_ready_segment(session, document=sound)
    make_line(session, segment, make_contact(session), document_id=broken.id)
    assert codes(check(session, segment)) == set()
    broken.sha256 = "0" * 64
    session.flush()
    assert numbers(session, segment, "unreadable") == [20000]
    assert codes(check(session, segment), CANNOT_BE_DELIVERED) == {"unreadable"}


def test_unknown_fields_of_a_document_are_named(session):
    segment = make_ready_segment(session, document=make_letter(session, "{{ contact.nmae }} {{ today }}"))
    problem = check(session, segment).problems[0]
    assert (problem.code, problem.group) == ("unknown_field", CANNOT_BE_DELIVERED)
    assert "contact.nmae" in str(problem.message)


def test_b11_scenario_33_every_fallback_of_a_salutation_is_listed(session):
    mr = make_salutation(session, "MR", {("ENG", "formal"): ("Dear %1,", "surname")})
    letter = make_letter(session, "{{ salutation.formal }}")
    own, other_language, none = (
        make_contact(session, salutation_id=mr.id),
        make_contact(session, salutation_id=mr.id, language="SVE"),
        make_contact(session),
    )
    segment = make_ready_segment(session, own, other_language, none, document=letter)
    sve = make_language(session, "SVE")
    make_line(session, segment, other_language, language_id=sve.id, document_id=letter.id)
    make_line(session, segment, none, document_id=make_letter(session, "No salutation").id)
    found = check(session, segment)
    assert numbers(session, segment, "salutation") == [30000, 40000]
    assert found.lines_with("salutation") == 2
    assert "salutation" in codes(found, ONLY_SHOWN)
    assert found.is_ready


def test_b19_a_comment_that_no_field_prints_is_shown(session):
    silent, printing = make_letter(session, "Hello"), make_letter(session, "Hello {{ comment }}")
    segment = make_ready_segment(session, document=silent)
    make_line(session, segment, make_contact(session), comment="Lost")
    make_line(session, segment, make_contact(session), comment="Printed", document_id=printing.id)
    make_line(session, segment, make_contact(session), comment="Lost too", no_document=True, correspondence_type="")
    assert numbers(session, segment, "comment") == [20000, 40000]
    assert "comment" in codes(check(session, segment), ONLY_SHOWN)


def test_empty_fields_of_the_letter_are_shown_field_by_field(session):
    letter = make_letter(
        session, "{{ contact.job_title }} {{ contact.city }} {{ contact.country }} {{ contact.address_2 }}"
    )
    complete = make_contact(session, job_title="Buyer", city="Lund")
    segment = make_ready_segment(session, complete, make_contact(session, city="Lund"), document=letter)
    make_line(session, segment, make_contact(session), document_id=make_letter(session, "Plain").id)
    found = check(session, segment)
    shown = {problem.code.removeprefix("empty field: "): problem.lines for problem in found.of_group(ONLY_SHOWN)}
    assert shown == {"contact.job_title": 1, "contact.country": 2}
    assert numbers(session, segment, "empty field: contact.job_title") == [20000]


def test_b3_b4_duplicates_and_excluded_contacts_are_only_shown(session):
    twice, excluded = make_contact(session), make_contact(session, exclude_from_segment=True)
    segment = make_ready_segment(session, twice, excluded, twice)
    gone = make_step(session, segment, "remove")
    make_line(session, segment, excluded, removed_step_id=gone.id)
    found = check(session, segment)
    assert codes(found) == {"duplicate", "excluded"}
    assert (numbers(session, segment, "duplicate"), numbers(session, segment, "excluded")) == ([10000, 30000], [20000])
    assert found.is_ready


def test_a_letter_that_is_no_word_file_is_only_shown(session):
    segment = make_ready_segment(session, document=make_document(session, b"%PDF-1.4", file_name="offer.pdf"))
    make_line(session, segment, make_contact(session, email="x@example.com"), correspondence_type="email")
    found = check(session, segment)
    assert codes(found) == {"not_word"}
    assert numbers(session, segment, "not_word") == [10000]


def test_e_l01_e_l02_e_l03_the_header_is_checked(session):
    segment = make_segment(session, "SM1", description=" ")
    make_line(session, segment)
    make_logged_segment(session, "SM1")
    assert [str(message) for message in check(session, segment).header_problems] == [
        "A segment SM1 has been logged already.",
        "Enter a description for segment SM1.",
        "Segment SM1 has no line with a contact.",
    ]
    assert not check(session, segment).is_ready


def test_e_h01_a_follow_up_needs_a_number_series(session):
    segment = make_ready_segment(session)
    assert check(session, segment).follow_up_problem is None
    make_setup(session, segment_series_id=None)
    assert "number series" in str(check(session, segment).follow_up_problem)
    assert check(session, segment).is_ready


def test_only_the_first_lines_of_a_problem_are_listed(session):
    contacts = [make_contact(session, privacy_blocked=True) for _ in range(7)]
    found = check(session, make_ready_segment(session, *contacts))
    assert (found.problems[0].lines, len(found.problems[0].first)) == (7, 5)
    assert [line.line_no for line in found.problems[0].first] == [10000, 20000, 30000, 40000, 50000]


def test_a_line_with_several_problems_is_stuck_once(session):
    segment = make_segment(session, contacts=[make_contact(session, correspondence_type="email")], salesperson_id=None)
    found = check(session, segment)
    assert {"no_template", "no_salesperson", "no_email", "no_document", "no_subject"} <= codes(found)
    assert (found.blocked_lines, found.stuck_lines) == (1, 1)


def changed_header(session, segment):
    segment.description = "Changed"


def changed_line(session, segment):
    session.scalars(select(SegmentLine).where(SegmentLine.segment_id == segment.id)).first().description = "Own"


def changed_contact(session, segment):
    line = session.scalars(select(SegmentLine).where(SegmentLine.segment_id == segment.id)).first()
    session.get_one(Contact, line.contact_id).name = "Renamed"


def changed_interaction(session, segment):
    segment.interaction.description = "Changed"


def changed_language_row(session, segment):
    segment.interaction.languages[0].subject = "Changed"


def changed_document(session, segment):
    document = segment.interaction.languages[0].document
    document.facts = json.dumps(json.loads(document.facts) | {"mapping": {"x": "today"}})


def added_line(session, segment):
    make_line(session, segment, make_contact(session))


@pytest.mark.parametrize(
    "change",
    [
        changed_header,
        changed_line,
        changed_contact,
        changed_interaction,
        changed_language_row,
        changed_document,
        added_line,
    ],
)
def test_b1_the_token_moves_with_everything_the_check_looked_at(session, change):
    segment = make_ready_segment(session)
    before = check(session, segment).token
    assert check(session, segment, deliver=False).token == before
    change(session, segment)
    session.flush()
    assert check(session, segment).token != before


def test_the_lines_of_a_problem_can_be_mended_at_once(session):
    twice = make_contact(session)
    segment = make_ready_segment(session, twice, correspondence_type="email", subject="")
    make_line(session, segment, twice, subject="Own")
    make_line(session, segment, make_contact(session, email="c@example.com"))
    which = LineFilter(problem="no_subject", lines=lines_with(session, segment, ["no_subject"]))
    assert edit_lines(session, segment, which, {"subject": "Mended"}, by=make_actor()).changed == 2
    assert check(session, segment).lines_with("no_subject") == 0
    gone = LineFilter(problem="no_email", lines=lines_with(session, segment, ["no_email"]))
    assert remove_lines(session, segment, gone, by=make_actor()).removed == 2
    found = check(session, segment)
    assert (found.lines, found.is_ready) == (1, True)
    with pytest.raises(RuleViolation, match="not known"):
        lines_with(session, segment, ["nonsense"])


def test_readers_may_look(session):
    segment = make_ready_segment(session)
    assert check_segment(session, segment, by=make_actor(role="read_only")).lines == 1
