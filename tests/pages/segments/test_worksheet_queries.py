"""What a page of the worksheet asks the database, and what a large segment leaves for later."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from domain.segments import page_queries
from tests.factories.contacts import make_contact
from tests.factories.interaction_templates import make_template
from tests.factories.segments import make_segment
from tests.factories.setup import make_user


@contextmanager
def statements(engine):
    """The statements run meanwhile, BEGIN left out."""
    seen = []

    def note(connection, cursor, statement, *rest):
        if not statement.startswith("BEGIN"):
            seen.append(" ".join(statement.split()))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def worksheet(session, browser):
    """A visitor in front of a segment with a template and three lines, one with a value of its own."""
    template = make_template(session, "BUS")
    contacts = [make_contact(session, no=f"C{n}", name=f"Name {n}") for n in range(3)]
    make_segment(session, no="S1", template=template, contacts=contacts)
    browser.sign_in(make_user(session, role="marketing"))
    page = browser.get("/segments/S1")
    browser.post("/segments/S1/lines/20000/", page.form("#line-20000-form") | {"description": "Own"})
    return browser


@pytest.mark.parametrize(
    "address", ["/segments/S1", "/segments/S1?q=Name&chip=overrides", "/segments/S1?sort=-contact"]
)
def test_a_page_asks_at_most_eight_questions(worksheet, application, address):
    worksheet.get(address)
    with application.app_context():
        engine = application.extensions["sqlalchemy"].engine
    with statements(engine) as seen:
        page = worksheet.get(address)
    assert page.has("#line-20000")
    assert len(seen) <= 8, "\n".join(seen)


def test_a_large_segment_is_counted_after_its_page(worksheet, monkeypatch):
    monkeypatch.setattr(page_queries, "MOST_COUNTED", 2)
    page = worksheet.get("/segments/S1")
    assert "3 lines" in page.text("#statusbar")
    assert page.text("#chips") == "All 3OverridesWarnings"
    link = page.one("//div[@id='statusbar']//a")
    assert link.get("hx-trigger").startswith("load")
    later = worksheet.get(link.get("href"), fragment=True)
    assert later.text("#chips").startswith("All 3Overrides 1Warnings")
    assert later.has("#overview")
    whole = worksheet.get(link.get("href"))
    assert whole.text("#chips").startswith("All 3Overrides 1Warnings")
    assert whole.has("#line-10000")


def test_a_large_segment_still_counts_what_matches_its_search(worksheet, monkeypatch):
    monkeypatch.setattr(page_queries, "MOST_COUNTED", 2)
    assert worksheet.get("/segments/S1?q=Name+1").one("#bulk").get("data-total") == "1"
