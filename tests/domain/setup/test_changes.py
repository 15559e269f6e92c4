"""The mark of the setup: another one after every change of a table of the setup, however it is made (decision 0020)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import delete, event, insert, select, update

from domain.contacts.choices import contact_choices
from domain.contacts.classification.codes import delete_code, edit_code
from domain.contacts.classification.kinds import KINDS
from domain.contacts.classification.questionnaires import edit_answer, get_answer
from domain.contacts.models import Contact, Salutation
from domain.database import SETUP
from domain.setup.changes import mark_seen
from domain.setup.models import CompanyInformation, Language, MarketingSetup
from domain.tables import metadata
from tests.factories.classification import make_code, make_questionnaire
from tests.factories.contacts import make_contact, make_salutation
from tests.factories.setup import make_actor, make_language, make_office, make_salesperson

BY = make_actor()
GROUPS = next(kind for kind in KINDS if kind.key == "mailing_group")
WATCHED = {table.name for table in metadata.tables.values() if table.info.get("setup")}


@pytest.fixture(autouse=True)
def office(session):
    make_office(session)
    session.commit()


def mark(session):
    return session.scalar(select(CompanyInformation.setup_mark))


def changed(session, change):
    before = mark(session)
    change()
    session.flush()
    return mark(session) != before


def test_an_office_begins_with_a_mark(session):
    assert len(mark(session)) == 16


def test_objects_that_come_change_and_go_give_a_new_mark(session):
    language = make_language(session, "NOR")
    session.flush()

    def rename():
        language.name = "Norsk"

    assert changed(session, lambda: make_salesperson(session, "NEW"))
    assert changed(session, rename)
    assert changed(session, lambda: session.delete(language))
    assert changed(session, lambda: setattr(session.get(MarketingSetup, 1), "fax_enabled", True))


def test_the_mark_comes_before_the_change(session, statements):
    """Who changes the setup holds the office first: two who change the same rows in another order wait, nothing fails."""
    language = make_language(session, "NOR")
    session.commit()
    for change in (
        lambda: setattr(language, "name", "Norsk"),
        lambda: session.delete(language),
        lambda: make_salesperson(session, "NEW"),
        lambda: session.execute(update(Language).values(name="X")),
    ):
        with statements() as asked:
            change()
            session.flush()
        written = [one for one in asked if one.startswith(("INSERT", "UPDATE", "DELETE"))]
        assert len(written) == 2
        assert written[0].startswith("UPDATE company_information")


def test_statements_give_a_new_mark(session):
    make_salutation(session, "MS")
    session.flush()
    assert changed(session, lambda: session.execute(update(Salutation).values(description="Ms")))
    assert changed(session, lambda: session.execute(insert(Salutation.__table__), [{"code": "MR", "version": 1}]))
    assert changed(session, lambda: session.execute(delete(Salutation.__table__).where(Salutation.code == "MR")))


def test_the_verbs_of_the_setup_give_a_new_mark(session):
    code = make_code(session, "mailing_group", "NEWS")
    questionnaire = make_questionnaire(session)
    session.commit()
    session.expire_all()
    answer = get_answer(questionnaire, 20_000)
    assert changed(session, lambda: edit_code(session, code, kind=GROUPS, changes={"description": "News"}, by=BY))
    assert changed(session, lambda: edit_answer(session, answer, changes={"priority": 4}, by=BY))
    assert changed(session, lambda: delete_code(session, code, kind=GROUPS, by=BY))


@pytest.mark.parametrize("name", sorted(WATCHED))
def test_every_table_of_the_setup_is_watched(session, name):
    table = metadata.tables[name]
    assert changed(session, lambda: session.execute(delete(table).where(table.c.id < 0)))


def test_other_changes_leave_the_mark(session):
    language = make_language(session, "NOR")
    session.flush()
    contact = make_contact(session)
    assert not changed(session, lambda: setattr(contact, "city", "Oslo"))
    assert not changed(session, lambda: session.execute(update(Contact).values(city="Bergen")))
    assert not changed(session, lambda: setattr(language, "name", language.name))


def test_a_session_sees_the_mark_it_gave_itself_until_that_is_rolled_back(session):
    session.info.clear()
    read = mark(session)
    assert mark_seen(session, read) == read
    session.execute(update(Language).values(name="X"))
    assert mark_seen(session, read) == mark(session) != read
    session.rollback()
    assert mark_seen(session, read) == mark(session) == read


def test_after_a_part_was_taken_back_the_mark_is_not_known(session):
    """The rest may hold changes that `read` knows nothing of: what is read then belongs to no mark."""
    session.execute(update(Language).values(name="X"))
    with pytest.raises(ZeroDivisionError), session.begin_nested():
        session.execute(update(Language).values(name="Y"))
        raise ZeroDivisionError
    assert mark_seen(session, "read before") == ""
    session.execute(update(Language).values(name="Z"))
    assert mark_seen(session, "read before") == mark(session)


def test_a_part_without_changes_that_is_taken_back_leaves_the_mark(session):
    session.info.clear()
    with pytest.raises(ZeroDivisionError), session.begin_nested():
        raise ZeroDivisionError
    assert mark_seen(session, "read before") == "read before"


def test_what_is_kept_is_read_from_watched_tables_only(session):
    make_questionnaire(session, business_relation_id=make_code(session, "business_relation", "CUST").id)
    make_salutation(session, "MS")
    session.commit()
    session.expire_all()
    asked = []
    connection = session.connection()

    @event.listens_for(connection, "before_cursor_execute")
    def note(conn, cursor, statement, *_):
        asked.append(statement)

    contact_choices(session)
    event.remove(connection, "before_cursor_execute", note)
    read = {name for statement in asked for name in re.findall(r"(?:FROM|JOIN) (\w+)", statement)}
    assert len(read) >= 11
    assert read <= WATCHED
    assert SETUP["info"]["setup"]
