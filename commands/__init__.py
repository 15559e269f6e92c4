"""The command line: `flask --app app …`."""

from __future__ import annotations

from flask import Flask

from commands import backup, init, run, serve, tidy, translations


def register_commands(app: Flask) -> None:
    """Every command of the product."""
    run.say_that_work_waits()
    backup.register(app)
    init.register(app)
    serve.register(app)
    tidy.register(app)
    translations.register(app)
