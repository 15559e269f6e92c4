"""What the fields of a contact offer to choose from, as plain values that outlive a session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.contacts.classification.codes import all_codes
from domain.contacts.classification.questionnaires import KnownQuestionnaire, known_questionnaires
from domain.contacts.salutation_setup import salutation_list
from domain.setup.queries import country_list, language_list, marketing_setup, salesperson_list


@dataclass(frozen=True)
class Offered:
    """Something to choose: code and name."""

    id: int
    code: str
    name: str

    @property
    def text(self) -> str:
        """Code and name."""
        return f"{self.code} {self.name}".strip()


@dataclass(frozen=True)
class OfferedSalesperson(Offered):
    """A salesperson; who is blocked is offered only where chosen already (contacts.md 1.6)."""

    blocked: bool


@dataclass(frozen=True)
class ContactChoices:
    """Everything of the setup that list and card of contacts show. Countries by name, everything else by code.

    `codes` by `Kind.key`.
    """

    languages: tuple[Offered, ...]
    countries: tuple[Offered, ...]
    salutations: tuple[Offered, ...]
    salespeople: tuple[OfferedSalesperson, ...]
    codes: Mapping[str, tuple[Offered, ...]]
    fax_enabled: bool
    questionnaires: tuple[KnownQuestionnaire, ...]


def contact_choices(session: Session) -> ContactChoices:
    """Reads them: nine statements, so keep what they give (decisions 0020)."""
    codes = {
        key: tuple(Offered(one.id, one.code, one.description) for one in found)
        for key, found in all_codes(session).items()
    }
    return ContactChoices(
        languages=tuple(Offered(one.id, one.code, one.name) for one in session.scalars(language_list())),
        countries=tuple(Offered(one.id, one.code, one.name) for one in session.scalars(country_list())),
        salutations=tuple(Offered(one.id, one.code, one.description) for one in session.scalars(salutation_list())),
        salespeople=tuple(
            OfferedSalesperson(one.id, one.code, one.name, one.blocked or one.privacy_blocked)
            for one in session.scalars(salesperson_list(include_blocked=True))
        ),
        codes=codes,
        fax_enabled=marketing_setup(session).fax_enabled,
        questionnaires=known_questionnaires(session),
    )
