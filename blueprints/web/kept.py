"""Parts of pages that are made once for the same values and kept: the shell, a header, an action bar (decisions 0017).

    {{ kept_part("segments/_chips_part.html", chips=chips, oob=oob|default(false)) }}

A kept template sees only the values that are given, which must be plain data: texts, numbers, lists, mappings. It knows
no request, user or session, so that what is kept for one reader is right for every other one with the same values and
language. What differs each time, such as the CSRF token, stands in a slot and is filled in afterwards.
"""

from __future__ import annotations

import marshal
import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

from flask import Flask, current_app, g, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from blueprints.web.languages import choose_locale

MOST_CHARACTERS = 8_000_000
"""How much is kept in all; what was used longest ago goes first."""

_MARK = secrets.token_hex(12)  # nobody can type it
_SLOT = re.compile(f"slot-{_MARK}-(\\w+)-")


class Keep:
    """What one application keeps. Safe for threads."""

    def __init__(self) -> None:
        self._made: OrderedDict[Any, list[str]] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def find(self, key: Any) -> list[str] | None:
        """What was kept under a key."""
        with self._lock:
            found = self._made.get(key)
            if found is not None:
                self._made.move_to_end(key)
            return found

    def put(self, key: Any, html: list[str]) -> None:
        """Keeps a part: texts with the names of the slots between them."""
        with self._lock:
            self._size += _length(html) - _length(self._made.pop(key, []))
            self._made[key] = html
            while self._size > MOST_CHARACTERS and self._made:
                self._size -= _length(self._made.popitem(last=False)[1])

    def __len__(self) -> int:
        return len(self._made)


def _length(parts: list[str]) -> int:
    return sum(map(len, parts))


def kept_part(
    template: str,
    /,
    *,
    keep: bool = True,
    make: Callable[..., Mapping[str, Any]] | None = None,
    slots: Mapping[str, Any] | None = None,
    **values: Any,
) -> Markup:
    """The HTML of `template` with `values`, from what is kept when it was made before.

    `make(**values)` gives the template further values, worked out only when the part is made. `slots` are texts (or
    markup) that `{{ slot("name") }}` stands for. Without `keep` it is made anew. Raises `ValueError` for values that
    are no plain data.
    """
    environment = current_app.jinja_env
    store: Keep = current_app.extensions["kept"]
    parts = None
    if keep := keep and not environment.auto_reload:
        key = (template, make, _reader(), marshal.dumps(values, 2))
        parts = store.find(key)
    if parts is None:
        given = {**values, **make(**values)} if make else values
        before, g.making_kept = g.get("making_kept", False), True
        try:
            parts = _SLOT.split(environment.get_template(template).render(given))
        finally:
            g.making_kept = before
        if keep:
            store.put(key, parts)
    if len(parts) > 1:
        filled = parts.copy()
        for place in range(1, len(parts), 2):
            name = parts[place]
            if slots and name in slots:
                filled[place] = str(escape(slots[name]))
            else:
                filled[place] = slot(name) if g.get("making_kept") else _token()
        parts = filled
    return Markup("".join(parts))  # noqa: S704 (rendered by Jinja, slots are escaped)


def _reader() -> tuple[Any, ...]:
    """What the HTML depends on besides its values: language, currency, and where the application is mounted."""
    user = g.get("_login_user")
    known = g.get("kept_for")
    if known is None or known[0] is not user:
        known = g.kept_for = user, (choose_locale(), request.script_root, g.get("currency"))
    reader: tuple[Any, ...] = known[1]
    return reader


def _token() -> str:
    return str(g.get("csrf_token") or generate_csrf())


def slot(name: str) -> str:
    """Stands in a kept template for what is filled in each time."""
    return f"slot-{_MARK}-{name}-"


def csrf_token() -> str:
    """The token; in a part that is being made its slot."""
    return slot("csrf_token") if g.get("making_kept") else _token()


def init_kept(app: Flask) -> None:
    """Offers `kept_part` and `slot` to templates. Comes after CSRF protection, whose token gets a slot in what is kept."""
    app.extensions["kept"] = Keep()
    app.jinja_env.globals.update(kept_part=kept_part, slot=slot, csrf_token=csrf_token)
