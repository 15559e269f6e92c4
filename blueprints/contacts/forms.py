"""Forms of contacts: the card, a new contact, name details, alternative addresses and their days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from flask_babel import lazy_gettext as lazy
from flask_babel import lazy_pgettext as lazy_in
from wtforms import BooleanField, StringField

from blueprints.web.fields import ChoiceField, CodeField, LookupField, TypedDateField
from blueprints.web.forms import Form
from domain.contacts.fields import FIELDS, LABELS
from domain.contacts.models import Contact
from domain.errors import RuleViolation

TYPE_NAMES = {"company": lazy_in("contact type", "Company"), "person": lazy_in("contact type", "Person")}


def _label(field: str) -> Any:
    return lazy(LABELS[field].msgid)


def number(value: Any) -> int | None:
    """An id from a drop-down list; None for what is none."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _text(field: str, **options: Any) -> StringField:
    return StringField(_label(field), **options)


def _choice(field: str) -> ChoiceField:
    return ChoiceField(_label(field), coerce=number, strict=False)


def _switch(field: str) -> BooleanField:
    return BooleanField(_label(field))


class SelfSavingForm(Form):
    """A form whose fields may come alone: those left out of the request show what is stored."""

    def fill_in(self, stored: Mapping[str, Any]) -> None:
        """Gives fields that were not posted their stored value."""
        for name, value in stored.items():
            if name not in request.form and self.was(name) is None:
                self[name].process(None, value)

    def keep_refused(self, stored: Mapping[str, Any]) -> None:
        """Only refused fields keep what was typed. The others show what is stored: they have been saved, or somebody
        else changed them meanwhile and the answer offers what was typed (B26)."""
        for name, value in stored.items():
            if name in self.stored_now:
                self[name].errors = []
            if not self[name].errors:
                self[name].process(None, value)
                self[name].raw_data = None

    def was_shown(self, name: str) -> Any:
        """What the page posts as `was-…` for a field: after a conflict the value stored now (B26)."""
        return self.stored_now.get(name, True)


class ContactForm(SelfSavingForm):
    """The card. `company` is the typed number or name of a person's company."""

    no = CodeField(_label("no"), length=10_000)
    type = ChoiceField(_label("type"), choices=list(TYPE_NAMES.items()))
    name = _text("name")
    name_2 = _text("name_2")
    job_title = _text("job_title")
    initials = _text("initials")
    search_name = _text("search_name")
    company = LookupField(_label("company_name"))
    along = BooleanField(lazy("Take the interactions and tasks along to the other company"))
    salesperson_id = _choice("salesperson_id")
    salutation_id = _choice("salutation_id")
    organizational_level_id = _choice("organizational_level_id")
    territory_id = _choice("territory_id")
    external_id = _text("external_id")
    vat_no = _text("vat_no")
    registration_no = _text("registration_no")
    address = _text("address")
    address_2 = _text("address_2")
    post_code = _text("post_code")
    city = _text("city")
    county = _text("county")
    country_id = _choice("country_id")
    phone = _text("phone")
    mobile = _text("mobile")
    fax = _text("fax")
    email = _text("email", description=lazy("Several addresses are separated by semicolons."))
    home_page = _text("home_page")
    correspondence_type = ChoiceField(_label("correspondence_type"), strict=False)
    language_id = _choice("language_id")
    exclude_from_segment = _switch("exclude_from_segment")
    privacy_blocked = _switch("privacy_blocked")
    minor = _switch("minor")
    parental_consent = _switch("parental_consent")

    def report(self, refusal: RuleViolation) -> None:
        """The company stands in the field `company`."""
        if refusal.field == "company_id":
            refusal = RuleViolation(refusal.message, field="company")
        super().report(refusal)


STORED = tuple(name for name in vars(ContactForm) if name in FIELDS)


def stored_values(contact: Contact) -> dict[str, Any]:
    """What the card shows of a contact."""
    return {name: getattr(contact, name) for name in STORED} | {"company": company_shown(contact)}


def company_shown(contact: Contact) -> str:
    """The company of a person as the card shows it; blank for a company."""
    return "" if contact.is_company or contact.company_id is None else contact.company_name


class NameForm(SelfSavingForm):
    """Name details of a person."""

    first_name = _text("first_name")
    middle_name = _text("middle_name")
    surname = _text("surname")
    initials = _text("initials")
    job_title = _text("job_title")
    salutation_id = _choice("salutation_id")
    language_id = _choice("language_id")


NAME_FIELDS = ("first_name", "middle_name", "surname", "initials", "job_title", "salutation_id", "language_id")


class AddressForm(SelfSavingForm):
    """An alternative address."""

    code = CodeField(_label("code"), length=10_000)
    company_name = _text("company_name")
    company_name_2 = _text("company_name_2")
    address = _text("address")
    address_2 = _text("address_2")
    post_code = _text("post_code")
    city = _text("city")
    county = _text("county")
    country_id = _choice("country_id")
    phone = _text("phone")
    mobile = _text("mobile")
    fax = _text("fax")
    email = _text("email")
    home_page = _text("home_page")


class RangeForm(SelfSavingForm):
    """The days an alternative address counts on."""

    starting_date = TypedDateField(lazy("Starting date"))
    ending_date = TypedDateField(lazy("Ending date"), description=lazy("Blank: no end."))


class CodesForm(Form):
    """The codes of one list that a contact has: ticked boxes `code`, and `was-code` for those it had."""

    def typed(self) -> set[str]:
        """The codes that are ticked."""
        return set(request.form.getlist("code"))

    def ticked(self) -> set[str]:
        """The codes that were ticked when the page was shown."""
        return set(request.form.getlist("was-code"))


class ProfileForm(Form):
    """The answers of a contact to one questionnaire: `q-<line number>` and `was-q-<line number>`, several of each."""

    def chosen(self, line_no: int) -> set[int]:
        """The answers chosen for a question."""
        return self._numbers(f"q-{line_no}")

    def shown(self, line_no: int) -> set[int]:
        """The answers the question was shown with."""
        return self._numbers(f"was-q-{line_no}")

    def _numbers(self, name: str) -> set[int]:
        return {number(text) or 0 for text in request.form.getlist(name) if text}


class AddToSegmentForm(Form):
    """The segment that contacts go to: an open one, or a new one with a description."""

    segment = ChoiceField(lazy("Segment"), strict=False)
    description = StringField(lazy("Description of the new segment"))
    allow_existing = BooleanField(lazy("Allow existing contacts"))
    include_excluded = BooleanField(lazy("Include contacts excluded from segments"))
