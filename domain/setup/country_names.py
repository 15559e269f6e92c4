"""Countries of the world with the way addresses are written there, and the names people use for them.

Names come from CLDR (Babel); the address formats are our own table (contacts.md 1.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from babel import Locale
from babel.core import get_global
from babel.languages import get_official_languages

from domain.setup.language_names import NAMED_IN, parse_locale
from domain.setup.models import Country
from domain.types import code, find_key

# two-letter territories of CLDR that are not countries of ISO 3166-1
_NOT_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})

# "City, County Post Code": the state or province belongs into the line of the city
_WITH_COUNTY = "US AS GU MP PR UM VI FM MH PW CA AU CC CX NF IE BR CO TH TW SV"
# "City, Post Code": the postcode follows the city
_CITY_FIRST = (
    "GB GG IM JE GI FK BM IO PN SH GS KY VG TC MS AI NZ CK NU TK IN ZA SG JP KR ID VN PK BD LK NP BT MV KH MM BN "
    "SA JO LB IQ KE NG LV UA MT PE VE CY LS SZ"
)
# Everywhere else: "Post Code City". The blank line before it has gone out of use; offices may choose it.
ADDRESS_FORMAT_OF = {
    **dict.fromkeys(_WITH_COUNTY.split(), "city_county_post_code"),
    **dict.fromkeys(_CITY_FIRST.split(), "city_post_code"),
}

_OTHER_NAMES = {
    "US": ("USA", "U.S.A.", "U.S.", "United States of America", "Förenta staterna", "États-Unis d’Amérique"),
    "GB": ("UK", "U.K.", "Great Britain", "England", "Scotland", "Wales", "Northern Ireland", "Grande-Bretagne",
           "Angleterre", "Storbritannien", "Großbritannien"),
    "NL": ("Holland", "The Netherlands", "Hollande"),
    "CZ": ("Czech Republic", "République tchèque", "Tjeckiska republiken"),
    "IE": ("Eire", "Republic of Ireland"),
    "RU": ("Russian Federation",),
    "KR": ("Korea", "Republic of Korea"),
    "TR": ("Turkey",),
    "MK": ("Macedonia",),
    "CI": ("Ivory Coast",),
    "HK": ("Hong Kong",),
    "MO": ("Macao", "Macau"),
    "VN": ("Viet Nam",),
    "AE": ("UAE",),
}  # fmt: skip


def iso_countries() -> list[tuple[str, str, str]]:
    """(ISO code, English name, address format) of every country, in code order."""
    names = {str(one): name for one, name in Locale("en").territories.items()}
    codes = sorted(one for one in names if len(one) == 2 and one.isalpha() and one not in _NOT_COUNTRIES)
    return [(one, names[one], address_format_of(one)) for one in codes]


def address_format_of(iso_code: str) -> str:
    """How the line with the city is written in a country: one of `ADDRESS_FORMATS`."""
    return ADDRESS_FORMAT_OF.get(iso_code, "post_code_city")


@lru_cache(maxsize=1)
def iso_codes_by_name() -> dict[str, str]:
    """ISO codes by folded name: English, French, Swedish, German, the country's own languages, common names."""
    codes: dict[str, str] = {}
    for iso, _, _ in iso_countries():
        own = [str(tag) for tag in get_official_languages(iso, de_facto=True)]
        for tag in (*NAMED_IN, *own):
            locale = parse_locale(tag)
            name = locale.territories.get(iso) if locale else None
            if name:
                codes.setdefault(find_key(name), iso)
    for iso, names in _OTHER_NAMES.items():
        codes.update({find_key(name): iso for name in names})
    for alias, targets in get_global("territory_aliases").items():
        if len(alias) == 3 and alias.isalpha() and len(targets) == 1:
            codes.setdefault(alias.lower(), str(targets[0]))
    return codes


@lru_cache(maxsize=1)
def _names_by_iso_code() -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for name, iso in iso_codes_by_name().items():
        names.setdefault(iso, []).append(name)
    return names


def names_of_country(iso_code: str) -> list[str]:
    """The folded names that lead to a country, its ISO code with three letters among them."""
    return _names_by_iso_code().get(iso_code, [])


class CountryFinder:
    """Finds among the countries of the office."""

    def __init__(self, countries: Sequence[Country]) -> None:
        self._by_code = {one.code: one for one in countries}
        self._by_iso = {one.iso_code: one for one in reversed(countries) if one.iso_code}
        self._by_name = {find_key(one.name): one for one in reversed(countries)}

    def find(self, text: str) -> Country | None:
        """The country with this code, else ISO code, else name. None for blank or unknown text."""
        if not text.strip() or len(text) > 100:
            return None
        key = find_key(text)
        found = self._by_code.get(code(text)) or self._by_iso.get(code(text)) or self._by_name.get(key)
        return found or self._by_iso.get(iso_codes_by_name().get(key, ""))
