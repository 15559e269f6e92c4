"""Statistics of the log by period and by what interactions belong to, computed from the entries (segments.md 9).

Cancelled entries count nowhere; postponed interactions are no entries (R-P02).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, case, column, desc, func, literal, nulls_last, or_, select
from sqlalchemy.orm import Session

from domain.campaigns.models import Campaign
from domain.contacts.models import COMPANY, Contact
from domain.interaction_templates.models import InteractionGroup, InteractionTemplate
from domain.interactions.filters import EntryFilters
from domain.interactions.models import InteractionLogEntry, LoggedSegment
from domain.interactions.periods import Period
from domain.interactions.totals import InteractionFigures, ReachedContacts, added, counted, figures_from, reached
from domain.setup.models import Salesperson

MOST_ROWS = 50


@dataclass(frozen=True)
class Subject:
    """What interactions can belong to: the column that says to which one; that one's id, the code links say, what is
    shown of it, its description, and whether it is a company."""

    column: Any
    id: Any
    code: Any
    title: Any
    name: Any
    is_company: Any = literal(False)  # noqa: RUF009  (a constant of SQL)


def _coded(column: Any, model: Any) -> Subject:
    return Subject(column, model.id, model.code, model.code, model.description)


_entry = InteractionLogEntry
SUBJECTS: dict[str, Subject] = {
    "group": _coded(_entry.group_id, InteractionGroup),
    "template": _coded(_entry.template_id, InteractionTemplate),
    "salesperson": Subject(_entry.salesperson_id, Salesperson.id, Salesperson.code, Salesperson.code, Salesperson.name),
    "campaign": Subject(_entry.campaign_id, Campaign.id, Campaign.no, Campaign.no, Campaign.description),
    # as on the contact card: what belongs to a company's people belongs to the company (1.19)
    "contact": Subject(
        func.coalesce(_entry.company_id, _entry.contact_id),
        Contact.id,
        Contact.no,
        Contact.no,
        Contact.name,
        Contact.type == COMPANY,
    ),
    "segment": Subject(
        _entry.logged_segment_id,
        LoggedSegment.id,
        LoggedSegment.entry_no,
        LoggedSegment.segment_no,
        LoggedSegment.description,
    ),
}


@dataclass(frozen=True)
class SubjectRow:
    """One group, template … with its figures; texts are blank for interactions that have none, or whose contact is gone.

    `by_period` is empty unless asked for.
    """

    code: str
    title: str
    name: str
    is_company: bool
    figures: InteractionFigures
    by_period: tuple[InteractionFigures, ...] = ()


@dataclass(frozen=True)
class SubjectStatistics:
    """The rows with most interactions first, and the figures of all of them. `more`: rows were left out."""

    rows: list[SubjectRow]
    total: InteractionFigures
    more: bool


def statistics_by_period(
    session: Session, filters: EntryFilters, periods: Sequence[Period]
) -> list[InteractionFigures]:
    """The figures of each period, those without interactions included; the periods take the place of dates in `filters`."""
    found = _each_period(session, filters, periods, literal(0), [])
    return [found.get((0, number), InteractionFigures()) for number in range(len(periods))]


def statistics_by_subject(
    session: Session,
    filters: EntryFilters,
    periods: Sequence[Period],
    kind: str,
    *,
    each_period: bool = False,
    limit: int = MOST_ROWS,
) -> SubjectStatistics:
    """The figures of every group, template … (`SUBJECTS`) over all periods; with `each_period` of each period too."""
    subject = SUBJECTS[kind]
    conditions = _within(filters, periods).conditions()
    ranked = (
        select(subject.column.label("owner"), *counted())
        .where(*conditions)
        .group_by("owner")
        .order_by(desc("interactions"), nulls_last(column("owner")))
        .limit(limit + 1)
    )
    found = session.execute(ranked).all()
    more, found = len(found) > limit, found[:limit]
    figures = {row[0]: figures_from(row[1:]) for row in found}
    names = _names(session, subject, list(figures))
    details = {}
    if each_period and figures:
        listed = subject.column.in_([one for one in figures if one is not None])
        owned = [or_(listed, subject.column.is_(None)) if None in figures else listed]
        details = _each_period(session, filters, periods, subject.column, owned)
    rows = [
        SubjectRow(
            *names.get(owner, ("", "", "", False)),
            figures=one,
            by_period=tuple(details.get((owner, number), InteractionFigures()) for number in range(len(periods)))
            if each_period
            else (),
        )
        for owner, one in figures.items()
    ]
    total = added(figures.values())
    if more:
        total = figures_from(session.execute(select(*counted()).where(*conditions)).one())
    return SubjectStatistics(rows, total, more)


def reached_contacts(session: Session, filters: EntryFilters, periods: Sequence[Period]) -> ReachedContacts:
    """The different contacts contacted as targets, and those that responded, over all periods together."""
    numbers = session.execute(select(*reached()).where(*_within(filters, periods).conditions())).one()
    return ReachedContacts(*numbers)


def _within(filters: EntryFilters, periods: Sequence[Period]) -> EntryFilters:
    return replace(filters, canceled=False, from_date=periods[0].first, to_date=periods[-1].last)


def _names(session: Session, subject: Subject, ids: list[int | None]) -> dict[int | None, tuple[str, str, str, bool]]:
    known = [one for one in ids if one is not None]
    rows = session.execute(
        select(subject.id, subject.code, subject.title, subject.name, subject.is_company).where(subject.id.in_(known))
    )
    return {row[0]: (str(row[1]), row[2], row[3], bool(row[4])) for row in rows}


def _each_period(
    session: Session, filters: EntryFilters, periods: Sequence[Period], owner: Any, only: list[ColumnElement[bool]]
) -> dict[tuple[int | None, int], InteractionFigures]:
    """(owner, number of the period) → figures. Days are counted first: only these are looked up in the periods."""
    daily = (
        select(owner.label("owner"), _entry.date.label("day"), *counted())
        .where(*_within(filters, periods).conditions(), *only)
        .group_by("owner", "day")
        .subquery()
    )
    period = case(*((daily.c.day <= one.last, number) for number, one in enumerate(periods)))
    sums = [func.sum(daily.c[name.name]) for name in counted()]
    rows = session.execute(select(daily.c.owner, period.label("period"), *sums).group_by(daily.c.owner, "period"))
    return {(row[0], row[1]): figures_from(row[2:]) for row in rows}
