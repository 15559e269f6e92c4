"""Why a filter is refused: one sentence, and where it stopped making sense."""

from __future__ import annotations

from domain.errors import RuleViolation
from domain.messages import Message, say


class FilterError(RuleViolation):
    """A filter that cannot be understood. `position` is the place of the character, from 1; None for the whole."""

    def __init__(self, message: Message, *, position: int | None = None, field: str | None = None) -> None:
        if position is not None:
            message = say("At position %(position)s: %(reason)s", position=position, reason=message)
        super().__init__(message, field=field)
        self.position = position
