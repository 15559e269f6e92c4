"""Which function does which kind of work. The rooms that know the work register it; this room knows none by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from domain.jobs.queue import Running

Work = Callable[[Running], None]
GivenUp = Callable[[Session, dict[str, Any]], None]
_kinds: dict[str, Work] = {}
_given_up: dict[str, GivenUp] = {}


def work_of_kind(kind: str) -> Callable[[Work], Work]:
    """Registers a function for `kind`: `@work_of_kind("print file")`. It must end with `running.finish(session, …)`."""

    def remember(work: Work) -> Work:
        _kinds[kind] = work
        return work

    return remember


def find_work(kind: str) -> Work | None:
    """The function for `kind`."""
    return _kinds.get(kind)


def when_given_up(kind: str) -> Callable[[GivenUp], GivenUp]:
    """Registers what happens when work of `kind` fails for good: a function of session and arguments that puts back
    what queueing had marked. It runs in the transaction that records the failure.
    """

    def remember(function: GivenUp) -> GivenUp:
        _given_up[kind] = function
        return function

    return remember


def give_up(session: Session, kind: str, arguments: dict[str, Any]) -> None:
    """Does what was registered for work that failed for good."""
    if kind in _given_up:
        _given_up[kind](session, arguments)
