"""What the page of statistics shows: tables whose numbers lead to the entries behind them, and charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from flask import url_for
from flask_babel import gettext

from blueprints.interactions.statistics_words import (
    Figure,
    axis_names,
    dates_name,
    nice_ticks,
    period_name,
    period_note,
)
from blueprints.web.formats import format_number, format_percent
from domain.interactions.periods import Period
from domain.interactions.statistics import SubjectRow
from domain.interactions.totals import InteractionFigures, ReachedContacts

MOST_NAMES = 16
"""How many names fit under the columns of a chart."""
LETTERS_NARROW, LETTERS_WIDE = 84, 128
"""How many letters fit side by side over the columns, where these take the place of bars and where the window is wide."""
LONG_TICK = 8


@dataclass(frozen=True)
class Line:
    """A row before it is written: its name, the figures, and which entries they are made of (None: no link can say)."""

    name: str
    note: str
    figures: InteractionFigures
    entries: dict[str, str] | None
    parts: tuple[tuple[InteractionFigures, dict[str, str] | None], ...] = ()


@dataclass(frozen=True)
class Table:
    """A table: headings, rows of cells, and the row of totals (None where it would repeat the only row)."""

    first: str
    heads: list[str]
    rows: list[dict[str, Any]]
    total: dict[str, Any] | None
    wide: bool = False


def dates_query(period: Period) -> dict[str, str]:
    """A period as filter of the log."""
    return {"from": period.first.isoformat(), "to": period.last.isoformat()}


def period_lines(
    periods: Sequence[Period], unit: str, found: Sequence[InteractionFigures], given: dict[str, str]
) -> list[Line]:
    """A row for each period."""
    return [
        Line(period_name(period, unit), period_note(period, unit), figures, given | dates_query(period))
        for period, figures in zip(periods, found, strict=True)
    ]


def subject_lines(
    rows: Sequence[SubjectRow], kind: str, periods: Sequence[Period], given: dict[str, str]
) -> list[Line]:
    """A row for each group, template …"""
    all_dates = dates_query(Period(periods[0].first, periods[-1].last))
    lines = []
    for row in rows:
        own = subject_query(row, kind)
        name, note = subject_title(row, kind)
        parts = tuple(
            (figures, given | own | dates_query(period) if own is not None else None)
            for period, figures in zip(periods, row.by_period, strict=False)
        )
        lines.append(Line(name, note, row.figures, given | own | all_dates if own is not None else None, parts))
    return lines


def subject_title(row: SubjectRow, kind: str) -> tuple[str, str]:
    """What a row is called, and the rest of its name."""
    if row.code:
        return (row.name, row.title) if kind == "contact" else (row.title, row.name)
    return (gettext("(deleted contact)") if kind == "contact" else gettext("(blank)")), ""


def subject_query(row: SubjectRow, kind: str) -> dict[str, str] | None:
    """The filter of the log that finds the entries of a row."""
    if kind == "contact":
        return {"company" if row.is_company else "contact": row.code} if row.code else None
    if kind == "segment":  # numbers of segments may have been given twice, entry numbers not
        return {"f.logged_segment": row.code or "''"}
    return {kind: row.code} if row.code else {f"f.{kind}": "''"}


def figures_table(first: str, figures: Sequence[Figure], lines: Sequence[Line], total: Line) -> Table:
    """Figures as columns."""
    return Table(
        first,
        [figure.label for figure in figures],
        [_row(line, [cell(figure, line.figures, line.entries) for figure in figures]) for line in lines],
        _row(total, [cell(figure, total.figures, total.entries) for figure in figures]) if len(lines) > 1 else None,
    )


def turned_table(first: str, figures: Sequence[Figure], lines: Sequence[Line], total: Line) -> Table:
    """Periods as columns, figures as rows."""
    columns = [*lines, total] if len(lines) > 1 else list(lines)
    rows = [
        {"name": figure.label, "note": "", "cells": [cell(figure, line.figures, line.entries) for line in columns]}
        for figure in figures
    ]
    return Table(first, [line.name for line in columns], rows, None, wide=True)


def matrix_table(
    first: str, figure: Figure, heads: list[str], lines: Sequence[Line], totals: Sequence[Line], total: Line
) -> Table:
    """Groups, templates … as rows, periods as columns, one figure in the cells."""
    rows = [
        _row(
            line,
            [cell(figure, figures, entries) for figures, entries in line.parts]
            + [cell(figure, line.figures, line.entries)],
        )
        for line in lines
    ]
    last = [cell(figure, one.figures, one.entries) for one in [*totals, total]]
    return Table(first, [*heads, total.name], rows, _row(total, last), wide=True)


def _row(line: Line, cells: list[dict[str, str]]) -> dict[str, Any]:
    return {"name": line.name, "note": line.note, "cells": cells}


def cell(figure: Figure, figures: InteractionFigures, entries: dict[str, str] | None) -> dict[str, str]:
    """A number, and the log filtered to the entries it stands for."""
    value = figure.of(figures)
    counted = value if figure.key in ("targets_contacted", "responded") else figures.interactions
    url = ""
    if entries is not None and figure.entries is not None and counted:
        url = url_for("interaction_log.index", **(entries | {"canceled": "no"} | figure.entries))
    return {"text": figure.write(value), "url": url, "label": figure.label}


def tiles(figures: Sequence[Figure], total: Line) -> list[dict[str, str]]:
    """The figures of everything, large."""
    return [cell(figure, total.figures, total.entries) for figure in figures]


def contact_tiles(contacts: ReachedContacts) -> list[dict[str, str]]:
    """The different contacts behind targets and responses, large."""
    found = [
        (gettext("Different contacts contacted"), format_number(contacts.contacted)),
        (gettext("Different contacts responded"), format_number(contacts.responded)),
        (gettext("Response rate of contacts"), format_percent(contacts.response_rate)),
    ]
    return [{"label": label, "text": text, "url": ""} for label, text in found]


def chart(
    figure: Figure, lines: Sequence[Line], periods: Sequence[Period] | None, unit: str, dates: Period
) -> dict[str, Any]:
    """A chart of one figure: as columns over the periods if there are any, and as bars. The numbers are in the texts."""
    values = [Decimal(figure.of(line.figures)) for line in lines]
    ticks = nice_ticks(max(values, default=Decimal(0)) / figure.scale)
    top = ticks[-1] * figure.scale
    bars: list[dict[str, Any]] = []
    for number, (line, value) in enumerate(zip(lines, values, strict=True)):
        bar: dict[str, Any] = {"text": line.name, "number": figure.write(figure.of(line.figures))}
        bar["share"] = round(float(value / top) * 100, 2)
        if periods is not None:
            before = periods[number - 1] if number else None
            bar["short"], bar["year"] = axis_names(periods[number], unit, before)
        bars.append(bar)
    every = -(-len(bars) // MOST_NAMES)
    _part_years(bars, every)
    written = [_tick(tick, ticks, figure) for tick in ticks]
    return {
        "title": figure.label,
        "dates": dates_name(dates),
        "bars": bars,
        "ticks": written,
        "columns": periods is not None,
        "every": every,
        "numbers": _room_for_numbers(bars),
        "roomy": max(len(tick["text"]) for tick in written) > LONG_TICK,
    }


def _part_years(bars: Sequence[dict[str, Any]], apart: int) -> None:
    """The first year gives way to the next one where they would stand in each other."""
    changes = [number for number, bar in enumerate(bars) if bar.get("year")]
    for one, following in pairwise(changes):
        if following - one < apart:
            bars[one]["year"] = ""


def _room_for_numbers(bars: Sequence[dict[str, Any]]) -> str:
    """Whether numbers fit over the columns: "always", "roomy" in a wide window only, or "" never."""
    longest = max((len(bar["number"]) for bar in bars), default=0) + 1
    letters = len(bars) * longest
    return "always" if letters <= LETTERS_NARROW else "roomy" if letters <= LETTERS_WIDE else ""


def _tick(tick: Decimal, ticks: Sequence[Decimal], figure: Figure) -> dict[str, Any]:
    text = figure.write(tick) if figure.key == "response_rate" else format_number(int(tick))
    if tick != tick.to_integral_value() and figure.key != "response_rate":
        text = ""
    return {"share": round(float(tick / ticks[-1]) * 100, 2), "text": text}
