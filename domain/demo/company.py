"""The demo company: contacts, campaigns and segments to explore with, made through the same verbs as one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.accounts.users import create_user
from domain.campaigns.campaigns import create_campaign
from domain.contacts.alt_addresses import add_alt_address, add_range
from domain.contacts.create import create_contact
from domain.contacts.edit import edit_contact
from domain.contacts.models import COMPANY, PERSON, Contact, Salutation
from domain.demo.classification import classify_demo_contacts
from domain.demo.company_data import COMPANIES, PEOPLE, SALESPEOPLE, DemoPerson
from domain.demo.making import Demo
from domain.demo.segments import create_demo_segments
from domain.demo.sign_ins import READER, DemoSignIn, make_sign_ins
from domain.demo.start import create_start_templates
from domain.demo.tasks import create_demo_tasks
from domain.errors import RuleViolation
from domain.messages import say
from domain.segments.models import Segment
from domain.setup.models import Country, Language, Salesperson
from domain.setup.queries import company_information
from domain.setup.salespeople import create_salesperson

RIGHT = "change setup"


@dataclass(frozen=True)
class DemoCompanyMade:
    """What was made. `sign_ins` holds the passwords: show them once."""

    companies: int
    persons: int
    segments: list[Segment]
    sign_ins: Sequence[DemoSignIn]


def create_demo_company(
    session: Session, *, sign_ins: Sequence[DemoSignIn] | None = None, by: Actor
) -> DemoCompanyMade:
    """Makes the demo: 12 companies, 40 persons, 4 salespeople, 3 campaigns, 4 open and 2 logged segments, 8 tasks,
    sign-ins.

    Everything is marked as demo and goes again with `remove_demo_company`. Give `sign_ins` (`make_sign_ins()`) where
    the transaction must be short: hashing passwords is slow. Raises `RuleViolation` when the demo is there already,
    and `Forbidden` unless the actor may change the setup.
    """
    by.must_be_allowed(RIGHT)
    office = company_information(session)
    if office.demo:
        raise RuleViolation(say("The demo company is there already."))
    create_start_templates(session, by=by)
    demo = Demo(by)
    _create_salespeople(session, demo)
    _create_companies(session, demo)
    for person in PEOPLE:
        _create_person(session, demo, person)
    _give_alternative_addresses(session, demo)
    classify_demo_contacts(session, demo)
    _create_campaigns(session, demo)
    segments = create_demo_segments(session, demo)
    create_demo_tasks(session, demo)
    sign_ins = make_sign_ins() if sign_ins is None else sign_ins
    for one in sign_ins:
        salesperson = demo.salespeople.get(one.salesperson)
        create_user(
            session,
            login=one.login,
            password_hash=one.password_hash,
            name=salesperson.name if salesperson else READER,
            role=one.role,
            salesperson_id=salesperson.id if salesperson else None,
            locale=by.locale,
            is_demo=True,
            by=by,
        )
    office.demo = True
    session.flush()
    return DemoCompanyMade(len(COMPANIES), len(PEOPLE), segments, sign_ins)


def _create_salespeople(session: Session, demo: Demo) -> None:
    for code, name, job_title, phone, email in SALESPEOPLE:
        used = set(session.scalars(select(Salesperson.code)))
        free = next(one for one in chain([code], (f"{code}{number}" for number in count(2))) if one not in used)
        demo.salespeople[code] = create_salesperson(
            session, code=free, name=name, job_title=job_title, phone=phone, email=email, is_demo=True, by=demo.by
        )


def _create_companies(session: Session, demo: Demo) -> None:
    for one in COMPANIES:
        values = {
            "type": COMPANY,
            "name": one.name,
            "address": one.address,
            "post_code": one.post_code,
            "city": one.city,
            "phone": one.phone,
            "email": one.email,
            "country": one.country,
            "language": one.language,
            "salesperson": one.salesperson,
            "salutation": "COMPANY",
        }
        demo.contacts[one.key] = _create(session, demo, values | one.more)


def _create_person(session: Session, demo: Demo, person: DemoPerson) -> None:
    values: dict[str, Any] = {
        "type": PERSON,
        "first_name": person.first_name,
        "surname": person.surname,
        "job_title": person.job_title,
        "salutation": person.salutation,
    }
    own = {"email": person.email, **person.more}
    if not person.company:
        contact = _create(session, demo, values | own)
    else:
        # a person takes over what its company has; what is its own is written afterwards, as people do
        contact = _create(session, demo, values | {"company_id": demo.contacts[person.company].id})
        edit_contact(session, contact, _with_ids(session, demo, own), by=demo.by)
    demo.contacts[f"{person.first_name} {person.surname}"] = contact


def _create(session: Session, demo: Demo, values: dict[str, Any]) -> Contact:
    contact = create_contact(session, values=_with_ids(session, demo, values), by=demo.by)
    contact.is_demo = True
    session.flush()
    return contact


def _with_ids(session: Session, demo: Demo, values: dict[str, Any]) -> dict[str, Any]:
    """The values with codes of countries, languages, salutations and salespeople replaced by their ids."""
    found = dict(values)
    for name, column in (("country", Country.iso_code), ("language", Language.code), ("salutation", Salutation.code)):
        if name in found:
            table = column.class_
            found[f"{name}_id"] = session.scalar(select(table.id).where(column == found.pop(name)).limit(1))
    if "salesperson" in found:
        found["salesperson_id"] = demo.salespeople[found.pop("salesperson")].id
    return found


def _give_alternative_addresses(session: Session, demo: Demo) -> None:
    """Two addresses whose days overlap: the one that began last counts (R-L05)."""
    contact = demo.contacts["Imogen Harbour"]
    for code, address, city, start, end in (
        ("WORKSHOP", "Old Boathouse, Redcliffe Back", "Bristol", -90, 90),
        ("COAST", "2 Fisherman’s Row", "Lyme Regis", -14, 30),
    ):
        made = add_alt_address(
            session,
            contact,
            {"code": code, "address": address, "city": city, "country_id": contact.country_id},
            by=demo.by,
        )
        add_range(session, contact, made, start=demo.day(start), end=demo.day(end), by=demo.by)
    contact = demo.contacts["Gunvor Östergren"]
    made = add_alt_address(
        session,
        contact,
        {"code": "SOMMAR", "address": "Strandvägen 4", "post_code": "450 46", "city": "Hunnebostrand"},
        by=demo.by,
    )
    add_range(session, contact, made, start=demo.day(-400), end=demo.day(-300), by=demo.by)


def _create_campaigns(session: Session, demo: Demo) -> None:
    for description, start, end, salesperson in (
        (say("Spring catalogue"), -150, -60, "AH"),
        (say("Open house"), -20, 40, "LC"),
        (say("Customer survey"), -5, 90, "JP"),
    ):
        campaign = create_campaign(
            session,
            description=demo.by.write(description),
            starting_date=demo.day(start),
            ending_date=demo.day(end),
            salesperson_id=demo.salespeople[salesperson].id,
            is_demo=True,
            by=demo.by,
        )
        demo.campaigns.append(campaign)
