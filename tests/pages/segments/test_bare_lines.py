"""A line carries little: what it was shown with stands in one field, and its button means this line alone."""

import pytest
from lxml import html
from sqlalchemy import select

from domain.segments.models import Segment, SegmentLine
from tests.factories.contacts import make_contact
from tests.factories.segments import make_line, make_segment
from tests.factories.setup import make_user


@pytest.fixture
def marketing(session, visitor):
    """A visitor in front of a segment of two lines, the first with words of its own."""
    contacts = [make_contact(session, no="C1", name="Åsa & Bo 100 %"), make_contact(session, no="C2", name="Carl")]
    make_segment(session, no="S1", description="Header", contacts=contacts)
    lines(session)[0].description = "Own + 50 % & more"
    visitor.sign_in(make_user(session, role="marketing"))
    return visitor


def lines(session):
    live = select(SegmentLine).where(SegmentLine.removed_step_id.is_(None)).order_by(SegmentLine.line_no)
    return session.scalars(live).all()


def test_a_line_shows_its_contact_and_own_words_as_they_are(marketing):
    page = marketing.get("/segments/S1")
    assert page.one("#line-10000-contact").get("value") == "Åsa & Bo 100 %"
    assert page.one("#line-10000-description").get("value") == "Own + 50 % & more"
    assert page.one("#line-20000-description").get("value") == ""


@pytest.mark.parametrize("text", ["%(was)s", "%(no)s %(own_values)s", "%%(was)s", "{{ line.no }} %s \ue000who\ue001"])
def test_words_that_look_like_places_are_words(session, marketing, text):
    lines(session)[0].description = text
    session.commit()
    assert marketing.get("/segments/S1").one("#line-10000-description").get("value") == text


def test_fields_of_a_line_that_were_not_changed_do_not_conflict(session, marketing):
    """B26: somebody else cleared the description; only the date was typed here."""
    values = marketing.get("/segments/S1").form("#line-10000-form") | {"date": "24/12/2026"}
    lines(session)[0].description = None
    assert marketing.post("/segments/S1/lines/10000/", values).status < 400
    assert (lines(session)[0].description, lines(session)[0].date.isoformat()) == (None, "2026-12-24")


def test_the_button_of_a_line_removes_it_whatever_is_ticked(session, marketing):
    values = marketing.get("/segments/S1").form("#bulk")
    marketing.post("/segments/S1/lines/delete", {**values, "sel": ["10000"], "all_matching": "1", "only": "20000"})
    assert [line.line_no for line in lines(session)] == [10_000]


def test_a_browser_that_fills_in_gets_what_lines_share_once(session, marketing):
    for no in ("C3", "C4"):
        make_line(session, session.scalar(select(Segment)), make_contact(session, no=no, name=f'Ann "{no}" <b>'))
    session.commit()
    marketing.client.set_cookie("lines", "bare")
    source = marketing.client.get("/segments/S1").text
    assert source.count('<template data-like="') == 1
    assert source.count(' data-like="1"><td>') == 3  # the line with words of its own is whole
    assert source.count('name="language"') == 3  # header, template, that line
    assert '<td class="ro">Ann &#34;C3&#34; &lt;b&gt;</td>' in source
    assert 'value="Own + 50 % &amp; more"' in source


def test_who_has_no_javascript_any_more_gets_whole_lines_again(session, marketing):
    make_line(session, session.scalar(select(Segment)), make_contact(session))
    session.commit()
    marketing.client.set_cookie("lines", "bare")
    offered = html.fromstring(marketing.client.get("/segments/S1").text).xpath("//noscript/p/a/@href")
    assert marketing.get(offered[0]).has("#line-30000-description")
    assert marketing.get("/segments/S1").has("#line-30000-description")
