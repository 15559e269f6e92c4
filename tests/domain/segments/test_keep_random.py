"""Random segments: keeping after any header change leaves every line as it was (A2)."""

from __future__ import annotations

from random import Random

import pytest
from sqlalchemy import select

from domain.errors import RuleViolation
from domain.segments.effective import VALUES, effective, line
from domain.segments.header import edit_header
from domain.segments.header_answers import keep_lines, replace_lines
from domain.segments.header_fields import HEADER_FIELDS
from domain.segments.line_fields import LINE_FIELDS, is_own
from domain.segments.models import SegmentLine
from tests.domain.segments.worlds import DAYS, TYPES, World, add_segment, make_world
from tests.factories.setup import make_actor

BY = make_actor()
NAMES = [name for name in VALUES if name != "mail_to"]


def state(session, segment):
    rows = session.execute(effective(*NAMES).add_columns(line.id).where(line.segment_id == segment.id))
    return {row.id: {name: getattr(row, name) for name in NAMES} for row in rows}


def another(chance: Random, world: World, name: str):
    """A random value for a field of the header."""
    choices = {
        "description": ["", "New"],
        "salesperson": [None, *(one.id for one in world.salespeople)],
        "date": DAYS,
        "campaign": [None, *(one.id for one in world.campaigns)],
        "unit_cost": [0, 1, 50],
        "unit_duration": [0, 1, 50],
        "information_flow": ["", "inbound", "outbound"],
        "initiated_by": ["", "us", "them"],
        "correspondence_type": list(TYPES),
        "language": [None, *(one.id for one in world.languages)],
        "subject": ["", "New subject"],
    }
    return chance.choice(choices.get(name, [True, False]))


@pytest.mark.parametrize("seed", range(3))
def test_keeping_leaves_every_line_as_it_was(session, seed):
    """A2: only what was none may follow (salesperson, language); all else stays."""
    chance = Random(seed)
    world = make_world(session, chance)
    made = 0
    for n in range(12):
        add_segment(session, world, chance, f"K{seed}-{n}")
        segment = world.segments[-1]
        for name in chance.sample(list(HEADER_FIELDS), 5):
            before = state(session, segment)
            try:
                changes = edit_header(session, segment, {name: another(chance, world, name)}, by=BY)
            except RuleViolation:
                continue
            for change in changes:
                made += 1
                field = HEADER_FIELDS[name]
                shown = {"salesperson": "salesperson_id", "campaign": "campaign_id", "language": "language_id"}
                value = shown.get(field.line_field, field.line_field)
                now = state(session, segment)
                assert sum(now[one][value] != before[one][value] for one in before) <= change.follow
                kept = keep_lines(session, segment, change.token, by=BY)
                after = state(session, segment)
                moved = [one for one in before if after[one][value] != before[one][value]]
                assert all(before[one][value] is None for one in moved)
                assert len(moved) <= kept.without_value
                if name not in ("language", "campaign"):  # these move other values with them
                    for one in before.keys() - set(moved):
                        assert after[one] == before[one]
                if chance.random() < 0.3:
                    replace_lines(session, segment, change.token, by=BY)
                    own = is_own(LINE_FIELDS[field.line_field], SegmentLine) & SegmentLine.interaction_id.is_(None)
                    mine = SegmentLine.segment_id == segment.id
                    assert session.scalar(select(SegmentLine.id).where(mine, own).limit(1)) is None
    assert made > 15
