"""What holds for every route of the application, whoever added it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event

from blueprints.web.database import db
from domain.accounts.models import ROLES
from tests.factories.setup import make_user
from tests.pages.visitor import Visitor

OPEN = {"accounts.sign_in", "first_run.show", "first_run.create", "first_run.enter_code", "health.show", "static"}
# answers that are no pages for people and so need no token: none so far
WITHOUT_TOKEN: set[str] = set()


def rules(application, method):
    """Every rule for a method."""
    return [rule for rule in application.url_map.iter_rules() if method in rule.methods]


def address(rule):
    """An address of the rule, with made-up values for its parts."""
    parts = {"int": "1", "known": "X1", "string": "x", "default": "x", "path": "x"}

    def value(found):
        if found[1] == "any":
            return found[2].split(",")[0].strip(" '\"")
        return parts.get(found[1] or "default", "1")

    return re.sub(r"<(?:(\w+)(?:\(([^)]*)\))?:)?\w+>", value, rule.rule)


@pytest.fixture
def token(browser):
    """A token that is good for the visitor, who is not signed in."""

    def of(visitor):
        return visitor.get("/sign-in").form("#sign-in-form")["csrf_token"]

    return of


def test_every_change_needs_a_signed_in_user(application, session, visitor, token):
    make_user(session)
    good = token(visitor)
    open_to_all = []
    for rule in rules(application, "POST"):
        if rule.endpoint in OPEN:
            continue
        answer = visitor.post(address(rule), {"csrf_token": good}, headers={"Referer": "http://elsewhere.example/"})
        if (answer.status, answer.location) != (401 if visitor.htmx else 303, "/sign-in"):
            open_to_all.append((rule.endpoint, answer.status, answer.location))
    assert open_to_all == []


def test_every_page_needs_a_signed_in_user(application, session, browser):
    make_user(session)
    open_to_all = [
        rule.endpoint
        for rule in rules(application, "GET")
        if rule.endpoint not in OPEN and not browser.get(address(rule)).location.startswith("/sign-in")
    ]
    assert open_to_all == []


def test_every_change_needs_a_token(application, session, visitor):
    visitor.sign_in(make_user(session))
    assert application.config.get("WTF_CSRF_ENABLED", True)
    without = {}
    for rule in rules(application, "POST"):
        if rule.endpoint in WITHOUT_TOKEN or rule.endpoint in OPEN:
            continue
        for data in ({}, {"csrf_token": "made up"}):
            answer = visitor.post(address(rule), data)
            if answer.status != 400:
                without[rule.endpoint] = answer.status
    assert without == {}


def test_the_open_forms_need_a_token_too(application, session, browser):
    for endpoint, url in (("first_run.create", "/first-run/"), ("first_run.enter_code", "/first-run/code/")):
        assert browser.post(url, {}).status == 400, endpoint
    make_user(session)
    assert browser.post("/sign-in", {"login": "x", "password": "x"}).status == 400


def test_only_get_and_post_are_used(application):
    """GET asks, POST changes (architecture.md 4)."""
    assert {method for rule in application.url_map.iter_rules() for method in rule.methods} <= {
        "GET",
        "POST",
        "HEAD",
        "OPTIONS",
    }


def test_nothing_changes_by_a_link(application, session):
    """No GET writes: a link in a mail, a prefetching browser or a second look changes nothing."""
    visitor = Visitor(application, session, htmx=False).sign_in(make_user(session))
    with application.app_context():
        engine = db.engine
    written = []

    def note(connection, cursor, statement, *rest):
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            written.append((rule.endpoint, statement))

    event.listen(engine, "before_cursor_execute", note)
    try:
        for rule in rules(application, "GET"):
            visitor.client.get(address(rule)).close()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert written == []


@pytest.mark.parametrize("role", ROLES)
def test_every_page_without_arguments_answers_every_role(application, session, role):
    """No 500; what a role may not see is refused, everything else is a page or leads to one."""
    broken = {}
    for fragment in (False, True):
        visitor = Visitor(application, session, htmx=fragment).sign_in(make_user(session, role=role))
        for rule in rules(application, "GET"):
            if rule.arguments or rule.endpoint in OPEN:
                continue
            status = visitor.get(rule.rule, fragment=fragment).status
            if status not in (200, 204, 303, 302, 403, 422):
                broken[rule.endpoint, fragment] = status
    assert broken == {}


@pytest.mark.parametrize("role", ["administrator", "read_only"])
def test_a_page_of_something_that_is_not_there_is_not_found(application, session, role):
    """Made-up numbers and codes end in 404, 403 or a page, never in a defect."""
    visitor = Visitor(application, session, htmx=False).sign_in(make_user(session, role=role))
    broken = {}
    for rule in rules(application, "GET"):
        if not rule.arguments or rule.endpoint in OPEN:
            continue
        for part in ("X1", "999999999999999999999", "~00", "~FF", "%00", "%F0%9F%98%80"):
            url = re.sub(r"X1|(?<=/)1(?=/|$)|(?<=/)x(?=/|$)", lambda _, part=part: part, address(rule))
            status = visitor.client.get(url).status_code
            if status >= 500:
                broken[rule.endpoint, part] = status
    assert broken == {}


def test_every_page_says_what_it_may_load(application, session, browser):
    browser.sign_in(make_user(session))
    for url in ("/me/", "/setup/users/", "/nowhere", "/sign-in"):
        headers = browser.get(url).answer.headers
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(session, browser):
    make_user(session)
    cookie = browser.get("/sign-in").answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert browser.get("/sign-in").answer.headers["Cache-Control"] == "no-store"
