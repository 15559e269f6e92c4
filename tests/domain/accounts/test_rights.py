"""The rights table is contacts.md section 7."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from domain.accounts.models import ROLES
from domain.accounts.rights import ALL, NONE, OWN, RIGHTS, SALESPEOPLE_WHO_MAY_LOG, may, refuse_unless
from domain.errors import Forbidden

ROOT = Path(__file__).parent.parent.parent.parent
EVERYBODY = (ALL, ALL, ALL, ALL)
FROM_SALESPERSON = (NONE, ALL, ALL, ALL)
FROM_MARKETING = (NONE, NONE, ALL, ALL)
ADMINISTRATOR = (NONE, NONE, NONE, ALL)

# contacts.md 7: capability → the rights it consists of → who has it
CAPABILITIES = {
    "view contacts, segments, log, campaigns, statistics": (EVERYBODY, ["view"]),
    "create and edit contacts, addresses, classification": (FROM_SALESPERSON, ["edit contacts"]),
    "create and finish own interactions, evaluate": (
        FROM_SALESPERSON,
        ["create interactions", "evaluate interactions", "comment interactions", "print letters"],
    ),
    "edit others' postponed interactions; cancel log entries": (
        (NONE, OWN, ALL, ALL),
        ["edit postponed interactions", "cancel interactions"],
    ),
    "create tasks": (FROM_SALESPERSON, ["create tasks"]),
    "edit own tasks; marketing all": ((NONE, OWN, ALL, ALL), ["edit tasks"]),
    "delete cancelled tasks": (FROM_MARKETING, ["delete tasks"]),
    "create, edit and log segments": (
        FROM_MARKETING,
        [
            "edit segments",
            "log segments",
            "take back logged segments",
            "cancel logged segments",
            "delete logged segments",
        ],
    ),
    "campaigns": (FROM_MARKETING, ["edit campaigns"]),
    "interaction templates and groups, mailing and industry groups, questionnaires": (
        FROM_MARKETING,
        ["edit interaction templates", "edit classification"],
    ),
    "delete contacts, import, export, delete cancelled entries": (
        FROM_MARKETING,
        ["delete contacts", "import contacts", "export contacts", "delete canceled entries"],
    ),
    "setup, users, privacy unblock": (ADMINISTRATOR, ["change setup", "manage users", "lift privacy block"]),
}


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_a_capability_belongs_to_the_roles_of_the_table(capability):
    expected, rights = CAPABILITIES[capability]
    assert {right: RIGHTS[right] for right in rights} == dict.fromkeys(rights, expected)


def test_every_right_stands_in_the_table():
    assert set(RIGHTS) == {right for _, rights in CAPABILITIES.values() for right in rights}


def test_salespeople_log_when_the_setup_says_so():
    for right in ("edit segments", "log segments", "take back logged segments"):
        assert may("salesperson_log", right)
        assert not may("salesperson", right)
    assert {right for right in RIGHTS if may("salesperson_log", right) != may("salesperson", right)} == set(
        SALESPEOPLE_WHO_MAY_LOG
    )


def test_own_things_are_what_salespeople_may_cancel():
    assert may("salesperson", "cancel interactions", own=True)
    assert not may("salesperson", "cancel interactions")
    assert not may("read_only", "cancel interactions", own=True)


@pytest.mark.parametrize("role", ROLES)
def test_a_missing_right_is_a_refusal(role):
    for right in RIGHTS:
        if may(role, right):
            refuse_unless(role, right)
        else:
            with pytest.raises(Forbidden):
                refuse_unless(role, right)


def test_every_right_named_in_the_product_exists():
    named = set()
    for folder in ("domain", "blueprints", "commands"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                    first = node.args[0]
                    is_right = node.func.attr in ("must_be_allowed", "may") and isinstance(first, ast.Constant)
                    if is_right and isinstance(first.value, str):
                        named.add(first.value)
    assert named <= set(RIGHTS)
    assert "manage users" in named
