"""The page Criteria: what every step did, switching one off, why (not) this person, pins."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from sqlalchemy import select

from domain.segments.add_contacts import AddOptions, add_by_criteria
from domain.segments.criteria import GroupFilter, criteria_of
from domain.segments.lines import add_line
from domain.segments.models import Segment, SegmentLine
from domain.segments.overlap import reduce_by_segment
from domain.segments.paste import add_pasted
from domain.segments.pins import pin_contact
from domain.segments.reduce import reduce_contacts
from domain.segments.step_models import SegmentPin, SegmentStep
from domain.segments.steps import bring_back, get_step
from tests.domain.segments.ready import log, make_ready_segment
from tests.factories.contacts import make_contact
from tests.factories.segments import make_segment
from tests.factories.setup import make_actor, make_user

STEPS = "/segments/S1/steps/"
BY = make_actor()


def asking(**filters):
    return criteria_of([[GroupFilter("contact", tuple(filters.items()))]], locale="en_GB")


@pytest.fixture
def segment(session):
    """Ada, Ben and Cleo from Chur and Bern added by criteria, Ben and Dan by a second step, those of Chur reduced."""
    for no, name, city in (("C1", "Ada", "Bern"), ("C2", "Ben", "Chur"), ("C3", "Cleo", "Bern"), ("C4", "Dan", "Lund")):
        make_contact(session, no=no, name=name, type="person", city=city)
    segment = make_segment(session, no="S1")
    add_by_criteria(session, segment, asking(city="Bern|Chur"), options=AddOptions(include_excluded=True), by=BY)
    add_by_criteria(session, segment, asking(city="Chur|Lund"), by=BY)
    reduce_contacts(session, segment, asking(city="Chur"), by=BY)
    return segment


@pytest.fixture
def marketing(session, visitor, segment):
    return visitor.sign_in(make_user(session, role="marketing"))


def on_list(session):
    live = select(SegmentLine).where(SegmentLine.removed_step_id.is_(None)).order_by(SegmentLine.line_no)
    return [line.contact.name for line in session.scalars(live)]


def dialog_answer(visitor, url):
    """A dialog, as the page asks for it."""
    return visitor.get(url, fragment=visitor.htmx, headers={"HX-Target": "dialog"} if visitor.htmx else None)


# --- the page ----------------------------------------------------------------------------------------------------------


def test_every_step_says_what_was_asked_what_came_of_it_and_by_whom(marketing):
    page = marketing.get(STEPS)
    first, second, third = (page.text(f"#step-{n}") for n in (1, 2, 3))
    assert "Add contacts" in first
    assert "City is Bern or Chur" in first
    assert "Include contacts excluded from segments" in first
    assert "+3" in first
    assert "Tester" in first
    assert "+1" in second
    assert "1 skipped" in second
    assert "Reduce contacts" in third
    assert "−1" in third


def test_the_people_of_a_step_are_listed_with_where_they_are_today(marketing):
    page = marketing.get(STEPS)
    link = page.one("//li[@id='step-1']//div[@class='step-result']/a").get("href")
    people = marketing.get(link)
    rows = people.tree.xpath("//table[@id='people']/tbody/tr")
    assert [row.xpath("string(td[1])") for row in rows] == ["C1", "C2", "C3"]
    assert [("Not on the list" in row.text_content()) for row in rows] == [False, True, False]
    removed = marketing.get(STEPS + "3/removed")
    assert "Ben" in removed.text("#people")
    assert marketing.get(STEPS + "9/added").status == 404


def test_people_come_a_hundred_at_a_time(session, browser):
    contacts = [make_contact(session, no=f"N{n:03}", name=f"Name {n:03}", city="Ulm") for n in range(105)]
    many = make_segment(session, no="S2")
    add_by_criteria(session, many, asking(city="Ulm"), by=BY)
    browser.sign_in(make_user(session, role="marketing"))
    page = browser.get("/segments/S2/steps/1/added")
    assert len(page.tree.xpath("//table[@id='people']/tbody/tr")) == 100
    rest = browser.get(page.one("//nav[@id='pager']/a").get("href"))
    assert len(rest.tree.xpath("//table[@id='people']/tbody/tr")) == len(contacts) - 100


def test_kinds_of_steps_have_words_of_their_own(session, browser, segment):
    other = make_segment(session, no="S2")
    add_line(session, other, "C4", by=BY)
    reduce_by_segment(session, segment, other, by=BY)
    bring_back(session, segment, get_step(session, segment, 3), by=BY)
    add_pasted(session, segment, "C2\nnobody\n", by=BY)
    browser.sign_in(make_user(session, role="marketing"))
    page = browser.get(STEPS)
    assert "Everybody on segment S2" in page.text("#step-4")
    assert "Lines brought back" in page.text("#step-5")
    assert "Step 3" in page.text("#step-5")
    assert "2 entries, 1 not found" in page.text("#step-6")


def test_criteria_that_cannot_be_read_any_more_say_so(session, browser, segment):
    step = session.scalar(select(SegmentStep).where(SegmentStep.seq == 3))
    step.filters = step.filters.replace('"city"', '"telex"')
    browser.sign_in(make_user(session, role="marketing"))
    assert "There is no field “telex” to filter by." in browser.get(STEPS).text("#step-3")
    assert "There is no field “telex” to filter by." in browser.get("/segments/S1/why/?contact=C1").text("#why-answer")


def test_criteria_are_saved_and_reused_from_the_page(marketing):
    """R-SC03: also reachable from the page Criteria."""
    page = marketing.get(STEPS)
    for label, address in (
        ("Save criteria…", "/segments/S1/save-criteria/"),
        ("Reuse criteria…", "/segments/S1/reuse/criteria"),
        ("Reuse logged segment…", "/segments/S1/reuse/logged"),
    ):
        link = page.one(f"//main//a[normalize-space(.)='{label}']")
        assert link.get("href") == link.get("hx-get") == address
        assert marketing.get(address).has("//form[@method='post']")


def test_many_steps_come_fifty_at_a_time_and_links_find_theirs(session, marketing, segment):
    for _ in range(100):
        add_line(session, segment, "C1", by=BY)

    def shown(page):
        return [int(item.get("id").removeprefix("step-")) for item in page.tree.xpath("//ol[@class='step-list']/li")]

    page = marketing.get(STEPS)
    assert shown(page) == [101, 102, 103]
    assert "Steps 101–103 of 103" in page.plain()
    assert page.has("//li[@id='step-103']//button")
    before = marketing.get(page.one("//a[@rel='prev']").get("href"))
    assert shown(before) == list(range(51, 101))
    assert not before.has("//li[@id='step-100']//form")
    first = marketing.get(before.one("//a[@rel='prev']").get("href"))
    assert shown(first) == list(range(1, 51))
    assert not first.has("//a[@rel='prev']")
    assert shown(marketing.get(first.one("//a[@rel='next']").get("href"))) == list(range(51, 101))
    marketing.submit(dialog_answer(marketing, STEPS + "1/off"), "#off-form")
    link = marketing.get(STEPS + "?step=1").one("//li[@id='step-1']//span/a").get("href")
    assert link.endswith("step=104#step-104")
    assert 104 in shown(marketing.get(link.split("#")[0]))
    for odd in ("0", "9" * 30, "-1", "x", "999"):
        assert shown(marketing.get(STEPS + "?step=" + odd))


def test_go_back_from_the_page_returns_to_it(session, marketing):
    page = marketing.get(STEPS)
    form = "//li[@id='step-3']//form"
    values = {field.get("name"): field.get("value") for field in page.tree.xpath(f"{form}//input")}
    answer = marketing.post(page.action(form), values)
    assert marketing.follow(answer).has("#step-2")
    assert on_list(session) == ["Ada", "Ben", "Cleo", "Dan"]
    again = marketing.post(page.action(form), values)
    assert again.status == 409
    assert "has been changed meanwhile" in again.plain()


def test_the_pane_beside_the_lines_shows_the_last_steps(marketing):
    sheet = marketing.get("/segments/S1")
    url = sheet.one("//section[@id='steps-pane']/div").get("hx-get")
    pane = marketing.get(url, fragment=True)
    assert "Reduce contacts −1" in pane.plain()
    assert "All 3 criteria actions" in pane.plain()
    assert marketing.get(url).has("//h1")


# --- switching off -------------------------------------------------------------------------------------------------------


def test_a_step_is_switched_off_after_a_preview_that_changes_nothing(session, marketing):
    """A3."""
    version = session.scalar(select(Segment.list_version))
    dialog = dialog_answer(marketing, STEPS + "1/off")
    text = dialog.text("#off-form")
    assert "The list has 3 lines now. Without this step it has 1 line." in text
    assert "2 lines go" in text
    assert "Ada" in text
    assert "Cleo" in text
    assert on_list(session) == ["Ada", "Cleo", "Dan"]
    assert session.scalar(select(Segment.list_version)) == version
    assert len(session.scalars(select(SegmentStep)).all()) == 3
    page = marketing.follow(marketing.submit(dialog, "#off-form"))
    assert on_list(session) == ["Dan"]
    assert "switched off by step 4" in page.text("#step-1")
    assert not page.tree.xpath("//li[@id='step-1' or @id='step-4']//a[contains(., 'Switch off')]")


def test_the_preview_names_who_comes_back_and_who_comes_in(session, browser, segment):
    """A3: lines removed by the step come back, contacts a later step passed over come in."""
    browser.sign_in(make_user(session, role="marketing"))
    assert "1 line comes back" in browser.get(STEPS + "3/off").text("#off-form")
    pin_contact(session, segment, "C2", "in", reason="Asked for it", by=BY)
    text = browser.get(STEPS + "1/off").text("#off-form")
    assert "2 lines go" in text


def test_a_list_that_moved_is_looked_at_again_first(session, marketing, segment):
    dialog = dialog_answer(marketing, STEPS + "1/off")
    add_line(session, segment, "C2", by=BY)
    answer = marketing.submit(dialog, "#off-form")
    assert answer.status == 409
    assert "The segment has been changed meanwhile. Look at it again before you decide." in answer.plain()
    assert "Ada" in on_list(session)


def test_a_step_is_not_switched_off_twice(session, marketing):
    marketing.submit(dialog_answer(marketing, STEPS + "1/off"), "#off-form")
    assert marketing.get(STEPS + "1/off").status == 422
    assert marketing.get(STEPS + "4/off").status == 422


# --- why (not) this person? ------------------------------------------------------------------------------------------------


def test_why_tells_every_step_and_the_value_that_decided(marketing):
    answer = dialog_answer(marketing, "/segments/S1/why/?contact=C2").text("#why-answer")
    assert "Ben C2 is not on the list." in answer
    assert "Step 1, Add contacts: added" in answer
    assert "Step 2, Add contacts: passed over: on the list already" in answer
    assert "Step 3, Reduce contacts: removed" in answer
    assert "City is Chur, asked: is Chur" in answer


def test_why_not_tells_what_was_asked(marketing):
    answer = marketing.get("/segments/S1/why/?contact=Dan").text("#why-answer")
    assert "is on the list." in answer
    assert "Step 1, Add contacts: not found" in answer
    assert "City is Lund, asked: is Bern or Chur" in answer
    assert "Step 3, Reduce contacts: left on the list" in answer


def test_a_removal_that_was_taken_back_is_still_told(session, browser, segment):
    """The step removed the line; a later one, or its switching off, brought it back."""
    pin_contact(session, segment, "C1", "in", reason="Asked for it", by=BY)
    bring_back(session, segment, get_step(session, segment, 3), by=BY)
    browser.sign_in(make_user(session, role="marketing"))
    answer = browser.get("/segments/S1/why/?contact=C2").text("#why-answer")
    assert "is on the list." in answer
    assert "Step 3, Reduce contacts: removed" in answer
    assert "Step 5, Lines brought back: brought back" in answer
    browser.submit(browser.get(STEPS + "3/off"), "#off-form")
    answer = browser.get("/segments/S1/why/?contact=C2").text("#why-answer")
    assert "Step 3, Reduce contacts: is switched off and counts no longer" in answer


def test_nobody_of_that_name_is_one_sentence(marketing):
    for fragment in (False, True):
        answer = marketing.get("/segments/S1/why/?contact=zzzz", fragment=fragment)
        assert answer.status == 200
        assert answer.plain().count("There is no contact zzzz.") == 1
    assert marketing.get("/segments/S1/why/").has("#why-form")


@pytest.mark.parametrize("typed", ["'; DROP TABLE contact; --", '" OR 1=1', "%", "_", "*", "x" * 10_000, "a\x00b"])
def test_statements_typed_for_a_person_are_values(session, marketing, typed):
    """Bad input: nothing is executed, and nobody is found or pinned by them."""
    answer = marketing.get(f"/segments/S1/why/?contact={quote(typed[:500])}")
    assert answer.status == 200
    assert "There is no contact" in answer.plain()
    dialog = dialog_answer(marketing, "/segments/S1/pins/new/out")
    refused = marketing.submit(dialog, "#pin-form", contact=typed, reason="Has left")
    assert refused.status == 422
    assert refused.one("#pin-reason").get("value") == "Has left"
    assert on_list(session) == ["Ada", "Cleo", "Dan"]


# --- pins -------------------------------------------------------------------------------------------------------------------


def test_a_contact_is_pinned_to_the_list_with_a_reason(session, marketing):
    dialog = dialog_answer(marketing, "/segments/S1/pins/new/in?contact=C2&back=lines")
    assert "Ben" in dialog.one("#pin-contact").get("value")
    refused = marketing.submit(dialog, "#pin-form", contact="C2", reason=" ")
    assert refused.status == 422
    assert "Say why" in refused.text("#pin-reason-error")
    sheet = marketing.follow(marketing.submit(refused, "#pin-form", reason="Chair <of> the board"))
    assert on_list(session) == ["Ada", "Cleo", "Dan", "Ben"]
    sign = sheet.one("//span[@class='pin-sign']")
    assert sign.get("title") == "Pinned to the list: Chair <of> the board"
    assert sign.xpath("ancestor::tr")[0].get("id") == "line-50000"
    page = marketing.get(STEPS)
    assert "Chair <of> the board" in page.text("#pins")
    assert "Pinned to the list" in page.text("#step-4")


def test_keeping_off_removes_and_the_pin_can_be_removed(session, marketing):
    dialog = dialog_answer(marketing, "/segments/S1/pins/new/out?contact=C1")
    page = marketing.follow(marketing.submit(dialog, "#pin-form", contact="C1", reason="Has left"))
    assert on_list(session) == ["Cleo", "Dan"]
    assert "Kept off the list: Has left" in page.text("#pins")
    answer = marketing.get("/segments/S1/why/?contact=C1").text("#why-answer")
    assert "Step 4, Kept off the list: kept off the list: Has left" in answer
    form = "//section[@id='pins']//form"
    values = {field.get("name"): field.get("value") for field in page.tree.xpath(f"{form}//input")}
    after = marketing.follow(marketing.post(page.action(form), values))
    assert "Nobody is pinned." in after.text("#pins")
    assert "Pin removed" in after.text("#step-5")


def test_pinning_in_view_of_a_list_that_moved_is_told(session, marketing, segment):
    """Two people change the same list: the second sees it, what was typed stays, and nothing is lost."""
    dialog = dialog_answer(marketing, "/segments/S1/pins/new/out?contact=C1")
    add_line(session, segment, "C2", by=BY)
    answer = marketing.submit(dialog, "#pin-form", contact="C1", reason="Has left")
    assert answer.status == 409
    assert "changed meanwhile" in answer.text("#pin-moved")
    assert answer.one("#pin-reason").get("value") == "Has left"
    assert "Ada" in on_list(session)
    page = marketing.follow(marketing.submit(answer, "#pin-form"))
    assert "Kept off the list: Has left" in page.text("#pins")
    assert "Ada" not in on_list(session)
    form = "//section[@id='pins']//form"
    values = {field.get("name"): field.get("value") for field in page.tree.xpath(f"{form}//input")}
    add_line(session, segment, "C3", by=BY)
    assert marketing.post(page.action(form), values).status == 409
    assert "Kept off the list" in marketing.get(STEPS).text("#pins")


def test_the_pin_of_a_contact_blocked_since_can_be_removed(session, browser, segment):
    pin_contact(session, segment, "C1", "in", reason="Asked for it", by=BY)
    browser.sign_in(make_user(session, role="marketing"))
    page = browser.get(STEPS)
    session.scalar(select(SegmentLine)).contact.privacy_blocked = True
    form = "//section[@id='pins']//form"
    values = {field.get("name"): field.get("value") for field in page.tree.xpath(f"{form}//input")}
    assert browser.post(page.action(form), values).status == 303
    assert [pin.kind for pin in session.scalars(select(SegmentPin).order_by(SegmentPin.id))] == ["in", ""]


def test_the_form_of_a_line_leads_to_why_and_pins(session, marketing, segment):
    pin_contact(session, segment, "C1", "in", reason="Asked for it", by=BY)
    form = dialog_answer(marketing, "/segments/S1/lines/10000/")
    assert "Asked for it" in form.text("#line-why")
    link = form.one("//*[@id='line-why']//a[1]").get("href")
    assert "Ada C1 is on the list." in dialog_answer(marketing, link).text("#why-answer")


# --- rights -------------------------------------------------------------------------------------------------------------------


def test_who_only_reads_sees_everything_and_changes_nothing(session, visitor, segment):
    pin_contact(session, segment, "C1", "in", reason="Asked for it", by=BY)
    visitor.sign_in(make_user(session, role="read_only"))
    page = visitor.get(STEPS)
    assert "City is Chur" in page.text("#step-3")
    assert not page.tree.xpath("//main//form[@method='post']")
    assert "Switch off" not in page.plain()
    assert "is on the list." in visitor.get("/segments/S1/why/?contact=C1").text("#why-answer")
    assert visitor.get(STEPS + "1/off").status == 403
    assert visitor.get("/segments/S1/pins/new/in").status == 403
    token = {"csrf_token": page.one("//input[@name='csrf_token']").get("value")}
    assert visitor.post(STEPS + "1/off", token).status == 403
    assert visitor.post("/segments/S1/pins/", token | {"contact": "C1", "kind": "out", "reason": "x"}).status == 403
    assert visitor.post("/segments/S1/pins/C1/delete", token).status == 403


def test_a_logged_segment_shows_its_steps_read_only(session, browser):
    user = make_user(session, role="administrator")
    people = [make_contact(session, no="C1", name="Ada")]
    logged = make_ready_segment(session, "S9", *people)
    pin_contact(session, logged, "C1", "in", reason="Asked for it", by=BY)
    log(session, logged, by=make_actor(user))
    browser.sign_in(user)
    page = browser.get(browser.get("/logged-segments/S9").one("//a[contains(@href, '/steps/')]").get("href"))
    assert "Pinned to the list" in page.text("#step-1")
    assert not page.tree.xpath("//main//form[@method='post']")
    assert "is on the list." in browser.get("/segments/S9/why/?contact=C1").text("#why-answer")
    assert browser.get("/segments/S9/steps/1/off").status == 404
