"""What the pages of contacts show: choices of the drop-down lists, the card with everything around it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from blueprints.contacts.forms import ContactForm, stored_values
from blueprints.contacts.places import place, swedish
from blueprints.web.actor import actor
from blueprints.web.database import reading
from blueprints.web.forms import Form
from blueprints.web.kept_setup import kept_setup
from blueprints.web.languages import translate
from blueprints.web.words import CORRESPONDENCE_TYPE_NAMES, EVALUATION_NAMES, TASK_STATUS_NAMES, TASK_TYPE_NAMES
from domain.contacts.alt_addresses import alt_address_list
from domain.contacts.choices import ContactChoices, Offered, OfferedSalesperson, contact_choices
from domain.contacts.classification.assign import Classified, classification_of, may_have
from domain.contacts.classification.kinds import ASSIGNED
from domain.contacts.classification.profiles import profiles_of
from domain.contacts.listing import persons_of
from domain.contacts.models import Contact
from domain.interactions.queries import contact_timeline
from domain.overviews.contact_card import ContactOverview, overview_of
from domain.segments.of_contacts import segments_of
from domain.tasks.queries import open_tasks

SHOWN_PERSONS = 20
SHOWN_INTERACTIONS = 20
SHOWN_TASKS = 5
Choices = list[tuple[str, str]]
Values = dict[str, Any]


def offered() -> ContactChoices:
    """What the setup offers for the fields of a contact."""
    return kept_setup(contact_choices)


def correspondence_types(kept: str = "") -> Choices:
    """The correspondence types; fax only where it is switched on (B14), or where the contact has it."""
    fax = offered().fax_enabled or kept == "fax"
    return [(kind, str(name)) for kind, name in CORRESPONDENCE_TYPE_NAMES.items() if kind != "fax" or fax]


def _named(things: Iterable[Offered]) -> Choices:
    return [(str(one.id), one.text) for one in things]


def _countries(things: Iterable[Offered]) -> Choices:
    return [(str(one.id), f"{one.name} ({one.code})" if one.name else one.code) for one in things]


def _salespeople(things: Iterable[OfferedSalesperson], kept: int | None) -> Choices:
    """Those who are not blocked, and the one the contact has (contacts.md 1.6)."""
    return _named(one for one in things if one.id == kept or not one.blocked)


def set_choices(form: Form, contact: Contact | None = None) -> None:
    """Fills the drop-down lists of a form."""
    setup = offered()
    lists = {
        "territory_id": lambda: _named(setup.codes["territory"]),
        "organizational_level_id": lambda: _named(setup.codes["organizational_level"]),
        "language_id": lambda: _named(setup.languages),
        "country_id": lambda: _countries(setup.countries),
        "salutation_id": lambda: _named(setup.salutations),
        "salesperson_id": lambda: _salespeople(setup.salespeople, contact.salesperson_id if contact else None),
        "correspondence_type": lambda: correspondence_types(contact.correspondence_type if contact else "")[1:],
    }
    for name, choices in lists.items():
        if name in form:
            form[name].choices = [("", ""), *choices()]


@dataclass(frozen=True)
class Presented:
    """The form of a card and what stands in it beside the fields."""

    contact: Contact
    form: ContactForm
    about: ContactOverview
    may_edit: bool


def card_values(contact: Contact, form: ContactForm | None = None, about: ContactOverview | None = None) -> Values:
    """Everything the page of a contact shows. `about`: its overview where it is known already."""
    about = about or overview_of(reading(), contact, swedish=swedish())
    return form_values(contact, form, about) | around(reading(), contact, about)


def form_values(contact: Contact, form: ContactForm | None, about: ContactOverview) -> Values:
    """What the form of a contact and its title show; without `form` as stored."""
    by = actor()
    form = form or ContactForm(formdata=None, data=stored_values(contact))
    set_choices(form, contact)
    kind = "company" if contact.is_company else "contact"
    return {
        "card": Presented(contact, form, about, may_edit=by.may("edit contacts")),
        "contact": contact,
        "name": name_of(contact),
        "log_url": place("interaction_log.index", **{kind: contact.no}),
        "statistics_url": place("statistics.index", **{kind: contact.no}),
        "segment_url": place("contact_segments.choose", sel=contact.no) if by.may("edit segments") else "",
        "segments_exist": bool(place("segments.show", segment_no="x")),
        "entries_exist": bool(place("interaction_log.show", entry_no=1)),
        "type_words": CORRESPONDENCE_TYPE_NAMES,
        "evaluation_words": EVALUATION_NAMES,
        "task_types": TASK_TYPE_NAMES,
        "task_statuses": TASK_STATUS_NAMES,
    }


def around(session: Session, contact: Contact, about: ContactOverview) -> Values:
    """What stands below the card: history, tasks, persons, alternative addresses, segments, classification."""
    known = classification_of(session, contact)
    return {
        "persons": persons_of(session, contact, limit=SHOWN_PERSONS) if contact.is_company else [],
        "tasks": open_tasks(session, contact, limit=SHOWN_TASKS) if about.open_tasks else [],
        "history": contact_timeline(session, contact, limit=SHOWN_INTERACTIONS),
        "addresses": alt_address_list(session, contact),
        "segments": segments_of(session, contact),
        "classified": _classified(contact, known),
        "profiles": profiles_of(contact, offered().questionnaires, known),
    }


def _classified(contact: Contact, known: Classified) -> list[Values]:
    """The lists of codes a contact has, or its company for it: label, codes, whether they may be edited here."""
    rows = []
    for kind in ASSIGNED:
        own = may_have(contact, kind)
        if own or (kind.of_company and contact.company_id is not None):
            rows.append(
                {
                    "key": kind.key,
                    "label": translate(kind.label),
                    "own": own,
                    "codes": [f"{one.code} {one.description}".strip() for one in known.codes[kind.key]],
                }
            )
    return rows


def name_of(contact: Contact) -> str:
    """A contact in a title."""
    return contact.name or gettext("(no name)")
