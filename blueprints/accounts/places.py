"""Choices and guesses of the first run: currencies, time zones, countries, languages (from CLDR through Babel)."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from babel.numbers import get_territory_currencies
from flask import request

from blueprints.web.languages import choose_locale
from domain.setup.country_names import iso_countries
from domain.setup.start import LANGUAGES
from domain.types import sort_key

REGIONS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
# where most people of a country with several time zones live
BUSIEST = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "DE": "Europe/Berlin",
    "ES": "Europe/Madrid",
    "MX": "America/Mexico_City",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
    "US": "America/New_York",
}


@cache
def currencies() -> tuple[str, ...]:
    """The ISO codes of every currency that is legal tender somewhere today."""
    return tuple(
        sorted({code for territory in get_global("territory_zones") for code in get_territory_currencies(territory)})
    )


@cache
def time_zones() -> dict[str, list[tuple[str, str]]]:
    """Time zones by part of the world, as choices."""
    groups: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for zone in sorted(available_timezones()):
        region, _, place = zone.partition("/")
        if region in groups:
            groups[region].append((zone, place.replace("_", " ")))
    return groups | {"UTC": [("UTC", "UTC")]}


def currency_choices(locale: str) -> list[tuple[str, str]]:
    """Currencies by code, with their names in the reader's language."""
    names = Locale.parse(locale).currencies
    return [(code, f"{code} – {names.get(code, code)}") for code in currencies()]


def country_choices(locale: str) -> list[tuple[str, str]]:
    """Countries by name in the reader's language."""
    names = Locale.parse(locale).territories
    found = [(code, names.get(iso, name)) for code, name, iso in ((c, n, c) for c, n, _ in iso_countries())]
    return sorted(found, key=lambda one: sort_key(one[1]))


def language_choices() -> list[tuple[str, str]]:
    """The languages a new office has, named in the reader's language."""
    reader = choose_locale()
    names = ((code, Locale.parse(tag, sep="-").get_display_name(reader) or name) for code, name, tag in LANGUAGES)
    return [(code, name[:1].upper() + name[1:]) for code, name in names]


def guess(locale: str) -> dict[str, str]:
    """What is probably meant, from the languages the browser prefers: country, currency, time zone, language."""
    tags = [tag.replace("_", "-") for tag in request.accept_languages.values()] + [locale.replace("_", "-")]
    regions = get_global("territory_zones")
    territory = next(
        (tag.split("-")[-1].upper() for tag in tags if tag.split("-")[-1].upper() in regions and "-" in tag), "GB"
    )
    language = next((code for tag in tags for code, _, ours in LANGUAGES if ours.lower() == tag.lower()), "ENG")
    return {
        "country_code": territory,
        "currency": next(iter(get_territory_currencies(territory)), "EUR"),
        "time_zone": BUSIEST.get(territory) or next(iter(regions[territory]), "UTC"),
        "language_code": language,
        "locale": locale,
    }
