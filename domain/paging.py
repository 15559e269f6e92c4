"""Pages by key: a page begins behind the last row of the page before, however many rows lie in front of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, tuple_
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class KeyPage:
    """The rows of a page in the order of the list, and whether there are rows before and behind them."""

    rows: list[Row[Any]]
    has_before: bool
    has_after: bool


def key_page(
    session: Session,
    found: Select[*tuple[Any, ...]],
    order: Sequence[ColumnElement[Any]],
    *,
    after: Sequence[Any] | None = None,
    before: Sequence[Any] | None = None,
    falling: bool = False,
    limit: int,
) -> KeyPage:
    """The rows of `found` in `order` behind the place `after`, or in front of the place `before`.

    `order` is unique; a place is its values in one row.
    """
    backwards = before is not None
    at = before if backwards else after
    down = falling != backwards
    if at is not None:
        here, there = tuple_(*order), tuple_(*at)
        found = found.where(here < there if down else here > there)
    rows = list(session.execute(found.order_by(*(one.desc() if down else one for one in order)).limit(limit + 1)))
    more = len(rows) > limit
    rows = rows[:limit]
    if backwards:
        rows.reverse()
    return KeyPage(rows, bool(rows) and (more if backwards else at is not None), bool(rows) and (backwards or more))
