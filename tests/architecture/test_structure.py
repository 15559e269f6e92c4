"""The house keeps its shape: import contracts, reference rules, migrations that agree with the models."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import upgrade

from app import create_app
from blueprints.web.database import db
from domain.contacts.search import BY_BEGINNING
from domain.database import make_engine
from domain.references import Rule
from domain.tables import metadata

ROOT = Path(__file__).parent.parent.parent


def test_the_import_contracts_hold():
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_foreign_key_says_what_happens_when_its_target_goes():
    silent = [
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if column.foreign_keys and not isinstance(column.info.get("reference"), Rule)
    ]
    assert silent == []


def test_a_reference_that_is_left_empty_may_be_empty():
    wrong = [
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if column.foreign_keys
        and "blank" in (column.info["reference"].going, column.info["reference"].otherwise)
        and not column.nullable
    ]
    assert wrong == []


INDEXES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index'",
    "postgresql": "SELECT indexname FROM pg_indexes",
}


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index ix_contact_search_by_")
def test_migrations_make_the_tables_of_the_models(empty_database_url):
    app = create_app({"SQLALCHEMY_DATABASE_URI": empty_database_url, "SECRET_KEY": "x"})
    with app.app_context():
        upgrade()
        db.engine.dispose()
    engine = make_engine(empty_database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_object": lambda item, name, kind, reflected, to: (
                    not (name or "").startswith(("contact_search", "ix_contact_search"))
                ),
            },
        )
        differences = compare_metadata(context, metadata)
        made = {row[0] for row in connection.exec_driver_sql(INDEXES[connection.dialect.name])}
    engine.dispose()
    assert {f"ix_contact_search_by_{name}" for name in BY_BEGINNING} <= made
    assert [
        d for d in differences if not (isinstance(d, tuple) and getattr(d[1], "name", "") == "alembic_version")
    ] == []
