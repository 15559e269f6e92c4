"""Setup pages of what contacts are classified by: six lists of codes, questionnaires."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from blueprints.setup.classification import PAGES
from domain.contacts.classification.codes import find_code
from domain.contacts.classification.kinds import MAILING_GROUPS
from domain.contacts.classification.models import ProfileQuestionnaire
from domain.contacts.classification.profiles import answer_questions
from domain.contacts.classification.questionnaires import get_questionnaire
from tests.factories.classification import give_codes, make_code, make_questionnaire
from tests.factories.contacts import make_contact
from tests.factories.setup import make_actor, make_office, make_user


@pytest.fixture
def marketing(session, visitor):
    make_office(session)
    return visitor.sign_in(make_user(session, role="marketing"))


def done(answer):
    assert answer.status in (200, 204, 303), answer.plain()[:2000]
    return answer


def confirmed(visitor, url):
    question = visitor.get(url, fragment=visitor.htmx)
    return visitor.submit(question, f"//form[@action='{url}']")


@pytest.mark.parametrize("pages", PAGES, ids=lambda pages: pages.name)
def test_a_code_is_made_changed_and_deleted(session, marketing, pages):
    url = f"/setup/{pages.name.replace('_', '-')}/"
    assert marketing.get(url).text("//h1") == str(pages.title)
    done(marketing.submit(marketing.get(f"{url}new"), "#card-form", code="cards", description="Cards"))
    made = find_code(session, pages.kind, "CARDS")
    assert made.description == "Cards"
    done(marketing.submit(marketing.get(f"{url}CARDS/"), "#card-form", description="Greetings"))
    session.refresh(made)
    assert made.description == "Greetings"
    again = marketing.submit(marketing.get(f"{url}new"), "#card-form", code="CARDS")
    assert again.status == 422
    assert "already a code CARDS" in again.text("#code-error")
    done(confirmed(marketing, f"{url}CARDS/delete"))
    assert find_code(session, pages.kind, "CARDS") is None


def test_two_who_change_the_same_description_are_told(session, marketing):
    made = make_code(session, "mailing_group", "A", description="Old")
    page = marketing.get("/setup/mailing-groups/A/")
    made.description = "Theirs"
    answer = marketing.submit(page, "#card-form", description="Mine")
    assert answer.status == 409
    assert "Theirs" in answer.text("#description-error")
    done(marketing.submit(answer, "#card-form"))
    session.refresh(made)
    assert made.description == "Mine"


def test_a_code_in_use_counts_its_contacts_leads_to_them_and_is_not_deleted(session, marketing):
    company = make_contact(session, "C1", name="Acme")
    make_contact(session, "P1", company=company, name="Ann Berg")
    make_contact(session, "C2", name="Beta")
    give_codes(session, company, "industry_group", "PRESS")
    page = marketing.get("/setup/industry-groups/")
    drill = page.one("//td//a[@class='drill']")
    assert drill.text_content() == "1"
    listed = marketing.get(drill.get("href"))
    assert [a.text_content() for a in listed.tree.xpath("//table[@id='contacts']//a[@class='row-link']")] == ["Acme"]
    question = marketing.get("/setup/industry-groups/PRESS/delete", fragment=marketing.htmx)
    assert "used by 1 contact." in question.plain()
    assert not question.has("//form[contains(@action,'delete')]")
    token = {"csrf_token": page.one("//input[@name='csrf_token']").get("value")}
    assert marketing.post("/setup/industry-groups/PRESS/delete", token).status == 422


def test_readers_look_and_do_not_change(session, visitor):
    make_code(session, "mailing_group", "A")
    make_questionnaire(session)
    visitor.sign_in(make_user(session, role="salesperson"))
    for url, name in (("/setup/mailing-groups/", "A"), ("/setup/questionnaires/", "SIZE")):
        assert not visitor.get(url).has("//a[contains(@href,'/new')]")
        card = visitor.get(f"{url}{name}/")
        assert card.has("//fieldset[@disabled]")
        assert not card.has("//main//a[contains(@href,'/new') or contains(@href,'/delete')]")
        assert visitor.get(f"{url}new").status == 403
        token = {"csrf_token": card.one("//input[@name='csrf_token']").get("value")}
        for change in ("", f"{name}/", f"{name}/delete"):
            assert visitor.post(f"{url}{change}", token | {"code": "X"}).status == 403
    assert find_code(session, MAILING_GROUPS, "A")


def test_a_questionnaire_is_built_without_leaving_its_page(session, marketing):
    done(
        marketing.submit(marketing.get("/setup/questionnaires/new"), "#card-form", code="size", contact_type="company")
    )
    base = "/setup/questionnaires/SIZE/"

    def add(url, action, **values):
        dialog = marketing.get(f"{base}{url}", fragment=marketing.htmx)
        return done(marketing.submit(dialog, f"//form[@action='{base}{action}']", **values))

    add("questions/new", "questions/", description="How many?", multiple_answers="1")
    add("questions/10000/answers/new", "questions/10000/answers/", description="Few")
    add("questions/10000/answers/new", "questions/10000/answers/", description="Many", priority="0")
    add("questions/10000/", "questions/10000/", description="How many people?")
    add("answers/20000/", "answers/20000/", description="A few")
    page = marketing.get(base)
    assert page.text("#question-10000") == "How many people?"
    done(marketing.submit(page, f"//form[@action='{base}answers/20000/move']"))
    found = get_questionnaire(session, "SIZE")
    assert [(a.description, a.priority) for a in found.questions[0].answers] == [("Many", 0), ("A few", 2)]
    assert found.contact_type == "company"
    done(confirmed(marketing, f"{base}answers/30000/delete"))
    done(confirmed(marketing, f"{base}questions/10000/delete"))
    done(confirmed(marketing, f"{base}delete"))
    assert session.scalar(select(ProfileQuestionnaire)) is None


def test_a_blank_question_or_answer_is_refused_in_its_dialog(session, marketing):
    make_questionnaire(session)
    for url, action in (
        ("questions/new", "questions/"),
        ("questions/10000/answers/new", "questions/10000/answers/"),
        ("answers/20000/", "answers/20000/"),
    ):
        base = "/setup/questionnaires/SIZE/"
        dialog = marketing.get(f"{base}{url}", fragment=marketing.htmx)
        answer = marketing.submit(dialog, f"//form[@action='{base}{action}']", description=" ")
        assert answer.status == 422
        assert answer.has("#description-error")


def test_answers_of_contacts_are_counted_and_guard_the_question(session, marketing):
    made, contact = make_questionnaire(session), make_contact(session, "C1", name="Acme")
    answer_questions(session, contact, made, add={10_000: {20_000}}, remove={}, by=make_actor())
    page = marketing.get("/setup/questionnaires/SIZE/")
    drill = page.one("//a[contains(@href,'SIZE:20000') or contains(@href,'SIZE%3A20000')]")
    assert drill.text_content() == "1"
    for link in (drill.get("href"), "/contacts/?answer=SIZE"):
        assert "Acme" in marketing.get(link).plain()
    assert "Acme" not in marketing.get("/contacts/?answer=SIZE:30000").text("#contacts")
    for line in ("questions/10000", "answers/20000"):
        question = marketing.get(f"/setup/questionnaires/SIZE/{line}/delete", fragment=marketing.htmx)
        assert "has 1 answer of a contact." in question.plain()
        assert not question.has("//form[contains(@action,'delete')]")


def test_lines_that_are_gone_are_not_found(session, marketing):
    make_questionnaire(session)
    base = "/setup/questionnaires/SIZE/"
    for url in ("questions/20000/", "answers/10000/", "answers/99999999999999999999/", "questions/1/answers/new"):
        assert marketing.get(base + url).status == 404
