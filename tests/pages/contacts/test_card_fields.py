"""The card of a contact saves itself: fields, refusals, conflicts, all or nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from domain.contacts.models import Contact
from domain.contacts.queries import get_contact
from tests.domain.contacts.worksheet import put_on_segment
from tests.factories.contacts import make_contact, make_country, make_salutation
from tests.factories.interactions import make_entry
from tests.factories.setup import make_language, make_salesperson, make_user
from tests.pages.contacts.card import CARD, save, saved
from tests.pages.visitor import Visitor

# saving fields


def test_a_field_is_saved_when_it_is_left(session, signed_in):
    contact = make_contact(session, "A", name="Acme", city="Oslo", phone="12")
    answer = save(signed_in, "A", city="Bergen")
    assert answer.status == (200 if signed_in.htmx else 303)
    session.refresh(contact)
    assert (contact.city, contact.phone, contact.name) == ("Bergen", "12", "Acme")
    card = saved(signed_in, answer, "A")
    assert card.form(CARD)["city"] == card.form(CARD)["was-city"] == "Bergen"


def test_every_kind_of_field_is_saved(session, signed_in):
    """CON-005, CON-006."""
    sve, seller, salutation = (
        make_language(session, "SVE"),
        make_salesperson(session, "AB"),
        make_salutation(session, "F"),
    )
    country = make_country(session, "SE")
    contact = make_contact(session, "A", type="person", name="Anna")
    changes = {
        "language_id": str(sve.id),
        "salesperson_id": str(seller.id),
        "salutation_id": str(salutation.id),
        "country_id": str(country.id),
        "correspondence_type": "hard_copy",
        "exclude_from_segment": "1",
        "minor": "1",
        "home_page": "https://example.com",
    }
    for name, value in changes.items():
        assert save(signed_in, "A", **{name: value}).status in (200, 303)
    session.refresh(contact)
    assert (contact.language_id, contact.salesperson_id, contact.salutation_id) == (sve.id, seller.id, salutation.id)
    assert (contact.country_id, contact.correspondence_type) == (country.id, "hard_copy")
    assert (contact.exclude_from_segment, contact.minor, contact.privacy_blocked) == (True, True, True)
    save(signed_in, "A", exclude_from_segment=None, salesperson_id="", language_id="")
    session.refresh(contact)
    assert (contact.exclude_from_segment, contact.salesperson_id, contact.language_id) == (False, None, None)


def test_a_new_name_changes_title_and_salutation(session, signed_in):
    make_contact(session, "A", type="person", name="Anna Berg")
    card = saved(signed_in, save(signed_in, "A", name="Berta Zorn"), "A")
    assert card.text("//h1") == "Berta Zorn"
    assert "Berta Zorn" in card.text("#salutation-formal")


def test_persons_follow_their_company(session, signed_in):
    company = make_contact(session, "A", name="Acme", city="Oslo")
    person = make_contact(session, company=company, name="Anna", city="Oslo")
    card = saved(signed_in, save(signed_in, "A", city="Bergen"), "A")
    assert "1 person follows." in card.plain()
    session.refresh(person)
    assert person.city == "Bergen"


def test_a_person_gets_a_company_by_name_or_number(session, signed_in):
    """CON-016."""
    company = make_contact(session, "A", name="Acme", city="Oslo")
    person = make_contact(session, "P", type="person", name="Anna")
    card = signed_in.follow(save(signed_in, "P", company="acme"))
    session.refresh(person)
    assert (person.company_id, person.company_name, person.city) == (company.id, "Acme", "Oslo")
    assert card.form(CARD)["company"] == "Acme"
    assert card.has("//a[@href='/contacts/A/']")
    signed_in.follow(save(signed_in, "P", company=""))
    session.refresh(person)
    assert person.company_id is None
    signed_in.follow(save(signed_in, "P", company="A"))
    session.refresh(person)
    assert person.company_id == company.id


@pytest.mark.parametrize("along", [None, "1"])
def test_history_stays_with_the_old_company_or_goes_along(session, signed_in, along):
    old, new = make_contact(session, "O", name="Old"), make_contact(session, "N", name="New")
    person = make_contact(session, "P", company=old, name="Anna")
    entry = make_entry(session, person)
    card = signed_in.follow(save(signed_in, "P", company="New", along=along))
    assert "1 interaction or task moved." in card.plain()
    session.refresh(entry)
    assert entry.contact_id == (person.id if along else old.id)
    assert entry.company_id == (new.id if along else old.id)


def test_a_number_can_be_changed(session, signed_in):
    make_contact(session, "A", name="Acme")
    assert save(signed_in, "A", no="b 1/2").location == "/contacts/B~201~2F2/"
    assert signed_in.get("/contacts/B~201~2F2/").text("//h1") == "Acme"
    assert signed_in.get("/contacts/A/").status == 404


def test_the_type_can_be_changed_unless_there_are_interactions(session, signed_in):
    """CON-D05."""
    contact = make_contact(session, "A", name="Anna Berg")
    card = signed_in.follow(save(signed_in, "A", type="person"))
    assert card.has("#job_title")
    make_entry(session, contact)
    answer = save(signed_in, "A", type="company")
    assert answer.status == 422
    assert answer.text("#type-error") == "Anna Berg has 1 interaction or task, so the type cannot change."


# refusals


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("company", "Unknown Ltd", "There is no company Unknown Ltd."),
        ("email", "nonsense", "“nonsense” is no e-mail address."),
        ("phone", "call me", "A phone number has no letters"),
        ("name", "", "A contact needs a name."),
        ("name", "x" * 10_000, "Name can have up to 100 characters"),
        ("no", "", "A contact needs a number."),
        ("language_id", "99999", "This language no longer exists."),
        ("type", "robot", "Choose one from the list."),
    ],
)
def test_a_refused_value_stays_in_its_field_with_the_reason(session, signed_in, field, typed, sentence):
    """CON-023, SAL-008: one error; the rest of the card is as it was."""
    make_contact(session, "A", type="person", name="Anna Berg", city="Oslo")
    answer = save(signed_in, "A", **{field: typed})
    assert answer.status == 422
    assert answer.is_page is not signed_in.htmx
    assert answer.text(f"#{field}-error").startswith(sentence)
    assert len(answer.tree.xpath("//*[contains(@class,'f-error')]")) == 1
    values = answer.form(CARD)
    assert values["city"] == "Oslo"
    if field not in ("language_id", "type"):
        assert values[field] == typed
    session.expire_all()
    assert get_contact(session, "A").name == "Anna Berg"


def test_a_refused_value_can_be_corrected_where_it_stands(session, signed_in):
    contact = make_contact(session, "A", phone="12")
    answer = save(signed_in, "A", phone="call me")
    values = answer.form(CARD)
    assert values["was-phone"] == "12"
    signed_in.post(answer.action(CARD), values | {"phone": "13"})
    session.refresh(contact)
    assert contact.phone == "13"


def test_one_refused_field_does_not_hold_up_another(session, application):
    """HTMX sends a refused field again together with the next one."""
    visitor = Visitor(application, session, htmx=True).sign_in(make_user(session))
    contact = make_contact(session, "A", phone="12", city="Oslo")
    answer = save(visitor, "A", phone="call me", city="Bergen")
    assert answer.status == 422
    session.refresh(contact)
    assert (contact.city, contact.phone) == ("Bergen", "12")
    values = answer.form(CARD)
    assert (values["city"], values["was-city"]) == ("Bergen", "Bergen")
    assert (values["phone"], values["was-phone"]) == ("call me", "12")


def test_a_plain_form_is_saved_whole_or_not_at_all(session, browser):
    browser.sign_in(make_user(session))
    contact = make_contact(session, "A", phone="12", city="Oslo")
    answer = browser.submit(browser.get("/contacts/A/"), CARD, phone="call me", city="Bergen")
    assert answer.status == 422
    session.refresh(contact)
    assert contact.city == "Oslo"
    browser.submit(answer, CARD, phone="13")
    session.refresh(contact)
    assert (contact.city, contact.phone) == ("Bergen", "13")


def test_a_person_on_an_open_segment_keeps_its_company(session, signed_in):
    person = make_contact(session, "P", company=make_contact(session), name="Anna")
    put_on_segment(session, person)
    answer = save(signed_in, "P", company="")
    assert answer.status == 422
    assert "The contact Anna is on an open segment. Remove it there first." in answer.plain()


# conflicts


def test_the_same_field_changed_twice_shows_mine_and_theirs(session, signed_in):
    contact = make_contact(session, "A", city="Oslo")
    page = signed_in.get("/contacts/A/")
    values = page.form(CARD)
    contact.city = "Bergen"
    session.flush()
    posted = values | {"city": "Hamar"}
    if signed_in.htmx:
        posted = {name: posted[name] for name in ("csrf_token", "city", "was-city")}
    answer = signed_in.post(page.action(CARD), posted)
    assert answer.status == 409
    assert answer.form(CARD)["was-city"] == "Bergen"
    session.refresh(contact)
    assert contact.city == "Bergen"
    if signed_in.htmx:  # theirs in the field, mine in the toast
        assert answer.form(CARD)["city"] == "Bergen"
        assert "City is now “Bergen”. You typed “Hamar”." in answer.plain()
        signed_in.submit(answer, "//form[.//button[normalize-space()='Use mine']]")
    else:  # mine in the field, theirs beside it
        assert answer.form(CARD)["city"] == "Hamar"
        assert "Someone else changed this to “Bergen”" in answer.text("#city-error")
        signed_in.submit(answer, CARD)
    session.refresh(contact)
    assert contact.city == "Hamar"


def test_different_fields_changed_by_two_people_do_not_conflict(session, signed_in):
    contact = make_contact(session, "A", city="Oslo", phone="12")
    page = signed_in.get("/contacts/A/")
    values = page.form(CARD)
    contact.phone = "13"
    session.flush()
    answer = signed_in.post(page.action(CARD), values | {"city": "Bergen"})
    assert answer.status in (200, 303)
    session.refresh(contact)
    assert (contact.city, contact.phone) == ("Bergen", "13")


def test_a_choice_in_conflict_is_shown_in_words(session, signed_in):
    contact = make_contact(session, "A", language="ENG")
    page = signed_in.get("/contacts/A/")
    values = page.form(CARD)
    contact.language_id = make_language(session, "SVE").id
    session.flush()
    answer = signed_in.post(page.action(CARD), values | {"language_id": ""})
    assert answer.status == 409
    assert "“SVE SVE”" in (answer.plain() if signed_in.htmx else answer.text("#language_id-error"))


def test_a_contact_deleted_meanwhile(session, signed_in):
    make_contact(session, "A")
    page = signed_in.get("/contacts/A/")
    values = page.form(CARD)
    session.delete(session.scalar(select(Contact)))
    session.flush()
    answer = signed_in.post("/contacts/A/", values | {"city": "Bergen"})
    assert answer.status == 404
    assert "There is no contact A." in answer.plain()
    if signed_in.htmx:
        assert answer.answer.headers["HX-Retarget"] == "#toasts"


# all or nothing


def broken(*_, **__):
    raise RuntimeError("the last write fails")


def test_when_the_last_write_of_a_new_contact_fails_nothing_remains(session, signed_in, monkeypatch):
    page = signed_in.get("/contacts/new")
    with monkeypatch.context() as patch:
        patch.setattr("domain.contacts.create.refresh_emails", broken)
        assert signed_in.submit(page, "#new-contact", name="Acme").status == 500
    assert session.scalar(select(func.count()).select_from(Contact)) == 0
    signed_in.submit(page, "#new-contact", name="Acme")
    assert session.scalars(select(Contact.no)).all() == ["CT000001"]


def test_when_persons_cannot_follow_the_company_does_not_change(session, signed_in, monkeypatch):
    company = make_contact(session, "A", name="Acme", city="Oslo")
    make_contact(session, company=company, city="Oslo")
    monkeypatch.setattr("domain.contacts.inheritance.refresh_keys_of", broken)
    assert save(signed_in, "A", city="Bergen").status == 500
    session.expire_all()
    assert set(session.scalars(select(Contact.city))) == {"Oslo"}


def test_when_the_history_cannot_move_the_person_does_not(session, signed_in, monkeypatch):
    old, new = make_contact(session, name="Old"), make_contact(session, name="New")
    person = make_contact(session, "P", company=old)
    entry = make_entry(session, person)
    monkeypatch.setattr("domain.contacts.edit.refresh_keys", broken)
    assert save(signed_in, "P", company="New").status == 500
    session.expire_all()
    assert (person.company_id, entry.contact_id) == (old.id, person.id)
    assert new.id
