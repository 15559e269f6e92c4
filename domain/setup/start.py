"""What "Start empty" puts into a new database as far as the setup goes.

The salutations follow by domain/contacts/starting_salutations.py.
"""

from __future__ import annotations

from zoneinfo import available_timezones

from babel.numbers import list_currencies
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.errors import RuleViolation
from domain.messages import say
from domain.setup.country_names import iso_countries
from domain.setup.models import (
    CompanyInformation,
    Counter,
    Country,
    Language,
    MarketingSetup,
    NumberSeries,
    NumberSeriesLine,
)
from domain.types import code

# code, name, locale (decisions B20)
LANGUAGES = (
    ("ENG", "English (United Kingdom)", "en-GB"),
    ("ENU", "English (United States)", "en-US"),
    ("FRC", "French (Canada)", "fr-CA"),
    ("FRS", "French (Switzerland)", "fr-CH"),
    ("FRA", "French (France)", "fr-FR"),
    ("DEU", "German (Germany)", "de-DE"),
    ("DES", "German (Switzerland)", "de-CH"),
    ("SVE", "Swedish", "sv-SE"),
    ("DAN", "Danish", "da-DK"),
    ("NOR", "Norwegian", "nb-NO"),
    ("FIN", "Finnish", "fi-FI"),
    ("NLD", "Dutch", "nl-NL"),
    ("ITA", "Italian", "it-IT"),
    ("ESP", "Spanish", "es-ES"),
)

# purpose, code, description, first number
NUMBER_SERIES = (
    ("contact", "CONT", say("Contacts"), "CT000001"),
    ("segment", "SEGM", say("Segments"), "SM00001"),
    ("campaign", "CAMP", say("Campaigns"), "CP0001"),
    ("task", "TASK", say("Tasks"), "TD000001"),
)

COUNTERS = ("interaction", "logged_segment", "campaign_entry")


def create_office(
    session: Session,
    *,
    name: str,
    currency: str,
    time_zone: str,
    language_code: str = "ENG",
    country_code: str = "",
    by: Actor,
) -> CompanyInformation:
    """Number series, languages, countries, Marketing setup and company information of a new office.

    `language_code` (one of `LANGUAGES`) becomes the default language of contacts. Raises `RuleViolation` on the fields
    "name", "currency", "time_zone", "language_code", "country_code", and when the office is there already.
    """
    if session.get(CompanyInformation, 1) is not None:
        raise RuleViolation(say("The office has already been set up."))
    name, currency = name.strip(), code(currency)
    _refuse_unknown(name, currency, time_zone)
    languages = {c: Language(code=c, name=n, locale=locale) for c, n, locale in LANGUAGES}
    countries = {c: Country(code=c, name=n, iso_code=c, address_format=f) for c, n, f in iso_countries()}
    if code(language_code) not in languages:
        raise RuleViolation(say("There is no language %(text)s.", text=language_code[:50]), field="language_code")
    if code(country_code) and code(country_code) not in countries:
        raise RuleViolation(say("There is no country/region %(text)s.", text=country_code[:50]), field="country_code")
    series = {
        purpose: NumberSeries(code=c, description=by.write(text), lines=[NumberSeriesLine(starting_no=first)])
        for purpose, c, text, first in NUMBER_SERIES
    }
    session.add_all([*languages.values(), *countries.values(), *series.values()])
    session.add_all(Counter(name=counter) for counter in COUNTERS)
    session.flush()
    country = countries.get(code(country_code))
    office = CompanyInformation(
        id=1, name=name, currency=currency, time_zone=time_zone, country_id=country.id if country else None
    )
    setup = MarketingSetup(
        id=1,
        default_language_id=languages[code(language_code)].id,
        **{f"{purpose}_series_id": one.id for purpose, one in series.items()},
    )
    session.add_all([office, setup])
    session.flush()
    return office


def _refuse_unknown(name: str, currency: str, time_zone: str) -> None:
    if not name:
        raise RuleViolation(say("Enter the name of your company."), field="name")
    if len(name) > 100:
        raise RuleViolation(say("The name can have up to %(length)s characters.", length=100), field="name")
    if currency not in list_currencies():
        raise RuleViolation(say("There is no currency %(text)s.", text=currency[:20]), field="currency")
    if time_zone not in available_timezones():
        raise RuleViolation(say("There is no time zone %(text)s.", text=time_zone[:50]), field="time_zone")
