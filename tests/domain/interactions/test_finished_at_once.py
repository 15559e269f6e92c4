"""Several people, or one impatient one, finish the same interaction at the same moment: it is logged once."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.contacts.models import Contact
from domain.database import writing
from domain.errors import Conflict
from domain.interaction_templates.models import InteractionTemplate
from domain.interactions.draft_models import InteractionDraft
from domain.interactions.finish import finish_interaction
from domain.interactions.models import InteractionLogEntry
from domain.interactions.postpone import get_draft
from tests.databases import empty_tables
from tests.factories.contacts import make_contact
from tests.factories.drafts import begin, form_key, make_draft
from tests.factories.interaction_templates import make_template
from tests.factories.setup import make_actor, make_office, make_salesperson

PEOPLE = 6


@pytest.fixture
def office(engine):
    """A database that is really written to, with a contact, a template and somebody who finishes; emptied afterwards."""
    with Session(engine, expire_on_commit=False) as session:
        make_office(session)
        anna = make_salesperson(session, "AB")
        make_contact(session, "C1", name="Nordlys AS")
        make_template(session, "CALLED")
        session.commit()
        yield session, make_actor(salesperson_id=anna.id)
    empty_tables(engine)


def at_once(engine, work):
    """What each of several threads got from `work(session)`: its value, or what it raised."""
    barrier, results = threading.Barrier(PEOPLE), []

    def one():
        with Session(engine, expire_on_commit=False) as session:
            barrier.wait()
            try:
                with writing(session):
                    results.append(work(session))
            except Exception as raised:
                results.append(raised)

    threads = [threading.Thread(target=one) for _ in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_a_new_form_sent_several_times_at_once_makes_one_entry(engine, office):
    session, by = office
    key = form_key()

    def finish(session):
        contact, template = session.scalars(select(Contact)).one(), session.scalars(select(InteractionTemplate)).one()
        draft = begin(session, contact, template, by=by)
        draft.form_key = key
        return finish_interaction(session, draft, by=by).entry_no

    assert len(set(at_once(engine, finish))) == 1
    assert session.scalar(select(func.count()).select_from(InteractionLogEntry)) == 1


def test_a_postponed_interaction_finished_by_several_at_once_makes_one_entry(engine, office):
    session, by = office
    contact, template = session.scalars(select(Contact)).one(), session.scalars(select(InteractionTemplate)).one()
    entry_no = make_draft(session, contact, template, by=by).entry_no
    session.commit()
    results = at_once(
        engine, lambda session: finish_interaction(session, get_draft(session, entry_no, by=by), by=by).entry_no
    )
    assert [one for one in results if not isinstance(one, Conflict)] == [entry_no]
    assert session.scalar(select(func.count()).select_from(InteractionLogEntry)) == 1
    assert session.scalar(select(func.count()).select_from(InteractionDraft)) == 0
