"""Finishing an interaction: what is missing, all at once, then one entry of the log (R-I10…R-I14, R-C02)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import BigInteger, String, literal, select
from sqlalchemy.orm import Session, object_session

from domain.accounts.actor import Actor
from domain.campaigns.models import Campaign
from domain.documents.models import Document
from domain.documents.store import facts_of, hold, read_document
from domain.errors import Conflict, RuleViolation
from domain.interactions.beginning import blocked
from domain.interactions.draft_models import CALL, InteractionDraft
from domain.interactions.entries import add_comment
from domain.interactions.models import InteractionLogEntry
from domain.interactions.worked_out import WorkedOut, work_out
from domain.interactions.writing import first_status, use_campaign_entries, write_letter_values
from domain.messages import Message, say
from domain.setup.numbers import next_entry_nos

LONG_AGO = dt.timedelta(days=366)
FAR_AHEAD = dt.timedelta(days=31)


class NotComplete(RuleViolation):
    """Something is missing or wrong; `problems` names everything: field → sentence."""

    def __init__(self, problems: dict[str, Message]) -> None:
        field, message = next(iter(problems.items()))
        super().__init__(message, field=field)
        self.problems = problems


class UnusualDate(RuleViolation):
    """The date lies far in the past or in the future, and nobody has said that it is right."""

    def __init__(self, message: Message, date: dt.date) -> None:
        super().__init__(message, field="date")
        self.date = date


@dataclass(frozen=True)
class _Earliest:
    """Whose date and salesperson a campaign entry gets."""

    campaign_id: int
    date: dt.date
    salesperson_id: int


def missing_values(values: WorkedOut) -> dict[str, Message]:
    """What an interaction lacks whoever it is with, by field (R-I10)."""
    found: dict[str, Message] = {}
    if values.template is None:
        found["template"] = say("Choose an interaction template.")
    if not values.description:
        found["description"] = say("Enter a description.")
    if values.salesperson is None:
        found["salesperson"] = say("Choose a salesperson.")
    elif values.salesperson.blocked:
        found["salesperson"] = say("The salesperson %(code)s is blocked.", code=values.salesperson.code)
    if values.date is None:
        found["date"] = say("Enter a date.")
    return found


def problems_of(session: Session, draft: InteractionDraft, values: WorkedOut) -> dict[str, Message]:
    """Everything that stands in the way of finishing, by field (R-I10, R-G05; E-I01…E-I08, E-P02, B1)."""
    found: dict[str, Message] = {}
    if values.contact is None:
        found["contact"] = say("Choose a contact.")
    else:
        reason = blocked(session, values.contact)
        if reason is not None:
            found["contact"] = reason
    found |= missing_values(values)
    if draft.kind == CALL and not draft.contact_via:
        found["contact_via"] = say("Choose or type the phone number.")
    if values.template is not None:
        found |= _document_problems(session, draft, values)
    return found


def _document_problems(session: Session, draft: InteractionDraft, values: WorkedOut) -> dict[str, Message]:
    assert values.template is not None
    found: dict[str, Message] = {}
    if draft.language_id is not None and values.row is None and values.language is not None:
        found["language"] = say(
            "The interaction template %(template)s has no language %(language)s.",
            template=values.template.code,
            language=values.language.code,
        )
    if draft.kind == CALL:
        return found
    kind, contact = values.correspondence_type, values.contact
    if values.document is None:
        if values.document_choice == "own" and draft.document_choice == "own":
            found["document"] = say("Choose a file.")
        elif values.template.wizard_action == "open":
            found["document"] = say(
                "The interaction template %(template)s asks for a document and has none in this language. "
                "Upload one, or choose another language.",
                template=values.template.code,
            )
        elif kind == "email":
            found["document"] = say(
                "An e-mail needs a document with its text. Upload one, or choose another template or correspondence type."
            )
    else:
        problem = _unusable(session, values.document)
        if problem is not None:
            found["document"] = problem
    if kind == "email" and contact is not None and not values.mail_to:
        found["correspondence_type"] = say(
            "Contact %(no)s has no e-mail address. Enter it on the card, or choose another correspondence type.",
            no=contact.no,
        )
    if (
        kind == "fax"
        and contact is not None
        and not (values.alt_address and values.alt_address.fax)
        and not contact.fax
    ):
        found["correspondence_type"] = say("Contact %(no)s has no fax number.", no=contact.no)
    return found


def _unusable(session: Session, document: Document) -> Message | None:
    """Why a document cannot go out: it cannot be read, or names fields that do not exist (B1, E-M05)."""
    unknown = [one["name"] for one in facts_of(document).get("unknown", ())] if document.is_word else []
    if unknown:
        return say("The document has the unknown merge field %(name)s. Mend it first.", name=unknown[0])
    try:
        read_document(session, document)
    except RuleViolation as unreadable:
        return unreadable.message
    return None


def unusual_date(date: dt.date, *, by: Actor) -> Message | None:
    """A warning for a date far in the past or in the future."""
    if date < by.today - LONG_AGO:
        return say("This date lies far in the past. Finish again if it is right.")
    if date > by.today + FAR_AHEAD:
        return say("This date lies far in the future. Finish again if it is right.")
    return None


def finish_interaction(
    session: Session,
    draft: InteractionDraft,
    *,
    accepted_date: dt.date | None = None,
    campaign_entry: str = "",
    by: Actor,
) -> InteractionLogEntry:
    """Writes the entry of an interaction, new or postponed: exactly one, however often its form is sent (R-I10…R-I14).

    A postponed one keeps its number and leaves the list (B9). The campaign's entry for single interactions is used or
    made (R-C02), e-mails are queued and letters wait to be printed with the values of the day (A6), the comment becomes
    the first remark. `accepted_date`: the unusual date somebody said is right; `campaign_entry`: the description of a
    new campaign entry, when it is not "Interactions" (R-G04).

    Raises `NotComplete` with everything that is missing, `UnusualDate`, `Conflict` when somebody else has finished or
    deleted it meanwhile, `Forbidden`.
    """
    by.must_be_allowed("create interactions")
    hold(session, draft.form_key)
    done = session.scalar(select(InteractionLogEntry).where(InteractionLogEntry.form_key == draft.form_key))
    stored = object_session(draft) is not None
    if done is not None:
        if stored:
            raise finished_meanwhile(session, done.entry_no)
        return done
    values = work_out(session, draft)
    problems = problems_of(session, draft, values)
    if problems:
        raise NotComplete(problems)
    assert values.contact is not None
    assert values.salesperson is not None
    assert values.template is not None
    assert values.date is not None
    warning = unusual_date(values.date, by=by)
    if warning is not None and accepted_date != values.date:
        raise UnusualDate(warning, values.date)
    described = campaign_entry or by.write(say("Interactions"))
    campaign_entry_id = campaign_entry_of(session, values, segment_no=draft.segment_no, description=described, by=by)
    entry = InteractionLogEntry(
        entry_no=draft.entry_no if stored else next_entry_nos(session, "interaction"),
        contact_id=values.contact.id,
        company_id=values.contact.company_id,
        contact_no=values.contact.no,
        contact_name=values.contact.name,
        company_no=values.company.no if values.company is not None else "",
        company_name=values.contact.company_name,
        date=values.date,
        time=values.time,
        description=values.description,
        subject=values.subject,
        information_flow=values.information_flow,
        initiated_by=values.initiated_by,
        cost=values.cost,
        duration=values.duration,
        user_id=by.user_id,
        user_name=by.user_name,
        group_id=values.template.group_id,
        template_id=values.template.id,
        language_id=values.language.id if values.language is not None else None,
        campaign_id=values.campaign.id if values.campaign is not None else None,
        campaign_entry_id=campaign_entry_id,
        campaign_target=values.campaign_target,
        campaign_response=values.campaign_response,
        segment_no=draft.segment_no,
        evaluation=draft.evaluation,
        attempt_failed=draft.attempt_failed,
        salesperson_id=values.salesperson.id,
        correspondence_type=values.correspondence_type,
        alt_address_code=values.alt_address.code if values.alt_address is not None else "",
        contact_via=draft.contact_via,
        document_id=values.document.id if values.document is not None else None,
        personal_comment=draft.personal_comment,
        delivery_status=first_status(
            literal(values.correspondence_type, String),
            literal(values.document.id if values.document is not None else None, BigInteger),
        ),
        task_id=draft.task_id,
        form_key=draft.form_key,
        created_at=by.now,
    )
    if stored:
        session.delete(draft)
    session.add(entry)
    session.flush()
    if entry.document_id is not None:
        campaigns = [values.campaign.id] if values.campaign is not None else []
        write_letter_values(session, InteractionLogEntry.id == entry.id, campaign_ids=campaigns, by=by)
    if draft.comment:
        add_comment(session, entry, draft.comment, by=by)
    return entry


def campaign_entry_of(
    session: Session, values: WorkedOut, *, segment_no: str = "", description: str, by: Actor
) -> int | None:
    """The id of the campaign entry of single interactions, or of the segment a call was made from (R-I12, R-C02).

    None without a campaign. `description`: of an entry that is made.
    """
    if values.campaign is None or values.date is None or values.salesperson is None:
        return None
    # two people at once: the second waits and finds the entry of the first
    session.execute(select(Campaign.id).where(Campaign.id == values.campaign.id).with_for_update())
    earliest = _Earliest(values.campaign.id, values.date, values.salesperson.id)
    used = use_campaign_entries(session, [earliest], segment_no=segment_no, description=description, by=by)
    return used[values.campaign.id]


def finished_meanwhile(session: Session, entry_no: int) -> Conflict:
    """What to say when a postponed interaction is not there any more."""
    entry = session.scalar(select(InteractionLogEntry).where(InteractionLogEntry.entry_no == entry_no))
    if entry is None:
        return Conflict(say("The postponed interaction %(no)s has been deleted meanwhile.", no=entry_no))
    return Conflict(
        say(
            "The interaction %(no)s has been finished meanwhile by %(name)s. You find it in the interaction log.",
            no=entry_no,
            name=entry.user_name,
        )
    )
