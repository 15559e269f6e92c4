"""Users and their passwords (contacts.md 1.11 and 7)."""

from __future__ import annotations

import datetime as dt

import pytest

from domain.accounts.models import User
from domain.accounts.passwords import hash_password, is_right, problem
from domain.accounts.queries import find_user, get_user, user_list
from domain.accounts.sign_in import check_password, record_sign_in, renewed_hash
from domain.accounts.users import (
    change_own_password,
    check_own_password,
    create_user,
    edit_own_settings,
    edit_user,
    set_password,
)
from domain.errors import Forbidden, NotFound, RuleViolation
from tests.factories.setup import NOW, make_actor, make_salesperson, make_user

GOOD = "correct horse"
HASH = hash_password(GOOD, login="ann")


def create(session, login="ann", **values):
    return create_user(session, login=login, password_hash=HASH, by=values.pop("by", make_actor()), **values)


# --- creating and editing --------------------------------------------------------------------------------------------


def test_a_new_user_may_read_and_nothing_else(session):
    user = create(session, "  Ann   Berg ")
    assert (user.login, user.login_key, user.role, user.active, user.created_at) == (
        "Ann Berg",
        "ann berg",
        "read_only",
        True,
        NOW,
    )


@pytest.mark.parametrize("taken", ["ann", "ANN", " Ann "])
def test_a_sign_in_name_is_used_once_whatever_its_case(session, taken):
    create(session, "Ann")
    with pytest.raises(RuleViolation, match=r"already used\.$") as refusal:
        create(session, taken)
    assert refusal.value.field == "login"


def test_a_sign_in_name_taken_at_the_same_moment_is_refused_with_the_same_sentence(session, monkeypatch):
    create(session, "ann")
    monkeypatch.setattr("domain.accounts.users.find_user", lambda *_: None)
    with pytest.raises(RuleViolation, match=r"^The sign-in name ann is already used\.$"), session.begin_nested():
        create(session, "ann")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"login": "  "}, "login"),
        ({"login": "x" * 51}, "login"),
        ({"name": "x" * 101}, "name"),
        ({"email": "x" * 81}, "email"),
        ({"role": "chief"}, "role"),
        ({"locale": "de_DE"}, "locale"),
        ({"salesperson_id": 987654}, "salesperson_id"),
    ],
)
def test_values_nobody_could_have_chosen_are_refused_on_their_field(session, values, field):
    with pytest.raises(RuleViolation) as refusal:
        create(session, **values)
    assert refusal.value.field == field


def test_a_blocked_salesperson_cannot_be_chosen_but_stays_where_it_is(session):
    blocked = make_salesperson(session, "BL", blocked=True)
    with pytest.raises(RuleViolation, match="The salesperson BL is blocked"):
        create(session, salesperson_id=blocked.id)
    later = make_salesperson(session, "LB")
    user = create(session, salesperson_id=later.id)
    later.blocked = True
    edit_user(session, user, changes={"salesperson_id": later.id, "name": "Ann"}, by=make_actor())
    assert (user.salesperson.code, user.name) == ("LB", "Ann")
    edit_user(session, user, changes={"salesperson_id": None}, by=make_actor())
    assert user.salesperson is None


@pytest.mark.parametrize("role", ["read_only", "salesperson", "marketing"])
def test_only_administrators_manage_users(session, role):
    user = create(session)
    by = make_actor(role=role)
    for attempt in (
        lambda: create(session, "bo", by=by),
        lambda: edit_user(session, user, changes={"name": "x"}, by=by),
        lambda: set_password(session, user, password_hash=HASH, by=by),
    ):
        with pytest.raises(Forbidden):
            attempt()


def test_deactivating_ends_the_sessions(session):
    user = create(session)
    edit_user(session, user, changes={"active": False}, by=make_actor())
    assert (user.active, user.session_no) == (False, 2)


# --- the last administrator ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"active": False}, "active"), ({"role": "marketing"}, "role"), ({"role": "read_only"}, "role")],
)
def test_the_last_active_administrator_stays(session, changes, field):
    chief = make_user(session, "chief")
    make_user(session, "former", active=False)
    make_user(session, "other", role="marketing")
    with pytest.raises(RuleViolation, match="Chief is the last active administrator") as refusal:
        edit_user(session, chief, changes=changes, by=make_actor(chief))
    assert refusal.value.field == field
    assert (chief.active, chief.role) == (True, "administrator")


def test_one_of_two_administrators_may_go(session):
    chief, other = make_user(session, "chief"), make_user(session, "other")
    edit_user(session, other, changes={"active": False}, by=make_actor(chief))
    assert other.active is False


def test_the_last_administrator_may_be_renamed(session):
    chief = make_user(session, "chief")
    edit_user(session, chief, changes={"login": "boss", "role": "administrator", "active": True}, by=make_actor(chief))
    assert get_user(session, "BOSS") is chief


# --- one's own settings ----------------------------------------------------------------------------------------------


def test_people_set_their_own_language_name_and_theme(session):
    user = make_user(session, role="read_only")
    edit_own_settings(session, user, changes={"name": "Åsa", "locale": "sv_SE", "theme": "dark"}, by=make_actor(user))
    assert (user.name, user.locale, user.theme) == ("Åsa", "sv_SE", "dark")


def test_people_cannot_give_themselves_another_role_or_set_others(session):
    user, other = make_user(session, role="read_only"), make_user(session)
    with pytest.raises(KeyError):
        edit_own_settings(session, user, changes={"role": "administrator"}, by=make_actor(user))
    with pytest.raises(Forbidden):
        edit_own_settings(session, other, changes={"name": "x"}, by=make_actor(user))
    with pytest.raises(Forbidden):
        change_own_password(session, other, shown_hash="", password_hash=HASH, by=make_actor(user))
    with pytest.raises(RuleViolation, match="Choose a theme"):
        edit_own_settings(session, user, changes={"theme": "pink"}, by=make_actor(user))


def test_a_new_password_of_ones_own_needs_the_current_one_and_ends_the_sessions(session):
    user = create(session)
    with pytest.raises(RuleViolation, match="not your current password"):
        check_own_password(user, "something else")
    shown = check_own_password(user, GOOD)
    new = hash_password("another good one", login="ann")
    change_own_password(session, user, shown_hash=shown, password_hash=new, by=make_actor(user))
    assert (user.session_no, is_right(user.password_hash, "another good one")) == (2, True)
    with pytest.raises(RuleViolation, match="changed meanwhile"):
        change_own_password(session, user, shown_hash=shown, password_hash=HASH, by=make_actor(user))


def test_an_administrator_sets_a_password_without_knowing_the_old_one(session):
    user = create(session)
    set_password(session, user, password_hash=hash_password("given by the boss", login="ann"), by=make_actor())
    assert (user.session_no, is_right(user.password_hash, "given by the boss")) == (2, True)


# --- passwords -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("ninechars", "A password has at least 10 characters."),
        ("é" * 9, "A password has at least 10 characters."),
        ("e\u0301" * 9, "A password has at least 10 characters."),
        ("x" * 201, "A password has at most 200 characters."),
        ("Ann.Example", "The password must differ from the sign-in name."),
        (" ann.EXAMPLE ", "The password must differ from the sign-in name."),
    ],
)
def test_a_weak_password_is_refused(password, sentence):
    assert str(problem(password, login="ann.example")) == sentence
    with pytest.raises(RuleViolation, match=sentence):
        hash_password(password, login="ann.example")


def test_ten_characters_are_enough():
    assert problem("0123456789", login="ann") is None


def test_the_same_letters_from_another_keyboard_are_the_same_password():
    assert is_right(hash_password("café au lait", login="x"), "cafe\u0301 au lait")


# --- signing in ------------------------------------------------------------------------------------------------------


def test_the_right_password_opens_whatever_the_case_of_the_name(session):
    user = create(session, "Ann")
    assert check_password(session, login=" aNN ", password=GOOD) is user


@pytest.mark.parametrize(("login", "password"), [("ann", "wrong password"), ("nobody", GOOD), ("", ""), ("gone", GOOD)])
def test_everything_else_is_refused_without_a_reason(session, login, password):
    create(session, "ann")
    create(session, "gone", active=False)
    assert check_password(session, login=login, password=password) is None


def test_an_unknown_name_costs_as_much_as_a_known_one(session, monkeypatch):
    verified = []
    monkeypatch.setattr("domain.accounts.passwords._hasher", _Counting(verified))
    check_password(session, login="nobody", password=GOOD)
    create(session, "gone", active=False)
    check_password(session, login="gone", password=GOOD)
    assert len(verified) == 2
    assert all(known.startswith("$argon2id$") for known in verified)


class _Counting:
    def __init__(self, verified):
        self.verified = verified

    def verify(self, known, password):
        self.verified.append(known)
        return True


def test_a_user_without_a_password_cannot_sign_in(session):
    make_user(session, "blank")
    assert check_password(session, login="blank", password="") is None
    assert check_password(session, login="blank", password="nobody has this password") is None


def test_signing_in_notes_the_moment(session):
    user = create(session)
    moment = NOW + dt.timedelta(hours=1)
    assert record_sign_in(session, user.id, checked_hash=HASH, new_hash="", now=moment) is user
    assert session.get(User, user.id, populate_existing=True).last_sign_in_at == moment


def test_somebody_deactivated_or_changed_while_the_password_was_checked_stays_out(session):
    user = create(session)
    assert record_sign_in(session, user.id, checked_hash="another hash", new_hash="", now=NOW) is None
    user.active = False
    session.flush()
    assert record_sign_in(session, user.id, checked_hash=HASH, new_hash="", now=NOW) is None
    assert user.last_sign_in_at is None


def test_a_hash_of_weaker_days_is_renewed(session):
    old = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21l$"
    user = create(session)
    assert renewed_hash(user, GOOD) == ""
    user.password_hash = old + "9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ"
    new = renewed_hash(user, GOOD)
    assert is_right(new, GOOD)
    record_sign_in(session, user.id, checked_hash=user.password_hash, new_hash=new, now=NOW)
    assert user.password_hash == new


# --- questions -------------------------------------------------------------------------------------------------------


def test_users_are_listed_active_ones_first(session):
    for login, active in (("Zoe", True), ("adam", False), ("bea", True)):
        create(session, login, active=active)
    assert [user.login for user in session.scalars(user_list())] == ["bea", "Zoe", "adam"]


def test_an_unknown_user_is_named(session):
    assert find_user(session, "nobody") is None
    with pytest.raises(NotFound, match="There is no user nobody"):
        get_user(session, "nobody")
