"""Number series and their lines: create, edit, delete (contacts.md 2.10)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.errors import NotFound, RuleViolation
from domain.messages import Message, say
from domain.references import delete_row
from domain.setup.fields import refuse_blank_code, refuse_used_code, save, set_fields
from domain.setup.models import NumberSeries, NumberSeriesLine
from domain.setup.number_format import is_at_or_past, take_apart

FIELDS = ("code", "description", "automatic", "manual")
LINE_FIELDS = ("starting_date", "starting_no", "ending_no", "warning_no", "increment", "last_no")


def create_series(session: Session, *, by: Actor, **values: Any) -> NumberSeries:
    """A new number series without lines. `values`: `FIELDS`. Raises `Forbidden`, `RuleViolation` on the field."""
    by.must_be_allowed("change setup")
    series = NumberSeries()
    _change(session, series, {"code": "", "description": "", "automatic": True, "manual": True, **values})
    session.add(series)
    save(session, _taken(series))
    return series


def edit_series(session: Session, series: NumberSeries, *, changes: dict[str, Any], by: Actor) -> NumberSeries:
    """Changes fields of a series. Switching automatic numbers off switches typed ones on and the other way round."""
    by.must_be_allowed("change setup")
    _change(session, series, changes)
    save(session, _taken(series))
    return series


def delete_series(session: Session, series: NumberSeries, *, by: Actor) -> None:
    """Deletes a series with its lines, unless Marketing setup uses it. Things numbered from it keep their numbers."""
    by.must_be_allowed("change setup")
    delete_row(session, NumberSeries.metadata.tables["number_series"], [series.id], name=series.code)


def get_series_line(series: NumberSeries, line_id: int) -> NumberSeriesLine:
    """The line of a series with this id. Raises `NotFound`."""
    for line in series.lines:
        if line.id == line_id:
            return line
    raise NotFound(say("The number series %(series)s no longer has this line.", series=series.code))


def add_series_line(session: Session, series: NumberSeries, *, by: Actor, **values: Any) -> NumberSeriesLine:
    """A new line. `values`: `LINE_FIELDS`. Raises `Forbidden`, `RuleViolation` on the field."""
    by.must_be_allowed("change setup")
    line = NumberSeriesLine(ending_no="", warning_no="", last_no="", increment=1)
    _change_line(line, {"starting_no": "", **values})
    series.lines.append(line)
    session.flush()
    return line


def edit_series_line(
    session: Session, line: NumberSeriesLine, *, changes: dict[str, Any], by: Actor
) -> NumberSeriesLine:
    """Changes fields of a line. Raises as `add_series_line`."""
    by.must_be_allowed("change setup")
    with session.no_autoflush:
        _change_line(line, changes)
    session.flush()
    return line


def delete_series_line(session: Session, line: NumberSeriesLine, *, by: Actor) -> None:
    """Removes a line from its series."""
    by.must_be_allowed("change setup")
    line.series.lines.remove(line)
    session.flush()


def _change(session: Session, series: NumberSeries, changes: dict[str, Any]) -> None:
    with session.no_autoflush:
        set_fields(series, changes)
        refuse_blank_code(series.code)
        refuse_used_code(session, NumberSeries, series, _taken(series))
        if not series.automatic and not series.manual:
            if changes.get("manual") is False and "automatic" not in changes:
                series.automatic = True
            else:
                series.manual = True


def _change_line(line: NumberSeriesLine, changes: dict[str, Any]) -> None:
    set_fields(line, changes)
    if not line.starting_no:
        raise RuleViolation(say("Enter the first number of the range."), field="starting_no")
    start = take_apart(line.starting_no)
    if start is None:
        raise RuleViolation(
            say("A starting number needs digits that can grow, for example SM00001."), field="starting_no"
        )
    if line.increment is None or not 1 <= line.increment <= 1_000_000:
        raise RuleViolation(say("The increment is at least 1."), field="increment")
    for field in ("ending_no", "warning_no", "last_no"):
        no = getattr(line, field)
        parts = take_apart(no) if no else None
        if no and (parts is None or parts.skeleton != start.skeleton):
            raise RuleViolation(
                say(
                    "“%(no)s” does not look like the starting number %(starting_no)s.",
                    no=no,
                    starting_no=line.starting_no,
                ),
                field=field,
            )
        if parts is not None and parts.value < start.value:
            raise RuleViolation(
                say("%(no)s lies before the starting number %(starting_no)s.", no=no, starting_no=line.starting_no),
                field=field,
            )
    for field in ("warning_no", "last_no"):
        no = getattr(line, field)
        if no and line.ending_no and no != line.ending_no and is_at_or_past(no, line.ending_no):
            raise RuleViolation(
                say("%(no)s lies after the ending number %(ending_no)s.", no=no, ending_no=line.ending_no), field=field
            )


def _taken(series: NumberSeries) -> Message:
    return say("There is already a number series %(code)s.", code=series.code)
