"""The contact list: filters, order, pages by key."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from domain.contacts.listing import (
    SORTS,
    ContactFilters,
    chosen_ids,
    contact_page,
    count_contacts,
    matching_ids,
    neighbours_of,
    person_count,
    persons_of,
)
from domain.contacts.models import Contact
from tests.factories.contacts import make_contact, make_country
from tests.factories.setup import NOW, make_salesperson


def nos(page):
    return [row.no for row in page.rows]


def shown(session, **filters):
    return nos(contact_page(session, ContactFilters(**filters)))


@pytest.fixture
def some(session):
    seller = make_salesperson(session, "AB")
    acme = make_contact(
        session, "A", name="Acme", city="Oslo", country_id=make_country(session, "NO").id, salesperson_id=seller.id
    )
    make_contact(session, "A1", name="Anna Berg", company=acme, language="SVE", correspondence_type="email")
    make_contact(
        session, "B", name="Beta", city="bergen", language=None, exclude_from_segment=True, privacy_blocked=True
    )
    return acme


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["A", "A1", "B"]),
        ({"q": "berg"}, ["A1", "B"]),
        ({"q": "anna acme"}, ["A1"]),
        ({"q": "b"}, ["B"]),
        ({"q": "  "}, ["A", "A1", "B"]),
        ({"type": "person"}, ["A1"]),
        ({"salesperson": "AB"}, ["A"]),
        ({"salesperson": "-"}, ["A1", "B"]),
        ({"country": "NO"}, ["A"]),
        ({"language": "SVE"}, ["A1"]),
        ({"language": "-"}, ["B"]),
        ({"correspondence_type": "email"}, ["A1"]),
        ({"correspondence_type": "-"}, ["A", "B"]),
        ({"excluded": "yes"}, ["B"]),
        ({"excluded": "no"}, ["A", "A1"]),
        ({"blocked": "yes"}, ["B"]),
        ({"company": "A"}, ["A", "A1"]),
        ({"company": "nobody"}, []),
        ({"type": "company", "q": "berg"}, ["B"]),
    ],
)
def test_the_list_is_filtered(session, some, filters, expected):
    assert shown(session, **filters) == expected
    assert count_contacts(session, ContactFilters(**filters)) == len(expected)
    assert len(list(session.scalars(matching_ids(session, ContactFilters(**filters))))) == len(expected)


@pytest.mark.parametrize(
    ("sort", "descending", "expected"),
    [
        ("company", False, ["A", "A1", "B"]),
        ("company", True, ["B", "A1", "A"]),
        ("name", False, ["A", "A1", "B"]),
        ("no", True, ["B", "A1", "A"]),
        ("city", False, ["A1", "B", "A"]),
        ("salesperson", True, ["A", "B", "A1"]),
    ],
)
def test_the_list_is_sorted(session, some, sort, descending, expected):
    assert nos(contact_page(session, ContactFilters(), sort=sort, descending=descending)) == expected


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", SORTS)
def test_pages_follow_each_other_there_and_back(session, sort, descending):
    for i in range(23):
        make_contact(session, name=f"Name {i % 3}", city=f"City {i % 2}", modified_at=NOW + dt.timedelta(minutes=i % 4))
    options = {"sort": sort, "descending": descending, "limit": 5}
    everything = nos(contact_page(session, ContactFilters(), sort=sort, descending=descending))
    forth, page = [], contact_page(session, ContactFilters(), **options)
    assert page.before is None
    pages = [page]
    while page.after:
        page = contact_page(session, ContactFilters(), after=page.after, **options)
        pages.append(page)
    for page in pages:
        forth += nos(page)
    assert forth == everything
    assert len(everything) == 23
    back = nos(page)
    while page.before:
        page = contact_page(session, ContactFilters(), before=page.before, **options)
        back = nos(page) + back
    assert back == everything


@pytest.mark.parametrize(
    "place", ["x", "[]", '["company",1,2]', '["name","a",1]', '["company","a\\u0000",1]', "[" * 9999]
)
def test_a_place_that_means_nothing_shows_the_first_page(session, some, place):
    assert nos(contact_page(session, ContactFilters(), after=place)) == ["A", "A1", "B"]


def test_swedish_readers_get_their_order(session):
    for no, name in (("1", "Åmål"), ("2", "Zeta"), ("3", "Alpha")):
        make_contact(session, no, name=name)
    assert nos(contact_page(session, ContactFilters())) == ["3", "1", "2"]
    assert nos(contact_page(session, ContactFilters(), swedish=True)) == ["3", "2", "1"]


def test_a_page_is_one_statement(session, some, statements):
    with statements() as asked:
        contact_page(session, ContactFilters(q="berg", salesperson="AB"))
    assert len(asked) == 1


def test_filters_travel_in_urls_and_strange_ones_are_passed_over():
    filters = ContactFilters.from_query({"q": " berg\x00 ", "type": "person", "after": "x", "strange": "y"})
    assert filters == ContactFilters(q="berg", type="person")
    assert filters.as_query() == {"q": "berg", "type": "person"}


def test_contacts_are_chosen_by_number(session, some):
    ids = chosen_ids(session, ["a1", "nobody", "B"])
    assert list(session.scalars(select(Contact.no).where(Contact.id.in_(ids)).order_by(Contact.no))) == ["A1", "B"]


def test_the_neighbours_in_the_list(session, some):
    by_no = {c.no: c for c in session.scalars(select(Contact))}
    around = {no: tuple(session.execute(select(*neighbours_of(by_no[no]))).one()) for no in ("A", "A1")}
    assert around == {"A": (None, "A1"), "A1": ("A", "B")}


def test_the_first_persons_of_a_company(session, some):
    for i in range(4):
        make_contact(session, company=some, name=f"Zoe {i}")
    persons, total = persons_of(session, some, limit=3), session.scalar(select(person_count(some.id)))
    assert ([person.name for person in persons], total) == (["Anna Berg", "Zoe 0", "Zoe 1"], 5)
