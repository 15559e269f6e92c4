"""The letter of an interaction that is not finished, to be read before it is (R-W03, R-M05)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Date, Integer, String, literal, select
from sqlalchemy.orm import Session, aliased

from domain.accounts.actor import Actor
from domain.contacts.models import AltAddress, Contact
from domain.documents.store import read_document
from domain.errors import NotFound
from domain.interactions.beginning import refuse_blocked
from domain.interactions.draft_models import InteractionDraft
from domain.interactions.letter_values import LetterSources
from domain.interactions.letters import Letter, country_facts, shared_values, texts_of
from domain.interactions.worked_out import WorkedOut, work_out
from domain.letters.letter_files import letter_name, safe_name
from domain.letters.upload import letter_of
from domain.messages import say
from domain.setup.models import Salesperson


def letter_of_draft(session: Session, draft: InteractionDraft, *, by: Actor) -> Letter:
    """The letter as it would be logged now; nothing is changed. A document that is no Word file is given as it is.

    Raises `NotFound` without contact or document, `RuleViolation` when the contact is blocked for privacy (B2).
    """
    by.must_be_allowed("create interactions")
    values = work_out(session, draft)
    if values.contact is None:
        raise NotFound(say("Choose a contact first."))
    refuse_blocked(session, values.contact)
    if values.document is None:
        raise NotFound(say("There is no document to show."))
    person = values.contact
    name = letter_name(company=person.company_name, name=person.name, no=person.no)
    if not values.document.is_word:
        ending = f".{values.document.extension}" if values.document.extension else ""
        return Letter(safe_name(name, ending), read_document(session, values.document))
    shared = shared_values(session, today=by.today)
    if values.campaign is not None:
        shared |= {"campaigns": {values.campaign.no: values.campaign.description}}
    texts = texts_of(_raw_values(session, draft, values), shared, country_facts(session))
    return Letter(safe_name(name), letter_of(session, values.document).letter(texts))


def _raw_values(session: Session, draft: InteractionDraft, values: WorkedOut) -> dict[str, Any]:
    """The raw values as finishing would keep them: the same expressions, the values of the form in place of an entry's."""
    person, address = aliased(Contact, name="person"), aliased(AltAddress, name="address")
    company, company_alt = LetterSources.companies()
    language = values.language
    sources = LetterSources(
        contact=person,
        alt_address=address,
        salesperson=Salesperson,
        language_id=literal(language.id if language is not None else None, Integer),
        locale=literal(language.locale if language is not None else "", String),
        correspondence_type=literal(values.correspondence_type, String),
        date=literal(values.date, Date),
        comment=literal(draft.personal_comment, String),
        company=company,
        company_alt=company_alt,
    )
    alt_address_id = values.alt_address.id if values.alt_address is not None else None
    salesperson_id = values.salesperson.id if values.salesperson is not None else None
    assert values.contact is not None
    statement: Any = (
        select(*(expression.label(name) for name, expression in sources.columns().items()))
        .select_from(person)
        .outerjoin(address, address.id == literal(alt_address_id, Integer))
        .outerjoin(Salesperson, Salesperson.id == literal(salesperson_id, Integer))
    )
    row = session.execute(sources.join_company(statement).where(person.id == values.contact.id)).one()
    return {
        **row._asdict(),
        "entry_no": draft.entry_no or "",
        "document_date": values.date,
        "segment_no": draft.segment_no,
        "description": values.description,
        "subject": values.subject,
        "evaluation": draft.evaluation,
        "campaign_no": values.campaign.no if values.campaign is not None else "",
    }
