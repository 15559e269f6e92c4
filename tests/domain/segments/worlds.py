"""Small random offices with segments: every field of a line now inherited, now its own, now deliberately blank."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from random import Random

from sqlalchemy.orm import Session

from domain.campaigns.models import Campaign
from domain.contacts.models import AltAddressRange, Contact
from domain.documents.models import Document
from domain.segments.models import Segment, SegmentInteraction, SegmentInteractionLanguage, SegmentLine
from domain.setup.models import Language, Salesperson
from tests.factories.contacts import make_alt_address, make_contact
from tests.factories.interaction_templates import make_template
from tests.factories.setup import NOW, TODAY, make_language, make_office, make_salesperson

TYPES = ("", "hard_copy", "email")
DAYS = [TODAY + dt.timedelta(days=n) for n in (-40, -10, 0, 10, 40)]


@dataclass
class World:
    """What random segments are made of, and the segments."""

    languages: list[Language]
    salespeople: list[Salesperson]
    campaigns: list[Campaign]
    documents: list[Document]
    contacts: list[Contact]
    ranges: list[AltAddressRange]
    templates: list[int]
    segments: list[Segment] = field(default_factory=list)
    interactions: dict[int, SegmentInteraction] = field(default_factory=dict)
    lines: list[SegmentLine] = field(default_factory=list)


def make_world(session: Session, chance: Random) -> World:
    """Languages, salespeople, campaigns, documents, templates, and contacts with alternative addresses."""
    make_office(session)
    languages = [make_language(session, code) for code in ("ENG", "FRC", "SVE")]
    salespeople = [make_salesperson(session) for _ in range(2)]
    campaigns = [Campaign(no=f"CW{n}", description="Campaign", modified_at=NOW) for n in range(2)]
    documents = [
        Document(sha256=f"{n:064}", file_name=f"{n}.docx", extension="docx", size=1, is_word=True, created_at=NOW)
        for n in range(4)
    ]
    session.add_all([*campaigns, *documents])
    contacts, ranges = [], []
    for _ in range(8):
        contact = make_contact(
            session,
            language=chance.choice(["ENG", "FRC", "SVE", None]),
            correspondence_type=chance.choice(TYPES),
            salesperson_id=chance.choice([None, salespeople[0].id]),
            email=chance.choice(["", "a@example.com"]),
            privacy_blocked=chance.random() < 0.1,
            exclude_from_segment=chance.random() < 0.2,
        )
        contacts.append(contact)
        for code in ("HOME", "SUMMER")[: chance.randrange(3)]:
            start = chance.choice(DAYS)
            if any(one.contact_id == contact.id and one.starting_date == start for one in ranges):
                continue
            end = chance.choice([None, start + dt.timedelta(days=chance.randrange(60))])
            ranges += make_alt_address(session, contact, code, ranges=[(start, end)]).ranges
    templates = [make_template(session).id for _ in range(3)]
    return World(languages, salespeople, campaigns, documents, contacts, ranges, templates)


def add_segment(session: Session, world: World, chance: Random, no: str) -> None:
    """One more random segment of one to five lines."""

    def some(values: list, none: float = 0.4):
        return None if chance.random() < none else chance.choice(values)

    def interaction(template_id: int | None) -> SegmentInteraction:
        made = SegmentInteraction(
            template_id=template_id,
            description=chance.choice(["", f"Interaction {template_id}"]),
            correspondence_type=chance.choice(TYPES),
            ignore_contact_type=chance.random() < 0.5,
            campaign_id=some([c.id for c in world.campaigns]),
            unit_cost=chance.randrange(3),
            unit_duration=chance.randrange(3),
            information_flow=chance.choice(["", "inbound", "outbound"]),
            initiated_by=chance.choice(["", "us", "them"]),
            campaign_target=chance.random() < 0.5,
            campaign_response=chance.random() < 0.5,
        )
        rows = chance.sample(world.languages, chance.randrange(4))
        for language in rows:
            made.languages.append(
                SegmentInteractionLanguage(
                    language_id=language.id,
                    subject=chance.choice(["", f"Subject {language.code}"]),
                    document_id=some([d.id for d in world.documents], 0.2),
                )
            )
        made.language_id = some([row.id for row in rows], 0.2) if rows else some([world.languages[0].id], 0.8)
        session.add(made)
        session.flush()
        return made

    mine = [interaction(template_id) for template_id in (some(world.templates, 0.3), *world.templates[:2])]
    segment = Segment(
        no=no,
        description=chance.choice(["", "Segment"]),
        date=chance.choice(DAYS),
        salesperson_id=some([s.id for s in world.salespeople]),
        campaign_id=some([c.id for c in world.campaigns]),
        send_as_attachment=chance.random() < 0.5,
        interaction_id=mine[0].id,
        created_at=NOW,
        modified_at=NOW,
    )
    session.add(segment)
    session.flush()
    for one in mine:
        one.segment_id = segment.id
        world.interactions[one.id] = one
    for n in range(chance.randrange(1, 6)):
        contact = some(world.contacts, 0.05)
        addresses = [one.alt_address_id for one in world.ranges if contact is not None and one.contact_id == contact.id]
        line = SegmentLine(
            segment_id=segment.id,
            line_no=(n + 1) * 10_000,
            contact_id=contact.id if contact else None,
            interaction_id=some([one.id for one in mine[1:]], 0.6),
            description=some(["", "Own"], 0.7),
            subject=some(["", "Own subject"], 0.7),
            salesperson_id=some([s.id for s in world.salespeople], 0.7),
            correspondence_type=some(list(TYPES), 0.7),
            language_id=some([one.id for one in world.languages], 0.7),
            date=some(DAYS, 0.7),
            cost=some([0, 7], 0.7),
            duration=some([0, 7], 0.7),
            information_flow=some(["", "inbound"], 0.7),
            initiated_by=some(["", "them"], 0.7),
            campaign_id=some([c.id for c in world.campaigns], 0.7),
            campaign_target=some([True, False], 0.7),
            campaign_response=some([True, False], 0.7),
            send_as_attachment=some([True, False], 0.7),
            alt_address_id=some(addresses, 0.7) if addresses else None,
            document_id=some([d.id for d in world.documents], 0.8),
            no_campaign=chance.random() < 0.1,
            no_alt_address=chance.random() < 0.1,
            no_document=chance.random() < 0.1,
        )
        session.add(line)
        world.lines.append(line)
    segment.last_line_no = 50_000
    session.flush()
    world.segments.append(segment)
