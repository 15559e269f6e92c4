"""Finding contacts: typed text, look-up lists, pasted entries."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.contacts.models import COMPANY, Contact
from domain.contacts.queries import (
    edit_distance,
    find_contact,
    get_company,
    get_contact,
    given_ids,
    look_up,
    resolve_many,
)
from domain.errors import NotFound, RuleViolation
from domain.references import delete_row
from tests.factories.contacts import make_contact


def test_a_contact_is_got_by_its_number_ignoring_case_and_outer_blanks(session):
    contact = make_contact(session, no="C1")
    assert get_contact(session, " c1 ") is contact


def test_an_unknown_number_is_refused_with_a_sentence(session):
    with pytest.raises(NotFound, match="There is no contact C9"):
        get_contact(session, "c9")


@pytest.fixture
def some(session):
    nordlys = make_contact(session, no="K1", name="Nordlys AS", city="Bergen", phone="+47 55 12", post_code="5003")
    anna = make_contact(session, no="K2", name="Anna Berg", company=nordlys, city="Bergen")
    bergson = make_contact(
        session, no="K3", name="Bergson & Søn", city="Malmö", email="post@bergson.no; info@bergson.no"
    )
    make_contact(session, no="BERG1", name="Zeta Ltd", city="London")
    return nordlys, anna, bergson


@pytest.mark.parametrize(
    ("text", "no"),
    [
        ("K2", "K2"),  # exact number
        ("Bergson & Søn", "K3"),  # exact name
        ("anna BERG", "K2"),  # ignoring case
        ("Nord", "K1"),  # begins with
        ("b", "BERG1"),  # numbers before names
        ("K", "K1"),  # a number begins with it
        ("55 12", "K1"),  # phone contains, only one
        ("5003", "K1"),  # postcode contains, only one
        ("malm", "K3"),  # city contains, accents ignored
        ("Bergsen & Søn", "K3"),  # one letter wrong
        ("Xyzzyxyzzy", None),
        ("", None),
    ],
)
def test_typed_text_finds_a_contact(session, some, text, no):
    """contacts.md 2.12."""
    found = find_contact(session, text)
    assert (found.no if found else None) == no


def test_what_several_contain_is_not_chosen(session, some):
    assert find_contact(session, "ergen") is None


def test_an_exact_name_is_preferred_to_another_spelling_of_it(session):
    make_contact(session, no="A1", name="ACME")
    make_contact(session, no="A2", name="Acme")
    assert find_contact(session, "Acme").no == "A2"


def test_two_contacts_of_one_name_are_not_guessed(session):
    make_contact(session, name="Acme")
    make_contact(session, name="Acme")
    with pytest.raises(RuleViolation, match=r"There are 2 contacts named Acme\. Choose one from the list\."):
        find_contact(session, "Acme")


def test_a_company_is_looked_for_among_companies_only(session, some):
    """CON-016."""
    assert find_contact(session, "Anna Berg", type=COMPANY) is None
    assert get_company(session, "nordlys as").no == "K1"
    with pytest.raises(RuleViolation, match="There is no company Anna Berg") as refused:
        get_company(session, "Anna Berg")
    assert refused.value.field == "company"


def test_the_edit_distance_counts_letters_up_to_a_limit():
    assert edit_distance("berg", "berg", 2) == 0
    assert edit_distance("berg", "bärg", 2) == 1
    assert edit_distance("berg", "bergen", 2) == 2
    assert edit_distance("berg", "something", 2) == 3


def nos(matches):
    return [row.no for row in matches.rows]


def test_one_or_two_characters_find_beginnings_of_numbers_and_names(session, some):
    assert nos(look_up(session, "be")) == ["K3", "BERG1"]
    assert nos(look_up(session, "a")) == ["K2"]
    assert nos(look_up(session, "ö")) == []


def test_three_characters_find_every_word_anywhere_ignoring_case_and_accents(session, some):
    assert nos(look_up(session, "BERG")) == ["K3", "BERG1", "K1", "K2"]
    assert nos(look_up(session, "malmo")) == ["K3"]
    assert nos(look_up(session, "nord anna")) == ["K2"]
    assert nos(look_up(session, "anna b")) == ["K2"]
    assert nos(look_up(session, "info@bergson")) == ["K3"]
    assert nos(look_up(session, "a b")) == ["K2"]


@pytest.mark.parametrize("text", ['"', '"""', "%%%", "___", "a%b", "\\\\\\", "* OR", "NOT ab", "x" * 1000, "'; --"])
def test_signs_are_only_signs(session, some, text):
    assert nos(look_up(session, text)) == []


def test_the_search_follows_changes_and_deletions(session, some):
    nordlys, _, _ = some
    nordlys.find_key = "quite another text"
    session.flush()
    assert nos(look_up(session, "nordlys")) == ["K2"]
    assert nos(look_up(session, "another")) == ["K1"]
    delete_row(session, Contact.__table__, [some[2].id], name="")
    session.flush()
    assert nos(look_up(session, "bergson")) == []


def test_a_look_up_says_how_many_there_are(session):
    for i in range(5):
        make_contact(session, no=f"T{i}", name=f"Tester {i}")
    found = look_up(session, "test", limit=3)
    assert nos(found) == ["T0", "T1", "T2"]
    assert (found.total, found.more) == (5, False)


def test_a_look_up_counts_no_more_than_the_limit(session, monkeypatch):
    monkeypatch.setattr("domain.contacts.queries.MOST_MATCHES", 3)
    for i in range(5):
        make_contact(session, no=f"T{i}", name=f"Tester {i}")
    found = look_up(session, "test", limit=2)
    assert (len(found.rows), found.total, found.more) == (2, 3, True)


def test_pasted_numbers_addresses_and_names_are_found_in_order(session, some):
    nordlys, anna, bergson = some
    resolved = resolve_many(session, [" k2", "INFO@bergson.no", "", "nordlys  as", "k2", "nobody", 'C\'est "lui"'])
    assert resolved.found == [anna.id, bergson.id, nordlys.id, anna.id]
    assert resolved.not_found == ["nobody", 'C\'est "lui"']
    assert resolved.several == []


def test_a_pasted_entry_that_means_several_contacts_is_told(session):
    one = make_contact(session, name="Acme", email="a@example.com")
    make_contact(session, name="Acme", email="a@example.com")
    resolved = resolve_many(session, ["acme", "a@example.com", one.no])
    assert resolved.several == [("acme", 2), ("a@example.com", 2)]
    assert resolved.found == [one.id]


def test_many_entries_take_few_statements(session, some, statements):
    with statements() as asked:
        resolve_many(session, [f"nobody{i}" for i in range(5_000)])
    assert len(asked) == 3


def test_given_ids_keep_their_order(session, some):
    ids = [contact.id for contact in some][::-1]
    given = given_ids(session, ids)
    rows = session.execute(select(Contact.id).join(given, given.c.value == Contact.id).order_by(given.c.position))
    assert [row.id for row in rows] == ids
