"""`flask tidy`: what the worker of `flask serve` does once a day, for offices that run without one."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import with_appcontext

from blueprints.web.tidying import tidy_up


@click.command("tidy")
@with_appcontext
def tidy() -> None:
    """Remove what is not needed any more: files nothing refers to, old print files and jobs, files of old imports."""
    done = tidy_up()
    click.echo(f"Stored files: {done.documents}")
    click.echo(f"Files of background work: {done.files}, jobs: {done.jobs}")
    click.echo(f"Imports never run: {done.imports_begun}, files of old imports: {done.imports_emptied}")


def register(app: Flask) -> None:
    """Adds the command."""
    app.cli.add_command(tidy)
