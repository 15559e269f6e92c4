"""Search or go to: the list under the field (HTMX) and the page with groups (plain browser)."""

import pytest

from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_contact
from tests.factories.interaction_templates import make_template
from tests.factories.interactions import make_entry, make_logged_segment
from tests.factories.segments import make_segment
from tests.factories.setup import make_user


@pytest.fixture
def reader(session, browser):
    return browser.sign_in(make_user(session))


def options(visitor, text):
    """The options under the field: label and where it leads."""
    page = visitor.get(f"/search/?q={text}", fragment=True)
    assert not page.is_page
    return [(o.xpath("string(.//b)"), o.get("data-url")) for o in page.tree.xpath("//li[@role='option']")]


def groups(visitor, text):
    """The groups on the page: title → labels."""
    page = visitor.get(f"/search/?q={text}")
    return {
        card.xpath("string(.//h2)"): [b.text_content() for b in card.xpath(".//a//b")]
        for card in page.tree.xpath("//main//section[contains(@class,'card')]")
    }


@pytest.mark.parametrize(
    ("text", "label", "url"),
    [
        ("import", "Import contacts", "/contacts/imports/new"),
        ("new seg", "New segment", "/segments/"),
        ("my sett", "My settings", "/me/"),
        ("password", "My settings", "/me/"),
        ("journal", "", ""),
        ("marketing", "Marketing setup", "/setup/marketing/"),
        ("INTERACTION LOG", "Interaction log", "/interaction-log/"),
    ],
)
def test_pages_and_actions_are_found_by_name_and_by_other_words(session, reader, text, label, url):
    found = options(reader, text)
    assert ((label, url) in found) if label else (found == [])


def test_pages_are_found_by_their_names_in_the_language_of_the_reader(session, browser):
    browser.sign_in(make_user(session, locale="sv_SE"))
    for url in ("/interaction-log/", "/setup/marketing/", "/me/"):
        title = browser.get(url).text("//h1")
        assert (title, url) in options(browser, title[:-1])


def test_a_name_that_begins_so_comes_before_other_words(session, reader):
    assert options(reader, "setup")[0] == ("Setup", "/setup/")


@pytest.mark.parametrize(
    ("role", "found"),
    [("read_only", False), ("salesperson", False), ("marketing", True), ("administrator", True)],
)
def test_actions_follow_the_role(session, browser, role, found):
    browser.sign_in(make_user(session, role=role))
    assert (("Import contacts", "/contacts/imports/new") in options(browser, "import")) is found
    assert any(label == "Users" for label, _ in options(browser, "users")) is (role == "administrator")


def test_everything_with_the_text_is_found_in_groups(session, reader):
    make_segment(session, "S1", description="Lund in spring")
    make_logged_segment(session, "S2", description="Lund in autumn")
    make_contact(session, "C1", name="Nordlys AS", city="Lund")
    make_campaign(session, "CA1", description="Lund fair")
    make_template(session, "T1", description="Letter from Lund")
    assert groups(reader, "lund") == {
        "Segments": ["Lund in spring"],
        "Logged segments": ["Lund in autumn"],
        "Contacts": ["Nordlys AS"],
        "Campaigns": ["Lund fair"],
        "Interaction templates": ["Letter from Lund"],
    }
    assert [url for _, url in options(reader, "lund")] == [
        "/segments/S1",
        "/logged-segments/S2",
        "/contacts/C1/",
        "/campaigns/CA1/",
        "/interaction-templates/T1/",
    ]
    for _, url in options(reader, "lund"):
        assert reader.get(url).status == 200


@pytest.mark.parametrize("typed", ["C7", "c7"])
def test_a_number_typed_exactly_goes_first(session, reader, typed):
    make_segment(session, "C70", description="Begins alike")
    make_contact(session, "C7", name="Zebra AS")
    make_contact(session, "C71", name="C7 is our name")
    assert options(reader, typed)[0] == ("Zebra AS", "/contacts/C7/")
    assert next(iter(groups(reader, typed))) == "Contacts"


def test_an_interaction_is_found_by_its_entry_number(session, reader):
    entry = make_entry(session, make_contact(session, name="Nordlys AS"))
    assert options(reader, str(entry.entry_no))[0] == ("Nordlys AS", f"/interaction-log/{entry.entry_no}")
    assert options(reader, "9" * 30) == []


def test_more_than_fit_are_offered_on_the_page_of_their_own(session, reader):
    for n in range(14):
        make_contact(session, name=f"Nordlys {n:02}")
    page = reader.get("/search/?q=nordlys")
    assert len(page.tree.xpath("//main//div[@class='links']/a")) == 12
    assert page.tree.xpath("//a[.='Show all']/@href") == ["/contacts/?q=nordlys"]
    found = options(reader, "nordlys")
    assert len(found) == 9
    assert found[-1] == ("Show all results", "/search/?q=nordlys")
    make_segment(session, "S1", description="Nordlys")
    assert options(reader, "nordlys")[0][1] == "/segments/S1"
    assert len(options(reader, "nordlys")) == 1 + 4 + 1


def test_nothing_found_says_what_to_try(session, reader):
    assert "Nothing found for “xyzzy”." in reader.get("/search/?q=xyzzy").plain()
    assert "Nothing found." in reader.get("/search/?q=xyzzy", fragment=True).plain()


def test_without_text_the_pages_are_listed(session, reader):
    assert list(groups(reader, "")) == ["Pages and actions"]
    for _, url in options(reader, ""):
        assert reader.get(url).status == 200


@pytest.mark.parametrize("text", ["%00", "%25", "_", "x" * 5000, "%F0%9F%92%A5" * 90, "%27%20OR%201=1", "-", "  ", "0"])
def test_strange_text_finds_nothing_and_breaks_nothing(session, reader, text):
    make_contact(session, name="Nordlys AS")
    assert reader.get(f"/search/?q={text}").status == 200
    assert reader.get(f"/search/?q={text}", fragment=True).status == 200
    assert "Nordlys AS" not in (reader.last.source)


def test_the_field_of_the_top_bar_leads_here(session, reader):
    field = reader.get("/").one("#goto")
    assert field.get("hx-get") == "/search/"
    assert field.get("aria-keyshortcuts") == "Alt+Q"
    assert reader.get("/").tree.xpath("//form[@class='find']/@action") == ["/search/"]


def test_search_asks_a_handful_of_questions(session, reader, statements):
    for n in range(20):
        make_contact(session, name=f"Nordlys {n:02}")
        make_segment(session, description=f"Nordlys {n}")
    with statements() as asked:
        reader.get("/search/?q=nordlys", fragment=True)
    assert len([one for one in asked if one.startswith("SELECT")]) <= 8
