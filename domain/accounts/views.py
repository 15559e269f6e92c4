"""Views of lists that users keep for themselves: the filters and columns under a name (segments.md 6.6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.accounts.models import UserView
from domain.errors import RuleViolation
from domain.messages import say, say_n
from domain.types import fold

MOST_VIEWS = 20
LONGEST_NAME = 50
LONGEST_QUERY = 4_000


def all_views(session: Session, place: str, *, by: Actor) -> list[UserView]:
    """The actor's views of a list in the order of their names; how the list begins comes first, without a name."""
    found = select(UserView).where(UserView.user_id == by.user_id, UserView.place == place)
    return list(session.scalars(found.order_by(UserView.name_key)))


def views_of(session: Session, place: str, *, by: Actor) -> list[UserView]:
    """The actor's named views of a list, in the order of their names."""
    return [one for one in all_views(session, place, by=by) if one.name]


def view_named(views: Iterable[UserView], name: str) -> UserView | None:
    """The view with this name, case ignored; '' for how the list begins."""
    return next((one for one in views if one.name_key == _key(name)), None)


def find_view(session: Session, place: str, name: str, *, by: Actor) -> UserView | None:
    """The actor's view with this name, case ignored; '' for how the list begins."""
    found = select(UserView).where(
        UserView.user_id == by.user_id, UserView.place == place, UserView.name_key == _key(name)
    )
    return session.scalar(found)


def _key(name: str) -> str:
    return fold(name.replace("\x00", "").strip())[:LONGEST_NAME]


def save_view(session: Session, place: str, *, name: str, query: str, columns: Sequence[str], by: Actor) -> UserView:
    """Keeps filters (the query of the address) and columns under a name; one with this name is replaced.

    Raises `RuleViolation` on the field "name".
    """
    name = " ".join(name.split())
    if not name:
        raise RuleViolation(say("Give the view a name."), field="name")
    if len(name) > LONGEST_NAME:
        raise RuleViolation(
            say_n("Use at most %(num)s character.", "Use at most %(num)s characters.", LONGEST_NAME), field="name"
        )
    if find_view(session, place, name, by=by) is None and len(views_of(session, place, by=by)) >= MOST_VIEWS:
        raise RuleViolation(say("There are %(num)s views already. Delete one first.", num=MOST_VIEWS), field="name")
    return _keep(session, place, name, query[:LONGEST_QUERY], columns, by=by)


def choose_columns(session: Session, place: str, columns: Sequence[str], *, view: str = "", by: Actor) -> UserView:
    """The columns a list shows from now on, or a view of it; none for the usual ones."""
    known = find_view(session, place, view, by=by)
    return _keep(session, place, known.name if known else "", known.query if known else "", columns, by=by)


def _keep(session: Session, place: str, name: str, query: str, columns: Sequence[str], *, by: Actor) -> UserView:
    view = find_view(session, place, name, by=by)
    if view is None:
        view = UserView(user_id=by.user_id, place=place, name_key=fold(name)[:LONGEST_NAME])
        session.add(view)
    view.name, view.query, view.columns = name, query, " ".join(columns)
    session.flush()
    return view


def delete_view(session: Session, place: str, name: str, *, by: Actor) -> bool:
    """Forgets a view of the actor's. Says whether it was there."""
    view = find_view(session, place, name, by=by) if name else None
    if view is not None:
        session.delete(view)
        session.flush()
    return view is not None
