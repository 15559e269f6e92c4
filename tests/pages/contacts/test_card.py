"""The card of a contact: who may do what, what stands around it, how much it asks."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.domain.contacts.worksheet import put_on_segment
from tests.factories.classification import give_codes, make_code, make_questionnaire
from tests.factories.contacts import make_alt_address, make_contact
from tests.factories.documents import make_document
from tests.factories.interactions import make_entry
from tests.factories.setup import make_language, make_user
from tests.factories.tasks import make_task
from tests.pages.contacts.card import CARD, save
from tests.pages.visitor import Visitor

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
