"""Questions about the setup."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from domain.database import folded
from domain.errors import NotFound
from domain.messages import Message, say
from domain.setup.country_names import CountryFinder
from domain.setup.language_names import LanguageFinder
from domain.setup.models import CompanyInformation, Country, Language, MarketingSetup, NumberSeries, Salesperson
from domain.types import code, fold

Row = TypeVar("Row", Language, Country, Salesperson)


def marketing_setup(session: Session) -> MarketingSetup:
    """The one row of settings. Raises `NotFound` before first run."""
    setup = session.get(MarketingSetup, 1)
    if setup is None:
        raise NotFound(say("The office has not been set up yet."))
    return setup


def company_information(session: Session) -> CompanyInformation:
    """The one row about the office. Raises `NotFound` before first run."""
    office = session.get(CompanyInformation, 1)
    if office is None:
        raise NotFound(say("The office has not been set up yet."))
    return office


def language_list() -> Select[Language]:
    """All languages in code order."""
    return select(Language).order_by(Language.code)


def country_list() -> Select[Country]:
    """All countries in the order of their names."""
    return select(Country).order_by(folded(Country.name), Country.code)


def salesperson_list(*, include_blocked: bool = False) -> Select[Salesperson]:
    """Salespeople in code order; blocked ones are not offered for choosing (contacts.md 1.6)."""
    people = select(Salesperson).order_by(Salesperson.code)
    return people if include_blocked else people.where(Salesperson.blocked.is_(False))


def number_series_list() -> Select[NumberSeries]:
    """All number series in code order."""
    return select(NumberSeries).order_by(NumberSeries.code)


def language_finder(session: Session) -> LanguageFinder:
    """Finds languages by code, locale tag or name (B20); one statement, for work on many rows."""
    setup = session.get(MarketingSetup, 1)
    return LanguageFinder(
        session.scalars(language_list()).all(), default_id=setup.default_language_id if setup else None
    )


def country_finder(session: Session) -> CountryFinder:
    """Finds countries by code, ISO code or name in several languages; one statement, for work on many rows."""
    return CountryFinder(session.scalars(country_list()).all())


def find_language(session: Session, text: str) -> Language | None:
    """The language with this code, locale tag ("fr-CH", "sv") or name in English, French, Swedish or its own (B20)."""
    return language_finder(session).find(text)


def get_language(session: Session, text: str) -> Language:
    """As `find_language`. Raises `NotFound`."""
    language = find_language(session, text)
    if language is None:
        raise NotFound(say("There is no language %(text)s.", text=text[:50]))
    return language


def find_country(session: Session, text: str) -> Country | None:
    """The country with this code, ISO code (2 or 3 letters) or name in English, French, Swedish, German or its own."""
    return country_finder(session).find(text)


def get_country(session: Session, text: str) -> Country:
    """As `find_country`. Raises `NotFound`."""
    country = find_country(session, text)
    if country is None:
        raise NotFound(say("There is no country/region %(text)s.", text=text[:50]))
    return country


def find_salesperson(session: Session, text: str) -> Salesperson | None:
    """The salesperson with this code, else the only one with this name or e-mail address (case ignored)."""
    text = text.strip()
    if not text or "\x00" in text:
        return None
    by_code = session.scalar(select(Salesperson).where(Salesperson.code == code(text)))
    if by_code is not None:
        return by_code
    same = or_(folded(Salesperson.name) == fold(text), folded(Salesperson.email) == fold(text))
    found = session.scalars(select(Salesperson).where(same).limit(2)).all()
    return found[0] if len(found) == 1 else None


def look_up_salespeople(session: Session, text: str, limit: int = 20) -> list[Salesperson]:
    """Salespeople who are not blocked, whose code begins with the text or whose name contains it, in code order."""
    typed = text.replace("\x00", "").strip()[:100]
    fitting = or_(
        Salesperson.code.startswith(code(typed), autoescape=True),
        folded(Salesperson.name).contains(fold(typed), autoescape=True),
    )
    return list(session.scalars(salesperson_list().where(fitting).limit(limit)))


def get_salesperson(session: Session, text: str) -> Salesperson:
    """As `find_salesperson`. Raises `NotFound`."""
    salesperson = find_salesperson(session, text)
    if salesperson is None:
        raise NotFound(say("There is no salesperson %(text)s.", text=text[:50]))
    return salesperson


def get_language_by_code(session: Session, text: str) -> Language:
    """The language with exactly this code. Raises `NotFound`."""
    return _by_code(session, Language, text, say("There is no language %(text)s.", text=text[:50]))


def get_country_by_code(session: Session, text: str) -> Country:
    """The country with exactly this code. Raises `NotFound`."""
    return _by_code(session, Country, text, say("There is no country/region %(text)s.", text=text[:50]))


def get_salesperson_by_code(session: Session, text: str) -> Salesperson:
    """The salesperson with exactly this code. Raises `NotFound`."""
    return _by_code(session, Salesperson, text, say("There is no salesperson %(text)s.", text=text[:50]))


def _by_code(session: Session, table: type[Row], text: str, missing: Message) -> Row:
    found = None if "\x00" in text else session.scalar(select(table).where(table.code == code(text)))
    if found is None:
        raise NotFound(missing)
    return found


def find_number_series(session: Session, text: str) -> NumberSeries | None:
    """The number series with this code."""
    return None if "\x00" in text else session.scalar(select(NumberSeries).where(NumberSeries.code == code(text)))


def get_number_series(session: Session, text: str) -> NumberSeries:
    """As `find_number_series`. Raises `NotFound`."""
    series = find_number_series(session, text)
    if series is None:
        raise NotFound(say("There is no number series %(text)s.", text=text[:50]))
    return series


def matching(people: Select[Any], columns: list[Any], search: str) -> Select[Any]:
    """Keeps the rows in which one of the columns contains every word of `search`, case ignored."""
    for word in fold(search).replace("\x00", "").split()[:10]:
        people = people.where(or_(*(folded(column).contains(word[:100], autoescape=True) for column in columns)))
    return people


def count_of(session: Session, rows: Select[Any]) -> int:
    """How many rows a select gives."""
    return session.scalar(select(func.count()).select_from(rows.order_by(None).subquery())) or 0
