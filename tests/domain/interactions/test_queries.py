from __future__ import annotations

import datetime as dt

import pytest

from domain.interactions.entries import add_comment
from domain.interactions.figures import ContactFigures, contact_figures, figures_of, last_interactions
from domain.interactions.filters import EntryFilters
from domain.interactions.logged_segments import set_canceled
from domain.interactions.queries import (
    contact_timeline,
    count_entries,
    delivery_counts,
    entry_page,
    latest_entries,
    logged_segment_page,
    recently_logged,
)
from tests.factories.contacts import make_contact
from tests.factories.interactions import make_entry, make_logged_segment
from tests.factories.setup import make_actor, make_salesperson


def days(*numbers):
    return [dt.date(2026, 3, number) for number in numbers]


def numbers(page_or_rows):
    return [row.entry_no for row in getattr(page_or_rows, "rows", page_or_rows)]


def test_the_log_is_paged_by_key_newest_first(session):
    dates = days(1, 5, 5, 2, 9, 4, 4)
    entries = [make_entry(session, date=date) for date in dates]
    expected = [one.entry_no for one in sorted(entries, key=lambda e: (e.date, e.entry_no), reverse=True)]
    first = entry_page(session, limit=3)
    second = entry_page(session, older_than=first.older, limit=3)
    third = entry_page(session, older_than=second.older, limit=3)
    assert numbers(first) + numbers(second) + numbers(third) == expected
    assert (first.newer, third.older) == (None, None)
    back = entry_page(session, newer_than=third.newer, limit=3)
    assert numbers(back) == numbers(second)
    assert numbers(entry_page(session, newer_than=back.newer, limit=3)) == numbers(first)
    assert entry_page(session, newer_than=back.newer, limit=3).newer is None


def test_entries_are_filtered(session):
    company = make_contact(session, name="Nordlys")
    person = make_contact(session, name="Anna Berg", company=company)
    other = make_contact(session, name="Elsewhere")
    salesperson = make_salesperson(session, "PS")
    a = make_entry(
        session,
        company,
        evaluation="positive",
        date=dt.date(2026, 5, 1),
        correspondence_type="email",
        delivery_status="failed",
    )
    b = make_entry(
        session, person, salesperson_id=salesperson.id, date=dt.date(2026, 6, 1), segment_no="SM1", canceled=True
    )
    c = make_entry(session, other, date=dt.date(2026, 7, 1), attempt_failed=True)
    cases = {
        EntryFilters(): [c, b, a],
        EntryFilters(contact_id=company.id): [a],
        EntryFilters(company_id=company.id): [b, a],
        EntryFilters(contact_id=person.id): [b],
        EntryFilters(salesperson_id=salesperson.id): [b],
        EntryFilters(segment_no="sm1"): [b],
        EntryFilters(from_date=dt.date(2026, 6, 1)): [c, b],
        EntryFilters(to_date=dt.date(2026, 6, 1)): [b, a],
        EntryFilters(from_date=dt.date(2026, 6, 1), to_date=dt.date(2026, 6, 1)): [b],
        EntryFilters(correspondence_type="email"): [a],
        EntryFilters(correspondence_type=""): [c, b],
        EntryFilters(delivery_status="failed"): [a],
        EntryFilters(evaluation="positive"): [a],
        EntryFilters(canceled=True): [b],
        EntryFilters(canceled=False): [c, a],
        EntryFilters(attempt_failed=True): [c],
    }
    for filters, expected in cases.items():
        assert numbers(entry_page(session, filters)) == [one.entry_no for one in expected], filters
        assert count_entries(session, filters) == len(expected)


def test_a_row_of_the_log_has_what_the_page_shows(session):
    salesperson = make_salesperson(session, "PS", name="Peter")
    entry = make_entry(session, make_contact(session, name="Nordlys"), salesperson_id=salesperson.id)
    make_entry(session, date=dt.date(2020, 1, 1))
    add_comment(session, entry, "Remark", by=make_actor())
    row, plain = entry_page(session).rows
    assert (row.contact_name, row.salesperson_code, row.salesperson_name, row.has_comment) == (
        "Nordlys",
        "PS",
        "Peter",
        True,
    )
    assert (plain.contact_name, plain.salesperson_code, plain.template_code, plain.has_comment) == (
        "",
        None,
        None,
        False,
    )


def test_the_timeline_of_a_company_shows_its_people_too(session):
    company = make_contact(session)
    person = make_contact(session, company=company)
    mine = make_entry(session, company, date=dt.date(2026, 1, 1))
    theirs = make_entry(session, person, date=dt.date(2026, 1, 2), canceled=True)
    make_entry(session, make_contact(session))
    assert numbers(contact_timeline(session, company)) == [theirs.entry_no, mine.entry_no]
    assert numbers(contact_timeline(session, person)) == [theirs.entry_no]
    assert numbers(contact_timeline(session, company, limit=1)) == [theirs.entry_no]


def test_the_latest_entries_leave_out_cancelled_ones(session):
    shown = make_entry(session)
    make_entry(session, canceled=True)
    assert numbers(latest_entries(session)) == [shown.entry_no]


def test_b10_the_last_interaction_ignores_cancelled_and_failed_ones(session):
    contact = make_contact(session)
    first, second, third, fourth = days(1, 2, 3, 4)
    make_entry(session, contact, date=first, cost=250, duration=10)
    make_entry(session, contact, date=second, cost=50, duration=5, attempt_failed=True, initiated_by="us")
    make_entry(session, contact, date=third, canceled=True, cost=999, initiated_by="us")
    make_entry(session, make_contact(session), date=fourth)
    expected = ContactFigures(2, 300, 15, first, second)
    assert contact_figures(session, contact) == expected
    assert figures_of(session, [contact.id]) == {contact.id: expected}
    assert dict(session.execute(last_interactions()).all())[contact.id] == first


def test_a_company_counts_the_interactions_of_its_people(session):
    company = make_contact(session)
    person = make_contact(session, company=company)
    silent = make_contact(session)
    make_entry(session, company, cost=1, date=days(1)[0])
    make_entry(session, person, cost=2, date=days(2)[0])
    both = ContactFigures(2, 3, 0, days(2)[0], None)
    assert contact_figures(session, company) == both
    assert contact_figures(session, silent) == ContactFigures()
    assert figures_of(session, [company.id, person.id, silent.id]) == {
        company.id: both,
        person.id: ContactFigures(1, 2, 0, days(2)[0], None),
        silent.id: ContactFigures(),
    }


def test_logged_segments_are_paged_and_count_what_shares_their_mark(session):
    logged = [make_logged_segment(session, f"SM{i}") for i in range(5)]
    make_entry(session, logged_segment=logged[4])
    make_entry(session, logged_segment=logged[4], canceled=True)
    first = logged_segment_page(session, limit=2)
    second = logged_segment_page(session, older_than=first.older, limit=2)
    last = logged_segment_page(session, older_than=second.older, limit=2)
    shown = [row.segment_no for page in (first, second, last) for row in page.rows]
    assert shown == ["SM4", "SM3", "SM2", "SM1", "SM0"]
    assert (first.newer, last.older) == (None, None)
    assert [row.segment_no for row in logged_segment_page(session, newer_than=last.newer, limit=2).rows] == [
        "SM2",
        "SM1",
    ]
    assert [row.interactions for row in first.rows] == [1, 0]
    set_canceled(session, [logged[4]], by=make_actor())
    assert recently_logged(session, limit=1)[0].interactions == 2
    assert [row.segment_no for row in logged_segment_page(session, canceled=True).rows] == ["SM4"]
    assert [row.segment_no for row in logged_segment_page(session, search="sm3").rows] == ["SM3"]


def test_logged_segments_are_found_by_number_and_words_of_the_description(session):
    make_logged_segment(session, "SM1", description="Été in Lund")
    make_logged_segment(session, "SM2", description="Winter in Lund")
    assert [row.segment_no for row in logged_segment_page(session, search="lund").rows] == ["SM2", "SM1"]
    assert [row.segment_no for row in logged_segment_page(session, search="été sm").rows] == ["SM1"]
    assert logged_segment_page(session, search="lund x").rows == []


@pytest.mark.parametrize("text", ["%", "_"])
def test_a_typed_wildcard_is_a_letter(session, text):
    make_logged_segment(session, "SM1")
    assert logged_segment_page(session, search=text).rows == []


def test_waiting_and_failed_deliveries_are_counted_without_cancelled_ones(session):
    for status in ("to_print", "to_print", "queued", "none"):
        make_entry(session, delivery_status=status)
    make_entry(session, delivery_status="to_print", canceled=True)
    assert delivery_counts(session) == {"to_print": 2, "queued": 1}


def test_counting_ends_one_above_the_most(session):
    for _ in range(4):
        make_entry(session)
    assert [count_entries(session, most=most) for most in (2, 3, 4, 5, None)] == [3, 4, 4, 4, 4]
