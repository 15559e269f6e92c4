"""What the pages of contacts show: choices of the drop-down lists, the card with everything around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from blueprints.contacts.forms import ContactForm, stored_values
from blueprints.contacts.places import place, swedish
from blueprints.web.actor import actor
from blueprints.web.database import reading
from blueprints.web.forms import Form
from blueprints.web.languages import translate
from blueprints.web.words import CORRESPONDENCE_TYPE_NAMES, EVALUATION_NAMES, TASK_STATUS_NAMES, TASK_TYPE_NAMES
from domain.contacts.alt_addresses import alt_address_list
from domain.contacts.classification.assign import codes_of, may_have
from domain.contacts.classification.codes import all_codes
from domain.contacts.classification.kinds import ASSIGNED
from domain.contacts.classification.profiles import profiles_of
from domain.contacts.history import history_of
from domain.contacts.listing import neighbours, persons_of
from domain.contacts.models import Contact
from domain.contacts.salutation_setup import salutation_list
from domain.interactions.figures import contact_figures
from domain.interactions.postpone import DraftFilters, count_drafts
from domain.interactions.queries import contact_timeline
from domain.letters.contact_salutations import contact_salutations
from domain.segments.of_contacts import segments_of
from domain.setup.queries import country_list, language_list, marketing_setup, salesperson_list
from domain.tasks.queries import TasksOfContact, tasks_of_contact

SHOWN_PERSONS = 20
SHOWN_INTERACTIONS = 20
SHOWN_TASKS = 5
Choices = list[tuple[str, str]]


def correspondence_types(session: Session, kept: str = "") -> Choices:
    """The correspondence types; fax only where it is switched on (B14), or where the contact has it."""
    fax = marketing_setup(session).fax_enabled or kept == "fax"
    return [(kind, str(name)) for kind, name in CORRESPONDENCE_TYPE_NAMES.items() if kind != "fax" or fax]


def languages(session: Session) -> Choices:
    """The languages of letters."""
    return [(str(one.id), f"{one.code} {one.name}".strip()) for one in session.scalars(language_list())]


def countries(session: Session) -> Choices:
    """The countries."""
    return [
        (str(one.id), f"{one.name} ({one.code})" if one.name else one.code) for one in session.scalars(country_list())
    ]


def salutations(session: Session) -> Choices:
    """The salutations."""
    return [(str(one.id), f"{one.code} {one.description}".strip()) for one in session.scalars(salutation_list())]


def salespeople(session: Session, kept: int | None = None) -> Choices:
    """Salespeople who are not blocked, and the one the contact has (contacts.md 1.6)."""
    everybody = session.scalars(salesperson_list(include_blocked=True))
    return [
        (str(one.id), f"{one.code} {one.name}".strip())
        for one in everybody
        if one.id == kept or not (one.blocked or one.privacy_blocked)
    ]


def set_choices(session: Session, form: Form, contact: Contact | None = None) -> None:
    """Fills the drop-down lists of a form."""
    blank = [("", "")]
    codes = all_codes(session) if "territory_id" in form else {}
    lists = {
        "territory_id": lambda _: [(str(one.id), one.text) for one in codes["territory"]],
        "organizational_level_id": lambda _: [(str(one.id), one.text) for one in codes["organizational_level"]],
        "language_id": languages,
        "country_id": countries,
        "salutation_id": salutations,
        "salesperson_id": lambda s: salespeople(s, contact.salesperson_id if contact else None),
        "correspondence_type": lambda s: correspondence_types(s, contact.correspondence_type if contact else "")[1:],
    }
    for name, choices in lists.items():
        if name in form:
            form[name].choices = blank + choices(session)


@dataclass(frozen=True)
class Presented:
    """The form of a card and what stands in it beside the fields."""

    contact: Contact
    form: ContactForm
    company: Contact | None
    salutation: dict[str, str]
    figures: Any
    own_history: int
    tasks: TasksOfContact
    may_edit: bool


def present(session: Session, contact: Contact, form: ContactForm | None, *, may_edit: bool) -> Presented:
    """The card of a contact; without `form` as stored."""
    form = form or ContactForm(formdata=None, data=stored_values(contact))
    set_choices(session, form, contact)
    has_company = not contact.is_company and contact.company_id is not None
    return Presented(
        contact=contact,
        form=form,
        company=session.get(Contact, contact.company_id) if has_company else None,
        salutation=contact_salutations(session, contact),
        figures=contact_figures(session, contact),
        own_history=0 if contact.is_company else history_of(session, contact),
        tasks=tasks_of_contact(session, contact, limit=SHOWN_TASKS),
        may_edit=may_edit,
    )


def card_values(contact: Contact, form: ContactForm | None = None) -> dict[str, Any]:
    """Everything the page of a contact shows."""
    return form_values(contact, form) | around(reading(), contact)


def form_values(contact: Contact, form: ContactForm | None = None) -> dict[str, Any]:
    """What the form of a contact and its title show."""
    by, session = actor(), reading()
    kind = "company" if contact.is_company else "contact"
    return {
        "card": present(session, contact, form, may_edit=by.may("edit contacts")),
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


def around(session: Session, contact: Contact) -> dict[str, Any]:
    """What stands below the card: history, persons, alternative addresses, segments, and the neighbours in the list."""
    persons, number = persons_of(session, contact, limit=SHOWN_PERSONS) if contact.is_company else ([], 0)
    previous_no, next_no = neighbours(session, contact, swedish=swedish())
    return {
        "persons": persons,
        "person_count": number,
        "history": contact_timeline(session, contact, limit=SHOWN_INTERACTIONS),
        "postponed": count_drafts(session, DraftFilters(contact=contact), by=actor()),
        "addresses": alt_address_list(session, contact),
        "segments": segments_of(session, contact),
        "classified": classified(session, contact),
        "profiles": profiles_of(session, contact),
        "previous_no": previous_no,
        "next_no": next_no,
    }


def classified(session: Session, contact: Contact) -> list[dict[str, Any]]:
    """The lists of codes a contact has, or its company for it: label, codes, whether they may be edited here."""
    codes = codes_of(session, contact)
    rows = []
    for kind in ASSIGNED:
        own = may_have(contact, kind)
        if own or (kind.of_company and contact.company_id is not None):
            rows.append(
                {
                    "key": kind.key,
                    "label": translate(kind.label),
                    "own": own,
                    "codes": [f"{one.code} {one.description}".strip() for one in codes[kind.key]],
                }
            )
    return rows


def name_of(contact: Contact) -> str:
    """A contact in a title."""
    return contact.name or gettext("(no name)")
