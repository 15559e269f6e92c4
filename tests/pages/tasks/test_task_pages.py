"""The pages of tasks: list, card, closing with and without an interaction, one per contact of a segment."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from blueprints.web.worker import Worker
from domain.contacts.models import Contact
from domain.interaction_templates.template_setup import edit_template_setup
from domain.interactions.models import InteractionLogEntry
from domain.jobs.models import Job
from domain.tasks import segment_job
from domain.tasks.models import Task
from domain.tasks.tasks import close_task
from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_contact
from tests.factories.interaction_templates import make_template
from tests.factories.interactions import make_entry
from tests.factories.segments import make_segment
from tests.factories.setup import TODAY, make_actor, make_salesperson, make_user
from tests.factories.tasks import make_task

DAY = dt.timedelta(days=1)


@pytest.fixture
def anna(session):
    return make_salesperson(session, "AB", name="Anna Berg")


@pytest.fixture
def luc(session):
    company = make_contact(session, "C1", name="Café du Lac")
    return make_contact(session, "P1", name="Luc Morel", company=company, phone="+41 21 200")


@pytest.fixture
def anna_in(session, visitor, anna):
    """Anna, a salesperson, signed in."""
    return visitor.sign_in(make_user(session, "anna", role="salesperson", salesperson_id=anna.id))


@pytest.fixture
def signed_in(session, visitor, anna):
    """An administrator with a salesperson."""
    return visitor.sign_in(make_user(session, salesperson_id=anna.id))


def tasks(session):
    session.expire_all()
    return list(session.scalars(select(Task).order_by(Task.no)))


def numbers(page):
    return page.tree.xpath("//table[@id='task-list']/tbody/tr//a[@class='row-link']/@href")


def test_from_the_contact_to_a_task_and_back_to_its_card(session, anna_in, luc):
    make_campaign(session, "SPRING", description="Spring")
    card = anna_in.get("/contacts/P1/")
    assert "Open tasks0" in card.plain().replace(" 0", "0")
    new = anna_in.get(card.one("//a[normalize-space()='New task']").get("href"))
    assert new.one("#contact_id").get("value") == "P1 · Luc Morel"
    assert new.one("//select[@id='salesperson_id']/option[@selected]").text == "AB Anna Berg"
    assert new.one("#date").get("value") == "24/11/2026"
    assert not new.has("//select[@id='status']/option[@value='completed']")
    answer = anna_in.submit(
        new, "#card-form", description="Ask about paper", type="phone_call", date="t+1", campaign_id="SPRING"
    )
    assert answer.location == "/tasks/TD000001/"
    (task,) = tasks(session)
    assert (task.contact_id, task.type, task.date) == (luc.id, "phone_call", TODAY + DAY)
    shown = anna_in.follow(answer)
    assert "The task TD000001 was created." in shown.plain()
    assert shown.text("//h1") == "TD000001 Ask about paper"
    assert shown.one("#campaign_id").get("value") == "SPRING · Spring"
    card = anna_in.get("/contacts/P1/")
    assert "Ask about paper" in card.text("#tasks")
    assert card.text("//a[@class='drill'][@href='/tasks/?contact=P1']") == "1"
    assert numbers(anna_in.get("/tasks/?contact=C1")) == ["/tasks/TD000001/"]


def test_bad_input_is_told_at_its_field_and_stays(session, anna_in, luc):
    answer = anna_in.submit(
        anna_in.get("/tasks/new"), "#card-form", contact_id="Nobody", campaign_id="X\x00", segment_id="S9", date="never",
        description="x" * 101, type="party", salesperson_id="987654",
    )  # fmt: skip
    assert answer.status == 422
    assert set(answer.tree.xpath("//*[@class='f-error']/@id")) == {
        "contact_id-error", "campaign_id-error", "segment_id-error", "date-error", "description-error", "type-error",
        "salesperson_id-error",
    }  # fmt: skip
    assert answer.one("#contact_id").get("value") == "Nobody"
    luc.privacy_blocked = True
    answer = anna_in.submit(anna_in.get("/tasks/new"), "#card-form", contact_id="P1", date="1.1.3000", description="x")
    assert answer.status == 422
    assert "between 1900 and 2999" in answer.text("#date-error")
    answer = anna_in.submit(anna_in.get("/tasks/new"), "#card-form", contact_id="P1", description="x")
    assert "is blocked for privacy" in answer.text("#contact_id-error")
    assert anna_in.get("/tasks/new?contact=P1").status == 422
    assert tasks(session) == []


def test_a_date_far_away_is_stored_with_a_warning(session, anna_in):
    answer = anna_in.submit(anna_in.get("/tasks/new"), "#card-form", description="x", date="24.11.2126")
    assert "far in the future" in anna_in.follow(answer).text("#toasts")
    assert tasks(session)[0].date.year == 2126
    answer = anna_in.submit(anna_in.get("/tasks/TD000001/"), "#card-form", date="24.11.1926")
    assert "far in the past" in anna_in.follow(answer).text("#toasts")


def test_two_who_change_the_same_field_are_told(session, anna_in, anna, luc):
    task = make_task(session, "TD1", luc, description="Old", salesperson_id=anna.id)
    page = anna_in.get("/tasks/TD1/")
    task.description = "Theirs"
    task.priority = "high"
    answer = anna_in.submit(page, "#card-form", description="Mine", status="waiting")
    assert answer.status == 409
    assert "Theirs" in answer.text("#description-error")
    anna_in.submit(answer, "#card-form")
    (task,) = tasks(session)
    assert (task.description, task.status, task.priority) == ("Mine", "waiting", "high")


def test_what_was_deleted_meanwhile_is_told(session, anna_in, anna, luc):
    make_task(session, "TD1", luc, salesperson_id=anna.id)
    campaign, segment, bo = make_campaign(session, "CA1"), make_segment(session, "S1"), make_salesperson(session, "BO")
    page = anna_in.get("/tasks/TD1/")
    typed = {"campaign_id": campaign.no, "segment_id": segment.no, "salesperson_id": str(bo.id)}
    for gone in (campaign, bo):
        session.delete(gone)
    segment.no = "S2"
    answer = anna_in.submit(page, "#card-form", **typed)
    assert answer.status == 422
    assert set(answer.tree.xpath("//*[@class='f-error']/@id")) == {
        "campaign_id-error",
        "segment_id-error",
        "salesperson_id-error",
    }


def test_closed_without_an_interaction(session, anna_in, anna, luc):
    make_task(session, "TD1", luc, description="Ask", salesperson_id=anna.id)
    card = anna_in.get("/tasks/TD1/")
    question = anna_in.get(card.one("//a[@aria-keyshortcuts='F9']").get("href"), fragment=anna_in.htmx)
    assert "register an interaction" in question.plain()
    answer = anna_in.submit(question, "#close-form")
    assert answer.location == "/tasks/TD1/"
    (task,) = tasks(session)
    assert (task.status, task.closed, task.closed_by) == ("completed", True, "Anna")
    card = anna_in.follow(answer)
    assert "Closed by Anna on 24/11/2026." in card.text("#closed")
    assert card.has("//fieldset[@disabled]")
    anna_in.submit(card, "//form[@action='/tasks/TD1/reopen']")
    (task,) = tasks(session)
    assert (task.status, task.closed) == ("in_progress", False)


def test_completed_on_the_card_asks_too(session, anna_in, anna, luc):
    make_task(session, "TD1", luc, salesperson_id=anna.id)
    answer = anna_in.submit(anna_in.get("/tasks/TD1/"), "#card-form", status="completed", priority="high")
    assert answer.location == "/tasks/TD1/close"
    (task,) = tasks(session)
    assert (task.closed, task.priority) == (False, "high")
    question = anna_in.follow(answer)
    assert question.has("//form[@id='close-form']//a[contains(@href, '/interactions/new?task=TD1')]")
    anna_in.submit(question, "#close-form")
    assert tasks(session)[0].closed


def test_closed_with_an_interaction(session, anna_in, anna, luc):
    campaign = make_campaign(session, "SPRING")
    make_template(session, "MEET", description="Meeting")
    make_task(session, "TD1", luc, description="Ask", salesperson_id=anna.id, campaign_id=campaign.id)
    question = anna_in.get("/tasks/TD1/close", fragment=anna_in.htmx)
    page = anna_in.get(question.one("//form[@id='close-form']//a[contains(@href, 'task=TD1')]").get("href"))
    assert page.text("//h1") == "Create interaction"
    assert page.one("#contact").get("value") == "Luc Morel"
    assert page.one("#description").get("value") == "Ask"
    assert page.one("#salesperson").get("value") == "AB · Anna Berg"
    assert page.one("#campaign").get("value").startswith("SPRING")
    assert "TD1 · Ask" in page.text("#task-field")
    answer = anna_in.submit(page, "#interaction-form", template="NOPE")
    assert answer.status == 422
    assert not tasks(session)[0].closed
    answer = anna_in.submit(answer, "#interaction-form", template="MEET")
    assert answer.location == "/tasks/TD1/"
    (entry,) = session.scalars(select(InteractionLogEntry)).all()
    (task,) = tasks(session)
    assert (entry.task_id, entry.description, task.status) == (task.id, "Ask", "completed")
    card = anna_in.get("/tasks/TD1/")
    assert "Ask" in card.text("#task-interactions")
    make_entry(session, luc, description="Other")
    log = anna_in.get(card.one("//a[normalize-space()='All interactions']").get("href"))
    assert [row.text for row in log.tree.xpath("//table[@id='entries']//a[@class='row-link']")] == ["Luc Morel"]
    assert anna_in.get(log.one("//a[@aria-keyshortcuts='Alt+I']").get("href")).has("#task-field")
    assert "There is no task TD9." in anna_in.get("/interaction-log/?task=TD9").plain()
    assert anna_in.get(f"/interaction-log/{entry.entry_no}").has("//dd/a[@href='/tasks/TD1/']")


def test_postponed_it_waits_on_the_task(session, anna_in, anna, luc):
    make_task(session, "TD1", luc, description="Ask", salesperson_id=anna.id)
    page = anna_in.get("/interactions/new?task=TD1")
    anna_in.post("/interactions/postpone", page.form("#interaction-form"))
    assert not tasks(session)[0].closed
    card = anna_in.get("/tasks/TD1/")
    resumed = anna_in.get(card.one("//a[normalize-space()='Resume']").get("href"))
    make_template(session, "MEET", description="Meeting")
    anna_in.submit(resumed, "#interaction-form", template="MEET")
    assert tasks(session)[0].closed


def test_a_phone_call_task_opens_the_call(session, anna_in, anna, luc):
    edit_template_setup(session, {"outgoing_calls_id": make_template(session, "OUT").id}, by=make_actor())
    make_task(session, "TD1", luc, description="Ring", type="phone_call", salesperson_id=anna.id)
    for url in ("/interactions/new?task=TD1", "/interactions/call/tasks/TD1"):
        page = anna_in.get(url)
        assert page.text("//h1") == "Make phone call"
        assert page.has("//a[@href='tel:+4121200']")
    anna_in.submit(page, "#interaction-form")
    assert tasks(session)[0].closed
    assert anna_in.get("/interactions/new?task=TD9").status == 404


def test_a_task_somebody_closed_meanwhile(session, anna_in, anna, luc):
    task = make_task(session, "TD1", luc, description="Ask", salesperson_id=anna.id)
    card, question = anna_in.get("/tasks/TD1/"), anna_in.get("/tasks/TD1/close")
    page = anna_in.get("/interactions/new?task=TD1")
    cancel = anna_in.get("/tasks/TD1/cancel")
    close_task(session, task, by=make_actor(user_name="Bo"))
    for answer in (
        anna_in.submit(question, "#close-form"),
        anna_in.submit(card, "#card-form", description="Mine"),
        anna_in.submit(cancel, "//form[@action='/tasks/TD1/cancel']"),
        anna_in.get("/tasks/TD1/close"),
    ):
        assert answer.status == 409
        assert "closed by Bo" in answer.plain()
    make_template(session, "MEET", description="Meeting")
    assert anna_in.submit(page, "#interaction-form", template="MEET").status in (204, 303)
    assert tasks(session)[0].closed_by == "Bo"


def test_cancelled_and_deleted(session, signed_in, luc):
    make_task(session, "TD1", luc)
    question = signed_in.get("/tasks/TD1/cancel", fragment=signed_in.htmx)
    answer = signed_in.submit(question, "//form[@action='/tasks/TD1/cancel']")
    card = signed_in.follow(answer)
    assert "Cancelled by" in card.text("#closed")
    question = signed_in.get("/tasks/TD1/delete", fragment=signed_in.htmx)
    answer = signed_in.submit(question, "//form[@action='/tasks/TD1/delete']")
    assert (answer.location, tasks(session)) == ("/tasks/", [])


def test_salespeople_change_their_own_and_readers_none(session, visitor, anna, luc):
    make_task(session, "TD1", luc, salesperson_id=make_salesperson(session, "XY").id)
    visitor.sign_in(make_user(session))
    form = visitor.get("/tasks/TD1/").form("#card-form")
    for role, may_create in (("salesperson", True), ("read_only", False)):
        visitor.sign_in(make_user(session, role=role, salesperson_id=anna.id))
        page = visitor.get("/tasks/TD1/")
        assert page.has("//fieldset[@disabled]")
        assert not page.has("//a[@href='/tasks/TD1/close']")
        for url in ("", "close", "cancel", "reopen", "delete"):
            assert visitor.post(f"/tasks/TD1/{url}", form).status == 403
        assert visitor.get("/tasks/new").status == (200 if may_create else 403)
        assert visitor.post("/tasks/", form | {"no": "TD2"}).status != (403 if may_create else 200)
    assert [one.no for one in tasks(session) if one.closed] == []


def test_the_list_is_filtered(session, anna_in, anna, luc):
    segment = make_segment(session, "S1")
    make_task(session, "LATE", luc, date=TODAY - DAY, salesperson_id=anna.id, priority="high")
    make_task(session, "NOW", type="meeting", salesperson_id=anna.id, segment_id=segment.id)
    make_task(session, "OTHER")
    make_task(session, "DONE", salesperson_id=anna.id, status="completed", closed=True)
    make_task(session, "GONE", canceled=True, closed=True)

    def found(query=""):
        return [url.split("/")[2] for url in numbers(anna_in.get(f"/tasks/{query}", fragment=anna_in.htmx))]

    assert found() == ["LATE", "NOW", "OTHER"]
    assert found("?whose=mine") == ["LATE", "NOW"]
    assert found("?whose=mine&due=today") == ["NOW"]
    assert found("?whose=mine&due=late") == found("?contact=P1") == found("?due=late") == ["LATE"]
    assert found("?status=completed") == ["DONE"]
    assert found("?status=closed") == ["DONE", "GONE"]
    assert found("?status=canceled") == ["GONE"]
    assert len(found("?status=all")) == 5
    assert found("?type=meeting") == found("?segment=s1") == ["NOW"]
    assert found("?type=blank&salesperson=AB") == ["LATE"]
    page = anna_in.get("/tasks/")
    assert page.text("#chips").replace(" ", "") == "Minetoday1Minelate1Mine2Allopen3"
    assert "Late" in page.text("//table[@id='task-list']/tbody/tr[1]")
    for query, name in (("contact=Nobody", "contact"), ("due=never", "due"), ("salesperson=ZZ", "salesperson")):
        page = anna_in.get(f"/tasks/?{query}")
        assert page.has(f"#filter-{name}-error")
        assert "No task matches." in page.plain()
    assert found("?after=nonsense&before=2026-11-24_x") == ["LATE", "NOW", "OTHER"]


def test_pages_follow_each_other(session, anna_in):
    for i in range(60):
        make_task(session, f"TD{i:03}", date=TODAY + i * DAY)
    first = anna_in.get("/tasks/")
    second = anna_in.get(first.one("//nav[@id='pager']//a[@rel='next']").get("href"))
    assert numbers(second)[0] == "/tasks/TD050/"
    assert not second.has("//nav[@id='pager']//a[@rel='next']")
    back = anna_in.get(second.one("//nav[@id='pager']//a[@rel='prev']").get("href"))
    assert numbers(back) == numbers(first)


def test_home_shows_mine_today_and_late(session, anna_in, anna, luc):
    make_task(session, "LATE", luc, description="Ring him", date=TODAY - DAY, salesperson_id=anna.id)
    make_task(session, "NOW", salesperson_id=anna.id)
    make_task(session, "LATER", date=TODAY + DAY, salesperson_id=anna.id)
    make_task(session, "OTHER")
    page = anna_in.get("/")
    assert page.text("//a[@href='/tasks/?whose=mine&due=today']").startswith("1")
    assert page.text("//a[@href='/tasks/?whose=mine&due=late']").startswith("1")
    assert page.tree.xpath("//section[@id='my-tasks']//li//a/@href") == ["/tasks/LATE/", "/tasks/NOW/"]
    assert "Luc Morel" in page.text("#my-tasks")


def test_an_entry_of_the_log_leads_to_a_task(session, anna_in, luc):
    campaign, bo = make_campaign(session, "SPRING"), make_salesperson(session, "BO", name="Bo")
    entry = make_entry(session, luc, campaign_id=campaign.id, salesperson_id=bo.id)
    page = anna_in.get(f"/interaction-log/{entry.entry_no}")
    new = anna_in.get(page.one("//a[normalize-space()='Create task']").get("href"))
    assert new.one("#contact_id").get("value") == "P1 · Luc Morel"
    assert new.one("#campaign_id").get("value").startswith("SPRING")
    assert new.one("//select[@id='salesperson_id']/option[@selected]").text == "BO Bo"
    session.get(Contact, luc.company_id).privacy_blocked = True
    assert anna_in.get(f"/tasks/new?entry={entry.entry_no}").status == 422
    assert anna_in.get("/tasks/new?entry=99999999").status == 404


def test_a_segment_makes_one_per_contact(session, signed_in):
    people = [make_contact(session) for _ in range(3)]
    people[2].privacy_blocked = True
    make_segment(session, "S1", contacts=people, description="Autumn")
    sheet = signed_in.get("/segments/S1")
    question = signed_in.get(sheet.one("//a[normalize-space()='Create tasks…']").get("href"), fragment=signed_in.htmx)
    assert "2 contacts get a task each." in question.plain()
    assert "1 contact is blocked for privacy and gets none." in question.plain()
    assert "Create 2 tasks" in question.plain()
    answer = signed_in.submit(question, "#segment-tasks-form", description="")
    assert answer.text("#tasks-description-error") == "Enter a description."
    answer = signed_in.submit(answer, "#segment-tasks-form", description="Ring", type="phone_call", date="t+7")
    assert answer.location == "/tasks/?segment=S1"
    assert "2 tasks were created." in signed_in.follow(answer).plain()
    assert {(one.description, one.type, one.date) for one in tasks(session)} == {
        ("Ring", "phone_call", TODAY + 7 * DAY)
    }
    question = signed_in.get("/segments/S1/tasks/new", fragment=signed_in.htmx)
    assert "2 contacts have an open task of this segment already" in question.plain()
    answer = signed_in.submit(question, "#segment-tasks-form", description="Again")
    assert (answer.status, len(tasks(session))) == (422, 2)
    signed_in.submit(answer, "#segment-tasks-form", again="1")
    assert len(tasks(session)) == 4


def test_very_many_are_made_in_the_background(application, session, signed_in, monkeypatch):
    monkeypatch.setattr(segment_job, "IN_BACKGROUND", 1)
    make_segment(session, "S1", contacts=[make_contact(session) for _ in range(2)])
    question = signed_in.get("/segments/S1/tasks/new", fragment=signed_in.htmx)
    answer = signed_in.submit(question, "#segment-tasks-form", description="Ring")
    (job,) = session.scalars(select(Job)).all()
    assert answer.location == f"/jobs/{job.id}"
    assert (job.kind, tasks(session)) == (segment_job.KIND, [])
    with application.app_context():
        assert Worker(application).work_once()
    done = signed_in.get(answer.location)
    assert "2 tasks were created." in done.plain()
    assert done.has("//a[@href='/tasks/?segment=S1']")
    assert [one.description for one in tasks(session)] == ["Ring", "Ring"]


def test_salespeople_make_none_for_segments(session, anna_in):
    make_segment(session, "S1", contacts=[make_contact(session)])
    assert anna_in.get("/segments/S1/tasks/new").status == 403
    token = anna_in.get("/tasks/new").form("#card-form")["csrf_token"]
    assert anna_in.post("/segments/S1/tasks/", {"csrf_token": token}).status == 403


def choose(visitor, page, verb, *nos, **more):
    """Ticks tasks in the list and presses a button of the bar; the dialog."""
    url = page.one(f"//form[@id='bulk']//button[contains(@formaction, '/{verb}')]").get("formaction")
    return visitor.post(url, {"csrf_token": page.form("#bulk")["csrf_token"], "sel": list(nos)} | more)


def test_many_tasks_are_closed_after_the_number_was_said(session, signed_in, luc, anna):
    for n in range(3):
        make_task(session, f"T{n}", luc, salesperson_id=anna.id)
    make_task(session, "OTHER", salesperson_id=anna.id)
    page = signed_in.get("/tasks/?contact=P1")
    assert not page.has("//form[@id='bulk']//button[contains(@formaction, '/reopen')]")
    dialog = choose(signed_in, page, "close", "T0", "T1")
    assert dialog.text("#dialog-title") == "Close 2 tasks?"
    assert "without an interaction" in dialog.plain()
    assert [one.closed for one in tasks(session)] == [False] * 4
    close_task(session, session.scalars(select(Task).where(Task.no == "T0")).one(), by=make_actor())
    session.commit()
    answer = signed_in.submit(dialog, "#many-form")
    assert answer.location == "/tasks/?contact=P1"
    assert "1 task was closed." in signed_in.follow(answer).text("#toasts")
    assert [(one.no, one.closed) for one in tasks(session)] == [
        ("OTHER", False), ("T0", True), ("T1", True), ("T2", False)]  # fmt: skip
    again = choose(signed_in, page, "close", "T0")
    assert again.text("#dialog-title") == "None of these tasks can be closed."
    assert "1 is closed already." in again.plain()
    assert not again.has("//form[@id='many-form']")


def test_all_matching_tasks_are_cancelled_reopened_and_deleted(session, signed_in, luc, anna):
    for n in range(60):
        make_task(session, f"T{n:02}", luc, salesperson_id=anna.id)
    make_task(session, "OTHER", salesperson_id=anna.id)
    dialog = choose(signed_in, signed_in.get("/tasks/?contact=P1"), "cancel", "T00", all_matching="1")
    assert dialog.text("#dialog-title") == "Cancel 60 tasks?"
    signed_in.submit(dialog, "#many-form")
    assert sum(one.canceled for one in tasks(session)) == 60
    page = signed_in.get("/tasks/?status=canceled")
    assert not page.has("//form[@id='bulk']//button[contains(@formaction, '/close')]")
    dialog = choose(signed_in, page, "reopen", "T00", "T01")
    assert "They are to be done again" in dialog.plain()
    signed_in.submit(dialog, "#many-form")
    assert sum(one.canceled for one in tasks(session)) == 58
    dialog = choose(signed_in, page, "delete", "T02", "T00", "OTHER")
    assert dialog.text("#dialog-title") == "Delete 1 task?"
    assert "2 are not cancelled and stay." in dialog.plain()
    answer = signed_in.submit(dialog, "#many-form")
    assert "1 task was deleted." in signed_in.follow(answer).text("#toasts")
    assert len(tasks(session)) == 60


def test_a_salesperson_changes_only_own_ones_among_many(session, anna_in, anna):
    make_task(session, "MINE", salesperson_id=anna.id)
    make_task(session, "THEIRS", salesperson_id=make_salesperson(session, "BO").id)
    page = anna_in.get("/tasks/")
    assert not page.has("//form[@id='bulk']//button[contains(@formaction, '/delete')]")
    dialog = choose(anna_in, page, "close", "MINE", "THEIRS")
    assert dialog.text("#dialog-title") == "Close 1 task?"
    assert "1 belongs to others and stays." in dialog.plain()
    anna_in.submit(dialog, "#many-form")
    assert {one.no: one.closed for one in tasks(session)} == {"MINE": True, "THEIRS": False}


def test_nothing_ticked_or_nothing_allowed_is_refused(session, visitor, anna):
    make_task(session, "T1", salesperson_id=anna.id)
    reader = visitor.sign_in(make_user(session, role="read_only"))
    page = reader.get("/tasks/")
    assert not page.has("#bulk")
    assert reader.get("/tasks/chosen/close/ask?sel=T1").status == 403
    boss = visitor.sign_in(make_user(session))
    refused = boss.get("/tasks/chosen/close/ask")
    assert refused.status == 422
    assert "Select one or more tasks first." in refused.plain()
    assert (
        boss.get("/tasks/chosen/close/ask?sel=%00&sel=NOBODY").text("#dialog-title")
        == "None of these tasks can be closed."
    )
    assert boss.get("/tasks/chosen/lose/ask?sel=T1").status == 404


def test_an_interaction_is_logged_with_the_contacts_of_many_tasks(session, signed_in, luc, anna):
    make_template(session, "CALL", description="Phone call")
    make_task(session, "T1", luc, salesperson_id=anna.id)
    make_task(session, "T2", luc, salesperson_id=anna.id)
    make_task(session, "T3", salesperson_id=anna.id)
    dialog = choose(signed_in, signed_in.get("/tasks/"), "quick-log", "T1", "T2", "T3")
    assert "1 contact" in dialog.plain()
    answer = signed_in.submit(dialog, "#quick-log", quick_template="CALL", quick_description="Called")
    assert answer.location == "/tasks/"
    (entry,) = session.scalars(select(InteractionLogEntry))
    assert (entry.contact_no, entry.description) == ("P1", "Called")


def test_campaign_and_salesperson_lead_to_their_tasks(session, signed_in, luc, anna):
    campaign = make_campaign(session, "SPRING")
    make_task(session, "T1", luc, salesperson_id=anna.id, campaign_id=campaign.id)
    make_task(session, "T2", luc, salesperson_id=anna.id)
    make_task(session, "T3", luc, salesperson_id=anna.id, closed=True)
    for card, link, found in (
        ("/campaigns/SPRING/", "1 open task", ["/tasks/T1/"]),
        ("/setup/salespeople/AB/", "2 open tasks", ["/tasks/T1/", "/tasks/T2/"]),
    ):
        url = signed_in.get(card).one(f"//a[normalize-space()='{link}']").get("href")
        assert numbers(signed_in.get(url)) == found
