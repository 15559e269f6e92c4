"""The log changes through its actions only (A6): every test watches who writes to the table of its entries.

Two things are watched: statements that update or delete entries, and fields set on entries that are stored (a flush would
update them). Whoever does so must be named here, with the columns it may write. What a test itself does to an entry it
made counts for nothing.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any

from sqlalchemy import Engine, event, inspect

from domain.interactions.models import InteractionLogEntry

ROOT = Path(__file__).parent.parent
PRODUCT = tuple(str(ROOT / room) for room in ("domain", "blueprints", "commands"))
TABLE = InteractionLogEntry.__tablename__

# module: the columns it may write. `version` counts the changes
ACTIONS: Mapping[str, frozenset[str]] = {
    "domain/interactions/entries.py": frozenset({"evaluation", "canceled", "document_id", "version"}),
    "domain/interactions/logged_segments.py": frozenset({"canceled", "version"}),
    "domain/interactions/campaign_entries.py": frozenset({"canceled", "version"}),
    "domain/interactions/delivery.py": frozenset({"delivery_status", "version"}),
}
# what an entry points to goes, moves or is erased (B16, decision 0012); what it says stays
REFERENCES = frozenset(column.name for column in InteractionLogEntry.__table__.columns if column.foreign_keys)
ERASED = frozenset(
    {"contact_name", "company_name", "personal_comment", "contact_via", "document_id", "delivery_status"}
)
GOING: Mapping[str, frozenset[str]] = {
    "domain/references.py": REFERENCES | ERASED,
    "domain/contacts/history.py": frozenset({"contact_id", "company_id"}),
}
MAY_WRITE = {**ACTIONS, **GOING}
MAY_DELETE = frozenset({"domain/interactions/delete_canceled.py"})

_STATEMENT = re.compile(rf'(UPDATE|DELETE FROM)\s+"?{TABLE}"?\b(.*?)(?:\bWHERE\b|$)', re.S)
_COLUMN = re.compile(r'(?:\bSET |, )"?(\w+)"?=')


class LogGuard:
    """Collects what nobody may do: "module: what"."""

    def __init__(self) -> None:
        self.violations: list[str] = []

    def install(self) -> None:
        """Watches every engine and every entry of this process."""
        event.listen(Engine, "before_cursor_execute", self._statement)
        for column in InteractionLogEntry.__table__.columns:
            event.listen(getattr(InteractionLogEntry, column.name), "set", self._set)

    def _statement(self, connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        found = _STATEMENT.search(statement)
        if found is None:
            return
        module, flushing = _responsible(sys._getframe(1))
        if module is None or flushing:  # a test, or a flush: the setting of the field has been seen
            return
        if found[1] == "UPDATE":
            wrong = set(_COLUMN.findall(found[2])) - MAY_WRITE.get(module, frozenset())
            if wrong:
                self.violations.append(f"{module}: updates {', '.join(sorted(wrong))}")
        elif module not in MAY_DELETE:
            self.violations.append(f"{module}: deletes")

    def _set(self, entry: InteractionLogEntry, value: Any, old: Any, initiator: Any) -> None:
        if not inspect(entry).persistent or value == old:
            return
        module, _ = _responsible(sys._getframe(1))
        if module is not None:
            self.violations.append(f"{module}: sets {initiator.key} of a stored entry")

    def taken(self) -> list[str]:
        """What was collected; the next test begins anew."""
        found, self.violations = self.violations, []
        return found


def _responsible(frame: FrameType | None) -> tuple[str | None, bool]:
    """The innermost module of the product (None: the test itself), and whether the ORM is flushing what was set before."""
    flushing = False
    while frame is not None:
        name = frame.f_code.co_filename
        flushing = flushing or name.endswith("unitofwork.py")
        if name.startswith(PRODUCT):
            return Path(name).relative_to(ROOT).as_posix(), flushing
        if name.startswith(str(ROOT / "tests")) and Path(name).name != "log_guard.py":
            return None, flushing
        frame = frame.f_back
    return None, flushing


GUARD = LogGuard()
