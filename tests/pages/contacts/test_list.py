"""The contact list and the look-up."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from domain.contacts.models import Contact
from tests.factories.contacts import make_contact, make_country
from tests.factories.setup import make_salesperson, make_user


def nos(page):
    return [
        " ".join(cell.text_content().split())
        for cell in page.tree.xpath(
            "//table[@id='contacts']//td[@role='cell'][not(contains(@class,'c-sel')) and not(@colspan)][1]"
        )
    ]


def test_companies_with_their_persons_in_list_order(session, signed_in):
    """CON-018: from a card its related contacts are one step away."""
    zeta, acme = make_contact(session, "Z", name="Zeta"), make_contact(session, "A", name="Acme")
    make_contact(session, "Z1", name="Anna", company=zeta)
    make_contact(session, "A1", name="Berta", company=acme)
    assert nos(signed_in.get("/contacts/")) == ["A", "A1", "Z", "Z1"]
    card = signed_in.get("/contacts/Z1/")
    related = card.one("//a[normalize-space()='Related contacts']").get("href")
    assert nos(signed_in.get(related)) == ["Z", "Z1"]


def test_an_empty_list_says_what_to_do(signed_in):
    page = signed_in.get("/contacts/")
    assert "There are no contacts yet." in page.plain()
    assert page.has("//a[@href='/contacts/new']")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=nordl", ["A", "A1"]),
        ("q=nothing", []),
        ("type=person", ["A1"]),
        ("salesperson=AB", ["B"]),
        ("country=NO", ["A"]),
        ("language=SVE", ["B"]),
        ("correspondence_type=email", ["A1"]),
        ("excluded=yes", ["B"]),
        ("blocked=yes", ["B"]),
        ("company=A", ["A", "A1"]),
        ("sort=-no", ["B", "A1", "A"]),
        ("sort=nonsense&after=nonsense&before=%00", ["A", "A1", "B"]),
    ],
)
def test_the_list_is_filtered_and_sorted(session, signed_in, query, expected):
    nordlys = make_contact(session, "A", name="Nordlys", country_id=make_country(session, "NO").id)
    make_contact(session, "A1", name="Anna", company=nordlys, correspondence_type="email")
    seller = make_salesperson(session, "AB")
    switches = {"exclude_from_segment": True, "privacy_blocked": True}
    make_contact(session, "B", name="Zeta", language="SVE", salesperson_id=seller.id, **switches)
    assert nos(signed_in.get(f"/contacts/?{query}")) == expected


def test_searching_replaces_the_rows_only(session, signed_in):
    make_contact(session, "A", name="Nordlys")
    make_contact(session, "B", name="Zeta")
    answer = signed_in.get("/contacts/?q=zet", fragment=True, headers={"HX-Target": "list"})
    assert not answer.is_page
    assert nos(answer) == ["B"]
    assert answer.one("#filter-q").get("value") == "zet"
    assert "q=zet" in answer.one("#chips-2").get("href")


def test_the_list_is_paged_there_and_back(session, signed_in):
    for i in range(120):
        make_contact(session, f"C{i:03}", name=f"Name {i:03}")
    page, seen = signed_in.get("/contacts/"), []
    assert "120 contacts" in page.plain()
    seen += nos(page)
    while page.has("//a[@rel='next']"):
        page = signed_in.get(page.one("//a[@rel='next']").get("href"))
        seen += nos(page)
    assert seen == [f"C{i:03}" for i in range(120)]
    page = signed_in.get(page.one("//a[@rel='prev']").get("href"))
    assert nos(page) == [f"C{i:03}" for i in range(50, 100)]


def test_the_list_takes_few_queries_whatever_its_size(session, signed_in, statements):
    counts = []
    for _ in range(2):
        for _ in range(30):
            make_contact(session)
        with statements() as asked:
            signed_in.get("/contacts/")
        counts.append(len([s for s in asked if s.startswith("SELECT")]))
    assert counts[0] <= 14  # reads the setup
    assert counts[1] <= 5


def options(answer):
    return [(o.get("data-value"), o.get("data-label")) for o in answer.tree.xpath("//li[@role='option']")]


def test_the_look_up_lists_numbers_and_names(session, signed_in):
    acme = make_contact(session, "A", name="Acme", city="Oslo")
    make_contact(session, "A1", name="Anna Acker", company=acme, privacy_blocked=True)
    answer = signed_in.get("/contacts/lookup?q=ac", fragment=True)
    assert options(answer) == [("A", "Acme")]
    answer = signed_in.get("/contacts/lookup?q=acme", fragment=True)
    assert options(answer) == [("A", "Acme"), ("A1", "Anna Acker")]
    assert "2 of 2 contacts" in answer.plain()
    assert "Privacy blocked" in answer.plain()


def test_the_look_up_of_companies_lists_companies_only(session, signed_in):
    """CON-016."""
    acme = make_contact(session, "A", name="Acme")
    make_contact(session, "A1", name="Anna Acme", company=acme)
    assert options(signed_in.get("/contacts/lookup?type=company&q=acme", fragment=True)) == [("A", "Acme")]


def test_more_than_the_list_holds_is_said(session, signed_in, monkeypatch):
    monkeypatch.setattr("domain.contacts.queries.MOST_MATCHES", 21)
    for i in range(22):
        make_contact(session, name=f"Tester {i}")
    assert "More than 21 contacts. Go on typing." in signed_in.get("/contacts/lookup?q=test", fragment=True).plain()
    session.delete(session.query(Contact).filter_by(name="Tester 1").one())
    session.flush()
    assert "20 of 21 contacts" in signed_in.get("/contacts/lookup?q=test", fragment=True).plain()


@pytest.mark.parametrize("q", ["%00", "x" * 5000, "%22%22%22", "'; DROP TABLE contact; --", "%F0%9F%98%80"])
def test_strange_text_is_looked_for_and_not_found(session, signed_in, q):
    make_contact(session)
    assert signed_in.get(f"/contacts/lookup?q={q}", fragment=True).status == 200
    assert signed_in.get(f"/contacts/?q={q}&company={q}&salesperson={q}&type={q}").status == 200


def test_who_may_only_look_sees_no_way_to_change(session, reader):
    contact = make_contact(session, "A", name="Acme")
    make_contact(session, "A1", company=contact)
    page = reader.get("/contacts/")
    assert "New company" not in page.plain()
    assert not page.has("//input[@name='sel']")
    for url in ("/contacts/A/", "/contacts/A1/"):
        card = reader.get(url)
        assert card.one("#contact").tag == "div"
        assert not card.has("//main//form[@method='post']")
        for label in ("Delete", "New person", "New alternative address"):
            assert label not in card.plain()


def test_salespeople_may_edit_and_not_delete(session, visitor):
    make_contact(session, "A", name="Acme")
    visitor.sign_in(make_user(session, role="salesperson"))
    page = visitor.get("/contacts/A/")
    assert page.has("//form[@id='contact']")
    assert not page.has("//a[normalize-space()='Delete']")
    assert visitor.get("/contacts/A/delete").status == 403


def test_every_field_is_filtered_by_expression_and_told_in_words(session, signed_in):
    seller = make_salesperson(session, "HR")
    make_contact(session, "A", name="Nordlys", post_code="75001", salesperson_id=seller.id)
    make_contact(session, "B", name="Zeta", post_code="1200")
    page = signed_in.get("/contacts/?f.post_code=75*&f.salesperson=HR|BC&type=company")
    assert nos(page) == ["A"]
    assert page.text("#filter-told") == "Postcode starts with 75, salesperson is HR or BC"
    assert page.one("#typed-post-code").get("value") == "75*"
    assert "There is no BC." in page.text("#typed-salesperson-field")
    assert "HR" in [
        option.get("value") for option in page.tree.xpath("//datalist[@id='typed-salesperson-choices']/option")
    ]
    kept = page.form("#filter-form")
    assert (kept["f.salesperson"], kept["lang"]) == ("HR|BC", "en_GB")


def test_a_filter_that_cannot_be_read_keeps_what_was_typed_and_finds_nothing(session, signed_in):
    make_contact(session, "A", name="Nordlys")
    page = signed_in.get("/contacts/?f.name='Nord&f.modified=>a")
    assert nos(page) == []
    assert page.text("#typed-name-error") == "At position 1: this quotation mark is not closed."
    assert page.text("#typed-modified-error") == "At position 2: “a” is not a date."
    assert page.one("#typed-name").get("value") == "'Nord"
    assert "This filter cannot be read." in page.plain()
    long = signed_in.get("/contacts/?f.name=" + "x" * 10_000)
    assert "A filter can have up to 2000 characters; this one has 10000." in long.plain()
    assert "There is no field “gone” to filter by." in signed_in.get("/contacts/?f.gone=1").plain()


def test_a_field_is_added_without_javascript(session, signed_in):
    page = signed_in.get("/contacts/")
    assert not page.has("#typed-email")
    assert nos(signed_in.get("/contacts/?add=nonsense")) == []
    values = page.form("#filter-form") | {"add": "email"}
    added = signed_in.get(f"/contacts/?{urlencode(values)}")
    assert added.has("#typed-email")
    assert added.one("#filters").get("open") is not None


def test_links_keep_filters_by_expression_in_the_language_they_were_typed_in(session, signed_in):
    make_contact(session, "A", name="Nordlys", city="Bergen")
    make_contact(session, "B", name="Zeta", city="Oslo", type="person", minor=True)
    page = signed_in.get("/contacts/?f.minor=oui&lang=fr_CH")
    assert nos(page) == ["B"]
    assert "Typed in Français (Suisse)." in page.plain()
    assert page.text("#filter-told") == "Minor is yes"
    link = page.one("//thead//a[contains(., 'City')]").get("href")
    assert "f.minor=oui" in link
    assert "lang=fr_CH" in link
    assert nos(signed_in.get(link)) == ["B"]
    assert nos(signed_in.get("/contacts/?f.minor=oui")) == []


def test_all_that_match_an_expression_are_chosen(session, signed_in):
    make_contact(session, "A", name="Nordlys", city="Bergen")
    make_contact(session, "B", name="Zeta", city="Oslo")
    page = signed_in.get("/contacts/?f.city=Berg*")
    dialog = signed_in.post("/contacts/add-to-segment/", page.form("#bulk") | {"all_matching": "1"})
    assert "Add 1 contact to a segment" in dialog.plain()
    assert ("f.city", "Berg*") in [
        (i.get("name"), i.get("value")) for i in dialog.tree.xpath("//input[@type='hidden']")
    ]
