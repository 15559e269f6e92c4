"""The one way to write: nothing is lost, nothing is half done (architecture.md section 3)."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import create_engine, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from domain.database import FairLock, engine_options, folded, make_engine, writing
from domain.errors import Conflict
from domain.setup.models import Counter
from domain.types import fold
from tests.databases import empty_tables


@pytest.fixture
def counting(engine):
    """A counter at zero that is really committed."""
    with Session(engine) as session:
        session.add(Counter(name="TEST", last=0))
        session.commit()
    yield engine
    empty_tables(engine)


def in_threads(n, work):
    threads = [threading.Thread(target=work) for _ in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def read_change_write(session):
    """Reads, thinks, writes: the pattern every edit has."""
    last = session.scalar(select(Counter.last).where(Counter.name == "TEST").with_for_update())
    session.execute(update(Counter).where(Counter.name == "TEST").values(last=last + 1))


def test_eight_people_editing_at_once_lose_no_change(counting):
    def edit():
        for _ in range(25):
            with Session(counting) as session, writing(session):
                read_change_write(session)

    in_threads(8, edit)
    with Session(counting) as session:
        assert session.scalar(select(Counter.last)) == 200


def test_the_default_engine_loses_changes(tmp_path):
    """Why `writing` exists: the same edits through SQLAlchemy's default engine are lost or fail."""
    engine = create_engine(f"sqlite:///{tmp_path / 'default.db'}", connect_args={"timeout": 5})
    Counter.metadata.create_all(engine, tables=[Counter.__table__])
    with Session(engine) as session:
        session.add(Counter(name="TEST", last=0))
        session.commit()
    failures = []
    meet = threading.Barrier(2)

    def edit():
        try:
            with Session(engine) as session:
                last = session.scalar(select(Counter.last).where(Counter.name == "TEST"))
                meet.wait()
                session.execute(update(Counter).where(Counter.name == "TEST").values(last=last + 1))
                session.commit()
        except OperationalError as error:
            failures.append(error)

    in_threads(2, edit)
    with Session(engine) as session:
        assert session.scalar(select(Counter.last)) + len(failures) < 2 or failures
    engine.dispose()


def test_two_that_wait_for_each_other_are_told_apart_from_a_defect(counting):
    """On PostgreSQL one of them is given up; on SQLite the second waits before it begins."""
    with Session(counting) as session, writing(session):
        session.add(Counter(name="OTHER", last=0))
    both_hold_one, outcomes = threading.Barrier(2), []

    def take(names):
        try:
            with Session(counting) as session, writing(session):
                for name in names:
                    session.execute(update(Counter).where(Counter.name == name).values(last=Counter.last + 1))
                    if counting.dialect.name == "postgresql" and name == names[0]:
                        both_hold_one.wait(timeout=30)
            outcomes.append("done")
        except Conflict as conflict:
            outcomes.append(type(conflict).__name__)

    names = ("TEST", "OTHER")
    threads = [threading.Thread(target=take, args=(order,)) for order in (names, names[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = ["Collided", "done"] if counting.dialect.name == "postgresql" else ["done", "done"]
    assert sorted(outcomes) == expected


def test_a_failure_in_the_middle_leaves_nothing(counting):
    with pytest.raises(ZeroDivisionError), Session(counting) as session, writing(session):
        read_change_write(session)
        session.flush()
        raise ZeroDivisionError
    with Session(counting) as session:
        assert session.scalar(select(Counter.last)) == 0


def test_a_session_that_has_read_can_write_after_somebody_else_committed(counting):
    with Session(counting) as reader:
        assert reader.scalar(select(Counter.last)) == 0
        with Session(counting) as other, writing(other):
            read_change_write(other)
        with writing(reader):
            read_change_write(reader)
    with Session(counting) as session:
        assert session.scalar(select(Counter.last)) == 2


def test_the_fair_lock_serves_in_the_order_of_asking():
    lock = FairLock()
    served = []
    lock.acquire()
    threads = []
    for n in range(5):
        asked = threading.Event()

        def wait(n=n, asked=asked):
            asked.set()
            lock.acquire()
            served.append(n)
            lock.release()

        thread = threading.Thread(target=wait)
        thread.start()
        asked.wait()
        while len(lock._waiting) <= n:
            pass
        threads.append(thread)
    lock.release()
    for thread in threads:
        thread.join()
    assert served == [0, 1, 2, 3, 4]


def test_fold_in_sql_equals_fold_in_python(session):
    for text in ("Ångström", "STRASSE ß", "Ⅷ ﬁ", "Ébène"):
        assert session.scalar(select(folded(text))) == fold(text)


def test_make_engine_keeps_foreign_keys(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


def test_every_question_is_planned_for_its_own_values(engine):
    """A filter that finds ten contacts and one that finds all want different plans, however often they are asked."""
    assert engine_options("postgresql+psycopg://office/segmenta")["connect_args"] == {"prepare_threshold": None}
    with engine.connect() as connection:
        for n in range(12):
            connection.execute(select(Counter).where(Counter.last == n))
        if engine.dialect.name == "postgresql":
            assert connection.exec_driver_sql("SELECT count(*) FROM pg_prepared_statements").scalar() == 0
