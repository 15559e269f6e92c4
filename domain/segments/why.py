"""Why a contact is, or is not, on a segment: what every step did with it, and the value that decided."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.models import Contact
from domain.errors import RuleViolation
from domain.filters.read import Filter
from domain.filters.sql import condition_of
from domain.messages import Message
from domain.segments.add_contacts import AddOptions, candidates
from domain.segments.criteria import Criteria, GroupFilter, criteria_from_json
from domain.segments.criteria_groups import GROUPS, THROUGH_COMPANY
from domain.segments.matching import group_condition, read_group, reader_for
from domain.segments.models import Segment, SegmentLine
from domain.segments.step_models import SegmentPin, SegmentStep, SegmentStepLine, SegmentStepSkip
from domain.segments.steps import step_list, switched_off

MOST_VALUES = 5


@dataclass(frozen=True)
class Decision:
    """One group of filters against the contact: whether it passes, and each filter with the values the contact has.

    `values` pairs a filter with what stands in its field, on up to five rows of the group; `passes` says whether the
    group as a whole does.
    """

    group: GroupFilter
    filters: tuple[Filter, ...]
    passes: bool
    values: list[tuple[Filter, list[Any], bool]]


@dataclass(frozen=True)
class Fate:
    """What one step did with the contact.

    `what`: added, removed, skipped (`reason` says why), returned, switched_off, pinned_in, pinned_out, unpinned, kept
    (it stood on the list and the step left it), unmatched or matched (the criteria would find it today, or not, without
    effect), unreadable (`message`). `alternatives` are the criteria of the step against the contact as it is today.
    """

    step: SegmentStep
    what: str
    reason: str = ""
    lines: tuple[int, ...] = ()
    alternatives: tuple[tuple[Decision, ...], ...] = ()
    message: Message | None = None


@dataclass(frozen=True)
class Why:
    """The answer: whether the contact is on the list, on which lines, and the fate at every step, oldest first."""

    contact: Contact
    line_nos: tuple[int, ...]
    fates: list[Fate]


def why(session: Session, segment: Segment, contact: Contact, *, by: Actor) -> Why:
    """Explains the place of a contact. Criteria are evaluated with today's values; recorded lines and skips win."""
    lines = list(
        session.scalars(
            select(SegmentLine).where(SegmentLine.segment_id == segment.id, SegmentLine.contact_id == contact.id)
        )
    )
    skips = dict(
        session.execute(
            select(SegmentStepSkip.step_id, SegmentStepSkip.reason).where(SegmentStepSkip.contact_id == contact.id)
        ).all()
    )
    pins = {
        pin.step_id: pin
        for pin in session.scalars(
            select(SegmentPin).where(SegmentPin.segment_id == segment.id, SegmentPin.contact_id == contact.id)
        )
    }
    brought, taken = _brought(session, lines)
    off = switched_off(session, segment)
    fates, listed = [], False
    for step in session.scalars(step_list(segment)).all():
        numbers = {
            "added": tuple(line.line_no for line in lines if line.added_step_id == step.id),
            "removed": tuple(
                line.line_no
                for line in lines
                if step.id == line.removed_step_id or line.line_no in taken.get(step.id, ())
            ),
            "returned": brought.get(step.id, ()),
        }
        decisions, refusal = _decisions(session, step, contact, by=by)
        pin = pins.get(step.id)
        what, reason = "", ""
        if step.seq in off:
            what = "switched_off" if any(numbers.values()) or step.id in skips else ""
        elif pin is not None:
            what, reason = {"in": "pinned_in", "out": "pinned_out"}.get(pin.kind, "unpinned"), pin.reason
        elif step.id in skips:
            what, reason = "skipped", skips[step.id]
        else:
            what = next((name for name, found in numbers.items() if found), "")
        if not what and step.seq not in off and refusal is not None:
            what = "unreadable"
        elif not what and step.seq not in off and "criteria" in json.loads(step.filters):
            what = _without_effect(session, step, contact, listed, by=by)
        listed = _is_listed_after(lines, step, what, listed, numbers["removed"])
        if what:
            fates.append(Fate(step, what, reason, numbers.get(what, ()), decisions, refusal))
    return Why(contact, tuple(line.line_no for line in lines if line.removed_step_id is None), fates)


def _without_effect(session: Session, step: SegmentStep, contact: Contact, listed: bool, *, by: Actor) -> str:
    """What criteria that changed nothing for the contact say of it today."""
    if step.kind != "add":
        return "kept" if listed else ""
    criteria = criteria_from_json(json.loads(step.filters)["criteria"])
    found = candidates(session, criteria, AddOptions(**json.loads(step.options)), by=by)
    return "matched" if session.scalar(found.where(Contact.id == contact.id)) is not None else "unmatched"


def _is_listed_after(
    lines: list[SegmentLine], step: SegmentStep, what: str, before: bool, removed: tuple[int, ...]
) -> bool:
    """Whether the contact stood on the list when the step had been done; `removed` are the lines that it took away."""
    if what in ("added", "returned", "pinned_in"):
        return True
    if what in ("removed", "pinned_out"):
        later = (
            line
            for line in lines
            if line.line_no not in removed and line.added_step_id is not None and line.added_step_id <= step.id
        )
        return any(line.removed_step_id is None or line.removed_step_id > step.id for line in later)
    return before


def _brought(
    session: Session, lines: list[SegmentLine]
) -> tuple[dict[int, tuple[int, ...]], dict[int, tuple[int, ...]]]:
    """Numbers of the lines that steps brought in, and of those that steps had removed before, by step id."""
    numbers = {line.id: line.line_no for line in lines}
    brought: dict[int, tuple[int, ...]] = {}
    taken: dict[int, tuple[int, ...]] = {}
    rows = session.execute(
        select(SegmentStepLine.step_id, SegmentStepLine.line_id, SegmentStepLine.removed_step_id).where(
            SegmentStepLine.line_id.in_(numbers)
        )
    )
    for step_id, line_id, before in rows:
        brought[step_id] = (*brought.get(step_id, ()), numbers[line_id])
        if before != step_id:  # else the step wrote the line itself
            taken[before] = (*taken.get(before, ()), numbers[line_id])
    return brought, taken


def _decisions(
    session: Session, step: SegmentStep, contact: Contact, *, by: Actor
) -> tuple[tuple[tuple[Decision, ...], ...], Message | None]:
    """The criteria of a step against the contact as it is today; the sentence when they cannot be read any more."""
    filters = json.loads(step.filters)
    if "criteria" not in filters:
        return (), None
    try:
        return decide(session, criteria_from_json(filters["criteria"]), contact, by=by), None
    except RuleViolation as refusal:
        return (), refusal.message


def decide(session: Session, criteria: Criteria, contact: Contact, *, by: Actor) -> tuple[tuple[Decision, ...], ...]:
    """Every group of every alternative against one contact. Raises `RuleViolation` when a filter cannot be read."""
    reader = reader_for(session, criteria, by=by)
    return tuple(
        tuple(_decision(session, one, read_group(one, reader), contact) for one in groups)
        for groups in criteria.alternatives
    )


def _decision(session: Session, one: GroupFilter, filters: tuple[Filter, ...], contact: Contact) -> Decision:
    passes = session.scalar(select(Contact.id).where(Contact.id == contact.id, group_condition(one, filters)))
    table = GROUPS[one.group]
    ids = [contact.id]
    if one.group in THROUGH_COMPANY and contact.company_id is not None:
        ids.append(contact.company_id)
    links = [link.in_(ids) for link in table.contact_ids]
    values = []
    for each in filters:
        shown = each.field.reference
        column = each.field.column
        question = select(shown.code if shown else column).where(or_(*links))
        if shown:
            question = question.where(shown.key == column)
        found = list(session.scalars(question.distinct().limit(MOST_VALUES)))
        fits = session.scalar(select(table.row_id).where(or_(*links), condition_of(each)).limit(1)) is not None
        values.append((each, found, fits))
    return Decision(one, filters, passes is not None, values)
