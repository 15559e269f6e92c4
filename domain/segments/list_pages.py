"""The list of active segments: search, sort, pages by key."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import Session

from domain.campaigns.models import Campaign
from domain.database import folded
from domain.paging import key_page
from domain.segments.models import Segment, SegmentLine
from domain.setup.models import Salesperson
from domain.types import code, fold

PAGE = 50
_SORTS: dict[str, ColumnElement[Any]] = {
    "no": Segment.no.expression,
    "description": folded(Segment.description),
    "campaign": func.coalesce(Campaign.no, ""),
    "salesperson": func.coalesce(Salesperson.code, ""),
    "date": Segment.date.expression,
}


@dataclass(frozen=True)
class SegmentPage:
    """Rows (no, description, campaign, salesperson, date, lines) and the places before and after them."""

    rows: list[Row[Any]]
    before: str | None
    after: str | None


def segment_page(
    session: Session,
    *,
    search: str = "",
    salesperson: str = "",
    sort: str = "",
    after: str = "",
    before: str = "",
    size: int = PAGE,
) -> SegmentPage:
    """A page of open segments. `sort` is a column of the list, with "-" falling; every word of `search` must be found."""
    key = _SORTS.get(sort.removeprefix("-"), _SORTS["no"])
    place = _place(before or after, key)
    found = key_page(
        session,
        _rows().add_columns(key.label("sort_value"), Segment.id).where(*_conditions(search, salesperson)),
        (key, Segment.id.expression),
        **{"before" if before else "after": place},
        falling=sort.startswith("-"),
        limit=size,
    )
    return SegmentPage(
        found.rows,
        _written(found.rows[0]) if found.has_before else None,
        _written(found.rows[-1]) if found.has_after else None,
    )


def count_open(session: Session, *, salesperson_id: int | None = None) -> int:
    """How many segments are open, of one salesperson or of all."""
    counted = select(func.count()).select_from(Segment).where(Segment.logged_segment_id.is_(None))
    if salesperson_id is not None:
        counted = counted.where(Segment.salesperson_id == salesperson_id)
    return session.scalar(counted) or 0


def latest_segments(session: Session, *, limit: int = 8) -> list[Row[Any]]:
    """The open segments changed last."""
    return list(
        session.execute(
            _rows().where(Segment.logged_segment_id.is_(None)).order_by(Segment.modified_at.desc()).limit(limit)
        )
    )


def look_up_segments(session: Session, text: str, *, limit: int = 8) -> list[Row[Any]]:
    """Open segments whose number begins with the text or whose description contains it."""
    return list(session.execute(_rows().where(*_conditions(text, "")).order_by(Segment.no).limit(limit)))


def _rows() -> Select[Any]:
    lines = (
        select(func.count())
        .where(SegmentLine.segment_id == Segment.id, SegmentLine.removed_step_id.is_(None))
        .correlate(Segment)
        .scalar_subquery()
    )
    return (
        select(
            Segment.no,
            Segment.description,
            func.coalesce(Campaign.no, "").label("campaign"),
            func.coalesce(Salesperson.code, "").label("salesperson"),
            Segment.date,
            Segment.modified_at,
            lines.label("lines"),
        )
        .outerjoin(Campaign, Campaign.id == Segment.campaign_id)
        .outerjoin(Salesperson, Salesperson.id == Segment.salesperson_id)
    )


def _conditions(search: str, salesperson: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Segment.logged_segment_id.is_(None)]
    for word in search.replace("\x00", "").split()[:10]:
        conditions.append(
            or_(
                Segment.no.startswith(code(word), autoescape=True),
                folded(Segment.description).contains(fold(word), autoescape=True),
                func.coalesce(Campaign.no, "").startswith(code(word), autoescape=True),
            )
        )
    if salesperson.replace("\x00", "").strip():
        conditions.append(Salesperson.code == code(salesperson.replace("\x00", "")))
    return conditions


def _written(row: Any) -> str:
    shown = row.sort_value.isoformat() if isinstance(row.sort_value, dt.date) else row.sort_value
    return json.dumps([shown, row.id], ensure_ascii=False)


def _place(text: str, key: ColumnElement[Any]) -> tuple[Any, int] | None:
    """A place from the address, checked."""
    if not text or "\x00" in text:
        return None
    try:
        shown, row_id = json.loads(text)
        given = dt.date.fromisoformat(shown) if key.type.python_type is dt.date else shown
    except (ValueError, TypeError, RecursionError):
        return None
    if not isinstance(row_id, int) or isinstance(row_id, bool) or abs(row_id) > 2**62:
        return None
    return (given, row_id) if isinstance(given, key.type.python_type) else None
