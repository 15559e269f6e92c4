"""My settings: name, interface language, theme, password."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from flask_babel import force_locale, gettext
from flask_login import current_user, login_user

from blueprints.accounts.forms import ROLE_NAMES, OwnPasswordForm, OwnSettingsForm
from blueprints.web.actor import actor
from blueprints.web.database import reading, transaction
from blueprints.web.fragments import Answer, go_to, page_or_fragment
from blueprints.web.sign_in import SignedIn
from domain.accounts.models import User
from domain.accounts.passwords import hash_password
from domain.accounts.users import change_own_password, check_own_password, edit_own_settings
from domain.errors import Conflict

bp = Blueprint("own_settings", __name__, url_prefix="/me")


@bp.get("/")
def show() -> Answer:
    """The page."""
    return show_settings()


@bp.post("/")
def update() -> Answer:
    """Changes name, language or theme; the next page shows them."""
    form, status = OwnSettingsForm(), 422
    if form.validate():
        try:
            with form.reporting(), transaction() as session:
                user = session.get_one(User, current_user.id, populate_existing=True)
                edit_own_settings(session, user, changes=form.changes(values_of(user)), by=actor())
                with force_locale(user.locale):
                    message = gettext("Your settings were saved.")
                return go_to(url_for("own_settings.show"), message, "ok")
        except Conflict:
            if not form.stored_now:
                raise
            status = 409
    return show_settings(form, status=status)


@bp.post("/password/")
def password() -> Answer:
    """Changes one's password. Every other session of the user ends; this one goes on."""
    form = OwnPasswordForm()
    if form.validate():
        with form.reporting():
            user = reading().get_one(User, current_user.id)
            shown_hash = check_own_password(user, form.current_password.data)
            password_hash = hash_password(form.password.data, login=user.login)
            by = actor()
            with transaction() as session:
                user = session.get_one(User, by.user_id, populate_existing=True)
                change_own_password(session, user, shown_hash=shown_hash, password_hash=password_hash, by=by)
            login_user(SignedIn(user))
            message = gettext("Your password was changed. You are signed out everywhere else.")
            return go_to(url_for("own_settings.show"), message, "ok")
    return show_settings(password_form=form, status=422, fragment="accounts/_own_password.html")


def values_of(user: User) -> dict[str, Any]:
    """What the form shows of a user."""
    return {"name": user.name, "locale": user.locale, "theme": user.theme}


def show_settings(
    form: OwnSettingsForm | None = None,
    password_form: OwnPasswordForm | None = None,
    status: int = 200,
    fragment: str = "accounts/_own_settings.html",
) -> Answer:
    """The page, or for HTMX the form that was posted."""
    user = reading().get_one(User, current_user.id)
    forms = {
        "form": form or OwnSettingsForm(formdata=None, data=values_of(user)),
        "password_form": password_form or OwnPasswordForm(formdata=None),
    }
    return page_or_fragment(
        "accounts/own_settings.html", fragment, status, user=user, role_name=ROLE_NAMES[user.role], **forms
    )
