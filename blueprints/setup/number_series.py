"""Number series and their lines: list, new, edit, delete."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as lazy

from blueprints.setup.forms import NumberSeriesForm, NumberSeriesLineForm
from blueprints.web.actor import actor
from blueprints.web.cards import Card, Words, ask
from blueprints.web.database import reading, transaction
from blueprints.web.forms import value_of
from blueprints.web.fragments import Answer, close_dialog, go_to, page_or_fragment, wants_fragment
from blueprints.web.listing import Column, listing
from domain.errors import Conflict
from domain.setup.models import NumberSeries, NumberSeriesLine
from domain.setup.number_series import (
    FIELDS,
    LINE_FIELDS,
    add_series_line,
    create_series,
    delete_series,
    delete_series_line,
    edit_series,
    edit_series_line,
    get_series_line,
)
from domain.setup.queries import get_number_series, number_series_list

bp = Blueprint("number_series", __name__, url_prefix="/setup/number-series")
RIGHT = "change setup"


@bp.get("/")
def index() -> Answer:
    """Every number series with its newest range."""
    by = actor()
    by.must_be_allowed("view")
    columns = [
        Column(gettext("Code"), lambda one: one.code, "code"),
        Column(gettext("Description"), lambda one: one.description, "description"),
        Column(gettext("Starting No.")),
        Column(gettext("Ending No.")),
        Column(gettext("Last No. used")),
        Column(gettext("Automatic numbers"), lambda one: one.automatic, "automatic"),
        Column(gettext("Typed numbers"), lambda one: one.manual, "manual"),
    ]
    rows = reading().scalars(number_series_list())
    found = listing(rows, columns, search=lambda one: (one.code, one.description))
    return page_or_fragment(
        "setup/all_number_series.html", "setup/_all_number_series.html", list=found, may_edit=by.may(RIGHT)
    )


Card(
    bp=bp,
    words=Words(
        things=lazy("Number series"),
        new=lazy("New number series"),
        create=lazy("Create number series"),
        created=lazy("The number series %(name)s was created. Add its first range."),
        changed=lazy("The number series %(name)s was changed."),
        deleted=lazy("The number series %(name)s was deleted."),
        delete=lazy("Delete the number series %(name)s?"),
        consequence=lazy("Its ranges are deleted with it. What was numbered from it keeps its numbers."),
    ),
    form=NumberSeriesForm,
    fields=FIELDS,
    fields_template="setup/_number_series_fields.html",
    template="setup/number_series.html",
    get=get_number_series,
    create=create_series,
    edit=edit_series,
    delete=delete_series,
    title=lambda one: f"{one.code} {one.description}".strip(),
    new_values=lambda: {"automatic": True, "manual": True},
    more=lambda series: {"series": series},
    stay=True,
    crumbs=lambda: [
        (gettext("Setup"), url_for("setup.index")),
        (gettext("Number series"), url_for("number_series.index")),
    ],
).register()


@bp.get("/<known:key>/lines/new")
def new_line(key: str) -> Answer:
    """The dialog for a new range."""
    actor().must_be_allowed(RIGHT)
    return show_line(
        get_number_series(reading(), key), None, NumberSeriesLineForm(formdata=None, data={"increment": 1})
    )


@bp.post("/<known:key>/lines/")
def create_line(key: str) -> Answer:
    """Adds a range."""
    by = actor()
    by.must_be_allowed(RIGHT)
    form = NumberSeriesLineForm()
    if form.validate():
        with form.reporting():
            with transaction() as session:
                values = {name: value_of(form[name]) for name in LINE_FIELDS}
                add_series_line(session, get_number_series(session, key), by=by, **values)
            return show_lines(key)
    return show_line(get_number_series(reading(), key), None, form, 422)


@bp.get("/<known:key>/lines/<int:line_id>/")
def edit_line(key: str, line_id: int) -> Answer:
    """The dialog to change a range."""
    actor().must_be_allowed(RIGHT)
    series = get_number_series(reading(), key)
    line = get_series_line(series, line_id)
    return show_line(series, line, NumberSeriesLineForm(formdata=None, data=line_values(line)))


@bp.post("/<known:key>/lines/<int:line_id>/")
def update_line(key: str, line_id: int) -> Answer:
    """Changes what the user changed of a range (B26)."""
    by = actor()
    by.must_be_allowed(RIGHT)
    form, status = NumberSeriesLineForm(), 422
    if form.validate():
        try:
            with form.reporting():
                with transaction() as session:
                    line = get_series_line(get_number_series(session, key), line_id)
                    edit_series_line(session, line, changes=form.changes(line_values(line)), by=by)
                return show_lines(key)
        except Conflict:
            if not form.stored_now:
                raise
            status = 409
    series = get_number_series(reading(), key)
    return show_line(series, get_series_line(series, line_id), form, status)


@bp.get("/<known:key>/lines/<int:line_id>/delete")
def ask_delete_line(key: str, line_id: int) -> Answer:
    """What removing a range means."""
    actor().must_be_allowed(RIGHT)
    line = get_series_line(get_number_series(reading(), key), line_id)
    return ask(
        gettext("Remove the range from %(no)s on?", no=line.starting_no),
        gettext("The series no longer gives numbers from it. What has a number from it keeps it."),
        submit=gettext("Remove"),
        danger=True,
        action=url_for("number_series.delete_line", key=key, line_id=line_id),
        cancel=url_for("number_series.show", key=key),
    )


@bp.post("/<known:key>/lines/<int:line_id>/delete")
def delete_line(key: str, line_id: int) -> Answer:
    """Removes a range."""
    with transaction() as session:
        line = get_series_line(get_number_series(session, key), line_id)
        delete_series_line(session, line, by=actor())
    return show_lines(key)


def line_values(line: NumberSeriesLine) -> dict[str, Any]:
    """What the form shows of a range."""
    return {name: getattr(line, name) for name in LINE_FIELDS}


def show_line(
    series: NumberSeries, line: NumberSeriesLine | None, form: NumberSeriesLineForm, status: int = 200
) -> Answer:
    """The dialog of a range."""
    partial = "setup/_number_series_line_dialog.html"
    title = (
        gettext("Range of %(code)s", code=series.code) if line else gettext("New range of %(code)s", code=series.code)
    )
    values = {"series": series, "line": line, "form": form, "title": title}
    return page_or_fragment("shared/dialog_page.html", partial, status, partial=partial, **values)


def show_lines(key: str) -> Answer:
    """The ranges after a change."""
    if wants_fragment():
        series = get_number_series(reading(), key)
        return close_dialog("setup/_number_series_lines.html", series=series, may_edit=actor().may(RIGHT))
    return go_to(url_for("number_series.show", key=key))
