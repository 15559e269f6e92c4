"""Drawing numbers (segments.md 1.22, contacts.md 2.10)."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, func, literal, select
from sqlalchemy.orm import Session

from domain.campaigns.models import Campaign
from domain.database import writing
from domain.errors import RuleViolation
from domain.setup.models import NumberSeries, NumberSeriesLine
from domain.setup.number_format import increment_no
from domain.setup.numbers import next_entry_nos, number_warning, take_number, take_numbers
from domain.setup.queries import marketing_setup
from tests.databases import empty_tables
from tests.factories.setup import NOW, make_actor, make_office


@pytest.fixture
def series(session):
    make_office(session)
    return session.scalar(select(NumberSeries).where(NumberSeries.code == "CONT"))


def take(session, **options):
    return take_number(session, "contact", by=make_actor(), **options)


@pytest.mark.parametrize(
    ("no", "following"),
    [
        ("CT000009", "CT000010"),
        ("A99", "A100"),
        ("SM99-X", "SM100-X"),
        ("2026-007", "2026-008"),
        ("X", None),
        ("A٣", None),
    ],
)
def test_the_right_most_digits_grow_and_keep_their_zeros(no, following):
    assert increment_no(no) == following


def test_numbers_follow_each_other_and_name_their_series(session, series):
    assert take(session) == ("CT000001", series.id)
    assert take(session) == ("CT000002", series.id)
    assert series.lines[0].last_no == "CT000002"
    assert series.lines[0].last_date == make_actor().work_date


def test_a_number_in_use_is_skipped(session, series):
    assert take(session, is_used=lambda no: no in ("CT000001", "CT000002"))[0] == "CT000003"
    assert take(session, used=select(literal("CT000004")))[0] == "CT000005"


def test_a_typed_number_leaves_the_series_alone(session, series):
    assert take(session, typed=" ct7 ") == ("CT7", None)
    assert series.lines[0].last_no == ""


def test_a_typed_number_that_is_in_use_is_refused(session, series):
    with pytest.raises(RuleViolation, match="The number CT7 is already in use") as refusal:
        take(session, typed="ct7", is_used=lambda no: no == "CT7")
    assert refusal.value.field == "no"


def test_typed_numbers_can_be_forbidden(session, series):
    series.manual = False
    with pytest.raises(RuleViolation, match=r"CONT does not allow typed numbers.*Number series"):
        take(session, typed="X1")


def test_a_typed_number_fits_its_column(session, series):
    with pytest.raises(RuleViolation, match="up to 20 characters"):
        take(session, typed="X" * 21)


def test_automatic_numbers_can_be_forbidden(session, series):
    series.automatic = False
    with pytest.raises(RuleViolation, match="CONT does not give numbers by itself"):
        take(session)


def test_without_a_series_only_typed_numbers_will_do(session, series):
    marketing_setup(session).contact_series_id = None
    assert take(session, typed="X1") == ("X1", None)
    with pytest.raises(RuleViolation, match="Marketing setup"):
        take(session)


def test_a_range_ends(session, series):
    series.lines[0].ending_no = "CT000002"
    take(session)
    take(session)
    with pytest.raises(RuleViolation, match="CONT is used up"):
        take(session)


def test_the_next_line_of_the_same_date_goes_on(session, series):
    series.lines[0].ending_no = "CT000002"
    series.lines.append(NumberSeriesLine(starting_no="D1"))
    session.flush()
    assert take_numbers(session, "contact", 3, by=make_actor()) == (["CT000001", "CT000002", "D1"], series.id)
    assert take(session)[0] == "D2"


def test_a_number_never_grows_out_of_its_column(session, series):
    series.lines[0].starting_no = "X" * 18 + "98"
    assert take_numbers(session, "contact", 2, by=make_actor())[0][-1] == "X" * 18 + "99"
    with pytest.raises(RuleViolation, match="used up"):
        take(session)


def test_the_line_of_the_latest_starting_date_up_to_the_work_date_counts(session, series):
    series.lines += [
        NumberSeriesLine(starting_no="26-001", starting_date=dt.date(2026, 1, 1)),
        NumberSeriesLine(starting_no="27-001", starting_date=dt.date(2027, 1, 1)),
    ]
    session.flush()
    assert take(session)[0] == "26-001"
    later = make_actor(work_date=dt.date(2027, 1, 1))
    assert take_number(session, "contact", by=later)[0] == "27-001"
    earlier = make_actor(work_date=dt.date(2025, 12, 31))
    assert take_number(session, "contact", by=earlier)[0] == "CT000001"


def test_a_series_without_lines_and_one_that_has_not_begun_say_so(session, series):
    series.lines[0].starting_date = dt.date(2027, 1, 1)
    with pytest.raises(RuleViolation, match="no line that begins on or before your work date"):
        take(session)
    series.lines.clear()
    with pytest.raises(RuleViolation, match="has no lines"):
        take(session)


def test_increments_other_than_one(session, series):
    series.lines[0].increment = 10
    assert take_numbers(session, "contact", 3, by=make_actor())[0] == ["CT000001", "CT000011", "CT000021"]


def test_the_warning_number_warns_and_still_gives(session, series):
    series.lines[0].warning_no, series.lines[0].ending_no = "CT000002", "CT000003"
    first, series_id = take(session)
    assert number_warning(session, series_id, first) is None
    second, _ = take(session)
    assert "CONT is running out: CT000002 was given, CT000003 is the last one" in str(
        number_warning(session, series_id, second)
    )


def test_many_numbers_cost_a_handful_of_statements_however_many_are_used(session, series):
    session.add_all(Campaign(no=f"CT{n:06d}", modified_at=NOW) for n in range(1, 3001) if n % 100)
    session.flush()
    statements = []
    listen = lambda *args: statements.append(args[2])  # noqa: E731
    event.listen(session.get_bind(), "before_cursor_execute", listen)
    numbers, _ = take_numbers(session, "contact", 60, by=make_actor(), used=select(Campaign.no))
    event.remove(session.get_bind(), "before_cursor_execute", listen)
    assert numbers[:30] == [f"CT{n:06d}" for n in range(100, 3001, 100)]
    assert numbers[30:] == [f"CT{n:06d}" for n in range(3001, 3031)]
    assert len(statements) < 15


def test_numbers_that_become_longer_are_still_found_in_use(session, series):
    series.lines[0].starting_no = "A8"
    session.add_all(Campaign(no=no, modified_at=NOW) for no in ("A9", "A11"))
    session.flush()
    assert take_numbers(session, "contact", 3, by=make_actor(), used=select(Campaign.no))[0] == ["A8", "A10", "A12"]


def test_entry_numbers_are_consecutive(session):
    assert next_entry_nos(session, "interaction") == 1
    assert next_entry_nos(session, "interaction", 1000) == 2
    assert next_entry_nos(session, "interaction") == 1002
    assert next_entry_nos(session, "logged_segment") == 1


def test_two_at_once_never_get_the_same_number(engine):
    with Session(engine) as session:
        make_office(session)
        session.commit()

    def draw(_):
        with Session(engine) as session, writing(session):
            return take_number(session, "contact", by=make_actor())[0], next_entry_nos(session, "interaction")

    try:
        with ThreadPoolExecutor(4) as pool:
            drawn = list(pool.map(draw, range(20)))
    finally:
        empty_tables(engine)
    assert sorted(no for no, _ in drawn) == [f"CT{n:06d}" for n in range(1, 21)]
    assert sorted(entry for _, entry in drawn) == list(range(1, 21))


def test_the_count_of_series_lines_is_not_touched(session, series):
    take(session)
    assert session.scalar(select(func.count()).select_from(NumberSeriesLine)) == 4
