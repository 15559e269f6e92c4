"""Postponed interactions: finish later, discard, left by accident, the list, resume, delete."""

from __future__ import annotations

import datetime as dt

import pytest

from domain.interactions.entries import comments_of
from domain.interactions.finish import finish_interaction
from tests.factories.contacts import make_contact
from tests.factories.drafts import make_draft
from tests.factories.interaction_templates import make_template
from tests.factories.setup import NOW, make_actor, make_salesperson, make_user
from tests.pages.interactions.test_create_interaction import FORM, NEW, drafts, entries, errors, send

LIST = "/postponed-interactions/"


@pytest.fixture
def lake(session):
    return make_contact(session, "C1", name="Café du Lac")


@pytest.fixture
def call(session):
    return make_template(session, "OUT", description="Outgoing call")


@pytest.fixture
def seller(session, anna):
    return make_user(session, "anna", name="Anna", role="salesperson", salesperson_id=anna.id)


@pytest.fixture
def anna_in(visitor, seller):
    return visitor.sign_in(seller)


def shown(page):
    cells = "//table[@id='postponed-table']/tbody/tr/td[contains(@class, 'num')][1]"
    return [cell.text_content() for cell in page.tree.xpath(cells)]


def button(page, label):
    """Where a button of the form sends it."""
    return page.one(f"//form[@id='interaction-form']//button[contains(., '{label}')]").get("formaction")


def test_cancel_offers_to_finish_later_and_it_is_resumed_and_finished(session, anna_in, lake, call):
    page = anna_in.get(f"{NEW}?contact=C1&back=/contacts/C1/")
    answer = send(anna_in, page, button(page, "Finish later"), comment="Half of it", duration="7")
    assert answer.location == "/contacts/C1/"
    no = drafts(session)[0].entry_no
    card = anna_in.follow(answer)
    assert "was postponed" in card.text("#toasts")
    assert "1 postponed interaction" in card.text("#history")
    assert entries(session) == []
    home = anna_in.get("/")
    assert "todayCafé du LacHalf of it" in home.text("#my-postponed")
    page = anna_in.get(home.one("//section[@id='my-postponed']//li//a").get("href"))
    assert page.text("//h1") == f"Postponed interaction {no}"
    assert page.one("#comment").text.strip() == "Half of it"
    assert page.one("#duration").get("value") == "7"
    assert not page.has("//*[@name='contact']")
    answer = send(anna_in, page, template="OUT")
    assert answer.location == LIST
    (entry,) = entries(session)
    assert (entry.entry_no, entry.duration, entry.description) == (no, 7, "Outgoing call")
    assert drafts(session) == []
    assert not anna_in.get("/").has("#my-postponed")


def test_discard_stores_nothing(session, anna_in, lake):
    page = anna_in.get(f"{NEW}?contact=C1&back=/contacts/C1/")
    assert send(anna_in, page, button(page, "Discard"), comment="Nothing").location == "/contacts/C1/"
    assert drafts(session) == entries(session) == []


def test_discarding_the_changes_leaves_what_was_postponed(session, anna_in, seller, lake):
    draft = make_draft(session, lake, by=make_actor(seller), comment="Before")
    page = anna_in.get(f"{LIST}{draft.entry_no}")
    assert send(anna_in, page, button(page, "Discard the changes"), comment="After").location == LIST
    assert [one.comment for one in drafts(session)] == ["Before"]


def test_what_cannot_be_understood_is_told_before_it_is_postponed(session, anna_in, lake):
    page = anna_in.get(f"{NEW}?contact=C1")
    answer = send(anna_in, page, "/interactions/postpone", cost="12x")
    assert answer.status == 422
    assert set(errors(answer)) == {"cost"}


def test_b9_without_contact_and_salesperson_it_cannot_wait(session, signed_in):
    visitor = signed_in()
    answer = send(visitor, visitor.get(NEW), "/interactions/postpone", comment="Who?")
    assert "Choose a contact or a salesperson" in errors(answer)["contact"]
    assert drafts(session) == []


def test_leaving_the_page_by_accident_keeps_what_is_there(session, anna_in, lake, call):
    page = anna_in.get(f"{NEW}?contact=C1")
    keep = page.one(FORM).get("data-keep")
    for comment in ("Half", "Half of it"):
        assert send(anna_in, page, keep, comment=comment, cost="12x").status == 204
    (draft,) = drafts(session)
    assert (draft.comment, draft.cost, draft.kept) == ("Half of it", None, True)
    assert "Page was left" in anna_in.get(LIST).text("#postponed-table")
    no = draft.entry_no
    assert send(anna_in, page, template="OUT").location  # the window came back and was finished all the same
    assert entries(session)[0].entry_no == no
    assert drafts(session) == []
    assert send(anna_in, page, keep, comment="Too late").status == 409
    assert drafts(session) == []


def test_too_long_a_text_is_kept_as_far_as_it_can_be(session, anna_in, lake):
    page = anna_in.get(f"{NEW}?contact=C1")
    typed = {"comment": "c" * 4001, "personal_comment": "p" * 2001, "description": "d" * 101, "subject": "s" * 101}
    assert send(anna_in, page, "/interactions/keep", **typed).status == 204
    (draft,) = drafts(session)
    assert all(getattr(draft, name) == text[:-1] for name, text in typed.items())


def test_leaving_a_resumed_one_keeps_it_too(session, anna_in, seller, lake):
    draft = make_draft(session, lake, by=make_actor(seller), comment="Before")
    page = anna_in.get(f"{LIST}{draft.entry_no}")
    assert send(anna_in, page, "/interactions/keep", comment="After").status == 204
    assert [(one.comment, one.kept) for one in drafts(session)] == [("After", False)]


def test_discard_takes_what_was_kept(session, anna_in, lake):
    page = anna_in.get(f"{NEW}?contact=C1")
    send(anna_in, page, "/interactions/keep", comment="Half")
    send(anna_in, page, "/interactions/discard", comment="Half")
    assert drafts(session) == []


def test_resuming_what_somebody_else_just_finished_is_a_conflict_with_a_sentence(session, anna_in, seller, lake, call):
    draft = make_draft(session, lake, call, by=make_actor(seller))
    no = draft.entry_no
    page = anna_in.get(f"{LIST}{no}")
    finish_interaction(session, draft, by=make_actor(user_name="Bea"))
    said = f"The interaction {no} has been finished meanwhile by Bea."
    for answer in (
        send(anna_in, page, comment="Mine"),
        send(anna_in, page, "/interactions/postpone", comment="Mine"),
        anna_in.get(f"{LIST}{no}"),
    ):
        assert answer.status == 409
        assert said in answer.plain()
    assert len(entries(session)) == 1
    assert anna_in.get(f"{LIST}999").status == 404


def test_what_somebody_else_changed_meanwhile_is_told_and_what_was_typed_stays(session, anna_in, seller, lake, call):
    draft = make_draft(session, lake, call, by=make_actor(seller))
    page = anna_in.get(f"{LIST}{draft.entry_no}")
    draft.comment = "Theirs"
    session.flush()
    answer = send(anna_in, page, comment="Mine")
    assert answer.status == 409
    assert "Someone else changed this postponed interaction" in answer.text("#conflict")
    assert answer.one("#comment").text.strip() == "Mine"
    assert send(anna_in, answer).location
    assert len(entries(session)) == 1


def test_a_form_that_follows_a_choice_does_not_take_somebody_elses_change_for_seen(
    session, anna_in, seller, lake, call
):
    draft = make_draft(session, lake, by=make_actor(seller))
    page = anna_in.get(f"{LIST}{draft.entry_no}")
    draft.comment = "Theirs"
    session.flush()
    followed = send(anna_in, page, "/interactions/form", template="OUT", comment="Mine")
    assert followed.status == 200
    for where in ("/interactions/", "/interactions/postpone"):
        answer = send(anna_in, followed, where)
        assert answer.status == 409
        assert "Someone else changed this postponed interaction" in answer.text("#conflict")
    assert [one.comment for one in drafts(session)] == ["Theirs"]
    assert send(anna_in, answer).location
    assert [one.text for one in comments_of(session, entries(session)[0])] == ["Mine"]


def test_a_salesperson_blocked_meanwhile_is_exchanged(session, anna_in, seller, anna, lake, call):
    make_salesperson(session, "OL")
    draft = make_draft(session, lake, call, by=make_actor(seller), salesperson="AB")
    anna.blocked = True
    session.flush()
    page = anna_in.get(f"{LIST}{draft.entry_no}")
    assert errors(send(anna_in, page)) == {"salesperson": "The salesperson AB is blocked."}
    assert send(anna_in, page, salesperson="OL").location


def test_mine_and_all_with_their_age(session, anna_in, seller, lake):
    old = make_actor(seller, now=NOW - dt.timedelta(days=3))
    mine = make_draft(session, lake, by=old, description="Lunch")
    theirs = make_draft(session, make_contact(session, "C2", name="Nordlys"), by=make_actor(), comment="Theirs")
    page = anna_in.get(LIST)
    assert shown(page) == [str(mine.entry_no)]
    assert "3 days" in page.text("#postponed-table")
    assert page.text("#chips") == "Mine 1All 2"
    everything = anna_in.get(f"{LIST}?whose=all")
    assert shown(everything) == [str(mine.entry_no), str(theirs.entry_no)]
    assert not everything.has(f"//a[@href='{LIST}{theirs.entry_no}']")
    assert shown(anna_in.get(f"{LIST}?whose=all&contact=C2")) == [str(theirs.entry_no)]
    assert shown(anna_in.get(f"{LIST}?whose=all&q=lunch")) == [str(mine.entry_no)]
    assert anna_in.get(f"{LIST}?contact=nobody at all").status == 422


def test_salespeople_do_not_resume_or_delete_somebody_elses(session, anna_in, lake):
    theirs = make_draft(session, lake, by=make_actor())
    page = anna_in.get(f"{NEW}?contact=C1")
    assert anna_in.get(f"{LIST}{theirs.entry_no}").status == 403
    values = page.form(FORM) | {"draft": str(theirs.entry_no), "version": "1"}
    for where in ("/interactions/", "/interactions/postpone", "/interactions/keep", "/interactions/form"):
        assert anna_in.post(where, values).status == 403
    token = {"csrf_token": values["csrf_token"], "sel": str(theirs.entry_no)}
    assert anna_in.post(f"{LIST}delete", token).status == 403
    assert len(drafts(session)) == 1


def test_the_selected_ones_are_deleted_after_a_question(session, anna_in, seller, lake):
    first, second = (make_draft(session, lake, by=make_actor(seller)) for _ in range(2))
    page = anna_in.get(LIST)
    question = anna_in.post(f"{LIST}delete/ask", page.form("#bulk") | {"sel": [str(first.entry_no)]})
    assert "Delete 1 postponed interaction?" in question.plain()
    answer = anna_in.submit(question, "//form[contains(@class, 'dlg')]")
    assert answer.location == LIST
    assert [one.entry_no for one in drafts(session)] == [second.entry_no]
    assert anna_in.post(f"{LIST}delete", page.form("#bulk")).status == 422


def test_an_empty_list_says_how_it_fills(session, anna_in):
    assert "When you leave an interaction before it is finished, it waits here." in anna_in.get(LIST).text("#list")


def test_of_a_salesperson(session, anna_in, seller, anna, lake):
    other = make_salesperson(session, "OL")
    make_draft(session, lake, by=make_actor(), salesperson=other)
    own = make_draft(session, lake, by=make_actor(seller))
    link = anna_in.get("/setup/salespeople/AB/").one("//a[contains(@href, '/postponed-interactions/')]").get("href")
    assert shown(anna_in.get(link)) == [str(own.entry_no)]
