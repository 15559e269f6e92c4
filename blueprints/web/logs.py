"""Logs without personal data: what people search for stands in query strings, names and addresses in SQL parameters."""

from __future__ import annotations

import logging
import re

from flask import Flask

_QUERY = re.compile(r"\?\S*")


class WithoutQueries(logging.Filter):
    """Removes the query string from the request lines the development server logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Shortens the record; lets it pass."""
        if isinstance(record.args, tuple):
            record.args = tuple(_QUERY.sub("", arg) if isinstance(arg, str) else arg for arg in record.args)
        return True


def init_logs(app: Flask) -> None:
    """Adds the filter, once however many applications there are. (Waitress, the product's server, logs no requests.)"""
    logger = logging.getLogger("werkzeug")
    if not any(isinstance(one, WithoutQueries) for one in logger.filters):
        logger.addFilter(WithoutQueries())


def log_to_console() -> None:
    """What `flask serve` writes: one line per event."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
