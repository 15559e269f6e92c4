"""The card of a contact: new, saving fields, refusals, conflicts, deleting."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from domain.contacts.models import Contact
from domain.contacts.queries import get_contact
from tests.domain.contacts.worksheet import put_on_segment
from tests.factories.classification import give_codes, make_code, make_questionnaire
from tests.factories.contacts import make_alt_address, make_contact, make_country, make_salutation
from tests.factories.documents import make_document
from tests.factories.interactions import make_entry
from tests.factories.setup import make_language, make_salesperson, make_user
from tests.factories.tasks import make_task
from tests.pages.visitor import Visitor

CARD = "#contact"


def save(visitor, known_no, /, **changes):
    """Changes fields as the visitor's browser does: HTMX posts what changed, a plain browser the whole form."""
    page = visitor.get(f"/contacts/{known_no}/")
    values = page.form(CARD)
    if visitor.htmx:
        return visitor.post(
            page.action(CARD),
            {"csrf_token": values["csrf_token"]}
            | {f"was-{name}": values[f"was-{name}"] for name in changes if f"was-{name}" in values}
            | {name: value for name, value in changes.items() if value is not None},
        )
    return visitor.submit(page, CARD, **changes)


def saved(visitor, answer, no):
    """The card after saving: what HTMX got, or the page a plain browser is sent to."""
    return answer if answer.status == 200 else visitor.follow(answer)


# new


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


# rights


@pytest.mark.parametrize("path", ["/contacts/", "/contacts/A/", "/contacts/A/name/", "/contacts/A/delete"])
def test_who_may_only_look_is_refused(session, reader, path):
    contact = make_contact(session, "A", type="person", name="Anna")
    token = reader.get("/contacts/").one("//meta[@name='csrf-token']").get("content")
    answer = reader.post(path, {"csrf_token": token, "name": "Other", "type": "person", "was-name": "Anna"})
    assert answer.status == 403
    session.refresh(contact)
    assert contact.name == "Anna"


def test_who_may_only_look_is_refused_the_pages_to_change(session, reader):
    make_contact(session, "A", type="person")
    for path in ("/contacts/new", "/contacts/A/delete", "/contacts/A/addresses/new"):
        assert reader.get(path).status == 403


def test_only_administrators_lift_the_privacy_block(session, visitor):
    contact = make_contact(session, "A", privacy_blocked=True)
    visitor.sign_in(make_user(session, role="marketing"))
    page = visitor.get("/contacts/A/")
    assert page.one("#privacy_blocked").get("disabled") is not None
    answer = visitor.post("/contacts/A/", {"csrf_token": page.form(CARD)["csrf_token"], "was-privacy_blocked": "1"})
    assert answer.status == 403
    visitor.sign_in(make_user(session))
    assert save(visitor, "A", privacy_blocked=None).status in (200, 303)
    session.refresh(contact)
    assert contact.privacy_blocked is False


# around the card


def test_the_letters_of_a_contact_open_from_its_card(session, signed_in):
    """ATT-019."""
    person = make_contact(session, "P", type="person", name="Anna Berg")
    make_entry(session, person, document_id=make_document(session).id)
    make_entry(session, person)
    page = signed_in.get("/contacts/P/")
    (link,) = page.tree.xpath("//table[@id='history-list']//a[@class='letter']")
    letter = signed_in.get(link.get("href"))
    assert letter.status == 200
    assert letter.data
    assert "attachment" in letter.answer.headers["Content-Disposition"]


def test_what_stands_around_the_card(session, signed_in):
    company = make_contact(session, "A", name="Acme")
    person = make_contact(session, "P", company=company, name="Anna Berg", job_title="Boss")
    make_entry(session, person, description="Spring letter")
    make_entry(session, company, description="Autumn call", date=dt.date(2026, 1, 2))
    line = put_on_segment(session, person)
    line.segment.description = "Newsletter"
    put_on_segment(session, person, removed=True).segment.description = "Removed there"
    put_on_segment(session, person, logged=True).segment.description = "Logged already"
    page = signed_in.get("/contacts/A/")
    assert "Anna BergBoss" in page.text("#persons")
    assert "Spring letter" in page.text("#history")
    assert "Autumn call" in page.text("#history")
    assert "Newsletter" in page.text("#segments")
    assert "Removed there" not in page.plain()
    assert "Logged already" not in page.plain()
    page = signed_in.get("/contacts/P/")
    assert "Spring letter" in page.text("#history")
    assert "Autumn call" not in page.plain()
    assert "Newsletter" in page.text("#segments")


def test_the_count_of_persons_leads_to_them(session, signed_in):
    company = make_contact(session, "A", name="Acme")
    make_contact(session, "P", company=company, name="Anna")
    page = signed_in.get("/contacts/A/")
    listed = signed_in.get(page.one("#person-count").get("href"))
    assert "1 contact" in listed.plain()


def test_the_neighbours_are_one_step_away(session, signed_in):
    for no in "ABC":
        make_contact(session, no, name=no)
    page = signed_in.get("/contacts/B/")
    assert page.one("//a[@rel='prev']").get("href") == "/contacts/A/"
    assert page.one("//a[@rel='next']").get("href") == "/contacts/C/"


def test_a_card_takes_eight_queries_whatever_it_holds(session, signed_in, statements):
    """Everything a card can show is there: persons, history, tasks, addresses, segments, codes, a profile."""
    company, counts = make_contact(session, "A", name="Acme"), []
    make_questionnaire(session)
    for group in ("NEWS", "PRESS"):
        make_code(session, "mailing_group", group)
        give_codes(session, company, "mailing_group", group)
        make_alt_address(session, company, group)
        for i in range(5):
            person = make_contact(session, f"P{group}{i}", company=company)
            give_codes(session, person, "mailing_group", group)
            make_entry(session, person)
            make_task(session, contact=person)
            make_alt_address(session, person)
            put_on_segment(session, person)
        for no in ("A", f"P{group}0"):
            signed_in.get(f"/contacts/{no}/")  # reads the setup
            with statements() as asked:
                page = signed_in.get(f"/contacts/{no}/")
            assert group in page.text("#classification")
            for part in ("tasks", "history", "addresses", "segments"):
                assert page.has(f"//*[@id='{part}']//td"), part
            assert page.has("#profile-1")
            counts.append(len([s for s in asked if s.startswith("SELECT")]))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 8


def test_a_change_of_the_setup_is_seen_at_once_by_everybody(session, signed_in):
    """What cards read from the setup is kept until the setup changes (decision 0020)."""
    language = make_language(session, "NOR")
    make_contact(session, "A")
    other = make_code(session, "territory", "EAST")

    def offered(field):
        return signed_in.get("/contacts/A/").text(f"#{field}")

    assert "NOR Norsk" not in offered("language_id")
    language.name = "Norsk"
    session.commit()
    assert "NOR Norsk" in offered("language_id")
    assert "EAST" in offered("territory_id")
    session.delete(other)
    session.commit()
    assert "EAST" not in offered("territory_id")


def test_saving_a_field_takes_fewer_queries_than_the_page(session, application, statements):
    visitor = Visitor(application, session, htmx=True).sign_in(make_user(session))
    make_contact(session, "A", city="Oslo")
    values = visitor.get("/contacts/A/").form(CARD)
    with statements() as asked:
        visitor.post("/contacts/A/", {name: values[name] for name in ("csrf_token", "was-city")} | {"city": "Bergen"})
    assert len([s for s in asked if s.startswith("SELECT")]) <= 8


def test_a_home_page_is_shown_as_text(session, signed_in):
    make_contact(session, "A", home_page="javascript:alert(1)")
    assert not signed_in.get("/contacts/A/").has("//a[starts-with(@href,'javascript')]")


def test_names_are_escaped(session, signed_in):
    make_contact(session, "A", name="<b>Acme & Söhne</b>", city="<script>")
    page = signed_in.get("/contacts/A/")
    assert page.text("//h1") == "<b>Acme & Söhne</b>"
    assert "<script>alert" not in page.source


# deleting


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
