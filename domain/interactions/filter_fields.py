"""The fields of the interaction log that can be filtered, and what the log adds to those of contacts (contacts.md 3.1)."""

from __future__ import annotations

from sqlalchemy import func, or_, select

from domain.campaigns.models import Campaign
from domain.contacts.filter_fields import CONTACT_FILTERS, CORRESPONDENCE_TYPE_OPTIONS, LANGUAGE, SALESPERSON
from domain.contacts.models import Contact
from domain.filters.fields import Field, FilterTable, Kind, Reference
from domain.interaction_templates.models import InteractionGroup, InteractionTemplate
from domain.interactions.models import InteractionLogEntry, LoggedSegment
from domain.messages import Message, say, say_in

EVALUATION_OPTIONS: dict[str, Message] = {
    "": say("(blank)"),
    "very_positive": say("Very positive"),
    "positive": say("Positive"),
    "neutral": say("Neutral"),
    "negative": say("Negative"),
    "very_negative": say("Very negative"),
}
DELIVERY_STATUS_OPTIONS: dict[str, Message] = {
    "none": say("(blank)"),
    "to_print": say_in("delivery", "To print"),
    "printed": say_in("delivery", "Printed"),
    "posted": say_in("delivery", "Posted"),
    "returned": say_in("delivery", "Returned"),
    "queued": say_in("delivery", "Queued"),
    "sending": say_in("delivery", "In progress"),
    "sent": say_in("delivery", "Sent"),
    "failed": say_in("delivery", "Error"),
    "uncertain": say_in("delivery", "Uncertain"),
    "withdrawn": say_in("delivery", "Withdrawn"),
}
INFORMATION_FLOW_OPTIONS: dict[str, Message] = {
    "": say("(blank)"),
    "outbound": say("Outbound"),
    "inbound": say("Inbound"),
}
INITIATED_BY_OPTIONS: dict[str, Message] = {
    "": say("(blank)"),
    "us": say_in("initiated by", "Us"),
    "them": say_in("initiated by", "Them"),
}
CAMPAIGN = Reference(Campaign.id, Campaign.no, Campaign.description)
TEMPLATE = Reference(InteractionTemplate.id, InteractionTemplate.code, InteractionTemplate.description)
GROUP = Reference(InteractionGroup.id, InteractionGroup.code, InteractionGroup.description)
LOGGED_SEGMENT = Reference(LoggedSegment.id, LoggedSegment.entry_no)

_entry = InteractionLogEntry

ENTRY_FILTERS = FilterTable.of(
    "interaction_log_entry",
    say("Interaction"),
    [
        Field("date", say("Date"), Kind.DATE, _entry.date),
        Field("segment_no", say("Segment No."), Kind.CODE, _entry.segment_no),
        Field("campaign", say("Campaign"), Kind.CODE, _entry.campaign_id, CAMPAIGN),
        Field("evaluation", say("Evaluation"), Kind.OPTION, _entry.evaluation, options=EVALUATION_OPTIONS),
        Field("template", say("Interaction template"), Kind.CODE, _entry.template_id, TEMPLATE),
        Field("salesperson", say("Salesperson"), Kind.CODE, _entry.salesperson_id, SALESPERSON, is_me=True),
        Field("group", say("Interaction group"), Kind.CODE, _entry.group_id, GROUP),
        Field("entry_no", say("Entry No."), Kind.NUMBER, _entry.entry_no),
        Field("contact_no", say("Contact No."), Kind.CODE, _entry.contact_no),
        Field("contact_name", say("Contact name"), Kind.TEXT, _entry.contact_name),
        Field("company_no", say("Company No."), Kind.CODE, _entry.company_no),
        Field("company_name", say("Company name"), Kind.TEXT, _entry.company_name),
        Field("description", say("Description"), Kind.TEXT, _entry.description),
        Field("subject", say("Subject"), Kind.TEXT, _entry.subject),
        Field(
            "correspondence_type",
            say("Correspondence type"),
            Kind.OPTION,
            _entry.correspondence_type,
            options=CORRESPONDENCE_TYPE_OPTIONS,
        ),
        Field(
            "delivery_status",
            say("Delivery status"),
            Kind.OPTION,
            _entry.delivery_status,
            options=DELIVERY_STATUS_OPTIONS,
            blank="none",
        ),
        Field(
            "information_flow",
            say("Information flow"),
            Kind.OPTION,
            _entry.information_flow,
            options=INFORMATION_FLOW_OPTIONS,
        ),
        Field("initiated_by", say("Initiated by"), Kind.OPTION, _entry.initiated_by, options=INITIATED_BY_OPTIONS),
        Field("campaign_target", say("Campaign target"), Kind.BOOLEAN, _entry.campaign_target),
        Field("campaign_response", say("Campaign response"), Kind.BOOLEAN, _entry.campaign_response),
        Field("attempt_failed", say("Attempt failed"), Kind.BOOLEAN, _entry.attempt_failed),
        Field("canceled", say_in("interaction", "Cancelled"), Kind.BOOLEAN, _entry.canceled),
        Field("cost", say("Cost"), Kind.AMOUNT, _entry.cost),
        Field("duration", say("Duration (min.)"), Kind.NUMBER, _entry.duration),
        Field("logged_segment", say("Logged segment"), Kind.NUMBER, _entry.logged_segment_id, LOGGED_SEGMENT),
        Field("language", say("Language code"), Kind.CODE, _entry.language_id, LANGUAGE),
        Field("sent_to", say("Sent to"), Kind.TEXT, _entry.contact_via),
        Field("user", say("User"), Kind.TEXT, _entry.user_name),
        Field("created", say("Created on"), Kind.MOMENT, _entry.created_at),
    ],
    shown=("date", "segment_no", "campaign", "evaluation", "template", "salesperson"),
    row_id=_entry.id,
    contact_ids=(_entry.contact_id, _entry.company_id),
)


def _of_the_log(column: object) -> object:
    """Something over the interactions of a contact, of a company with its people, without cancelled ones (segments.md
    1.19)."""
    theirs = or_(_entry.contact_id == Contact.id, _entry.company_id == Contact.id)
    counted = select(column).where(theirs, _entry.canceled.is_(False))  # type: ignore[call-overload]
    return counted.correlate(Contact).scalar_subquery()


CONTACT_FILTERS_WITH_LOG = CONTACT_FILTERS.plus(
    [
        Field("last_interaction", say("Date of last interaction"), Kind.DATE, _of_the_log(func.max(_entry.date))),
        Field("interactions", say("No. of interactions"), Kind.NUMBER, _of_the_log(func.count())),
    ]
)
