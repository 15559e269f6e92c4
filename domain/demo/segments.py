"""The segments of the demo: four open ones with work to do, two logged ones with a history."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.edit import edit_contact
from domain.contacts.models import PERSON, Contact
from domain.demo.making import Demo, demo_day
from domain.demo.start import start_letter
from domain.interactions.delivery import mark_letters
from domain.interactions.entries import evaluate, set_canceled
from domain.interactions.models import InteractionLogEntry
from domain.letters.upload import store_upload
from domain.messages import Message, say
from domain.segments.add_contacts import add_contact_ids, add_contacts
from domain.segments.create import create_segment
from domain.segments.edit_line import edit_line
from domain.segments.header import edit_header
from domain.segments.interactions import choose_template
from domain.segments.lines import add_line
from domain.segments.log import log_segment
from domain.segments.models import Segment, SegmentLine
from domain.setup.models import Language


def create_demo_segments(session: Session, demo: Demo) -> list[Segment]:
    """The logged segments first, then the open ones. Marked as demo."""
    return [
        _spring_catalogue(session, demo),
        _phone_calls(session, demo),
        _open_house(session, demo),
        _newsletter(session, demo),
        _survey_calls(session, demo),
        _draft(session, demo),
    ]


def _begin(
    session: Session, demo: Demo, description: Message, salesperson: str, template: str, *, by: Actor, **header: Any
) -> Segment:
    segment = create_segment(
        session, description=by.write(description), salesperson=demo.salespeople[salesperson], by=by, **header
    )
    segment.is_demo = True
    session.flush()
    if template:
        choose_template(session, segment, template, by=by)
    return segment


def _line(session: Session, demo: Demo, segment: Segment, name: str) -> SegmentLine:
    """The line of a contact on the list."""
    return session.scalars(
        select(SegmentLine).where(
            SegmentLine.segment_id == segment.id,
            SegmentLine.contact_id == demo.contacts[name].id,
            SegmentLine.removed_step_id.is_(None),
        )
    ).one()


def _entries(segment: Segment, *names: str, demo: Demo) -> Select[int]:
    entries = select(InteractionLogEntry.id).where(InteractionLogEntry.segment_no == segment.no)
    return entries.where(InteractionLogEntry.contact_id.in_(demo.some(*names))) if names else entries


def _people(*languages: str) -> Select[int]:
    """Persons of the demo whose language is one of these."""
    chosen = select(Language.id).where(Language.code.in_(languages))
    return select(Contact.id).where(Contact.is_demo.is_(True), Contact.type == PERSON, Contact.language_id.in_(chosen))


def _spring_catalogue(session: Session, demo: Demo) -> Segment:
    """A mailing of half a year ago: logged, printed, answered."""
    by = demo_day(demo.by, -120)
    segment = _begin(session, demo, say("Spring catalogue"), "AH", "BUS", by=by, campaign=demo.campaigns[0])
    add_contacts(session, segment, _people("ENG", "SVE"), source="contacts", by=by)
    edit_header(session, segment, {"campaign_target": True}, by=by)
    comment = say("Your order from last year is on page 14 again.")
    edit_line(session, _line(session, demo, segment, "Dexter Finch"), {"comment": by.write(comment)}, by=by)
    log_segment(session, segment, deliver=True, by=by)
    mark_letters(session, _entries(segment, demo=demo), "printed", by=by)
    mark_letters(session, _entries(segment, demo=demo), "posted", by=by)
    mark_letters(session, _entries(segment, "Sixten Norrskär", demo=demo), "returned", by=demo_day(demo.by, -110))
    evaluate(session, _entries(segment, "Dexter Finch", "Tuva Östergren", demo=demo), "very_positive", by=by)
    evaluate(session, _entries(segment, "Owen Tremblett", demo=demo), "neutral", by=by)
    return segment


def _phone_calls(session: Session, demo: Demo) -> Segment:
    """Calls of last month, one of them cancelled."""
    by = demo_day(demo.by, -30)
    segment = _begin(session, demo, say("Calls after the catalogue"), "JP", "OUTGOING", by=by)
    names = ("Dexter Finch", "Conrad Thackray", "Harriet MacKinley", "Owen Tremblett")
    add_contact_ids(session, segment, demo.some(*names), source="paste", kind="paste", by=by)
    edit_line(session, _line(session, demo, segment, "Conrad Thackray"), {"attempt_failed": True}, by=by)
    edit_line(session, _line(session, demo, segment, "Harriet MacKinley"), {"duration": 45}, by=by)
    log_segment(session, segment, deliver=False, by=by)
    evaluate(session, _entries(segment, "Harriet MacKinley", demo=demo), "positive", by=by)
    set_canceled(session, _entries(segment, "Owen Tremblett", demo=demo), canceled=True, by=by)
    return segment


def _open_house(session: Session, demo: Demo) -> Segment:
    """Invitations in four languages, with own values, comments and a document of one's own."""
    by = demo.by
    segment = _begin(session, demo, say("Invitation to the open house"), "LC", "BUS", by=by, campaign=demo.campaigns[1])
    add_contacts(session, segment, _people("ENG", "FRC", "FRS", "SVE", "DEU", "DES", "ITA"), by=by)
    add_line(session, segment, demo.contacts["Colette Jaquemard"], by=by)  # a second line for somebody on the list
    edit_header(session, segment, {"campaign_target": True}, by=by)
    own_letter = store_upload(session, replace(start_letter("MEMO", "FRS"), file_name="Blaise Ducraux.docx"), by=by)
    changes: dict[str, dict[str, Any]] = {
        "Imogen Harbour": {"description": by.write(say("Invitation for our oldest customer")), "cost": 1500},
        "Dexter Finch": {"comment": by.write(say("Thank you for the samples.\nThey are already on the wall."))},
        "Blaise Ducraux": {"document": own_letter, "comment": by.write(say("The table for six is reserved for you."))},
        "Sixten Norrskär": {"language": "ENG"},
        "Gaétan Thériault-Cyr": {"correspondence_type": "email", "salesperson": demo.salespeople["AH"]},
    }
    for name, values in changes.items():
        edit_line(session, _line(session, demo, segment, name), values, by=by)
    return segment


def _newsletter(session: Session, demo: Demo) -> Segment:
    """E-mails with problems to mend: an address is missing, and somebody was blocked after they came on the list."""
    by = demo.by
    segment = _begin(session, demo, say("Newsletter"), "TB", "EMAIL", by=by, campaign=demo.campaigns[2])
    names = (
        "Maxime Desrosiers-Roy", "Océane Lafrenière", "Gaétan Thériault-Cyr", "Mireille Vadnais", "Loïc Arsenault",
        "Solange Pittet", "Tuva Östergren", "Zoé Bellehumeur",
    )  # fmt: skip
    add_contact_ids(session, segment, demo.some(*names), source="contacts", by=by)
    edit_contact(session, demo.contacts["Zoé Bellehumeur"], {"privacy_blocked": True}, by=by)
    return segment


def _survey_calls(session: Session, demo: Demo) -> Segment:
    """Phone calls, one of them the other way round."""
    by = demo.by
    segment = _begin(session, demo, say("Survey by phone"), "JP", "OUTGOING", by=by, campaign=demo.campaigns[2])
    names = ("Bea Ollerton", "Beatrice Ollerton", "Winifred Larkspur", "Friederike Wolkenstein", "Urs Ammannegger")
    add_contact_ids(session, segment, demo.some(*names), source="paste", kind="paste", by=by)
    edit_line(session, _line(session, demo, segment, "Winifred Larkspur"), {"template": "INCOME"}, by=by)
    return segment


def _draft(session: Session, demo: Demo) -> Segment:
    """Just begun: contacts, and no template yet."""
    by = demo.by
    segment = _begin(session, demo, say("Season’s greetings"), "AH", "", by=by)
    add_contacts(session, segment, _people("SVE"), by=by)
    return segment
