"""Keys for finding and ordering (decisions B24), rows of e-mail addresses (B28)."""

from __future__ import annotations

from sqlalchemy import select

from domain.contacts.keys import refresh_emails, refresh_emails_of, refresh_keys_of
from domain.contacts.models import Contact, ContactEmail
from tests.factories.contacts import make_contact


def order(session, column):
    return list(session.scalars(select(Contact.name).order_by(column, Contact.id)))


def test_persons_stand_under_their_company_and_alone_where_they_would_as_a_company(session):
    zeta = make_contact(session, name="Zeta")
    acme = make_contact(session, name="Acme")
    make_contact(session, name="Berta Berg", company=zeta)
    make_contact(session, name="Anna Zorn", company=acme)
    make_contact(session, name="Adam Abel", company=zeta)
    make_contact(session, type="person", name="Max Mustermann")
    assert order(session, Contact.list_key) == [
        "Acme",
        "Anna Zorn",
        "Max Mustermann",
        "Zeta",
        "Adam Abel",
        "Berta Berg",
    ]


def test_two_companies_of_one_name_keep_their_persons_apart(session):
    second, first = make_contact(session, no="B", name="Acme"), make_contact(session, no="A", name="Acme")
    make_contact(session, no="P1", name="Person of B", company=second)
    make_contact(session, no="P2", name="Person of A", company=first)
    nos = list(session.scalars(select(Contact.no).order_by(Contact.list_key)))
    assert nos == ["A", "P2", "B", "P1"]


def test_a_company_whose_name_begins_another_does_not_mix_with_it(session):
    make_contact(session, name="Acme Lines")
    acme = make_contact(session, name="Acme")
    make_contact(session, name="Zoe", company=acme)
    assert order(session, Contact.list_key) == ["Acme", "Zoe", "Acme Lines"]


def test_swedish_readers_find_their_letters_at_the_end(session):
    for name in ("Örebro", "Zeta", "Åmål", "Ängelholm", "Alpha", "Olsson"):
        make_contact(session, name=name)
    assert order(session, Contact.list_key_sv) == ["Alpha", "Olsson", "Zeta", "Åmål", "Ängelholm", "Örebro"]
    assert order(session, Contact.sort_key) == ["Alpha", "Åmål", "Ängelholm", "Olsson", "Örebro", "Zeta"]


def test_every_address_of_the_e_mail_field_has_a_row(session):
    contact = make_contact(session, email="A@Example.com; b@example.com;;a@example.com")
    keys = select(ContactEmail.address_key).where(ContactEmail.contact_id == contact.id)
    assert set(session.scalars(keys)) == {"a@example.com", "b@example.com"}
    contact.email = "b@example.com;c@example.com"
    refresh_emails(session, contact)
    session.flush()
    assert set(session.scalars(keys)) == {"b@example.com", "c@example.com"}


def test_keys_of_many_contacts_are_refreshed_in_few_statements(session, statements):
    company = make_contact(session, name="Acme", no="C1")
    for i in range(300):
        make_contact(session, name=f"Person {i}", company=company)
    expected = {
        c.id: (c.name_key, c.find_key, c.sort_key_sv, c.list_key, c.list_key_sv)
        for c in session.scalars(select(Contact))
    }
    session.execute(
        Contact.__table__.update().values(name_key="", find_key="", sort_key_sv="", list_key="", list_key_sv="")
    )
    with statements() as asked:
        assert refresh_keys_of(session, select(Contact.id)) == 301
    assert len(asked) == 2
    session.expire_all()
    assert {
        c.id: (c.name_key, c.find_key, c.sort_key_sv, c.list_key, c.list_key_sv)
        for c in session.scalars(select(Contact))
    } == expected


def test_e_mail_rows_of_many_contacts_are_refreshed_in_few_statements(session, statements):
    for i in range(50):
        make_contact(session, email=f"a{i}@example.com; b{i}@example.com")
    session.execute(Contact.__table__.update().where(Contact.email != "").values(email="new@example.com"))
    with statements() as asked:
        refresh_emails_of(session, select(Contact.id))
    assert len(asked) == 3
    assert list(session.scalars(select(ContactEmail.address_key))) == ["new@example.com"] * 50


def test_the_longest_values_fit(session):
    ligatures = "ﷺ" * 100  # one letter that becomes eighteen
    make_contact(session, name=ligatures, search_name=ligatures, email="x" * 250)
