"""The check before logging: all problems at once, with their lines (B1, segments.md 4.3)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Select, String, case, cast, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.interactions.delivery import ON_PAPER
from domain.interactions.models import LoggedSegment
from domain.messages import Message, say
from domain.segments.check_facts import (
    CANNOT_BE_DELIVERED,
    CANNOT_BE_LOGGED,
    GROUPS,
    ONLY_SHOWN,
    DocumentFacts,
    document_facts,
    line_facts,
    lines_with,
    problem_kinds,
)
from domain.segments.check_sentences import problem_sentence
from domain.segments.models import Segment, SegmentInteraction, SegmentInteractionLanguage, SegmentLine
from domain.setup.models import NumberSeries
from domain.setup.queries import marketing_setup

__all__ = [
    "CANNOT_BE_DELIVERED",
    "CANNOT_BE_LOGGED",
    "GROUPS",
    "ONLY_SHOWN",
    "Check",
    "Problem",
    "ProblemLine",
    "check_segment",
    "lines_with",
]

LINES_SHOWN = 5
_TOTAL, _BLOCKED, _STUCK, _READY, _CONTACTS, _TYPE = "#lines", "#blocked", "#stuck", "#ready", "#contacts", "#type "


@dataclass(frozen=True)
class ProblemLine:
    """A line that has a problem."""

    line_no: int
    contact_no: str
    contact_name: str


@dataclass(frozen=True)
class Problem:
    """One kind of problem: how many lines have it, and the first of them in line order.

    `code` selects the lines: `lines_with(session, segment, [code])`.
    """

    code: str
    group: str
    message: Message
    lines: int
    first: tuple[ProblemLine, ...]


@dataclass(frozen=True)
class Check:
    """What the check page shows.

    `lines` would be logged, as `emails`, `letters` (hard copy and fax) and `other`; `without_contact` are left behind.
    `ready_emails`, `ready_letters` and `ready_other` are those without the stuck lines. `blocked_lines` cannot be logged; `stuck_lines` cannot be logged or not be delivered. `header_problems` forbid
    logging whatever the lines; `follow_up_problem` forbids a follow-up segment. `can_send` is false when no line has a
    correspondence type (R-D01). `token` says which state was checked.
    """

    deliver: bool
    lines: int
    emails: int
    letters: int
    other: int
    ready_emails: int
    ready_letters: int
    ready_other: int
    without_contact: int
    blocked_lines: int
    stuck_lines: int
    problems: tuple[Problem, ...]
    header_problems: tuple[Message, ...]
    follow_up_problem: Message | None
    token: str

    @property
    def can_send(self) -> bool:
        """Whether something could be delivered at all; then Send attachments is on from the start (R-D01)."""
        return bool(self.emails or self.letters)

    @property
    def interactions(self) -> int:
        """How many entries the log would get when nothing is kept."""
        return self.lines

    def of_group(self, group: str) -> list[Problem]:
        """The problems of a group."""
        return [problem for problem in self.problems if problem.group == group]

    @property
    def is_ready(self) -> bool:
        """Whether the segment can be logged as it is."""
        return not self.header_problems and not self.stuck_lines

    def lines_with(self, code: str) -> int:
        """How many lines have a problem."""
        return next((problem.lines for problem in self.problems if problem.code == code), 0)


def check_segment(session: Session, segment: Segment, *, deliver: bool | None = None, by: Actor) -> Check:
    """Looks for everything that stands in the way of logging, in a handful of statements whatever the size (B1).

    `deliver` None means as Send attachments would be set from the start (R-D01). Without delivery the problems of
    delivery are not looked for.
    """
    by.must_be_allowed("view")
    session.flush()
    documents = document_facts(session, segment)
    rows = session.execute(_findings(segment, documents)).all()
    found: dict[str, int] = {}
    first: dict[str, list[ProblemLine]] = {}
    sums: list[tuple[str, int, int]] = []
    for code, n, number, contact_no, contact_name in rows:
        found[code] = n
        if code.startswith("#"):
            sums.append((code, n, number or 0))
        else:
            first.setdefault(code, []).append(ProblemLine(number, contact_no, contact_name))
    emails, letters = _of_types(found, ("email",)), _of_types(found, ON_PAPER)
    if deliver is None:
        deliver = bool(emails or letters)
    ready = (_READY,) if deliver else (_READY, _STUCK)
    ready_emails, ready_letters = _of_types(found, ("email",), ready), _of_types(found, ON_PAPER, ready)
    kinds = problem_kinds(segment, line_facts(segment, documents), documents)
    problems = tuple(
        Problem(
            kind.code,
            kind.group,
            problem_sentence(kind.code, found[kind.code], documents),
            found[kind.code],
            tuple(first[kind.code]),
        )
        for kind in kinds
        if kind.code in found and (deliver or kind.group != CANNOT_BE_DELIVERED)
    )
    lines = found.get(_TOTAL, 0)
    stuck_lines = found.get(_STUCK, 0) if deliver else found.get(_BLOCKED, 0)
    return Check(
        deliver=deliver,
        lines=lines,
        emails=emails,
        letters=letters,
        other=lines - emails - letters,
        ready_emails=ready_emails,
        ready_letters=ready_letters,
        ready_other=lines - stuck_lines - ready_emails - ready_letters,
        without_contact=_without_contact(session, segment),
        blocked_lines=found.get(_BLOCKED, 0),
        stuck_lines=stuck_lines,
        problems=problems,
        header_problems=tuple(_header_problems(session, segment, lines)),
        follow_up_problem=follow_up_problem(session),
        token=_token(session, segment, documents, found, sums),
    )


def _findings(segment: Segment, documents: DocumentFacts) -> Select[Any]:
    """One statement over the facts: for each problem its first lines with the number of all, and the totals."""
    facts = line_facts(segment, documents)
    kinds = problem_kinds(segment, facts, documents)
    parts = []
    for kind in kinds:
        lines = (
            select(
                literal(kind.code).label("code"),
                func.count().over().label("n"),
                facts.c.line_no.label("number"),
                cast(facts.c.contact_no, String).label("contact_no"),
                cast(facts.c.contact_name, String).label("contact_name"),
            )
            .where(kind.condition)
            .order_by(facts.c.line_no)
            .limit(LINES_SHOWN)
        )
        parts.append(select(lines.subquery()))
    blocked = [kind.condition for kind in kinds if kind.group == CANNOT_BE_LOGGED]
    stuck = [kind.condition for kind in kinds if kind.group != ONLY_SHOWN]
    state = case((or_(*blocked), _BLOCKED), (or_(*stuck), _STUCK), else_=_READY)
    typed = select(facts.c.correspondence_type.label("type"), state.label("state")).subquery()
    of_type = literal(_TYPE) + typed.c.type + typed.c.state
    lines_sum = cast(func.coalesce(func.sum(facts.c.line_version), 0), BigInteger)
    contacts_sum = cast(func.coalesce(func.sum(facts.c.contact_version + facts.c.contact_id), 0), BigInteger)
    parts += [
        _total(literal(_TOTAL), lines_sum).select_from(facts),
        _total(literal(_CONTACTS), contacts_sum).select_from(facts),
        _total(literal(_BLOCKED), cast(literal(0), BigInteger)).select_from(facts).where(or_(*blocked)),
        _total(literal(_STUCK), cast(literal(0), BigInteger)).select_from(facts).where(or_(*stuck)),
        _total(of_type, cast(literal(0), BigInteger)).group_by(typed.c.type, typed.c.state),
    ]
    return select(union_all(*parts).subquery())


def _of_types(found: dict[str, int], types: Iterable[str], states: Iterable[str] = (_BLOCKED, _STUCK, _READY)) -> int:
    return sum(found.get(_TYPE + kind + state, 0) for kind in types for state in states)


def _total(code: Any, number: Any) -> Select[Any]:
    nothing = cast(null(), String)
    return select(code, func.count(), number, nothing, nothing)


def _without_contact(session: Session, segment: Segment) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(SegmentLine)
            .where(
                SegmentLine.segment_id == segment.id,
                SegmentLine.removed_step_id.is_(None),
                SegmentLine.contact_id.is_(None),
            )
        )
        or 0
    )


def _header_problems(session: Session, segment: Segment, lines: int) -> Iterable[Message]:
    if session.scalar(select(LoggedSegment.id).where(LoggedSegment.segment_no == segment.no).limit(1)) is not None:
        yield say("A segment %(no)s has been logged already.", no=segment.no)  # E-L01
    if not segment.description.strip():
        yield say("Enter a description for segment %(no)s.", no=segment.no)  # E-L02
    if not lines:
        yield say("Segment %(no)s has no line with a contact.", no=segment.no)  # E-L03


def follow_up_problem(session: Session) -> Message | None:
    """Why no follow-up segment can be created (E-H01): new segments need a number series."""
    series_id = marketing_setup(session).segment_series_id
    series = session.get(NumberSeries, series_id) if series_id else None
    if series is None or not series.automatic:
        return say("A follow-up segment needs a number series for segments. Choose one in Marketing setup.")
    return None


def _token(
    session: Session,
    segment: Segment,
    documents: DocumentFacts,
    found: dict[str, int],
    sums: list[tuple[str, int, int]],
) -> str:
    """A digest of the state that was checked: segment, lines, contacts, interactions, documents and what was found."""
    interactions = session.execute(
        select(*SegmentInteraction.__table__.columns)
        .where(SegmentInteraction.segment_id == segment.id)
        .order_by(SegmentInteraction.id)
    ).all()
    languages = session.execute(
        select(*SegmentInteractionLanguage.__table__.columns)
        .join(SegmentInteraction, SegmentInteraction.id == SegmentInteractionLanguage.interaction_id)
        .where(SegmentInteraction.segment_id == segment.id)
        .order_by(SegmentInteractionLanguage.id)
    ).all()
    header = session.execute(
        select(Segment.id, Segment.version, Segment.list_version, Segment.logged_segment_id).where(
            Segment.id == segment.id
        )
    ).one()
    state = [
        list(header),
        sorted(found.items()),
        sorted(sums),
        [list(row) for row in interactions],
        [list(row) for row in languages],
        list(documents.digest),
    ]
    return hashlib.sha256(json.dumps(state, default=str).encode()).hexdigest()[:32]
