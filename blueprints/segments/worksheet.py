"""What the worksheet page and its fragments show."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from flask import request, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from blueprints.segments.header_view import header_view, notice_of
from blueprints.segments.line_rows import LineRows, fills_in
from blueprints.segments.worksheet_actions import rights
from blueprints.segments.worksheet_parts import action_bar, line_chips, line_columns, line_totals
from blueprints.web.converters import known_as
from blueprints.web.languages import choose_locale
from blueprints.web.shell import address, may
from domain.segments.header import HeaderChange
from domain.segments.line_queries import LinePage, line_page
from domain.segments.models import Segment
from domain.segments.page_queries import PageFigures, page_figures
from domain.segments.selection import CHIPS, LineFilter
from domain.segments.steps import step_count

# what a column is called in the address: what it is sorted by
SORTS = {
    "line": "line_no",
    "no": "contact_no",
    "contact": "name",
    "company": "company",
    "template": "template",
    "description": "description",
    "type": "correspondence_type",
    "language": "language",
    "date": "date",
}
# what the kept parts of the page are made with besides their values
PARTS = {"actions": action_bar, "chips": line_chips, "columns": line_columns, "totals": line_totals}


@dataclass(frozen=True)
class Asked:
    """What part of the lines the address asks for."""

    chip: str
    q: str
    sort: str
    problem: str
    after: str | None
    before: str | None

    @property
    def which(self) -> LineFilter:
        """The lines that match."""
        return LineFilter(chip=self.chip, search=self.q, problem=self.problem)

    @property
    def kept(self) -> dict[str, str]:
        """Parameters for links and forms of the same list."""
        pairs = {"chip": self.chip if self.chip != "all" else "", "sort": self.sort, "problem": self.problem}
        return {name: value for name, value in pairs.items() if value}

    def address(self, segment: Segment, **more: Any) -> str:
        """The page with the same list."""
        given = {**self.kept, **({"q": self.q} if self.q else {}), **more}
        return url_for("segments.show", segment_no=segment.no, **{k: v for k, v in given.items() if v})


def asked() -> Asked:
    """The part of the lines that the address (or the form of the page) asks for."""
    values = request.values
    chip = values.get("chip", "all")
    sort = values.get("sort", "")
    return Asked(
        chip=chip if chip in CHIPS else "all",
        q=values.get("q", "").strip()[:200],
        sort=sort if sort.removeprefix("-") in SORTS else "",
        problem=values.get("problem", "")[:40],
        after=values.get("after", "")[:400] or None,
        before=values.get("before", "")[:400] or None,
    )


def figures_context(
    session: Session, segment: Segment, *, everything: bool = False, wanted: Asked | None = None
) -> dict[str, Any]:
    """Values for _chips.html, _statusbar.html and _overview.html; a large segment's are counted apart."""
    wanted = wanted or asked()
    figures = page_figures(session, segment, wanted.which, everything=everything)
    return {
        "segment": segment,
        "counts": figures,
        "matching": figures.matching,
        "asked": wanted,
        "totals": asdict(figures.totals) if figures.totals else None,
        "parts": PARTS,
        "figures_url": "" if figures.totals else url_for("segments.figures", segment_no=segment.no, **_given(wanted)),
    }


def _given(wanted: Asked) -> dict[str, str]:
    return {**wanted.kept, **({"q": wanted.q} if wanted.q else {})}


def lines_context(session: Session, segment: Segment, *, everything: bool = False, **more: Any) -> dict[str, Any]:
    """Values for _lines.html, _chips.html and _statusbar.html."""
    wanted = asked()
    sort = SORTS[wanted.sort.removeprefix("-") or "line"]
    if sort in ("name", "company") and choose_locale() == "sv_SE":
        sort += "_sv"
    found: LinePage = line_page(
        session,
        segment,
        wanted.which,
        sort=sort,
        descending=wanted.sort.startswith("-"),
        after=wanted.after,
        before=wanted.before,
    )
    figures = figures_context(session, segment, everything=everything, wanted=wanted)
    pinned = figures["counts"].pinned
    script = fills_in()
    is_frozen = frozen(segment)
    made = LineRows(session, segment, found.rows, frozen=is_frozen, pinned=pinned, script=script)
    lines, patterns = made.bare() if script else (made.html(), Markup())
    return {
        **figures,
        "q": wanted.q,
        "kept": wanted.kept,
        "lines": lines,
        "patterns": patterns,
        "bare": script,
        "filtered": not wanted.which.is_everything,
        "previous_page": wanted.address(segment, before=found.previous) if found.previous else None,
        "next_page": wanted.address(segment, after=found.next) if found.next else None,
        "frozen": is_frozen,
        **more,
    }


def page_context(
    session: Session, segment: Segment, *, everything: bool = False, differs: bool | None = None, **more: Any
) -> dict[str, Any]:
    """Values for the whole page. `differs`: whether the header differs from its template, asked when not known."""
    context = lines_context(session, segment, everything=everything, **more)
    counts: PageFigures = context["counts"]
    context |= header_context(session, segment, steps=counts.steps, differs=differs)
    context |= {
        "previous_url": _address(counts.previous) if counts.previous else None,
        "next_url": _address(counts.next) if counts.next else None,
        "fact": None,
        "rights": rights(),
    }
    return {**context, **more}


def header_context(
    session: Session,
    segment: Segment,
    *,
    change: HeaderChange | None = None,
    errors: dict[str, str] | None = None,
    was: dict[str, str] | None = None,
    steps: int | None = None,
    differs: bool | None = None,
) -> dict[str, Any]:
    """Values for _header.html, _title.html and _notice.html."""
    return {
        "segment": segment,
        "header": header_view(session, segment, errors=errors, was=was, differs=differs),
        "notice": notice_of(change),
        "step_count": step_count(session, segment) if steps is None else steps,
        "frozen": frozen(segment),
    }


def _address(no: str) -> str:
    return address("segments.index") + known_as(no)


def frozen(segment: Segment) -> bool:
    """Whether the page offers no changes: logged, or the user may not."""
    return segment.logged_segment_id is not None or not may("edit segments")
