"""The log never changes except by its actions (A6): who writes to its entries is named, here and while every test runs."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from sqlalchemy import select

from domain.campaigns.campaigns import edit_campaign
from domain.contacts.edit import edit_contact
from domain.interaction_templates.templates import edit_template
from domain.interactions.beginning import change_draft
from domain.interactions.finish import finish_interaction
from domain.interactions.models import InteractionLogEntry
from domain.setup.salespeople import edit_salesperson
from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_contact
from tests.factories.documents import make_letter
from tests.factories.drafts import begin
from tests.factories.interaction_templates import make_template
from tests.factories.interactions import make_entry
from tests.factories.setup import make_actor, make_salesperson
from tests.log_guard import ACTIONS, GUARD, MAY_DELETE, MAY_WRITE, PRODUCT, ROOT, TABLE

WRITERS = {
    "insert": {"domain/segments/log_entries.py", "domain/interactions/quick_log.py"},
    "new": {"domain/interactions/finish.py"},
    "update": set(ACTIONS),
    "delete": set(MAY_DELETE),
}


def names_of_entries(tree: ast.AST) -> set[str]:
    """What a module calls the table: its own name, and short names given to it (`entry = InteractionLogEntry`)."""
    names = {"InteractionLogEntry"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
            pairs = (
                zip(target.elts, value.elts, strict=False)
                if isinstance(value, ast.Tuple) and isinstance(target, ast.Tuple)
                else [(target, value)]
            )
            names |= {
                short.id
                for short, long in pairs
                if isinstance(short, ast.Name) and isinstance(long, ast.Name) and long.id == "InteractionLogEntry"
            }
    return names


def written_in(source: str) -> set[str]:
    """What a module does to entries: insert, update, delete, new (an object), text (the table's name in a string)."""
    found = set()
    tree = ast.parse(source)
    names = names_of_entries(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            of_entries = any(isinstance(one, ast.Name) and one.id in names for one in node.args)
            if node.func.id in ("insert", "update", "delete") and of_entries:
                found.add(node.func.id)
            if node.func.id in names:
                found.add("new")
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and f" {TABLE}" in node.value:
            found.add("text")
    return found


def test_only_named_modules_write_entries():
    writers: dict[str, set[str]] = {}
    for room in PRODUCT:
        for path in Path(room).rglob("*.py"):
            for verb in written_in(path.read_text()):
                writers.setdefault(verb, set()).add(path.relative_to(ROOT).as_posix())
    assert writers == WRITERS


def test_what_is_looked_for_is_found():
    source = (
        "x = update(InteractionLogEntry)\ny = InteractionLogEntry(id=1)\nz = text('UPDATE interaction_log_entry SET')"
    )
    assert written_in(source) == {"update", "new", "text"}
    assert written_in("a, b = InteractionLogEntry, 1\ndelete(a)\ndelete(b)\ninsert(b)") == {"delete"}


def test_every_module_that_may_write_is_there():
    assert [name for name in (*MAY_WRITE, *MAY_DELETE) if not (ROOT / name).is_file()] == []


def rogue(module: str, body: str, **names):
    """Runs code as if it stood in a module of the product."""
    exec(compile(body, str(ROOT / module), "exec"), names)


@pytest.mark.parametrize(
    ("module", "body", "said"),
    [
        (
            "domain/contacts/rogue.py",
            "session.execute(update(Entry).values(description='x', version=Entry.version + 1))",
            "domain/contacts/rogue.py: updates description, version",
        ),
        ("blueprints/rogue.py", "entry.subject = 'x'", "blueprints/rogue.py: sets subject of a stored entry"),
        ("domain/segments/rogue.py", "session.execute(delete(Entry))", "domain/segments/rogue.py: deletes"),
        (
            "domain/interactions/entries.py",
            "session.execute(update(Entry).values(cost=1, canceled=True))",
            "domain/interactions/entries.py: updates cost",
        ),
    ],
)
def test_the_guard_sees_who_has_no_business_there(session, module, body, said):
    entry = make_entry(session)
    imports = "from sqlalchemy import delete, update\n"
    rogue(module, imports + body, session=session, entry=entry, Entry=InteractionLogEntry)
    assert GUARD.taken() == [said]


def test_the_guard_lets_the_actions_and_the_tests_themselves_pass(session):
    entry = make_entry(session)
    body = (
        "from sqlalchemy import update\nsession.execute(update(Entry).values(canceled=True, version=Entry.version + 1))"
    )
    rogue("domain/interactions/entries.py", body, session=session, Entry=InteractionLogEntry)
    entry.description = "A test may"
    session.flush()
    assert GUARD.taken() == []


def test_what_an_entry_says_stays_whatever_happens_to_what_it_is_about(session):
    """Contact, template, salesperson and campaign change; the entry is what it was (R-I13, A6)."""
    by = make_actor()
    person = make_contact(session, "P1", name="Luc Morel", email="luc@example.org")
    anna, spring = make_salesperson(session, "AB"), make_campaign(session, "SPRING")
    template = make_template(
        session, "BUS", description="Letter", unit_cost=100, languages={"ENG": ("Hello", make_letter(session))},
        correspondence_type="hard_copy",
    )  # fmt: skip
    draft = begin(session, person, template, by=by, salesperson=anna, campaign=spring)
    assert change_draft(session, draft, {"comment": "First"}) == {}
    finish_interaction(session, draft, by=by)
    every = select(*InteractionLogEntry.__table__.columns)
    session.expire_all()
    before = session.execute(every).all()
    edit_contact(session, person, {"name": "Other", "email": "", "city": "Lund", "no": "P9"}, by=by)
    edit_template(session, template, {"description": "New", "unit_cost": 999, "code": "NEW"}, by=by)
    edit_salesperson(session, anna, changes={"name": "Anna B.", "code": "ANNA"}, by=by)
    edit_campaign(session, spring, changes={"description": "Autumn"}, by=by)
    session.flush()
    session.expire_all()
    assert session.execute(every).all() == before
    assert len(before) == 1
