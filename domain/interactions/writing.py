"""What writing entries of the log shares, for a whole segment and for a single interaction (R-G02…R-G07, R-I10…R-I14)."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, case, insert, literal, select
from sqlalchemy.orm import Session, aliased

from domain.accounts.actor import Actor
from domain.campaigns.models import Campaign, CampaignEntry
from domain.contacts.models import AltAddress, Contact
from domain.interactions.delivery import ON_PAPER
from domain.interactions.letter_values import LetterSources
from domain.interactions.letters import shared_values
from domain.interactions.models import InteractionLogEntry, LetterValues, LoggedSegment, LoggedSegmentValues
from domain.setup.models import Language, Salesperson
from domain.setup.numbers import next_entry_nos


def first_status(correspondence_type: ColumnElement[str], document_id: Any) -> ColumnElement[str]:
    """The delivery status an entry begins with when it is to be delivered: e-mails are queued, letters wait to be
    printed, if they have a document (R-G07)."""
    return case(
        (document_id.is_(None), "none"),
        (correspondence_type == "email", "queued"),
        (correspondence_type.in_(ON_PAPER), "to_print"),
        else_="none",
    )


def use_campaign_entries(
    session: Session,
    earliest: Sequence[Row[Any]] | Sequence[Any],
    *,
    segment_no: str,
    description: str,
    logged: LoggedSegment | None = None,
    by: Actor,
) -> dict[int, int]:
    """The campaign entries of these campaigns and this segment ('' for single interactions): campaign id → entry id.

    One that is there already and not cancelled is used, the first of them; the others are made with the date and
    salesperson of the rows `earliest` (`campaign_id`, `date`, `salesperson_id`; R-G04, R-C02). All get the link to the
    logged segment, if there is one.
    """
    there = {
        entry.campaign_id: entry
        for entry in session.scalars(
            select(CampaignEntry)
            .where(
                CampaignEntry.segment_no == segment_no,
                CampaignEntry.campaign_id.in_([row.campaign_id for row in earliest]),
                CampaignEntry.document_type == 0,
                CampaignEntry.canceled.is_(False),
            )
            .order_by(CampaignEntry.entry_no.desc())
        )
    }
    missing = [row for row in earliest if row.campaign_id not in there]
    number = next_entry_nos(session, "campaign_entry", len(missing)) if missing else 0
    for row in missing:
        there[row.campaign_id] = CampaignEntry(
            entry_no=number,
            campaign_id=row.campaign_id,
            description=description,
            date=row.date,
            user_id=by.user_id,
            user_name=by.user_name,
            segment_no=segment_no,
            salesperson_id=row.salesperson_id,
        )
        session.add(there[row.campaign_id])
        number += 1
    used = {row.campaign_id: there[row.campaign_id] for row in earliest}
    for entry in used.values():
        if logged is not None:
            entry.logged_segment_id = logged.id
    session.flush()
    return {campaign_id: entry.id for campaign_id, entry in used.items()}


def write_letter_values(
    session: Session,
    *chosen: ColumnElement[bool],
    campaign_ids: Collection[int],
    logged: LoggedSegment | None = None,
    by: Actor,
) -> LoggedSegmentValues:
    """The raw values of every entry among `chosen` that has a document, and once what all letters share (A6)."""
    campaigns = session.execute(select(Campaign.no, Campaign.description).where(Campaign.id.in_(campaign_ids)))
    shared = shared_values(session, today=by.today) | {"campaigns": dict(campaigns.all())}
    values = LoggedSegmentValues(
        logged_segment_id=logged.id if logged is not None else None, values=json.dumps(shared, ensure_ascii=False)
    )
    session.add(values)
    session.flush()
    entry, person, address = InteractionLogEntry, aliased(Contact, name="person"), aliased(AltAddress, name="address")
    letter_company, company_alt = LetterSources.companies()
    sources = LetterSources(
        contact=person,
        alt_address=address,
        salesperson=Salesperson,
        language_id=entry.language_id,
        locale=Language.locale,
        correspondence_type=entry.correspondence_type,
        date=entry.date,
        comment=entry.personal_comment,
        company=letter_company,
        company_alt=company_alt,
    )
    columns: dict[str, Any] = {"entry_id": entry.id, "values_id": literal(values.id), **sources.columns()}
    rows = (
        select(*(expression.label(name) for name, expression in columns.items()))
        .select_from(entry)
        .join(person, person.id == entry.contact_id)
        .outerjoin(address, (address.contact_id == person.id) & (address.code == entry.alt_address_code))
        .outerjoin(Salesperson, Salesperson.id == entry.salesperson_id)
        .outerjoin(Language, Language.id == entry.language_id)
    )
    rows = sources.join_company(rows).where(*chosen, entry.document_id.is_not(None))
    session.execute(insert(LetterValues).from_select(list(columns), rows))
    return values
