"""Add, Reduce and Refine by criteria: the form, its preview, what is refused, what is asked, and the report."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from blueprints.segments import segment_criteria
from blueprints.web.worker import Worker
from domain.contacts.models import Contact
from domain.jobs.models import Job
from domain.segments import list_job
from domain.segments.models import SegmentLine
from domain.segments.step_models import SegmentStep
from tests.factories.classification import give_codes, make_questionnaire
from tests.factories.contacts import make_contact
from tests.factories.interaction_templates import make_template
from tests.factories.interactions import make_entry
from tests.factories.segments import make_segment
from tests.factories.setup import make_user

ADD = "/segments/S1/criteria/add/"


@pytest.fixture
def marketing(session, visitor):
    """Somebody who may edit segments, with Bern AG (Ada in Bern, Ben in Chur) and the empty segment S1."""
    bern = make_contact(session, no="C1", name="Bern AG", city="Bern", post_code="3000")
    make_contact(session, no="C2", name="Ada", company=bern, city="Bern", post_code="3001")
    make_contact(session, no="C3", name="Ben", company=bern, city="Chur", post_code="7000")
    make_segment(session, no="S1")
    visitor.sign_in(make_user(session, role="marketing"))
    return visitor


def asking(page, **typed):
    """The form of a page with some fields filled in: `contact_city="Bern"` in the first alternative."""
    values = page.form("#criteria-form")
    for name, text in typed.items():
        group, _, key = name.partition("__")
        values[f"a1-{group}-{key}" if key else group] = text
    return values


def names(session):
    """The names on the list, in the order of their lines."""
    found = session.scalars(
        select(SegmentLine).where(SegmentLine.removed_step_id.is_(None)).order_by(SegmentLine.line_no)
    )
    return [line.contact.name for line in found]


def test_contacts_are_added_in_order_with_a_step_that_tells_what_was_asked(session, marketing):
    page = marketing.get(ADD)
    marketing.post(ADD, asking(page, contact__post_code="300*"))
    assert names(session) == ["Bern AG", "Ada"]
    step = session.scalar(select(SegmentStep))
    assert (step.kind, step.found, step.changed) == ("add", 2, 2)
    assert '"post_code", "300*"' in step.filters


def test_the_preview_tells_sentence_numbers_and_people_with_their_reason(session, marketing):
    make_contact(session, name="Cut", city="Bern", post_code="3002", exclude_from_segment=True)
    make_contact(session, name="Dim", city="Bern", post_code="3003", privacy_blocked=True)
    page = marketing.get(ADD)
    marketing.post(ADD, asking(page, contact__post_code="3000"))
    seen = marketing.post(ADD + "preview/", asking(marketing.get(ADD), contact__post_code="300*")).plain()
    assert "Postcode starts with 300" in seen
    assert "+1 new, 1 already there, 1 excluded, 1 blocked" in seen
    assert "Cut Bern Excluded from segments" in seen


def test_the_report_names_those_who_were_skipped_and_why(session, marketing):
    make_contact(session, name="Cut", post_code="3002", exclude_from_segment=True)
    answer = marketing.post(ADD, asking(marketing.get(ADD), contact__post_code="300*"))
    assert "3 found, 2 added, 1 skipped." in answer.plain()
    assert "Excluded from segments" in answer.text("#criteria-report")
    assert answer.has("//a[contains(@href, '/segments/S1/steps/?step=1#step-1')]")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("contact__post_code", "(75*", "At position"),
        ("contact__post_code", "'75", "At position"),
        ("contact__no", "1..2..3", "At position"),
        ("interaction__date", ">a", "At position 2: “a” is not a date."),
        ("contact__post_code", "7" * 10_240, "A filter can have up to"),
        ("contact__type", "Robot", "is not one of the choices"),
    ],
)
def test_what_cannot_be_read_is_told_on_its_field_and_stays(session, marketing, field, typed, said):
    answer = marketing.post(ADD, asking(marketing.get(ADD), **{field: typed}))
    name = "a1-" + field.replace("__", "-")
    assert answer.status == 422
    assert said in answer.text(f"#{name}-said")
    assert answer.one(f"#{name}").get("value") == typed
    assert answer.one(f"#{name}").get("aria-invalid") == "true"
    assert names(session) == []
    live = marketing.post(ADD + "preview/", asking(marketing.get(ADD), **{field: typed}))
    assert said in live.text(f"#{name}-said")
    assert "1 filter cannot be read." in live.plain()


def test_statements_typed_as_values_are_values(session, marketing):
    typed = "'x''; DROP TABLE contact; --'|\"|%|\x00"
    answer = marketing.post(ADD, asking(marketing.get(ADD), contact__post_code=typed))
    assert answer.status in (200, 303)
    assert names(session) == []
    assert session.scalar(select(SegmentStep)).found == 0


def test_a_code_nobody_knows_is_told_and_still_runs(session, marketing):
    typed = asking(marketing.get(ADD), mailing_group__code="NOPE")
    assert "There is no NOPE." in marketing.post(ADD + "preview/", typed).text("#a1-mailing_group-code-said")
    assert marketing.post(ADD, typed).status in (200, 303)
    assert session.scalar(select(SegmentStep)).found == 0


def test_everybody_is_only_added_when_that_was_confirmed(session, marketing):
    """R-F03: no filter means all contacts."""
    question = marketing.post(ADD, asking(marketing.get(ADD)))
    assert "No filter is set: every contact is meant. This adds 3 contacts." in question.plain()
    assert names(session) == []
    marketing.post(ADD, question.form("#criteria-form") | {"do": "confirmed"})
    assert len(names(session)) == 3


def test_very_many_are_only_added_when_that_was_confirmed(session, marketing, monkeypatch):
    monkeypatch.setattr(segment_criteria, "MANY", 1)
    question = marketing.post(ADD, asking(marketing.get(ADD), contact__post_code="300*"))
    assert "This adds 2 contacts." in question.plain()
    assert names(session) == []


def test_a_filter_that_everybody_meets_says_so_and_asks(session, marketing):
    """Bad input: a filter that matches everybody, before adding a million lines."""
    for n in range(9):
        make_contact(session, name=f"P{n}", post_code="9")
    question = marketing.post(ADD, asking(marketing.get(ADD), contact__post_code="*"))
    assert "Every contact meets these filters. This adds 12 contacts." in question.plain()
    assert names(session) == []
    marketing.post(ADD, question.form("#criteria-form") | {"do": "confirmed"})
    assert len(names(session)) == 12


def test_very_many_are_added_in_the_background(application, session, marketing, monkeypatch):
    """Nobody waits on a blank page: the question says so, the page of the job shows the progress and what came of it."""
    monkeypatch.setattr(segment_criteria, "MANY", 1)
    monkeypatch.setattr(list_job, "IN_BACKGROUND", 1)
    question = marketing.post(ADD, asking(marketing.get(ADD), contact__post_code="300*"))
    assert "It goes on in the background; a page shows how far it is." in question.plain()
    queued = marketing.post(ADD, question.form("#criteria-form") | {"do": "confirmed"})
    assert "Waiting to begin" in marketing.get(queued.location).plain()
    assert names(session) == []
    with application.app_context():
        assert Worker(application).work_once()
    session.rollback()  # a new look
    assert names(session) == ["Bern AG", "Ada"]
    done = marketing.get(queued.location)
    assert "2 found, 2 added." in done.plain()
    assert done.one("//a[text()='Open']").get("href") == "/segments/S1"


def test_removing_everybody_in_the_background_ends_with_the_question_about_the_steps(
    application, session, marketing, monkeypatch
):
    """Q-05."""
    for typed in ("300*", "7000"):
        marketing.post(ADD, asking(marketing.get(ADD), contact__post_code=typed))
    monkeypatch.setattr(list_job, "IN_BACKGROUND", 1)
    reduce = "/segments/S1/criteria/reduce/"
    question = marketing.post(reduce, asking(marketing.get(reduce)))
    queued = marketing.post(reduce, question.form("#criteria-form") | {"do": "confirmed"})
    with application.app_context():
        assert Worker(application).work_once()
    session.expire_all()
    assert names(session) == []
    assert marketing.get(queued.location).one("//a[text()='Open']").get("href") == "/segments/S1/steps/reset"


def test_a_list_that_moved_before_very_many_are_queued_is_told(session, marketing, monkeypatch):
    monkeypatch.setattr(list_job, "IN_BACKGROUND", 1)
    typed = asking(marketing.get(ADD), contact__post_code="300*")
    marketing.post(ADD, asking(marketing.get(ADD), contact__post_code="7000"))
    answer = marketing.post(ADD, typed)
    assert answer.status == 409
    assert session.scalar(select(Job)) is None


def test_fields_and_alternatives_are_added_and_removed_and_nothing_is_lost(session, marketing):
    typed = asking(marketing.get(ADD), contact__post_code="7000") | {
        "a1-contact-more": "city",
        "do": "add-field:a1-contact",
    }
    page = marketing.post(ADD, typed)
    assert page.one("#a1-contact-city").get("autofocus") is not None
    typed = asking(page, contact__city="Chur") | {"do": "add-alternative"}
    page = marketing.post(ADD, typed)
    assert page.one("#a1-contact-post_code").get("value") == "7000"
    assert page.one("#a2-contact-no").get("autofocus") is not None
    typed = page.form("#criteria-form") | {"a2-contact-no": "C1"}
    told = marketing.post(ADD + "preview/", typed).plain()
    assert "Postcode is 7000, city is Chur – or – No. is C1" in told
    page = marketing.post(ADD, typed | {"do": "remove-alternative:1"})
    assert not page.has("#a1-contact-no")
    assert page.one("#a2-contact-no").get("value") == "C1"
    marketing.post(ADD, page.form("#criteria-form"))
    assert names(session) == ["Bern AG"]


def test_there_are_five_alternatives_at_most(session, marketing):
    page = marketing.get(ADD)
    for _ in range(4):
        assert page.has("//button[@value='add-alternative']")
        page = marketing.post(ADD, page.form("#criteria-form") | {"do": "add-alternative"})
    assert not page.has("//button[@value='add-alternative']")


def test_a_group_is_turned_round_by_its_switch(session, marketing):
    give_codes(session, contact(session, "C2"), "mailing_group", "VIP")
    typed = asking(marketing.get(ADD), mailing_group__code="VIP", mailing_group__absent="1")
    assert "Has no mailing group: mailing group is VIP" in marketing.post(ADD + "preview/", typed).plain()
    marketing.post(ADD, typed)
    assert names(session) == ["Bern AG", "Ben"]


def test_answers_are_ticked_by_question(session, marketing):
    """contacts.md 3.1: answers to one question are alternatives."""
    make_questionnaire(session, "SIZE")
    typed = asking(marketing.get(ADD)) | {"a1-answer": ["SIZE:20000", "SIZE:30000"]}
    marketing.post(ADD, typed)
    assert '["questionnaire", "SIZE"], ["line_no", "20000|30000"]' in session.scalar(select(SegmentStep)).filters


def test_cancelled_interactions_do_not_count_unless_said_so(session, marketing):
    """contacts.md 3.1: No by default, changeable, and no filter on its own."""
    template = make_template(session, "BUS")
    make_entry(session, contact(session, "C2"), template=template)
    make_entry(session, contact(session, "C3"), template=template, canceled=True)
    page = marketing.get(ADD)
    assert page.one("#a1-interaction-canceled").get("value") == "No"
    assert "+1 new" in marketing.post(ADD + "preview/", asking(page, interaction__template="BUS")).plain()
    both = asking(page, interaction__template="BUS", interaction__canceled="")
    assert "+2 new" in marketing.post(ADD + "preview/", both).plain()


def test_a_list_that_moved_meanwhile_is_told_and_what_was_typed_stays(session, marketing):
    typed = asking(marketing.get(ADD), contact__post_code="300*")
    marketing.post(ADD, asking(marketing.get(ADD), contact__post_code="7000"))
    answer = marketing.post(ADD, typed)
    assert answer.status == 409
    assert "The list has changed meanwhile: look at the preview again." in answer.plain()
    assert answer.one("#a1-contact-post_code").get("value") == "300*"
    assert names(session) == ["Ben"]
    marketing.post(ADD, answer.form("#criteria-form"))
    assert names(session) == ["Ben", "Bern AG", "Ada"]


def test_reduce_and_refine(session, marketing):
    marketing.post(ADD, asking(marketing.get(ADD), contact__no="C*"))
    reduce, refine = "/segments/S1/criteria/reduce/", "/segments/S1/criteria/refine/"
    typed = asking(marketing.get(reduce), contact__city="Chur")
    assert "1 goes, 2 stay" in marketing.post(reduce + "preview/", typed).plain()
    marketing.post(reduce, typed)
    assert names(session) == ["Bern AG", "Ada"]
    marketing.post(refine, asking(marketing.get(refine), contact__city="Chur", entire_companies="1"))
    assert names(session) == ["Bern AG", "Ada"]
    answer = marketing.post(refine, asking(marketing.get(refine), contact__type="Person"))
    assert names(session) == ["Ada"]
    assert answer.status in (200, 303)


def test_emptying_the_list_asks_whether_to_start_afresh(session, marketing):
    """Q-05."""
    marketing.post(ADD, asking(marketing.get(ADD), contact__no="C*"))
    reduce = "/segments/S1/criteria/reduce/"
    answer = marketing.post(reduce, asking(marketing.get(reduce), contact__no="C*"))
    assert names(session) == []
    assert "The segment is empty now" in (answer if answer.status == 200 else marketing.follow(answer)).plain()


def test_criteria_have_an_address(session, marketing):
    page = marketing.get(ADD + "?a1-contact-post_code=300*&expand_companies=1")
    assert page.one("#a1-contact-post_code").get("value") == "300*"
    assert "+2 new" in page.plain() or "+3 new" in page.plain()


def test_filters_are_typed_in_the_language_of_the_user(session, marketing):
    marketing.sign_in(make_user(session, role="marketing", locale="fr_CH"))
    page = marketing.get(ADD)
    assert page.one("#a1-interaction-canceled").get("value") == "Non"
    told = marketing.post(ADD + "preview/", asking(page, contact__type="Personne")).plain()
    assert "+2 nouveaux" in told


def test_only_who_may_edit_segments_comes_here(session, marketing):
    typed = asking(marketing.get(ADD), contact__no="C1")
    marketing.sign_in(make_user(session, role="read_only"))
    assert marketing.get(ADD).status == 403
    assert marketing.post(ADD + "preview/", typed).status == 403
    assert marketing.post(ADD, typed).status == 403
    assert names(session) == []


def contact(session, no):
    """The contact with this number."""
    return session.scalar(select(Contact).where(Contact.no == no))
