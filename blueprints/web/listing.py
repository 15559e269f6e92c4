"""Short lists (hundreds of rows): search, sort by a column, pages. Long ones ask the database for a page by key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import get_locale, gettext

from blueprints.web.formats import format_number
from domain.types import find_key, sort_key, sort_key_sv

PAGE = 100
LARGEST_KEY = 2**63 - 1


@dataclass(frozen=True)
class Column:
    """A column of a list: its heading and the value rows are ordered by (None: cannot be sorted)."""

    label: str
    value: Callable[[Any], Any] | None = None
    name: str = ""
    cls: str = ""
    num: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Listing:
    """What a list template shows: the rows of this page, `columns` for `ui.data_table`, links for `ui.pager`."""

    rows: list[Any]
    columns: list[dict[str, Any]]
    q: str
    sort: str
    total: int
    previous: str | None
    next: str | None
    text: str

    @property
    def searched(self) -> bool:
        """Whether the list was narrowed by a search."""
        return bool(self.q)


def listing(rows: Iterable[Any], columns: Sequence[Column], *, search: Callable[[Any], Iterable[str]]) -> Listing:
    """The rows whose `search` texts contain every word of `?q=`, ordered by `?sort=name` (`-name`: falling), `?page=`.

    Without a sort the rows stay in the order they come in. Case and accents are ignored in searching; names are ordered
    as readers of the page's language expect.
    """
    q = request.args.get("q", "").strip()[:200]
    words = find_key(q).split()
    found = [row for row in rows if _matches(row, words, search)]
    sort = request.args.get("sort", "")
    chosen = next((c for c in columns if c.value and c.name and c.name == sort.removeprefix("-")), None)
    if chosen is not None and chosen.value is not None:
        found.sort(key=_order(chosen.value), reverse=sort.startswith("-"))
    else:
        sort = ""
    pages = max(1, -(-len(found) // PAGE))
    page = min(_number(request.args.get("page")), pages)
    shown = found[(page - 1) * PAGE : page * PAGE]
    first = (page - 1) * PAGE + 1
    text = ""
    if pages > 1:
        text = gettext(
            "%(first)s–%(last)s of %(total)s",
            first=format_number(first),
            last=format_number(first + len(shown) - 1),
            total=format_number(len(found)),
        )
    return Listing(
        rows=shown,
        columns=[_heading(column, sort, q) for column in columns],
        q=q,
        sort=sort,
        total=len(found),
        previous=_address(q=q, sort=sort, page=page - 1) if page > 1 else None,
        next=_address(q=q, sort=sort, page=page + 1) if page < pages else None,
        text=text,
    )


def read_place(name: str) -> tuple[dt.date, int] | None:
    """A place in a long list from the address: date and number. None when it cannot be read."""
    day, _, no = request.args.get(name, "")[:30].partition("_")
    try:
        place = dt.date.fromisoformat(day), int(no)
    except ValueError:
        return None
    return place if abs(place[1]) <= LARGEST_KEY else None


def spelled_place(place: tuple[dt.date, int]) -> str:
    """A place in a long list as it stands in the address."""
    return f"{place[0].isoformat()}_{place[1]}"


def _matches(row: Any, words: list[str], search: Callable[[Any], Iterable[str]]) -> bool:
    if not words:
        return True
    texts = [find_key(text) for text in search(row)]
    return all(any(word in text for text in texts) for word in words)


def _order(value: Callable[[Any], Any]) -> Callable[[Any], tuple[bool, Any]]:
    """A key for sorting: blanks first, texts as readers expect."""
    letters = sort_key_sv if str(get_locale() or "").startswith("sv") else sort_key

    def key(row: Any) -> tuple[bool, Any]:
        worth = value(row)
        if worth is None or worth == "":
            return False, 0
        return True, (letters(worth), worth) if isinstance(worth, str) else worth

    return key


def _heading(column: Column, sort: str, q: str) -> dict[str, Any]:
    heading = {"label": column.label, "cls": column.cls, "num": column.num, "hidden": column.hidden}
    if column.value is None or not column.name:
        return heading
    current = {column.name: "asc", f"-{column.name}": "desc"}.get(sort)
    following = f"-{column.name}" if current == "asc" else column.name
    return {**heading, "sort": current, "url": _address(q=q, sort=following)}


def _address(**values: Any) -> str:
    kept = {key: value for key, value in request.args.items() if key not in ("q", "sort", "page")}
    given = {key: value for key, value in values.items() if value and not (key == "page" and value == 1)}
    return url_for(request.endpoint or "", **(request.view_args or {}), **kept, **given)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and 0 < len(text) < 7 and int(text) else 1
