"""What the drop-down lists of the setup offer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import get_locale, gettext

from blueprints.web.database import reading
from domain.contacts.classification.codes import code_list
from domain.contacts.classification.kinds import BUSINESS_RELATIONS, TERRITORIES
from domain.contacts.salutation_setup import salutation_list
from domain.setup.models import Salesperson
from domain.setup.queries import country_list, language_list, number_series_list, salesperson_list
from domain.types import sort_key, sort_key_sv

Choices = list[tuple[Any, str]]


def blank(text: str | None = None) -> tuple[str, str]:
    """The choice of nothing."""
    return "", text if text is not None else gettext("(none)")


def named(things: Iterable[Any], attribute: str = "name") -> Choices:
    """Ids with code and name."""
    return [(one.id, f"{one.code} {getattr(one, attribute)}".strip()) for one in things]


def languages() -> Choices:
    """All languages."""
    return [blank(), *named(reading().scalars(language_list()))]


def countries() -> Choices:
    """All countries by name."""
    order = sort_key_sv if str(get_locale() or "").startswith("sv") else sort_key
    found = sorted(reading().scalars(country_list()), key=lambda one: order(one.name))
    return [blank(), *((one.id, f"{one.name} ({one.code})") for one in found)]


def salespeople(chosen: Salesperson | None = None) -> Choices:
    """Salespeople who are not blocked, and the one that is chosen already."""
    found = list(reading().scalars(salesperson_list()))
    if chosen is not None and chosen not in found:
        found.append(chosen)
    return [blank(), *named(found)]


def series() -> Choices:
    """All number series."""
    return [blank(), *named(reading().scalars(number_series_list()), "description")]


def salutations() -> Choices:
    """All salutations."""
    return [blank(), *named(reading().scalars(salutation_list()), "description")]


def business_relations() -> Choices:
    """All business relations."""
    return [blank(gettext("(any)")), *named(reading().scalars(code_list(BUSINESS_RELATIONS)), "description")]


def territories() -> Choices:
    """All territories."""
    return [blank(), *named(reading().scalars(code_list(TERRITORIES)), "description")]
