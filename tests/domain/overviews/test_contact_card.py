"""The head of a contact's card in one statement says what the rooms say one by one."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import event

from domain.errors import NotFound
from domain.interactions.figures import contact_figures
from domain.letters.contact_salutations import contact_salutations
from domain.overviews.contact_card import ContactOverview, contact_card, overview_of
from tests.factories.contacts import make_contact, make_setup
from tests.factories.drafts import make_draft
from tests.factories.interactions import make_entry
from tests.factories.setup import TODAY
from tests.factories.tasks import make_task


@pytest.fixture
def lake(session):
    """A company with two persons, interactions of everybody, one of them cancelled, tasks and a postponed interaction."""
    make_setup(session)
    company = make_contact(session, no="LAKE", name="Lake Ltd")
    anna = make_contact(session, no="ANNA", name="Anna Berg", company=company)
    make_contact(session, no="BO", name="Bo Berg", company=company)
    make_entry(session, company, cost=100, duration=5, date=TODAY)
    make_entry(session, anna, cost=50, date=TODAY - dt.timedelta(3), initiated_by="us")
    make_entry(session, anna, cost=999, canceled=True)
    make_task(session, "LATER", company, date=TODAY + dt.timedelta(9))
    make_task(session, "SOON", anna, date=TODAY + dt.timedelta(2))
    make_task(session, "DONE", anna, closed=True, closed_on=TODAY)
    make_draft(session, contact=anna)
    session.commit()
    session.expire_all()
    return company


def test_a_company_counts_its_people_in(session, lake):
    contact, about = contact_card(session, "LAKE")
    assert contact is lake
    assert about == ContactOverview(
        company=None,
        salutation=contact_salutations(session, lake),
        figures=contact_figures(session, lake),
        own_history=2,
        postponed=1,
        persons=2,
        open_tasks=2,
        next_task=TODAY + dt.timedelta(2),
        previous_no=None,
        next_no="ANNA",
    )
    assert (about.figures.interactions, about.figures.cost) == (2, 150)


def test_a_person_counts_for_itself(session, lake):
    anna, about = contact_card(session, "ANNA")
    assert about == ContactOverview(
        company=lake,
        salutation=contact_salutations(session, anna),
        figures=contact_figures(session, anna),
        own_history=5,
        postponed=1,
        persons=0,
        open_tasks=1,
        next_task=TODAY + dt.timedelta(2),
        previous_no="LAKE",
        next_no="BO",
    )
    assert (about.figures.interactions, about.figures.last_interaction) == (1, TODAY - dt.timedelta(3))


@pytest.mark.parametrize("no", ["LAKE", "ANNA", "BO"])
@pytest.mark.parametrize("swedish", [False, True])
def test_a_contact_that_is_loaded_has_the_same_overview(session, lake, no, swedish):
    contact, about = contact_card(session, no, swedish=swedish)
    assert overview_of(session, contact, swedish=swedish) == about


def test_it_is_one_statement(session, lake):
    asked = []
    connection = session.connection()

    @event.listens_for(connection, "before_cursor_execute")
    def note(conn, cursor, statement, *_):
        asked.append(statement)

    _, about = contact_card(session, "ANNA")
    assert about.company.name == "Lake Ltd"
    event.remove(connection, "before_cursor_execute", note)
    assert len(asked) == 1


@pytest.mark.parametrize("no", ["", "NOBODY", "a\x00b", "x" * 10_000])
def test_a_number_that_is_not_there(session, no):
    with pytest.raises(NotFound):
        contact_card(session, no)
