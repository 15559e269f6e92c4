"""Tasks in a real browser: from the contact to the task to the interaction that closes it, and one per contact of a segment."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from domain.contacts.starting_salutations import create_salutations
from domain.demo.start import create_start_templates
from domain.interactions.models import InteractionLogEntry
from domain.setup.models import Salesperson
from domain.setup.start import create_office
from domain.tasks.models import Task
from tests.browser.conftest import Visit
from tests.domain.segments.ready import make_ready_segment
from tests.factories.accounts import PASSWORD, make_user_with_password
from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_contact
from tests.factories.setup import make_actor, make_salesperson
from tests.factories.tasks import make_task

PAGES = (
    "/tasks/", "/tasks/?status=all", "/tasks/?contact=Nobody", "/tasks/new?contact=P1", "/tasks/LATE/", "/tasks/DONE/",
    "/tasks/LATE/close", "/tasks/chosen/close/ask?sel=LATE&sel=DONE", "/tasks/chosen/delete/ask?sel=LATE", "/tasks/LATE/cancel", "/segments/S1/tasks/new", "/interactions/new?task=MEET",
    "/interactions/call/tasks/LATE", "/contacts/P1/", "/",
)  # fmt: skip
LONG_AGO, FAR_AHEAD = dt.date(2020, 1, 31), dt.date(2200, 1, 31)


@pytest.fixture(scope="module")
def office(server):
    """An office with templates, a company with two persons, a segment, and tasks."""
    with server.session() as session:
        create_office(session, name="Nordlys AS", currency="CHF", time_zone="Europe/Zurich", by=make_actor())
        create_salutations(session, by=make_actor())
        create_start_templates(session, by=make_actor())
        anna = make_salesperson(session, "AB", name="Anna Berg")
        make_user_with_password(session, "anna", name="Anna Berg", salesperson_id=anna.id)
        company = make_contact(session, "C1", name="Café du Lac", phone="+41 21 100")
        luc = make_contact(session, "P1", name="Luc Morel", company=company, phone="+41 21 200")
        mireille = make_contact(session, "P2", name="Mireille Vadnais", company=company)
        spring = make_campaign(session, "SPRING", description="Spring letter")
        make_ready_segment(session, "S1", luc, mireille, description="Autumn", salesperson_id=anna.id)
        for no, contact, description, values in (
            ("LATE", luc, "Ask about the new catalogue", {"date": LONG_AGO, "type": "phone_call", "priority": "high"}),
            ("MEET", mireille, "Show the samples", {"date": FAR_AHEAD, "type": "meeting", "campaign_id": spring.id}),
            ("PLAIN", luc, "Send the prices", {"date": FAR_AHEAD}),
            ("DONE", luc, "Thank for the order", {"status": "completed", "closed": True, "closed_by": "Anna Berg"}),
        ):
            values = {"closed_on": LONG_AGO if no == "DONE" else None} | values
            make_task(session, no, contact, description=description, salesperson_id=anna.id, **values)
        session.commit()


def task(server, no):
    with server.session() as session:
        return session.scalars(select(Task).where(Task.no == no)).one()


@pytest.mark.parametrize(
    "options",
    [{}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 844}}],
    ids=["light", "dark", "phone"],
)
def test_every_page_is_accessible_and_fits_the_window(chromium, server, office, options):
    visit = Visit(chromium, server, **options)
    page = visit.sign_in()
    for place, url in enumerate(PAGES):
        page.goto(url)
        visit.axe()
        visit.picture(f"tasks-{options.get('color_scheme', 'phone' if options else 'light')}-{place}")
        width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0, f"{url} is wider than the window"
    visit.close()


def test_from_the_contact_to_the_interaction_that_closes_the_task(visit, server, office):
    page = visit.sign_in("/contacts/P2/")
    page.get_by_role("link", name="New task").click()
    expect(page.locator("#contact_id")).to_have_value("P2 · Mireille Vadnais")
    page.fill("#description", "Bring the brochure")
    page.fill("#date", "t")
    page.get_by_role("button", name="Create task").click()
    expect(page.locator("h1")).to_have_text("TD000001 Bring the brochure")
    page.goto("/")
    expect(page.locator("#counters")).to_contain_text("My tasks today")
    page.locator("#my-tasks").get_by_role("link", name="Bring the brochure").click()
    expect(page.locator("h1")).to_have_text("TD000001 Bring the brochure")
    page.keyboard.press("F9")
    expect(page.locator("#dialog")).to_contain_text("Do you want to register an interaction?")
    visit.axe()
    visit.picture("tasks-dialog")
    page.locator("#dialog").get_by_role("link", name="Register an interaction").click()
    expect(page.locator("h1")).to_have_text("Create interaction")
    expect(page.locator("#description")).to_have_value("Bring the brochure")
    expect(page.locator("#task-field")).to_contain_text("TD000001")
    page.fill("#template", "OUTGOING")
    page.keyboard.press("Tab")
    expect(page.locator("#template-hint")).not_to_be_empty()
    page.keyboard.press("F9")
    expect(page.locator("#closed")).to_contain_text("Closed by Anna Berg")
    expect(page.locator("#interaction-list")).to_contain_text("Bring the brochure")
    closed = task(server, "TD000001")
    with server.session() as session:
        (entry,) = session.scalars(select(InteractionLogEntry).where(InteractionLogEntry.task_id == closed.id))
    assert (closed.status, entry.contact_no, entry.description) == ("completed", "P2", "Bring the brochure")


def test_closed_from_the_list_without_an_interaction(visit, server, office):
    page = visit.sign_in("/tasks/?contact=P1")
    page.get_by_role("link", name="Close task PLAIN").click()
    page.locator("#dialog").get_by_role("button", name="Close without an interaction").click()
    expect(page.locator("#toasts")).to_contain_text("The task PLAIN was closed.")
    expect(page).to_have_url(f"{server.url}/tasks/?contact=P1")
    expect(page.locator("#task-list")).not_to_contain_text("Send the prices")
    assert task(server, "PLAIN").status == "completed"


def test_many_are_closed_and_reopened_with_the_keyboard(visit, server, office):
    with server.session() as session:
        anna = session.scalars(select(Salesperson).where(Salesperson.code == "AB")).one()
        for n in range(3):
            make_task(
                session, f"MANY{n}", description=f"Many {n}", type="meeting", date=LONG_AGO, salesperson_id=anna.id
            )
        session.commit()
    page = visit.sign_in()
    page.goto("/tasks/?type=meeting&due=late")
    dialog = page.locator("#dialog")
    page.locator("[data-select-all]").focus()
    page.keyboard.press("Space")
    visit.axe()
    page.get_by_role("button", name="Close…", exact=True).focus()
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("Close 3 tasks?")
    visit.axe()
    dialog.get_by_role("button", name="Close 3 tasks").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("3 tasks were closed.")
    expect(page.locator("#task-list")).to_contain_text("No task matches.")
    page.goto("/tasks/?type=meeting&status=closed")
    page.locator("[data-select-all]").check()
    page.get_by_role("button", name="Reopen…").click()
    dialog.get_by_role("button", name="Reopen 3 tasks").click()
    expect(page.locator("#toasts")).to_contain_text("3 tasks were reopened.")
    assert task(server, "MANY1").status == "in_progress"
    page.go_back()
    expect(page.locator("h1")).to_have_text("Tasks")


def test_a_segment_makes_one_per_contact(visit, server, office):
    page = visit.sign_in("/segments/S1")
    page.locator("#actions details.more summary").click()
    page.get_by_role("link", name="Create tasks…").click()
    expect(page.locator("#dialog")).to_contain_text("2 contacts get a task each.")
    visit.axe()
    visit.picture("tasks-segment")
    page.fill("#tasks-description", "Ask whether it came")
    page.select_option("#tasks-type", "phone_call")
    page.locator("#dialog").get_by_role("button", name="Create 2 tasks").click()
    expect(page.locator("#toasts")).to_contain_text("2 tasks were created.")
    expect(page.locator("#task-list tbody tr")).to_have_count(2)


def test_without_javascript(chromium, server, office):
    visit = Visit(chromium, server, java_script_enabled=False)
    page = visit.page
    page.goto("/sign-in?next=/tasks/MEET/")
    page.fill("#login", "anna")
    page.fill("#password", PASSWORD)
    page.click("text=Sign in >> nth=-1")
    expect(page.locator("h1")).to_have_text("MEET Show the samples")
    page.select_option("#status", "completed")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#dialog-title")).to_have_text("Close task MEET?")
    page.get_by_role("link", name="Register an interaction").click()
    expect(page.locator("#description")).to_have_value("Show the samples")
    page.fill("#template", "OUTGOING")
    page.locator("#finish-bar .primary").click()
    expect(page.locator("#closed")).to_contain_text("Closed by Anna Berg")
    page.get_by_role("button", name="Reopen").click()
    expect(page.locator("#status")).to_have_value("in_progress")
    page.goto("/tasks/?contact=P2")
    page.get_by_role("checkbox", name="Select Show the samples").check()
    page.get_by_role("button", name="Cancel tasks…").click()
    expect(page.locator("#dialog-title")).to_have_text("Cancel 1 task?")
    page.get_by_role("link", name="Leave as it is").click()
    expect(page.locator("#task-list")).to_contain_text("Show the samples")
    page.goto("/tasks/MEET/close")
    page.get_by_role("button", name="Close without an interaction").click()
    expect(page.locator("#closed")).to_be_visible()
    visit.close()
