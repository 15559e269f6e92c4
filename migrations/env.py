"""How Alembic reaches the database: through the engine of the application, or one given by a test."""

from __future__ import annotations

from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import Connection

from domain.tables import metadata
from domain.types import Code, Key, Moment


def render_item(kind: str, item: Any, autogenerate: AutogenContext) -> str | bool:
    """The product's own column types are written with their module."""
    if kind == "type" and isinstance(item, Code | Key | Moment):
        autogenerate.imports.add("from domain import types")
        length = getattr(item.impl, "length", None)
        return f"types.{type(item).__name__}({length or ''})"
    return False


def include_object(item: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """Search indexes are made by hand-written statements, not by the models."""
    return not (name or "").startswith(("contact_search", "ix_contact_search"))


def run(connection: Connection) -> None:
    """Runs the migrations on an open connection."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=render_item,
        include_object=include_object,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with current_app.extensions["migrate"].db.engine.connect() as connection:
        run(connection)
        connection.commit()
