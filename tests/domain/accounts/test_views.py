"""Views of lists that users keep for themselves (segments.md 6.6)."""

from __future__ import annotations

import pytest

from domain.accounts.views import MOST_VIEWS, choose_columns, delete_view, find_view, save_view, views_of
from domain.errors import RuleViolation
from tests.factories.setup import make_actor, make_user

PLACE = "interaction_log"


@pytest.fixture
def anna(session):
    return make_actor(make_user(session, "anna"))


@pytest.fixture
def bea(session):
    return make_actor(make_user(session, "bea"))


def save(session, name, by, query="type=email", columns=("no", "date")):
    return save_view(session, PLACE, name=name, query=query, columns=columns, by=by)


def test_views_are_ones_own_and_stand_in_the_order_of_their_names(session, anna, bea):
    for name in ("Örebro", "calls", "Answers"):
        save(session, name, anna)
    save(session, "Bea’s", bea)
    assert [one.name for one in views_of(session, PLACE, by=anna)] == ["Answers", "calls", "Örebro"]
    assert views_of(session, "contacts", by=anna) == []
    assert find_view(session, PLACE, "answers", by=bea) is None


def test_a_view_with_the_same_name_is_replaced(session, anna):
    save(session, "Calls", anna)
    save(session, " CALLS ", anna, query="status=failed", columns=("no",))
    view = find_view(session, PLACE, "calls", by=anna)
    assert (view.name, view.query, view.columns) == ("CALLS", "status=failed", "no")
    assert len(views_of(session, PLACE, by=anna)) == 1


def test_the_columns_a_list_begins_with_are_no_view_and_those_of_a_view_are_its_own(session, anna):
    view = save(session, "Calls", anna)
    choose_columns(session, PLACE, ["cost"], by=anna)
    choose_columns(session, PLACE, ["via"], view="calls", by=anna)
    assert find_view(session, PLACE, "", by=anna).columns == "cost"
    assert (view.columns, view.query) == ("via", "type=email")
    assert views_of(session, PLACE, by=anna) == [view]


def test_deleting_takes_ones_own_only_and_never_the_beginning(session, anna, bea):
    save(session, "Calls", anna)
    choose_columns(session, PLACE, ["cost"], by=anna)
    assert not delete_view(session, PLACE, "Calls", by=bea)
    assert delete_view(session, PLACE, "calls", by=anna)
    assert not delete_view(session, PLACE, "", by=anna)
    assert find_view(session, PLACE, "", by=anna).columns == "cost"


@pytest.mark.parametrize("name", ["", "  ", "x" * 51])
def test_a_view_needs_a_name(session, anna, name):
    with pytest.raises(RuleViolation) as refused:
        save(session, name, anna)
    assert refused.value.field == "name"


def test_there_is_a_last_view(session, anna):
    for n in range(MOST_VIEWS):
        save(session, f"View {n}", anna)
    save(session, "View 1", anna)
    with pytest.raises(RuleViolation, match="Delete one first"):
        save(session, "One more", anna)
