"""`flask backup FOLDER`: a copy of everything while the program runs."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from blueprints.web.database import db
from domain.documents.stores import TEMPORARY

KEY_FILE = "secret_key"


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path))
@with_appcontext
def backup(folder: Path) -> None:
    """Copy database, letters and key into a new FOLDER, while people work. To go back to it, let it be `instance/`.

    Nothing may be there yet: a backup never replaces an older one. Only for SQLite; PostgreSQL has its own `pg_dump`.
    """
    if db.engine.dialect.name != "sqlite":
        raise click.ClickException("The database is on PostgreSQL. Copy it with pg_dump, and documents/ with it.")
    try:
        folder.mkdir(parents=True, mode=0o700)
    except FileExistsError:
        raise click.ClickException(f"{folder} is there already. Name a folder that does not exist.") from None
    try:
        copy_database(folder / "segmenta.db")
        # after the database: a letter is on the disk before its row is, so none is missing
        documents = Path(current_app.config["DOCUMENTS_FOLDER"])
        if documents.is_dir():
            shutil.copytree(documents, folder / "documents", ignore=shutil.ignore_patterns(f"*{TEMPORARY}"))
        key = Path(current_app.instance_path) / KEY_FILE
        if key.exists():
            shutil.copy2(key, folder / KEY_FILE)
    except BaseException:
        shutil.rmtree(folder)  # half a backup is none
        raise
    click.echo(f"Copied to {folder}")


def copy_database(target: Path) -> None:
    """Writes the database as it stands at one moment to a file. Raises `ClickException` when the copy is damaged."""
    connection = db.engine.raw_connection()  # no transaction: VACUUM is refused inside one
    try:
        connection.cursor().execute("VACUUM INTO ?", (str(target),))
    finally:
        connection.close()
    copy = sqlite3.connect(target)
    try:
        (found,) = copy.execute("PRAGMA quick_check").fetchone()
    finally:
        copy.close()
    if found != "ok":
        raise click.ClickException(f"The copy is damaged: {found}")


def register(app: Flask) -> None:
    """Adds `flask backup`."""
    app.cli.add_command(backup)
