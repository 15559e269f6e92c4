"""Lines by hand: adding a contact, putting another in its place, removing (R-K01…R-K04, R-L01, R-L09b, R-L30)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.models import Contact
from domain.contacts.queries import find_contact
from domain.errors import NotFound, RuleViolation
from domain.messages import say
from domain.segments.editing import SILENTLY, begin_change
from domain.segments.models import Segment, SegmentLine
from domain.segments.pin_queries import end_pins, pin_of
from domain.segments.selection import LineFilter, chosen_ids
from domain.segments.step_models import SegmentStep
from domain.segments.steps import mark_removed, may_reset, record_step

LINE_STEP = 10_000


@dataclass(frozen=True)
class AddedLine:
    """A line added by hand and what to warn of: "excluded" (B3), "duplicate" (B4), "pinned_out" (its pin ends)."""

    line: SegmentLine
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class RemovedLines:
    """What a removal did: its step, how many lines went; `may_reset` asks Q-05: the segment is empty now."""

    step: SegmentStep
    removed: int
    may_reset: bool


def get_line(session: Session, segment: Segment, line_no: int) -> SegmentLine:
    """The line with this number, if it is on the list. Raises `NotFound`."""
    line = session.scalar(
        select(SegmentLine).where(
            SegmentLine.segment_id == segment.id,
            SegmentLine.line_no == line_no,
            SegmentLine.removed_step_id.is_(None),
        )
    )
    if line is None:
        raise NotFound(say("This line has been removed meanwhile."))
    return line


def read_contact(session: Session, given: Any) -> Contact:
    """The contact meant by typed text (2.12), an id, or itself. Raises `RuleViolation` on the field "contact".

    Contacts blocked for privacy are refused (B2).
    """
    if isinstance(given, str):
        contact = find_contact(session, given, field="contact")
    elif isinstance(given, Contact):
        contact = given
    else:
        contact = session.get(Contact, given) if given is not None else None
    if contact is None:
        if isinstance(given, str) and given.strip():
            raise RuleViolation(say("There is no contact %(text)s.", text=given.strip()[:100]), field="contact")
        raise RuleViolation(say("Choose a contact."), field="contact")
    if contact.privacy_blocked:
        raise RuleViolation(
            say("%(name)s (%(no)s) is blocked for privacy and cannot be added.", name=contact.name, no=contact.no),
            field="contact",
        )
    return contact


def add_line(session: Session, segment: Segment, contact: Any, *, after: int | None = None, by: Actor) -> AddedLine:
    """Adds a contact by hand, a step of its own (R-K01): at the end, or behind the line with number `after`.

    `contact` is typed text, an id, or a contact. Contacts excluded from segments or on the list already are added
    with a warning (B3, B4). Raises `Forbidden`, and `RuleViolation` on the field "contact".
    """
    begin_change(session, segment, by=by)
    return _add(session, segment, read_contact(session, contact), after, by=by)


def _add(session: Session, segment: Segment, contact: Contact, after: int | None, *, by: Actor) -> AddedLine:
    warnings = []
    if contact.exclude_from_segment:
        warnings.append("excluded")
    if is_listed(session, segment, contact.id):
        warnings.append("duplicate")
    kept_off = pin_of(session, segment, contact.id)
    step = record_step(
        session,
        segment,
        "add",
        source="line",
        filters={"contact": {"no": contact.no}},
        found=1,
        changed=1,
        by=by,
    )
    line = SegmentLine(
        segment_id=segment.id,
        line_no=take_line_no(session, segment, after),
        contact_id=contact.id,
        added_step_id=step.id,
    )
    session.add(line)
    session.flush()
    if kept_off is not None and kept_off.kind == "out":
        end_pins(session, step, segment, "out", select(Contact.id).where(Contact.id == contact.id))
        warnings.append("pinned_out")
    return AddedLine(line, tuple(warnings))


def is_listed(session: Session, segment: Segment, contact_id: int) -> bool:
    """Whether the contact has a line on the list."""
    listed = select(SegmentLine.id).where(
        SegmentLine.segment_id == segment.id,
        SegmentLine.contact_id == contact_id,
        SegmentLine.removed_step_id.is_(None),
    )
    return session.scalar(listed.limit(1)) is not None


def take_line_no(session: Session, segment: Segment, after: int | None = None) -> int:
    """A line number that was never given (A1): the next of step 10,000, or the middle behind line `after` (1.2).

    Removed lines and those of undone steps still have their rows, so nothing was ever given between two neighbours. A
    line `after` that has no row went with a reset (Q-05): what lies behind it may have been given, so the line comes
    last.
    """
    if after is not None:
        following = session.scalars(
            select(SegmentLine.line_no)
            .where(SegmentLine.segment_id == segment.id, SegmentLine.line_no >= after)
            .order_by(SegmentLine.line_no)
            .limit(2)
        ).all()
        if len(following) == 2 and following[0] == after and following[1] - after > 1:
            return sum(following) // 2
    return take_line_nos(session, segment, 1)


def take_line_nos(session: Session, segment: Segment, n: int) -> int:
    """The first of `n` numbers of step 10,000 behind all lines, removed ones included."""
    last = session.scalar(
        update(Segment)
        .where(Segment.id == segment.id)
        .values(last_line_no=Segment.last_line_no + n * LINE_STEP)
        .returning(Segment.last_line_no),
        execution_options=SILENTLY,
    )
    session.expire(segment, ["last_line_no"])
    return int(last or 0) - (n - 1) * LINE_STEP


def change_contact(
    session: Session, segment: Segment, line: SegmentLine, contact: Any, *, by: Actor
) -> AddedLine | None:
    """Puts another contact in the place of a line: the line goes (a step), a fresh one comes after it (a step; R-K03).

    The same contact again changes nothing (None). Raises `NotFound`, and `RuleViolation` on the field "contact".
    """
    begin_change(session, segment, by=by)
    line = get_line(session, segment, line.line_no)
    found = read_contact(session, contact)
    if found.id == line.contact_id:
        return None
    number = line.line_no
    _remove(session, segment, LineFilter(line_nos=[number]), source="line", by=by)
    return _add(session, segment, found, number, by=by)


def remove_lines(session: Session, segment: Segment, which: LineFilter, *, by: Actor) -> RemovedLines:
    """Removes lines: one step, however many (R-K02). They stay marked and can come back (A3).

    Raises `NotFound` when none of them is on the list.
    """
    begin_change(session, segment, by=by)
    return _remove(session, segment, which, source="list", by=by)


def _remove(session: Session, segment: Segment, which: LineFilter, *, source: str, by: Actor) -> RemovedLines:
    filters: dict[str, Any] = {}
    if which.line_nos is None:
        filters["lines"] = {"chip": which.chip, "search": which.search, "problem": which.problem}
    step = record_step(session, segment, "remove", source=source, filters=filters, by=by)
    conditions = [] if which.is_everything else [SegmentLine.id.in_(chosen_ids(segment, which))]
    removed = mark_removed(session, step, *conditions)
    if not removed:
        raise NotFound(say("These lines have been removed meanwhile."))
    end_pins(session, step, segment, "in", select(SegmentLine.contact_id).where(SegmentLine.removed_step_id == step.id))
    step.found = step.changed = removed
    if removed == 1:
        step.filters = _one_contact(session, step)
    session.flush()
    session.expire_all()
    return RemovedLines(step, removed, may_reset(session, segment))


def _one_contact(session: Session, step: SegmentStep) -> str:
    no = session.scalar(
        select(Contact.no)
        .join(SegmentLine, SegmentLine.contact_id == Contact.id)
        .where(SegmentLine.removed_step_id == step.id)
    )
    return json.dumps({"contact": {"no": no}}) if no else step.filters
