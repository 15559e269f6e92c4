"""What was read from the setup, kept until the setup changes (decisions 0020)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, g
from sqlalchemy.orm import Session

from blueprints.web.database import reading
from domain.setup.changes import mark_seen

Value = TypeVar("Value")


def kept_setup(read: Callable[[Session], Value]) -> Value:
    """What `read(session)` gives, from what is kept while the office has the same mark (domain/setup/changes.py).

    `read` asks tables of the setup only and gives plain values that nobody changes.
    """
    mark = mark_seen(reading(), g.setup_mark)
    kept = current_app.extensions["kept_setup"]
    known, value = kept.get(read, ("", None))
    if not mark:
        return read(reading())
    if mark != known:
        value = read(reading())  # never older than the mark, which was read before
        kept[read] = mark, value
    return value


def init_kept_setup(app: Flask) -> None:
    """Makes the place where things are kept."""
    app.extensions["kept_setup"] = {}
