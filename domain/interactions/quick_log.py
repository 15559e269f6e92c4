"""Quick log: the same interaction with many people, just called, met or written to: one entry each, nothing is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, case, func, insert, literal, null, or_, select
from sqlalchemy.orm import Session, aliased

from domain.accounts.actor import Actor
from domain.contacts.models import Contact
from domain.documents.store import hold
from domain.errors import RuleViolation
from domain.interaction_templates.models import InteractionTemplate, InteractionTemplateLanguage
from domain.interactions.draft_models import InteractionDraft
from domain.interactions.finish import NotComplete, UnusualDate, campaign_entry_of, missing_values, unusual_date
from domain.interactions.models import InteractionComment, InteractionLogEntry
from domain.interactions.worked_out import WorkedOut, work_out
from domain.messages import say, say_n
from domain.setup.numbers import next_entry_nos

MOST_CONTACTS = 5_000


@dataclass(frozen=True)
class QuickLogged:
    """How many entries were written, and how many contacts were left out because they are blocked for privacy."""

    entries: int
    blocked: int


def count_contacts(session: Session, contacts: Select[int]) -> int:
    """How many contacts these are, each once."""
    return session.scalar(select(func.count()).select_from(Contact).where(Contact.id.in_(contacts))) or 0


def quick_log(
    session: Session, draft: InteractionDraft, contacts: Select[int], *, accepted_date: Any = None, by: Actor
) -> QuickLogged:
    """Writes one entry for each of the contacts (a SELECT of ids), with what stands in `draft`; it happened already, so
    nothing is delivered. One transaction, one statement whatever the number.

    Contacts blocked for privacy, or of a blocked company, are left out (B2, 2.8). Language and correspondence type follow
    each contact (B12, B17). A form sent twice writes nothing the second time. Raises `NotComplete`, `UnusualDate`,
    `RuleViolation` when nobody is left or there are more than 5,000, `Forbidden`.
    """
    by.must_be_allowed("create interactions")
    hold(session, draft.form_key)
    values = work_out(session, draft)
    missing = missing_values(values)
    if missing:
        raise NotComplete(missing)
    assert values.template is not None
    assert values.salesperson is not None
    assert values.date is not None
    warning = unusual_date(values.date, by=by)
    if warning is not None and accepted_date != values.date:
        raise UnusualDate(warning, values.date)
    if session.scalar(select(InteractionLogEntry.id).where(InteractionLogEntry.form_key == draft.form_key)):
        return QuickLogged(0, 0)
    person, company = aliased(Contact, name="person"), aliased(Contact, name="company")
    is_blocked = or_(person.privacy_blocked, func.coalesce(company.privacy_blocked, False))
    counted = (
        select(func.count(), func.coalesce(func.sum(case((is_blocked, 1), else_=0)), 0))
        .select_from(person)
        .outerjoin(company, company.id == person.company_id)
        .where(person.id.in_(contacts))
    )
    total, blocked = session.execute(counted).one()
    number = total - blocked
    if number > MOST_CONTACTS:
        raise RuleViolation(
            say("These are more than %(most)s contacts. Put them on a segment and log that.", most=MOST_CONTACTS)
        )
    if not number:
        raise RuleViolation(
            say_n(
                "The selected contact is blocked for privacy.",
                "All %(num)s selected contacts are blocked for privacy.",
                blocked,
            )
            if blocked
            else say("No contact is selected. Tick some first.")
        )
    _write(session, draft, values, contacts, person, company, is_blocked, number, by=by)
    return QuickLogged(number, int(blocked))


def _write(
    session: Session,
    draft: InteractionDraft,
    values: WorkedOut,
    contacts: Select[int],
    person: Any,
    company: Any,
    is_blocked: ColumnElement[bool],
    number: int,
    *,
    by: Actor,
) -> None:
    template, salesperson, campaign = values.template, values.salesperson, values.campaign
    assert template is not None
    assert salesperson is not None
    campaign_entry = campaign_entry_of(session, values, description=by.write(say("Interactions")), by=by)
    of = InteractionLogEntry
    first = next_entry_nos(session, "interaction", number)
    place = func.row_number().over(order_by=person.id)

    def fixed(name: str, value: Any) -> ColumnElement[Any]:
        return literal(value, getattr(of, name).type)

    written: dict[str, ColumnElement[Any]] = {
        "entry_no": literal(first, BigInteger) + place - 1,
        "contact_id": person.id,
        "company_id": person.company_id,
        "contact_no": person.no,
        "contact_name": person.name,
        "company_no": func.coalesce(company.no, ""),
        "company_name": person.company_name,
        "language_id": _language(template, person),
        "correspondence_type": _correspondence_type(draft, template, person),
        "form_key": case((place == 1, fixed("form_key", draft.form_key)), else_=null()),
    }
    written |= {
        name: fixed(name, value)
        for name, value in {
            "date": values.date,
            "time": values.time,
            "description": values.description,
            "subject": values.subject,
            "information_flow": values.information_flow,
            "initiated_by": values.initiated_by,
            "cost": values.cost,
            "duration": values.duration,
            "user_id": by.user_id,
            "user_name": by.user_name,
            "group_id": template.group_id,
            "template_id": template.id,
            "campaign_id": campaign.id if campaign is not None else None,
            "campaign_entry_id": campaign_entry,
            "campaign_target": values.campaign_target,
            "campaign_response": values.campaign_response,
            "evaluation": draft.evaluation,
            "attempt_failed": draft.attempt_failed,
            "salesperson_id": salesperson.id,
            "created_at": by.now,
        }.items()
    }
    rows = (
        select(*(expression.label(name) for name, expression in written.items()))
        .select_from(person)
        .outerjoin(company, company.id == person.company_id)
        .where(person.id.in_(contacts), ~is_blocked)
        .order_by(person.id)
    )
    session.execute(insert(of).from_select(list(written), rows))
    if draft.comment:
        kind = InteractionComment
        comments = select(
            of.id,
            literal(by.user_id, kind.user_id.type),
            literal(by.user_name),
            literal(by.now, kind.created_at.type),
            literal(draft.comment),
        ).where(of.entry_no >= first, of.entry_no < first + number)
        session.execute(insert(kind).from_select(["entry_id", "user_id", "user_name", "created_at", "text"], comments))


def _language(template: InteractionTemplate, person: type[Contact]) -> ColumnElement[int | None]:
    """The contact's language if the template has it, else the template's default; without languages the contact's (B12)."""
    if not template.languages:
        return person.language_id.expression
    row = InteractionTemplateLanguage
    has = select(row.id).where(row.template_id == template.id, row.language_id == person.language_id).exists()
    return case((has, person.language_id), else_=literal(template.language_id, InteractionLogEntry.language_id.type))


def _correspondence_type(draft: InteractionDraft, template: Any, person: Any) -> ColumnElement[Any]:
    """Own; the template's if it ignores the contact's or the contact has none; else the contact's (B17)."""
    kind = InteractionLogEntry.correspondence_type.type
    if draft.correspondence_type is not None:
        return literal(draft.correspondence_type, kind)
    of_template = literal(template.correspondence_type, kind)
    if template.ignore_contact_type:
        return of_template
    return case((person.correspondence_type == "", of_template), else_=person.correspondence_type)
