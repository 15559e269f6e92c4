"""The search index is there, used, and made for contacts that were there before it."""

from __future__ import annotations

import pytest
from flask_migrate import upgrade
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app import create_app
from blueprints.web.database import db
from domain.contacts.models import Contact
from domain.contacts.queries import look_up
from domain.contacts.search import matches, some_matching
from tests.factories.contacts import make_contact


def plan(session, question):
    compiled = question.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN QUERY PLAN " if session.get_bind().dialect.name == "sqlite" else "EXPLAIN "
    return "\n".join(str(row) for row in session.connection().exec_driver_sql(explain + str(compiled)))


def test_three_characters_are_looked_up_in_the_trigram_index(session):
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL enable_seqscan = off"))
        assert "ix_contact_search" in plan(
            session, select(Contact.id).where(Contact.find_key.contains("berg", autoescape=True))
        )
    else:
        assert "SCAN contact_search VIRTUAL TABLE" in plan(session, select(Contact.id).where(matches("berg", "sqlite")))
        assert "SCAN contact_search VIRTUAL TABLE" in plan(
            session, some_matching("berg", "sqlite", most=10, type="person")
        )


def test_two_characters_are_looked_up_in_the_indexes_of_their_beginnings(session):
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL enable_seqscan = off"))
    found = plan(session, select(Contact.id).where(matches("be", session.get_bind().dialect.name)))
    assert "ix_contact_sort_key" in found
    assert "contact_no" in found or "sqlite_autoindex_contact_1 (no>?" in found


def test_contacts_that_were_there_before_the_index_are_found(tmp_path):
    application = create_app(
        {"SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'old.db'}", "SECRET_KEY": "x", "WORKER": False}
    )
    with application.app_context():
        upgrade(revision="0001")
        with Session(db.engine) as session:
            make_contact(session, name="Nordlys")
            session.commit()
        upgrade(revision="0002")
        with Session(db.engine) as session:
            make_contact(session, name="Lysnord")
            assert [row.name for row in look_up(session, "lysnor").rows] == ["Lysnord"]
            assert [row.name for row in look_up(session, "nordl").rows] == ["Nordlys"]
        db.engine.dispose()


@pytest.mark.parametrize("typed", ["no\x00rd", "\x00", "n\x00"])
def test_a_character_that_cannot_be_stored_finds_nothing_and_fails_nowhere(session, typed):
    make_contact(session, name="Berg")
    assert look_up(session, typed.strip("n")).rows is not None
