"""Views of the interaction log: which columns it shows, and filters kept under a name, each user for themselves."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from blueprints.interactions.log_columns import column_labels, in_order, moved, shown_columns
from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, go_to, page_or_fragment
from blueprints.web.languages import translate
from domain.accounts.models import UserView
from domain.accounts.views import all_views, choose_columns, delete_view, save_view, view_named, views_of
from domain.errors import RuleViolation

bp = Blueprint("log_views", __name__, url_prefix="/interaction-log/views")
PLACE = "interaction_log"
NOT_FILTERS = frozenset({"view", "older", "newer", "add"})


def view_in_use(views: list[UserView]) -> UserView | None:
    """The one of the user's views that the address names, else how the log begins for them."""
    return view_named(views, request.args.get("view", "")[:100]) or view_named(views, "")


def users_views(session: Session) -> list[UserView]:
    """The views of the log that the user keeps, how it begins included."""
    return all_views(session, PLACE, by=actor())


def stored_columns(view: UserView | None) -> list[str]:
    """The columns of a view; none means the usual ones."""
    return view.columns.split() if view is not None else []


def view_chips(views: list[UserView], current: UserView | None) -> list[dict[str, Any]]:
    """The log as it is, then the views by name; `current` is the one in use."""
    named = [one for one in views if one.name]
    if not named:
        return []
    used = current.name if current is not None else ""
    chips = [{"label": gettext("Every interaction"), "url": url_for("interaction_log.index"), "current": not used}]
    return chips + [{"label": one.name, "url": view_url(one), "current": one.name == used} for one in named]


def view_url(view: UserView) -> str:
    """The log with the filters of a view."""
    return url_for("interaction_log.index", **dict(parse_qsl(view.query)), view=view.name)


def filters_asked() -> list[tuple[str, str]]:
    """The filters in the address, without the place in the list."""
    return [(name, text) for name, text in request.args.items() if name not in NOT_FILTERS and text]


def log_url(view: str = "") -> str:
    """The log with the filters of this request."""
    return url_for("interaction_log.index", **dict(filters_asked()), view=view or None)


@bp.get("/")
def index() -> Answer:
    """The dialog: save these filters under a name, delete views."""
    return _show_views()


def _show_views(status: int = 200, *, error: str = "", name: str = "") -> Answer:
    session = reading()
    partial = "interactions/_views_dialog.html"
    return page_or_fragment(
        "shared/dialog_page.html",
        partial,
        status,
        partial=partial,
        title=gettext("Views of the interaction log"),
        action=url_for("log_views.create", **dict(filters_asked()), view=request.args.get("view") or None),
        cancel=log_url(request.args.get("view", "")),
        views=[(one.name, view_url(one)) for one in views_of(session, PLACE, by=actor())],
        name=name or request.args.get("view", ""),
        error=error,
    )


@bp.post("/")
def create() -> Answer:
    """Keeps the filters of the address and the columns shown under a name."""
    name, query = request.form.get("name", "").replace("\x00", ""), log_url().partition("?")[2]
    try:
        with transaction() as session:
            columns = stored_columns(view_in_use(users_views(session)))
            view = save_view(session, PLACE, name=name, query=query, columns=columns, by=actor())
            url = view_url(view)
    except RuleViolation as refusal:
        return _show_views(422, error=translate(refusal.message), name=name)
    return go_to(url, gettext("The view %(name)s was saved.", name=view.name), "ok")


@bp.post("/delete")
def delete() -> Answer:
    """Forgets a view."""
    name = request.form.get("name", "")[:100]
    with transaction() as session:
        delete_view(session, PLACE, name, by=actor())
    return go_to(url_for("interaction_log.index"), gettext("The view %(name)s was deleted.", name=name), "ok")


@bp.get("/columns")
def columns() -> Answer:
    """The dialog: which columns are shown, and in which order."""
    stored = stored_columns(view_in_use(users_views(reading())))
    return _show_columns(in_order(stored), shown_columns(stored))


@bp.post("/columns/move")
def move_column() -> Answer:
    """The dialog again with one column further left or right. Nothing is stored before *Show these columns*."""
    order, shown = _posted_columns()
    direction, _, key = request.form.get("move", "").partition(":")
    return _show_columns(moved(order, shown, key, left=direction == "left"), shown, f"{direction}:{key}")


def _posted_columns() -> tuple[list[str], list[str]]:
    """All columns in the order of the dialog, and those that are ticked."""
    order = in_order(request.form.getlist("order"))
    ticked = {*request.form.getlist("column"), "contact"}
    return order, [key for key in order if key in ticked]


def _show_columns(order: list[str], shown: list[str], pressed: str = "") -> Answer:
    """`pressed`: the button that keeps the focus, as "left:key"."""
    view = request.args.get("view", "")[:100]
    labels, partial = column_labels(), "interactions/_columns_dialog.html"
    visible = [key for key in order if key in shown]
    return page_or_fragment(
        "shared/dialog_page.html",
        partial,
        partial=partial,
        title=gettext("Columns"),
        action=url_for("log_views.set_columns", **dict(filters_asked()), view=view or None),
        move=url_for("log_views.move_column", **dict(filters_asked()), view=view or None),
        cancel=log_url(view),
        order=order,
        shown=[(key, labels[key]) for key in visible],
        others=[(key, labels[key]) for key in order if key not in shown],
        focus=_kept_focus(visible, pressed),
    )


def _kept_focus(visible: list[str], pressed: str) -> str:
    """The button that was pressed; at an end the one that leads back."""
    direction, _, key = pressed.partition(":")
    if key == visible[0]:
        direction = "right"
    elif key == visible[-1]:
        direction = "left"
    return f"{direction}:{key}" if key else ""


@bp.post("/columns")
def set_columns() -> Answer:
    """Shows these columns from now on, in this order; "usual" goes back to the usual ones."""
    wanted = [] if request.form.get("usual") else _posted_columns()[1]
    view = request.args.get("view", "")[:100]
    with transaction() as session:
        choose_columns(session, PLACE, wanted, view=view, by=actor())
    return go_to(log_url(view))
