"""The demo company: what it holds, and that it goes without taking anything of one's own."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from domain.accounts.models import User
from domain.accounts.passwords import is_right
from domain.accounts.users import edit_user
from domain.campaigns.models import Campaign, CampaignEntry
from domain.contacts.alt_addresses import active_alt_address
from domain.contacts.models import COMPANY, PERSON, AltAddress, Contact
from domain.demo.company import create_demo_company
from domain.demo.remove import remove_demo_company
from domain.demo.sign_ins import make_sign_ins
from domain.documents.models import Document
from domain.errors import Forbidden, RuleViolation
from domain.interaction_templates.models import InteractionTemplate
from domain.interactions.models import InteractionLogEntry, LetterValues, LoggedSegment, LoggedSegmentValues
from domain.segments.check import check_segment
from domain.segments.lines import add_line
from domain.segments.log import log_segment
from domain.segments.models import Segment, SegmentInteraction, SegmentLine
from domain.segments.queries import open_segments
from domain.segments.step_models import SegmentStep
from domain.setup.models import CompanyInformation, Language, NumberSeriesLine, Salesperson
from domain.tasks.models import Task
from domain.tasks.tasks import create_task
from tests.factories.contacts import make_contact
from tests.factories.interactions import make_entry
from tests.factories.setup import TODAY, make_actor, make_user


@pytest.fixture
def session(demo_session):
    """Every test here works on an office with the demo."""
    return demo_session


def count(session, model, *conditions):
    return session.scalar(select(func.count()).select_from(model).where(*conditions))


def person(session, name):
    return session.scalars(select(Contact).where(Contact.name == name)).one()


def segment(session, description):
    return session.scalars(select(Segment).where(Segment.description == description)).one()


def own(session):
    return make_actor(session.scalars(select(User).where(User.login == "owner")).one())


def test_the_demo_has_what_it_promises(session):
    assert count(session, Contact, Contact.type == COMPANY) == 12
    assert count(session, Contact, Contact.type == PERSON) == 40
    assert count(session, Salesperson) == 4
    assert count(session, Campaign) == 3
    assert len(session.scalars(open_segments()).all()) == 4
    assert count(session, LoggedSegment) == 2
    assert count(session, User, User.is_demo.is_(True)) == 4
    assert session.get_one(CompanyInformation, 1).demo is True
    for model in (Contact, Segment, Campaign, Salesperson):
        assert count(session, model, model.is_demo.is_(False)) == 0, model


def test_there_is_a_sign_in_for_every_role_and_its_password_is_not_stored():
    sign_ins = make_sign_ins()
    assert [one.role for one in sign_ins] == ["read_only", "salesperson", "marketing", "administrator"]
    assert len({one.password for one in sign_ins}) == 4
    for one in sign_ins:
        assert is_right(one.password_hash, one.password)
        assert one.password not in one.password_hash


def test_the_demo_has_its_holes_on_purpose(session):
    assert person(session, "Mireille Vadnais").email == ""
    assert person(session, "Mireille Vadnais").correspondence_type == "email"
    assert person(session, "Kerstin Ängsmark").exclude_from_segment
    assert person(session, "Rowan Ashdown").minor
    assert person(session, "Rowan Ashdown").privacy_blocked
    assert person(session, "Signe Thorildsson").privacy_blocked
    assert person(session, "Winifred Larkspur").company_id is None
    assert person(session, "Fiorella Bernasconi").language.code == "ITA"
    assert ";" in person(session, "Tuva Östergren").email
    imogen = person(session, "Imogen Harbour")
    active = session.get_one(AltAddress, session.scalar(select(active_alt_address(imogen.id, TODAY))))
    assert active.code == "COAST"
    lines = session.scalars(select(SegmentLine).where(SegmentLine.document_id.is_not(None))).all()
    assert [line.contact.name for line in lines] == ["Blaise Ducraux"]
    assert count(session, SegmentLine, SegmentLine.comment != "") == 3


def test_the_check_pages_show_something_to_mend(session):
    codes = {}
    for one in session.scalars(open_segments()):
        check = check_segment(session, one, deliver=True, by=make_actor())
        codes[one.description] = {problem.code for problem in check.problems}
    assert codes["Newsletter"] >= {"blocked", "no_email"}
    assert "no_template" in codes["Season’s greetings"]
    assert codes["Survey by phone"] == set()


def test_the_logged_segments_have_a_history(session):
    entries = select(InteractionLogEntry)
    statuses = {status for (status,) in session.execute(select(InteractionLogEntry.delivery_status).distinct())}
    assert {"posted", "returned", "none"} <= statuses
    assert count(session, InteractionLogEntry, InteractionLogEntry.canceled.is_(True)) == 1
    assert count(session, InteractionLogEntry, InteractionLogEntry.evaluation != "") == 4
    assert count(session, CampaignEntry) == 1
    assert len(session.scalars(entries).all()) > 15
    assert max(session.scalars(select(InteractionLogEntry.date))) < TODAY


def test_a_second_demo_is_refused(session):
    with pytest.raises(RuleViolation, match="The demo company is there already"):
        create_demo_company(session, sign_ins=[], by=make_actor())


@pytest.mark.parametrize("role", ["read_only", "salesperson", "marketing"])
def test_only_administrators_remove_the_demo(session, role):
    with pytest.raises(Forbidden):
        remove_demo_company(session, by=make_actor(role=role))


def test_nothing_of_the_demo_remains(session):
    removed = remove_demo_company(session, by=own(session))
    assert (removed.contacts, removed.segments, removed.kept) == (52, 6, ())
    gone = (
        Contact, AltAddress, Salesperson, Campaign, CampaignEntry, Segment, SegmentLine, SegmentStep,
        SegmentInteraction, LoggedSegment, LoggedSegmentValues, InteractionLogEntry, LetterValues, Task,
    )  # fmt: skip
    assert {model.__name__: count(session, model) for model in gone} == {model.__name__: 0 for model in gone}
    assert session.scalars(select(User.login)).all() == ["owner"]
    assert session.get_one(CompanyInformation, 1).demo is False


def test_what_an_office_starts_with_stays(session):
    templates, languages = count(session, InteractionTemplate), count(session, Language)
    documents = count(session, Document)
    remove_demo_company(session, by=own(session))
    assert (count(session, InteractionTemplate), count(session, Language)) == (templates, languages)
    assert count(session, Document) == documents
    assert count(session, NumberSeriesLine) == 4


def test_the_demo_can_come_back(session):
    remove_demo_company(session, by=own(session))
    made = create_demo_company(session, sign_ins=[], by=own(session))
    assert (made.companies, made.persons, len(made.segments)) == (12, 40, 6)


def test_own_data_stays_and_keeps_what_it_refers_to(session):
    by = own(session)
    company = person(session, "Harbour & Finch Ltd")
    seller = session.scalars(select(Salesperson).where(Salesperson.code == "JP")).one()
    mine = make_contact(session, "MINE1", name="My Person", company=company, salesperson_id=seller.id)
    called = person(session, "Käthe Süßkind")
    entry = make_entry(session, called, description="My call")
    removed = remove_demo_company(session, by=by)
    assert removed.kept_contacts == tuple(sorted([company.no, called.no, called.company.no]))
    assert set(removed.kept_salespeople) == {"JP", "LC"}
    session.expire_all()
    assert (mine.company_id, mine.company_name, mine.salesperson_id) == (company.id, "Harbour & Finch Ltd", seller.id)
    assert (entry.contact_id, entry.description) == (called.id, "My call")
    assert count(session, Contact) == 4
    assert count(session, Contact, Contact.is_demo.is_(True)) == 0
    assert count(session, InteractionLogEntry) == 1
    with pytest.raises(RuleViolation, match="There is no demo company"):
        remove_demo_company(session, by=by)


def test_an_own_segment_keeps_its_contacts(session):
    from_demo = person(session, "Noor Haddadi")
    by = own(session)
    segment_of_mine = Segment(
        no="MINE", date=TODAY, interaction=SegmentInteraction(), created_at=by.now, modified_at=by.now
    )
    session.add(segment_of_mine)
    session.flush()
    add_line(session, segment_of_mine, from_demo, by=by)
    removed = remove_demo_company(session, by=by)
    assert removed.kept_segments == ()
    assert set(removed.kept_contacts) == {from_demo.no, from_demo.company.no}
    assert session.scalars(select(SegmentLine.contact_id)).all() == [from_demo.id]


def test_a_segment_of_the_demo_with_an_own_contact_is_ones_own_now(session):
    by = own(session)
    survey = segment(session, "Survey by phone")
    mine = make_contact(session, "MINE1", name="My Company")
    add_line(session, survey, mine, by=by)
    removed = remove_demo_company(session, by=by)
    assert removed.kept_segments == (survey.no,)
    assert [one.no for one in session.scalars(open_segments())] == [survey.no]
    assert count(session, SegmentLine, SegmentLine.segment_id == survey.id) == 6
    assert len(removed.kept_campaigns) == 1


def test_interactions_with_own_contacts_stay_in_the_log(session):
    by = own(session)
    survey = segment(session, "Survey by phone")
    add_line(session, survey, make_contact(session, "MINE1", name="My Company"), by=by)
    seller = session.scalars(select(Salesperson).where(Salesperson.code == "JP")).one()
    log_segment(session, survey, deliver=False, by=by)
    remove_demo_company(session, by=by)
    session.expire_all()
    entries = session.scalars(select(InteractionLogEntry)).all()
    assert len(entries) == 6
    assert {entry.salesperson_id for entry in entries} == {seller.id}
    assert all(entry.contact_id is not None for entry in entries)
    assert count(session, LoggedSegment) == 1


def test_a_user_of_the_demo_cannot_saw_off_the_branch(session):
    demo_admin = session.scalars(select(User).where(User.login == "demo-admin")).one()
    with pytest.raises(RuleViolation, match="Sign in with your own account first"):
        remove_demo_company(session, by=make_actor(demo_admin))


def test_an_own_administrator_is_needed(session):
    owner = session.scalars(select(User).where(User.login == "owner")).one()
    edit_user(session, owner, changes={"role": "marketing"}, by=make_actor())
    with pytest.raises(RuleViolation, match="Create an administrator of your own first"):
        remove_demo_company(session, by=make_actor())


def test_an_own_user_who_works_as_a_demo_salesperson_stays_that(session):
    seller = session.scalars(select(Salesperson).where(Salesperson.code == "TB")).one()
    user = make_user(session, "mine", salesperson_id=seller.id)
    removed = remove_demo_company(session, by=own(session))
    session.expire_all()
    assert removed.kept_salespeople == ("TB",)
    assert user.salesperson_id == seller.id


def test_nothing_happens_when_the_last_step_fails(session, monkeypatch):
    """One transaction: what fails at the end leaves everything."""

    def broken(*args, **values):
        raise RuntimeError

    before = count(session, Contact), count(session, InteractionLogEntry), count(session, User)
    monkeypatch.setattr("domain.demo.remove.DemoRemoved", broken)
    savepoint = session.begin_nested()
    with pytest.raises(RuntimeError):
        remove_demo_company(session, by=own(session))
    assert count(session, Contact) == 0
    savepoint.rollback()
    assert (count(session, Contact), count(session, InteractionLogEntry), count(session, User)) == before


def test_dates_of_the_demo_follow_the_work_date(session):
    campaign = session.scalars(select(Campaign).where(Campaign.description == "Open house")).one()
    assert campaign.starting_date < TODAY < campaign.ending_date
    assert isinstance(campaign.starting_date, dt.date)


def test_the_demo_has_tasks_of_today_late_to_come_and_done(session):
    tasks = session.scalars(select(Task)).all()
    assert len(tasks) == 8
    assert all(one.is_demo for one in tasks)
    days = {
        ("late" if one.date < TODAY else "today" if one.date == TODAY else "later") for one in tasks if not one.closed
    }
    assert days == {"late", "today", "later"}
    assert {one.type for one in tasks} == {"", "phone_call", "meeting"}
    (done,) = (one for one in tasks if one.closed)
    assert (done.status, done.closed_on) == ("completed", done.date)
    assert len({one.salesperson_id for one in tasks}) == 4


def test_tasks_of_the_demo_go_and_ones_own_stay(session):
    by = own(session)
    contact = person(session, "Noor Haddadi")
    seller = session.scalars(select(Salesperson).where(Salesperson.code == "JP")).one()
    mine = create_task(session, description="Mine", contact_id=contact.id, salesperson_id=seller.id, by=by)
    called = session.scalars(select(Task).where(Task.type == "phone_call").order_by(Task.id)).first()
    entry = make_entry(session, make_contact(session, "MINE1"), task_id=called.id)
    removed = remove_demo_company(session, by=by)
    session.expire_all()
    assert set(session.scalars(select(Task.no))) == {mine.no, called.no}
    assert called.no in removed.kept
    assert contact.no in removed.kept_contacts
    assert entry.task_id == called.id
    assert not called.is_demo
