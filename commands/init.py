"""`flask init`: first run without a browser."""

from __future__ import annotations

import os

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from blueprints.accounts.first_run_access import forget_code
from blueprints.web.actor import now
from blueprints.web.database import db, reading, transaction
from blueprints.web.languages import LOCALE_NAMES, TranslateInto
from domain.accounts.passwords import hash_password
from domain.demo.first_run import NewAdministrator, NewOffice, set_up
from domain.demo.sign_ins import make_sign_ins
from domain.demo.start import prepare_letters
from domain.errors import RuleViolation
from domain.setup.models import CompanyInformation

PASSWORD = "SEGMENTA_PASSWORD"  # noqa: S105  (the name of an environment variable)


@click.command("init")
@click.option("--name", prompt="Company name", help="The company's name.")
@click.option("--currency", prompt="Currency (ISO code)", default="EUR", help="Cannot be changed later.")
@click.option("--time-zone", prompt="Time zone", default="Europe/Zurich", help="As in the tz database.")
@click.option("--language", prompt="Language of contacts", default="ENG", help="ENG, FRC, FRS, SVE, DEU, …")
@click.option("--country", prompt="Country/region (ISO code)", default="", help="CH, CA, SE, GB, …")
@click.option("--login", prompt="Sign-in name of the administrator")
@click.option("--user-name", prompt="Name of the administrator")
@click.option("--salesperson-code", prompt="Salesperson code of the administrator", help="For example the initials.")
@click.option("--interface-language", type=click.Choice(list(LOCALE_NAMES)), default="en_GB", show_default=True)
@click.option("--demo", is_flag=True, help="With the demo company, to explore.")
@with_appcontext
def init(
    name: str,
    currency: str,
    time_zone: str,
    language: str,
    country: str,
    login: str,
    user_name: str,
    salesperson_code: str,
    interface_language: str,
    demo: bool,
) -> None:
    """Set up an empty database without a browser. The password comes from SEGMENTA_PASSWORD or is asked for."""
    upgrade()
    refuse_if_set_up()
    password = os.environ.get(PASSWORD) or click.prompt("Password", hide_input=True, confirmation_prompt=True)
    office = NewOffice(name, currency, time_zone, language, country)
    try:
        administrator = NewAdministrator(
            login, user_name, hash_password(password, login=login), salesperson_code, interface_language
        )
        sign_ins = make_sign_ins() if demo else None
        prepare_letters()
        with transaction() as session:
            set_up(
                session,
                office=office,
                administrator=administrator,
                now=now(),
                translate=TranslateInto(interface_language),
                sign_ins=sign_ins,
            )
    except RuleViolation as refusal:
        raise click.ClickException(str(refusal.message)) from refusal
    forget_code(current_app)
    click.echo(f"{name} is ready. Sign in as {login}.")
    for one in sign_ins or ():
        click.echo(f"Demo sign-in ({one.role.replace('_', '-')}): {one.login} {one.password}")


def refuse_if_set_up() -> None:
    """Raises `ClickException` unless the database is empty."""
    office = reading().get(CompanyInformation, 1)
    db.session.remove()
    if office is not None:
        raise click.ClickException(f"This database already belongs to {office.name}. Nothing was changed.")


def register(app: Flask) -> None:
    """Adds `flask init`."""
    app.cli.add_command(init)
