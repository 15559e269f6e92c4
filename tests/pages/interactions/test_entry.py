"""One interaction: its facts, letter, comments, evaluation, marks."""

from __future__ import annotations

import io

import pytest
from docx import Document as WordDocument
from sqlalchemy import select

from domain.interactions.entries import set_canceled
from domain.interactions.models import InteractionComment, InteractionLogEntry
from domain.letters.pdf import find_soffice
from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_contact
from tests.factories.documents import make_document
from tests.factories.interactions import make_entry
from tests.factories.setup import make_actor, make_salesperson


@pytest.fixture
def administrator(signed_in):
    return signed_in()


def reloaded(session, entry):
    session.expire_all()
    return session.get_one(InteractionLogEntry, entry.id)


def actions(page):
    """The labels in the action bar."""
    found = page.tree.xpath("//div[@id='actions']//span[@class='btn-label']")
    return list(dict.fromkeys(one.text_content() for one in found))


def letter_link(page):
    return page.tree.xpath("//div[@id='actions']//a[contains(., 'Download')]/@href")[0]


def test_an_entry_tells_what_took_place(session, administrator, logged, people):
    entry = session.scalars(select(InteractionLogEntry).order_by(InteractionLogEntry.entry_no)).first()
    page = administrator.get(f"/interaction-log/{entry.entry_no}")
    assert page.text("//h1") == "Autumn letter"
    facts = page.text("//dl")
    for text in ("C1", "Nordlys AS", "Hard copy", "To print", "AB · Anna Berg", "S1", "24/11/2026"):
        assert text in facts, text
    assert page.tree.xpath("//dl//a[@href='/contacts/C1/']")
    assert page.tree.xpath("//dl//a[@href='/logged-segments/S1']")


def test_an_entry_whose_contact_and_segment_are_gone_still_says_who_it_was(session, administrator):
    entry = make_entry(session, contact_no="C9", contact_name="Gone AS", segment_no="S9", personal_comment="Hi!\n\nAnn")
    page = administrator.get(f"/interaction-log/{entry.entry_no}")
    assert "C9" in page.text("//dl")
    assert "Gone AS" in page.text("//dl")
    assert not page.tree.xpath("//dl//a")
    assert "Hi! Ann" in page.text("//section[@aria-labelledby='personal-title']")


@pytest.mark.parametrize("no", ["1", "9" * 18, "9" * 40])
def test_an_unknown_entry_is_told(session, administrator, no):
    assert administrator.get(f"/interaction-log/{no}").status == 404
    assert administrator.get(f"/interaction-log/{no}/letter").status == 404


def test_the_letter_is_given_as_it_was_sent(session, administrator, logged, people):
    entry = session.scalars(select(InteractionLogEntry).order_by(InteractionLogEntry.entry_no)).first()
    page = administrator.get(f"/interaction-log/{entry.entry_no}")
    answer = administrator.get(letter_link(page))
    assert answer.answer.headers["Content-Disposition"].startswith("attachment")
    assert [p.text for p in WordDocument(io.BytesIO(answer.data)).paragraphs] == ["Dear reader"]


def test_the_letter_is_shown_as_pdf(session, administrator, logged):
    if find_soffice() is None:
        pytest.skip("LibreOffice is not installed")
    entry = session.scalars(select(InteractionLogEntry)).first()
    page = administrator.get(f"/interaction-log/{entry.entry_no}")
    answer = administrator.get(page.tree.xpath("//a[contains(., 'Preview')]/@href")[0])
    assert answer.answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")


def test_without_libreoffice_there_is_no_preview_and_a_clear_sentence(session, administrator, logged, monkeypatch):
    monkeypatch.setattr("blueprints.interactions.interaction_log.find_soffice", lambda: None)
    monkeypatch.setattr("domain.letters.pdf.find_soffice", lambda: None)
    entry = session.scalars(select(InteractionLogEntry)).first()
    assert "Preview" not in actions(administrator.get(f"/interaction-log/{entry.entry_no}"))
    answer = administrator.get(f"/interaction-log/{entry.entry_no}/letter?as=pdf")
    assert answer.status == 422
    assert "LibreOffice" in answer.plain()


def test_a_file_that_is_no_letter_is_given_as_it_is(session, administrator):
    entry = make_entry(session, make_contact(session), document=make_document(session, b"Notes", file_name="n.html"))
    page = administrator.get(f"/interaction-log/{entry.entry_no}")
    assert "Download the document" in actions(page)
    for link in (letter_link(page), letter_link(page) + "?as=pdf"):
        answer = administrator.get(link)
        assert answer.data == b"Notes"
        assert answer.answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.answer.mimetype == "application/octet-stream"


def test_an_entry_without_document_offers_none(session, administrator):
    entry = make_entry(session, make_contact(session))
    shown = actions(administrator.get(f"/interaction-log/{entry.entry_no}"))
    assert shown == ["Create interaction", "Create task", "Switch Cancelled…"]
    assert administrator.get(f"/interaction-log/{entry.entry_no}/letter").status == 404


def test_comments_are_added_and_stay_in_order(session, administrator):
    entry = make_entry(session, make_contact(session))
    url = f"/interaction-log/{entry.entry_no}"
    page = administrator.get(url)
    assert "No comments yet." in page.plain()
    for text in ("First <b>", "Second\n\nparagraph"):
        answer = administrator.submit(administrator.get(url), "#comment-form", text=text)
        assert answer.location == url
    shown = administrator.get(url).tree.xpath("//article[@class='comment']/p[@class='pre']")
    assert [one.text_content() for one in shown] == ["First <b>", "Second\n\nparagraph"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("  ", "Write a comment first."),
        ("x" * 4001, "A comment has at most 4000 characters."),
        ("a\x00b", "This text contains a character that cannot be stored."),
    ],
)
def test_a_refused_comment_stays_typed(session, administrator, text, sentence):
    entry = make_entry(session, make_contact(session))
    page = administrator.get(f"/interaction-log/{entry.entry_no}")
    answer = administrator.submit(page, "#comment-form", text=text)
    assert answer.status == 422
    assert answer.text("#comment-text-error") == sentence
    assert session.scalar(select(InteractionComment)) is None
    if text.strip() and "\x00" not in text:
        assert answer.form("#comment-form")["text"] == text


def test_an_entry_is_evaluated_and_the_evaluation_changed(session, administrator):
    entry = make_entry(session, make_contact(session))
    url = f"/interaction-log/{entry.entry_no}"
    page = administrator.get(url)
    assert page.form("#evaluate-form")["evaluation"] == ""
    assert administrator.submit(page, "#evaluate-form").status == 422
    for word in ("very_positive", "negative"):
        assert administrator.submit(administrator.get(url), "#evaluate-form", evaluation=word).location == url
        assert reloaded(session, entry).evaluation == word
    assert administrator.get(url).form("#evaluate-form")["evaluation"] == "negative"


def test_r_e02_an_entry_cancelled_meanwhile_is_evaluated_all_the_same_and_stays_cancelled(session, administrator):
    entry = make_entry(session, make_contact(session), evaluation="neutral")
    url = f"/interaction-log/{entry.entry_no}"
    page, listed = administrator.get(url), administrator.get("/interaction-log/")
    set_canceled(session, [entry.id], canceled=True, by=make_actor(user_name="Bea"))
    assert administrator.submit(page, "#evaluate-form", evaluation="positive").location == url
    assert (reloaded(session, entry).evaluation, entry.canceled) == ("positive", True)
    assert "Cancelled" in administrator.get(url).text("#page")
    administrator.submit(listed, "#bulk", sel=[entry.entry_no], evaluation="negative")
    assert (reloaded(session, entry).evaluation, entry.canceled) == ("negative", True)


def mark_form(page, status):
    return f"//div[contains(@class,'menu-list')]//form[.//input[@name='status' and @value='{status}']]"


def test_a_letter_goes_its_way_by_marks(session, administrator):
    entry = make_entry(session, make_contact(session), correspondence_type="hard_copy", delivery_status="to_print")
    url = f"/interaction-log/{entry.entry_no}"
    for status in ("printed", "posted", "returned", "to_print", "withdrawn", "to_print"):
        page = administrator.get(url)
        assert administrator.submit(page, mark_form(page, status)).location == url
        assert reloaded(session, entry).delivery_status == status


@pytest.mark.parametrize(
    "values",
    [
        {"correspondence_type": "email", "delivery_status": "queued"},
        {"correspondence_type": "hard_copy", "delivery_status": "none"},
        {"correspondence_type": "hard_copy", "delivery_status": "to_print", "canceled": True},
    ],
)
def test_marks_are_offered_only_for_letters_that_can_get_them(session, administrator, values):
    entry = make_entry(session, make_contact(session), **values)
    assert "Mark as…" not in actions(administrator.get(f"/interaction-log/{entry.entry_no}"))


def test_an_entry_is_cancelled_from_its_page(session, administrator):
    entry = make_entry(session, make_contact(session))
    url = f"/interaction-log/{entry.entry_no}"
    question = administrator.get(administrator.get(url).tree.xpath("//a[contains(., 'Switch Cancelled')]/@href")[0])
    answer = administrator.submit(question, "#cancel-form")
    assert answer.location == url
    assert administrator.follow(answer).text("//div[@id='title']//span[contains(@class,'badge')]") == "Cancelled"
    assert reloaded(session, entry).canceled


@pytest.mark.parametrize(
    ("role", "may_write", "may_cancel"),
    [("read_only", False, False), ("salesperson", True, False), ("marketing", True, True)],
)
def test_every_role_sees_what_it_may_do(session, signed_in, anna, role, may_write, may_cancel):
    visitor = signed_in(role, salesperson_id=anna.id)
    other = make_salesperson(session, "XY")
    values = {"correspondence_type": "hard_copy", "delivery_status": "to_print"}
    entry = make_entry(session, make_contact(session), salesperson_id=other.id, **values)
    own = make_entry(session, make_contact(session), salesperson_id=anna.id, **values)
    page = visitor.get(f"/interaction-log/{entry.entry_no}")
    assert page.has("#comment-form") is may_write
    assert page.has("#evaluate-form") is may_write
    assert page.has("//summary[contains(., 'Mark as')]") is may_write
    cancel = "//a[contains(., 'Switch Cancelled')]"
    assert page.has(cancel) is may_cancel
    assert visitor.get(f"/interaction-log/{own.entry_no}").has(cancel) is (role != "read_only")
    token = visitor.get("/").form("//form[@action='/sign-out']")["csrf_token"]
    answer = visitor.post(f"/interaction-log/{entry.entry_no}/comments/", {"csrf_token": token, "text": "Hello"})
    assert (answer.status == 403) is not may_write


def test_r_e05_a_task_begins_with_what_the_entry_is_about(session, administrator):
    campaign, anna = make_campaign(session, "SPRING"), make_salesperson(session, "AB", name="Anna Berg")
    entry = make_entry(
        session, make_contact(session, "P1", name="Luc"), salesperson_id=anna.id, campaign_id=campaign.id
    )
    page = administrator.get(f"/interaction-log/{entry.entry_no}")
    form = administrator.get(page.one("//a[normalize-space()='Create task']").get("href")).form("#card-form")
    assert form["contact_id"] == "P1 · Luc"
    assert form["campaign_id"].startswith("SPRING")
    assert form["salesperson_id"] == str(anna.id)


def test_r_e05_with_a_blocked_contact_neither_task_nor_interaction_begins(session, administrator):
    company = make_contact(session, "C1", name="Blocked AG", privacy_blocked=True)
    for contact in (company, make_contact(session, "P1", name="Luc", company=company)):
        entry = make_entry(session, contact)
        page = administrator.get(f"/interaction-log/{entry.entry_no}")
        for label in ("Create task", "Create interaction"):
            refused = administrator.get(page.one(f"//div[@id='actions']//a[contains(., '{label}')]").get("href"))
            assert refused.status == 422, label
            assert "blocked for privacy" in refused.plain()
