"""Background work as people see it."""

import datetime as dt

from sqlalchemy import select

from blueprints.web.worker import Worker
from domain.database import writing
from domain.errors import Collided, RuleViolation
from domain.jobs.kinds import work_of_kind
from domain.jobs.models import Job
from domain.jobs.queue import queue_job
from domain.messages import say
from domain.segments.letter_files import PRINT, Wanted, queue_letter_file
from tests.domain.segments.ready import make_ready_segment
from tests.factories.contacts import make_contact
from tests.factories.documents import make_letter
from tests.factories.setup import NOW, make_actor, make_user


@work_of_kind("count to three")
def count_to_three(running):
    running.progress(2, 3)
    with open(f"{running.folder}/three.txt", "w") as file:
        file.write("one two three")
    with running.open_session() as session, writing(session):
        running.finish(session, {"file": "three.txt", "name": "Three.txt"})


@work_of_kind("refuse")
def refuse(running):
    raise RuleViolation(say("There is nothing to count."))


COLLIDING = {}


@work_of_kind("collide")
def collide(running):
    if not COLLIDING["times"]:
        COLLIDING["times"].append(1)
        raise Collided
    with running.open_session() as session, writing(session):
        running.finish(session, {})


@work_of_kind("break")
def break_down(running):
    raise ZeroDivisionError


def a_job(session, user, kind="count to three"):
    job = queue_job(session, kind, {}, title="Counting", by=make_actor(user))
    session.commit()
    return job


def work(application):
    with application.app_context():
        return Worker(application).work_once()


def test_a_job_shows_itself_until_it_is_done_and_gives_its_file(application, session, visitor, tmp_path):
    application.config["JOBS_FOLDER"] = str(tmp_path)
    user = make_user(session, role="marketing")
    visitor.sign_in(user)
    job = a_job(session, user)
    waiting = visitor.get(f"/jobs/{job.id}", fragment=visitor.htmx)
    assert waiting.has("//*[@hx-trigger='load delay:500ms']")
    assert work(application)
    done = visitor.get(f"/jobs/{job.id}", fragment=visitor.htmx)
    assert not done.has("//*[@hx-trigger='load delay:500ms']")
    file = visitor.get(done.one("//a[text()='Download']").get("href"))
    assert file.data == b"one two three"
    assert "Three.txt" in file.answer.headers["Content-Disposition"]
    assert "Counting" in visitor.get("/jobs/").plain()
    (tmp_path / "three.txt").unlink()
    gone = visitor.get(f"/jobs/{job.id}", fragment=visitor.htmx)
    assert "The file was deleted after 30 days" in gone.plain()
    assert not gone.has("//a[text()='Download']")


def test_a_print_file_says_whose_letters_have_empty_fields(application, session, visitor, tmp_path):
    application.config["JOBS_FOLDER"] = str(tmp_path)
    user = make_user(session, role="marketing")
    visitor.sign_in(user)
    people = (("Anna", ""), ("Bo", "Bern"), ("Cy", ""))
    contacts = [make_contact(session, name=name, city=city) for name, city in people]
    make_ready_segment(session, "S1", *contacts, document=make_letter(session, "{{ contact.name }} {{ contact.city }}"))
    job = queue_letter_file(session, Wanted(PRINT, "S1", logged=False), by=make_actor(user))
    session.commit()
    assert work(application)
    text = visitor.get(f"/jobs/{job.id}", fragment=visitor.htmx).plain()
    assert "2 letters have empty fields." in text
    assert f"{contacts[0].no} Anna: Contact City" in text
    assert f"{contacts[2].no} Cy: Contact City" in text
    assert "Bo:" not in text


def test_a_job_that_nobody_takes_says_so(application, session, visitor):
    """While a worker is busy with another job, or has not had the time to look, there is nothing to say."""
    user = make_user(session, role="marketing")
    visitor.sign_in(user)
    job = a_job(session, user)
    job.created_at = NOW
    session.commit()
    said = "//*[@id='job-warning']"
    assert not visitor.get(f"/jobs/{job.id}", fragment=visitor.htmx).has(said)
    job.created_at = NOW - dt.timedelta(minutes=1)
    session.commit()
    assert "flask --app app serve" in visitor.get(f"/jobs/{job.id}", fragment=visitor.htmx).plain()
    busy = a_job(session, user)
    busy.state, busy.lease_until = "running", NOW + dt.timedelta(minutes=5)
    session.commit()
    assert not visitor.get(f"/jobs/{job.id}", fragment=visitor.htmx).has(said)


def test_a_refusal_is_told_in_its_own_words(application, session, browser):
    user = make_user(session)
    browser.sign_in(user)
    job = a_job(session, user, "refuse")
    work(application)
    assert "There is nothing to count." in browser.get(f"/jobs/{job.id}").plain()


def test_a_defect_is_tried_three_times_and_then_told(application, session, browser):
    user = make_user(session)
    browser.sign_in(user)
    job = a_job(session, user, "break")
    while work(application):
        pass
    session.expire_all()
    assert (job.state, job.attempts) == ("failed", 3)
    assert "Something went wrong" in browser.get(f"/jobs/{job.id}").plain()


def test_a_job_that_collides_with_another_transaction_is_done_again(application, session, browser):
    user = make_user(session)
    browser.sign_in(user)
    job, collisions = a_job(session, user, "collide"), []
    COLLIDING["times"] = collisions
    while work(application):
        pass
    session.expire_all()
    assert (job.state, job.attempts, len(collisions)) == ("done", 2, 1)


def test_a_waiting_job_can_be_taken_back(application, session, visitor):
    user = make_user(session)
    visitor.sign_in(user)
    job = a_job(session, user)
    page = visitor.get(f"/jobs/{job.id}")
    answer = visitor.submit(page, f"//form[@action='/jobs/{job.id}/delete']")
    assert answer.status in (204, 303)
    assert session.scalar(select(Job.state)) == "canceled"
    assert not work(application)


def test_somebody_elses_job_is_not_found(session, browser):
    job = a_job(session, make_user(session, role="marketing"))
    browser.sign_in(make_user(session, role="marketing"))
    assert browser.get(f"/jobs/{job.id}").status == 404
