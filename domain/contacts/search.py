"""How typed text finds contacts among a million (performance.md 6).

One or two characters: names and numbers that begin so, through their indexes. Three and more: every word occurs
somewhere in number, name, company, city, e-mail or search name, through a trigram index. On SQLite that is the table
`contact_search` (FTS5), kept in step by triggers; on PostgreSQL the index `ix_contact_search` (pg_trgm). Where
pg_trgm is not allowed the search works without index.

Filters use the same index for what a field contains, and one index for each field of `BY_BEGINNING` for what it begins
with: over the folded text, since filters ignore case.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Integer,
    Select,
    String,
    and_,
    column,
    event,
    literal,
    literal_column,
    or_,
    select,
    table,
    true,
    union,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from domain.contacts.models import Contact
from domain.types import code, find_key, sort_key, without_accents

SHORTEST_WORD = 3
_LAST = "\U0010ffff"

BY_BEGINNING = ("name", "surname", "company_name", "post_code", "city", "email")
"""Text fields whose beginning an index knows, folded."""

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

_search = table("contact_search", column("rowid", Integer), column("find_key", String))


def make_contact_search(connection: Connection) -> None:
    """Makes the search index of a database whose table `contact` has none yet."""
    for statement in SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL:
        connection.exec_driver_sql(statement)


@event.listens_for(Contact.__table__, "after_create")
def _after_create(target: Any, connection: Connection, **options: Any) -> None:
    make_contact_search(connection)


class occurs(FunctionElement[bool]):  # noqa: N801  (an SQL function is spelled as one)
    """Whether words occur in what contacts are found by: id, `find_key`, the words for SQLite, then each as a pattern."""

    type = Boolean()
    inherit_cache = True
    name = "occurs"

    def self_group(self, against: Any = None) -> Any:
        """A condition by itself: compared with 1, no index would serve it."""
        return self


@compiles(occurs)
def _occurs(element: occurs, compiler: Any, **options: Any) -> str:
    contact_id, _, words, *_ = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({contact_id} IN (SELECT rowid FROM contact_search WHERE contact_search MATCH {words}))"  # noqa: S608


@compiles(occurs, "postgresql")
def _occurs_on_postgresql(element: occurs, compiler: Any, **options: Any) -> str:
    _, key, _, *patterns = (compiler.process(clause, **options) for clause in element.clauses)
    return "(" + " AND ".join(f"{key} LIKE {pattern} ESCAPE '/'" for pattern in patterns) + ")"


def occurring(texts: Iterable[str], *, is_code: bool = False) -> ColumnElement[bool] | None:
    """A condition that holds for every contact that has the texts in number, name, company, city, e-mail or search
    name, answered by the trigram index; None when they are too short for it.

    Texts are folded, or those of a code (`is_code`): of these only ASCII ones are sure to be found again.
    """
    words: list[str] = []
    for text in texts:
        if is_code and not text.isascii():
            continue
        folded_text = text.lower() if is_code else text
        words += (word for word in without_accents(folded_text).split() if len(word) >= SHORTEST_WORD)
    if not words:
        return None
    patterns = (literal("%" + _escaped(word) + "%", String()) for word in words)
    return occurs(Contact.id, Contact.find_key, literal(_phrases(words), String()), *patterns)


def _escaped(word: str) -> str:
    for sign in "/%_":
        word = word.replace(sign, "/" + sign)
    return word


def storable(text: str) -> str:
    """The text without the one character no database text can hold; what is looked for cannot contain it."""
    return text.replace("\x00", "")


def words_of(text: str) -> list[str]:
    """The words of a search, folded as `find_key` is."""
    return find_key(storable(text)).split()


def matches(text: str, dialect: str) -> ColumnElement[bool]:
    """The condition that a contact is found by typed text. Blank text finds everything."""
    if not words_of(text):
        return true()
    if is_short(text):
        return or_(*(Contact.id.in_(select(Contact.id).where(begins)) for begins in beginnings(text)))
    long, short = _long_and_short(text)
    if dialect == "sqlite":
        found: ColumnElement[bool] = Contact.id.in_(select(_search.c.rowid).where(_match(long)))
    else:
        found = and_(*(_contains(word) for word in long))
    return and_(found, *(_contains(word) for word in short))


def matches_among_few(text: str) -> ColumnElement[bool]:
    """As `matches`, read off each contact instead of asked from an index: right where few contacts are looked at."""
    words = words_of(text)
    if is_short(text):
        start, number = sort_key(text), code(storable(text))
        begins = [Contact.no.startswith(number, autoescape=True)]
        return or_(*begins, *([Contact.sort_key.startswith(start, autoescape=True)] if start else []))
    long, short = _long_and_short(text) if words else ([], [])
    return and_(true(), *(_contains(word) for word in (*long, *short)))


def some_matching(text: str, dialect: str, *, most: int, type: str = "") -> Select[int]:
    """Ids of contacts found by typed text, no more than `most`: the search stops there, whatever the number of
    matches."""
    of_type = [Contact.type == type] if type else []
    if is_short(text):
        parts = [select(Contact.id).where(begins, *of_type).limit(most).subquery() for begins in beginnings(text)]
        both = union(*(select(part.c.id) for part in parts)).subquery()
        return select(both.c.id).limit(most)
    return among_matches(select(Contact.id), text, dialect).where(*of_type).limit(most)


def among_matches(rows: Select[int], text: str, dialect: str) -> Select[int]:
    """Of rows with their contact, those whose contact is found by a text that is not short; the search comes first, so that
    a limit stops it. A text without words (blank, a lone accent) finds all of them."""
    if not words_of(text):
        return rows
    long, short = _long_and_short(text)
    if dialect == "sqlite":
        rows = rows.join(_search, _search.c.rowid == Contact.id).where(_match(long))
    else:
        rows = rows.where(*(_contains(word) for word in long))
    return rows.where(*(_contains(word) for word in short))


def is_short(text: str) -> bool:
    """Whether the text is too short for the trigram index."""
    return 0 < len(" ".join(words_of(text))) < SHORTEST_WORD


def beginnings(text: str) -> list[ColumnElement[bool]]:
    """The conditions that the number, and that the name as it is sorted, begins with the text; each by its index."""
    start, number = sort_key(text), code(storable(text))
    conditions: list[ColumnElement[bool]] = [and_(Contact.no >= number, Contact.no < number + _LAST)]
    if start:
        conditions.append(and_(Contact.sort_key >= start, Contact.sort_key < start + _LAST))
    return conditions


def _long_and_short(text: str) -> tuple[list[str], list[str]]:
    """The words the trigram index knows, and those too short for it. Without a long word the phrase is looked for."""
    words = words_of(text)
    long = [word for word in words if len(word) >= SHORTEST_WORD]
    if not long:
        return [" ".join(words)], []
    return long, [word for word in words if len(word) < SHORTEST_WORD]


def _contains(word: str) -> ColumnElement[bool]:
    return Contact.find_key.contains(word, autoescape=True)


def _match(words: list[str]) -> ColumnElement[bool]:
    return literal_column("contact_search").op("MATCH", is_comparison=True)(_phrases(words))


def _phrases(words: list[str]) -> str:
    return " AND ".join('"' + word.replace('"', '""') + '"' for word in words)
