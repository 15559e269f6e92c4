"""The pages of campaigns."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from domain.campaigns.models import Campaign, CampaignEntry
from domain.interactions.models import InteractionLogEntry
from domain.setup.models import NumberSeriesLine
from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_contact
from tests.factories.interactions import make_campaign_entry, make_entry
from tests.factories.setup import make_salesperson, make_user


@pytest.fixture
def marketing(session, visitor):
    anna = make_salesperson(session, "AB", name="Anna Berg")
    return visitor.sign_in(make_user(session, role="marketing", salesperson_id=anna.id))


def test_an_empty_list_says_what_a_campaign_is_and_leads_to_the_first(session, visitor, marketing):
    page = visitor.get("/campaigns/")
    assert page.text("//h1") == "Campaigns"
    assert "There are no campaigns yet." in page.plain()
    assert page.has("//table//a[@href='/campaigns/new']")


def test_a_campaign_is_made_with_the_next_number(session, visitor, marketing):
    new = visitor.get("/campaigns/new")
    assert new.one("//select[@id='salesperson_id']/option[@selected]").text == "AB Anna Berg"
    answer = visitor.submit(new, "#card-form", description="Été", starting_date="1.6.26", ending_date="31.5.26")
    assert answer.status == 422
    assert "must not be after" in answer.text("#ending_date-error")
    assert answer.one("#starting_date").get("value") == "1.6.26"
    answer = visitor.submit(answer, "#card-form", ending_date="31.8.26")
    assert answer.status in (204, 303)
    assert answer.location == "/campaigns/CP0001/"
    campaign = session.scalars(select(Campaign)).one()
    assert (campaign.no, campaign.description) == ("CP0001", "Été")
    assert (campaign.starting_date, campaign.ending_date) == (dt.date(2026, 6, 1), dt.date(2026, 8, 31))
    page = visitor.follow(answer)
    assert "The campaign CP0001 was created." in page.plain()
    assert page.one("#starting_date").get("value") == "01/06/2026"


def test_a_typed_number_is_taken_once(session, visitor, marketing):
    make_campaign(session, "SPRING")
    answer = visitor.submit(visitor.get("/campaigns/new"), "#card-form", no="spring")
    assert answer.status == 422
    assert answer.text("#no-error") == "The number SPRING is already in use."
    answer = visitor.submit(answer, "#card-form", no="x" * 10_000, description="y" * 10_000, starting_date="never")
    assert answer.status == 422
    assert set(answer.tree.xpath("//*[@class='f-error']/@id")) == {
        "no-error",
        "description-error",
        "starting_date-error",
    }
    answer = visitor.submit(answer, "#card-form", no="a/b", description="", starting_date="")
    assert visitor.follow(answer).text("//h1") == "A/B"


def test_a_campaign_is_changed_and_deleted(session, visitor, marketing):
    campaign = make_campaign(session, "CP1", description="Old")
    answer = visitor.submit(visitor.get("/campaigns/CP1/"), "#card-form", description="New", no="cp2")
    assert answer.location == "/campaigns/CP2/"
    session.refresh(campaign)
    assert (campaign.no, campaign.description) == ("CP2", "New")
    question = visitor.get("/campaigns/CP2/delete", fragment=visitor.htmx)
    answer = visitor.submit(question, "//form[@action='/campaigns/CP2/delete']")
    assert answer.location == "/campaigns/"
    assert session.scalars(select(Campaign)).all() == []


def test_two_who_change_the_same_field_are_told(session, visitor, marketing):
    campaign = make_campaign(session, "CP1", description="Old")
    page = visitor.get("/campaigns/CP1/")
    campaign.description = "Theirs"
    answer = visitor.submit(page, "#card-form", description="Mine")
    assert answer.status == 409
    assert "Theirs" in answer.text("#description-error")
    visitor.submit(answer, "#card-form")
    session.refresh(campaign)
    assert campaign.description == "Mine"


def test_salespeople_read(session, visitor, marketing):
    make_campaign(session, "CP1")
    form = visitor.get("/campaigns/CP1/").form("#card-form")
    visitor.sign_in(make_user(session, role="salesperson"))
    page = visitor.get("/campaigns/CP1/")
    assert page.has("//fieldset[@disabled]")
    assert not visitor.get("/campaigns/").has("//a[@href='/campaigns/new']")
    for url in ("/campaigns/", "/campaigns/CP1/", "/campaigns/CP1/delete"):
        assert visitor.post(url, form).status == 403
    assert visitor.get("/campaigns/new").status == 403


def test_figures_stand_on_the_card(session, visitor, marketing):
    campaign = make_campaign(session, "CP1")
    anna, bert = make_contact(session), make_contact(session)
    for contact, response in ((anna, True), (anna, False), (bert, False)):
        make_entry(
            session,
            contact,
            campaign_id=campaign.id,
            campaign_target=True,
            campaign_response=response,
            cost=150,
            duration=5,
        )
    page = visitor.get("/campaigns/CP1/")
    figures = {
        tile.xpath("string(span)"): tile.xpath("string(b)") for tile in page.tree.xpath("//*[@id='figures']/div")
    }
    assert figures == {
        "Target contacts contacted": "3",
        "Contacts responded": "1",
        "Response rate": "33.3%",
        "Different contacts contacted": "2",
        "Different contacts responded": "1",
        "Response rate of contacts": "50.0%",
        "Cost": "€4.50",
        "Average cost per response": "€4.50",
        "Duration (min.)": "15",
        "Average duration per response (min.)": "15",
    }
    assert page.has("//a[@href='/campaigns/CP1/entries/']")


def test_entries_are_listed_cancelled_and_deleted(session, visitor, marketing):
    campaign = make_campaign(session, "CP1")
    entry = make_campaign_entry(session, campaign, entry_no=7, description="Spring letter")
    for _ in range(2):
        make_entry(session, make_contact(session), campaign_id=campaign.id, campaign_entry_id=entry.id, cost=100)
    page = visitor.get("/campaigns/CP1/entries/")
    assert "Spring letter" in page.plain()
    assert "€2.00" in page.source
    assert not page.has("//a[contains(@href, 'canceled/delete')]")
    url = "/campaigns/CP1/entries/7/canceled"
    question = visitor.get(url, fragment=visitor.htmx)
    assert "Its 2 interactions are cancelled with it" in question.plain()
    visitor.submit(question, f"//form[@action='{url}']")
    assert session.scalars(select(InteractionLogEntry.canceled)).all() == [True, True]
    visitor.submit(question, f"//form[@action='{url}']")
    assert session.scalars(select(InteractionLogEntry.canceled)).all() == [True, True]
    page = visitor.get("/campaigns/CP1/entries/")
    assert page.has("//tr[contains(@class,'canceled')]")
    url = "/campaigns/CP1/entries/canceled/delete"
    visitor.submit(visitor.get(url, fragment=visitor.htmx), f"//form[@action='{url}']")
    assert session.scalars(select(CampaignEntry)).all() == []
    assert session.scalars(select(InteractionLogEntry)).all() == []


def test_an_entry_of_another_campaign_is_not_found(session, visitor, marketing):
    make_campaign_entry(session, make_campaign(session, "CP1"), entry_no=7)
    make_campaign(session, "CP2")
    assert visitor.get("/campaigns/CP2/entries/7/canceled").status == 404
    assert visitor.get("/campaigns/CP1/entries/99999999999999999999/canceled").status == 404


def test_the_list_is_searched_and_sorted(session, visitor, marketing):
    anna = session.scalars(select(Campaign.salesperson_id)).all()
    assert anna == []
    make_campaign(session, "CP1", description="Ändern", starting_date=dt.date(2027, 1, 1))
    make_campaign(session, "CP2", description="Zebra", ending_date=dt.date(2020, 1, 1))
    page = visitor.get("/campaigns/?sort=-description", fragment=visitor.htmx)
    assert page.tree.xpath("//a[@class='row-link']/text()") == ["CP2", "CP1"]
    assert "Planned" in page.plain()
    assert "Ended" in page.plain()
    page = visitor.get("/campaigns/?q=andern", fragment=visitor.htmx)
    assert page.tree.xpath("//a[@class='row-link']/text()") == ["CP1"]


def test_a_series_that_runs_out_is_told(session, visitor, marketing):
    line = session.scalars(select(NumberSeriesLine).where(NumberSeriesLine.starting_no == "CP0001")).one()
    line.warning_no, line.ending_no = "CP0001", "CP0002"
    for expected in ("CP0001 was given, CP0002 is the last one", "CP0002 was given"):
        answer = visitor.submit(visitor.get("/campaigns/new"), "#card-form")
        assert expected in visitor.follow(answer).plain()
    answer = visitor.submit(visitor.get("/campaigns/new"), "#card-form", description="Kept")
    assert answer.status == 422
    assert "The number series CAMP is used up." in answer.text("#no-error")
    assert answer.one("#description").get("value") == "Kept"
