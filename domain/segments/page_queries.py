"""What the worksheet page asks the database: its header in one statement, its figures in one, its totals (performance.md 6)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Integer, ScalarSelect, Select, bindparam, case, exists, func, select, true
from sqlalchemy.orm import Session, aliased

from domain.campaigns.models import Campaign
from domain.database import read_rows
from domain.documents.models import Document
from domain.interaction_templates.models import InteractionTemplate
from domain.segments.interactions import difference_to_template
from domain.segments.line_fields import has_own_values
from domain.segments.models import Segment, SegmentInteraction, SegmentInteractionLanguage, SegmentLine
from domain.segments.queries import get_open_segment, open_segments
from domain.segments.selection import LineFilter, filtered_lines
from domain.segments.step_models import SegmentPin, SegmentStep
from domain.segments.totals import Totals, language_codes, totals
from domain.setup.models import Language, MarketingSetup, Salesperson

MOST_COUNTED = 2_000
"""Up to so many lines the page itself counts warnings, own values and totals."""


@dataclass(frozen=True)
class Worksheet:
    """An open segment with all its header shows.

    `segment` is a copy of a `Segment` to look at, no object of the session: with its columns, `salesperson`, `campaign` and
    `interaction`, whose `template`, `language` and `languages` (each with `language` and `document`) have the columns that
    the header shows, and `fax`, whether the office uses it. `differs`: the interaction is not what its template says.
    """

    segment: Any
    differs: bool


def open_worksheet(session: Session, no: str) -> Worksheet:
    """The open segment with this number and its languages, in one statement and without objects. Raises `NotFound`."""
    rows = read_rows(session, _worksheet(), {"no": no})
    if not rows:
        get_open_segment(session, no)
    first = rows[0]
    columns = len(_SEGMENT)
    segment = SimpleNamespace(**dict(zip(_SEGMENT.keys(), first[:columns], strict=True)))
    mine = segment.interaction = SimpleNamespace(
        **dict(zip(_INTERACTION.keys(), first[columns : columns + len(_INTERACTION)], strict=True))
    )
    segment.fax = bool(first.fax)
    segment.salesperson = _of(first.salesperson_code, code=first.salesperson_code, name=first.salesperson_name)
    segment.campaign = _of(first.campaign_no, no=first.campaign_no, description=first.campaign_description)
    mine.template = _of(first.template_code, code=first.template_code, description=first.template_description)
    mine.languages = [
        SimpleNamespace(
            language_id=row.row_language_id,
            subject=row.row_subject,
            document_id=row.row_document_id,
            language=SimpleNamespace(code=row.row_code, name=row.row_name),
            document=_of(row.row_document_id, file_name=row.row_file_name),
        )
        for row in rows
        if row.row_language_id is not None
    ]
    mine.language = _of(mine.language_id, code=first.language_code, name=first.language_name)
    return Worksheet(segment, bool(first.differs))


def _of(identity: Any, **values: Any) -> SimpleNamespace | None:
    return None if identity is None else SimpleNamespace(**values)


_SEGMENT, _INTERACTION = Segment.__table__.c, SegmentInteraction.__table__.c


@cache
def _worksheet() -> Select[Any]:
    default, of_row = aliased(Language), aliased(Language)
    mine, row = SegmentInteraction, SegmentInteractionLanguage
    return (
        select(
            *_SEGMENT,
            *_INTERACTION,
            difference_to_template().label("differs"),
            MarketingSetup.fax_enabled.label("fax"),
            Salesperson.code.label("salesperson_code"),
            Salesperson.name.label("salesperson_name"),
            Campaign.no.label("campaign_no"),
            Campaign.description.label("campaign_description"),
            InteractionTemplate.code.label("template_code"),
            InteractionTemplate.description.label("template_description"),
            default.code.label("language_code"),
            default.name.label("language_name"),
            row.language_id.label("row_language_id"),
            row.subject.label("row_subject"),
            row.document_id.label("row_document_id"),
            of_row.code.label("row_code"),
            of_row.name.label("row_name"),
            Document.file_name.label("row_file_name"),
        )
        .select_from(Segment)
        .join(mine, mine.id == Segment.interaction_id)
        .outerjoin(MarketingSetup, true())
        .outerjoin(Salesperson, Salesperson.id == Segment.salesperson_id)
        .outerjoin(Campaign, Campaign.id == Segment.campaign_id)
        .outerjoin(InteractionTemplate, InteractionTemplate.id == mine.template_id)
        .outerjoin(default, default.id == mine.language_id)
        .outerjoin(row, row.interaction_id == mine.id)
        .outerjoin(of_row, of_row.id == row.language_id)
        .outerjoin(Document, Document.id == row.document_id)
        .where(Segment.no == bindparam("no", type_=Segment.no.type), Segment.logged_segment_id.is_(None))
        .order_by(of_row.code)
    )


@dataclass(frozen=True)
class PageFigures:
    """What a page counts; `overrides`, `totals` and `warnings` are None when there are too many lines to count at once."""

    all: int
    matching: int
    overrides: int | None
    totals: Totals | None
    steps: int
    pinned: bool
    previous: str | None
    next: str | None

    @property
    def warnings(self) -> int | None:
        """How many lines have a warning."""
        return self.totals.warnings if self.totals else None


def page_figures(session: Session, segment: Segment, which: LineFilter, *, everything: bool = False) -> PageFigures:
    """The figures of a page: counts of the chips and of what matches, steps, neighbours; then what the lines amount to.

    Above `MOST_COUNTED` lines own values and totals are counted only when `everything` is asked for.
    """
    if which.is_everything:
        statement = _figures_of_all()
    else:
        statement = _figures(filtered_lines(segment, which).add_columns(func.count()).scalar_subquery())
    given = {"segment": segment.id, "no": segment.no, "most": _ALL if everything else MOST_COUNTED}
    found = read_rows(session, statement, given)[0]
    return PageFigures(
        all=found.lines,
        matching=found.matching,
        overrides=found.overrides,
        totals=totals(session, segment, codes=found.codes) if everything or found.lines <= MOST_COUNTED else None,
        steps=found.steps or 0,
        pinned=found.pinned,
        previous=found.previous,
        next=found.next,
    )


_ALL = 2**31 - 1
_here = bindparam("segment", type_=Integer)


@cache
def _figures_of_all() -> Select[Any]:
    return _figures(None)


def _figures(matching: ScalarSelect[Any] | None) -> Select[Any]:
    lines = (
        select(func.count().label("lines"))
        .where(SegmentLine.segment_id == _here, SegmentLine.removed_step_id.is_(None))
        .cte("listed")
    )
    overrides = (
        select(func.count())
        .where(SegmentLine.segment_id == _here, SegmentLine.removed_step_id.is_(None), has_own_values(SegmentLine))
        .scalar_subquery()
    )
    counted = (SegmentStep.segment_id == _here, SegmentStep.undone.is_(False))
    return select(
        lines.c.lines,
        (lines.c.lines if matching is None else matching).label("matching"),
        case((lines.c.lines <= bindparam("most", type_=Integer), overrides)).label("overrides"),
        select(func.max(SegmentStep.seq)).where(*counted).scalar_subquery().label("steps"),
        exists().where(SegmentPin.segment_id == _here).label("pinned"),
        _beside(before=True).label("previous"),
        _beside(before=False).label("next"),
        language_codes().label("codes"),
    )


def _beside(*, before: bool) -> ScalarSelect[Any]:
    numbers: Select[Any] = open_segments().with_only_columns(Segment.no)
    no = bindparam("no", type_=Segment.no.type)
    if before:
        numbers = numbers.where(Segment.no < no).order_by(Segment.no.desc())
    else:
        numbers = numbers.where(Segment.no > no).order_by(Segment.no)
    return numbers.limit(1).scalar_subquery()
