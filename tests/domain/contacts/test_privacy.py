"""Minors, parental consent, privacy block (contacts.md 2.8)."""

from __future__ import annotations

import pytest

from domain.contacts.edit import edit_contact
from domain.errors import Forbidden, RuleViolation
from tests.factories.contacts import make_contact, make_setup
from tests.factories.setup import make_actor


@pytest.fixture
def person(session):
    make_setup(session)
    return make_contact(session, type="person", name="Anna")


def edit(session, contact, by=None, **changes):
    return edit_contact(session, contact, changes, by=by or make_actor())


def test_a_minor_is_blocked(session, person):
    assert edit(session, person, minor=True).fields == {"minor", "privacy_blocked"}
    assert person.privacy_blocked is True


def test_a_minor_is_unblocked_only_with_consent_and_by_hand(session, person):
    edit(session, person, minor=True)
    with pytest.raises(RuleViolation, match="Anna is a minor") as refused:
        edit(session, person, privacy_blocked=False)
    assert refused.value.field == "privacy_blocked"
    edit(session, person, parental_consent=True)
    assert person.privacy_blocked is True
    edit(session, person, privacy_blocked=False)
    assert person.privacy_blocked is False


@pytest.mark.parametrize("consent", [True, False])
def test_a_change_of_consent_blocks_again(session, person, consent):
    person.minor, person.parental_consent, person.privacy_blocked = True, not consent, False
    edit(session, person, parental_consent=consent)
    assert person.privacy_blocked is True


def test_consent_and_lifting_in_one_edit_leave_the_block(session, person):
    person.minor = person.privacy_blocked = True
    edit(session, person, parental_consent=True, privacy_blocked=False)
    assert (person.parental_consent, person.privacy_blocked) == (True, True)


def test_who_is_no_longer_a_minor_loses_the_consent_and_stays_blocked(session, person):
    person.minor = person.parental_consent = person.privacy_blocked = True
    edit(session, person, minor=False)
    assert (person.parental_consent, person.privacy_blocked) == (False, True)
    edit(session, person, privacy_blocked=False)
    assert person.privacy_blocked is False


def test_consent_is_for_minors(session, person):
    with pytest.raises(RuleViolation, match="only asked for minors") as refused:
        edit(session, person, parental_consent=True)
    assert refused.value.field == "parental_consent"


def test_the_block_is_lifted_by_administrators_and_set_by_everybody_who_edits(session, person):
    seller = make_actor(role="salesperson")
    edit(session, person, by=seller, privacy_blocked=True)
    with pytest.raises(Forbidden):
        edit(session, person, by=seller, privacy_blocked=False)
    edit(session, person, privacy_blocked=False)


def test_a_company_can_be_blocked_too_and_its_persons_are_not(session):
    make_setup(session)
    company = make_contact(session)
    person = make_contact(session, company=company)
    edit(session, company, privacy_blocked=True)
    assert (company.privacy_blocked, person.privacy_blocked) == (True, False)
