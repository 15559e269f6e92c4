"""Contacts with everything that has ever broken a letter: accents, other scripts, markup, tags, breaks, control characters."""

from __future__ import annotations

import random
from collections.abc import Sequence

FIRST = ("Anna", "Björn", "Émilie", "Łukasz", "Zoë", "Jürgen", "Siân", "Ødegård", "François-Xavier", "Ñusta")
LAST = ("Müller", "O'Brien", "Dvořák", "D’Angelo", "Åström", "García y Vega", "Çelik", "van der Berg", "Großmann")
NASTY = (
    "Smith & Sons <Ltd>",
    "A \"quoted\" 'name' GmbH & Co. KG",
    "R&D &amp; literal",
    "{{ 7*7 }} {% raw %} {# no #}",
    "{_{ braces }_} {_% too %_}",
    "王小明 \U0001f600 \U00020bb7",
    "‏שלום‏ مرحبا",
    "a\x01b\x0bc\x0cd\x07e\x00f",
    "lone \ud800 surrogate \uffff end",
    "two\nlines\r\nand\rmore",
    "tab\tand\ttab",
    "\nstarts and ends\n",
    "</w:t></w:r></w:p><w:p>",
    "]]> <!-- --> <?xml?>",
    "\u00a0\u202f\u200d\u2028\u2029\u0085",
    "e\u0301 combining",
    "'; DROP TABLE contact; --",
    "%s %(name)s {0} $1 \\1 \\g<0>",
    "x" * 3000,
    "-->",
    "   ",
    "",
)
FIELDS = (
    "contact.no", "contact.company_name", "contact.name", "contact.address", "contact.post_code", "contact.city",
    "contact.country", "contact.email", "contact.phone", "contact.mobile", "contact.vat_no", "salutation.formal",
    "salesperson.name", "salesperson.job_title", "document.date", "document.campaign_no", "comment", "entry_no",
)  # fmt: skip


def contacts(count: int, *, nasty: bool = True) -> list[dict[str, str]]:
    """The values of `count` letters (tag → text), the same every time. `nasty=False`: as ordinary offices have them."""
    chance = random.Random(26)
    return [_contact(number, chance, nasty=nasty) for number in range(count)]


def _contact(number: int, chance: random.Random, *, nasty: bool) -> dict[str, str]:
    first, last = chance.choice(FIRST), chance.choice(LAST)
    lines = [f"Order {chance.randrange(10**6)}: delivered & paid" for _ in range(chance.choice((0, 0, 1, 2, 3, 5, 8)))]
    values = {
        "entry_no": str(number + 1),
        "contact.no": f"CT{number:06}",
        "contact.company_name": f"{last} & Co." if chance.random() < 0.5 else "",
        "contact.name": f"{first} {last}",
        "contact.address": f"Rue de l’Été {chance.randrange(1, 200)}",
        "contact.post_code": str(chance.randrange(1000, 9999)),
        "contact.city": chance.choice(("Genève", "Malmö", "Québec", "Łódź", "Aix")),
        "contact.country": chance.choice(("Switzerland", "Sverige", "")),
        "contact.email": f"{number}@example.org",
        "contact.phone": f"+41 22 {number:06}",
        "contact.mobile": f"+41 79 {number:06}" if chance.random() < 0.4 else "",
        "contact.vat_no": f"CHE-{number:09}" if chance.random() < 0.3 else "",
        "salutation.formal": f"Dear {first} {last}",
        "salesperson.name": "Jane Doe",
        "salesperson.job_title": "Managing Director",
        "document.date": f"{number % 28 + 1} November 2026",
        "document.campaign_no": f"CP{number % 7:04}",
        "comment": "\n".join(lines) if number % 10 == 0 else lines[0] if lines else "",
        "locale": "en-GB",
    }
    if nasty:
        for field in _some(chance, FIELDS):
            values[field] = chance.choice(NASTY)
        if chance.random() < 0.1:
            values.pop(chance.choice(FIELDS), None)
    return values


def _some(chance: random.Random, fields: Sequence[str]) -> list[str]:
    return chance.sample(fields, chance.choice((0, 1, 1, 2, 4, 9)))
