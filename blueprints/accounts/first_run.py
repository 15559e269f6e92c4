"""First run: the page an empty database shows."""

from __future__ import annotations

from flask import Blueprint, current_app, request, session, url_for
from flask_babel import gettext
from flask_limiter.util import get_remote_address
from flask_login import login_user

from blueprints.accounts.first_run_access import forget_code, is_code, may_set_up, remember_code
from blueprints.accounts.forms import CodeForm, FirstRunForm
from blueprints.accounts.places import country_choices, currency_choices, guess, language_choices, time_zones
from blueprints.web.actor import now
from blueprints.web.database import transaction
from blueprints.web.fragments import Answer, go_to, page
from blueprints.web.languages import TranslateInto, choose_locale
from blueprints.web.sign_in import SignedIn, limiter
from domain.accounts.models import User
from domain.accounts.passwords import hash_password
from domain.demo.first_run import NewAdministrator, NewOffice, set_up
from domain.demo.sign_ins import DemoSignIn, make_sign_ins
from domain.demo.start import forget_letters, prepare_letters

bp = Blueprint("first_run", __name__, url_prefix="/first-run")


@bp.get("/")
def show() -> Answer:
    """The page; for visitors from elsewhere the question for the one-time code."""
    if not may_set_up():
        return page("accounts/first_run_code.html", 403, form=CodeForm(formdata=None))
    return show_form(FirstRunForm(formdata=None, data=guess(choose_locale())))


@bp.post("/code/")
@limiter.limit(
    "10 per minute; 60 per hour",
    key_func=get_remote_address,
    exempt_when=lambda: not current_app.config["RATELIMIT_ENABLED"],
)
def enter_code() -> Answer:
    """Compares the one-time code."""
    form = CodeForm()
    if form.validate():
        if is_code(current_app, form.code.data):
            remember_code()
            return go_to(url_for("first_run.show"))
        form.code.errors = [gettext("This is not the code. It stands where the program was started.")]
    return page("accounts/first_run_code.html", 422, form=form)


@bp.post("/")
def create() -> Answer:
    """Makes the office and its first administrator, who is signed in at once."""
    if not may_set_up():
        return page("accounts/first_run_code.html", 403, form=CodeForm(formdata=None))
    form = FirstRunForm()
    if form.validate():
        with form.reporting():
            sign_ins = make_sign_ins() if request.form.get("start") == "demo" else None
            user = set_up_from(form, sign_ins)
            session.clear()
            forget_code(current_app)
            login_user(SignedIn(user))
            if sign_ins is not None:
                return page("setup/demo_sign_ins.html", sign_ins=sign_ins)
            return go_to("/", gettext("Welcome to Segmenta."), "ok")
    return show_form(form, 422)


def set_up_from(form: FirstRunForm, sign_ins: list[DemoSignIn] | None = None) -> User:
    """Makes everything in one transaction; with `sign_ins` the demo company too.

    What takes long, hashing the password and checking the letters an office starts with, comes before.
    """
    password_hash = hash_password(form.password.data, login=form.login.data)
    prepare_letters()
    office = NewOffice(
        name=form.name.data,
        currency=form.currency.data,
        time_zone=form.time_zone.data,
        language_code=form.language_code.data,
        country_code=form.country_code.data,
    )
    administrator = NewAdministrator(
        login=form.login.data,
        name=form.user_name.data,
        password_hash=password_hash,
        salesperson_code=form.salesperson_code.data,
        locale=form.locale.data,
    )
    with transaction() as db_session:
        user = set_up(
            db_session,
            office=office,
            administrator=administrator,
            now=now(),
            translate=TranslateInto(administrator.locale),
            sign_ins=sign_ins,
        )
        user.last_sign_in_at = now()
    forget_letters()
    return user


def show_form(form: FirstRunForm, status: int = 200) -> Answer:
    """The page with the form."""
    locale = choose_locale()
    form.currency.choices = currency_choices(locale)
    form.time_zone.choices = time_zones()
    form.country_code.choices = country_choices(locale)
    form.language_code.choices = language_choices()
    return page("accounts/first_run.html", status, form=form)
