"""Adding many contacts: one INSERT … SELECT, in the order of the contact list (R-ADD01…R-ADD09, A3, B2, B3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, case, func, insert, literal, null, or_, select
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session, aliased

from domain.accounts.actor import Actor
from domain.contacts.models import Contact
from domain.contacts.queries import given_ids
from domain.segments.criteria import Criteria
from domain.segments.editing import begin_change
from domain.segments.lines import LINE_STEP, take_line_nos
from domain.segments.matching import matching, matching_contacts
from domain.segments.models import Segment, SegmentLine
from domain.segments.pin_queries import pinned_contacts
from domain.segments.step_models import SegmentStep
from domain.segments.steps import record_skips, record_step

SKIPPED = ("blocked", "pinned_out", "excluded", "present")
"""Why a contact is passed over: privacy (B2), pinned out, excluded from segments (B3), on the list already."""
LINE_COLUMNS = ["segment_id", "line_no", "contact_id", "added_step_id"]
"""What a new line is written with; everything else is inherited."""

_con = aliased(Contact, name="candidate")
_hit = aliased(Contact, name="hit")
_present = aliased(SegmentLine, name="present_line")


@dataclass(frozen=True)
class AddOptions:
    """`allow_existing`: contacts on the list get a second line (R-ADD07); `include_excluded`: R-ADD05, B3.

    `expand_companies`: everybody of the company of a contact (R-ADD03, B5); `related_companies`: its company too
    (R-ADD04).
    """

    allow_existing: bool = False
    expand_companies: bool = False
    related_companies: bool = False
    include_excluded: bool = False

    def as_json(self) -> dict[str, Any]:
        """What the step keeps: the options that are on."""
        return {name: True for name, is_on in asdict(self).items() if is_on}


@dataclass(frozen=True)
class Added:
    """The step, how many contacts were found and added, and how many were skipped for each reason in `SKIPPED`."""

    step: SegmentStep
    found: int
    added: int
    skipped: dict[str, int] = field(default_factory=dict)


def add_contacts(
    session: Session,
    segment: Segment,
    contacts: Select[Any],
    *,
    kind: str = "add",
    options: AddOptions | None = None,
    source: str = "contacts",
    filters: dict[str, Any] | None = None,
    by: Actor,
) -> Added:
    """Adds the contacts whose ids `contacts` selects, each once, as one step.

    They come in the order company name, company number, company before its persons, name (R-ADD06). Contacts that are
    blocked for privacy, excluded, or on the list already are skipped and kept with the step. A run that finds nothing
    is a step too (R-ADD01). Raises `Forbidden`, and `RuleViolation` when the segment has been logged.
    """
    begin_change(session, segment, by=by)
    found = select(_con.id).where(_con.id.in_(contacts))
    order = (_con.list_key, _con.id)
    what = AddedStep(kind, options or AddOptions(), source, filters)
    return _append(session, segment, found, order, what, contact=_con, by=by)


def add_by_criteria(
    session: Session, segment: Segment, criteria: Criteria, *, options: AddOptions | None = None, by: Actor
) -> Added:
    """Adds the contacts that meet the criteria, and their companies as the options say; one step (R-ADD01…R-ADD07).

    Raises as `add_contacts`, and `RuleViolation` when a filter cannot be read.
    """
    begin_change(session, segment, by=by)
    options = options or AddOptions()
    found = candidates(session, criteria, options, by=by)
    what = AddedStep("add", options, "criteria", {"criteria": criteria.as_json()})
    return _append(session, segment, found, (Contact.list_key, Contact.id), what, contact=Contact, by=by)


def candidates(session: Session, criteria: Criteria, options: AddOptions, *, by: Actor) -> Select[int]:
    """Ids of the contacts an addition looks at, from `Contact`, each once: those that meet the criteria, then everybody
    of their companies, then the companies themselves (R-ADD02…R-ADD04)."""
    meet = select(Contact.id).where(matching(session, criteria, by=by))
    if not options.expand_companies and not options.related_companies:
        return meet
    found = matching_contacts(session, criteria, by=by)
    companies = select(_hit.company_id).where(_hit.id.in_(found), _hit.company_id.is_not(None))
    if options.expand_companies:
        return select(Contact.id).where(or_(Contact.id.in_(found), Contact.company_id.in_(companies)))
    # whoever is expanded comes with the company already
    return select(Contact.id).where(or_(Contact.id.in_(found), Contact.id.in_(companies)))


def add_contact_ids(
    session: Session,
    segment: Segment,
    ids: Iterable[int],
    *,
    kind: str = "add",
    options: AddOptions | None = None,
    source: str = "contacts",
    filters: dict[str, Any] | None = None,
    by: Actor,
) -> Added:
    """As `add_contacts` for a list of ids of contacts without repetitions, in the order of the list; any length."""
    begin_change(session, segment, by=by)
    known = list(ids)
    given = given_ids(session, known)
    candidates = select(_con.id).join_from(given, _con, _con.id == given.c.value)
    what = AddedStep(kind, options or AddOptions(), source, filters)
    return _append(session, segment, candidates, (given.c.position,), what, contact=_con, found=len(known), by=by)


@dataclass(frozen=True)
class AddedStep:
    """What the step of an addition says."""

    kind: str
    options: AddOptions
    source: str
    filters: dict[str, Any] | None


def _append(
    session: Session,
    segment: Segment,
    candidates: Select[Any],
    order: tuple[Any, ...],
    what: AddedStep,
    *,
    contact: Any,
    found: int | None = None,
    by: Actor,
) -> Added:
    """`candidates` is a select of ids from `contact`, to be put in the given order; `found`: their number, if it is
    known."""
    step = record_step(
        session,
        segment,
        what.kind,
        source=what.source,
        filters=what.filters,
        options=what.options.as_json(),
        by=by,
    )
    reasons = reasons_against(segment, contact, what.options, step=step)
    position = func.row_number().over(order_by=order)
    rows = candidates.with_only_columns(
        literal(segment.id),
        literal(segment.last_line_no) + position * LINE_STEP,
        contact.id,
        literal(step.id),
    ).where(*(~condition for condition in reasons.values()))
    written = session.execute(
        insert(SegmentLine).from_select(LINE_COLUMNS, rows),
        execution_options={"preserve_rowcount": True},
    )
    added = cast("CursorResult[Any]", written).rowcount
    if added:
        take_line_nos(session, segment, added)
    if found is None:
        found = session.scalar(select(func.count()).select_from(candidates.subquery())) or 0
    skipped: dict[str, int] = {}
    if added < found:
        reason = case(*((condition, name) for name, condition in reasons.items()), else_=null())
        passed = candidates.add_columns(reason.label("reason")).where(or_(*reasons.values()))
        record_skips(session, step, passed.order_by(*order))
        of = passed.subquery()
        counted = session.execute(select(of.c.reason, func.count()).group_by(of.c.reason)).all()
        skipped = {row[0]: row[1] for row in counted}
    step.found, step.changed, step.skipped = found, added, found - added
    session.flush()
    return Added(step, found, added, skipped)


def reasons_against(
    segment: Segment, contact: Any, options: AddOptions, *, step: SegmentStep | None = None
) -> dict[str, ColumnElement[bool]]:
    """Why a contact (the table or an alias) would be skipped, by reason, in the order in which the reasons count.

    `step`: lines it has added already do not count.
    """
    reasons: dict[str, Any] = {
        "blocked": contact.privacy_blocked,
        "pinned_out": contact.id.in_(pinned_contacts(segment, "out")),
    }
    if not options.include_excluded:
        reasons["excluded"] = contact.exclude_from_segment
    if not options.allow_existing:
        listed = select(_present.contact_id).where(
            _present.segment_id == segment.id,
            _present.removed_step_id.is_(None),
            _present.contact_id.is_not(None),
        )
        if step is not None:
            listed = listed.where(or_(_present.added_step_id.is_(None), _present.added_step_id != step.id))
        reasons["present"] = contact.id.in_(listed)
    return reasons
