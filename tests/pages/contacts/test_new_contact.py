"""A new contact: what is preset, what is refused."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from domain.contacts.models import Contact
from domain.contacts.queries import get_contact
from tests.factories.contacts import make_contact


def test_a_new_company(session, signed_in):
    """CON-012: no filter, so a company without company."""
    page = signed_in.get("/contacts/new")
    assert page.text("//h1") == "New company"
    assert not page.has("#company")
    answer = signed_in.submit(page, "#new-contact", name="Nordlys AS", city="Bergen", email="a@x.com;b@y.com")
    card = signed_in.follow(answer)
    assert card.text("//h1") == "Nordlys AS"
    assert "Contact CT000001 Nordlys AS was created." in card.plain()
    contact = get_contact(session, "CT000001")
    assert (contact.type, contact.city, contact.email) == ("company", "Bergen", "a@x.com;b@y.com")


def test_a_new_person_of_the_company_the_list_is_filtered_to(session, signed_in):
    """CON-011: type person and the company are preset; CON-004: it takes over the company's data."""
    company = make_contact(session, "A", name="Acme", city="Oslo", address="Main Road")
    make_contact(session, "B", name="Acme")
    listed = signed_in.get("/contacts/?company=A")
    page = signed_in.get(listed.one("//a[@aria-keyshortcuts='Alt+N']").get("href"))
    assert page.text("//h1") == "New person"
    assert page.form("#new-contact")["company"] == "Acme"
    signed_in.submit(page, "#new-contact", name="X Y Z")
    person = get_contact(session, "CT000001")
    assert (person.type, person.company_id, person.city, person.address) == ("person", company.id, "Oslo", "Main Road")
    assert (person.first_name, person.middle_name, person.surname) == ("X", "Y", "Z")


def test_a_new_person_with_a_typed_company(session, signed_in):
    company = make_contact(session, "A", name="Acme")
    page = signed_in.get("/contacts/new?type=person")
    signed_in.submit(page, "#new-contact", name="Anna", company="acme")
    assert get_contact(session, "CT000001").company_id == company.id


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "A contact needs a name."),
        ("name", "x" * 10_000, "Name can have up to 100 characters; these are 10000."),
        ("company", "Unknown Ltd", "There is no company Unknown Ltd."),
        ("email", "a@x.com,b@y.com", "“a@x.com,b@y.com” is no e-mail address."),
        ("phone", "+33 (0)1-AB", "A phone number has no letters: “AB” in +33 (0)1-AB."),
        ("no", "A", "The number A is already in use."),
        ("city", "x" * 10_000, "City can have up to 30 characters; these are 10000."),
        ("country_id", "99999", "This country/region no longer exists. Choose another one."),
        ("city", "Os\x00lo", "This text contains a character that cannot be stored."),
    ],
)
def test_what_is_wrong_stands_on_its_field_and_everything_typed_stays(session, signed_in, field, typed, sentence):
    """CON-023, CON-D09."""
    make_contact(session, "A")
    page = signed_in.get("/contacts/new?type=person")
    answer = signed_in.submit(page, "#new-contact", **({"name": "Anna Berg", "job_title": "Boss"} | {field: typed}))
    assert answer.status == 422
    assert answer.text(f"#{field}-error").startswith(sentence)
    values = answer.form("#new-contact")
    assert values["job_title"] == "Boss"
    if field != "country_id":
        assert values[field].replace("�", "") == typed.replace("\x00", "")
    assert session.scalar(select(func.count()).select_from(Contact)) == 1
