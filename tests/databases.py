"""Databases for tests: tables made, tables emptied."""

from __future__ import annotations

from sqlalchemy import Engine, text

from domain.tables import metadata


def create_tables(engine: Engine) -> None:
    """Makes every table of the product in an empty database."""
    metadata.create_all(engine)


def empty_tables(engine: Engine) -> None:
    """Removes every row."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = replica"))
            for table in metadata.tables.values():
                connection.execute(table.delete())
            connection.execute(text("SET session_replication_role = DEFAULT"))
        else:
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            for table in metadata.tables.values():
                connection.execute(table.delete())
