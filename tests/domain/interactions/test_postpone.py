"""Postponed interactions (segments.md 6.4, B9)."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from domain.contacts.delete import delete_contact
from domain.contacts.edit import edit_contact
from domain.errors import Conflict, Forbidden, NotFound, RuleViolation
from domain.interactions.beginning import change_draft
from domain.interactions.draft_models import InteractionDraft
from domain.interactions.figures import contact_figures
from domain.interactions.finish import NotComplete, finish_interaction
from domain.interactions.models import InteractionLogEntry
from domain.interactions.postpone import (
    DraftFilters,
    count_drafts,
    delete_drafts,
    discard,
    draft_rows,
    find_kept,
    get_draft,
    own_drafts,
    postpone,
    resumed,
    stored_before,
)
from domain.interactions.queries import count_entries
from tests.factories.accounts import make_user_with_password
from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_contact
from tests.factories.documents import make_document
from tests.factories.drafts import begin, make_draft
from tests.factories.interaction_templates import make_template
from tests.factories.setup import NOW, TODAY, make_actor, make_salesperson


@pytest.fixture
def anna(session):
    return make_salesperson(session, "AB", name="Anna Berg")


@pytest.fixture
def seller(session, anna):
    """A salesperson with a sign-in."""
    return make_actor(make_user_with_password(session, "anna", role="salesperson", salesperson_id=anna.id))


@pytest.fixture
def lake(session):
    return make_contact(session, "C1", name="Café du Lac", email="info@lac.example")


def numbers(session, by, **filters):
    return [row.entry_no for row in session.execute(draft_rows(DraftFilters(**filters), by=by))]


def test_b9_a_contact_or_a_salesperson_is_enough(session, lake, anna):
    by = make_actor()
    assert postpone(session, begin(session, lake, by=by), by=by).entry_no
    assert postpone(session, begin(session, None, by=by, salesperson="AB"), by=by).entry_no
    with pytest.raises(RuleViolation, match="Choose a contact or a salesperson"):
        postpone(session, begin(session, None, by=by), by=by)


def test_who_may_only_read_postpones_nothing(session, lake):
    with pytest.raises(Forbidden):
        postpone(session, begin(session, lake), by=make_actor(role="read_only"))


def test_r_p02_postponed_ones_count_nowhere(session, lake, seller):
    make_draft(session, lake, make_template(session, unit_cost=500), by=seller)
    assert count_entries(session) == 0
    figures = contact_figures(session, lake)
    assert (figures.interactions, figures.cost, figures.last_interaction) == (0, 0, None)


def test_r_p03_it_is_finished_under_its_number_and_leaves_the_list(session, lake, seller):
    draft = make_draft(session, lake, by=seller, comment="Half of it")
    no = draft.entry_no
    later = make_draft(session, lake, by=seller)
    assert later.entry_no == no + 1
    with pytest.raises(NotComplete):
        finish_interaction(session, draft, by=seller)
    draft.template_id = make_template(session).id
    entry = finish_interaction(session, draft, by=seller)
    assert entry.entry_no == no
    assert numbers(session, seller) == [later.entry_no]
    assert session.scalars(select(InteractionLogEntry)).all() == [entry]


def test_r_p03_resuming_begins_on_the_work_date_with_its_references_fixed(session, lake, anna, seller):
    campaign = make_campaign(session, "SPRING")
    old = dt.date(2026, 1, 5)
    draft = make_draft(session, lake, by=seller, campaign="SPRING", date=old, attempt_failed=True, comment="So far")
    begun = resumed(session, draft, by=seller)
    assert (begun.date, begun.attempt_failed, begun.comment) == (TODAY, False, "So far")
    assert set(begun.fixed.split()) == {"contact", "salesperson", "campaign"}
    assert (begun.contact_id, begun.campaign_id, begun.entry_no) == (lake.id, campaign.id, draft.entry_no)
    session.flush()
    session.refresh(draft)
    assert (draft.date, draft.attempt_failed, draft.fixed) == (old, True, "")


def test_r_p03_a_salesperson_blocked_meanwhile_can_be_exchanged_and_it_can_wait_on(session, lake, anna, seller):
    other = make_salesperson(session, "OL")
    draft = make_draft(session, lake, make_template(session), by=seller, salesperson="AB")
    anna.blocked = True
    begun = resumed(session, draft, by=seller)
    assert begun.fixed == "contact"
    assert change_draft(session, draft, {"salesperson": "AB"}) == {}
    postpone(session, draft, by=seller)
    with pytest.raises(NotComplete, match="The salesperson AB is blocked"):
        finish_interaction(session, draft, by=seller)
    assert change_draft(session, draft, {"salesperson": "OL"}) == {}
    assert finish_interaction(session, draft, by=seller).salesperson_id == other.id


def test_r_p01_it_can_be_postponed_again(session, lake, seller):
    draft = make_draft(session, lake, by=seller)
    no, made = draft.entry_no, draft.created_at
    draft.comment = "More"
    tomorrow = make_actor(user_id=seller.user_id, now=NOW + dt.timedelta(days=1))
    postpone(session, draft, by=tomorrow)
    assert (draft.entry_no, draft.created_at, draft.modified_at) == (no, made, tomorrow.now)
    assert session.scalar(select(func.count()).select_from(InteractionDraft)) == 1


def test_resuming_what_somebody_has_finished_or_deleted_meanwhile_is_a_conflict(session, lake, seller):
    template = make_template(session)
    draft, other = (make_draft(session, lake, template, by=seller) for _ in range(2))
    version, no = draft.version, draft.entry_no
    finish_interaction(session, draft, by=make_actor(user_name="Bea"))
    with pytest.raises(Conflict, match=f"{no} has been finished meanwhile by Bea"):
        get_draft(session, no, version=version, by=seller)
    with pytest.raises(Conflict, match="has been finished meanwhile by Bea"):
        get_draft(session, no, by=seller)
    delete_drafts(session, [other.entry_no], by=seller)
    with pytest.raises(Conflict, match="has been deleted meanwhile"):
        get_draft(session, other.entry_no, version=1, by=seller)
    with pytest.raises(NotFound, match="no postponed interaction 77"):
        get_draft(session, 77, by=seller)
    with pytest.raises(NotFound):
        get_draft(session, 10**30, by=seller)


def test_two_people_on_one_postponed_interaction(session, lake, seller):
    draft = make_draft(session, lake, by=seller)
    seen = draft.version
    draft.comment = "Somebody else’s"
    postpone(session, draft, by=make_actor())
    with pytest.raises(Conflict, match="Someone else changed this"):
        get_draft(session, draft.entry_no, version=seen, by=seller)
    assert get_draft(session, draft.entry_no, version=draft.version, by=seller) is draft


def test_salespeople_go_on_with_their_own_only(session, lake, anna, seller):
    own = make_draft(session, lake, by=seller)
    given = make_draft(session, lake, by=make_actor(), salesperson="AB")
    other = make_draft(session, lake, by=make_actor())
    assert get_draft(session, own.entry_no, by=seller) is own
    assert get_draft(session, given.entry_no, by=seller) is given
    for refused in (
        lambda: get_draft(session, other.entry_no, by=seller),
        lambda: postpone(session, other, by=seller),
        lambda: delete_drafts(session, [own.entry_no, other.entry_no], by=seller),
    ):
        with pytest.raises(Forbidden):
            refused()
    assert get_draft(session, own.entry_no, by=make_actor(role="marketing")) is own
    assert numbers(session, seller) == [own.entry_no, given.entry_no, other.entry_no]
    assert numbers(session, seller, mine=True) == [own.entry_no, given.entry_no]
    assert numbers(session, make_actor(), mine=True) == []


def test_who_is_no_salesperson_has_what_they_began(session, lake):
    office = make_actor(make_user_with_password(session, "office", role="marketing"))
    draft = make_draft(session, lake, by=office)
    make_draft(session, lake, by=make_actor())
    assert numbers(session, office, mine=True) == [draft.entry_no]
    assert (draft.user_name, draft.created_at) == (office.user_name, NOW)


def test_without_a_code_a_salesperson_goes_on_with_what_they_began_and_nothing_else(session, lake):
    bare = make_actor(make_user_with_password(session, "bare", role="salesperson"))
    own = make_draft(session, lake, by=bare)
    nobodys = make_draft(session, lake, by=make_actor())
    assert get_draft(session, own.entry_no, by=bare) is own
    for by in (bare, make_actor(role="salesperson")):
        with pytest.raises(Forbidden):
            get_draft(session, nobodys.entry_no, by=by)


def test_the_list_of_a_company_has_those_of_its_persons(session, anna, seller):
    company = make_contact(session, "C1")
    person = make_contact(session, "P1", company=company)
    first, second = make_draft(session, company, by=seller), make_draft(session, person, by=seller)
    make_draft(session, make_contact(session), by=make_actor())
    assert numbers(session, seller, contact=company) == [first.entry_no, second.entry_no]
    assert numbers(session, seller, contact=person) == [second.entry_no]
    assert numbers(session, seller, salesperson=anna) == [first.entry_no, second.entry_no]
    assert count_drafts(session, DraftFilters(contact=company), by=seller) == 2
    assert [row.entry_no for row in own_drafts(session, limit=1, by=seller)] == [first.entry_no]


def test_r_p04_deleting_takes_it_away_for_good(session, lake, seller):
    draft = make_draft(session, lake, by=seller)
    assert delete_drafts(session, [draft.entry_no], by=seller) == 1
    with pytest.raises(NotFound):
        delete_drafts(session, [draft.entry_no], by=seller)
    assert make_draft(session, lake, by=seller).entry_no == draft.entry_no + 1


def test_what_was_kept_when_the_page_was_left_is_the_same_form(session, lake, seller):
    template = make_template(session)
    kept = make_draft(session, lake, by=seller, kept=True, comment="Half")
    assert kept.kept
    same = begin(session, lake, template, by=seller, comment="All of it")
    same.form_key = kept.form_key
    assert stored_before(session, same, by=seller) is kept
    assert (kept.comment, kept.template_id) == ("All of it", template.id)
    entry = finish_interaction(session, kept, by=seller)
    assert entry.entry_no == kept.entry_no
    late = begin(session, lake, template, by=seller)
    late.form_key = kept.form_key
    with pytest.raises(Conflict):
        postpone(session, late, kept=True, by=seller)
    assert find_kept(session, kept.form_key) is None


def test_discarding_takes_what_was_kept_and_leaves_what_was_postponed(session, lake, seller):
    kept, postponed = make_draft(session, lake, by=seller, kept=True), make_draft(session, lake, by=seller)
    discard(session, kept.form_key, by=seller)
    discard(session, postponed.form_key, by=seller)
    discard(session, "0" * 32, by=seller)
    assert numbers(session, seller) == [postponed.entry_no]


def test_2_3_a_contact_with_a_postponed_interaction_keeps_its_type(session, lake, seller):
    make_draft(session, lake, by=seller)
    with pytest.raises(RuleViolation, match="type cannot change"):
        edit_contact(session, lake, {"type": "person"}, by=make_actor())


def test_b16_deleting_the_contact_leaves_the_draft_without_what_is_personal(session, lake, seller):
    person = make_contact(session, "P1", company=lake)
    document = make_document(session)
    draft = make_draft(session, person, by=seller, contact_via="123", personal_comment="Hi", document=document)
    delete_contact(session, person, by=make_actor())
    session.expire_all()
    assert (draft.contact_id, draft.contact_via, draft.personal_comment, draft.document_id) == (lake.id, "", "", None)
