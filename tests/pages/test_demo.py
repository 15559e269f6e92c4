"""The demo company on the pages: at first run, on the Setup page, removed with one button."""

import re

import pytest
from sqlalchemy import func, select

from domain.accounts.models import User
from domain.accounts.sign_in import check_password
from domain.contacts.models import Contact
from domain.interactions.models import LoggedSegment
from domain.segments.models import Segment
from domain.setup.models import CompanyInformation
from tests.factories.contacts import make_contact
from tests.factories.setup import make_user

ANSWERS = {
    "name": "Lindholm Papier",
    "currency": "SEK",
    "time_zone": "Europe/Stockholm",
    "language_code": "SVE",
    "country_code": "SE",
    "login": "owner",
    "user_name": "Ada Holm",
    "salesperson_code": "AH",
    "password": "a long secret",
    "password_again": "a long secret",
}


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def passwords(page):
    """Sign-in name → password, as the page shows them."""
    rows = page.tree.xpath("//tbody/tr")
    return {row.xpath("./td[2]")[0].text: row.xpath(".//code")[0].text for row in rows}


@pytest.fixture
def office(session, browser):
    """An office that began with the demo company; its owner is signed in."""
    page = browser.get("/first-run/")
    answer = browser.submit(page, "#first-run-form", start="demo", **ANSWERS)
    assert answer.status == 200, answer.plain()
    return answer


def test_first_run_with_the_demo_shows_its_passwords_once(session, browser, office):
    shown = passwords(office)
    assert set(shown) == {"demo-reader", "demo-sales", "demo-marketing", "demo-admin"}
    for login, password in shown.items():
        assert re.fullmatch(r"[a-z0-9]{4}(-[a-z0-9]{4}){2}", password)
        assert check_password(session, login=login, password=password), login
    assert count(session, Contact) == 52
    assert count(session, LoggedSegment) == 2
    assert session.get_one(CompanyInformation, 1).demo is True
    # the owner's salesperson has the code of one of the demo's people, who gets another
    assert session.scalars(select(User).where(User.login == "owner")).one().salesperson.code == "AH"
    setup = browser.get("/setup/")
    for password in shown.values():
        assert password not in setup.source


def test_lost_passwords_are_replaced_by_new_ones(session, browser, office):
    page = browser.get("/setup/demo/")
    answer = browser.submit(page, "//form[contains(@action, '/sign-ins')]")
    new = passwords(answer)
    assert set(new) == set(passwords(office))
    for login, password in new.items():
        assert not check_password(session, login=login, password=passwords(office)[login]), login
        assert check_password(session, login=login, password=password), login
    assert not check_password(session, login="owner", password=new["demo-admin"])
    assert check_password(session, login="owner", password=ANSWERS["password"])


def test_the_buttons_that_take_long_say_so(session, browser, office):
    page = browser.get("/setup/demo/")
    page = browser.follow(browser.submit(page, "//form[contains(@action, '/delete')]"))
    assert browser.get("/setup/demo/").one("//main//form//button").get("data-busy") == "Setting up…"


def test_the_demos_people_have_names(session, browser, office):
    names = [user.name for user in session.scalars(select(User).where(User.is_demo.is_(True)))]
    assert len(names) == 4
    assert all(" " in name and "demo" not in name for name in names), names


def test_the_demo_goes_with_one_button(session, browser, office):
    page = browser.get(browser.get("/setup/").one("//a[contains(., 'Demo company')]").get("href"))
    answer = browser.post(page.action("//main//form"), page.form("//main//form"))
    assert answer.location == "/setup/"
    assert "The demo company was removed." in browser.follow(answer).plain()
    assert (count(session, Contact), count(session, Segment), count(session, User)) == (0, 0, 1)
    again = browser.get("/setup/demo/")
    made = browser.post(again.action("//main//form"), again.form("//main//form"))
    assert len(passwords(made)) == 4
    assert count(session, Contact) == 52


def test_what_stays_is_named(session, browser, office):
    finch = session.scalars(select(Contact).where(Contact.name == "Harbour & Finch Ltd")).one()
    make_contact(session, "MINE", name="My Person", company=finch)
    page = browser.get("/setup/demo/")
    answer = browser.post(page.action("//main//form"), page.form("//main//form"))
    assert finch.no in browser.follow(answer).plain()
    assert {one.name for one in session.scalars(select(Contact))} == {"Harbour & Finch Ltd", "My Person"}


@pytest.mark.parametrize("role", ["read_only", "salesperson", "marketing"])
def test_only_administrators_see_and_press_the_button(session, visitor, role):
    user = make_user(session, role="administrator")
    form = visitor.sign_in(user).get("/setup/demo/").form("//main//form")
    visitor.sign_in(make_user(session, role=role))
    assert visitor.get("/setup/demo/").status == 403
    assert visitor.post("/setup/demo/", form).status == 403
    assert visitor.post("/setup/demo/delete", form).status == 403
    assert visitor.post("/setup/demo/sign-ins", form).status == 403
    assert not visitor.get("/setup/").has("//a[@href='/setup/demo/']")


def test_without_demo_there_is_nothing_to_remove(session, visitor):
    visitor.sign_in(make_user(session))
    form = visitor.get("/setup/demo/").form("//main//form")
    assert visitor.post("/setup/demo/delete", form).status == 422
