"""Who does something, and when: the domain asks no clock and knows no current user (decisions B22)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from domain.accounts.rights import may, refuse_unless
from domain.messages import Message


@dataclass(frozen=True)
class Actor:
    """The person behind a verb.

    `work_date` is the day the user works on (new segments, lines, campaigns, number series), `today` the calendar day
    in the office's time zone, `now` the moment with time zone. `locale` is the interface language: texts that are
    stored for good are written in it through `write`.
    """

    user_id: int | None
    user_name: str
    role: str
    salesperson_id: int | None
    locale: str
    work_date: dt.date
    today: dt.date
    now: dt.datetime
    translate: Translate | None = None

    def may(self, right: str, *, own: bool = False) -> bool:
        """Whether the role allows `right`; `own` says that the thing belongs to the user."""
        return may(self.role, right, own=own)

    def must_be_allowed(self, right: str, *, own: bool = False) -> None:
        """Raises `Forbidden` unless the role allows `right`."""
        refuse_unless(self.role, right, own=own)

    def write(self, message: Message) -> str:
        """The message in the actor's language, for text that is stored for good."""
        return self.translate(message) if self.translate else str(message)


class Translate:
    """Turns a message into text of one language. Blueprints and commands give an implementation."""

    def __call__(self, message: Message) -> str:
        """The text of `message`."""
        raise NotImplementedError

    def into(self, locale: str) -> Translate:
        """The same for another interface language."""
        raise NotImplementedError
