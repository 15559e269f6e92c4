"""Quick log: the same interaction with many people (issue part 5; R-I10, R-C02, B2, B12, B17)."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from domain.campaigns.models import CampaignEntry
from domain.contacts.models import Contact
from domain.errors import Forbidden, RuleViolation
from domain.interactions import quick_log as module
from domain.interactions.finish import NotComplete, UnusualDate
from domain.interactions.models import InteractionComment, InteractionLogEntry, LetterValues
from domain.interactions.quick_log import quick_log
from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_contact
from tests.factories.documents import make_letter
from tests.factories.drafts import begin
from tests.factories.interaction_templates import make_template
from tests.factories.setup import TODAY, make_actor, make_salesperson


@pytest.fixture
def by(session):
    return make_actor(salesperson_id=make_salesperson(session, "AB").id)


@pytest.fixture
def people(session):
    company = make_contact(session, "C1", name="Café du Lac", language="ENG", correspondence_type="email")
    return [
        company,
        make_contact(session, "P1", name="Luc", company=company, language="FRS"),
        make_contact(session, "P2", name="Mia", language="SVE", correspondence_type="hard_copy"),
    ]


@pytest.fixture
def template(session):
    letters = {"ENG": ("Hello", make_letter(session)), "FRS": ("Bonjour", make_letter(session))}
    return make_template(
        session, "MEET", description="Meeting", unit_cost=500, unit_duration=30, languages=letters,
        correspondence_type="fax",
    )  # fmt: skip


def everybody():
    return select(Contact.id)


def entries(session):
    session.expire_all()
    return list(session.scalars(select(InteractionLogEntry).order_by(InteractionLogEntry.entry_no)))


def test_each_contact_gets_one_entry_with_what_was_typed_and_the_template(session, by, people, template):
    campaign = make_campaign(session, "SPRING")
    draft = begin(session, None, template, by=by, campaign=campaign, duration=5, evaluation="positive", comment="Fair")
    done = quick_log(session, draft, everybody(), by=by)
    assert (done.entries, done.blocked) == (3, 0)
    made = entries(session)
    assert [one.contact_no for one in made] == ["C1", "P1", "P2"]
    assert [(one.company_no, one.company_name) for one in made] == [("C1", "Café du Lac")] * 2 + [("P2", "Mia")]
    assert {(one.description, one.cost, one.duration, one.evaluation, one.date) for one in made} == {
        ("Meeting", 500, 5, "positive", TODAY)
    }
    numbers = [one.entry_no for one in made]
    assert numbers == list(range(numbers[0], numbers[0] + 3))
    entry = session.scalars(select(CampaignEntry)).one()
    assert {one.campaign_entry_id for one in made} == {entry.id}
    assert (entry.segment_no, entry.description) == ("", "Interactions")
    remarks = session.scalars(select(InteractionComment)).all()
    assert sorted(one.entry_id for one in remarks) == sorted(one.id for one in made)
    assert {(one.text, one.user_name) for one in remarks} == {("Fair", "Tester")}


def test_it_happened_already_so_nothing_is_delivered(session, by, people, template):
    quick_log(session, begin(session, None, template, by=by), everybody(), by=by)
    assert {(one.delivery_status, one.document_id) for one in entries(session)} == {("none", None)}
    assert session.scalar(select(func.count()).select_from(LetterValues)) == 0


def test_b12_b17_language_and_correspondence_type_follow_each_contact(session, by, people, template):
    quick_log(session, begin(session, None, template, by=by), everybody(), by=by)
    assert [(one.language.code, one.correspondence_type) for one in entries(session)] == [
        ("ENG", "email"), ("FRS", "fax"), ("ENG", "hard_copy"),
    ]  # fmt: skip
    plain = make_template(session, "PLAIN", correspondence_type="email", ignore_contact_type=True)
    quick_log(session, begin(session, None, plain, by=by), everybody(), by=by)
    assert [(one.language.code, one.correspondence_type) for one in entries(session)[3:]] == [
        ("ENG", "email"), ("FRS", "email"), ("SVE", "email"),
    ]  # fmt: skip


def test_b2_blocked_contacts_and_those_of_a_blocked_company_are_left_out(session, by, people, template):
    people[0].privacy_blocked = True
    session.flush()
    done = quick_log(session, begin(session, None, template, by=by), everybody(), by=by)
    assert (done.entries, done.blocked) == (1, 2)
    assert [one.contact_no for one in entries(session)] == ["P2"]
    people[2].privacy_blocked = True
    session.flush()
    with pytest.raises(RuleViolation, match="All 3 selected contacts are blocked"):
        quick_log(session, begin(session, None, template, by=by), everybody(), by=by)


def test_b2_a_blocked_person_of_a_company_is_left_out_alone(session, by, people, template):
    person = next(one for one in people if one.company_id not in (None, one.id))
    person.privacy_blocked = True
    session.flush()
    done = quick_log(session, begin(session, None, template, by=by), everybody(), by=by)
    assert (done.entries, done.blocked) == (2, 1)
    assert person.no not in [one.contact_no for one in entries(session)]


def test_what_is_missing_is_named_at_once(session, people):
    with pytest.raises(NotComplete) as refused:
        quick_log(session, begin(session, by=make_actor(), date=None), everybody(), by=make_actor())
    assert set(refused.value.problems) == {"template", "description", "salesperson", "date"}
    assert entries(session) == []


def test_a_date_far_away_warns(session, by, people, template):
    date = TODAY - dt.timedelta(days=800)
    draft = begin(session, None, template, by=by, date=date)
    with pytest.raises(UnusualDate):
        quick_log(session, draft, everybody(), by=by)
    assert quick_log(session, draft, everybody(), accepted_date=date, by=by).entries == 3


def test_the_same_form_sent_twice_writes_once(session, by, people, template):
    draft = begin(session, None, template, by=by)
    assert quick_log(session, draft, everybody(), by=by).entries == 3
    assert quick_log(session, draft, everybody(), by=by).entries == 0
    assert len(entries(session)) == 3


def test_nobody_too_many_and_not_allowed(session, by, people, template, monkeypatch):
    draft = begin(session, None, template, by=by)
    with pytest.raises(RuleViolation, match="No contact is selected"):
        quick_log(session, draft, select(Contact.id).where(Contact.no == "X"), by=by)
    monkeypatch.setattr(module, "MOST_CONTACTS", 2)
    with pytest.raises(RuleViolation, match="Put them on a segment"):
        quick_log(session, draft, everybody(), by=by)
    with pytest.raises(Forbidden):
        quick_log(session, draft, everybody(), by=make_actor(role="read_only"))
    assert entries(session) == []
