"""Lines that come bare are put together in the browser: the same rows as the server makes, also while people type."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from domain.segments.models import SegmentLine
from domain.setup.start import create_office
from tests.factories.accounts import PASSWORD, make_user_with_password
from tests.factories.contacts import make_contact
from tests.factories.interaction_templates import make_template
from tests.factories.segments import make_segment
from tests.factories.setup import make_actor

NAMES = ('Ann "O\'Neil" & <b>Sons</b>', "Åsa 100 % $& \\1", "", "Carl", "Dora", "Eve")
# without what only somebody without JavaScript needs, and without what app.js lends to a line somebody has come to
ROWS = """() => [...document.querySelectorAll('#lines-body > tr')].map(tr => {
  const row = tr.cloneNode(true);
  row.querySelectorAll('noscript').forEach(x => x.remove());
  return row.outerHTML.replace(/\\s+/g, ' ');
})"""


@pytest.fixture(scope="module")
def office(server):
    """A segment of six lines, one with words of its own, one without contact."""
    with server.session() as session:
        create_office(session, name="Nordlys AS", currency="CHF", time_zone="Europe/Zurich", by=make_actor())
        make_user_with_password(session, "anna")
        contacts = [make_contact(session, f"C{n}", name=name or "x") for n, name in enumerate(NAMES)]
        make_segment(session, "S1", template=make_template(session, "BUS"), contacts=contacts)
        lines = session.scalars(select(SegmentLine).order_by(SegmentLine.line_no)).all()
        lines[2].contact_id = None
        lines[3].description = 'Own "words"'
        session.commit()


@pytest.fixture
def page(visit, office):
    """Signed in, with JavaScript known to the server."""
    page = visit.page
    page.goto("/sign-in")
    page.fill("#login", "anna")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".page h1")
    return page


def test_the_rows_are_those_of_the_server(page):
    bare = page.goto("/segments/S1").text()
    assert bare.count(" data-like=") > 3
    made = page.evaluate(ROWS)
    whole = page.goto("/segments/S1?whole=1").text()
    assert " data-like=" not in whole
    sent = page.evaluate(ROWS)
    assert len(made) == len(sent) == len(NAMES)
    for ours, theirs in zip(made, sent, strict=True):
        assert ours == theirs
    expect(page.locator("#line-10000-contact")).to_have_value(NAMES[0])


def test_what_is_typed_survives_when_bare_rows_come(page):
    """The header's answer brings all lines; the one somebody types in keeps its text and the focus."""
    page.goto("/segments/S1")
    held = []
    page.route(re.compile("/segments/S1$"), lambda route: held.append(route))
    page.fill("#header-description", "Spring")
    page.locator("#line-20000-description").focus()
    page.wait_for_timeout(0)
    page.keyboard.insert_text("typing")
    expect(page.locator("#line-20000-description")).to_have_value("typing")
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    page.unroute(re.compile("/segments/S1$"))
    expect(page.locator("#line-10000-description")).to_have_attribute("placeholder", "Spring")
    expect(page.locator("#line-20000-description")).to_be_focused()
    expect(page.locator("#line-20000-description")).to_have_value("typing")
    page.keyboard.press("Enter")
    expect(page.locator("#line-20000 td.over")).to_have_count(1)
    page.locator("#chips-2").click()
    expect(page.locator("#lines-body > tr")).to_have_count(2)
    page.locator("#chips-1").click()
    expect(page.locator("#lines-body > tr")).to_have_count(len(NAMES))
    expect(page.locator("#line-60000-contact")).to_have_value("Eve")
