"""Users, for administrators: list, new, edit, a new password."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext

from blueprints.accounts.forms import ROLE_NAMES, NewUserForm, PasswordForm, UserForm
from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, go_to, page, page_or_fragment
from blueprints.web.languages import LOCALE_NAMES
from domain.accounts.models import User
from domain.accounts.passwords import hash_password
from domain.accounts.queries import get_user, user_list
from domain.accounts.users import create_user, edit_user, set_password
from domain.errors import Conflict
from domain.setup.queries import salesperson_list

bp = Blueprint("users", __name__, url_prefix="/setup/users")

FIELDS = ("login", "name", "email", "role", "salesperson_id", "locale", "active")


@bp.get("/")
def index() -> Answer:
    """Every user."""
    actor().must_be_allowed("manage users")
    users = list(reading().scalars(user_list()))
    return page("accounts/users.html", users=users, role_names=ROLE_NAMES, locale_names=LOCALE_NAMES)


@bp.get("/new")
def new() -> Answer:
    """The page for a new user."""
    actor().must_be_allowed("manage users")
    return show_new(NewUserForm())


@bp.post("/")
def create() -> Answer:
    """Makes a user."""
    by = actor()
    by.must_be_allowed("manage users")
    form = NewUserForm()
    if form.validate():
        with form.reporting():
            password_hash = hash_password(form.password.data, login=form.login.data)
            with transaction() as session:
                values = {name: form[name].data for name in FIELDS if name != "login"}
                user = create_user(session, login=form.login.data, password_hash=password_hash, by=by, **values)
            return go_to(url_for("users.index"), gettext("The user %(login)s can sign in now.", login=user.login), "ok")
    return show_new(form, 422)


@bp.get("/<known:login>/")
def show(login: str) -> Answer:
    """One user, to edit."""
    actor().must_be_allowed("manage users")
    user = get_user(reading(), login)
    return show_user(user, UserForm(formdata=None, data=values_of(user)))


@bp.post("/<known:login>/")
def update(login: str) -> Answer:
    """Changes what the administrator changed (B26)."""
    by = actor()
    by.must_be_allowed("manage users")
    form, status = UserForm(), 422
    if form.validate():
        try:
            with form.reporting(), transaction() as session:
                user = get_user(session, login)
                edit_user(session, user, changes=form.changes(values_of(user)), by=by)
                return go_to(url_for("users.index"), gettext("The user %(login)s was changed.", login=user.login), "ok")
        except Conflict:
            if not form.stored_now:
                raise
            status = 409
    return show_user(get_user(reading(), login), form, status=status)


@bp.post("/<known:login>/password/")
def password(login: str) -> Answer:
    """Gives the user another password and signs them out everywhere."""
    by = actor()
    by.must_be_allowed("manage users")
    form = PasswordForm()
    user = get_user(reading(), login)
    if form.validate():
        with form.reporting():
            password_hash = hash_password(form.password.data, login=user.login)
            with transaction() as session:
                set_password(session, get_user(session, login), password_hash=password_hash, by=by)
            message = gettext("%(login)s has a new password and is signed out everywhere.", login=user.login)
            return go_to(url_for("users.show", login=user.login), message, "ok")
    return show_user(user, UserForm(formdata=None, data=values_of(user)), form, 422, "accounts/_user_password.html")


def values_of(user: User) -> dict[str, Any]:
    """What the form shows of a user."""
    return {name: getattr(user, name) for name in FIELDS}


def show_new(form: NewUserForm, status: int = 200) -> Answer:
    """The page with the form of a new user."""
    form.salesperson_id.choices = salesperson_choices()
    return page_or_fragment("accounts/new_user.html", "accounts/_new_user.html", status, form=form)


def show_user(
    user: User,
    form: UserForm,
    password_form: PasswordForm | None = None,
    status: int = 200,
    fragment: str = "accounts/_user_edit.html",
) -> Answer:
    """The page of a user, or for HTMX the form that was posted."""
    form.salesperson_id.choices = salesperson_choices(user)
    forms = {"form": form, "password_form": password_form or PasswordForm(formdata=None)}
    return page_or_fragment("accounts/user.html", fragment, status, user=user, **forms)


def salesperson_choices(user: User | None = None) -> list[tuple[str, str]]:
    """Salespeople who are not blocked, and the one the user has."""
    found = {one.id: one for one in reading().scalars(salesperson_list())}
    if user is not None and user.salesperson is not None:
        found[user.salesperson.id] = user.salesperson
    return [("", gettext("(none)")), *((str(one.id), f"{one.code} {one.name}".strip()) for one in found.values())]
