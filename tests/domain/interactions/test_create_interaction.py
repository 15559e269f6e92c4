"""Single interactions: what they begin with, what counts, what is missing, what finishing writes (segments.md 6.1-6.3)."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from docx import Document as WordDocument
from sqlalchemy import func, select

from domain.campaigns.models import CampaignEntry
from domain.contacts.edit import edit_contact
from domain.errors import Conflict, Forbidden, RuleViolation
from domain.interactions.beginning import begin_interaction, change_draft, next_minute, take_template_values
from domain.interactions.draft_letter import letter_of_draft
from domain.interactions.draft_models import InteractionDraft
from domain.interactions.entries import comments_of
from domain.interactions.finish import NotComplete, UnusualDate, finish_interaction
from domain.interactions.letters import letter_of_entry
from domain.interactions.models import InteractionComment, InteractionLogEntry, LetterValues, LoggedSegmentValues
from domain.interactions.worked_out import work_out
from domain.messages import say
from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_alt_address, make_contact, make_setup
from tests.factories.documents import make_document, make_letter
from tests.factories.drafts import begin, form_key, make_draft
from tests.factories.interaction_templates import make_template
from tests.factories.setup import NOW, TODAY, make_actor, make_language, make_office, make_salesperson, make_user


@pytest.fixture
def anna(session):
    return make_salesperson(session, "AB", name="Anna Berg")


@pytest.fixture
def by(anna):
    return make_actor(salesperson_id=anna.id)


@pytest.fixture
def lake(session):
    company = make_contact(session, "C1", name="Café du Lac", email="info@lac.example")
    return make_contact(session, "P1", name="Luc Morel", company=company, email="luc@lac.example", language="FRS")


def problems(session, draft, by):
    with pytest.raises(NotComplete) as refused:
        finish_interaction(session, draft, by=by)
    return {field: str(message) for field, message in refused.value.problems.items()}


def entries(session):
    return list(session.scalars(select(InteractionLogEntry).order_by(InteractionLogEntry.entry_no)))


# --- beginning -------------------------------------------------------------------------------------------------------


def test_r_i02_it_begins_on_the_work_date_at_the_next_full_minute_and_successful(session, by):
    make_office(session)
    day = make_actor(work_date=dt.date(2026, 11, 20), now=NOW.replace(second=12))
    draft = begin_interaction(session, form_key=form_key(), by=day)
    assert (draft.date, draft.time, draft.attempt_failed) == (dt.date(2026, 11, 20), dt.time(10, 31), False)


@pytest.mark.parametrize(
    ("now", "begins"),
    [("10:30:00", "10:31"), ("10:29:59", "10:30"), ("10:30:01", "10:31"), ("23:59:30", "00:00")],
)
def test_r_i02_a_second_later_rounded_up(now, begins):
    moment = dt.datetime.combine(TODAY, dt.time.fromisoformat(now))
    assert next_minute(moment) == dt.time.fromisoformat(begins)


def test_r_i01_the_salesperson_is_the_users_else_the_contacts(session, anna, by, lake):
    make_office(session)
    other = make_salesperson(session, "OL")
    edit_contact(session, lake, {"salesperson_id": other.id}, by=make_actor())
    assert work_out(session, begin(session, lake, by=by)).salesperson is anna
    assert work_out(session, begin(session, lake, by=make_actor())).salesperson is other
    anna.blocked = True
    assert work_out(session, begin(session, lake, by=by)).salesperson is other


def test_r_i01_a_given_salesperson_comes_before_the_users(session, by):
    make_office(session)
    other = make_salesperson(session, "OL")
    draft = begin_interaction(session, form_key=form_key(), salesperson=other, fixed=["salesperson"], by=by)
    assert work_out(session, draft).salesperson is other


def test_6_1_without_a_link_the_salesperson_is_the_only_one_with_the_users_e_mail_address(session, anna, lake):
    user = make_user(session, "bo", email="Bo@Öffice.example")
    assert begin(session, lake, by=make_actor(user)).salesperson_id is None
    first = make_salesperson(session, "BO", email="bo@öffice.example")
    assert begin(session, lake, by=make_actor(user)).salesperson_id == first.id
    assert begin(session, lake, by=make_actor(user, salesperson_id=anna.id)).salesperson_id == anna.id
    second = make_salesperson(session, "BX", email="BO@ÖFFICE.example")
    assert begin(session, lake, by=make_actor(user)).salesperson_id is None
    first.blocked = True
    session.flush()
    assert begin(session, lake, by=make_actor(user)).salesperson_id == second.id
    assert begin(session, lake, by=make_actor(make_user(session, "no-address"))).salesperson_id is None


def test_a_blocked_salesperson_is_passed_over_where_it_begins_and_refused_when_chosen(session, by, anna, lake):
    make_office(session)
    gone = make_salesperson(session, "OL", blocked=True)
    draft = begin_interaction(session, form_key=form_key(), salesperson=gone, fixed=["salesperson"], by=by)
    assert (draft.salesperson_id, draft.fixed) == (anna.id, "")
    assert change_draft(session, draft, {"salesperson": "OL"})["salesperson"] == say(
        "The salesperson %(code)s is blocked.", code="OL"
    )
    assert draft.salesperson_id == anna.id


def test_r_i03_nothing_begins_with_a_blocked_contact_or_one_of_a_blocked_company(session, by, lake):
    make_office(session)
    edit_contact(session, lake, {"privacy_blocked": True}, by=make_actor())
    with pytest.raises(RuleViolation, match="Contact P1 is blocked for privacy"):
        begin(session, lake, by=by)
    edit_contact(session, lake, {"privacy_blocked": False}, by=make_actor())
    session.get_one(type(lake), lake.company_id).privacy_blocked = True
    with pytest.raises(RuleViolation, match="company C1 is blocked for privacy"):
        begin(session, lake, by=by)


def test_who_may_only_read_creates_nothing(session):
    make_office(session)
    with pytest.raises(Forbidden):
        begin_interaction(session, form_key=form_key(), by=make_actor(role="read_only"))


# --- what was typed --------------------------------------------------------------------------------------------------


def test_a_fixed_contact_cannot_be_exchanged(session, by, lake):
    make_office(session)
    make_contact(session, "C9")
    draft = begin_interaction(session, form_key=form_key(), contact=lake, fixed=["contact"], by=by)
    assert "Open a new one" in str(change_draft(session, draft, {"contact": "C9"})["contact"])
    assert draft.contact_id == lake.id
    assert change_draft(session, draft, {"contact": "P1"}) == {}


def test_with_a_fixed_company_the_contact_is_the_company_or_one_of_its_persons(session, by, lake):
    make_office(session)
    company = session.get_one(type(lake), lake.company_id)
    make_contact(session, "C9")
    draft = begin_interaction(session, form_key=form_key(), contact=company, company=company, fixed=["company"], by=by)
    assert "contact" in change_draft(session, draft, {"contact": "C9"})
    assert change_draft(session, draft, {"contact": "P1"}) == {}
    assert draft.contact_id == lake.id


def test_everything_that_cannot_be_understood_is_named_and_the_rest_is_taken(session, by, lake):
    draft = begin(session, lake, by=by)
    typed = {
        "contact": "nobody at all", "template": "XYZ", "salesperson": "XYZ", "campaign": "XYZ", "language": "XYZ",
        "correspondence_type": "pigeon", "cost": -1, "comment": "x" * 4001, "personal_comment": "x" * 2001,
        "description": "x" * 101, "evaluation": "superb", "duration": 20,
    }  # fmt: skip
    assert set(change_draft(session, draft, typed)) == set(typed) - {"duration"}
    assert (draft.duration, draft.comment, draft.contact_id) == (20, "", lake.id)


# --- what counts -----------------------------------------------------------------------------------------------------


def test_r_l10_to_r_l12_the_template_gives_what_was_not_typed(session, by, lake):
    template = make_template(
        session, "MEET", description="Meeting", unit_cost=5000, unit_duration=45, information_flow="outbound",
        initiated_by="us", campaign_target=True, correspondence_type="hard_copy",
    )  # fmt: skip
    draft = begin(session, lake, template, by=by)
    values = work_out(session, draft)
    assert (values.description, values.cost, values.duration) == ("Meeting", 5000, 45)
    assert (values.information_flow, values.initiated_by, values.campaign_target) == ("outbound", "us", True)
    change_draft(session, draft, {"description": "Lunch", "cost": 0, "information_flow": "", "campaign_target": False})
    values = work_out(session, draft)
    assert (values.description, values.cost, values.information_flow, values.campaign_target) == ("Lunch", 0, "", False)
    take_template_values(draft)
    values = work_out(session, draft)
    assert (values.description, values.cost, values.information_flow, values.campaign_target) == (
        "Meeting", 5000, "outbound", True,
    )  # fmt: skip
    change_draft(session, draft, {"cost": 0})
    change_draft(session, draft, {"cost": None, "information_flow": None})
    assert work_out(session, draft).cost == 5000


@pytest.mark.parametrize(
    ("ignores", "templates", "contacts", "own", "counts"),
    [
        (False, "email", "hard_copy", None, "hard_copy"),
        (True, "email", "hard_copy", None, "email"),
        (True, "", "hard_copy", None, ""),
        (False, "email", "", None, "email"),
        (False, "email", "", "", ""),
        (True, "email", "hard_copy", "hard_copy", "hard_copy"),
    ],
)
def test_r_l12_b17_the_correspondence_type(session, by, ignores, templates, contacts, own, counts):
    person = make_contact(session, correspondence_type=contacts)
    template = make_template(session, correspondence_type=templates, ignore_contact_type=ignores)
    draft = begin(session, person, template, by=by, correspondence_type=own)
    assert work_out(session, draft).correspondence_type == counts


def test_r_l13_the_templates_campaign_unless_another_or_none_is_chosen(session, by, lake):
    spring, autumn = make_campaign(session, "SPRING"), make_campaign(session, "AUTUMN")
    draft = begin(session, lake, make_template(session, campaign_id=spring.id), by=by)
    assert work_out(session, draft).campaign is spring
    change_draft(session, draft, {"campaign": "AUTUMN"})
    assert work_out(session, draft).campaign is autumn
    change_draft(session, draft, {"campaign": ""})
    assert work_out(session, draft).campaign is None
    change_draft(session, draft, {"campaign": None})
    assert work_out(session, draft).campaign is spring


def test_r_s10_b12_the_language(session, by, lake):
    english, french = make_letter(session), make_letter(session)
    template = make_template(session, languages={"ENG": ("Hello", english), "FRS": ("Bonjour", french)})
    draft = begin(session, lake, template, by=by)
    values = work_out(session, draft)
    assert (values.language.code, values.subject, values.document) == ("FRS", "Bonjour", french)
    change_draft(session, draft, {"language": "ENG"})
    assert work_out(session, draft).document is english
    swede = begin(session, make_contact(session, language="SVE"), template, by=by)
    assert work_out(session, swede).language.code == "ENG"
    assert work_out(session, begin(session, lake, make_template(session), by=by)).language.code == "FRS"


def test_r_i11_without_a_subject_the_description_is_the_subject(session, by, lake):
    assert (
        work_out(session, begin(session, lake, make_template(session), by=by, description="Lunch")).subject == "Lunch"
    )


@pytest.mark.parametrize(
    ("action", "choice", "uploaded", "counts"),
    [
        ("", "", False, "template"), ("open", "", False, "template"), ("merge", "", False, "template"),
        ("import", "", False, None), ("import", "", True, "own"), ("import", "template", False, "template"),
        ("", "none", True, None), ("", "own", True, "own"),
    ],
)  # fmt: skip
def test_r_w02_to_r_w05_which_document_goes_with_it(session, by, lake, action, choice, uploaded, counts):
    documents = {"template": make_letter(session), "own": make_letter(session), None: None}
    template = make_template(session, languages={"FRS": documents["template"]}, wizard_action=action)
    draft = begin(session, lake, template, by=by, document_choice=choice)
    if uploaded:
        change_draft(session, draft, {"document": documents["own"]})
    assert work_out(session, draft).document is documents[counts]


# --- what is missing -------------------------------------------------------------------------------------------------


def test_r_i10_everything_that_is_missing_is_named_at_once(session):
    make_office(session)
    draft = begin_interaction(session, form_key=form_key(), by=make_actor())
    draft.date = None
    assert set(problems(session, draft, make_actor())) == {"contact", "template", "description", "salesperson", "date"}
    assert entries(session) == []


def test_e_i01_a_blocked_contact_chosen_inside_the_form_is_refused_at_the_end(session, by, lake):
    draft = begin(session, None, make_template(session), by=by)
    edit_contact(session, lake, {"privacy_blocked": True}, by=make_actor())
    assert change_draft(session, draft, {"contact": "P1"}) == {}
    assert "blocked for privacy" in problems(session, draft, by)["contact"]


def test_e_i05_a_template_that_opens_its_document_needs_one(session, by, lake):
    template = make_template(session, "BUS", languages={"ENG": make_letter(session), "FRS": None}, wizard_action="open")
    draft = begin(session, lake, template, by=by)
    assert "asks for a document" in problems(session, draft, by)["document"]
    change_draft(session, draft, {"language": "ENG"})
    assert finish_interaction(session, draft, by=by).document_id


def test_e_i06_a_language_the_template_does_not_have(session, by, lake):
    make_language(session, "SVE")
    draft = begin(session, lake, make_template(session, "BUS", languages={"ENG": None}), by=by, language="SVE")
    assert problems(session, draft, by)["language"] == "The interaction template BUS has no language SVE."


def test_e_i08_an_e_mail_needs_a_document_and_an_address(session, by):
    silent = make_contact(session, "C2", email="")
    draft = begin(session, silent, make_template(session, correspondence_type="email"), by=by)
    found = problems(session, draft, by)
    assert set(found) == {"document", "correspondence_type"}
    assert found["correspondence_type"].startswith("Contact C2 has no e-mail address.")
    make_alt_address(session, silent, email="away@example.org", ranges=[(TODAY, None)])
    assert set(problems(session, draft, by)) == {"document"}


def test_own_document_chosen_and_none_uploaded(session, by, lake):
    draft = begin(session, lake, make_template(session), by=by, document_choice="own")
    assert problems(session, draft, by) == {"document": "Choose a file."}


def test_r_w04_a_template_that_asks_for_a_file_may_do_without_one(session, by, lake):
    draft = begin(session, lake, make_template(session, wizard_action="import"), by=by)
    assert finish_interaction(session, draft, by=by).document_id is None


def test_a_fax_needs_a_number_of_the_contact_or_its_alternative_address(session, by):
    make_setup(session, fax_enabled=True)
    silent = make_contact(session, "C2")
    template = make_template(session, languages={"ENG": make_letter(session)}, correspondence_type="fax")
    draft = begin(session, silent, template, by=by)
    assert problems(session, draft, by) == {"correspondence_type": "Contact C2 has no fax number."}
    assert set(problems(session, begin(session, None, template, by=by), by)) == {"contact"}
    make_alt_address(session, silent, fax="+41 1", ranges=[(TODAY, None)])
    assert finish_interaction(session, draft, by=by).correspondence_type == "fax"


def test_a_document_that_cannot_be_read_cannot_go_out(session, by, lake):
    document = make_document(session, b"once", file_name="terms.txt")
    document.sha256 = "0" * 64
    draft = begin(session, lake, make_template(session), by=by, document=document, document_choice="own")
    assert "terms.txt cannot be read" in problems(session, draft, by)["document"]


def test_a_document_with_unknown_fields_cannot_go_out(session, by, lake):
    template = make_template(session, languages={"FRS": make_letter(session, "{{ contact.shoe_size }}")})
    assert "shoe_size" in problems(session, begin(session, lake, template, by=by), by)["document"]


@pytest.mark.parametrize(("days", "word"), [(-367, "past"), (32, "future")])
def test_a_date_far_away_warns_once(session, by, lake, days, word):
    date = TODAY + dt.timedelta(days=days)
    draft = begin(session, lake, make_template(session), by=by, date=date)
    with pytest.raises(UnusualDate, match=word):
        finish_interaction(session, draft, by=by)
    with pytest.raises(UnusualDate):
        finish_interaction(session, draft, accepted_date=TODAY, by=by)
    assert finish_interaction(session, draft, accepted_date=date, by=by).date == date


@pytest.mark.parametrize("days", [-366, 31, 0])
def test_a_date_within_a_year_and_a_month_does_not_warn(session, by, lake, days):
    draft = begin(session, lake, make_template(session), by=by, date=TODAY + dt.timedelta(days=days))
    assert finish_interaction(session, draft, by=by)


# --- finishing -------------------------------------------------------------------------------------------------------


def test_r_i14_finishing_writes_one_entry_with_everything(session, by, anna, lake):
    template = make_template(session, "OUT", description="Call", unit_cost=120, unit_duration=15, initiated_by="us")
    make_alt_address(session, lake, "HOLIDAY", ranges=[(TODAY, None)])
    draft = begin(
        session, lake, template, by=by, description="About the offer", evaluation="positive", attempt_failed=True,
        comment="They think about it.", time=dt.time(9, 15), duration=20,
    )  # fmt: skip
    entry = finish_interaction(session, draft, by=by)
    assert entries(session) == [entry]
    assert (entry.contact_no, entry.contact_name, entry.company_no, entry.company_name) == (
        "P1", "Luc Morel", "C1", "Café du Lac",
    )  # fmt: skip
    assert (entry.contact_id, entry.company_id, entry.salesperson_id) == (lake.id, lake.company_id, anna.id)
    assert (entry.template_id, entry.group_id, entry.description, entry.subject) == (
        template.id, template.group_id, "About the offer", "About the offer",
    )  # fmt: skip
    assert (entry.cost, entry.duration, entry.date, entry.time) == (120, 20, TODAY, dt.time(9, 15))
    assert (entry.evaluation, entry.attempt_failed, entry.initiated_by) == ("positive", True, "us")
    assert (entry.alt_address_code, entry.delivery_status, entry.logged_segment_id) == ("HOLIDAY", "none", None)
    assert (entry.user_name, entry.created_at, entry.canceled) == ("Tester", NOW, False)
    assert [c.text for c in comments_of(session, entry)] == ["They think about it."]
    assert session.scalar(select(func.count()).select_from(LetterValues)) == 0


def test_the_same_form_sent_twice_makes_one_entry(session, by, lake):
    template = make_template(session)
    draft = begin(session, lake, template, by=by)
    first = finish_interaction(session, draft, by=by)
    again = begin(session, lake, template, by=by)
    again.form_key = draft.form_key
    assert finish_interaction(session, again, by=by) is first
    assert len(entries(session)) == 1


@pytest.mark.parametrize(
    ("kind", "status"), [("hard_copy", "to_print"), ("email", "queued"), ("", "none"), ("fax", "to_print")]
)
def test_r_i13_r_i14_the_letter_is_kept_as_it_is_and_waits_for_delivery(session, by, kind, status):
    make_setup(session, fax_enabled=True)
    person = make_contact(session, "C3", name="Nordlys AS", email="n@example.org", fax="123")
    letter = make_letter(session, "Dear {{ contact.name }}, {{ comment }} {{ document.subject }}")
    template = make_template(session, languages={"ENG": ("Offer", letter)}, correspondence_type=kind)
    entry = finish_interaction(session, begin(session, person, template, by=by, personal_comment="see you"), by=by)
    session.refresh(entry)
    assert entry.delivery_status == status
    edit_contact(session, person, {"name": "Another name"}, by=make_actor())
    made = letter_of_entry(session, entry)
    assert WordDocument(io.BytesIO(made.content)).paragraphs[0].text == "Dear Nordlys AS, see you Offer"


def test_r_m05_the_letter_read_before_is_the_letter_that_is_kept(session, by, lake):
    letter = make_letter(
        session, "{{ contact.mail_address }}|{{ salesperson.name }}|{{ document.date }}|{{ campaign.description }}"
    )
    make_alt_address(session, lake, "HOME", city="Vevey", ranges=[(TODAY, None)])
    template = make_template(session, languages={"FRS": letter}, correspondence_type="hard_copy")
    draft = begin(session, lake, template, by=by, campaign=make_campaign(session, "SPRING").id)
    before = letter_of_draft(session, draft, by=by)
    assert entries(session) == []
    entry = finish_interaction(session, draft, by=by)
    session.refresh(entry)
    after = letter_of_entry(session, entry)
    texts = [[p.text for p in WordDocument(io.BytesIO(one.content)).paragraphs] for one in (before, after)]
    assert texts[0] == texts[1]
    assert "Vevey" in texts[0][0]
    assert "Campaign SPRING" in texts[0][0]
    assert before.file_name == after.file_name


def test_an_uploaded_file_that_is_no_word_document_goes_as_it_is(session, by, lake):
    scan = make_document(session, b"%PDF-1.7 scan", file_name="scan.pdf")
    draft = begin(session, lake, make_template(session, wizard_action="import"), by=by, document=scan)
    entry = finish_interaction(session, draft, by=by)
    assert letter_of_entry(session, entry).content == b"%PDF-1.7 scan"


def test_r_c02_r_g04_single_interactions_of_a_campaign_share_one_campaign_entry(session, by, lake):
    spring = make_campaign(session, "SPRING")
    template = make_template(session)
    made = [
        finish_interaction(session, begin(session, lake, template, by=by, campaign="SPRING"), by=by) for _ in range(2)
    ]
    found = session.scalars(select(CampaignEntry)).all()
    assert [(one.campaign_id, one.segment_no, one.description) for one in found] == [(spring.id, "", "Interactions")]
    assert {entry.campaign_entry_id for entry in made} == {found[0].id}
    found[0].canceled = True
    third = finish_interaction(session, begin(session, lake, template, by=by, campaign="SPRING"), by=by)
    assert third.campaign_entry_id != found[0].id


def test_nothing_remains_when_the_last_write_fails(session, by, lake, monkeypatch):
    template = make_template(session, languages={"FRS": make_letter(session)}, correspondence_type="hard_copy")
    draft = make_draft(session, lake, template, by=by, campaign=make_campaign(session).id, comment="Hello")
    session.commit()

    def fails(*args, **values):
        raise RuntimeError

    monkeypatch.setattr("domain.interactions.finish.add_comment", fails)
    with pytest.raises(RuntimeError):
        finish_interaction(session, draft, by=by)
    session.rollback()
    for table in (InteractionLogEntry, CampaignEntry, LetterValues, LoggedSegmentValues, InteractionComment):
        assert session.scalar(select(func.count()).select_from(table)) == 0, table
    assert session.scalar(select(func.count()).select_from(InteractionDraft)) == 1


def test_who_may_only_read_finishes_nothing(session, by, lake):
    draft = begin(session, lake, make_template(session), by=by)
    with pytest.raises(Forbidden):
        finish_interaction(session, draft, by=make_actor(role="read_only"))
    assert entries(session) == []


def test_finishing_what_has_been_finished_meanwhile_is_a_conflict(session, by, lake):
    template = make_template(session)
    draft = make_draft(session, lake, template, by=by)
    other = begin(session, lake, template, by=by)
    other.form_key = draft.form_key
    finish_interaction(session, other, by=by)
    with pytest.raises(Conflict, match="has been finished meanwhile by Tester"):
        finish_interaction(session, draft, by=by)
