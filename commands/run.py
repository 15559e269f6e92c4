"""`flask run`, Flask's own server for those who change the program: it answers pages and does no background work."""

from __future__ import annotations

import os

import click

WARNING = "“flask run” answers pages only: imports, print files and logging in the background wait until “flask --app app serve” runs."


def say_that_work_waits() -> None:
    """Says so where the application is loaded by `flask run`; once, not at every reload."""
    context = click.get_current_context(silent=True)
    if context is not None and context.info_name == "run" and os.environ.get("WERKZEUG_RUN_MAIN") != "true":
        click.echo(WARNING, err=True)
