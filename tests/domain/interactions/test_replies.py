"""Answers to a logged segment (R-E02, B7, B8, B27, A5)."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select

from domain.errors import Forbidden, NotFound, RuleViolation
from domain.interactions import reply_people
from domain.interactions.delete_canceled import delete_canceled_entries
from domain.interactions.entries import evaluate, set_canceled, take_evaluation_back
from domain.interactions.models import InteractionLogEntry
from domain.interactions.replies import expected_replies, record_replies, reply_page, reply_tally, undo_reply
from domain.interactions.reply_models import OUTCOMES, Reply
from domain.interactions.reply_paste import MOST_ENTRIES, pasted_columns, record_pasted, sort_pasted, undo_pasted
from domain.interactions.reply_people import SeveralPeople, find_person, look_up_people
from domain.letters.letter_code import letter_code
from domain.segments.follow_up import create_follow_up
from domain.segments.step_models import SegmentStep
from domain.segments.take_back import look_at_take_back
from tests.domain.segments.ready import lines_of, log, make_ready_segment
from tests.factories.contacts import make_contact
from tests.factories.interactions import make_entry, make_logged_segment
from tests.factories.setup import make_actor


@pytest.fixture
def by(session):
    return make_actor(user_name="Ann")


@pytest.fixture
def people(session):
    return [
        make_contact(session, "C1", name="Nordlys AS", email="post@nordlys.example"),
        make_contact(session, "C2", name="Café du Lac"),
        make_contact(session, "C3", name="Björk & Söner"),
    ]


@pytest.fixture
def logged(session, people):
    made = make_logged_segment(session, "S1")
    for one in people:
        make_entry(session, one, logged_segment=made)
    return made


def entry_of(session, contact):
    found = select(InteractionLogEntry).where(InteractionLogEntry.contact_id == contact.id)
    return session.scalars(found.order_by(InteractionLogEntry.entry_no)).first()


def answers(session, logged, **wanted):
    return [(row.contact_no, row.outcome, row.former) for row in reply_page(session, logged, **wanted).rows]


def counted(session, logged):
    return {outcome: n for outcome, n in reply_tally(session, logged).items() if n}


def test_an_evaluation_goes_to_the_entry_the_others_do_not(session, logged, people, by):
    first, second, third = (entry_of(session, one) for one in people)
    assert record_replies(session, logged, [first.id], "very_positive", by=by).entries == 1
    record_replies(session, logged, [second.id], "moved", by=by)
    record_replies(session, logged, [third.id], "call_back", by=by)
    assert [one.evaluation for one in (first, second, third)] == ["very_positive", "", ""]
    assert (first.version, second.version) == (2, 1)
    assert answers(session, logged) == [
        ("C3", "call_back", None), ("C2", "moved", None), ("C1", "very_positive", None),
    ]  # fmt: skip
    assert reply_page(session, logged).rows[0].user_name == "Ann"
    assert answers(session, logged, outcome="moved") == [("C2", "moved", None)]
    assert list(reply_tally(session, logged)) == list(OUTCOMES)
    assert counted(session, logged) == {"very_positive": 1, "moved": 1, "call_back": 1}
    assert expected_replies(session, logged) == 3


def test_of_two_answers_the_last_one_counts_and_says_what_it_was(session, logged, people, by):
    entry = entry_of(session, people[0])
    record_replies(session, logged, [entry.id], "negative", by=by)
    done = record_replies(session, logged, [entry.id], "responded", by=by)
    assert (done.entries, done.again) == (1, 1)
    assert answers(session, logged) == [("C1", "responded", "negative")]
    assert counted(session, logged) == {"responded": 1}
    assert find_person(session, logged, "C1").outcome == "responded"


def test_undo_brings_back_the_answer_and_the_evaluation_before(session, logged, people, by):
    """B27: a slip of the finger leaves no trace, though choosing a blank evaluation stays impossible (R-E02)."""
    entry = entry_of(session, people[0])
    evaluate(session, [entry.id], "neutral", by=by)
    for outcome in ("positive", "negative"):
        record_replies(session, logged, [entry.id], outcome, by=by)
    first, last = session.scalars(select(Reply.id).order_by(Reply.id))
    with pytest.raises(RuleViolation, match="A later answer of Nordlys AS counts"):
        undo_reply(session, logged, first, by=by)
    undone = undo_reply(session, logged, last, by=by)
    assert (undone.contact_name, undone.outcome, undone.now) == ("Nordlys AS", "negative", "positive")
    assert entry.evaluation == "positive"
    assert undo_reply(session, logged, first, by=by).now == ""
    assert entry.evaluation == "neutral"
    assert answers(session, logged) == []
    with pytest.raises(NotFound, match="undone already"):
        undo_reply(session, logged, first, by=by)


def test_undo_leaves_an_evaluation_that_somebody_has_changed_since(session, logged, people, by):
    entry = entry_of(session, people[0])
    record_replies(session, logged, [entry.id], "positive", by=by)
    evaluate(session, [entry.id], "very_negative", by=by)
    undo_reply(session, logged, session.scalar(select(Reply.id)), by=by)
    assert entry.evaluation == "very_negative"
    with pytest.raises(RuleViolation, match="Choose an evaluation"):
        take_evaluation_back(session, entry, "moved", by=by)


def test_an_entry_cancelled_meanwhile_is_refused_and_nothing_is_stored(session, logged, people, by):
    first, second = entry_of(session, people[0]), entry_of(session, people[1])
    set_canceled(session, [second.id], canceled=True, by=by)
    with pytest.raises(RuleViolation, match="with Café du Lac has been cancelled") as refusal:
        record_replies(session, logged, [first.id, second.id], "positive", by=by)
    assert refusal.value.field == "contact"
    assert answers(session, logged) == []
    assert first.evaluation == ""


def test_cancelled_later_it_is_listed_and_not_counted(session, logged, people, by):
    entry = entry_of(session, people[0])
    record_replies(session, logged, [entry.id], "moved", by=by)
    set_canceled(session, [entry.id], canceled=True, by=by)
    assert counted(session, logged) == {}
    assert answers(session, logged, outcome="moved") == []
    assert answers(session, logged) == [("C1", "moved", None)]
    delete_canceled_entries(session, by=by)
    assert session.scalar(select(Reply.id)) is None


def test_what_is_refused(session, logged, people, by):
    entry = entry_of(session, people[0])
    stranger = make_entry(session, people[0], logged_segment=make_logged_segment(session, "S2"))
    with pytest.raises(RuleViolation, match="Choose what came back"):
        record_replies(session, logged, [entry.id], "", by=by)
    for ids in ([stranger.id], [entry.id, stranger.id], []):
        with pytest.raises(NotFound, match="S1 has no such interaction"):
            record_replies(session, logged, ids, "moved", by=by)
    reader = make_actor(role="read_only")
    with pytest.raises(Forbidden):
        record_replies(session, logged, [entry.id], "moved", by=reader)
    with pytest.raises(Forbidden):
        undo_reply(session, logged, 1, by=reader)
    with pytest.raises(NotFound):
        undo_reply(session, logged, 1, by=by)
    assert session.scalar(select(Reply.id)) is None


@pytest.fixture(params=["small", "large"])
def size(request, monkeypatch):
    """A large segment is looked through in another way, and finds the same."""
    if request.param == "large":
        monkeypatch.setattr(reply_people, "LARGE", 0)
    return request.param


@pytest.mark.parametrize(
    ("text", "no"),
    [
        ("C2", "C2"),
        ("c2 ", "C2"),
        ("ca", "C2"),
        ("lac café", "C2"),
        ("no", "C1"),
        ("cafe", "C2"),
        ("CAFÉ DU LAC", "C2"),
        ("post@nordlys.example", "C1"),
        ("söner", "C3"),
    ],
)
def test_a_person_is_found_by_number_name_and_address(session, logged, people, text, no, size):
    assert find_person(session, logged, text).contact_no == no
    assert [row.contact_no for row in look_up_people(session, logged, text)] == [no]


@pytest.mark.parametrize("text", ["´", "¨", "\u0301"])
def test_an_accent_typed_before_its_letter_narrows_nothing(session, logged, people, text, size):
    """The key of an accent by itself is no word yet."""
    assert {row.contact_no for row in look_up_people(session, logged, text)} == {"C1", "C2", "C3"}


def test_a_person_is_found_by_the_code_of_the_letter(session, logged, people):
    entry = entry_of(session, people[2])
    code = letter_code(entry.entry_no)
    assert find_person(session, logged, code).contact_no == "C3"
    assert find_person(session, logged, str(entry.entry_no)).contact_no == "C3"
    assert [row.contact_no for row in look_up_people(session, logged, code)] == ["C3"]
    slip = f"{entry.entry_no}-{(int(code[-1]) + 1) % 10}"
    with pytest.raises(RuleViolation, match="There is a slip in the letter code"):
        find_person(session, logged, slip)
    assert look_up_people(session, logged, slip) == []


def test_only_people_of_this_logged_segment_are_meant(session, logged, people):
    elsewhere = make_contact(session, "C9", name="Nordlys AS")
    other = make_entry(session, elsewhere, logged_segment=make_logged_segment(session, "S2"))
    assert find_person(session, logged, "Nordlys AS").contact_no == "C1"
    for text in ("C9", letter_code(other.entry_no), "nobody", "%", "x" * 300):
        with pytest.raises(RuleViolation, match="Nobody on segment S1"):
            find_person(session, logged, text)
    with pytest.raises(RuleViolation, match="Type a name"):
        find_person(session, logged, " \x00 ")
    assert len(look_up_people(session, logged, "")) == 3


def test_the_look_up_orders_and_limits_a_large_segment_as_a_small_one(session, logged, by, size):
    """The number typed, the name typed, names that begin so, others; cancelled ones and those of other segments are left out."""
    other = make_logged_segment(session, "S2")
    for no, name in (
        ("X1", "Aa Bergman Inc"),
        ("BERG", "Zulu"),
        ("X2", "Bergman Anna"),
        ("X3", "Berg"),
        ("X4", "Bergab"),
        ("X5", "Bergac"),
    ):
        make_entry(session, make_contact(session, no, name=name), logged_segment=logged)
    gone = make_entry(session, make_contact(session, "X6", name="Berga"), logged_segment=logged)
    set_canceled(session, [gone.id], canceled=True, by=by)
    make_entry(session, make_contact(session, "X7", name="Berga"), logged_segment=other)

    def found(text, **values):
        return [row.contact_no for row in look_up_people(session, logged, text, **values)]

    assert found("berg") == ["BERG", "X3", "X4", "X5", "X2", "X1"]
    assert found("berg", limit=3) == ["BERG", "X3", "X4"]
    assert found("be") == ["X3", "X4", "X5", "X2", "BERG"]
    assert found("bergman anna") == ["X2"]
    assert found("%") == found("_") == found("'") == []


def test_the_name_typed_exactly_comes_before_longer_ones(session, logged, size):
    """Enter takes the first of the list."""
    for no, name, company in (("Y1", "Anna Bergman", "Alpha"), ("Y2", "Anna Berg", "Zeta")):
        firm = make_contact(session, f"F{no}", name=company)
        make_entry(session, make_contact(session, no, name=name, company=firm), logged_segment=logged)
    assert [row.contact_no for row in look_up_people(session, logged, "anna berg")] == ["Y2", "Y1"]


def test_a_large_segment_is_looked_through_by_indexes(session, logged, people, monkeypatch):
    """Neither everybody of the segment nor everybody who matches is read and sorted."""
    monkeypatch.setattr(reply_people, "LARGE", 0)
    asked = []
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    look_up_people(session, logged, "berg")
    assert len(asked) <= 3
    assert asked[-1].count("LIMIT") == 4


def test_a_bare_number_that_stands_in_others_too_is_not_clear(session, logged):
    """The number of an entry is not taken for somebody whose contact number contains it."""
    entry = make_entry(session, make_contact(session, "Z1", name="Zoe"), logged_segment=logged, entry_no=777)
    assert find_person(session, logged, "777").id == entry.id
    make_entry(session, make_contact(session, "P777", name="Paul"), logged_segment=logged)
    with pytest.raises(SeveralPeople, match="fits several people: P777 Paul, Z1 Zoe"):
        find_person(session, logged, "777")
    assert find_person(session, logged, letter_code(777)).id == entry.id
    exact = make_entry(session, make_contact(session, "777", name="Exact"), logged_segment=logged)
    assert find_person(session, logged, "777").id == exact.id


def test_a_name_of_several_people_names_them(session, logged):
    for no in ("D1", "D2"):
        make_entry(session, make_contact(session, no, name="Anna Berg"), logged_segment=logged)
    for text in ("anna berg", "anna"):
        with pytest.raises(RuleViolation, match="fits several people: D1 Anna Berg, D2 Anna Berg"):
            find_person(session, logged, text)


def test_written_to_twice_the_last_entry_that_is_not_cancelled_is_meant(session, logged, people, by):
    last = make_entry(session, people[0], logged_segment=logged)
    assert find_person(session, logged, "C1").id == find_person(session, logged, "nordl").id == last.id
    set_canceled(session, [last.id], canceled=True, by=by)
    assert find_person(session, logged, "C1").id == entry_of(session, people[0]).id
    assert find_person(session, logged, letter_code(last.entry_no)).canceled


def test_a_pasted_column_is_sorted_and_marked_at_once(session, logged, people, by):
    for no in ("D1", "D2"):
        make_entry(session, make_contact(session, no, name="Anna Berg"), logged_segment=logged)
    gone = make_entry(session, make_contact(session, "E1", name="Gone"), logged_segment=logged)
    set_canceled(session, [gone.id], canceled=True, by=by)
    record_replies(session, logged, [entry_of(session, people[1]).id], "neutral", by=by)
    column = ["C1", "café du lac", "POST@nordlys.example", "Anna Berg", "Gone", "Somebody"]
    pasted = sort_pasted(session, logged, column)
    assert [row.contact_no for row in pasted.entries] == ["C1", "C2"]
    assert [(row.contact_no, row.outcome) for row in pasted.answered] == [("C2", "neutral")]
    assert [row.contact_no for row in pasted.canceled] == ["E1"]
    assert (pasted.several, pasted.not_found, pasted.repeated) == (["Anna Berg"], ["Somebody"], 1)
    done = record_pasted(session, logged, column, "positive", paste_key="K", by=by)
    assert (done.entries, done.again) == (2, 1)
    assert counted(session, logged) == {"positive": 2}
    assert entry_of(session, people[1]).evaluation == "positive"
    for column, said in (([], "Paste names"), (["Somebody"], "None of these"), (["x"] * (MOST_ENTRIES + 1), "at most")):
        with pytest.raises(RuleViolation, match=said):
            record_pasted(session, logged, column, "positive", paste_key="K", by=by)


def test_a_pasted_column_is_undone_as_a_whole(session, logged, people, by):
    """B27: the answers before count again, evaluations go back, what changed since stays."""
    first, second, third = (entry_of(session, one) for one in people)
    record_replies(session, logged, [first.id], "negative", by=by)
    record_replies(session, logged, [second.id], "call_back", by=by)
    evaluate(session, [third.id], "neutral", by=by)
    record_pasted(session, logged, ["C1", "C2", "C3"], "positive", paste_key="K", by=by)
    record_pasted(session, logged, ["C1"], "moved", paste_key="L", by=by)
    (newer, older) = pasted_columns(session, logged)
    assert (newer.paste_key, newer.outcome, newer.answers) == ("L", "moved", 1)
    assert (older.paste_key, older.outcome, older.answers, older.user_name) == ("K", "positive", 2, "Ann")
    undone = undo_pasted(session, logged, "L", by=by)
    assert (undone.outcome, undone.answers, undone.kept) == ("moved", 1, 0)
    assert counted(session, logged) == {"positive": 3}
    undone = undo_pasted(session, logged, "K", by=by)
    assert (undone.answers, undone.kept) == (3, 0)
    assert counted(session, logged) == {"negative": 1, "call_back": 1}
    assert [entry_of(session, one).evaluation for one in people] == ["negative", "", "neutral"]
    assert pasted_columns(session, logged) == []
    with pytest.raises(NotFound, match="undone already"):
        undo_pasted(session, logged, "K", by=by)


def test_undoing_a_column_leaves_what_was_said_or_evaluated_since(session, logged, people, by):
    record_pasted(session, logged, ["C1", "C2", "C3"], "positive", paste_key="K", by=by)
    record_replies(session, logged, [entry_of(session, people[0]).id], "negative", by=by)
    evaluate(session, [entry_of(session, people[1]).id], "neutral", by=by)
    undone = undo_pasted(session, logged, "K", by=by)
    assert (undone.answers, undone.kept) == (2, 1)
    assert answers(session, logged) == [("C1", "negative", "positive")]
    assert [entry_of(session, one).evaluation for one in people] == ["negative", "neutral", ""]


def test_a_column_belongs_to_its_logged_segment_and_is_undone_by_who_may(session, logged, by):
    record_pasted(session, logged, ["C1"], "moved", paste_key="K", by=by)
    other = make_logged_segment(session, "S2")
    assert pasted_columns(session, other) == []
    with pytest.raises(NotFound):
        undo_pasted(session, other, "K", by=by)
    with pytest.raises(Forbidden):
        undo_pasted(session, logged, "K", by=make_actor(role="read_only"))
    assert counted(session, logged) == {"moved": 1}


def test_a_column_sent_twice_is_stored_once(session, logged, by):
    for _ in range(2):
        done = record_pasted(session, logged, ["C1", "C2"], "moved", paste_key="K", by=by)
        assert done.entries == 2
    assert len(session.scalars(select(Reply.id)).all()) == 2


def test_marking_many_takes_as_many_statements_as_marking_two(session, logged, by):
    column = []
    for n in range(60):
        make_entry(session, make_contact(session, f"M{n}", name=f"Person {n}"), logged_segment=logged)
        column.append(f"M{n}" if n % 2 else f"person {n}")
    session.commit()
    statements = []
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    record_pasted(session, logged, column[:2], "positive", paste_key="K", by=by)
    few = len(statements)
    record_pasted(session, logged, column, "positive", paste_key="K2", by=by)
    assert len(statements) - few <= few
    before = len(statements)
    undo_pasted(session, logged, "K2", by=by)
    assert len(statements) - before <= 8
    assert counted(session, logged) == {"positive": 2}
    record_pasted(session, logged, column, "positive", paste_key="K3", by=by)
    assert counted(session, logged) == {"positive": 60}


def test_the_list_goes_on_page_by_page(session, logged, people, by):
    for one in people:
        record_replies(session, logged, [entry_of(session, one).id], "moved", by=by)
    first = reply_page(session, logged, size=2)
    assert [row.contact_no for row in first.rows] == ["C3", "C2"]
    rest = reply_page(session, logged, older_than=first.older, size=2)
    assert ([row.contact_no for row in rest.rows], rest.older) == (["C1"], None)


def test_a_segment_of_those_with_one_outcome(session, logged, people, by):
    """B8: from the stored entries; the last answer counts, cancelled ones are left out."""
    for one, outcome in zip(people, ("moved", "moved", "call_back"), strict=True):
        record_replies(session, logged, [entry_of(session, one).id], outcome, by=by)
    record_replies(session, logged, [entry_of(session, people[1]).id], "positive", by=by)
    made = create_follow_up(session, logged, outcome="reply", reply="moved", by=by)
    assert [one.contact.no for one in lines_of(session, made)] == ["C1"]
    (step,) = session.scalars(select(SegmentStep).where(SegmentStep.segment_id == made.id))
    assert (step.kind, step.found, step.changed) == ("follow_up", 1, 1)
    assert '"reply": "moved"' in step.options
    with pytest.raises(RuleViolation, match="Choose what came back"):
        create_follow_up(session, logged, outcome="reply", reply="lost", by=by)
    with pytest.raises(RuleViolation, match="No contact of segment S1 is left"):
        create_follow_up(session, logged, outcome="reply", reply="negative", by=by)


def test_who_answered_has_responded_a_wrong_address_has_not(session, logged, people, by):
    for one, outcome in zip(people, ("moved", "responded", "negative"), strict=True):
        record_replies(session, logged, [entry_of(session, one).id], outcome, by=by)
    responded = create_follow_up(session, logged, outcome="responded", by=by)
    assert [one.contact.no for one in lines_of(session, responded)] == ["C2", "C3"]
    silent = create_follow_up(session, logged, outcome="not_responded", by=by)
    assert [one.contact.no for one in lines_of(session, silent)] == ["C1"]


def test_what_has_been_answered_cannot_be_taken_back(session, people, by):
    made = log(session, make_ready_segment(session, "S7", *people), by=by).logged
    entry = session.scalar(select(InteractionLogEntry.id).where(InteractionLogEntry.logged_segment_id == made.id))
    assert look_at_take_back(session, made, by=by).reasons == ()
    record_replies(session, made, [entry], "call_back", by=by)
    (reason,) = look_at_take_back(session, made, by=by).reasons
    assert str(reason) == "1 interaction has been answered."
    undo_reply(session, made, session.scalar(select(Reply.id)), by=by)
    assert look_at_take_back(session, made, by=by).reasons == ()
