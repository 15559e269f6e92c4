"""Reply desk: typing, undoing, pasting, the tally and segments of those with one outcome."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.interactions.entries import set_canceled
from domain.interactions.models import InteractionLogEntry
from domain.interactions.reply_models import Reply
from domain.letters.letter_code import letter_code
from domain.segments.models import Segment
from tests.factories.setup import make_actor

DESK = "/logged-segments/S1/reply-desk/"


@pytest.fixture
def desk(signed_in, logged):
    visitor = signed_in()
    visitor.get(DESK)
    return visitor


def answers(session):
    session.expire_all()
    found = select(InteractionLogEntry.contact_no, Reply.outcome).join(Reply, Reply.entry_id == InteractionLogEntry.id)
    return [tuple(row) for row in session.execute(found.where(Reply.counts).order_by(Reply.id))]


def answer(visitor, contact, outcome, **more):
    """Types one answer; the page after it."""
    page = visitor.submit(visitor.get(DESK), "#reply-form", contact=contact, outcome=outcome, **more)
    return visitor.follow(page) if page.location else page


def token(visitor):
    return {"csrf_token": visitor.get(DESK).form("#reply-form")["csrf_token"]}


def said(page):
    return page.text("//p[contains(@class,'desk-said')]") or page.text("#toasts")


def tally(page):
    rows = page.tree.xpath("//ul[@class='tally']/li")
    return {row.xpath("string(span)"): row.xpath("string(b)").strip() for row in rows}


def test_the_logged_segment_leads_to_the_desk(desk):
    page = desk.get("/logged-segments/S1")
    assert page.tree.xpath("//div[@id='actions']//a[contains(., 'Reply desk')]/@href")[0] == DESK
    assert "No answer has been typed yet." in desk.get(DESK).text("#desk")
    assert "0 of 3 have answered." in desk.get(DESK).text("#desk")


def test_an_answer_is_typed_counted_listed_and_undone(session, desk):
    page = answer(desk, "C2 · Café du Lac", "very_positive")
    assert "Café du Lac: Very positive." in said(page)
    assert tally(page)["Very positive"] == "1"
    assert page.one("#reply-contact").get("value") == ""
    assert page.one("#reply-contact").get("autofocus") is not None
    page = answer(desk, "nordlys", "moved")
    page = answer(desk, "c2", "call_back")
    assert "Café du Lac: Call back. It was: Very positive." in said(page)
    assert answers(session) == [("C1", "moved"), ("C2", "call_back")]
    assert (tally(page)["Very positive"], tally(page)["Call back"]) == ("0", "1")
    assert "It was: Very positive." in page.text("#answers")
    undone = desk.submit(page, "//form[contains(., 'Undo the answer of Café du Lac')]")
    undone = desk.follow(undone) if undone.location else undone
    assert "The answer of Café du Lac was undone: Call back. Now it is: Very positive." in said(undone)
    assert answers(session) == [("C2", "very_positive"), ("C1", "moved")]


def test_what_is_refused_says_what_to_do_and_keeps_what_was_typed(session, desk):
    page = answer(desk, "Nobody", "")
    assert page.status == 422
    assert "Nobody on segment S1 is found" in page.text("#reply-contact-error")
    assert "Choose what came back." in page.text("#reply-outcome-error")
    assert page.one("#reply-contact").get("value") == "Nobody"
    page = answer(desk, "C1", "")
    assert page.status == 422
    assert not page.has("#reply-contact-error")
    page = answer(desk, "", "moved")
    assert "Type a name" in page.text("#reply-contact-error")
    assert page.one("//input[@value='moved']").get("checked") is not None
    set_canceled(session, [session.scalar(select(InteractionLogEntry.id).order_by(InteractionLogEntry.entry_no))],
                 canceled=True, by=make_actor())  # fmt: skip
    page = answer(desk, "C1", "positive")
    assert page.status == 422
    assert "with Nordlys AS has been cancelled. Its answer was not stored." in page.text("#reply-contact-error")
    assert answers(session) == []


def test_the_letter_code_and_the_look_up(session, desk):
    entry_no = session.scalar(select(InteractionLogEntry.entry_no).where(InteractionLogEntry.contact_no == "C3"))
    code = letter_code(entry_no)
    assert "Björk & Söner: Responded." in said(answer(desk, code, "responded"))
    listed = desk.get(f"{DESK}look-up?q=bj", fragment=True)
    (option,) = listed.tree.xpath("//li[@role='option']")
    assert option.get("data-label") == "C3 · Björk & Söner"
    assert "Responded" in option.text_content()
    assert "No choices" in desk.get(f"{DESK}look-up?q=xyzzy", fragment=True).plain()
    assert len(desk.get(f"{DESK}look-up", fragment=True).tree.xpath("//li[@role='option']")) == 3
    assert code in desk.get(DESK).text("#answers")


def test_the_tally_leads_to_the_people_and_to_a_segment_of_them(session, desk):
    answer(desk, "C1", "moved")
    page = answer(desk, "C2", "call_back")
    only = desk.get(page.tree.xpath("//ul[@class='tally']//a[starts-with(@aria-label, 'Moved')]/@href")[0])
    assert "Nordlys AS" in only.text("#answers")
    assert "Café du Lac" not in only.text("#answers")
    assert only.text("#answers-title") == "Moved"
    made = desk.submit(page, "//form[contains(., 'Make a segment of these: Call back')]")
    segment = session.scalar(select(Segment).where(Segment.logged_segment_id.is_(None)))
    assert made.location == f"/segments/{segment.no}"
    assert segment.description == "Answers to segment S1: Call back"
    assert "Segment S1 · Answer: Call back" in desk.get(f"/segments/{segment.no}/steps/").plain()
    assert desk.get(f"{DESK}?outcome=lost").status == 404
    assert desk.post(f"{DESK}segment", token(desk) | {"outcome": "lost"}).status == 422


def test_a_pasted_column_is_looked_at_and_then_marked(session, desk):
    answer(desk, "C1", "moved")
    column = "C1\ncafé du lac\nC2\nSomebody <b>\n"
    dialog = desk.submit(desk.get(f"{DESK}paste/"), "#reply-paste", pasted=column)
    for text in (
        "2 people were found.",
        "1 has answered already.",
        "1 was pasted more than once.",
        "1 entry was not found.",
        "Nordlys AS: Moved",
        "Somebody <b>",
    ):
        assert text in dialog.plain(), text
    assert answers(session) == [("C1", "moved")]
    again = desk.submit(dialog, "#reply-mark")
    assert again.status == 422
    assert "Choose what came back." in again.text("#reply-paste-outcome-error")
    done = desk.submit(again, "#reply-mark", outcome="neutral")
    assert done.location == DESK
    assert "2 answers were stored: Neutral. 1 had answered before." in desk.follow(done).text("#toasts")
    assert answers(session) == [("C1", "neutral"), ("C2", "neutral")]
    page = desk.get(DESK)
    assert "2 answers: Neutral" in page.text("//ul[@class='pasted-columns']")
    undo = "//ul[@class='pasted-columns']//form"
    undone = desk.submit(page, undo)
    undone = desk.follow(undone) if undone.location else undone
    assert "2 pasted answers were undone: Neutral." in said(undone)
    assert answers(session) == [("C1", "moved")]
    assert (tally(undone)["Neutral"], tally(undone)["Moved"]) == ("0", "1")
    assert not undone.has("//ul[@class='pasted-columns']")
    again = desk.submit(page, undo)
    assert again.status == 404
    assert "This column has been undone already." in again.plain()


def test_a_column_sent_twice_is_stored_once(session, desk):
    dialog = desk.submit(desk.get(f"{DESK}paste/"), "#reply-paste", pasted="C1\nC2")
    assert "C1 · Nordlys AS" in dialog.plain()
    for _ in range(2):
        done = desk.submit(dialog, "#reply-mark", outcome="moved")
        assert "2 answers were stored: Moved." in desk.follow(done).text("#toasts")
    assert len(session.scalars(select(Reply.id)).all()) == 2


def test_another_answer_chosen_after_going_back_is_stored(session, desk):
    dialog = desk.submit(desk.get(f"{DESK}paste/"), "#reply-paste", pasted="C1\nC2")
    for outcome in ("moved", "call_back"):
        desk.follow(desk.submit(dialog, "#reply-mark", outcome=outcome))
    assert answers(session) == [("C1", "call_back"), ("C2", "call_back")]


def test_keys_nobody_made_are_refused_or_stored(session, desk):
    assert desk.post(f"{DESK}undo-pasted", token(desk) | {"pasted": "\x00"}).status == 404
    for key in ("\x00", "x" * 10_000, "é" * 32):
        form = token(desk) | {"pasted": "C1", "outcome": "moved", "form_key": key}
        assert "1 answer was stored" in desk.follow(desk.post(f"{DESK}paste/mark", form)).text("#toasts")


def test_a_column_answered_again_since_says_who_stays(session, desk):
    dialog = desk.submit(desk.get(f"{DESK}paste/"), "#reply-paste", pasted="C1\nC2")
    desk.submit(dialog, "#reply-mark", outcome="moved")
    page = answer(desk, "C1", "call_back")
    assert "1 answer: Moved" in page.text("//ul[@class='pasted-columns']")
    undone = desk.submit(page, "//ul[@class='pasted-columns']//form")
    undone = desk.follow(undone) if undone.location else undone
    assert "1 pasted answer was undone: Moved. 1 has been answered again since and stays." in said(undone)
    assert answers(session) == [("C1", "call_back")]


def test_a_text_that_fits_several_people_shows_them_at_once(session, desk):
    page = answer(desk, "c", "moved")
    assert page.status == 422
    assert "fits several people" in page.text("#reply-contact-error")
    assert page.one("#reply-contact").get("data-list-now") is not None
    assert page.one("//input[@value='moved']").get("checked") is not None
    assert answer(desk, "nobody", "moved").one("#reply-contact").get("data-list-now") is None


def test_a_column_that_finds_nobody_cannot_be_marked(session, desk):
    dialog = desk.submit(desk.get(f"{DESK}paste/"), "#reply-paste", pasted="")
    assert dialog.status == 422
    assert "Paste names" in dialog.text("#reply-pasted-error")
    dialog = desk.submit(dialog, "#reply-paste", pasted="Somebody")
    assert not dialog.has("//form[@id='reply-mark']")
    refused = desk.post(f"{DESK}paste/mark", token(desk) | {"pasted": "Somebody", "outcome": "moved"})
    assert refused.status == 422
    assert "None of these people can be marked." in refused.plain()


def test_who_may_only_read_sees_the_tally(session, signed_in, logged):
    reader = signed_in("read_only")
    page = reader.get(DESK)
    assert not page.has("#reply-form")
    assert page.has("#tally-title")
    assert reader.get(f"{DESK}paste/").status == 403
    assert reader.get("/logged-segments/S9/reply-desk/").status == 404
