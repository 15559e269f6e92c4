"""The address as it stands on an envelope: up to eight lines without holes (segments.md 7.4, contacts.md 1.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from babel import Locale, UnknownLocaleError

MAX_LINES = 8


class AddressFormat(StrEnum):
    """How a country writes post code, city and county."""

    POST_CODE_CITY = "post_code_city"
    CITY_POST_CODE = "city_post_code"
    CITY_COUNTY_POST_CODE = "city_county_post_code"
    BLANK_LINE_POST_CODE_CITY = "blank_line_post_code_city"


class ContactPosition(StrEnum):
    """Where the person stands among the lines."""

    FIRST = "first"
    AFTER_COMPANY_NAME = "after_company_name"
    LAST = "last"


@dataclass(frozen=True)
class Address:
    """What an address is made of. For a contact without company `name` and `name_2` are the first lines."""

    name: str = ""
    name_2: str = ""
    company_name: str = ""
    company_name_2: str = ""
    address: str = ""
    address_2: str = ""
    post_code: str = ""
    city: str = ""
    county: str = ""
    country: str = ""


def address_lines(
    address: Address,
    *,
    address_format: str = AddressFormat.POST_CODE_CITY,
    contact_position: str = ContactPosition.AFTER_COMPANY_NAME,
) -> list[str]:
    """The lines, blank ones squeezed out; only the format that wants it has an empty line before the post code.

    `address.country` is the country's name as it is to be printed ('' for no such line).
    """
    at_company = [_clean(address.company_name), _clean(address.company_name_2)]
    person = [_clean(address.name)]
    if not any(at_company) or at_company[0] == person[0]:
        names = [
            *(at_company[:1] if at_company[0] == person[0] and person[0] else person),
            _clean(address.name_2),
            *at_company[1:],
        ]
        person = []
    else:
        names = at_company
    where = [_clean(address.address), _clean(address.address_2)]
    town = _town(address, address_format)
    country = [_clean(address.country)]
    order = {
        ContactPosition.FIRST: [*person, *names, *where, *town, *country],
        ContactPosition.LAST: [*names, *where, *town, *country, *person],
    }.get(ContactPosition(contact_position), [*names, *person, *where, *town, *country])
    lines = [line for line in order if line]
    if address_format == AddressFormat.BLANK_LINE_POST_CODE_CITY and town[0] in lines[1:]:
        lines.insert(lines.index(town[0], 1), "")
    return lines[:MAX_LINES]


def _town(address: Address, address_format: str) -> list[str]:
    post_code, city, county = _clean(address.post_code), _clean(address.city), _clean(address.county)
    if address_format == AddressFormat.CITY_POST_CODE:
        return [", ".join(part for part in (city, post_code) if part), county]
    if address_format == AddressFormat.CITY_COUNTY_POST_CODE:
        county_and_code = " ".join(part for part in (county, post_code) if part)
        return [", ".join(part for part in (city, county_and_code) if part)]
    return [" ".join(part for part in (post_code, city) if part), county]


def _clean(text: str) -> str:
    return " ".join(text.split())


@dataclass(frozen=True)
class Country:
    """What is known of a country code: its ISO code, its format and the name somebody gave it."""

    iso_code: str = ""
    address_format: str = AddressFormat.POST_CODE_CITY
    name: str = ""


def country_name(code: str, locale: Locale, countries: Mapping[str, Country] | None = None) -> str:
    """The name of a country in the letter's language; the name it was given when CLDR knows none, '' for an unknown
    code.
    """
    country = (countries or {}).get(code)
    iso_code = (country.iso_code if country else "") or code
    known = locale.territories.get(iso_code.upper())
    return str(known) if known else country.name if country else ""


def as_locale(tag: str) -> Locale:
    """`fr-CH` as Babel's locale; English (UK) for a tag that nobody knows."""
    try:
        return Locale.parse(tag.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en", "GB")
