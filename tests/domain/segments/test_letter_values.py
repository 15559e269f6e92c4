"""The raw values logging keeps for letters (A6, segments.md 7.4)."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from domain.interactions.models import InteractionLogEntry, LetterValues, LoggedSegmentValues
from tests.domain.segments.ready import lines_of, log, make_ready_segment
from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_alt_address, make_contact, make_country, make_salutation, make_setup
from tests.factories.documents import make_letter
from tests.factories.segments import make_line
from tests.factories.setup import TODAY, make_language, make_salesperson


def entries(session):
    session.expire_all()
    return list(session.scalars(select(InteractionLogEntry).order_by(InteractionLogEntry.entry_no)))


def values_of(session):
    session.expire_all()
    return list(session.scalars(select(LetterValues).order_by(LetterValues.entry_id)))


def test_a6_the_raw_values_of_a_letter_are_kept(session):
    make_country(session, "SE")
    sp = make_salesperson(session, "PS", name="Peter", job_title="Seller", phone="1", email="p@us.com")
    mr = make_salutation(
        session, "MR", {("ENG", "formal"): ("Dear %1,", "surname"), (None, "informal"): ("Hi %1,", "first_name")}
    )
    company = make_contact(session, name="Nordlys AS", name_2="Dept")
    person = make_contact(
        session,
        "P1",
        name="Anna Maria Berg",
        company=company,
        address="Gatan 1",
        city="Lund",
        post_code="222 22",
        job_title="Buyer",
        phone="070",
        country_id=make_country(session, "SE").id,
        salutation_id=mr.id,
        email="anna@nordlys.com",
    )
    segment = make_ready_segment(session, "SM1", person, salesperson_id=sp.id)
    lines_of(session, segment)[0].comment = "Thanks!\n\nSee you."
    log(session, segment)
    (row,) = values_of(session)
    assert (row.contact_no, row.contact_type, row.name, row.first_name, row.middle_name, row.surname) == (
        "P1",
        "person",
        "Anna Maria Berg",
        person.first_name,
        person.middle_name,
        "Berg",
    )
    assert (row.company_name, row.company_name_2, row.job_title, row.phone) == ("Nordlys AS", "Dept", "Buyer", "070")
    assert (row.address, row.city, row.post_code, row.country_code) == ("Gatan 1", "Lund", "222 22", "SE")
    assert (row.mail_company_name, row.mail_company_name_2, row.mail_address, row.mail_country_code) == (
        "Nordlys AS",
        "Dept",
        "Gatan 1",
        "SE",
    )
    assert (row.formal_formula, row.informal_formula) == ("Dear %1,\nsurname\n\n\n\n", "Hi %1,\nfirst_name\n\n\n\n")
    assert (
        row.salesperson_code,
        row.salesperson_name,
        row.salesperson_job_title,
        row.salesperson_phone,
        row.salesperson_email,
    ) == (
        "PS",
        "Peter",
        "Seller",
        "1",
        "p@us.com",
    )
    assert (row.locale, row.comment, row.mail_to, row.finished, row.sha256) == (
        "en-GB",
        "Thanks!\n\nSee you.",
        "",
        None,
        "",
    )


def test_a6_what_letters_share_stands_once(session):
    campaign = make_campaign(session, "CP1", description="Fair")
    segment = make_ready_segment(session, "SM1", make_contact(session), make_contact(session), campaign_id=campaign.id)
    done = log(session, segment)
    (shared,) = session.scalars(select(LoggedSegmentValues))
    values = json.loads(shared.values)
    assert values["company"]["name"] == "Example Office"
    assert values["campaigns"] == {"CP1": "Fair"}
    assert values["today"] == TODAY.isoformat()
    assert shared.logged_segment_id == done.logged.id
    assert [row.values_id for row in values_of(session)] == [shared.id, shared.id]


def test_a6_an_entry_without_document_has_no_letter_values(session):
    segment = make_ready_segment(session, "SM1")
    make_line(session, segment, make_contact(session), no_document=True, correspondence_type="")
    log(session, segment)
    assert [row.entry_id for row in values_of(session)] == [entries(session)[0].id]


def test_7_4_a_the_alternative_address_is_where_the_letter_goes(session):
    company = make_contact(session, name="Nordlys AS", address="Main 1")
    person = make_contact(session, company=company, address="Main 1")
    make_alt_address(
        session,
        person,
        ranges=[(TODAY, TODAY)],
        address="Beach 2",
        city="Malmö",
        company_name="c/o Hotel",
        country_id=make_country(session, "DK").id,
    )
    make_alt_address(session, company, "FAIR", ranges=[(TODAY, None)], address="Fair 3")
    log(session, make_ready_segment(session, "SM1", person))
    (row,) = values_of(session)
    assert (row.mail_company_name, row.mail_address, row.mail_city, row.mail_country_code) == (
        "c/o Hotel",
        "Beach 2",
        "Malmö",
        "DK",
    )
    assert row.address == "Main 1"


@pytest.mark.parametrize(
    ("inherit", "street", "expected"),
    [
        (True, "Main 1", ("Nordlys AS", "Fair 3")),
        (True, "Own 9", ("Nordlys AS", "Own 9")),
        (False, "Main 1", ("Nordlys AS", "Main 1")),
    ],
)
def test_7_4_b_c_a_person_follows_its_company_to_the_fair(session, inherit, street, expected):
    make_setup(session, inherit_address=inherit)
    company = make_contact(session, name="Nordlys AS", address="Main 1", city="Lund")
    person = make_contact(session, company=company, address=street, city="Lund")
    make_alt_address(session, company, "FAIR", ranges=[(TODAY, None)], address="Fair 3")
    log(session, make_ready_segment(session, "SM1", person))
    (row,) = values_of(session)
    assert (row.mail_company_name, row.mail_address) == expected


def test_7_4_d_a_company_and_a_private_person_have_no_company_line(session):
    log(session, make_ready_segment(session, "SM1", make_contact(session), make_contact(session, type="person")))
    assert [row.mail_company_name for row in values_of(session)] == ["", ""]


def test_r_dl01_the_address_a_message_goes_to_is_kept(session):
    plain = make_contact(session, email="a@b.com", fax="1")
    away, no_mail_there = make_contact(session, email="a@b.com", fax="1"), make_contact(session, email="a@b.com")
    make_alt_address(session, away, ranges=[(TODAY, None)], email="away@b.com", fax="2")
    make_alt_address(session, no_mail_there, ranges=[(TODAY, None)])
    segment = make_ready_segment(session, "SM1", plain, away, no_mail_there, correspondence_type="email")
    make_line(session, segment, away, correspondence_type="fax")
    make_line(session, segment, plain, correspondence_type="hard_copy")
    log(session, segment)
    assert [row.mail_to for row in values_of(session)] == ["a@b.com", "away@b.com", "a@b.com", "2", ""]


def test_the_letter_of_a_line_speaks_its_own_language(session):
    segment = make_ready_segment(session, "SM1")
    swedish = make_language(session, "SVE", "sv-SE")
    make_line(
        session, segment, make_contact(session), language_id=swedish.id, document_id=make_letter(session, "Hej").id
    )
    log(session, segment)
    assert [row.locale for row in values_of(session)] == ["en-GB", "sv-SE"]
