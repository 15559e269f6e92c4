"""What the macros of templates/macros use most: symbols of static/icons.svg, attributes of an element."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from jinja2 import Undefined
from markupsafe import Markup, escape

from blueprints.web.shell import static_url

_made: dict[tuple[str, str, str], Markup] = {}


def icon(name: str, cls: str = "") -> Markup:
    """A symbol; `cls` is sm or xl. It is decorative: give its neighbour a text. Each is made once and kept."""
    source = static_url("icons.svg")
    key = (name, cls, source)
    if key not in _made:
        _made[key] = Markup('<svg class="i{}" aria-hidden="true"><use href="{}#{}"/></svg>').format(
            f" {cls}" if cls else "", source, name
        )
    return _made[key]


def attributes(values: Mapping[str, Any]) -> Markup:
    """HTML attributes of a mapping: None, False and undefined ones are left out, True stands alone."""
    parts = []
    for name, value in values.items():
        if value is None or value is False or isinstance(value, Undefined):
            continue
        parts.append(f" {name}" if value is True else f' {name}="{escape(value)}"')
    return Markup("".join(parts))  # noqa: S704  (names are ours, values escaped)


def init_icons(app: Flask) -> None:
    """Offers `icon(name, cls)` and `attributes(values)` to templates."""
    app.jinja_env.globals.update(icon=icon, attributes=attributes)
