"""Columns and saved views of the interaction log, and going from entry to entry (segments.md 6.6)."""

from __future__ import annotations

import datetime as dt

import pytest

from blueprints.interactions.log_columns import USUAL, column_labels
from tests.factories.contacts import make_contact
from tests.factories.interactions import make_entry
from tests.factories.setup import TODAY

LIST = "/interaction-log/"


@pytest.fixture
def reader(signed_in):
    return signed_in("read_only")


@pytest.fixture
def log(session):
    """Three entries, the newest first: Nordlys, Café, Nordlys."""
    north, cafe = make_contact(session, "C1", name="Nordlys AS"), make_contact(session, "C2", name="Café du Lac")
    days = (TODAY, TODAY - dt.timedelta(days=1), TODAY - dt.timedelta(days=2))
    values = {"cost": 1250, "contact_via": "+41 1", "user_name": "Anna", "subject": "Hello", "time": dt.time(9, 5)}
    return [make_entry(session, one, date=day, **values) for one, day in zip((north, cafe, north), days, strict=True)]


def headings(page):
    return [
        " ".join(one.text_content().split()) for one in page.tree.xpath("//table[@id='entries']//th[not(.//input)]")
    ]


def rows(page):
    return [a.text_content() for a in page.tree.xpath("//table[@id='entries']//a[@class='row-link']")]


def dialog(visitor, page, label):
    return visitor.get(page.one(f"//a[contains(., '{label}')]").get("href"))


def test_the_usual_columns_until_others_are_chosen(session, reader, log):
    page = reader.get(LIST)
    labels = column_labels()
    assert headings(page) == [str(labels[key]) for key in sorted(USUAL, key=list(labels).index)]
    form = dialog(reader, page, "Columns")
    answer = reader.submit(form, "#columns-form", column=["cost", "via", "time", "user", "subject", "made up"])
    assert answer.location == LIST
    page = reader.follow(answer)
    assert headings(page) == ["Time", "Contact", "Subject", "Cost", "Contact via", "User ID"]
    row = page.text("//table[@id='entries']/tbody/tr[1]")
    for text in ("09:05", "Nordlys AS", "Hello", "12.50", "+41 1", "Anna"):
        assert text in row
    form = dialog(reader, page, "Columns")
    reader.submit(form, "#usual-columns", usual="1")
    assert len(headings(reader.get(LIST))) == len(USUAL)


def test_every_column_can_be_shown(session, reader, log):
    form = dialog(reader, reader.get(LIST), "Columns")
    every = [key for key in column_labels() if key != "contact"]
    page = reader.follow(reader.submit(form, "#columns-form", column=every))
    assert headings(page) == [str(label) for label in column_labels().values()]


def test_a_view_keeps_filters_and_columns_under_a_name(session, reader, log):
    page = reader.get(f"{LIST}?contact=C1")
    answer = reader.submit(dialog(reader, page, "Views"), "#views-form", name="Nordlys & co")
    page = reader.follow(answer)
    assert "The view Nordlys & co was saved." in page.text("#toasts")
    assert rows(page) == ["Nordlys AS", "Nordlys AS"]
    reader.submit(dialog(reader, page, "Columns"), "#columns-form", column=["cost"])
    page = reader.get(LIST)
    assert len(headings(page)) == len(USUAL)
    assert page.text("#chips-1") == "Every interaction"
    page = reader.get(page.one("#chips-2").get("href"))
    assert page.one("#chips-2").get("aria-current") == "true"
    assert headings(page) == ["Contact", "Cost"]
    assert rows(page) == ["Nordlys AS", "Nordlys AS"]
    form = dialog(reader, page, "Views")
    assert form.one("#view-name").get("value") == "Nordlys & co"
    answer = reader.submit(form, "#delete-view-1")
    assert not reader.follow(answer).has("#chips")


def test_a_view_without_name_is_refused_in_the_dialog(session, reader, log):
    form = dialog(reader, reader.get(f"{LIST}?contact=C1"), "Views")
    answer = reader.submit(form, "#views-form", name=" ")
    assert answer.status == 422
    assert answer.text("#view-name-error") == "Give the view a name."


def test_an_unknown_view_shows_the_log(session, reader, log):
    assert len(rows(reader.get(f"{LIST}?view=nothing"))) == 3


def test_previous_and_next_go_along_the_list_as_it_was_filtered(session, reader, log):
    newest, middle, oldest = log

    def around(page):
        return [page.tree.xpath(f"//span[@class='pager']/a[@rel='{rel}']/@href") for rel in ("prev", "next")]

    def address(entry, query=""):
        return [f"{LIST}{entry.entry_no}{query}"]

    assert around(reader.get(f"{LIST}{middle.entry_no}")) == [address(newest), address(oldest)]
    assert around(reader.get(f"{LIST}{newest.entry_no}")) == [[], address(middle)]
    page = reader.get(f"{LIST}?contact=C1")
    link = page.one("//a[@class='row-link']").get("href")
    assert link == f"{LIST}{newest.entry_no}?contact=C1"
    page = reader.get(link)
    assert around(page) == [[], address(oldest, "?contact=C1")]
    assert page.has(f"//nav//a[@href='{LIST}?contact=C1']")
