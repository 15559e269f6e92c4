"""What a step would do, before it is done: how many, the first people, and why some are passed over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, literal, or_, select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.models import Contact
from domain.segments.add_contacts import AddOptions, candidates, reasons_against
from domain.segments.criteria import Criteria
from domain.segments.matching import matching
from domain.segments.models import Segment, SegmentLine
from domain.segments.pin_queries import pinned_contacts
from domain.segments.reduce import leaves

FIRST = 10
MANY = 2_000
"""When so many are new, the first ten are looked for in the order of the list."""
LOOKED_THROUGH = 10_000
NEW, GOES, STAYS = "new", "goes", "stays"


@dataclass(frozen=True)
class Preview:
    """How many contacts or lines would meet each fate, and the first people with theirs.

    Fates of Add: "new" and the reasons of `add_contacts.SKIPPED`; of Reduce and Refine: "goes", "stays", "pinned_in".
    `people` are rows (no, name, company_name, city, fate), those that would change first.
    """

    counts: dict[str, int]
    people: list[Row[Any]]

    @property
    def total(self) -> int:
        """Everybody the criteria find, or every line."""
        return sum(self.counts.values())


def preview_add(
    session: Session, segment: Segment, criteria: Criteria, *, options: AddOptions, first: int = FIRST, by: Actor
) -> Preview:
    """What Add would do. Raises `RuleViolation` when a filter cannot be read."""
    among = candidates(session, criteria, options, by=by)
    against = reasons_against(segment, Contact, options)
    listed = select(SegmentLine.id).where(SegmentLine.segment_id == segment.id, SegmentLine.removed_step_id.is_(None))
    pins, lines = session.execute(select(pinned_contacts(segment, "out").exists(), listed.exists())).one()
    if not pins:
        del against["pinned_out"]  # what cannot be is not asked of each of a million contacts
    if not lines:
        against.pop("present", None)
    fate: ColumnElement[str] = case(*((condition, literal(name)) for name, condition in against.items()), else_=NEW)
    counts = _counted(session, among, fate)
    is_new = ~or_(*against.values())
    people: list[Row[Any]] = []
    if counts.get(NEW, 0) > MANY and not options.expand_companies and not options.related_companies:
        meets = matching(session, criteria, one_by_one=True, by=by)
        people = _first_of_the_list(session, select(Contact.id).where(meets, is_new), first)
    if len(people) < first:
        people = _first(session, among.where(is_new), literal(NEW), first)
    if len(people) < first:
        people += _first(session, among.where(or_(*against.values())), fate, first - len(people))
    return Preview(counts, people)


def preview_reduce(
    session: Session,
    segment: Segment,
    kind: str,
    criteria: Criteria,
    *,
    entire_companies: bool = False,
    first: int = FIRST,
    by: Actor,
) -> Preview:
    """What Reduce (`kind` "reduce") or Refine would do with the lines. Raises as `preview_add`."""
    leaving = leaves(session, kind, criteria, entire_companies=entire_companies, by=by)
    held = SegmentLine.contact_id.in_(pinned_contacts(segment, "in"))
    fate = case((~leaving, STAYS), (held, "pinned_in"), else_=GOES)
    lines = (
        select(SegmentLine.id)
        .outerjoin(Contact, Contact.id == SegmentLine.contact_id)
        .where(SegmentLine.segment_id == segment.id, SegmentLine.removed_step_id.is_(None))
    )
    counts = _counted(session, lines, fate)
    people = _first(session, lines.where(fate == GOES), literal(GOES), first, SegmentLine.line_no)
    if len(people) < first:
        people += _first(session, lines.where(fate == "pinned_in"), fate, first - len(people), SegmentLine.line_no)
    return Preview(counts, people)


def _first_of_the_list(session: Session, rows: Select[Any], n: int) -> list[Row[Any]]:
    """The first new people, looked for among the first contacts only: when many meet the criteria they are soon found,
    and nothing needs to be sorted."""
    end = session.scalar(
        select(Contact.list_key).order_by(Contact.list_key, Contact.id).offset(LOOKED_THROUGH).limit(1)
    )
    return _first(session, rows if end is None else rows.where(Contact.list_key < end), literal(NEW), n)


def _counted(session: Session, rows: Select[Any], fate: Any) -> dict[str, int]:
    label = fate.label("fate")
    fates = rows.with_only_columns(label).subquery()
    counted = session.execute(select(fates.c.fate, func.count()).group_by(fates.c.fate))
    return {row[0]: row[1] for row in counted}


def _first(session: Session, rows: Select[Any], fate: Any, n: int, *order: Any) -> list[Row[Any]]:
    shown = rows.with_only_columns(
        Contact.no, Contact.name, Contact.company_name, Contact.city, fate.label("fate")
    ).order_by(*(order or (Contact.list_key, Contact.id)))
    return list(session.execute(shown.limit(n)))
