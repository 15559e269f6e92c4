"""The search indexes of contacts: FTS5 with triggers on SQLite, pg_trgm on PostgreSQL where it is allowed; beginnings of
folded texts on both."""

from alembic import op

revision = "0002"
down_revision = "0001"

BY_BEGINNING = ("name", "surname", "company_name", "post_code", "city", "email")
SQLITE = (
    """CREATE VIRTUAL TABLE contact_search
    USING fts5(find_key, content='contact', content_rowid='id', tokenize='trigram')""",
    """CREATE TRIGGER contact_search_insert AFTER INSERT ON contact BEGIN
    INSERT INTO contact_search(rowid, find_key) VALUES (new.id, new.find_key);
END""",
    """CREATE TRIGGER contact_search_delete AFTER DELETE ON contact BEGIN
    INSERT INTO contact_search(contact_search, rowid, find_key) VALUES ('delete', old.id, old.find_key);
END""",
    """CREATE TRIGGER contact_search_update AFTER UPDATE OF find_key ON contact
WHEN old.find_key IS NOT new.find_key BEGIN
    INSERT INTO contact_search(contact_search, rowid, find_key) VALUES ('delete', old.id, old.find_key);
    INSERT INTO contact_search(rowid, find_key) VALUES (new.id, new.find_key);
END""",
    *(f"CREATE INDEX ix_contact_search_by_{name} ON contact (fold({name}))" for name in BY_BEGINNING),
)
POSTGRESQL = (
    """DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX ix_contact_search ON contact USING gin (find_key gin_trgm_ops);
EXCEPTION
    WHEN insufficient_privilege OR undefined_file OR undefined_object OR feature_not_supported THEN
        RAISE NOTICE 'Contacts are searched without index: pg_trgm is not available.';
END
$$""",
    *(
        f"CREATE INDEX ix_contact_search_by_{name} ON contact"
        f' ((lower(normalize({name}, NFKC) COLLATE "und-x-icu")) COLLATE "C")'
        for name in BY_BEGINNING
    ),
)


def upgrade() -> None:
    """Makes the search index of the contacts that are there."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for statement in SQLITE:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("INSERT INTO contact_search(contact_search) VALUES ('rebuild')")
    else:
        for statement in POSTGRESQL:
            connection.exec_driver_sql(statement)


def downgrade() -> None:
    """Removes it."""
    connection = op.get_bind()
    for name in BY_BEGINNING:
        connection.exec_driver_sql(f"DROP INDEX ix_contact_search_by_{name}")
    if connection.dialect.name == "sqlite":
        for trigger in ("contact_search_insert", "contact_search_delete", "contact_search_update"):
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        connection.exec_driver_sql("DROP TABLE contact_search")
    else:
        connection.exec_driver_sql("DROP INDEX IF EXISTS ix_contact_search")
