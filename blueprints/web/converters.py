"""What people know in URLs: numbers and codes, escaped reversibly (decisions B25)."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from werkzeug.routing import BaseConverter, IntegerConverter, Map

_PLAIN = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*")
_ESCAPE = re.compile(r"~([0-9A-Fa-f]{2})")


class KnownAs(BaseConverter):
    """A number or code. Everything but letters, digits and `- _ .` is written as `~` and two hex digits per byte.

    A value of dots only would be eaten by the browser, so its first dot is escaped too.
    """

    regex = r"[^/]+"

    def to_python(self, value: str) -> str:
        """The number or code as people write it."""
        raw = _ESCAPE.sub(lambda m: chr(int(m.group(1), 16)), value)
        try:
            return raw.encode("latin-1").decode("utf-8")
        except (UnicodeDecodeError, UnicodeEncodeError):
            return raw

    def to_url(self, value: str) -> str:
        """The value as it stands in a URL."""
        return known_as(str(value))


def known_as(text: str) -> str:
    """A number or code as it stands in a URL."""
    if _PLAIN.fullmatch(text):
        return text
    escaped = "".join(
        c if c.isascii() and (c.isalnum() or c in "-_.") else "".join(f"~{byte:02X}" for byte in c.encode())
        for c in text
    )
    return "~2E" + escaped[1:] if escaped.strip(".") == "" and escaped else escaped


class StoredInteger(IntegerConverter):
    """`<int:no>` within what the databases can hold; a larger number is no address at all."""

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:
        super().__init__(map, *args, **{"max": 2**63 - 1, **options})


def init_converters(app: Flask) -> None:
    """`<known:no>` and `<int:no>` in routes."""
    app.url_map.converters["known"] = KnownAs
    app.url_map.converters["int"] = StoredInteger
