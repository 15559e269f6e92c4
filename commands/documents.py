"""`flask documents …`: maintenance of stored files."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from blueprints.web.actor import now
from blueprints.web.database import db
from domain.documents.clean import clean_documents

group = AppGroup("documents", help="Stored files.")


@group.command("clean")
def clean() -> None:
    """Remove files that nothing has referred to for 24 hours. Run it once a day."""
    removed = clean_documents(lambda: Session(db.engine), now=now())
    click.echo(f"Removed: {removed}")


def register(app: Flask) -> None:
    """Adds `flask documents`."""
    app.cli.add_command(group)
