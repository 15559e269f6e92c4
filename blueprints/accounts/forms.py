"""Forms of users, one's own settings, signing in and first run."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as lazy
from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, Email, EqualTo, InputRequired, Length, Optional

from blueprints.web.fields import ChoiceField, TypedDateField
from blueprints.web.forms import Form
from blueprints.web.languages import LOCALE_NAMES
from domain.accounts.passwords import LONGEST

ROLE_NAMES = {
    "read_only": lazy("Read-only"),
    "salesperson": lazy("Salesperson"),
    "marketing": lazy("Marketing"),
    "administrator": lazy("Administrator"),
}
THEME_NAMES = {"": lazy("As the computer is set"), "light": lazy("Light"), "dark": lazy("Dark")}
LOCALES = list(LOCALE_NAMES.items())
PASSWORD_HINT = lazy("At least 10 characters, not the sign-in name.")

_again = [InputRequired(lazy("Repeat the password.")), EqualTo("password", lazy("The two passwords differ."))]


def _password(label: Any, **options: Any) -> PasswordField:
    return PasswordField(label, [InputRequired(lazy("Enter a password.")), Length(max=LONGEST)], **options)


def _number(value: Any) -> int | None:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


class SignInForm(Form):
    """Sign-in name and password."""

    login = StringField(lazy("Sign-in name"), [DataRequired(lazy("Enter your sign-in name.")), Length(max=50)])
    password = PasswordField(lazy("Password"), [InputRequired(lazy("Enter your password."))])
    next = HiddenField()


class UserForm(Form):
    """What an administrator says about a user."""

    login = StringField(lazy("Sign-in name"), [DataRequired(lazy("Enter a sign-in name.")), Length(max=50)])
    name = StringField(lazy("Name"), [Length(max=100)])
    email = StringField(lazy("E-mail"), [Optional(), Length(max=80), Email(lazy("This is not an e-mail address."))])
    role = ChoiceField(lazy("Role"), choices=list(ROLE_NAMES.items()), default="read_only")
    salesperson_id = ChoiceField(lazy("Salesperson"), coerce=_number, strict=False)
    locale = ChoiceField(lazy("Interface language"), choices=LOCALES, default="en_GB")
    active = BooleanField(lazy("Active"), default=True)


class NewUserForm(UserForm):
    """A new user with the first password."""

    password = _password(lazy("Password"), description=PASSWORD_HINT)
    password_again = PasswordField(lazy("Repeat the password"), _again)


class PasswordForm(Form):
    """A new password for somebody else."""

    password = _password(lazy("New password"), description=PASSWORD_HINT)
    password_again = PasswordField(lazy("Repeat the password"), _again)


class OwnPasswordForm(PasswordForm):
    """A new password of one's own."""

    current_password = PasswordField(lazy("Current password"), [InputRequired(lazy("Enter your current password."))])


class OwnSettingsForm(Form):
    """What people set for themselves."""

    name = StringField(lazy("Name"), [Length(max=100)])
    locale = ChoiceField(lazy("Interface language"), choices=LOCALES)
    theme = ChoiceField(lazy("Theme"), choices=list(THEME_NAMES.items()))


class WorkDateForm(Form):
    """The day one works on; blank is today."""

    work_date = TypedDateField(lazy("Work date"))
    next = HiddenField()


class CodeForm(Form):
    """The one-time code of the first run."""

    code = StringField(lazy("One-time code"), [DataRequired(lazy("Enter the code.")), Length(max=50)])


class FirstRunForm(Form):
    """The office and its first administrator."""

    name = StringField(lazy("Company name"), [DataRequired(lazy("Enter the name of your company.")), Length(max=100)])
    currency = ChoiceField(lazy("Currency"), strict=False)
    time_zone = ChoiceField(lazy("Time zone"), strict=False)
    language_code = ChoiceField(
        lazy("Language of contacts"),
        strict=False,
        description=lazy("Letters are written in this language unless a contact has another."),
    )
    country_code = ChoiceField(lazy("Country/region"), strict=False)
    login = StringField(lazy("Sign-in name"), [DataRequired(lazy("Enter a sign-in name.")), Length(max=50)])
    user_name = StringField(lazy("Your name"), [DataRequired(lazy("Enter your name.")), Length(max=50)])
    locale = ChoiceField(lazy("Interface language"), choices=LOCALES)
    password = _password(lazy("Password"), description=PASSWORD_HINT)
    password_again = PasswordField(lazy("Repeat the password"), _again)
    salesperson_code = StringField(
        lazy("Salesperson code"),
        [DataRequired(lazy("Enter a code, for example your initials.")), Length(max=20)],
        description=lazy("Your initials, for example. You become a salesperson too."),
    )
