"""What a letter says: the raw values kept for a line or an entry, made into texts in the letter's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TypedDict

from babel import Locale
from babel.dates import format_date

from domain.letters.address_block import (
    Address,
    AddressFormat,
    ContactPosition,
    Country,
    address_lines,
    as_locale,
    country_name,
)
from domain.letters.context import ISO
from domain.letters.letter_code import letter_code
from domain.letters.ooxml import plain
from domain.letters.salutations import Formula, salutation

LONG_DATES = {
    "en": "d MMMM y",
    "en_US": "MMMM d, y",
    "fr": "d MMMM y",
    "sv": "d MMMM y",
    "de": "d. MMMM y",
    "da": "d. MMMM y",
    "nb": "d. MMMM y",
    "nn": "d. MMMM y",
    "no": "d. MMMM y",
    "fi": "d. MMMM y",
    "nl": "d MMMM y",
    "it": "d MMMM y",
    "es": "d 'de' MMMM 'de' y",
}
CONTACT = (
    "name", "name_2", "company_name", "first_name", "middle_name", "surname", "initials", "courtesy_title",
    "job_title", "address", "address_2", "post_code", "city", "county", "phone", "mobile", "fax", "email",
    "home_page", "vat_no",
)  # fmt: skip
COMPANY = (
    "name", "name_2", "address", "address_2", "post_code", "city", "county", "vat_no", "registration_no",
    "phone", "fax", "email", "home_page", "bank_branch_no", "bank_name", "bank_account_no", "giro_no", "iban",
    "swift",
)  # fmt: skip
SALESPERSON = (
    "code", "name", "job_title", "phone", "email",
)  # fmt: skip
DOCUMENT = (
    "campaign_no", "segment_no", "description", "subject", "evaluation",
)  # fmt: skip


class RawValues(TypedDict, total=False):
    """The values as they are stored (decisions A6); the names are those of the columns of `letter_values`.

    `mail_…` is the address the letter goes to, the rest of the address fields the contact's main one. `formal_formula`
    and `informal_formula` are `Formula.stored()`, '' for the name alone. `company` and `campaign_description` are
    shared by all letters.
    """

    entry_no: int | str
    contact_no: str
    contact_type: str
    name: str
    name_2: str
    company_name: str
    company_name_2: str
    first_name: str
    middle_name: str
    surname: str
    initials: str
    courtesy_title: str
    job_title: str
    address: str
    address_2: str
    post_code: str
    city: str
    county: str
    country_code: str
    phone: str
    mobile: str
    fax: str
    email: str
    home_page: str
    vat_no: str
    mail_company_name: str
    mail_company_name_2: str
    mail_address: str
    mail_address_2: str
    mail_post_code: str
    mail_city: str
    mail_county: str
    mail_country_code: str
    mail_to: str
    formal_formula: str
    informal_formula: str
    salesperson_code: str
    salesperson_name: str
    salesperson_job_title: str
    salesperson_phone: str
    salesperson_email: str
    document_date: dt.date | str | None
    today: dt.date | str | None
    campaign_no: str
    campaign_description: str
    segment_no: str
    description: str
    subject: str
    evaluation: str
    comment: str
    company: Mapping[str, str]


def finished_values(
    raw: RawValues,
    locale: str,
    *,
    countries: Mapping[str, Country] | None = None,
    own_country: str | None = None,
    contact_position: str = ContactPosition.AFTER_COMPANY_NAME,
) -> dict[str, str]:
    """Tag → text, in the order of the fields, ready for `CompiledLetter.letter` and for storing as JSON.

    `locale`: of the letter's language (`fr-CH`). `countries`: code → what is known of it. `own_country`: addresses in
    this country get no country line. Besides the fields: `locale`, and the ISO form of the dates (`document.date.iso`)
    for letters with a picture.
    """
    language = as_locale(locale)
    texts = {
        "entry_no": _text(raw.get("entry_no")),
        "letter_code": letter_code(raw.get("entry_no")),
        "contact.mail_address": "\n".join(_mail_lines(raw, language, countries, own_country, contact_position)),
    }
    texts["contact.no"] = _text(raw.get("contact_no"))
    texts |= {f"contact.{name}": _text(raw.get(name)) for name in CONTACT}
    texts["contact.country"] = country_name(_text(raw.get("country_code")), language, countries)
    for kind in ("formal", "informal"):
        stored = _text(raw.get(f"{kind}_formula"))
        texts[f"salutation.{kind}"] = salutation(Formula.from_stored(stored) if stored else None, raw)
    texts |= {f"salesperson.{name}": _text(raw.get(f"salesperson_{name}")) for name in SALESPERSON}
    texts |= {f"document.{name}": _text(raw.get(name)) for name in DOCUMENT}
    texts["campaign.description"] = _text(raw.get("campaign_description"))
    company = raw.get("company") or {}
    texts |= {f"company.{name}": _text(company.get(name)) for name in COMPANY}
    texts["company.country"] = country_name(_text(company.get("country_code")), language, countries)
    texts |= {"mail_to": _text(raw.get("mail_to")), "comment": _text(raw.get("comment"))}
    for tag, value in (("document.date", raw.get("document_date")), ("today", raw.get("today"))):
        date = dt.date.fromisoformat(value) if isinstance(value, str) and value else value or None
        texts[tag] = letter_date(date, language) if isinstance(date, dt.date) else ""
        texts[tag + ISO] = date.isoformat() if isinstance(date, dt.date) else ""
    return texts | {"locale": locale}


def letter_date(date: dt.date, locale: Locale) -> str:
    """A date as it stands at the head of a letter: "3 September 2026", "1er septembre 2026", "3. September 2026"."""
    pattern = LONG_DATES.get(str(locale)) or LONG_DATES.get(locale.language)
    if pattern is None:
        return str(format_date(date, "long", locale=locale))
    if locale.language == "fr" and date.day == 1:
        pattern = pattern.replace("d", "d'er'", 1)
    return str(format_date(date, pattern, locale=locale))


def _mail_lines(
    raw: RawValues,
    locale: Locale,
    countries: Mapping[str, Country] | None,
    own_country: str | None,
    contact_position: str,
) -> list[str]:
    code = _text(raw.get("mail_country_code"))
    known = (countries or {}).get(code)
    return address_lines(
        Address(
            name=_text(raw.get("name")),
            name_2=_text(raw.get("name_2")),
            company_name=_text(raw.get("mail_company_name")),
            company_name_2=_text(raw.get("mail_company_name_2")),
            address=_text(raw.get("mail_address")),
            address_2=_text(raw.get("mail_address_2")),
            post_code=_text(raw.get("mail_post_code")),
            city=_text(raw.get("mail_city")),
            county=_text(raw.get("mail_county")),
            country="" if code == own_country else country_name(code, locale, countries),
        ),
        address_format=known.address_format if known else AddressFormat.POST_CODE_CITY,
        contact_position=contact_position,
    )


def _text(value: object) -> str:
    return "" if value is None else plain(value)
