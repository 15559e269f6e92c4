"""Words of the statistics: figures, periods and what interactions belong to, as the reader writes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.dates import format_date as babel_date
from babel.dates import format_skeleton
from flask_babel import get_locale, gettext

from blueprints.web.formats import currency_digits, format_date, format_money, format_number, format_percent
from domain.interactions.periods import Period, period_of
from domain.interactions.totals import InteractionFigures

CAMPAIGN_ONLY = ("cost_per_response", "duration_per_response")


@dataclass(frozen=True)
class Figure:
    """One of the figures: what it is called, how it is written, and what its entries have beyond those of the row.

    `entries` is None where a number stands for no entries (averages and rates).
    """

    key: str
    label: str
    write: Callable[[Any], str]
    entries: dict[str, str] | None = None
    scale: int = 1

    def of(self, figures: InteractionFigures) -> Any:
        """Its value."""
        return getattr(figures, self.key)


def all_figures(*, campaign: bool) -> dict[str, Figure]:
    """The figures that are shown, by key; those per response only where it is about campaigns."""
    minor = 10 ** currency_digits()
    found = [
        Figure("interactions", gettext("No. of interactions"), format_number, {}),
        Figure("cost", gettext("Cost"), format_money, {}, minor),
        Figure("average_cost", gettext("Average cost"), format_money, scale=minor),
        Figure("duration", gettext("Duration (min.)"), format_number, {}),
        Figure("average_duration", gettext("Average duration (min.)"), format_number),
        Figure("targets_contacted", gettext("Target contacts contacted"), format_number, {"f.campaign_target": "1"}),
        Figure("responded", gettext("Contacts responded"), format_number, {"f.campaign_response": "1"}),
        Figure("response_rate", gettext("Response rate"), format_percent),
        Figure("cost_per_response", gettext("Average cost per response"), format_money, scale=minor),
        Figure("duration_per_response", gettext("Average duration per response (min.)"), format_number),
    ]
    return {one.key: one for one in found if campaign or one.key not in CAMPAIGN_ONLY}


def week_begins() -> int:
    """The day weeks begin with where the reader lives: 0 is Monday, 6 is Sunday."""
    return int(get_locale().first_week_day)


def unit_names() -> dict[str, str]:
    """The periods to choose from."""
    return {
        "day": gettext("Day"),
        "week": gettext("Week"),
        "month": gettext("Month"),
        "quarter": gettext("Quarter"),
        "year": gettext("Year"),
    }


def subject_names() -> dict[str, str]:
    """What rows may be: periods, or what interactions belong to."""
    return {
        "period": gettext("Period"),
        "group": gettext("Interaction group"),
        "template": gettext("Interaction template"),
        "salesperson": gettext("Salesperson"),
        "contact": gettext("Contact"),
        "campaign": gettext("Campaign"),
        "segment": gettext("Logged segment"),
    }


def period_name(period: Period, unit: str) -> str:
    """A period in full: 24/11/2026, Week 48 2026, November 2026, Q4 2026, 2026."""
    day, locale = period.first, get_locale()
    if unit == "day":
        return format_date(day)
    if unit == "week":
        return gettext("Week %(week)s %(year)s", week=_week(day), year=babel_date(day, "Y", locale=locale))
    patterns = {"month": "LLLL y", "quarter": "QQQ y", "year": "y"}
    name = str(babel_date(day, patterns[unit], locale=locale))
    return name[:1].upper() + name[1:]


def period_note(period: Period, unit: str) -> str:
    """From when to when, where the name does not say it: for weeks, and at the edges of the dates that were chosen."""
    whole = period_of(period.first, unit, week_begins=week_begins())
    return "" if unit == "day" or (unit != "week" and period == whole) else dates_name(period)


def dates_name(period: Period) -> str:
    """From when to when."""
    return f"{format_date(period.first)} – {format_date(period.last)}"


def axis_names(period: Period, unit: str, before: Period | None) -> tuple[str, str]:
    """What stands under a column: the period in short, and the year under the first column and where it changes."""
    day, locale = period.first, get_locale()
    if unit == "year":
        return babel_date(day, "y", locale=locale), ""
    short = {
        "day": lambda: format_skeleton("Md", day, locale=locale),
        "week": lambda: _week(day),
        "month": lambda: babel_date(day, "LLL", locale=locale),
        "quarter": lambda: babel_date(day, "QQQ", locale=locale),
    }[unit]()
    pattern = "Y" if unit == "week" else "y"
    year = babel_date(day, pattern, locale=locale)
    same = before is not None and babel_date(before.first, pattern, locale=locale) == year
    return str(short), "" if same else str(year)


def _week(day: dt.date) -> str:
    return str(babel_date(day, "w", locale=get_locale()))


def nice_ticks(most: Decimal) -> list[Decimal]:
    """Round numbers from 0 to at least `most`, four steps at the most."""
    if most <= 0:
        return [Decimal(0), Decimal(1)]
    size = Decimal(10) ** (most / 4).adjusted()
    step = next(size * times for times in (1, 2, Decimal("2.5"), 5, 10) if size * times * 4 >= most)
    step = max(step, Decimal(1))
    ticks = [Decimal(0)]
    while ticks[-1] < most:
        ticks.append(ticks[-1] + step)
    return ticks
