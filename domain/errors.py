"""Refusals. Each carries a sentence that names the thing and the way out; blueprints/web/errors.py maps them to HTTP."""

from __future__ import annotations

from typing import Any

from domain.messages import Message, say


class DomainError(Exception):
    """A refusal with a sentence for the user."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class NotFound(DomainError):
    """The thing does not exist, or no longer (404)."""


class RuleViolation(DomainError):
    """A rule of the business refuses this (422). `field` names the input it belongs to, if it belongs to one."""

    def __init__(self, message: Message, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Forbidden(DomainError):
    """The user's role does not allow this (403)."""


class Conflict(DomainError):
    """Somebody else changed the thing meanwhile (409).

    `mine` and `theirs` are the texts of the field `field`, `who` the user who changed it when that is known.
    """

    def __init__(
        self,
        message: Message | None = None,
        *,
        field: str | None = None,
        mine: Any = None,
        theirs: Any = None,
        who: str = "",
    ) -> None:
        super().__init__(message or say("Someone else changed this while you were working on it."))
        self.field = field
        self.mine = mine
        self.theirs = theirs
        self.who = who


class Collided(Conflict):
    """The database gave this transaction up because another one was in its way. The same again will do."""
