"""What a contact is classified by, on its card: codes to tick, questions to answer."""

from __future__ import annotations

from sqlalchemy import select

from domain.contacts.classification.assign import change_codes, codes_of
from domain.contacts.classification.kinds import MAILING_GROUPS
from domain.contacts.classification.models import ContactProfileAnswer
from domain.contacts.classification.profiles import answer_questions
from domain.contacts.models import Contact
from tests.factories.classification import give_codes, make_code, make_questionnaire
from tests.factories.contacts import make_contact
from tests.factories.setup import make_actor
from tests.pages.contacts.test_card import save

BY = make_actor()


def lists(card):
    return [" ".join(cell.text_content().split()) for cell in card.tree.xpath("//*[@id='classification-list']//td[1]")]


def card_after(visitor, answer, no):
    return answer if answer.status == 200 else visitor.follow(answer)


def codes(session, no):
    contact = session.scalars(select(Contact).where(Contact.no == no)).one()
    return [one.code for one in codes_of(session, contact)["mailing_group"]]


def test_the_card_shows_what_companies_and_what_persons_have(session, signed_in):
    company = make_contact(session, "C1", name="Acme")
    make_contact(session, "P1", company=company, name="Ann Berg")
    make_contact(session, "P2", type="person")
    give_codes(session, company, "business_relation", "CUST")
    assert lists(signed_in.get("/contacts/C1/")) == ["Mailing groups", "Industry groups", "Business relations"]
    person = signed_in.get("/contacts/P1/")
    assert lists(person) == ["Mailing groups", "Industry groups", "Job responsibilities", "Business relations"]
    assert "CUST (of the company)" in person.text("#classification")
    assert not person.has("#codes-business_relation")
    assert lists(signed_in.get("/contacts/P2/")) == ["Mailing groups", "Job responsibilities"]
    assert signed_in.get("/contacts/P1/codes/business_relation/").status == 404
    assert signed_in.get("/contacts/P1/codes/territory/").status == 404


def test_codes_are_ticked_and_unticked(session, signed_in):
    contact = make_contact(session, "C1")
    give_codes(session, contact, "mailing_group", "A", "B")
    make_code(session, "mailing_group", "C", description="Catalogue")
    dialog = signed_in.get("/contacts/C1/codes/mailing_group/", fragment=signed_in.htmx)
    answer = signed_in.submit(dialog, "#codes-dialog", code=["B", "C"])
    assert codes(session, "C1") == ["B", "C"]
    card = card_after(signed_in, answer, "C1")
    assert card.text("#count-mailing_group") == "2"
    assert "C Catalogue" in card.text("#classification")


def test_what_somebody_else_ticked_meanwhile_stays(session, signed_in):
    """B26: the two sets of changes do not touch each other."""
    contact = make_contact(session, "C1")
    give_codes(session, contact, "mailing_group", "A", "B")
    make_code(session, "mailing_group", "C")
    make_code(session, "mailing_group", "D")
    dialog = signed_in.get("/contacts/C1/codes/mailing_group/", fragment=signed_in.htmx)
    change_codes(session, contact, MAILING_GROUPS, add=["C"], remove=["B"], by=BY)
    signed_in.submit(dialog, "#codes-dialog", code=["B", "D"])
    assert codes(session, "C1") == ["C", "D"]


def test_a_code_deleted_meanwhile_is_refused_and_the_other_ticks_stay(session, signed_in):
    make_contact(session, "C1")
    make_code(session, "mailing_group", "A")
    gone = make_code(session, "mailing_group", "GONE")
    dialog = signed_in.get("/contacts/C1/codes/mailing_group/", fragment=signed_in.htmx)
    session.delete(gone)
    answer = signed_in.submit(dialog, "#codes-dialog", code=["A", "GONE"])
    assert answer.status == 422
    assert "There is no code GONE in this list." in answer.plain()
    assert answer.form("#codes-dialog")["code"] == "A"
    assert codes(session, "C1") == []


def test_level_and_territory_are_fields_of_the_card(session, signed_in):
    make_contact(session, "P1", type="person")
    level, north = make_code(session, "organizational_level", "CEO"), make_code(session, "territory", "NORTH")
    save(signed_in, "P1", organizational_level_id=str(level.id), territory_id=str(north.id))
    contact = session.scalars(select(Contact)).one()
    assert (contact.organizational_level_id, contact.territory_id) == (level.id, north.id)
    assert not signed_in.get(f"/contacts/{make_contact(session, 'C1').no}/").has("#organizational_level_id")


def answers(session):
    return sorted(session.scalars(select(ContactProfileAnswer.answer_id)))


def test_questions_are_answered(session, signed_in):
    made = make_questionnaire(session)
    make_contact(session, "C1")
    one, several = made.questions
    dialog = signed_in.get("/contacts/C1/profile/SIZE/", fragment=signed_in.htmx)
    values = {"q-10000": "20000", "q-40000": ["50000", "60000"]}
    card = card_after(signed_in, signed_in.submit(dialog, "#profile-dialog", **values), "C1")
    assert answers(session) == sorted([one.answers[0].id, several.answers[0].id, several.answers[1].id])
    assert "How many people?Few" in card.text("#profile-1")
    assert "2 of 2 answered" in card.text("#profile-1")
    dialog = signed_in.get("/contacts/C1/profile/SIZE/", fragment=signed_in.htmx)
    signed_in.submit(dialog, "#profile-dialog", **{"q-10000": "", "q-40000": "60000"})
    assert answers(session) == [several.answers[1].id]


def test_the_same_question_answered_by_two_is_a_conflict_and_another_one_is_not(session, signed_in):
    made, contact = make_questionnaire(session), make_contact(session, "C1")
    dialog = signed_in.get("/contacts/C1/profile/SIZE/", fragment=signed_in.htmx)
    answer_questions(session, contact, made, add={10_000: {20_000}, 40_000: {50_000}}, remove={}, by=BY)
    answer = signed_in.submit(dialog, "#profile-dialog", **{"q-10000": "30000", "q-40000": "60000"})
    assert answer.status == 409
    assert "Few" in answer.text("#q-10000-error")
    assert not answer.has("#q-40000-error")
    signed_in.submit(answer, "#profile-dialog")
    one, several = made.questions
    assert answers(session) == sorted([one.answers[1].id, several.answers[0].id, several.answers[1].id])


def test_an_answer_that_is_gone_is_refused(session, signed_in):
    make_questionnaire(session)
    make_contact(session, "C1")
    dialog = signed_in.get("/contacts/C1/profile/SIZE/", fragment=signed_in.htmx)
    for wrong in ("99999", "x", "9" * 30):
        answer = signed_in.submit(dialog, "#profile-dialog", **{"q-10000": wrong})
        assert answer.status == 422
        assert "This answer no longer exists." in answer.plain()
    assert answers(session) == []


def test_minors_and_contacts_of_another_type_are_not_asked(session, signed_in):
    make_questionnaire(session, contact_type="company")
    make_contact(session, "P1", type="person")
    make_contact(session, "C1", minor=True)
    assert "No questionnaire is for this contact." in signed_in.get("/contacts/P1/").text("#profiles")
    minor = signed_in.get("/contacts/C1/")
    assert "No profile is kept of minors." in minor.text("#profiles")
    assert not minor.has("//*[@id='profiles']//a")
    dialog = signed_in.get("/contacts/C1/profile/SIZE/", fragment=signed_in.htmx)
    answer = signed_in.submit(dialog, "#profile-dialog", **{"q-10000": "20000"})
    assert answer.status == 422
    assert answers(session) == []


def test_readers_see_codes_and_answers_and_change_none(session, reader):
    contact = make_contact(session, "C1")
    give_codes(session, contact, "mailing_group", "A")
    answer_questions(session, contact, make_questionnaire(session), add={10_000: {20_000}}, remove={}, by=BY)
    card = reader.get("/contacts/C1/")
    assert "A" in card.text("#classification")
    assert "Few" in card.text("#profiles")
    assert not card.has(
        "//*[@id='classification' or @id='profiles']//a[contains(@href,'/codes/') or contains(@href,'/profile/')]"
    )
    for url in ("/contacts/C1/codes/mailing_group/", "/contacts/C1/profile/SIZE/"):
        assert reader.get(url).status == 403
        token = {"csrf_token": card.one("//input[@name='csrf_token']").get("value")}
        assert reader.post(url, token).status == 403
