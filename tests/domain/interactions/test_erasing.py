"""Deleting a contact takes what the log and the worksheets have copied from it (B16; contacts.md 2.5)."""

import pytest
from sqlalchemy import func, select

from domain.contacts.delete import delete_contact
from domain.errors import NotFound
from domain.interactions.letters import finish_letters, letter_of_entry, to_print
from domain.interactions.models import DeliveryAttempt, InteractionLogEntry, LetterValues
from domain.segments.models import SegmentLine
from tests.domain.segments.ready import log, make_ready_segment
from tests.factories.contacts import make_contact
from tests.factories.setup import NOW, make_actor

BY = make_actor()


@pytest.fixture
def logged(session):
    """Anna of Nordlys and Otto of no company have got a letter each, with a personal comment; Otto's is printed."""
    company = make_contact(session, no="C1", name="Nordlys AS")
    anna = make_contact(session, no="C2", name="Anna Berg", company=company, address="Storgatan 1")
    otto = make_contact(session, no="C3", name="Otto Ek", type="person")
    segment = make_ready_segment(session, "S1", anna, otto)
    for line in session.scalars(select(SegmentLine)):
        line.comment, line.contact_via = "See you in June", "+46 1"
    session.flush()
    log(session, segment)
    finish_letters(session, to_print(), by=BY)
    entries = session.scalars(select(InteractionLogEntry).order_by(InteractionLogEntry.contact_no)).all()
    entries[1].delivery_status = "printed"
    for entry in entries:
        session.add(DeliveryAttempt(entry_id=entry.id, at=NOW, status="failed", address="a@example.com"))
    session.flush()
    return {"company": company, "anna": anna, "otto": otto}


def entry_of(session, no):
    session.expire_all()
    return session.scalars(select(InteractionLogEntry).where(InteractionLogEntry.contact_no == no)).one()


def letters(session):
    return session.scalar(select(func.count()).select_from(LetterValues))


def test_a_persons_name_comment_and_letter_go_and_its_number_stays(session, logged):
    delete_contact(session, logged["anna"], by=BY)
    entry = entry_of(session, "C2")
    assert (entry.contact_id, entry.company_id) == (logged["company"].id, logged["company"].id)
    assert (entry.contact_name, entry.personal_comment, entry.contact_via) == ("", "", "")
    assert (entry.company_no, entry.company_name) == ("C1", "Nordlys AS")
    assert letters(session) == 1
    with pytest.raises(NotFound, match="has no document"):
        letter_of_entry(session, entry)
    attempts = session.scalars(select(DeliveryAttempt.address).order_by(DeliveryAttempt.entry_id)).all()
    assert attempts == ["", "a@example.com"]


def test_somebody_elses_entry_is_left_as_it_is(session, logged):
    delete_contact(session, logged["anna"], by=BY)
    entry = entry_of(session, "C3")
    assert (entry.contact_name, entry.personal_comment) == ("Otto Ek", "See you in June")
    assert entry.delivery_status == "printed"
    assert letter_of_entry(session, entry).content


def test_what_waits_for_delivery_is_withdrawn_and_what_was_delivered_stays(session, logged):
    """A7: nothing goes to somebody who is gone; what happened is not rewritten."""
    for name in ("anna", "otto"):
        delete_contact(session, logged[name], by=BY)
    assert [entry_of(session, no).delivery_status for no in ("C2", "C3")] == ["withdrawn", "printed"]
    assert session.scalars(to_print()).all() == []


def test_a_companys_entries_stay_without_anybody(session, logged):
    """B16: deleting a company keeps its entries, anonymised; its persons go with it."""
    delete_contact(session, logged["company"], by=BY)
    entry = entry_of(session, "C2")
    assert (entry.contact_id, entry.company_id, entry.contact_name, entry.company_name) == (None, None, "", "")
    assert (entry.contact_no, entry.company_no) == ("C2", "C1")
    assert letters(session) == 1


def test_frozen_lines_lose_what_was_written_to_the_contact(session, logged):
    """B16: deleting reaches removed and frozen lines too."""
    delete_contact(session, logged["anna"], by=BY)
    lines = session.execute(select(SegmentLine.contact_id, SegmentLine.comment, SegmentLine.contact_via)).all()
    assert sorted(lines, key=lambda line: line[0] or 0) == [
        (None, "", ""),
        (logged["otto"].id, "See you in June", "+46 1"),
    ]
