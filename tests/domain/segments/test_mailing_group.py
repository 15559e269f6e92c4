"""Apply mailing group (R-MG01, B2)."""

import pytest
from sqlalchemy import select

from domain.contacts.classification.codes import get_code
from domain.contacts.classification.kinds import MAILING_GROUPS
from domain.contacts.classification.models import ContactMailingGroup
from domain.contacts.models import Contact
from domain.errors import Forbidden
from domain.segments.mailing_group import AppliedGroup, apply_mailing_group
from tests.factories.classification import give_codes, make_code
from tests.factories.contacts import make_contact
from tests.factories.segments import make_line, make_segment, make_step
from tests.factories.setup import make_actor

BY = make_actor()


@pytest.fixture
def group(session):
    """A group that Ben (on the list) and Old (not on it) are in."""
    make_code(session, "mailing_group", "CARDS")
    return get_code(session, MAILING_GROUPS, "CARDS")


@pytest.fixture
def segment(session, group):
    """Ada twice, Ben, a blocked contact, a removed line, a line without contact."""
    people = {name: make_contact(session, name=name) for name in ("Ada", "Ben", "Gone", "Old")}
    blocked = make_contact(session, name="Blocked", privacy_blocked=True)
    give_codes(session, people["Ben"], "mailing_group", "CARDS")
    give_codes(session, people["Old"], "mailing_group", "CARDS")
    segment = make_segment(session, contacts=[people["Ada"], people["Ada"], people["Ben"], blocked])
    make_line(session, segment, people["Gone"], removed_step_id=make_step(session, segment, "remove").id)
    make_line(session, segment, None)
    return segment


def members(session):
    names = select(Contact.name).join(ContactMailingGroup, ContactMailingGroup.contact_id == Contact.id)
    return sorted(session.scalars(names))


def test_contacts_of_the_list_get_the_group_once(session, segment, group):
    """R-MG01: who has it already is ignored; B2: blocked contacts are left out and counted."""
    assert apply_mailing_group(session, segment, group, by=BY) == AppliedGroup(1, 1, 1, 0)
    assert members(session) == ["Ada", "Ben", "Old"]
    assert apply_mailing_group(session, segment, group, by=BY) == AppliedGroup(0, 2, 1, 0)


def test_old_assignments_go_first_when_wanted(session, segment, group):
    """R-MG01: afterwards the group is exactly the list."""
    assert apply_mailing_group(session, segment, group, delete_old=True, by=BY) == AppliedGroup(1, 1, 1, 1)
    assert members(session) == ["Ada", "Ben"]


def test_only_contacts_that_enter_or_leave_count_as_changed(session, segment, group):
    apply_mailing_group(session, segment, group, delete_old=True, by=make_actor(user_name="Later"))
    changed = session.scalars(select(Contact.name).where(Contact.modified_by == "Later").order_by(Contact.name))
    assert list(changed) == ["Ada", "Old"]


def test_a_change_of_many_contacts_is_for_marketing(session, segment, group):
    with pytest.raises(Forbidden):
        apply_mailing_group(session, segment, group, by=make_actor(role="salesperson"))
