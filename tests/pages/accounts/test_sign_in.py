"""Signing in and out, sessions that end, the work date."""

from __future__ import annotations

import datetime as dt
import logging
from urllib.parse import quote

import pytest
from sqlalchemy import event

from app import create_app
from blueprints.web.database import db
from blueprints.web.sign_in import limiter
from domain.accounts.models import User
from tests.factories.accounts import PASSWORD, make_user_with_password
from tests.factories.setup import NOW, make_user
from tests.pages.visitor import Visitor

WRONG = "The sign-in name or the password is wrong."


def sign_in(visitor, login="ann", password=PASSWORD, url="/sign-in"):
    return visitor.submit(visitor.get(url), "#sign-in-form", login=login, password=password)


def test_the_right_password_leads_to_the_home_page(session, visitor):
    user = make_user_with_password(session, "ann")
    answer = sign_in(visitor, " ANN ")
    assert (answer.status, answer.location) == ((204, "/") if visitor.htmx else (303, "/"))
    assert visitor.get("/me/").status == 200
    assert session.get(User, user.id).last_sign_in_at == NOW


@pytest.mark.parametrize(("login", "password"), [("ann", "wrong"), ("nobody", PASSWORD), ("gone", PASSWORD)])
def test_every_refusal_says_the_same_and_keeps_the_name(session, visitor, login, password):
    make_user_with_password(session, "ann")
    make_user_with_password(session, "gone", active=False)
    answer = sign_in(visitor, login, password)
    assert answer.status == 422
    assert answer.text("#sign-in-error") == WRONG
    assert answer.one("#login").get("value") == login
    assert answer.one("#password").get("value") == ""
    assert visitor.get("/me/").status == 303


def test_nothing_typed_is_said_on_the_fields(session, visitor):
    make_user(session)
    answer = sign_in(visitor, "", "")
    assert (answer.text("#login-error"), answer.text("#password-error")) == (
        "Enter your sign-in name.",
        "Enter your password.",
    )


def test_a_page_one_was_led_away_from_is_opened_after_signing_in(session, browser):
    make_user_with_password(session, "ann")
    led = browser.get("/me/?from=x")
    assert led.location == "/sign-in?next=/me/?from%3Dx"
    assert sign_in(browser, url=led.location).location == "/me/?from=x"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil",
        "/\t/evil.example",
        "evil",
        "javascript:alert(1)",
    ],
)
def test_next_leads_to_this_site_only(session, browser, elsewhere):
    make_user_with_password(session, "ann")
    assert sign_in(browser, url="/sign-in?next=" + quote(elsewhere, safe="")).location == "/"
    assert browser.get("/sign-in?next=" + quote(elsewhere, safe="")).location == "/"


def test_who_is_signed_in_sees_no_sign_in_page(session, browser):
    browser.sign_in(make_user(session))
    assert browser.get("/sign-in?next=/me/").location == "/me/"


def test_signing_out_is_a_form_and_ends_the_session(session, visitor):
    visitor.sign_in(make_user(session))
    page = visitor.get("/me/")
    answer = visitor.submit(page, "//form[@action='/sign-out']")
    assert answer.location == "/sign-in"
    assert "You are signed out." in visitor.follow(answer).plain()
    assert visitor.get("/me/").location.startswith("/sign-in")
    assert visitor.get("/sign-out").status == 405


def test_an_ended_session_sends_htmx_to_the_sign_in_page_without_swapping(session, browser):
    make_user(session)
    answer = browser.get("/me/", fragment=True, headers={"HX-Current-URL": "http://localhost/me/?x=1"})
    assert (answer.status, answer.location, answer.answer.data) == (401, "/sign-in?next=/me/?x%3D1", b"")
    elsewhere = browser.get("/me/", fragment=True, headers={"HX-Current-URL": "http://evil.example/me/"})
    assert elsewhere.location == "/sign-in"


def test_a_form_posted_after_the_session_ended_leads_to_the_sign_in_page(session, visitor):
    make_user(session)
    answer = visitor.post("/me/", {"name": "x"}, headers={"Referer": "http://localhost/me/"})
    assert (answer.status, answer.location) == (401 if visitor.htmx else 303, "/sign-in?next=/me/")


def test_deactivating_a_user_ends_the_session_at_once(session, browser):
    user = make_user(session)
    browser.sign_in(user)
    assert browser.get("/me/").status == 200
    user.active = False
    assert browser.get("/me/").location.startswith("/sign-in")


def test_a_session_of_an_earlier_session_number_has_ended(session, browser):
    user = make_user(session)
    browser.sign_in(user)
    user.session_no += 1
    assert browser.get("/me/").location.startswith("/sign-in")


@pytest.mark.parametrize("token", ["", "x.1", "²", "99999999999999999999.1", "1", "1.", "-1.1"])
def test_a_made_up_session_is_no_session(session, browser, token):
    make_user(session)
    with browser.client.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert browser.get("/me/").location.startswith("/sign-in")


def test_the_sign_in_page_speaks_the_language_of_the_browser(session, browser):
    make_user(session)
    for wanted, lang in (("sv", "sv-SE"), ("fr-CA,fr;q=0.9", "fr-CA"), ("fr", "fr-CH"), ("de,it", "en-GB")):
        page = browser.get("/sign-in", headers={"Accept-Language": wanted})
        assert page.one("//html").get("lang") == lang


# --- the throttle ----------------------------------------------------------------------------------------------------


@pytest.fixture
def guessing(application, database_url, session):
    """A visitor of an application that throttles, as every real one does."""
    throttling = create_app(
        {
            "TESTING": True,
            "PROPAGATE_EXCEPTIONS": False,
            "SQLALCHEMY_DATABASE_URI": database_url,
            "SECRET_KEY": "secret of the tests",
            # one database has one place for its documents, in a process
            "DOCUMENTS_FOLDER": application.config["DOCUMENTS_FOLDER"],
            "CLOCK": lambda: NOW,
        }
    )
    yield Visitor(throttling, session, htmx=False)
    with throttling.app_context():
        limiter.reset()
        db.engine.dispose()
    limiter.enabled = False


def test_guessing_passwords_of_one_name_is_slowed_down_from_every_address(session, guessing, monkeypatch):
    make_user_with_password(session, "ann")
    checked = []
    monkeypatch.setattr("blueprints.accounts.sign_in.check_password", lambda *_, **values: checked.append(values))
    page = guessing.get("/sign-in")
    for number in range(12):
        guessing.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        answer = guessing.submit(page, "#sign-in-form", login=" Ann", password="guess")
        assert answer.status == (422 if number < 10 else 429)
    assert len(checked) == 10
    assert "Too many attempts" in answer.plain()
    assert guessing.submit(page, "#sign-in-form", login="bea", password="guess").status == 422


def test_guessing_names_from_one_address_is_slowed_down(session, guessing, monkeypatch):
    make_user(session)
    monkeypatch.setattr("blueprints.accounts.sign_in.check_password", lambda *_, **__: None)
    page = guessing.get("/sign-in")
    found = [guessing.submit(page, "#sign-in-form", login=f"u{n}", password="guess").status for n in range(31)]
    assert (found[:30], found[30]) == ([422] * 30, 429)
    guessing.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert guessing.submit(page, "#sign-in-form", login="u0", password="guess").status == 422


def test_signing_in_rightly_is_never_slowed_down(session, guessing):
    make_user_with_password(session, "ann")
    for _ in range(11):
        assert sign_in(guessing).status == 303
        guessing.client.delete_cookie("segmenta")


def test_the_throttle_logs_no_names(session, guessing, monkeypatch, caplog):
    make_user(session)
    monkeypatch.setattr("blueprints.accounts.sign_in.check_password", lambda *_, **__: None)
    page = guessing.get("/sign-in")
    with caplog.at_level(logging.DEBUG):
        for _ in range(11):
            guessing.submit(page, "#sign-in-form", login="ann.example", password="hunter2hunter2")
    assert "ann.example" not in caplog.text
    assert "hunter2" not in caplog.text


# --- the work date ---------------------------------------------------------------------------------------------------


def test_the_work_date_is_today_until_another_is_chosen(session, visitor):
    visitor.sign_in(make_user(session))
    page = visitor.get("/me/")
    form = "//form[@action='/work-date/']"
    assert "other" not in page.one("#work-date").get("class")
    assert page.form(form)["work_date"] == "24/11/2026"
    answer = visitor.submit(page, form, work_date="+7")
    assert answer.location == "/me/"
    page = visitor.follow(answer)
    assert "The work date is now 01/12/2026." in page.plain()
    assert "other" in page.one("#work-date").get("class")
    assert page.form(form)["work_date"] == "01/12/2026"
    assert page.has("//form[@action='/work-date/']//button[@name='today']")
    page = visitor.follow(visitor.submit(page, form, today="1"))
    assert "other" not in page.one("#work-date").get("class")


@pytest.mark.parametrize("typed", ["", "t", "24/11/2026"])
def test_today_lets_the_work_date_follow_the_calendar(session, application, browser, typed, monkeypatch):
    browser.sign_in(make_user(session))
    form = "//form[@action='/work-date/']"
    browser.submit(browser.get("/me/"), form, work_date="1.12.2026")
    browser.submit(browser.get("/me/"), form, work_date=typed)
    monkeypatch.setitem(application.config, "CLOCK", lambda: NOW + dt.timedelta(days=1))
    assert browser.get("/me/").form(form)["work_date"] == "25/11/2026"


def test_what_is_no_date_is_shown_again_with_what_was_typed(session, visitor):
    visitor.sign_in(make_user(session))
    page = visitor.get("/me/")
    answer = visitor.submit(page, "//form[@action='/work-date/']", work_date="someday")
    assert answer.status == 422
    assert answer.text("#work-date-input-error") == "“someday” is not a date."
    assert answer.one("#work-date-input").get("value") == "someday"
    assert visitor.submit(answer, "#work-date-form", work_date="2").location == "/me/"


def test_signing_in_begins_with_today(session, browser):
    make_user_with_password(session, "ann")
    with browser.client.session_transaction() as cookie:
        cookie["work_date"] = "2020-01-01"
    sign_in(browser)
    assert browser.get("/me/").form("//form[@action='/work-date/']")["work_date"] == "24/11/2026"


# --- the gate --------------------------------------------------------------------------------------------------------


def test_health_answers_without_signing_in_and_after_a_query(application, session, browser):
    answer = browser.get("/health")
    assert (answer.status, answer.answer.get_data(as_text=True)) == (200, "ok")
    make_user(session)
    assert browser.get("/health").status == 200


def test_a_page_costs_few_queries(application, session, browser):
    browser.sign_in(make_user(session))
    with application.app_context():
        engine = db.engine
    statements = []

    def count(connection, cursor, statement, *rest):
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        assert browser.get("/me/").status == 200
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert 1 <= len([s for s in statements if s.lstrip().upper().startswith("SELECT")]) <= 3


def test_static_files_need_no_session(browser):
    with browser.client.get("/static/favicon.svg") as answer:
        assert answer.status_code == 200


def test_an_unknown_page_is_not_found_for_everybody(session, browser):
    user = make_user(session)
    assert browser.get("/nowhere").status == 404
    browser.sign_in(user)
    assert browser.get("/nowhere").status == 404


def test_a_page_that_outlived_its_session_gets_the_token_of_the_new_one(session, visitor):
    user = make_user_with_password(session, "anna")
    visitor.sign_in(user)
    page = visitor.get("/me/")
    old = page.one("//meta[@name='csrf-token']")
    assert old.get("data-user") == str(user.id)
    visitor.submit(page, "//form[@action='/sign-out']")
    signed_out = visitor.post("/me/", {"csrf_token": old.get("content")}).answer
    assert "X-CSRFToken" not in signed_out.headers
    sign_in(visitor, "anna")
    answer = visitor.post("/me/", {"csrf_token": old.get("content"), "name": "Anna"})
    assert answer.status == 400
    if not visitor.htmx:
        assert "X-CSRFToken" not in answer.answer.headers
        return
    assert answer.answer.headers["X-User"] == str(user.id)
    fresh = visitor.submit(visitor.get("/me/"), "#settings-form", csrf_token=answer.answer.headers["X-CSRFToken"])
    assert fresh.status < 400


def test_who_signs_in_starts_a_session_of_their_own(session, visitor):
    make_user_with_password(session, "anna")
    with visitor.client.session_transaction() as cookie:
        cookie["left_behind"] = "by somebody else"
    sign_in(visitor, "anna")
    with visitor.client.session_transaction() as cookie:
        assert "left_behind" not in cookie
    assert visitor.get("/me/").status == 200


def test_the_tab_in_which_somebody_signed_in_again_says_where_to_go_on(session, visitor):
    visitor.sign_in(make_user(session))
    assert "Go back to the other tab" in visitor.get("/signed-in").plain()
