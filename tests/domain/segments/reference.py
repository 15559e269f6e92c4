"""The effective values in plain Python, written from decisions.md and without looking at the select."""

from __future__ import annotations

from typing import Any

from domain.contacts.models import AltAddressRange, Contact
from domain.segments.models import Segment, SegmentInteraction, SegmentLine


def effective_values(
    line: SegmentLine,
    segment: Segment,
    interactions: dict[int, SegmentInteraction],
    contacts: dict[int, Contact],
    ranges: list[AltAddressRange],
) -> dict[str, Any]:
    """What counts for one line."""
    header = interactions[segment.interaction_id]
    own_template = line.interaction_id is not None
    counts = interactions[line.interaction_id] if line.interaction_id is not None else header
    contact = contacts[line.contact_id] if line.contact_id is not None else None
    values: dict[str, Any] = {}

    def own(name: str, otherwise: Any) -> Any:
        mine = getattr(line, name)
        return mine if mine is not None else otherwise

    values["description"] = own("description", counts.description if own_template else segment.description)
    values["salesperson_id"] = own("salesperson_id", segment.salesperson_id)
    if values["salesperson_id"] is None and contact is not None:
        values["salesperson_id"] = contact.salesperson_id
    values["date"] = own("date", segment.date)
    values["send_as_attachment"] = own("send_as_attachment", segment.send_as_attachment)
    values["campaign_id"] = None
    if not line.no_campaign:
        values["campaign_id"] = own("campaign_id", segment.campaign_id)
        if values["campaign_id"] is None and own_template:
            values["campaign_id"] = counts.campaign_id
    values["alt_address_id"] = None
    if not line.no_alt_address:
        values["alt_address_id"] = own("alt_address_id", _active(ranges, line.contact_id, values["date"]))
    values["correspondence_type"] = own("correspondence_type", _correspondence_type(header, counts, contact))
    rows = {row.language_id: row for row in counts.languages}
    language = line.language_id
    if language is None and contact is not None and contact.language_id in rows:
        language = contact.language_id
    if language is None:
        language = counts.language_id
    if language is None and not rows and contact is not None:
        language = contact.language_id
    values["language_id"] = language
    row = rows.get(language) if language is not None else None
    values["subject"] = own("subject", row.subject if row else "")
    values["document_id"] = None if line.no_document else own("document_id", row.document_id if row else None)
    values["cost"] = own("cost", counts.unit_cost)
    values["duration"] = own("duration", counts.unit_duration)
    for name in ("information_flow", "initiated_by", "campaign_target", "campaign_response"):
        values[name] = own(name, getattr(counts, name))
    values["template_id"] = counts.template_id
    values["group_id"] = counts.group_id
    return values


def _correspondence_type(header: SegmentInteraction, counts: SegmentInteraction, contact: Contact | None) -> str:
    wanted = contact.correspondence_type if contact is not None else ""
    if header.ignore_contact_type and header.correspondence_type:
        return header.correspondence_type
    if counts.template_id is not None and (counts.ignore_contact_type or not wanted):
        return counts.correspondence_type
    return wanted


def _active(ranges: list[AltAddressRange], contact_id: int | None, day: Any) -> int | None:
    fitting = [
        one
        for one in ranges
        if one.contact_id == contact_id
        and one.starting_date <= day
        and (one.ending_date is None or one.ending_date >= day)
    ]
    return max(fitting, key=lambda one: one.starting_date).alt_address_id if fitting else None
