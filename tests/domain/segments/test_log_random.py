"""What is written to the log, for random segments, against the plain reference (section E)."""

from __future__ import annotations

from random import Random

import pytest
from sqlalchemy import select

from domain.campaigns.models import CampaignEntry
from domain.contacts.models import AltAddress
from domain.interactions.models import InteractionLogEntry
from domain.segments.log_entries import TAKEN_OVER, write_campaign_entries, write_entries
from tests.domain.segments.reference import effective_values
from tests.domain.segments.worlds import add_segment, make_world
from tests.factories.interactions import make_logged_segment
from tests.factories.setup import make_actor


def expected_delivery(values, contact, address, deliver):
    """Correspondence type and delivery status of an entry (R-G07, B1)."""
    kind = values["correspondence_type"]
    if not deliver:
        reachable = (address.email if address else "") or contact.email
        return ("" if kind == "email" and not reachable else kind), "none"
    if values["document_id"] is None:
        return kind, "none"
    return kind, {"email": "queued", "hard_copy": "to_print", "": "none"}[kind]


@pytest.mark.parametrize("seed", range(4))
def test_entries_of_random_segments_equal_a_plain_reference(session, seed):
    """R-G03…R-G07 for 4 × 25 segments: every value, the numbers, the campaign entries and the status of delivery."""
    chance = Random(seed)
    world = make_world(session, chance)
    for n in range(25):
        add_segment(session, world, chance, f"R{seed}-{n}")
    contacts = {one.id: one for one in world.contacts}
    for segment in world.segments:
        lines = [one for one in world.lines if one.segment_id == segment.id and one.contact_id is not None]
        if not lines:
            continue
        expected = {one.id: effective_values(one, segment, world.interactions, contacts, world.ranges) for one in lines}
        logged = make_logged_segment(session, segment.no)
        deliver = chance.random() < 0.5
        by = make_actor()
        of_campaign = write_campaign_entries(session, segment, logged, by=by)
        write_entries(session, segment, logged, lines=len(lines), campaign_entries=of_campaign, deliver=deliver, by=by)
        entries = session.scalars(
            select(InteractionLogEntry)
            .where(InteractionLogEntry.logged_segment_id == logged.id)
            .order_by(InteractionLogEntry.entry_no)
        ).all()
        assert [entry.segment_line_id for entry in entries] == [one.id for one in lines]
        for entry, line in zip(entries, lines, strict=True):
            values = expected[line.id]
            address = session.get(AltAddress, values["alt_address_id"]) if values["alt_address_id"] else None
            assert {name: getattr(entry, name) for name in TAKEN_OVER} == {name: values[name] for name in TAKEN_OVER}
            assert entry.alt_address_code == (address.code if address else "")
            found = (entry.correspondence_type, entry.delivery_status)
            assert found == expected_delivery(values, contacts[line.contact_id], address, deliver)
            assert entry.campaign_entry_id == of_campaign.get(values["campaign_id"])
        for campaign_id, entry_id in of_campaign.items():
            of_it = [one for one in lines if expected[one.id]["campaign_id"] == campaign_id]
            earliest = min(of_it, key=lambda one: (expected[one.id]["date"], one.line_no))
            written = session.get_one(CampaignEntry, entry_id)
            assert (written.date, written.salesperson_id) == (
                expected[earliest.id]["date"],
                expected[earliest.id]["salesperson_id"],
            )
        assert set(of_campaign) == {values["campaign_id"] for values in expected.values()} - {None}
