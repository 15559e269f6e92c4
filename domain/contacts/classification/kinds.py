"""The six lists of codes, described once: every verb, page and file column works from these descriptions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table

from domain.contacts.classification.models import (
    BusinessRelation,
    ContactBusinessRelation,
    ContactIndustryGroup,
    ContactJobResponsibility,
    ContactMailingGroup,
    IndustryGroup,
    JobResponsibility,
    MailingGroup,
    OrganizationalLevel,
    Territory,
)
from domain.messages import Message, say


@dataclass(frozen=True)
class Kind:
    """One list of codes.

    `key` is its name in filters, files and forms, `model` its table. `link` is the table of assignments (contact_id,
    code_id), None where the code is a `field` of the contact. `only` says which contacts have such codes ("" all).
    With `of_company` a person has the codes of its company, by reading only (contacts.md 1.2).
    """

    key: str
    label: Message
    model: Any
    link: Any = None
    field: str = ""
    only: str = ""
    of_company: bool = False

    @property
    def table(self) -> Table:
        """The table of the codes."""
        table: Table = self.model.__table__
        return table

    @property
    def links(self) -> Table:
        """The table of the assignments."""
        table: Table = self.link.__table__
        return table

    @property
    def contact_column(self) -> Column[int]:
        """The column that names the contact of an assignment."""
        return self.links.c.contact_id


MAILING_GROUPS = Kind("mailing_group", say("Mailing groups"), MailingGroup, ContactMailingGroup)
INDUSTRY_GROUPS = Kind(
    "industry_group", say("Industry groups"), IndustryGroup, ContactIndustryGroup, only="company", of_company=True
)
JOB_RESPONSIBILITIES = Kind(
    "job_responsibility", say("Job responsibilities"), JobResponsibility, ContactJobResponsibility, only="person"
)
BUSINESS_RELATIONS = Kind(
    "business_relation",
    say("Business relations"),
    BusinessRelation,
    ContactBusinessRelation,
    only="company",
    of_company=True,
)
ORGANIZATIONAL_LEVELS = Kind(
    "organizational_level",
    say("Organisational levels"),
    OrganizationalLevel,
    field="organizational_level_id",
    only="person",
)
TERRITORIES = Kind("territory", say("Territories"), Territory, field="territory_id")

KINDS = (
    MAILING_GROUPS,
    INDUSTRY_GROUPS,
    JOB_RESPONSIBILITIES,
    BUSINESS_RELATIONS,
    ORGANIZATIONAL_LEVELS,
    TERRITORIES,
)
ASSIGNED = tuple(kind for kind in KINDS if kind.link is not None)
BY_KEY = {kind.key: kind for kind in KINDS}
