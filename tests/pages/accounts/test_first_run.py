"""First run: who may, what is asked, what there is afterwards."""

from __future__ import annotations

import stat
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from blueprints.accounts import first_run, first_run_access
from domain.accounts.models import User
from domain.accounts.passwords import is_right
from domain.contacts.models import Contact, Salutation
from domain.demo.start import forget_letters
from domain.setup.models import CompanyInformation, Country, Language, MarketingSetup, NumberSeries, Salesperson
from tests.factories.setup import NOW, make_user

ANSWERS = {
    "name": "Müller & Fils",
    "currency": "CHF",
    "time_zone": "Europe/Zurich",
    "language_code": "FRS",
    "country_code": "CH",
    "login": "anna",
    "user_name": "Anna Müller",
    "locale": "fr_CH",
    "salesperson_code": "am",
    "password": "a long secret",
    "password_again": "a long secret",
    "start": "empty",
}
TABLES = (CompanyInformation, MarketingSetup, User, Salesperson, Language, Country, NumberSeries, Salutation)


@pytest.fixture(autouse=True)
def instance(application, tmp_path, monkeypatch):
    monkeypatch.setattr(application, "instance_path", str(tmp_path))
    return tmp_path


def rows(session):
    return {table.__name__: session.scalar(select(func.count()).select_from(table)) for table in TABLES}


def run(visitor, **changes):
    return visitor.submit(visitor.get("/first-run/"), "#first-run-form", **(ANSWERS | changes))


# --- what happens ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["/", "/me/", "/sign-in", "/setup/users/", "/jobs/", "/nowhere"])
def test_every_page_of_an_empty_database_leads_to_the_first_run(visitor, url):
    assert visitor.get(url).location == "/first-run/"


def test_start_empty_makes_an_office_and_signs_the_administrator_in(session, visitor):
    answer = run(visitor)
    assert (answer.status, answer.location) == (204 if visitor.htmx else 303, "/")
    office = session.get(CompanyInformation, 1)
    assert (office.name, office.currency, office.time_zone, office.country.code) == (
        "Müller & Fils",
        "CHF",
        "Europe/Zurich",
        "CH",
    )
    user = session.scalar(select(User))
    assert (user.login, user.role, user.locale, user.salesperson.code, user.salesperson.name) == (
        "anna",
        "administrator",
        "fr_CH",
        "AM",
        "Anna Müller",
    )
    assert is_right(user.password_hash, "a long secret")
    assert user.last_sign_in_at == NOW
    setup = session.get(MarketingSetup, 1)
    assert session.get(Language, setup.default_language_id).code == "FRS"
    assert setup.default_person_salutation_id is not None
    series = {one.code: one.lines[0].starting_no for one in session.scalars(select(NumberSeries))}
    assert series == {"SEGM": "SM00001", "CONT": "CT000001", "CAMP": "CP0001", "TASK": "TD000001"}
    assert visitor.get("/me/").status == 200


@pytest.mark.parametrize("start", ["empty", "demo"])
def test_what_takes_long_comes_before_the_transaction(browser, monkeypatch, start):
    """Nobody waits for the turn to write while letters are checked and passwords hashed."""
    during = []
    begun = first_run.transaction

    @contextmanager
    def watched():
        with begun() as db_session:
            monkeypatch.setattr("domain.demo.start.check_own_file", lambda *_: during.append("letter"))
            monkeypatch.setattr("domain.accounts.passwords.PasswordHasher.hash", lambda *_: during.append("hash"))
            yield db_session
            monkeypatch.undo()

    forget_letters()
    monkeypatch.setattr(first_run, "transaction", watched)
    assert run(browser, start=start).status in (200, 303)
    assert during == []


def test_the_page_says_that_it_takes_time(browser):
    page = browser.get("/first-run/")
    assert [b.get("data-busy") for b in page.tree.xpath("//form[@id='first-run-form']//button")] == ["Setting up…"] * 2
    assert "Setting up takes a few seconds." in page.plain()


def test_when_the_demo_fails_there_is_no_office_either(session, browser, monkeypatch):
    def fail(*_, **__):
        raise OSError("disk full")

    monkeypatch.setattr("domain.demo.company.create_demo_segments", fail)
    assert run(browser, start="demo").status == 500
    assert set(rows(session).values()) == {0}
    assert session.scalar(select(func.count()).select_from(Contact)) == 0
    assert browser.get("/me/").location == "/first-run/"


def test_an_office_that_is_there_is_not_set_up_again(session, visitor):
    page = visitor.get("/first-run/")
    make_user(session, "boss")
    before = rows(session)
    assert visitor.submit(page, "#first-run-form", **ANSWERS).location == "/"
    assert visitor.get("/first-run/").location == "/"
    assert rows(session) == before


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": " "}, "name", "Enter the name of your company."),
        ({"currency": "XXL"}, "currency", "There is no currency XXL."),
        ({"currency": None}, "currency", None),
        ({"time_zone": "Mars/Crater"}, "time_zone", "There is no time zone Mars/Crater."),
        ({"time_zone": "../../etc/passwd"}, "time_zone", None),
        ({"language_code": "XX"}, "language_code", "There is no language XX."),
        ({"country_code": "XX"}, "country_code", "There is no country/region XX."),
        ({"login": ""}, "login", "Enter a sign-in name."),
        ({"user_name": ""}, "user_name", "Enter your name."),
        ({"salesperson_code": ""}, "salesperson_code", None),
        ({"locale": "xx"}, "locale", "Choose one from the list."),
        ({"password": "short", "password_again": "short"}, "password", "A password has at least 10 characters."),
        ({"password_again": "other"}, "password_again", "The two passwords differ."),
    ],
)
def test_what_is_wrong_stands_on_its_field_and_nothing_is_made(session, visitor, changes, field, sentence):
    answer = run(visitor, **changes)
    assert answer.status == 422
    assert answer.has(f"#{field}-error"), answer.plain()
    if sentence:
        assert answer.text(f"#{field}-error") == sentence
    if field != "user_name":
        assert answer.one("#user_name").get("value") == "Anna Müller"
    assert set(rows(session).values()) == {0}


def test_when_the_last_step_fails_nothing_remains(session, visitor, monkeypatch):
    def fail(*_, **__):
        raise OSError("disk full")

    monkeypatch.setattr("domain.demo.first_run.create_user", fail)
    assert run(visitor).status == 500
    assert set(rows(session).values()) == {0}


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fr-CH,fr;q=0.9", ("CH", "CHF", "Europe/Zurich", "FRS", "fr_CH")),
        ("fr-CA", ("CA", "CAD", "America/Toronto", "FRC", "fr_CA")),
        ("sv-SE", ("SE", "SEK", "Europe/Stockholm", "SVE", "sv_SE")),
        ("de-DE,de", ("DE", "EUR", "Europe/Berlin", "DEU", "en_GB")),
        ("en", ("GB", "GBP", "Europe/London", "ENG", "en_GB")),
        ("", ("GB", "GBP", "Europe/London", "ENG", "en_GB")),
    ],
)
def test_the_answers_are_guessed_from_the_browser(browser, language, expected):
    values = browser.get("/first-run/", headers={"Accept-Language": language}).form("#first-run-form")
    names = ("country_code", "currency", "time_zone", "language_code", "locale")
    assert tuple(values[name] for name in names) == expected


def test_places_and_languages_are_named_in_the_language_of_the_reader(browser):
    page = browser.get("/first-run/", headers={"Accept-Language": "sv-SE"})
    assert page.text("//select[@id='country_code']/option[@selected]") == "Sverige"
    assert page.text("//select[@id='language_code']/option[@selected]") == "Svenska (Sverige)"
    assert page.text("//select[@id='currency']/option[@selected]") == "SEK – svensk krona"


# --- who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "host", "headers"),
    [
        ("192.0.2.1", "localhost", {}),
        ("::ffff:192.0.2.1", "localhost", {}),
        ("", "localhost", {}),
        ("127.0.0.1", "office.example", {}),
        ("127.0.0.1", "127.0.0.1.evil.example:8000", {}),
        ("127.0.0.1", "localhost", {"X-Forwarded-For": "127.0.0.1"}),
        ("127.0.0.1", "localhost", {"X-Forwarded-Host": "x"}),
        ("127.0.0.1", "localhost", {"Forwarded": "for=127.0.0.1"}),
        ("127.0.0.1", "localhost", {"X-Real-IP": "127.0.0.1"}),
        ("127.0.0.1", "localhost", {"Via": "1.1 proxy"}),
    ],
)
def test_visitors_from_elsewhere_are_asked_for_the_code(session, browser, address, host, headers):
    page = browser.get("/first-run/")
    browser.client.environ_base["REMOTE_ADDR"] = address
    from_there = headers | {"Host": host}
    answer = browser.get("/first-run/", headers=from_there)
    assert answer.status == 403
    assert answer.has("#code-form")
    assert not answer.has("#first-run-form")
    values = page.form("#first-run-form") | ANSWERS
    assert browser.post("/first-run/", values, headers=from_there).status in (400, 403)
    assert set(rows(session).values()) == {0}


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1"])
@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]", "[::1]:8000"])
def test_the_same_machine_needs_no_code(browser, address, host):
    browser.client.environ_base["REMOTE_ADDR"] = address
    assert browser.get("/first-run/", headers={"Host": host}).status == 200


def test_the_one_time_code_opens_the_page_from_elsewhere(session, application, browser, instance):
    code = first_run_access.new_code(application)
    assert stat.S_IMODE((instance / "first_run_code").stat().st_mode) == 0o600
    browser.client.environ_base["REMOTE_ADDR"] = "192.0.2.1"
    page = browser.get("/first-run/")
    wrong = browser.submit(page, "#code-form", code="AAAA-AAAA-AAAA")
    assert (wrong.status, wrong.text("#code-error")) == (
        422,
        "This is not the code. It stands where the program was started.",
    )
    assert browser.get("/first-run/").status == 403
    right = browser.submit(wrong, "#code-form", code=code.lower().replace("-", " "))
    assert right.location == "/first-run/"
    assert run(browser).status == 303
    assert not (instance / "first_run_code").exists()
    assert browser.get("/me/").status == 200


def test_a_code_of_an_earlier_start_opens_nothing(application, browser):
    old = first_run_access.new_code(application)
    browser.client.environ_base["REMOTE_ADDR"] = "192.0.2.1"
    browser.submit(browser.get("/first-run/"), "#code-form", code=old)
    assert browser.get("/first-run/").status == 200
    first_run_access.new_code(application)
    page = browser.get("/first-run/")
    assert page.status == 403
    assert browser.submit(page, "#code-form", code=old).status == 422


@pytest.mark.parametrize("typed", ["", " ", "-", "x", "AAAA-AAAA-AAAA"])
def test_without_a_code_nothing_is_one(application, browser, typed):
    browser.client.environ_base["REMOTE_ADDR"] = "192.0.2.1"
    page = browser.get("/first-run/")
    assert browser.submit(page, "#code-form", code=typed).status == 422
    Path(application.instance_path, "first_run_code").write_text("")
    assert browser.submit(page, "#code-form", code=typed).status == 422
    assert browser.get("/first-run/").status == 403
