"""Saving, finding, renaming and reusing criteria and logged segments, as a browser and as HTMX."""

from urllib.parse import quote

import pytest
from sqlalchemy import func, select

from blueprints.segments import reuse_words
from blueprints.web.worker import Worker
from domain.contacts.models import Contact
from domain.segments import list_job
from domain.segments.add_contacts import add_by_criteria
from domain.segments.criteria import Criteria, GroupFilter
from domain.segments.models import Segment, SegmentLine
from domain.segments.saved_criteria import save_criteria
from domain.segments.saved_criteria_models import SavedCriteria, SavedCriteriaStep
from tests.factories.contacts import make_contact
from tests.factories.interactions import make_entry, make_logged_segment
from tests.factories.segments import make_segment
from tests.factories.setup import make_actor, make_number_series, make_user

BY = make_actor()


def of_city(city):
    return Criteria(((GroupFilter("contact", (("city", city),)),),), "en")


@pytest.fixture
def marketing(session, visitor):
    """A visitor who may edit segments; S1 has one step that added one of two people, S2 none."""
    make_contact(session, "P1", type="person", name="Ada", city="Bern")
    make_contact(session, "P2", type="person", name="Bo", city="Chur")
    add_by_criteria(session, make_segment(session, no="S1"), of_city("Bern"), by=BY)
    make_segment(session, no="S2")
    return visitor.sign_in(make_user(session, role="marketing"))


@pytest.fixture
def bern(session, marketing):
    segment = session.scalar(select(Segment).where(Segment.no == "S1"))
    return save_criteria(session, segment, "BERN", "People of Bern", by=BY)


def lines(session, no):
    counted = select(func.count()).select_from(SegmentLine).join(Segment, Segment.id == SegmentLine.segment_id)
    return session.scalar(counted.where(Segment.no == no, SegmentLine.removed_step_id.is_(None)))


def test_criteria_are_saved_and_stand_under_their_code(session, marketing):
    page = marketing.get("/segments/S1/save-criteria/")
    saved = marketing.submit(page, "#save-criteria-form", code="bern", description="People of Bern")
    assert saved.location == "/criteria/BERN/"
    card = marketing.follow(saved)
    assert "City" in card.text("#steps")
    assert "Bern" in card.text("#steps")
    assert "BERN" in marketing.get("/criteria/").text("#saved-criteria-table")


@pytest.mark.parametrize(("code", "sentence"), [("", "Enter a code"), ("BERN", "BERN already"), ("X" * 11, "10")])
def test_what_is_wrong_with_a_code_stands_on_its_field(session, bern, marketing, code, sentence):
    """E-K02, E-K03; what was typed stays."""
    page = marketing.get("/segments/S1/save-criteria/")
    answer = marketing.submit(page, "#save-criteria-form", code=code, description="Mine")
    assert answer.status == 422
    assert sentence in answer.text("#criteria-code-error")
    assert answer.one("#criteria-description").get("value") == "Mine"


def test_without_steps_there_is_nothing_to_save(session, marketing):
    """E-K01."""
    page = marketing.get("/segments/S2/save-criteria/")
    answer = marketing.submit(page, "#save-criteria-form", code="NONE")
    assert answer.status == 422
    assert "no steps" in answer.plain()
    assert not marketing.get("/segments/S2").has("//a[contains(@href, 'save-criteria')]")


def test_reused_criteria_report_what_each_step_has_done(session, bern, marketing):
    make_contact(session, "P3", type="person", name="Cy", city="Bern", privacy_blocked=True)
    page = marketing.get("/segments/S2/reuse/criteria")
    done = marketing.submit(page, "#reuse-form", key="BERN · People of Bern")
    report = marketing.follow(done)
    cells = [cell.text_content().strip() for cell in report.tree.xpath("//table[@id='steps']//tbody//td")]
    assert cells == ["1", "Add contacts", "2", "+1", "", "1 skipped"]
    assert lines(session, "S2") == 1
    card = marketing.get("/criteria/BERN/")
    assert card.one("//table[@id='uses']//a").get("href") == "/segments/S2"


def test_a_segment_with_steps_is_asked_first(session, bern, marketing):
    """R-RC01: nothing happens until the question is answered."""
    page = marketing.get("/segments/S1/reuse/criteria")
    make_contact(session, "P4", type="person", name="Di", city="Bern")
    question = marketing.submit(page, "#reuse-form", key="BERN")
    assert "This segment has 1 step already. Reuse all the same?" in question.plain()
    assert lines(session, "S1") == 1
    marketing.submit(question, "//form[.//input[@name='confirmed']]")
    assert lines(session, "S1") == 2


def of_everybody(session):
    """Saved criteria that mean every contact."""
    segment = make_segment(session, no="S8")
    add_by_criteria(session, segment, Criteria(), by=BY)
    return save_criteria(session, segment, "ALL", "Everybody", by=BY)


@pytest.mark.parametrize("origin", ["segment", "card"])
def test_criteria_that_find_everybody_say_so_and_ask(session, marketing, origin):
    """Bad input: said before a million lines are added, on reuse and on a new segment too."""
    of_everybody(session)
    if origin == "segment":
        page = marketing.get("/segments/S2/reuse/criteria")
        question = marketing.submit(page, "#reuse-form", key="ALL")
        no = "S2"
    else:
        question = marketing.submit(marketing.get("/criteria/ALL/"), "//form[contains(@action, 'new-segment')]")
        no = "SM00001"
    assert "Step 1 finds every contact there is.2 contacts or lines are gone through." in question.plain()
    assert not lines(session, no)
    done = marketing.submit(question, "//form[.//input[@name='confirmed']]")
    assert f"/segments/{no}/reuse/result" in done.location
    assert lines(session, no) == 2


@pytest.mark.parametrize("what", ["criteria", "logged", "card"])
def test_very_many_are_reused_in_the_background(application, session, bern, marketing, monkeypatch, what):
    """Nobody waits on a blank page; the job leads to the report."""
    monkeypatch.setattr(list_job, "IN_BACKGROUND", 0)
    monkeypatch.setattr(reuse_words, "MANY", 0)
    make_entry(session, make_contact(session), logged_segment=make_logged_segment(session, "L1"))
    no = "SM00001" if what == "card" else "S2"
    if what == "card":
        question = marketing.submit(marketing.get("/criteria/BERN/"), "//form[contains(@action, 'new-segment')]")
    else:
        page = marketing.get(f"/segments/S2/reuse/{what}")
        question = marketing.submit(page, "#reuse-form", key="L1" if what == "logged" else "BERN")
    assert "1 contact or line is gone through.It goes on in the background" in question.plain()
    queued = marketing.submit(question, "//form[.//input[@name='confirmed']]")
    assert "Waiting to begin" in marketing.get(queued.location).plain()
    assert lines(session, no) == 0
    with application.app_context():
        assert Worker(application).work_once()
    session.rollback()  # a new look
    assert lines(session, no) == 1
    report = marketing.get(queued.location).one("//a[text()='Open']").get("href")
    assert marketing.get(report).text("//table[@id='steps']//tbody").startswith("1")


@pytest.mark.parametrize("what", ["criteria", "logged"])
def test_a_list_that_moved_while_somebody_chose_is_told(session, bern, marketing, what):
    """Two people change the same list: the second sees it, with what was chosen, and may go on."""
    make_entry(session, make_contact(session), logged_segment=make_logged_segment(session, "L1"))
    page = marketing.get(f"/segments/S2/reuse/{what}")
    segment = session.scalar(select(Segment).where(Segment.no == "S2"))
    segment.list_version += 1
    key = "L1" if what == "logged" else "BERN"
    answer = marketing.submit(page, "#reuse-form", key=key)
    assert answer.status == 409
    assert "changed meanwhile" in answer.text("#reuse-key-error")
    assert lines(session, "S2") == 0
    assert marketing.submit(answer, "#reuse-form").status in (204, 303)
    assert lines(session, "S2") == 1


@pytest.mark.parametrize(("what", "typed"), [("criteria", ""), ("criteria", "NONE"), ("logged", ""), ("logged", "L9")])
def test_what_is_not_there_is_said_on_the_field(session, marketing, what, typed):
    page = marketing.get(f"/segments/S2/reuse/{what}")
    answer = marketing.submit(page, "#reuse-form", key=typed)
    assert answer.status == 422
    assert answer.has("#reuse-key-error")
    assert answer.one("#reuse-key").get("value") == typed


def test_criteria_whose_field_has_gone_are_told_in_one_sentence(session, bern, marketing):
    """Bad input: the step is named, wherever they would be used; nothing is done or lost."""
    step = session.scalar(select(SavedCriteriaStep))
    step.filters = step.filters.replace('"city"', '"telex"')
    session.flush()
    said = "Step 1 of the criteria BERN: There is no field “telex” to filter by."
    answer = marketing.submit(marketing.get("/segments/S2/reuse/criteria"), "#reuse-form", key="BERN")
    assert answer.status == 422
    assert said in answer.text("#reuse-key-error")
    card = marketing.get("/criteria/BERN/")
    assert "There is no field “telex” to filter by." in card.text("#steps")
    refused = marketing.submit(card, "//form[contains(@action, 'new-segment')]")
    assert refused.status == 422
    assert said in refused.plain()
    assert session.scalar(select(func.count()).select_from(Segment)) == 2
    assert lines(session, "S2") == 0


HOSTILE = ["'; DROP TABLE contact; --", '" OR 1=1 --', "<script>alert(1)</script>", "%", "\\", "x" * 10_000, "a\x00b"]


@pytest.mark.parametrize("typed", HOSTILE)
@pytest.mark.parametrize("what", ["criteria", "logged"])
def test_statements_typed_as_a_choice_are_values(session, bern, marketing, what, typed):
    """Bad input: nothing is executed, one sentence; look-ups find nothing by them."""
    make_logged_segment(session, "L1")
    page = marketing.get(f"/segments/S2/reuse/{what}")
    answer = marketing.submit(page, "#reuse-form", key=typed)
    assert answer.status == 422
    assert answer.text("#reuse-key-error")
    assert not answer.tree.xpath("//script[contains(., 'alert')]")
    assert marketing.get(f"/segments/S2/reuse/look-up/{what}?q={quote(typed[:100])}").status == 200
    assert session.scalar(select(func.count()).select_from(Contact)) == 2


def test_look_ups_offer_criteria_and_logged_segments(session, bern, marketing):
    make_logged_segment(session, "L1", description="Spring")
    assert "People of Bern" in marketing.get("/segments/S2/reuse/look-up/criteria?q=be").plain()
    assert "Spring" in marketing.get("/segments/S2/reuse/look-up/logged?q=spr").plain()


@pytest.mark.parametrize("origin", ["segment", "logged segment"])
@pytest.mark.parametrize(("without", "expected"), [("1", 1), (None, 2)])
def test_a_logged_segment_is_reused_with_or_without_cancelled_interactions(
    session, marketing, origin, without, expected
):
    """B7, from the segment and from the logged segment's page."""
    logged = make_logged_segment(session, "L1")
    ada, bo = make_contact(session, "P8", name="Eve"), make_contact(session, "P9", name="Fay")
    make_entry(session, ada, logged_segment_id=logged.id)
    make_entry(session, bo, logged_segment_id=logged.id, canceled=True)
    if origin == "segment":
        page = marketing.get("/segments/S2/reuse/logged")
        done = marketing.submit(page, "#reuse-form", key="L1", without_canceled=without)
    else:
        page = marketing.get("/logged-segments/L1/reuse")
        done = marketing.submit(page, "#reuse-form", segment="S2", without_canceled=without)
    assert "/segments/S2/reuse/result" in done.location
    assert lines(session, "S2") == expected


def test_a_new_segment_is_made_from_criteria(session, bern, marketing):
    make_number_series(session, "SEG", "N001")
    card = marketing.get("/criteria/BERN/")
    done = marketing.submit(card, "//form[contains(@action, 'new-segment')]")
    assert marketing.follow(done).has("#steps")
    made = session.scalar(select(Segment).where(Segment.no.not_in(["S1", "S2"])))
    assert made.description == "People of Bern"
    assert lines(session, made.no) == 1


def test_criteria_are_renamed_and_two_people_see_both_values(session, bern, marketing):
    """B26."""
    page = marketing.get("/criteria/BERN/")
    bern.description = "Theirs"
    answer = marketing.submit(page, "#card-form", code="BE", description="Mine")
    assert answer.status == 409
    assert "Theirs" in answer.plain()
    marketing.submit(answer, "#card-form")
    session.refresh(bern)
    assert (bern.code, bern.description) == ("BE", "Mine")


def test_criteria_are_deleted_after_a_question(session, bern, marketing):
    question = marketing.get("/criteria/BERN/delete")
    assert "keep their lists" in question.plain()
    marketing.submit(question, "//form[@action='/criteria/BERN/delete']")
    assert session.scalar(select(SavedCriteria)) is None


def test_who_may_only_read_sees_criteria_and_changes_nothing(session, bern, visitor):
    visitor.sign_in(make_user(session, role="read_only"))
    card = visitor.get("/criteria/BERN/")
    assert card.has("//fieldset[@disabled]")
    assert not card.has("//form[contains(@action, 'new-segment')]")
    token = card.form("#card-form")["csrf_token"]
    for url in ("/criteria/BERN/delete", "/criteria/BERN/new-segment", "/segments/S2/reuse/criteria"):
        assert visitor.post(url, {"csrf_token": token, "key": "BERN"}).status == 403
    assert lines(session, "S2") == 0
