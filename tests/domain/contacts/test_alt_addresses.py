"""Alternative addresses and their days (contacts.md 1.4)."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from domain.contacts.alt_addresses import (
    add_alt_address,
    add_range,
    alt_address_list,
    edit_alt_address,
    edit_range,
    get_alt_address,
    get_range,
    remove_alt_address,
    remove_range,
)
from domain.contacts.models import AltAddressRange
from domain.errors import Forbidden, NotFound, RuleViolation
from tests.domain.contacts.worksheet import put_on_segment
from tests.factories.contacts import make_alt_address, make_contact
from tests.factories.setup import make_actor

JAN, JUN, AUG = dt.date(2026, 1, 1), dt.date(2026, 6, 1), dt.date(2026, 8, 31)


@pytest.fixture
def contact(session):
    return make_contact(session, no="C1")


def test_an_address_is_added_and_changed(session, contact):
    address = add_alt_address(session, contact, {"code": " home ", "city": "Oslo", "phone": "12"}, by=make_actor())
    assert (address.code, address.city) == ("HOME", "Oslo")
    edit_alt_address(session, contact, address, {"city": "Bergen"}, by=make_actor(user_name="Åsa"))
    assert get_alt_address(session, contact, "home").city == "Bergen"
    assert contact.modified_by == "Åsa"


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"code": ""}, "code", "needs a code"),
        ({"code": "HOME"}, "code", "already has an alternative address HOME"),
        ({"code": "X" * 11}, "code", "up to 10 characters"),
        ({"code": "A", "phone": "abc"}, "phone", "no letters"),
        ({"code": "A", "email": "a@x.com;b@x.com"}, "email", "Only one e-mail address"),
        ({"code": "A", "email": "nonsense"}, "email", "is no e-mail address"),
        ({"code": "A", "city": "x" * 31}, "city", "up to 30 characters"),
        ({"code": "A", "country_id": 99}, "country_id", "no longer exists"),
    ],
)
def test_what_an_address_refuses(session, contact, values, field, sentence):
    make_alt_address(session, contact, "HOME")
    with pytest.raises(RuleViolation, match=sentence) as refused:
        add_alt_address(session, contact, values, by=make_actor())
    assert refused.value.field == field


def test_two_contacts_may_use_one_code(session, contact):
    make_alt_address(session, make_contact(session), "HOME")
    assert add_alt_address(session, contact, {"code": "HOME"}, by=make_actor()).id


def test_an_unknown_address_is_refused_with_a_sentence(session, contact):
    with pytest.raises(NotFound, match="Contact C1 has no alternative address HOME"):
        get_alt_address(session, contact, "home")


def test_an_address_goes_with_its_days_and_lines_go_back_to_inherited(session, contact):
    address = make_alt_address(session, contact, ranges=[(JAN, None)])
    line = put_on_segment(session, contact)
    line.alt_address_id = address.id
    remove_alt_address(session, contact, address, by=make_actor())
    session.refresh(line)
    assert line.alt_address_id is None
    assert session.scalar(select(func.count()).select_from(AltAddressRange)) == 0


def test_days_are_added_changed_and_removed(session, contact):
    address = make_alt_address(session, contact)
    add_range(session, contact, address, start=JUN, end=AUG, by=make_actor())
    days = get_range(session, contact, JUN)
    edit_range(session, contact, days, start=JAN, end=None, by=make_actor())
    assert [(r.starting_date, r.ending_date) for r in alt_address_list(session, contact)[0].ranges] == [(JAN, None)]
    remove_range(session, contact, get_range(session, contact, JAN), by=make_actor())
    with pytest.raises(NotFound):
        get_range(session, contact, JAN)


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [(None, AUG, "starting_date"), (AUG, JUN, "ending_date"), (JAN, None, "starting_date")],
)
def test_days_that_are_refused(session, contact, start, end, field):
    """No start; end before start; another range of the contact, whichever address, starts on the day."""
    make_alt_address(session, contact, "HOME", ranges=[(JAN, None)])
    address = make_alt_address(session, contact, "SUMMER")
    with pytest.raises(RuleViolation) as refused:
        add_range(session, contact, address, start=start, end=end, by=make_actor())
    assert refused.value.field == field


def test_one_day_and_overlapping_days_are_fine(session, contact):
    address = make_alt_address(session, contact, "HOME", ranges=[(JAN, None)])
    add_range(session, contact, address, start=JUN, end=JUN, by=make_actor())
    assert len(address.ranges) == 2


def test_read_only_changes_no_address(session, contact):
    address, by = make_alt_address(session, contact, ranges=[(JAN, None)]), make_actor(role="read_only")
    for change in (
        lambda: add_alt_address(session, contact, {"code": "A"}, by=by),
        lambda: edit_alt_address(session, contact, address, {"city": "x"}, by=by),
        lambda: remove_alt_address(session, contact, address, by=by),
        lambda: add_range(session, contact, address, start=JUN, end=None, by=by),
        lambda: edit_range(session, contact, address.ranges[0], start=JUN, end=None, by=by),
        lambda: remove_range(session, contact, address.ranges[0], by=by),
    ):
        with pytest.raises(Forbidden):
            change()
