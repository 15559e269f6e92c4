"""Statistics of the interaction log: of everything, or of what the log is filtered by; by period, group, template …"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext

from blueprints.interactions import statistics_view as view
from blueprints.interactions.log_filters import LogFilters, read_log_filters
from blueprints.interactions.statistics_places import place_of
from blueprints.interactions.statistics_words import (
    Figure,
    all_figures,
    dates_name,
    period_name,
    subject_names,
    unit_names,
    week_begins,
)
from blueprints.web.actor import actor
from blueprints.web.database import reading
from blueprints.web.formats import format_date
from blueprints.web.fragments import Answer, page_or_fragment
from blueprints.web.languages import translate
from domain.errors import RuleViolation
from domain.interactions.periods import Period, chosen_range, moved, periods_of
from domain.interactions.statistics import MOST_ROWS, reached_contacts, statistics_by_period, statistics_by_subject
from domain.interactions.totals import added

bp = Blueprint("statistics", __name__, url_prefix="/interaction-log/statistics")
ROUTE = "statistics.index"


@dataclass
class Asked:
    """What the address asks for: the filters of the log without its dates, and how to show what is found."""

    log: LogFilters
    given: dict[str, str]
    unit: str
    by: str
    columns: str
    figures: dict[str, Figure]
    figure: Figure
    dates: Period | None = None
    periods: list[Period] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)

    def url(self, **other: str | None) -> str:
        """This page with something else chosen."""
        shown = {"period": self.unit, "by": self.by, "columns": self.columns, "figure": self.figure.key}
        usual = {"period": "month", "by": "period", "columns": "figures", "figure": "interactions"}
        asked = {"from": self.log.filters.from_date, "to": self.log.filters.to_date}
        chosen = {**shown, **{name: day and day.isoformat() for name, day in asked.items()}, **other}
        return url_for(ROUTE, **self.given, **{k: v for k, v in chosen.items() if v and usual.get(k) != v})


@bp.get("/")
def index() -> Answer:
    """The page; `period`, `by`, `columns` and `figure` choose what is shown, everything else filters the log."""
    actor().must_be_allowed("view")
    asked = read_asked()
    values: dict[str, Any] = {"asked": asked, "blank": True, "place": place_of(reading(), asked.log)}
    values |= _choices(asked)
    if asked.periods and not asked.log.errors and not asked.log.typed.refused:
        values |= _found(asked)
    return page_or_fragment("interactions/statistics.html", "interactions/_statistics.html", **values)


def read_asked() -> Asked:
    """What the address asks for; what is no choice is passed over."""
    log = read_log_filters(reading())
    given = {name: text for name, text in log.given.items() if name not in ("from", "to", "canceled")}
    by = _one_of("by", subject_names(), "period")
    figures = all_figures(campaign=log.filters.campaign_id is not None or by == "campaign")
    asked = Asked(
        log,
        given,
        _one_of("period", unit_names(), "month"),
        by,
        _one_of("columns", {"figures": "", "periods": ""}, "figures"),
        figures,
        figures[_one_of("figure", figures, "interactions")],
    )
    asked.errors = {name: log.errors.pop(name) for name in ("from", "to") if name in log.errors}
    if asked.errors:
        return asked
    try:
        asked.dates = _dates(asked, log.filters.from_date, log.filters.to_date)
        asked.periods = periods_of(asked.dates, asked.unit, week_begins=week_begins())
    except RuleViolation as refusal:
        asked.errors[refusal.field or "from"] = translate(refusal.message)
    return asked


def _one_of(name: str, choices: Any, usual: str) -> str:
    chosen = request.args.get(name, "")
    return chosen if chosen in choices else usual


def _dates(asked: Asked, first: dt.date | None, last: dt.date | None) -> Period:
    return chosen_range(asked.unit, first=first, last=last, today=actor().work_date, week_begins=week_begins())


def _choices(asked: Asked) -> dict[str, Any]:
    """What can be chosen on the page, and the periods before and after."""
    around = {}
    for name, steps in (("before", -1), ("after", 1)):
        there = (
            moved(asked.dates, asked.unit, steps, week_begins=week_begins()) if asked.dates and asked.periods else None
        )
        around[f"{name}_url"] = asked.url(**view.dates_query(there)) if there else ""
    return around | {
        "units": [
            {"label": name, "url": _unit_url(asked, unit), "current": unit == asked.unit}
            for unit, name in unit_names().items()
        ],
        "figure_chips": [
            {"label": one.label, "url": asked.url(figure=key), "current": one is asked.figure}
            for key, one in asked.figures.items()
        ],
        "by_choices": list(subject_names().items()),
        "column_choices": [("figures", gettext("Figures")), ("periods", gettext("Periods"))],
        "dates_name": dates_name(asked.dates) if asked.dates else "",
        "shown_dates": {
            "from": format_date(asked.dates.first) if asked.dates else "",
            "to": format_date(asked.dates.last) if asked.dates else "",
        },
    }


def _unit_url(asked: Asked, unit: str) -> str:
    """Another period with the dates that were asked for, if these are not too many of them; else the latest ones."""
    filters = asked.log.filters
    try:
        periods_of(
            chosen_range(
                unit,
                first=filters.from_date,
                last=filters.to_date,
                today=actor().work_date,
                week_begins=week_begins(),
            ),
            unit,
            week_begins=week_begins(),
        )
    except RuleViolation:
        return asked.url(period=unit, **{"from": None})
    return asked.url(period=unit)


def _found(asked: Asked) -> dict[str, Any]:
    """The figures as tiles, chart and table."""
    session, periods = reading(), asked.periods
    assert asked.dates is not None
    filters, figures = asked.log.filters, list(asked.figures.values())
    by_period, matrix = asked.by == "period", asked.columns == "periods"
    given = {name: text for name, text in asked.given.items() if name != "canceled"}
    all_entries = given | view.dates_query(asked.dates)
    heads = [period_name(period, asked.unit) for period in periods]
    each = statistics_by_period(session, filters, periods) if by_period or matrix else []
    each_line = view.period_lines(periods, asked.unit, each, given) if each else []
    more = False
    if by_period:
        lines, total_figures = each_line, added(each)
    else:
        found = statistics_by_subject(session, filters, periods, asked.by, each_period=matrix)
        lines, total_figures, more = (
            view.subject_lines(found.rows, asked.by, periods, given),
            found.total,
            found.more,
        )
    total = view.Line(gettext("Total"), "", total_figures, all_entries)
    first = dict(subject_names())[asked.by]
    if by_period:
        table = (view.turned_table if matrix else view.figures_table)(
            gettext("Figure") if matrix else first, figures, lines, total
        )
    elif matrix:
        table = view.matrix_table(first, asked.figure, heads, lines, each_line, total)
    else:
        table = view.figures_table(first, figures, lines, total)
    return {
        "blank": not total_figures.interactions,
        "table": table,
        "tiles": view.tiles(figures, total) + _contact_tiles(asked),
        "chart": view.chart(asked.figure, lines, periods if by_period else None, asked.unit, asked.dates),
        "more": MOST_ROWS if more else 0,
    }


def _contact_tiles(asked: Asked) -> list[dict[str, str]]:
    """Of a campaign: the different contacts, each counted once over all dates; they cannot be added up over periods."""
    if asked.log.filters.campaign_id is None:
        return []
    return view.contact_tiles(reached_contacts(reading(), asked.log.filters, asked.periods))
