"""The home page: counters that lead to what they count, lists, quick actions by role, first steps."""

import datetime as dt

import pytest
from sqlalchemy import select

from domain.segments.models import Segment
from domain.setup.models import CompanyInformation
from tests.factories.contacts import make_contact
from tests.factories.interactions import make_entry, make_logged_segment
from tests.factories.segments import make_segment
from tests.factories.setup import NOW, TODAY, make_salesperson, make_user


def tiles(page):
    """Counter → number and where it leads."""
    return {
        tile.xpath("string(span)"): (tile.xpath("string(b)"), tile.get("href"))
        for tile in page.one("#counters").xpath("./a")
    }


def listed(page, table):
    """The first cells of a list."""
    return [row.xpath("string(td[1])").strip() for row in page.one(f"#{table}").xpath(".//tbody/tr")]


def test_counters_lead_to_exactly_what_they_count(session, browser):
    anna = make_salesperson(session, "AB")
    other = make_salesperson(session, "XY")
    browser.sign_in(make_user(session, salesperson_id=anna.id))
    contact = make_contact(session)
    make_segment(session, "S1", salesperson_id=anna.id)
    make_segment(session, "S2", salesperson_id=other.id)
    make_entry(session, contact, delivery_status="to_print", correspondence_type="hard_copy", salesperson_id=anna.id)
    make_entry(session, contact, delivery_status="to_print", correspondence_type="hard_copy", canceled=True)
    for n, status in ((3, "queued"), (2, "failed"), (1, "uncertain")):
        for _ in range(n):
            make_entry(session, contact, delivery_status=status, correspondence_type="email", salesperson_id=other.id)
    for values in (
        {"date": TODAY.replace(day=1)},
        {"date": TODAY.replace(day=30)},
        {"date": TODAY.replace(day=1) - dt.timedelta(days=1)},
        {"canceled": True},
    ):
        make_entry(session, contact, salesperson_id=anna.id, **values)
    shown = tiles(browser.get("/"))
    assert {text: n for text, (n, _) in shown.items()} == {
        "Contacts": "1",
        "Active segments": "2",
        "My active segments": "1",
        "My tasks today": "0",
        "Letters to print": "1",
        "E-mails queued": "3",
        "E-mails with errors": "2",
        "E-mails with uncertain outcome": "1",
        "My interactions this month": "3",
    }
    for text, (n, url) in shown.items():
        answer = browser.get(url)
        assert answer.status == 200
        rows = [row for row in answer.tree.xpath("//table//tbody/tr") if "none" not in (row.get("class") or "")]
        assert len(rows) == int(n), text


def test_counters_of_errors_are_only_there_when_there_are_some(session, browser):
    browser.sign_in(make_user(session))
    assert list(tiles(browser.get("/"))) == ["Contacts", "Active segments", "Letters to print", "E-mails queued"]


def test_the_segment_changed_last_stands_first_and_logged_ones_are_apart(session, browser):
    browser.sign_in(make_user(session))
    make_segment(session, "S1", description="Older", contacts=[make_contact(session)], modified_at=NOW)
    make_segment(session, "S2", description="Newer", modified_at=NOW + dt.timedelta(hours=1))
    logged = make_logged_segment(session, "S3", description="Done")
    frozen = make_segment(session, "S4", description="Frozen", modified_at=NOW + dt.timedelta(hours=2))
    frozen.logged_segment_id = logged.id
    make_entry(session, make_contact(session, name="Nordlys AS"), logged_segment=logged, description="A letter")
    make_entry(session, make_contact(session, name="Hidden AS"), canceled=True)
    page = browser.get("/")
    assert listed(page, "segments") == ["S2", "S1"]
    assert listed(page, "logged-segments") == ["S3"]
    assert "Nordlys AS" in page.text("#latest-interactions")
    assert "Hidden AS" not in page.text("#latest-interactions")
    assert page.one("#active-segments").xpath(".//a[@href='/segments/']")


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        ("read_only", []),
        ("salesperson", ["Create interaction", "New contact"]),
        ("marketing", ["New segment", "Create interaction", "Import contacts", "New contact"]),
        ("administrator", ["New segment", "Create interaction", "Import contacts", "New contact"]),
    ],
)
def test_quick_actions_follow_the_role(session, browser, role, labels):
    browser.sign_in(make_user(session, role=role))
    page = browser.get("/")
    found = page.tree.xpath("//div[@id='actions']/*[not(self::details)]//span[@class='btn-label']")
    assert [one.text_content() for one in found] == labels


def test_a_new_segment_is_made_from_home(session, signed_in):
    made = signed_in.submit(signed_in.get("/"), "//div[@id='actions']/form[@action='/segments/']")
    assert made.location == "/segments/SM00001"
    assert session.scalar(select(Segment.no)) == "SM00001"


def first_steps(page):
    return [b.text_content() for b in page.tree.xpath("//*[@id='first-steps']//b")]


def test_an_empty_office_is_told_what_to_do_first(session, browser):
    browser.sign_in(make_user(session))
    assert first_steps(browser.get("/")) == [
        "Look through the setup",
        "Import your contacts",
        "Make the first contact",
        "Explore with the demo company",
        "Look at the interaction templates",
    ]
    make_contact(session)
    page = browser.get("/")
    assert first_steps(page)[-1] == "Create the first segment"
    assert "Import your contacts" not in first_steps(page)
    make_segment(session, "S1")
    assert first_steps(browser.get("/")) == []


def test_the_first_segment_is_made_from_the_first_steps(session, signed_in):
    make_contact(session)
    made = signed_in.submit(signed_in.get("/"), "//section[@id='first-steps']//form")
    assert made.location == "/segments/SM00001"


def test_who_may_only_read_is_not_told_to_do_anything(session, browser):
    browser.sign_in(make_user(session, role="read_only"))
    page = browser.get("/")
    assert not page.has("#first-steps")
    assert not page.tree.xpath("//main//form[@method='post']")


def test_the_demo_company_says_so(session, browser):
    browser.sign_in(make_user(session))
    assert not browser.get("/").has("#demo-notice")
    session.get_one(CompanyInformation, 1).demo = True
    page = browser.get("/")
    assert "This is the demo company." in page.text("#demo-notice")
    assert browser.get(page.tree.xpath("//a[contains(., 'Remove the demo company')]/@href")[0]).status == 200
    browser.sign_in(make_user(session, role="marketing"))
    assert "Remove the demo company" not in browser.get("/").text("#demo-notice")


def test_home_asks_a_handful_of_questions_whatever_there_is(session, browser, statements):
    browser.sign_in(make_user(session, salesperson_id=make_salesperson(session, "AB").id))
    make_segment(session, contacts=[make_contact(session)])
    make_entry(session, make_contact(session), logged_segment=make_logged_segment(session))
    with statements() as few:
        browser.get("/")
    for _ in range(12):
        make_segment(session, contacts=[make_contact(session)])
        make_entry(session, make_contact(session), logged_segment=make_logged_segment(session))
    with statements() as many:
        assert browser.get("/").status == 200
    asked = [one for one in few if one.startswith("SELECT")]
    assert len(asked) <= 9, asked
    assert len([one for one in many if one.startswith("SELECT")]) == len(asked)
