"""Users as administrators see them, and one's own settings."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select

from blueprints.web.database import db
from domain.accounts.models import User
from domain.accounts.passwords import is_right
from tests.factories.accounts import PASSWORD, make_user_with_password
from tests.factories.setup import make_salesperson, make_user
from tests.pages.visitor import Visitor

NEW = {
    "login": "bea",
    "name": "Béa",
    "email": "bea@example.com",
    "password": "ten letters",
    "password_again": "ten letters",
}


@pytest.fixture
def chief(session, visitor):
    user = make_user_with_password(session, "chief")
    visitor.sign_in(user)
    return user


def user(session, login):
    return session.scalar(select(User).where(User.login_key == login))


def done(visitor, answer, url):
    assert (answer.status, answer.location) == (204 if visitor.htmx else 303, url), answer.plain()
    return visitor.follow(answer)


# --- new -------------------------------------------------------------------------------------------------------------


def test_an_administrator_makes_a_user(session, visitor, chief):
    seller = make_salesperson(session, "AM")
    page = visitor.get("/setup/users/new")
    answer = visitor.submit(
        page, "#new-user-form", **NEW, role="salesperson", salesperson_id=str(seller.id), locale="fr_CH"
    )
    page = done(visitor, answer, "/setup/users/")
    assert "The user bea can sign in now." in page.plain()
    made = user(session, "bea")
    assert (made.name, made.email, made.role, made.salesperson_id, made.locale, made.active) == (
        "Béa",
        "bea@example.com",
        "salesperson",
        seller.id,
        "fr_CH",
        True,
    )
    assert is_right(made.password_hash, "ten letters")


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"login": ""}, "login", "Enter a sign-in name."),
        ({"login": "CHIEF"}, "login", "The sign-in name CHIEF is already used."),
        ({"login": "x" * 51}, "login", None),
        ({"login": "a\x00b"}, "login", "This text contains a character that cannot be stored."),
        ({"email": "nowhere"}, "email", "This is not an e-mail address."),
        ({"role": "king"}, "role", "Choose one from the list."),
        ({"locale": "de_DE"}, "locale", "Choose one from the list."),
        ({"salesperson_id": "999999"}, "salesperson_id", "Choose a salesperson from the list."),
        ({"password": "short", "password_again": "short"}, "password", "A password has at least 10 characters."),
        ({"password": "bea", "password_again": "bea"}, "password", "A password has at least 10 characters."),
        ({"password_again": "another"}, "password_again", "The two passwords differ."),
    ],
)
def test_what_is_wrong_stands_on_its_field_and_the_rest_stays(session, visitor, chief, changes, field, sentence):
    page = visitor.get("/setup/users/new")
    answer = visitor.submit(page, "#new-user-form", **(NEW | changes))
    assert answer.status == 422
    assert answer.is_page == (not visitor.htmx)
    assert answer.has(f"#{field}-error"), answer.plain()
    if sentence:
        assert answer.text(f"#{field}-error") == sentence
    assert answer.one("#name").get("value") == "Béa"
    assert user(session, "bea") is None


def test_a_password_that_is_the_sign_in_name_is_refused(session, visitor, chief):
    values = NEW | {"login": "long.enough", "password": "Long.Enough", "password_again": "Long.Enough"}
    answer = visitor.submit(visitor.get("/setup/users/new"), "#new-user-form", **values)
    assert answer.text("#password-error") == "The password must differ from the sign-in name."


# --- edit ------------------------------------------------------------------------------------------------------------


def test_users_are_listed_with_their_roles(session, visitor, chief):
    make_user(session, "gone", active=False, role="read_only")
    page = visitor.get("/setup/users/")
    first, second = (
        [" ".join(cell.split()) for cell in row.xpath("td//text()")] for row in page.tree.xpath("//tbody/tr")
    )
    assert [cell for cell in first if cell] == ["chief", "Chief", "Administrator", "English (United Kingdom)", "Active"]
    assert [cell for cell in second if cell][-1] == "Not active"


def test_an_administrator_changes_a_user(session, visitor, chief):
    make_user(session, "bea", role="read_only")
    page = visitor.get("/setup/users/bea/")
    answer = visitor.submit(page, "#user-form", login="béa", role="marketing", active=None)
    done(visitor, answer, "/setup/users/")
    changed = user(session, "béa")
    assert (changed.role, changed.active, changed.session_no) == ("marketing", False, 2)


def test_a_sign_in_name_with_any_letters_has_an_address(session, visitor, chief):
    make_user(session, "å/b c?")
    page = visitor.get("/setup/users/")
    link = page.one("//tbody//a[contains(., 'å/b c?')]").get("href")
    assert visitor.get(link).text("//h1") == "å/b c?"


def test_the_last_administrator_cannot_be_demoted_or_deactivated(session, visitor, chief):
    for changes, field in (({"role": "marketing"}, "role"), ({"active": None}, "active")):
        answer = visitor.submit(visitor.get("/setup/users/chief/"), "#user-form", **changes)
        assert answer.status == 422
        assert answer.text(f"#{field}-error").startswith("Chief is the last active administrator.")
    assert (user(session, "chief").role, user(session, "chief").active) == ("administrator", True)


def test_different_fields_changed_by_two_people_do_not_conflict(session, visitor, chief):
    bea = make_user(session, "bea", role="read_only")
    page = visitor.get("/setup/users/bea/")
    bea.role = "marketing"
    done(visitor, visitor.submit(page, "#user-form", name="Béatrice"), "/setup/users/")
    assert (user(session, "bea").name, user(session, "bea").role) == ("Béatrice", "marketing")


def test_the_same_field_changed_by_two_people_shows_both_and_saves_again(session, visitor, chief):
    bea = make_user(session, "bea", role="read_only")
    page = visitor.get("/setup/users/bea/")
    bea.role = "marketing"
    bea.name = "Beatrice"
    answer = visitor.submit(page, "#user-form", role="salesperson", name="Béa")
    assert answer.status == 409
    theirs = "Someone else changed this to “%s”. Save again to use yours."
    assert answer.text("#role-error") == theirs % "Marketing"
    assert answer.text("#name-error") == theirs % "Beatrice"
    assert answer.form("#user-form")["role"] == "salesperson"
    assert user(session, "bea").role == "marketing"
    done(visitor, visitor.submit(answer, "#user-form"), "/setup/users/")
    assert (user(session, "bea").role, user(session, "bea").name) == ("salesperson", "Béa")


def test_a_user_who_is_gone_is_not_found(session, visitor, chief):
    make_user(session, "bea")
    page = visitor.get("/setup/users/bea/")
    session.delete(user(session, "bea"))
    assert visitor.submit(page, "#user-form", name="x").status == 404


def test_an_administrator_gives_a_new_password_and_the_user_is_signed_out(session, application, visitor, chief):
    bea = make_user_with_password(session, "bea")
    other = Visitor(application, session, htmx=False).sign_in(bea)
    assert other.get("/me/").status == 200
    page = visitor.get("/setup/users/bea/")
    answer = visitor.submit(page, "#password-form", password="given by chief", password_again="given by chief")
    done(visitor, answer, "/setup/users/bea/")
    assert is_right(user(session, "bea").password_hash, "given by chief")
    assert other.get("/me/").status == 303


def test_a_wrong_new_password_for_somebody_is_refused_on_its_field(session, visitor, chief):
    make_user_with_password(session, "bea")
    page = visitor.get("/setup/users/bea/")
    answer = visitor.submit(page, "#password-form", password="short", password_again="short")
    assert (answer.status, answer.text("#password-error")) == (422, "A password has at least 10 characters.")


@pytest.mark.parametrize("role", ["read_only", "salesperson", "marketing"])
def test_others_see_and_change_no_users(session, visitor, role):
    make_user(session, "bea")
    visitor.sign_in(make_user(session, "me", role=role))
    token = visitor.get("/me/").form("#settings-form")["csrf_token"]
    for url in ("/setup/users/", "/setup/users/new", "/setup/users/bea/"):
        assert visitor.get(url).status == 403
    for url, values in (
        ("/setup/users/", NEW | {"role": "read_only", "locale": "en_GB"}),
        ("/setup/users/bea/", {"login": "x", "role": "read_only", "locale": "en_GB", "salesperson_id": ""}),
        ("/setup/users/bea/", {}),  # a form with mistakes is not shown again
        ("/setup/users/bea/password/", {"password": "ten letters", "password_again": "ten letters"}),
    ):
        assert visitor.post(url, values | {"csrf_token": token}).status == 403
    assert user(session, "bea").password_hash == ""


# --- one's own settings ----------------------------------------------------------------------------------------------


def test_people_choose_language_and_theme(session, visitor, chief):
    answer = visitor.submit(visitor.get("/me/"), "#settings-form", name="The Chief", locale="sv_SE", theme="dark")
    page = done(visitor, answer, "/me/")
    assert (page.one("//html").get("lang"), page.one("//html").get("data-theme")) == ("sv-SE", "dark")
    assert user(session, "chief").name == "The Chief"


def test_a_wrong_choice_is_refused(session, visitor, chief):
    answer = visitor.submit(visitor.get("/me/"), "#settings-form", locale="xx", name="Kept")
    assert (answer.status, answer.text("#locale-error")) == (422, "Choose one from the list.")
    assert answer.one("#name").get("value") == "Kept"


def test_a_new_password_ends_the_other_sessions_and_this_one_goes_on(session, application, visitor, chief):
    elsewhere = Visitor(application, session, htmx=False).sign_in(chief)
    values = {"password": "my new secret", "password_again": "my new secret"}
    answer = visitor.submit(visitor.get("/me/"), "#password-form", current_password=PASSWORD, **values)
    page = done(visitor, answer, "/me/")
    assert "Your password was changed." in page.plain()
    assert elsewhere.get("/me/").status == 303
    assert is_right(user(session, "chief").password_hash, "my new secret")


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"current_password": "wrong one"}, "current_password", "This is not your current password."),
        ({"current_password": ""}, "current_password", "Enter your current password."),
        ({"password": "short", "password_again": "short"}, "password", "A password has at least 10 characters."),
        ({"password_again": "other"}, "password_again", "The two passwords differ."),
    ],
)
def test_a_password_is_not_changed_for_a_wrong_answer(session, visitor, chief, changes, field, sentence):
    values = {"current_password": PASSWORD, "password": "my new secret", "password_again": "my new secret"}
    answer = visitor.submit(visitor.get("/me/"), "#password-form", **(values | changes))
    assert (answer.status, answer.text(f"#{field}-error")) == (422, sentence)
    assert is_right(user(session, "chief").password_hash, PASSWORD)


# --- cost ------------------------------------------------------------------------------------------------------------


def test_the_list_costs_the_same_for_many_users(application, session, browser):
    browser.sign_in(make_user(session, "chief"))
    for number in range(30):
        make_user(session, f"u{number}", salesperson_id=make_salesperson(session, f"S{number}").id)
    with application.app_context():
        engine = db.engine
    statements = []

    def count(connection, cursor, statement, *rest):
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        assert browser.get("/setup/users/").status == 200
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert 2 <= len([s for s in statements if s.lstrip().upper().startswith("SELECT")]) <= 3
