"""An invented contact, so that a letter can be looked at before anybody gets it (R-M05)."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Integer, cast, literal, null, select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.models import PERSON
from domain.contacts.salutations import FORMAL, INFORMAL, formula_for, unpacked
from domain.letters.address_block import Country as CountryFacts
from domain.letters.salutations import Formula
from domain.letters.values import COMPANY, RawValues, finished_values
from domain.setup.models import Country, Language, Salesperson
from domain.setup.queries import company_information

# per language of the locale: first name, surname, company, job title, street, post code, city, country (ISO), comment
PEOPLE: Mapping[str, tuple[str, ...]] = {
    "en": ("Helen", "Marsh", "Marsh & Daughters Ltd", "Office Manager", "14 Quarry Lane", "BA1 5LN", "Bath", "GB",
           "It was good to meet you in person last week."),
    "fr": ("Élodie", "Favre", "Favre & Cie SA", "Responsable des achats", "Rue du Port 12", "1003", "Lausanne", "CH",
           "J’ai eu grand plaisir à vous rencontrer la semaine dernière."),
    "fr-CA": ("Noémie", "Gagnon", "Gagnon & Fils inc.", "Directrice des achats", "825, rue Saint-Paul", "G1K 3V7",
              "Québec", "CA", "J’ai eu grand plaisir à vous rencontrer la semaine dernière."),
    "sv": ("Åsa", "Björklund", "Björklund & Söner AB", "Inköpschef", "Hamngatan 8", "411 06", "Göteborg", "SE",
           "Det var roligt att träffas förra veckan."),
    "de": ("Jürgen", "Öttinger", "Öttinger & Söhne GmbH", "Einkaufsleiter", "Mühlweg 3", "79098", "Freiburg", "DE",
           "Es hat mich gefreut, Sie letzte Woche kennenzulernen."),
}  # fmt: skip


def sample_values(
    session: Session, language: Language, *, description: str = "", subject: str = "", by: Actor
) -> dict[str, str]:
    """Tag → text of a letter to an invented contact in `language`, with the office and the actor's salesperson as they are."""
    locale = language.locale or "en-GB"
    first_name, surname, company, job_title, address, post_code, city, iso_code, comment = (
        PEOPLE.get(locale) or PEOPLE.get(locale.split("-")[0]) or PEOPLE["en"]
    )
    country = session.scalar(select(Country.code).where(Country.iso_code == iso_code).order_by(Country.code).limit(1))
    name = f"{first_name} {surname}"
    raw = RawValues(
        entry_no=1,
        contact_no="C00001",
        contact_type=PERSON,
        name=name,
        first_name=first_name,
        surname=surname,
        initials=f"{first_name[0]}. {surname[0]}.",
        company_name=company,
        job_title=job_title,
        address=address,
        post_code=post_code,
        city=city,
        country_code=country or "",
        phone="+00 12 345 67 89",
        email="name@example.com",
        mail_company_name=company,
        mail_address=address,
        mail_post_code=post_code,
        mail_city=city,
        mail_country_code=country or "",
        document_date=by.work_date,
        today=by.today,
        segment_no="SM00001",
        description=description,
        subject=subject,
        comment=comment,
        formal_formula=_formula(session, language, FORMAL),
        informal_formula=_formula(session, language, INFORMAL),
        company=_company(session),
    )
    _add_salesperson(session, raw, by)
    return finished_values(raw, locale, countries=_countries(session))


def _formula(session: Session, language: Language, kind: str) -> str:
    """The formula persons without salutation get in this language (B11)."""
    contact = select(cast(null(), Integer).label("salutation_id"), literal(PERSON).label("type")).subquery()
    found = unpacked(session.scalar(select(formula_for(contact.c, language.id, kind)).select_from(contact)) or "")
    return Formula(found.text, found.names).stored() if found else ""


def _company(session: Session) -> dict[str, str]:
    office = company_information(session)
    values = {name: getattr(office, name) for name in COMPANY}
    return values | {"country_code": office.country.code if office.country else ""}


def _add_salesperson(session: Session, raw: RawValues, by: Actor) -> None:
    own = session.get(Salesperson, by.salesperson_id) if by.salesperson_id else None
    person = own or session.scalar(select(Salesperson).order_by(Salesperson.code).limit(1))
    if person is not None:
        raw["salesperson_code"] = person.code
        raw["salesperson_name"] = person.name
        raw["salesperson_job_title"] = person.job_title
        raw["salesperson_phone"] = person.phone
        raw["salesperson_email"] = person.email


def _countries(session: Session) -> dict[str, CountryFacts]:
    found = session.execute(select(Country.code, Country.iso_code, Country.address_format, Country.name))
    return {
        code: CountryFacts(iso_code=iso_code, address_format=address_format, name=name)
        for code, iso_code, address_format, name in found
    }
