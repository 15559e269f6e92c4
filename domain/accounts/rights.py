"""Who may do what: one table of verb × role (contacts.md 7). Checked in the domain."""

from __future__ import annotations

from domain.errors import Forbidden
from domain.messages import say

NONE, OWN, ALL = "none", "own", "all"
_COLUMNS = ("read_only", "salesperson", "marketing", "administrator")

# right: what read-only, salesperson, marketing and administrator may do
RIGHTS: dict[str, tuple[str, str, str, str]] = {
    "view": (ALL, ALL, ALL, ALL),
    "edit contacts": (NONE, ALL, ALL, ALL),
    "edit classification": (NONE, NONE, ALL, ALL),
    "delete contacts": (NONE, NONE, ALL, ALL),
    "export contacts": (NONE, NONE, ALL, ALL),
    "import contacts": (NONE, NONE, ALL, ALL),
    "lift privacy block": (NONE, NONE, NONE, ALL),
    "create interactions": (NONE, ALL, ALL, ALL),
    "edit postponed interactions": (NONE, OWN, ALL, ALL),
    "evaluate interactions": (NONE, ALL, ALL, ALL),
    "comment interactions": (NONE, ALL, ALL, ALL),
    "cancel interactions": (NONE, OWN, ALL, ALL),
    "delete canceled entries": (NONE, NONE, ALL, ALL),
    "edit segments": (NONE, NONE, ALL, ALL),
    "log segments": (NONE, NONE, ALL, ALL),
    "take back logged segments": (NONE, NONE, ALL, ALL),
    "cancel logged segments": (NONE, NONE, ALL, ALL),
    "delete logged segments": (NONE, NONE, ALL, ALL),
    "create tasks": (NONE, ALL, ALL, ALL),
    "edit tasks": (NONE, OWN, ALL, ALL),
    "delete tasks": (NONE, NONE, ALL, ALL),
    "edit campaigns": (NONE, NONE, ALL, ALL),
    "edit interaction templates": (NONE, NONE, ALL, ALL),
    "print letters": (NONE, ALL, ALL, ALL),
    "change setup": (NONE, NONE, NONE, ALL),
    "manage users": (NONE, NONE, NONE, ALL),
}

# what salespeople may do in addition when Marketing setup says so ("salespeople may create and log segments")
SALESPEOPLE_WHO_MAY_LOG = frozenset({"edit segments", "log segments", "take back logged segments"})


def may(role: str, right: str, *, own: bool = False) -> bool:
    """Whether `role` allows `right`; `own`: the thing belongs to the user. Raises `KeyError` for unknown names."""
    if role == "salesperson_log":
        if right in SALESPEOPLE_WHO_MAY_LOG:
            return True
        role = "salesperson"
    extent = RIGHTS[right][_COLUMNS.index(role)]
    return extent == ALL or (extent == OWN and own)


def refuse_unless(role: str, right: str, *, own: bool = False) -> None:
    """Raises `Forbidden` unless `role` allows `right`."""
    if not may(role, right, own=own):
        raise Forbidden(say("Your role does not allow this. Ask an administrator."))
