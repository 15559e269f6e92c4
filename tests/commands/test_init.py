"""`flask init`: first run without a browser."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app import create_app
from blueprints.accounts.first_run_access import new_code
from blueprints.web.database import db, reading
from domain.accounts.models import User
from domain.accounts.passwords import is_right
from domain.contacts.models import Salutation
from domain.setup.models import CompanyInformation
from tests.factories.setup import NOW

OPTIONS = {
    "--name": "Müller & Fils",
    "--currency": "chf",
    "--time-zone": "Europe/Zurich",
    "--language": "FRS",
    "--country": "CH",
    "--login": "anna",
    "--user-name": "Anna Müller",
    "--salesperson-code": "AM",
    "--interface-language": "fr_CH",
}


@pytest.fixture
def office(empty_database_url, tmp_path, monkeypatch):
    """An application on a database without tables."""
    monkeypatch.setenv("INSTANCE_PATH", str(tmp_path / "instance"))
    monkeypatch.delenv("SEGMENTA_PASSWORD", raising=False)
    app = create_app({"SQLALCHEMY_DATABASE_URI": empty_database_url, "CLOCK": lambda: NOW})
    yield app
    with app.app_context():
        db.engine.dispose()


def init(app, *, password="a long secret", typed=None, more=(), **changes):
    options = OPTIONS | {f"--{name.replace('_', '-')}": value for name, value in changes.items()}
    arguments = [part for pair in options.items() for part in pair]
    environment = {"SEGMENTA_PASSWORD": password} if password else {}
    return app.test_cli_runner().invoke(args=["init", *arguments, *more], env=environment, input=typed)


def test_an_empty_database_becomes_an_office(office):
    code = new_code(office)
    result = init(office)
    assert (result.exit_code, result.output.strip()) == (0, "Müller & Fils is ready. Sign in as anna."), result.output
    assert code not in result.output
    with office.app_context():
        made = reading().get(CompanyInformation, 1)
        user = reading().scalar(select(User))
        assert (made.currency, made.time_zone, made.country.code) == ("CHF", "Europe/Zurich", "CH")
        assert (user.role, user.locale, user.salesperson.name) == ("administrator", "fr_CH", "Anna Müller")
        assert is_right(user.password_hash, "a long secret")
        assert reading().scalar(select(Salutation.code).limit(1))


def test_the_demo_company_can_be_added_and_its_sign_ins_work(office):
    result = init(office, more=["--demo"])
    assert result.exit_code == 0, result.output
    printed = dict(re.findall(r"(demo-\w+)\s+(\S+)$", result.output, re.MULTILINE))
    assert set(printed) == {"demo-reader", "demo-sales", "demo-marketing", "demo-admin"}
    with office.app_context():
        assert reading().get(CompanyInformation, 1).demo is True
        user = reading().scalar(select(User).where(User.login == "demo-sales"))
        assert is_right(user.password_hash, printed["demo-sales"])


def test_the_password_is_asked_for_twice_and_not_shown(office):
    result = init(office, password="", typed="a long secret\na long secret\n")
    assert result.exit_code == 0
    assert "a long secret" not in result.output


def test_an_office_is_never_overwritten(office):
    assert init(office).exit_code == 0
    again = init(office, name="Somebody Else", login="eve")
    assert again.exit_code == 1
    assert "already belongs to Müller & Fils. Nothing was changed." in again.output
    with office.app_context():
        assert reading().get(CompanyInformation, 1).name == "Müller & Fils"
        assert list(reading().scalars(select(User.login))) == ["anna"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"password": "short"}, "A password has at least 10 characters."),
        ({"currency": "XXL"}, "There is no currency XXL."),
        ({"time_zone": "Mars"}, "There is no time zone Mars."),
        ({"country": "XX"}, "There is no country/region XX."),
        ({"login": " "}, "Enter a sign-in name."),
        ({"login": "x" * 51}, "This text can have up to 50 characters."),
        ({"salesperson_code": ""}, "Enter a code."),
        ({"user_name": "x" * 51}, "This text can have up to 50 characters."),
    ],
)
def test_a_wrong_value_is_named_and_nothing_is_made(office, changes, sentence):
    result = init(office, **changes)
    assert (result.exit_code, result.output.strip()) == (1, f"Error: {sentence}")
    with office.app_context():
        assert reading().get(CompanyInformation, 1) is None
        assert reading().scalar(select(User)) is None


def test_the_password_does_not_stay_in_the_configuration(monkeypatch, tmp_path):
    monkeypatch.setenv("INSTANCE_PATH", str(tmp_path))
    monkeypatch.setenv("SEGMENTA_PASSWORD", "a long secret")
    app = create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://"})
    assert "a long secret" not in str(dict(app.config))


def test_with_the_demo_company_its_sign_ins_are_printed_once(office):
    arguments = [part for pair in OPTIONS.items() for part in pair]
    environment = {"SEGMENTA_PASSWORD": "a long secret"}
    result = office.test_cli_runner().invoke(args=["init", "--demo", *arguments], env=environment)
    assert result.exit_code == 0, result.output
    lines = [line for line in result.output.splitlines() if line.startswith("Demo sign-in")]
    printed = dict(line.split(": ")[1].split() for line in lines)
    assert set(printed) == {"demo-reader", "demo-sales", "demo-marketing", "demo-admin"}
    with office.app_context():
        users = {user.login: user for user in reading().scalars(select(User))}
        for login, password in printed.items():
            assert is_right(users[login].password_hash, password)
        assert users["anna"].is_demo is False
        assert reading().get(CompanyInformation, 1).demo is True
