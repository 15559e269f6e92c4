"""Quick log from the lines of a segment, from the interaction log and from a logged segment: the same dialog."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.interactions.models import InteractionLogEntry
from tests.factories.contacts import make_contact
from tests.factories.interaction_templates import make_template
from tests.factories.interactions import make_entry, make_logged_segment
from tests.factories.segments import make_segment
from tests.factories.setup import make_salesperson, make_user


@pytest.fixture
def anna_in(session, visitor):
    make_template(session, "OUT", description="Outgoing call")
    anna = make_salesperson(session, "AB", name="Anna Berg")
    return visitor.sign_in(make_user(session, role="administrator", salesperson_id=anna.id))


@pytest.fixture
def people(session):
    return [make_contact(session, no, name=no) for no in ("C1", "C2", "C3")]


def called(session):
    session.expire_all()
    entry = InteractionLogEntry
    found = select(entry.contact_no).where(entry.description == "Outgoing call").order_by(entry.entry_no)
    return list(session.scalars(found))


def press(visitor, page, label, **ticked):
    """Presses a button of the bulk bar."""
    button = page.one(f"//form[@id='bulk']//button[contains(., '{label}')]")
    return visitor.post(button.get("formaction"), page.form("#bulk") | ticked)


def test_the_lines_of_a_segment(session, anna_in, people):
    make_segment(session, "S1", contacts=[*people, people[0]])
    page = anna_in.get("/segments/S1")
    dialog = press(anna_in, page, "Log an interaction", sel=["10000", "30000", "40000"])
    assert "Log an interaction with 2 contacts" in dialog.plain()
    answer = anna_in.submit(dialog, "#quick-log", quick_template="OUT")
    assert answer.location == "/segments/S1"
    assert called(session) == ["C1", "C3"]
    everybody = press(anna_in, page, "Log an interaction", all_matching="1")
    assert "Log an interaction with 3 contacts" in everybody.plain()
    assert anna_in.submit(everybody, "#quick-log", quick_template="").status == 422
    anna_in.submit(everybody, "#quick-log", quick_template="OUT")
    assert called(session) == ["C1", "C3", "C1", "C2", "C3"]


def test_the_contacts_of_entries_of_the_log(session, anna_in, people):
    entries = [make_entry(session, one, description=f"Letter {one.no}") for one in (*people, people[0])]
    page = anna_in.get("/interaction-log/")
    nos = [str(entries[place].entry_no) for place in (0, 1, 3)]
    dialog = press(anna_in, page, "Log an interaction", sel=nos)
    assert "Log an interaction with 2 contacts" in dialog.plain()
    answer = anna_in.submit(dialog, "#quick-log", quick_template="OUT")
    assert answer.location == "/interaction-log/"
    assert called(session) == ["C1", "C2"]
    filtered = anna_in.get("/interaction-log/?contact=C3")
    dialog = press(anna_in, filtered, "Log an interaction", all_matching="1")
    answer = anna_in.submit(dialog, "#quick-log", quick_template="OUT")
    assert answer.location == "/interaction-log/?contact=C3"
    assert called(session) == ["C1", "C2", "C3"]


def test_the_contacts_of_a_logged_segment_but_not_of_cancelled_entries(session, anna_in, people):
    logged = make_logged_segment(session, "S9")
    for one, canceled in zip(people, (False, False, True), strict=True):
        make_entry(session, one, logged_segment=logged, canceled=canceled)
    page = anna_in.get("/logged-segments/S9")
    dialog = anna_in.get(page.tree.xpath("//div[@id='actions']//a[contains(., 'Log an interaction')]/@href")[0])
    assert "Log an interaction with 2 contacts" in dialog.plain()
    answer = anna_in.submit(dialog, "#quick-log", quick_template="OUT")
    assert answer.location == "/logged-segments/S9"
    assert called(session) == ["C1", "C2"]


def test_entries_whose_contact_is_gone_have_nobody_to_log(session, anna_in, people):
    entry = make_entry(session, None)
    page = anna_in.get("/interaction-log/")
    answer = press(anna_in, page, "Log an interaction", sel=[str(entry.entry_no)])
    assert answer.status == 422
    assert "No contact is selected." in answer.plain()
