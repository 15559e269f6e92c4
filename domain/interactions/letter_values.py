"""Which raw values a letter is made from (A6), as SQL expressions for any number of lines or entries at once.

The keys are the columns of `letter_values`; one place serves logging (INSERT … SELECT) and the preview of a line, so
that a preview says what the letter will say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, select
from sqlalchemy.orm import aliased

from domain.contacts.alt_addresses import active_alt_address
from domain.contacts.models import PERSON, AltAddress, Contact
from domain.contacts.salutations import FORMAL, INFORMAL, formula_for
from domain.interactions.delivery import ON_PAPER
from domain.setup.models import Country, MarketingSetup

CONTACT_FIELDS = (
    "name",
    "name_2",
    "company_name",
    "first_name",
    "middle_name",
    "surname",
    "initials",
    "job_title",
    "address",
    "address_2",
    "post_code",
    "city",
    "county",
    "phone",
    "mobile",
    "fax",
    "email",
    "home_page",
    "vat_no",
)
SALESPERSON_FIELDS = ("code", "name", "job_title", "phone", "email")
MAIL_FIELDS = ("address", "address_2", "post_code", "city", "county")
SAME_ADDRESS = ("address", "address_2", "post_code", "city")


@dataclass(frozen=True)
class LetterSources:
    """What the values come from: entities of the enclosing statement.

    `contact`, `alt_address` (the line's own or active one) and `salesperson` are joined by the caller; `company` and
    `company_alt` by `join_company`. `language_id`, `locale`, `correspondence_type`, `date`, `comment` are expressions.
    """

    contact: Any
    alt_address: Any
    salesperson: Any
    language_id: Any
    locale: Any
    correspondence_type: Any
    date: Any
    comment: Any
    company: Any
    company_alt: Any

    @staticmethod
    def companies() -> tuple[Any, Any]:
        """Fresh aliases for `company` and `company_alt`."""
        return aliased(Contact, name="letter_company"), aliased(AltAddress, name="letter_company_alt")

    def join_company(self, statement: Any) -> Any:
        """Joins the company of a person, and the alternative address of that company that counts on the date."""
        company_of_person = and_(self.company.id == self.contact.company_id, self.contact.type == PERSON)
        return statement.outerjoin(self.company, company_of_person).outerjoin(
            self.company_alt, self.company_alt.id == active_alt_address(self.company.id, self.date)
        )

    def columns(self) -> dict[str, ColumnElement[Any]]:
        """Column of `letter_values` → expression, without `entry_id` and `values_id`."""
        values: dict[str, Any] = {"contact_no": self.contact.no, "contact_type": self.contact.type}
        values |= {name: getattr(self.contact, name) for name in CONTACT_FIELDS}
        values["company_name_2"] = func.coalesce(self.company.name_2, "")
        values["country_code"] = _country_code(self.contact.country_id)
        values |= self._mail_address()
        values["mail_to"] = self._mail_to()
        values["formal_formula"] = formula_for(self.contact, self.language_id, FORMAL)
        values["informal_formula"] = formula_for(self.contact, self.language_id, INFORMAL)
        for name in SALESPERSON_FIELDS:
            values[f"salesperson_{name}"] = func.coalesce(getattr(self.salesperson, name), "")
        values["locale"] = func.coalesce(self.locale, "")
        values["comment"] = self.comment
        return values

    def _mail_address(self) -> dict[str, ColumnElement[Any]]:
        """The address the letter goes to (segments.md 7.4, contacts.md 2.16 c).

        (a) The line's alternative address; (b) the alternative address of a person's company, when addresses are
        inherited and the person's is the company's; (c) a person at its company; (d) the contact's own address. In (b) an address
        without company name keeps the company's, so that the letter arrives.
        """
        own = self.alt_address.id.is_not(None)
        inherits = select(MarketingSetup.inherit_address).where(MarketingSetup.id == 1).scalar_subquery()
        of_company = and_(
            self.company_alt.id.is_not(None),
            inherits,
            *(getattr(self.contact, name) == getattr(self.company, name) for name in SAME_ADDRESS),
        )
        at_company = self.company.id.is_not(None)
        values: dict[str, Any] = {
            "mail_company_name": case(
                (own, self.alt_address.company_name),
                (
                    and_(of_company, self.company_alt.company_name != ""),
                    self.company_alt.company_name,
                ),
                (at_company, self.company.name),
                else_="",
            ),
            "mail_company_name_2": case(
                (own, self.alt_address.company_name_2),
                (and_(of_company, self.company_alt.company_name != ""), self.company_alt.company_name_2),
                (at_company, self.company.name_2),
                else_="",
            ),
        }
        for name in MAIL_FIELDS:
            values[f"mail_{name}"] = case(
                (own, getattr(self.alt_address, name)),
                (of_company, getattr(self.company_alt, name)),
                else_=getattr(self.contact, name),
            )
        values["mail_country_code"] = _country_code(
            case(
                (own, self.alt_address.country_id),
                (of_company, self.company_alt.country_id),
                else_=self.contact.country_id,
            )
        )
        return values

    def _mail_to(self) -> ColumnElement[Any]:
        """The e-mail address or fax number used (R-DL01): the alternative address's, if blank the contact's."""
        return case(
            (self.correspondence_type == "email", mail_address_of(self.contact, self.alt_address)),
            (
                self.correspondence_type == ON_PAPER[1],
                func.coalesce(func.nullif(self.alt_address.fax, ""), self.contact.fax),
            ),
            else_=literal(""),
        )


def mail_address_of(contact: Any, alt_address: Any) -> ColumnElement[str]:
    """The e-mail address a message goes to, '' for none (R-DL01, contacts.md 2.16 d)."""
    return func.coalesce(func.nullif(alt_address.email, ""), func.coalesce(contact.email, ""))


def _country_code(country_id: Any) -> ColumnElement[Any]:
    country = aliased(Country)
    found = select(country.code).where(country.id == country_id).correlate_except(country).scalar_subquery()
    return func.coalesce(found, "")
