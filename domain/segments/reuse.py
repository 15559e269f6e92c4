"""Reusing saved criteria and logged segments on a segment (R-RC01…R-RC04, R-RS01…R-RS05, B5, B7).

The page asks first when the segment has steps already; nothing here replaces lines.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, insert, literal, or_, select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.models import Contact
from domain.errors import RuleViolation
from domain.interactions.models import InteractionLogEntry, LoggedSegment
from domain.messages import say
from domain.segments.add_contacts import AddOptions, add_by_criteria, add_contact_ids
from domain.segments.criteria import criteria_from_json
from domain.segments.editing import begin_change
from domain.segments.lines import LINE_STEP, take_line_nos
from domain.segments.models import Segment, SegmentLine
from domain.segments.pin_queries import pinned_contacts
from domain.segments.pins import pin_contact
from domain.segments.reduce import reduce_contacts, refine_contacts, remove_contacts
from domain.segments.saved_criteria import saved_steps
from domain.segments.saved_criteria_models import (
    SavedCriteria,
    SavedCriteriaContact,
    SavedCriteriaStep,
    SavedCriteriaUse,
)
from domain.segments.step_models import SegmentStep
from domain.segments.steps import record_skips, record_step


def reuse_criteria(session: Session, segment: Segment, saved: SavedCriteria, *, by: Actor) -> list[SegmentStep]:
    """Runs the steps of saved criteria on a segment, with today's contacts and days; each is a step again (R-RC02).

    Refine applies its *Entire companies* too (R-RC03). Raises `RuleViolation` when a filter cannot be read any more,
    naming the step; then nothing is changed.
    """
    begin_change(session, segment, by=by)
    done = []
    for one in session.scalars(saved_steps(saved)).all():
        with step_named(one, saved):
            step = _run(session, segment, one, by=by)
        if step is not None:
            done.append(step)
    _remember(session, segment, saved, by=by)
    session.flush()
    return done


@contextmanager
def step_named(one: SavedCriteriaStep, saved: SavedCriteria) -> Iterator[None]:
    """Refusals inside say which step of the criteria they are about."""
    try:
        yield
    except RuleViolation as refusal:
        raise RuleViolation(
            say(
                "Step %(seq)s of the criteria %(code)s: %(reason)s",
                seq=one.seq,
                code=saved.code,
                reason=refusal.message,
            )
        ) from refusal


def _run(session: Session, segment: Segment, one: SavedCriteriaStep, *, by: Actor) -> SegmentStep | None:
    filters, options = json.loads(one.filters), json.loads(one.options)
    if one.kind == "pin":
        no = filters["contact"]["no"]
        if session.scalar(select(Contact.id).where(Contact.no == no, Contact.privacy_blocked.is_(False))) is None:
            return None  # the contact is gone, or blocked since: nothing to pin
        return (
            pin_contact(session, segment, no, options["pin"], reason=options["reason"], by=by)
            if options["pin"]
            else None
        )
    if one.kind == "reuse":
        logged = session.scalar(select(LoggedSegment).where(LoggedSegment.entry_no == options["entry_no"]))
        if logged is None:
            raise RuleViolation(say("The logged segment %(no)s has been deleted.", no=options["segment"]))
        return reuse_logged_segment(
            session, segment, logged, with_canceled=options.get("with_canceled", False), by=by
        ).step
    if "criteria" in filters:
        criteria = criteria_from_json(filters["criteria"])
        if one.kind == "add":
            return add_by_criteria(session, segment, criteria, options=AddOptions(**options), by=by).step
        verb = reduce_contacts if one.kind == "reduce" else refine_contacts
        return verb(session, segment, criteria, by=by, **options).step
    ids = select(SavedCriteriaContact.contact_id).where(SavedCriteriaContact.step_id == one.id)
    if one.kind == "add":
        in_order = list(dict.fromkeys(session.scalars(ids.order_by(SavedCriteriaContact.id))))
        added = add_contact_ids(session, segment, in_order, options=AddOptions(**options), source="saved", by=by)
        return added.step
    return remove_contacts(session, segment, ids, source="saved", by=by).step


def _remember(session: Session, segment: Segment, saved: SavedCriteria, *, by: Actor) -> None:
    use = session.scalar(
        select(SavedCriteriaUse).where(
            SavedCriteriaUse.criteria_id == saved.id, SavedCriteriaUse.segment_id == segment.id
        )
    )
    if use is None:
        use = SavedCriteriaUse(criteria_id=saved.id, segment_id=segment.id)
        session.add(use)
    use.user_name, use.at = by.user_name, by.now


@dataclass(frozen=True)
class ReusedSegment:
    """The step of reusing a logged segment, its entries, lines added, entries skipped for each reason."""

    step: SegmentStep
    found: int
    added: int
    skipped: dict[str, int]


def entries_meant(logged: LoggedSegment, *, with_canceled: bool) -> list[ColumnElement[bool]]:
    """Which interactions become lines: those with a contact, cancelled ones if wanted (B7)."""
    entry = InteractionLogEntry
    meant: list[ColumnElement[bool]] = [entry.logged_segment_id == logged.id, entry.contact_id.is_not(None)]
    return meant if with_canceled else [*meant, entry.canceled.is_(False)]


def reuse_logged_segment(
    session: Session, segment: Segment, logged: LoggedSegment, *, with_canceled: bool = False, by: Actor
) -> ReusedSegment:
    """Adds the contacts of a logged segment, one line per entry in their order, duplicates too (R-RS02…R-RS05, B7).

    Each line has the campaign of its entry. Entries without contact, and cancelled ones unless `with_canceled`, are
    left out; contacts blocked for privacy or pinned out are skipped and kept with the step (B2).
    """
    begin_change(session, segment, by=by)
    entry = InteractionLogEntry
    meant = entries_meant(logged, with_canceled=with_canceled)
    options: dict[str, Any] = {"entry_no": logged.entry_no, "segment": logged.segment_no}
    if with_canceled:
        options["with_canceled"] = True
    step = record_step(session, segment, "reuse", source="log", options=options, by=by)
    kept_off = entry.contact_id.in_(pinned_contacts(segment, "out"))
    allowed = and_(Contact.privacy_blocked.is_(False), ~kept_off)
    found = session.scalar(select(func.count()).select_from(entry).where(*meant)) or 0
    entering = select(entry.id).join(Contact, Contact.id == entry.contact_id).where(*meant, allowed)
    added = session.scalar(select(func.count()).select_from(entering.subquery())) or 0
    if added:
        start = take_line_nos(session, segment, added)
        position = func.row_number().over(order_by=entry.entry_no) - 1
        differs = entry.campaign_id.is_distinct_from(segment.campaign_id)
        session.execute(
            insert(SegmentLine).from_select(
                ["segment_id", "line_no", "contact_id", "added_step_id", "campaign_id", "no_campaign"],
                entering.with_only_columns(
                    literal(segment.id),
                    literal(start) + position * LINE_STEP,
                    entry.contact_id,
                    literal(step.id),
                    func.nullif(entry.campaign_id, segment.campaign_id) if segment.campaign_id else entry.campaign_id,
                    and_(differs, entry.campaign_id.is_(None)),
                ),
            )
        )
    skipped: dict[str, int] = {}
    if added < found:
        blocked = Contact.privacy_blocked
        reason = case((blocked, "blocked"), else_="pinned_out")
        passed = (
            select(entry.contact_id, func.max(reason))
            .join(Contact, Contact.id == entry.contact_id)
            .where(*meant, or_(blocked, kept_off))
            .group_by(entry.contact_id)
        )
        record_skips(session, step, passed)
        of = (
            select(reason.label("reason"))
            .select_from(entry)
            .join(Contact, Contact.id == entry.contact_id)
            .where(*meant, or_(blocked, kept_off))
            .subquery()
        )
        skipped = {row[0]: row[1] for row in session.execute(select(of.c.reason, func.count()).group_by(of.c.reason))}
    step.found, step.changed, step.skipped = found, added, found - added
    session.flush()
    return ReusedSegment(step, found, added, skipped)
