"""Columns and saved views of the interaction log, and going from entry to entry (segments.md 6.6)."""

from __future__ import annotations

import datetime as dt

import pytest

from blueprints.interactions.log_columns import USUAL, column_labels
from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_contact
from tests.factories.interaction_templates import make_template
from tests.factories.interactions import make_entry
from tests.factories.setup import TODAY, make_salesperson
from tests.factories.tasks import make_task

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


def test_the_columns_are_those_of_the_log(session, reader, log):
    """segments.md 6.6, without documents of orders and opportunities (decisions C)."""
    columns = {
        "Cancelled", "Attempt failed", "Delivery status", "Date", "Time", "Correspondence type", "Interaction group",
        "Interaction template", "Description", "Letter", "Information flow", "Initiated by", "Contact No.", "Contact",
        "Company No.", "Company name", "Evaluation", "Cost", "Duration (min.)", "Salesperson", "User ID", "Segment",
        "Campaign", "Campaign entry", "Campaign response", "Campaign target", "Task No.", "Language code", "Subject",
        "Contact via", "Entry No.", "Comment",
    }  # fmt: skip
    assert {str(label) for label in column_labels().values()} == columns
    usual = {
        "Date",
        "Interaction template",
        "Description",
        "Letter",
        "Contact No.",
        "Contact",
        "Company name",
        "Evaluation",
    }
    usual |= {"Delivery status", "Cost", "Duration (min.)", "Salesperson", "Campaign", "Entry No."}
    assert usual <= set(headings(reader.get(LIST)))


def test_the_task_of_an_interaction_is_a_column_that_leads_to_it(session, reader, log):
    log[0].task_id = make_task(session, "T1").id
    session.flush()
    page = reader.follow(
        reader.submit(dialog(reader, reader.get(LIST), "Columns"), "#columns-form", column=["date", "task"])
    )
    assert headings(page) == ["Date", "Contact", "Task No."]
    (link,) = page.tree.xpath("//table[@id='entries']/tbody/tr/td[3]/a")
    assert (link.text, link.get("href")) == ("T1", "/tasks/T1/")


def test_a_column_is_moved_left_and_right_and_stays_there(session, reader, log):
    form = reader.submit(dialog(reader, reader.get(LIST), "Columns"), "#columns-form", column=["date", "cost", "via"])
    form = dialog(reader, reader.follow(form), "Columns")
    names = "//ol[@id='shown-columns']//label"

    def move(form, name):
        """Presses a button of the dialog as it stands."""
        (button,) = form.tree.xpath(f"//button[@title='{name}']")
        ticked = form.tree.xpath("//input[@name='column'][@checked][not(@disabled)]/@value")
        order = form.tree.xpath("//input[@name='order']/@value")
        fields = {"csrf_token": form.form("#columns-form")["csrf_token"], "move": button.get("value")}
        return reader.post(button.get("formaction"), fields | {"column": ticked, "order": order})

    def shown(form):
        return [label.text_content().strip() for label in form.tree.xpath(names)]

    assert shown(form) == ["Date", "Contact", "Cost", "Contact via"]
    assert form.one("//button[@title='Move Date left']").get("disabled") is not None
    assert form.one("//button[@title='Move Contact via right']").get("disabled") is not None
    form = move(form, "Move Contact via left")
    assert shown(form) == ["Date", "Contact", "Contact via", "Cost"]
    assert form.one("//button[@autofocus]").get("title") == "Move Contact via left"
    form = move(form, "Move Date right")
    form = move(form, "Move Date right")
    assert shown(form) == ["Contact", "Contact via", "Date", "Cost"]
    form = move(form, "Move Contact via left")
    assert form.one("//button[@autofocus]").get("title") == "Move Contact via right"
    assert headings(reader.get(LIST)) == ["Date", "Contact", "Cost", "Contact via"]
    page = reader.follow(reader.submit(form, "#columns-form"))
    assert headings(page) == ["Contact via", "Contact", "Date", "Cost"]
    assert page.text("//table[@id='entries']/tbody/tr[1]/td[1]") == "+41 1"
    form = dialog(reader, page, "Columns")
    page = reader.follow(reader.submit(form, "#columns-form", column=["via", "date", "cost", "duration"]))
    assert headings(page) == ["Contact via", "Contact", "Date", "Cost", "Duration (min.)"]


def test_a_move_that_means_nothing_changes_nothing(session, reader, log):
    form = dialog(reader, reader.get(LIST), "Columns")
    fields = {"csrf_token": form.form("#columns-form")["csrf_token"], "column": ["date", "cost"]}
    for move in ("", "left", "left:", "left:via", "right:cost", "up:<b>", "left:date"):
        answer = reader.post(f"{LIST}views/columns/move", fields | {"move": move})
        assert answer.status == 200
        names = [label.text_content().strip() for label in answer.tree.xpath("//ol[@id='shown-columns']//label")]
        assert names == ["Date", "Contact", "Cost"], move


def test_the_columns_are_each_users_own(session, signed_in, log):
    anna = signed_in("read_only")
    anna.submit(dialog(anna, anna.get(LIST), "Columns"), "#columns-form", column=["cost"])
    assert headings(anna.get(LIST)) == ["Contact", "Cost"]
    assert len(headings(signed_in("salesperson").get(LIST))) == len(USUAL)


def test_the_title_says_whose_interactions_are_shown(session, reader, log):
    company = make_contact(session, "B1", name="Bell & Sons")
    make_contact(session, "P1", name="Luc Morel", company=company)
    make_campaign(session, "SPRING", description="Spring")
    make_salesperson(session, "AB", name="Anna Berg")
    make_task(session, "T1", description="Call back")
    make_template(session, "CALL", description="Phone call")
    for query, context in (
        ("contact=B1", "Company: B1 Bell & Sons"),
        ("contact=P1", "Contact: P1 Luc Morel"),
        ("salesperson=ab", "Salesperson: AB Anna Berg"),
        ("template=call", "Interaction template: CALL Phone call"),
        ("campaign=spring", "Campaign: SPRING Spring"),
        ("task=t1&salesperson=AB", "Salesperson: AB Anna Berg · Task: T1 Call back"),
    ):
        page = reader.get(f"{LIST}?{query}")
        assert page.text("//p[@class='sub']") == context
        assert context in page.text("//title")
    assert page.text("//h1") == "Interaction log"
    assert "newest first" in reader.get(f"{LIST}?evaluation=neutral").text("//p[@class='sub']")


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
