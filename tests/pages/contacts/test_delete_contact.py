"""Deleting a contact from its card."""

from __future__ import annotations

from sqlalchemy import func, select

from domain.contacts.models import Contact
from tests.domain.contacts.worksheet import put_on_segment
from tests.factories.contacts import make_contact
from tests.factories.interactions import make_entry


def test_deleting_asks_first_and_names_the_consequences(session, signed_in):
    company = make_contact(session, "A", name="Acme")
    make_entry(session, make_contact(session, company=company))
    make_entry(session, company)
    page = signed_in.get("/contacts/A/delete", fragment=signed_in.htmx)
    assert "Delete contact A Acme?" in page.plain()
    assert "Its 1 person is deleted too." in page.plain()
    assert "1 interaction or task stays without the contact." in page.plain()
    answer = signed_in.submit(page, "//form[@action='/contacts/A/delete']")
    assert answer.location == "/contacts/"
    assert "Contact A Acme was deleted." in signed_in.follow(answer).plain()
    assert session.scalar(select(func.count()).select_from(Contact)) == 0


def test_the_interactions_of_a_person_go_to_its_company(session, signed_in):
    company = make_contact(session, "A", name="Acme")
    make_entry(session, make_contact(session, "P", company=company))
    assert "1 interaction or task goes to Acme." in signed_in.get("/contacts/P/delete").plain()


def test_a_contact_on_an_open_segment_is_not_deleted(session, signed_in):
    contact = make_contact(session, "A", name="Acme")
    page = signed_in.get("/contacts/A/delete")
    put_on_segment(session, contact)
    answer = signed_in.submit(page, "//form[@action='/contacts/A/delete']")
    assert answer.status == 422
    assert "The contact Acme is on an open segment. Remove it there first." in answer.plain()
    asked = signed_in.get("/contacts/A/delete")
    assert "The contact Acme is on an open segment." in asked.plain()
    assert not asked.has("//button[normalize-space()='Delete']")


def test_deleting_twice_says_that_it_is_gone(session, signed_in):
    make_contact(session, "A")
    page = signed_in.get("/contacts/A/delete")
    signed_in.submit(page, "//form[@action='/contacts/A/delete']")
    assert signed_in.submit(page, "//form[@action='/contacts/A/delete']").status == 404
