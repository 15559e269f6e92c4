"""What counts for an interaction that is not finished: its own values, else what template and contact say (A1, R-I05)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.campaigns.models import Campaign
from domain.contacts.alt_addresses import active_alt_address
from domain.contacts.models import AltAddress, Contact
from domain.documents.models import Document
from domain.interaction_templates.models import InteractionTemplate, InteractionTemplateLanguage
from domain.interactions.draft_models import CALL, InteractionDraft
from domain.setup.models import Language, Salesperson

Row = TypeVar("Row")


@dataclass(frozen=True)
class WorkedOut:
    """The values an interaction is logged with. `row`: the template in the language of the interaction, if it has that.

    `document_choice` is what was chosen, else what the template's wizard action means: "template", "own" or "none".
    """

    contact: Contact | None
    company: Contact | None
    salesperson: Salesperson | None
    template: InteractionTemplate | None
    language: Language | None
    row: InteractionTemplateLanguage | None
    campaign: Campaign | None
    alt_address: AltAddress | None
    date: dt.date | None
    time: dt.time | None
    description: str
    subject: str
    correspondence_type: str
    information_flow: str
    initiated_by: str
    cost: int
    duration: int
    campaign_target: bool
    campaign_response: bool
    document_choice: str
    document: Document | None
    mail_to: str


def work_out(session: Session, draft: InteractionDraft) -> WorkedOut:
    """The values that count (R-L10…R-L13 without a segment, R-S10, R-I01, R-I05, R-I11; B12, B17, B18)."""
    contact = _get(session, Contact, draft.contact_id)
    template = _get(session, InteractionTemplate, draft.template_id)
    language = language_of(session, draft, contact, template)
    row = next((one for one in template.languages if one.language_id == language), None) if template else None
    alt_address = _alt_address(session, contact, draft.date)
    choice = document_choice(draft, template)
    documents = {"template": row.document_id if row else None, "own": draft.document_id}
    description = draft.description or (template.description if template else "")
    fallback = contact.salesperson_id if contact is not None else None
    return WorkedOut(
        contact=contact,
        company=_get(session, Contact, contact.company_id if contact is not None else draft.company_id),
        salesperson=_get(session, Salesperson, draft.salesperson_id or fallback),
        template=template,
        language=_get(session, Language, language),
        row=row,
        campaign=_get(session, Campaign, campaign_of(draft, template)),
        alt_address=alt_address,
        date=draft.date,
        time=draft.time,
        description=description,
        subject=draft.subject or (row.subject if row else "") or description,
        correspondence_type=correspondence_type_of(draft, contact, template),
        information_flow=_own(draft.information_flow, template.information_flow if template else ""),
        initiated_by=_own(draft.initiated_by, template.initiated_by if template else ""),
        cost=_own(draft.cost, template.unit_cost if template else 0),
        duration=_own(draft.duration, template.unit_duration if template else 0),
        campaign_target=_own(draft.campaign_target, template.campaign_target if template else False),
        campaign_response=_own(draft.campaign_response, template.campaign_response if template else False),
        document_choice=choice,
        document=_get(session, Document, documents.get(choice)),
        mail_to=(alt_address.email if alt_address is not None else "") or (contact.email if contact else ""),
    )


def language_of(
    session: Session, draft: InteractionDraft, contact: Contact | None, template: InteractionTemplate | None
) -> int | None:
    """Own; the contact's if the template has it; the template's default; without languages the contact's (B12, R-S10)."""
    if draft.language_id is not None:
        return draft.language_id
    contacts = contact.language_id if contact is not None else None
    if template is None or not template.languages:
        return contacts
    has = {one.language_id for one in template.languages}
    return contacts if contacts in has else template.language_id


def correspondence_type_of(
    draft: InteractionDraft, contact: Contact | None, template: InteractionTemplate | None
) -> str:
    """Own; the template's if it ignores the contact's or the contact has none; else the contact's (B17). A call is
    never delivered (R-PC03)."""
    if draft.kind == CALL:
        return ""
    if draft.correspondence_type is not None:
        return draft.correspondence_type
    contacts = contact.correspondence_type if contact is not None else ""
    if template is not None and (template.ignore_contact_type or not contacts):
        return template.correspondence_type
    return contacts


def campaign_of(draft: InteractionDraft, template: InteractionTemplate | None) -> int | None:
    """Own, none if it was left out on purpose, else the template's (R-L13)."""
    if draft.no_campaign:
        return None
    return draft.campaign_id or (template.campaign_id if template is not None else None)


def document_choice(draft: InteractionDraft, template: InteractionTemplate | None) -> str:
    """Which document goes with it (R-W02…R-W05): with *Import* one's own, else the template's."""
    if draft.kind == CALL:
        return "none"
    if draft.document_choice:
        return draft.document_choice
    return "own" if template is not None and template.wizard_action == "import" else "template"


def _own(own: Row | None, otherwise: Row) -> Row:
    return otherwise if own is None else own


def _get(session: Session, model: type[Row], row_id: int | None) -> Row | None:
    return session.get(model, row_id) if row_id is not None else None


def _alt_address(session: Session, contact: Contact | None, date: dt.date | None) -> AltAddress | None:
    """The alternative address that counts on the day (R-L05, R-I01)."""
    if contact is None or date is None:
        return None
    return session.scalar(select(AltAddress).where(AltAddress.id == active_alt_address(contact.id, date)))
