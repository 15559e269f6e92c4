"""Quick log from the contact list: one dialog, one entry each."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.interactions.models import InteractionLogEntry
from tests.factories.contacts import make_contact
from tests.factories.interaction_templates import make_template
from tests.factories.setup import make_salesperson, make_user

LIST = "/contacts/"
ASK = "/contacts/quick-log/"


@pytest.fixture
def anna(session):
    return make_salesperson(session, "AB", name="Anna Berg")


@pytest.fixture
def anna_in(session, visitor, anna):
    return visitor.sign_in(make_user(session, role="salesperson", salesperson_id=anna.id))


@pytest.fixture
def people(session, anna):
    own = {"salesperson_id": anna.id}
    return [make_contact(session, no, name=no, **(own if no != "C3" else {})) for no in ("C1", "C2", "C3")]


@pytest.fixture
def call(session):
    return make_template(session, "OUT", description="Outgoing call")


def logged(session):
    session.expire_all()
    return list(session.scalars(select(InteractionLogEntry).order_by(InteractionLogEntry.entry_no)))


def test_those_that_are_ticked(session, anna_in, people, call):
    page = anna_in.get(LIST)
    dialog = anna_in.post(ASK, page.form("#bulk") | {"sel": ["C1", "C3"]})
    assert "Log an interaction with 2 contacts" in dialog.plain()
    assert dialog.one("#quick-salesperson").get("value") == "AB · Anna Berg"
    answer = anna_in.submit(dialog, "#quick-log", quick_template="OUT", quick_comment="At the fair")
    assert answer.location == LIST
    assert [(one.contact_no, one.description) for one in logged(session)] == [
        ("C1", "Outgoing call"), ("C3", "Outgoing call"),
    ]  # fmt: skip
    assert "2 interactions were logged." in anna_in.follow(answer).text("#toasts")
    again = anna_in.submit(dialog, "#quick-log", quick_template="OUT")
    assert again.location == LIST
    assert len(logged(session)) == 2


def test_all_that_match_a_filter_named_as_a_field_of_the_dialog(session, anna_in, people, call):
    make_salesperson(session, "OL")
    page = anna_in.get(f"{LIST}?salesperson=AB")
    dialog = anna_in.post(ASK, page.form("#bulk") | {"all_matching": "1"})
    assert "Log an interaction with 2 contacts" in dialog.plain()
    anna_in.submit(dialog, "#quick-log", quick_template="OUT", quick_salesperson="OL")
    assert [(one.contact_no, one.salesperson.code) for one in logged(session)] == [("C1", "OL"), ("C2", "OL")]


def test_what_is_missing_is_named_at_once_and_what_was_typed_stays(session, anna_in, people):
    page = anna_in.get(LIST)
    dialog = anna_in.post(ASK, page.form("#bulk") | {"sel": ["C1"]})
    typed = {"quick_date": "nonsense", "quick_salesperson": "", "quick_comment": "Keep", "quick_time": "25:00"}
    answer = anna_in.submit(dialog, "#quick-log", **typed)
    assert answer.status == 422
    for field in ("template", "description", "salesperson", "date", "time"):
        assert answer.has(f"#quick-{field}-error"), field
    assert answer.one("#quick-date").get("value") == "nonsense"
    assert answer.one("#quick-comment").text.strip() == "Keep"
    assert logged(session) == []


def test_a_date_far_away_is_asked_about_once(session, anna_in, people, call):
    dialog = anna_in.post(ASK, anna_in.get(LIST).form("#bulk") | {"sel": ["C1"]})
    answer = anna_in.submit(dialog, "#quick-log", quick_template="OUT", quick_date="01/02/1999")
    assert "far in the past" in answer.text("#quick-date-error")
    assert anna_in.submit(answer, "#quick-log").location == LIST
    assert len(logged(session)) == 1


def test_blocked_ones_are_counted_and_nobody_is_refused(session, anna_in, people, call):
    people[0].privacy_blocked = True
    page = anna_in.get(LIST)
    dialog = anna_in.post(ASK, page.form("#bulk") | {"sel": ["C1", "C2"]})
    answer = anna_in.submit(dialog, "#quick-log", quick_template="OUT")
    assert "1 interaction was logged. 1 is privacy blocked." in anna_in.follow(answer).text("#toasts")
    dialog = anna_in.post(ASK, page.form("#bulk") | {"sel": ["C1"]})
    assert "is blocked for privacy" in anna_in.submit(dialog, "#quick-log", quick_template="OUT").plain()
    assert anna_in.post(ASK, page.form("#bulk")).status == 422


def test_who_may_only_read_has_no_boxes(session, visitor, people):
    visitor.sign_in(make_user(session, role="read_only"))
    assert not visitor.get(LIST).has("#bulk")
    assert visitor.get(f"{ASK}?sel=C1").status == 403
